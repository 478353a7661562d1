"""Accessibility: events for screen readers, and a ring around the control that has the focus.

Screen readers are told that an item of a list is current or has changed, and sentences that are
shown away from the keyboard focus. The ring is drawn in dialogs always, in the window once Tab was
pressed: Qt's style draws the focus faintly, and not at all on buttons with a style sheet.
"""

import shiboken6
from PySide6 import QtGui
from PySide6.QtCore import QObject, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QDialog, QListView, QWidget

from labeller.window.kit.theme import ACCENT

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


OUTSIDE, WIDTH, RADIUS = 3, 2, 4
"""Distance, line width and corner radius of the ring, in pixels."""
LOOK_MS = 40
BY_KEY = Qt.WidgetAttribute.WA_KeyboardFocusChange
"""Set by Qt on a window when Tab moved the focus, and taken back when something else did."""


def show_focus(application: QApplication) -> None:
    """Draw a ring around the control that has the keyboard, from now on."""
    if application.findChild(FocusRing) is None:
        FocusRing(application)


class FocusRing(QObject):
    """Follows the focus through all windows; there is one per application."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._ring: Ring | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._follow)
        application.focusChanged.connect(self._follow_soon)

    def _follow_soon(self) -> None:
        """Follow later, without the signal's widgets: one of them may be being destroyed."""
        self._soon.start()

    def _follow(self) -> None:
        if self._ring is not None and shiboken6.isValid(self._ring):
            self._ring.deleteLater()
        self._ring = None
        if (focused := QApplication.focusWidget()) is not None:
            window = focused.window()
            if window.testAttribute(BY_KEY) or isinstance(window, QDialog):
                self._ring = Ring(window, focused)


class Ring(QWidget):
    """Lies above everything else in the window, and polls its control's position: an event filter
    would see widgets that are being destroyed."""

    def __init__(self, window: QWidget, around: QWidget) -> None:
        super().__init__(window)
        self._around = around
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        look = QTimer(self)
        look.timeout.connect(self._place)
        look.start(LOOK_MS)
        self._place()

    def _place(self) -> None:
        seen = shiboken6.isValid(self._around) and not self._around.visibleRegion().isEmpty()
        self.setVisible(seen)  # it may be scrolled away
        if seen:
            corner = self._around.mapTo(self.window(), QPoint())
            place = QRect(corner, self._around.size())
            self.setGeometry(place.adjusted(-OUTSIDE, -OUTSIDE, OUTSIDE, OUTSIDE))
            self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dark = self.palette().window().color().lightness() < 128
        painter.setPen(QPen(ACCENT.lighter(140) if dark else ACCENT, WIDTH))
        inner = QRectF(self.rect()).adjusted(WIDTH / 2, WIDTH / 2, -WIDTH / 2, -WIDTH / 2)
        painter.drawRoundedRect(inner, RADIUS, RADIUS)
