"""Events for screen readers: an item of a list is current or has changed, and sentences that are
shown away from the keyboard focus."""

from PySide6 import QtGui
from PySide6.QtCore import QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QListView, QWidget

PAUSE_MS = 400


def tell_current(view: QListView, row: int) -> None:
    """Have an item read as if it had the focus."""
    _tell(view, row, QAccessible.Event.Focus)


def tell_changed(view: QListView, row: int) -> None:
    """Have an item read again if it is current: its description has changed."""
    _tell(view, row, QAccessible.Event.NameChanged)


def _tell(view: QListView, row: int, kind: QAccessible.Event) -> None:
    event = QAccessibleEvent(view, kind)
    event.setChild(row)
    QAccessible.updateAccessibility(event)


class Announcer:
    """Has sentences read after a short pause, so that those of one key are read together, and
    politely, that is, after what is being read now."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._news: list[str] = []
        self._state = self._told = ""
        self._timer = QTimer(window)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._read)

    def say(self, news: str) -> None:
        """Read this."""
        if news and news not in self._news:
            self._news.append(news)
        self._timer.start()

    def show_state(self, sentence: str) -> None:
        """Read this as well, unless it was the last such sentence or another one replaces it."""
        self._state = sentence
        self._timer.start()

    def _read(self) -> None:
        news = [*self._news, self._state if self._state != self._told else ""]
        self._news, self._told = [], self._state
        text = " ".join(sentence for sentence in news if sentence)
        if text and hasattr(QtGui, "QAccessibleAnnouncementEvent"):  # since Qt 6.8
            event = QtGui.QAccessibleAnnouncementEvent(self._window, text)
            QAccessible.updateAccessibility(event)
