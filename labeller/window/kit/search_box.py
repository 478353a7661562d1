"""A combo box that is searched by typing any part of an entry."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget

from labeller.window.kit.language import tr

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
