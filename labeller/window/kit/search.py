"""Searching by typing: a combo box that finds any part of an entry, and a dialog that finds a
class or a command."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from labeller.window.kit.accessibility import tell_current
from labeller.window.kit.language import tr
from labeller.window.kit.widgets import plain

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SearchBox(QComboBox):
    """Typing searches all entries; leaving the field or Enter takes the best match, or the previous
    choice if nothing matches."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(completer)
        if (popup := completer.popup()) is not None:  # it lies over other fields of the same colour
            popup.setStyleSheet("QListView { border: 1px solid palette(mid); }")
        line = self.lineEdit()
        assert line is not None
        self._line = line
        line.setPlaceholderText(tr("Type any part of it"))
        line.editingFinished.connect(self._take)
        self.currentIndexChanged.connect(lambda _: line.setCursorPosition(0))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select the text on focus, so that typing replaces it."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            QTimer.singleShot(
                0, self._line, self._line.selectAll
            )  # after the click has been handled

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes the match; if nothing was typed, the dialog gets it."""
        if event.key() in ENTER and self._line.text() != self.itemText(self.currentIndex()):
            self._take()
        else:
            super().keyPressEvent(event)

    def best(self, text: str) -> int:
        """The index of the best match (equal, starting with the text, or containing it), or -1."""
        wanted = text.strip().casefold()
        entries = [self.itemText(place).casefold() for place in range(self.count())]
        fits: list[Callable[[str], bool]] = [
            lambda entry: entry == wanted,
            lambda entry: entry.startswith(wanted),
            lambda entry: wanted in entry,
        ]
        for fit in fits:
            for place, entry in enumerate(entries):
                if wanted and fit(entry):
                    return place
        return -1

    def _take(self) -> None:
        place = self.best(self._line.text())
        self.setCurrentIndex(place if place >= 0 else self.currentIndex())
        self.setEditText(self.itemText(self.currentIndex()))
        self._line.setCursorPosition(0)


PLACE = Qt.ItemDataRole.UserRole
NEW = -1
"""Place of an entry that does not exist yet."""


@dataclass(frozen=True)
class Entry:
    """One thing that can be found; `note` is shown after its name. One that is not `possible` is
    shown, but cannot be chosen."""

    name: str
    icon: QIcon
    note: str = ""
    tip: str = ""
    possible: bool = True


EQUAL, START, WORD, WITHIN = range(4)


def _rank(wanted: str, name: str) -> int | None:
    """How well a name fits a text in lower case: the best is `EQUAL`; None if not at all."""
    name = name.casefold()
    if name == wanted:
        return EQUAL
    if name.startswith(wanted):
        return START
    if any(word.startswith(wanted) for word in name.replace("_", " ").split()):
        return WORD
    return WITHIN if wanted in name else None


class Finder(QDialog):
    """Once accepted, `chosen` is the index of the entry.

    Args:
        new: what an entry that does not exist yet is called, such as "New class “{name}”"; then
            `chosen` may be `NEW`, and `typed` is its name.
    """

    def __init__(
        self, title: str, entries: Sequence[Entry], parent: QWidget, new: str = ""
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._entries, self._new = entries, new
        self.chosen: int | None = None
        nothing = QPixmap(20, 20)
        nothing.fill(Qt.GlobalColor.transparent)
        self._blank = QIcon(nothing)  # align names with and without icons
        self.text = QLineEdit()
        hint = tr("Part of a name, or a new one") if new else tr("Part of a name")
        self.text.setPlaceholderText(hint)
        self.text.setAccessibleName(title)
        self.found = QListWidget()
        self.found.setIconSize(QSize(20, 20))
        self.found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.found.setAccessibleName(tr("Found"))
        self.found.currentRowChanged.connect(self._tell)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(self.found)
        self.resize(380, 360)
        self.text.textChanged.connect(self._search)
        self.text.returnPressed.connect(self._take)
        self.found.itemClicked.connect(lambda _: self._take())
        self.text.installEventFilter(self)
        self._search("")

    @property
    def typed(self) -> str:
        return self.text.text().strip()

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
        """List the best matches first."""
        wanted = self.typed.casefold()
        fits = [
            (place, entry, rank)
            for place, entry in enumerate(self._entries)
            if (rank := _rank(wanted, entry.name)) is not None
        ]
        fits.sort(key=lambda fit: (not fit[1].possible, fit[2]))
        self.found.clear()
        for place, entry, _ in fits:
            shown = f"{entry.name}    {entry.note}" if entry.note else entry.name
            item = QListWidgetItem(self._blank if entry.icon.isNull() else entry.icon, shown)
            item.setData(PLACE, place)
            item.setToolTip(plain(entry.tip))
            if not entry.possible:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.found.addItem(item)
        if self._new and wanted and all(rank != EQUAL for _, _, rank in fits):
            item = QListWidgetItem(self._blank, self._new.format(name=self.typed))
            item.setData(PLACE, NEW)
            self.found.addItem(item)
        self.found.setCurrentRow(0)

    def _tell(self, row: int) -> None:
        """The text has the keyboard, so nothing else tells a screen reader."""
        if row >= 0 and self.isVisible():
            tell_current(self.found, row)

    def _take(self) -> None:
        item = self.found.currentItem()
        if item is not None and item.flags() & Qt.ItemFlag.ItemIsEnabled:
            self.chosen = item.data(PLACE)
            self.accept()
