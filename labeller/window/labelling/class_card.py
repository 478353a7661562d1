"""Beside one large image: its suggested class in words and pictures."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from labeller.store.images import StoredImage
from labeller.store.review import Question
from labeller.window.kit.language import tr
from labeller.window.kit.plain_text import PlainLabel
from labeller.window.labelling.picture import Picture
from labeller.window.labelling.session import Session
from labeller.window.labelling.thumbnails import Thumbnails

SHOWN = 4
SIDE = 64
"""Minimum side of a picture, in pixels."""


class ClassCard(QWidget):
    """Describes the current image's label or suggested class."""

    def __init__(self, session: Session, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._session, self._thumbnails = session, thumbnails
        self._shown: int | None = None
        self._images: list[StoredImage] = []
        self.title = PlainLabel()
        self.title.setStyleSheet("font-weight: 600;")
        self.description = PlainLabel()
        self.description.setWordWrap(True)
        self.caption = PlainLabel()
        self.pictures = [Picture() for _ in range(SHOWN)]
        grid = QGridLayout()
        grid.setSpacing(4)
        for place, picture in enumerate(self.pictures):
            picture.setMinimumSize(SIDE, SIDE)
            grid.addWidget(picture, place // 2, place % 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.title, self.description, self.caption):
            layout.addWidget(widget)
        layout.addLayout(grid, 1)
        session.cursor_changed.connect(self.refresh)
        session.batch_changed.connect(self._forget)
        session.classes_changed.connect(self._forget)
        session.labels_changed.connect(self.refresh)
        thumbnails.loaded.connect(self._on_loaded)

    def refresh(self, *_: object) -> None:
        """Show the class of the current image."""
        session = self._session
        if not self.isVisible() or not session.images:
            return
        suggested = session.suggested(session.cursor)
        image_class = suggested[0] if suggested else session.class_of(session.cursor)
        class_id = None if image_class is None else image_class.id
        if class_id == self._shown and class_id is not None:
            return
        self._shown = class_id
        examples: list[int] = []
        if image_class is not None:
            examples = session.project.classes.examples().get(image_class.id, [])
            self.caption.setText(tr("Examples") if examples else tr("Last labelled"))
            if not examples:
                question = Question(state="labelled", class_id=image_class.id)
                examples = [int(i) for i in session.project.review.find(question, SHOWN)]
        self._images = session.project.images.get(examples[:SHOWN])
        self.title.setText(image_class.name if image_class else "")
        self.description.setText(image_class.description if image_class else "")
        self.description.setVisible(bool(self.description.text()))
        self.caption.setVisible(bool(self._images))
        self._show_pictures()

    def _show_pictures(self) -> None:
        pixmaps = [self._thumbnails.get(image) for image in self._images]
        for picture, pixmap in zip(self.pictures, [*pixmaps, *[None] * SHOWN], strict=False):
            picture.show_pixmap(pixmap)

    def _forget(self) -> None:
        self._shown = None
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._forget()

    def _on_loaded(self, image_id: int) -> None:
        if any(image.id == image_id for image in self._images):
            self._show_pictures()
