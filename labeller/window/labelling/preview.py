"""Panels beside the images: the current image, the most similar labelled one, and its class."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QListView,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from labeller.project.project import Project
from labeller.selection.strategies import STRATEGIES
from labeller.store.images import StoredImage
from labeller.window.kit.language import mark, tr
from labeller.window.kit.widgets import ElidedLabel, PlainLabel, plain
from labeller.window.labelling.picture import Picture
from labeller.window.labelling.session import Session
from labeller.window.labelling.thumbnails import Size, Thumbnails
from labeller.window.labelling.zoom import CurrentPicture


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
        self.likeness = LikenessRow(session, thumbnails, self)
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


LIKENESS_SIDE = 48
"""Of the picture, in pixels."""
REASONS = {
    mark("Chosen because the model is unsure ({score})"): (
        "weighted-coreset", "margin", "entropy", "least-confidence", "cluster-margin", "bald",
        "mc-dropout", "dropquery", "uncertain-gcn", "csal",
    ),
    mark("Chosen because it differs from the labelled images ({score})"): (
        "coreset", "core-gcn", "vaal",
    ),
    mark("Chosen because it is typical ({score})"): ("typiclust", "probcover", "centres"),
}  # fmt: skip
OTHER = mark("Chosen by {strategy} ({score})")


class LikenessRow(QWidget):
    """A small picture, its class, and why the image was chosen. Hidden if no image of the batch has
    one, empty if only this image has none, so that nothing moves."""

    def __init__(self, session: Session, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)  # at once: it may show itself, which without one opens a window
        self._session, self._thumbnails = session, thumbnails
        self._image: StoredImage | None = None
        self.picture = Picture()
        self.picture.setFixedSize(LIKENESS_SIDE, LIKENESS_SIDE)
        self.alike, self.reason = ElidedLabel(), ElidedLabel()
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (self.alike, self.reason):
            words.addWidget(label)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.picture)
        layout.addLayout(words, 1)
        session.batch_changed.connect(self.refresh)
        session.cursor_changed.connect(self.refresh)
        thumbnails.loaded.connect(self._on_loaded)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Show what was computed for the current image."""
        session = self._session
        self.setVisible(bool(session.batch.likened) and not session.blind)
        if self.isHidden() or not session.images:
            return
        found = session.likeness_of(session.cursor)
        self._image = found[0] if found else None
        self.picture.show_pixmap(self._thumbnails.get(self._image) if self._image else None)
        self.alike.setText(tr("Most similar: {name}").format(name=found[1].name) if found else "")
        self.reason.setText(self._why())

    def _why(self) -> str:
        """Why the strategy chose the image, with its score."""
        round_, score = self._session.round, self._session.score_of(self._session.cursor)
        if round_ is None or score is None:
            return ""
        strategy = round_.strategy
        if strategy in STRATEGIES:
            self.reason.setToolTip(plain(tr(STRATEGIES.explained(strategy))))
        reason = next((text for text, names in REASONS.items() if strategy in names), OTHER)
        return tr(reason).format(strategy=strategy, score=f"{score:.2g}")

    def _on_loaded(self, image_id: int) -> None:
        if self._image is not None and self._image.id == image_id:
            self.refresh()


EXAMPLE_SIDE = 56
IMAGE = Qt.ItemDataRole.UserRole


class ExampleStrip(QListWidget):
    """Signal: removed(image id): this image should no longer be an example."""

    removed = Signal(int)

    def __init__(self, project: Project, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._project, self._thumbnails = project, thumbnails
        self._ids: list[int] = []
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMovement(QListView.Movement.Static)
        self.setIconSize(QSize(EXAMPLE_SIDE, EXAMPLE_SIDE))
        self.setFixedHeight(EXAMPLE_SIDE + 26)
        self.setAccessibleName(tr("Examples of the class"))
        self.setToolTip(tr("Delete removes an example"))
        thumbnails.loaded.connect(self._on_loaded)

    def show_images(self, image_ids: list[int]) -> None:
        """Show these images."""
        self._ids = image_ids
        self.clear()
        for image in self._project.images.get(image_ids):
            item = QListWidgetItem()
            item.setData(IMAGE, image.id)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, image.file.name)
            if (pixmap := self._thumbnails.get(image)) is not None:
                scaled = pixmap.scaled(
                    EXAMPLE_SIDE, EXAMPLE_SIDE, Qt.AspectRatioMode.KeepAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )  # fmt: skip
                item.setIcon(QIcon(scaled))
            self.addItem(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and item is not None:
            self.removed.emit(item.data(IMAGE))
        else:
            super().keyPressEvent(event)

    def _on_loaded(self, image_id: int) -> None:
        if image_id in self._ids:
            self.show_images(self._ids)


SHOWN = 4
CLASS_PICTURE_SIDE = 64
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
            picture.setMinimumSize(CLASS_PICTURE_SIDE, CLASS_PICTURE_SIDE)
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
            examples, chosen = session.examples_of(image_class, SHOWN)
            self.caption.setText(tr("Examples") if chosen else tr("Last labelled"))
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
