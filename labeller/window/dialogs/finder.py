"""Find a class or a command by typing part of its name."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from labeller.window.kit.language import tr
from labeller.window.kit.plain_text import plain

PLACE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Entry:
    """One thing that can be found; `note` is shown after its name."""

    name: str
    icon: QIcon
    note: str = ""
    tip: str = ""


class Finder(QDialog):
    """Once accepted, `chosen` is the index of the entry."""

    def __init__(self, title: str, entries: Sequence[Entry], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._entries = entries
        self.chosen: int | None = None
        nothing = QPixmap(20, 20)
        nothing.fill(Qt.GlobalColor.transparent)
        self._blank = QIcon(nothing)  # align names with and without icons
        self.text = QLineEdit()
        self.text.setPlaceholderText(tr("Part of a name"))
        self.text.setAccessibleName(title)
        self.found = QListWidget()
        self.found.setIconSize(QSize(20, 20))
        self.found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(self.found)
        self.resize(380, 360)
        self.text.textChanged.connect(self._search)
        self.text.returnPressed.connect(self._take)
        self.found.itemClicked.connect(lambda _: self._take())
        self.text.installEventFilter(self)
        self._search("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down move in the list while typing."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None:
                row = self.found.currentRow() + step
                self.found.setCurrentRow(max(0, min(row, self.found.count() - 1)))
                return True
        return super().eventFilter(watched, event)

    def _search(self, text: str) -> None:
        """List names starting with the text before names containing it."""
        wanted = text.strip().casefold()
        fits = [(p, e) for p, e in enumerate(self._entries) if wanted in e.name.casefold()]
        fits.sort(key=lambda fit: not fit[1].name.casefold().startswith(wanted))
        self.found.clear()
        for place, entry in fits:
            shown = f"{entry.name}    {entry.note}" if entry.note else entry.name
            item = QListWidgetItem(self._blank if entry.icon.isNull() else entry.icon, shown)
            item.setData(PLACE, place)
            item.setToolTip(plain(entry.tip))
            self.found.addItem(item)
        self.found.setCurrentRow(0)

    def _take(self) -> None:
        item = self.found.currentItem()
        if item is not None:
            self.chosen = item.data(PLACE)
            self.accept()
