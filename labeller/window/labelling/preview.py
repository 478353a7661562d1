"""The preview of the current image."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from labeller.window.kit.elided_label import ElidedLabel
from labeller.window.kit.language import tr
from labeller.window.kit.plain_text import PlainLabel
from labeller.window.labelling.current_picture import CurrentPicture
from labeller.window.labelling.likeness import LikenessRow
from labeller.window.labelling.session import Session
from labeller.window.labelling.thumbnails import Size, Thumbnails


class Preview(QWidget):
    """The current image with its name, size, position and note."""

    def __init__(self, session: Session, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._session, self._thumbnails = session, thumbnails
        self.picture = CurrentPicture(session, thumbnails)
        self._caption = ElidedLabel(middle=True)  # a long name must not widen the side bar
        self.note = PlainLabel()
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note.setWordWrap(True)
        self.note.hide()
        self._caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self._caption)
        self.likeness = LikenessRow(session, thumbnails)
        layout.addWidget(self.note)
        layout.addWidget(self.likeness)
        self.picture.setAccessibleName(tr("The current image, large"))
        session.cursor_changed.connect(self._show)
        session.batch_changed.connect(lambda: self._show(session.cursor))
        session.labels_changed.connect(self._show_note)
        thumbnails.loaded.connect(self._on_loaded)
        self._show(session.cursor)

    def _show(self, position: int) -> None:
        if not self._session.images:
            self._caption.clear()
            return
        image = self._session.images[position]
        self.picture.show_current()
        place = tr("{place} of {total}").format(place=position + 1, total=len(self._session.images))
        name = self._session.name_of(position)
        self._caption.setText(f"{place}  ·  {image.width} × {image.height}  ·  {name}")
        self._show_note()
        # The next one will be needed at once.
        for following in self._session.images[position + 1 : position + 3]:
            self._thumbnails.best(following, Size.LARGE)

    def _show_note(self, *_: object) -> None:
        if self._session.images:
            here = self._session.cursor
            remarks = (self._session.opinions_of(here), self._session.note_of(here))
            self.note.setText("\n".join(filter(None, remarks)))
            self.note.setVisible(any(remarks))

    def _on_loaded(self, image_id: int) -> None:
        if self._session.images and self._session.images[self._session.cursor].id == image_id:
            self._show(self._session.cursor)
