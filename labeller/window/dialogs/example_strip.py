"""The example images of a class as a row of thumbnails."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem

from labeller.project.project import Project
from labeller.window.kit.language import tr
from labeller.window.labelling.thumbnails import Thumbnails

SIDE = 56
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
        self.setIconSize(QSize(SIDE, SIDE))
        self.setFixedHeight(SIDE + 26)
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
                    SIDE, SIDE, Qt.AspectRatioMode.KeepAspectRatio,
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
