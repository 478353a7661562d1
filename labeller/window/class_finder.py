"""Find a class by typing a part of its name: for more classes than there are keys."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from labeller.store.classes import ImageClass
from labeller.window.icons import swatch
from labeller.window.theme import class_colour

PLACE = Qt.ItemDataRole.UserRole


class ClassFinder(QDialog):
    """After Enter, `chosen` is the place of the class in the order."""

    def __init__(self, classes: list[ImageClass], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Find a class")
        self._classes = classes
        self.chosen: int | None = None
        self.text = QLineEdit()
        self.text.setPlaceholderText("Part of a name")
        self.text.setAccessibleName("Part of the name of a class")
        self.found = QListWidget()
        self.found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(self.found)
        self.resize(320, 340)
        self.text.textChanged.connect(self._search)
        self.text.returnPressed.connect(self._take)
        self.found.itemClicked.connect(lambda _: self._take())
        self.text.installEventFilter(self)
        self._search("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down move in the list while the person types."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None:
                row = self.found.currentRow() + step
                self.found.setCurrentRow(max(0, min(row, self.found.count() - 1)))
                return True
        return super().eventFilter(watched, event)

    def _search(self, text: str) -> None:
        """Names that begin so come before names that hold it."""
        wanted = text.strip().casefold()
        fits = [(p, c) for p, c in enumerate(self._classes) if wanted in c.name.casefold()]
        fits.sort(key=lambda fit: not fit[1].name.casefold().startswith(wanted))
        self.found.clear()
        for place, image_class in fits:
            item = QListWidgetItem(swatch(class_colour(image_class)), image_class.name)
            item.setData(PLACE, place)
            item.setToolTip(image_class.description)
            self.found.addItem(item)
        self.found.setCurrentRow(0)

    def _take(self) -> None:
        item = self.found.currentItem()
        if item is not None:
            self.chosen = item.data(PLACE)
            self.accept()
