"""A list to choose from that is searched by typing any part of an entry."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget

from labeller.window.kit.language import tr

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SearchBox(QComboBox):
    """What is typed is looked for in all entries; leaving it, or Enter, takes the best one, or what
    was chosen before where nothing fits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(completer)
        if (popup := completer.popup()) is not None:  # it lies over other fields of its colour
            popup.setStyleSheet("QListView { border: 1px solid palette(mid); }")
        line = self.lineEdit()
        assert line is not None
        self._line = line
        line.setPlaceholderText(tr("Type any part of it"))
        line.editingFinished.connect(self._take)
        self.currentIndexChanged.connect(lambda _: line.setCursorPosition(0))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """However the field is reached, what stands there gives way to what is typed next."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            QTimer.singleShot(0, self._line, self._line.selectAll)  # after a click's own work

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes what fits; it goes on to the dialog where nothing was typed."""
        if event.key() in ENTER and self._line.text() != self.itemText(self.currentIndex()):
            self._take()
        else:
            super().keyPressEvent(event)

    def best(self, text: str) -> int:
        """The place of the entry that fits a text best: that is it, begins so, or holds it; -1 for
        none."""
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
