"""A ring around the control that has the keyboard: in dialogs always, in the window once Tab was
pressed. Qt's style draws it faintly, and not at all on buttons with a style sheet."""

import shiboken6
from PySide6.QtCore import QObject, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from labeller.window.kit.theme import ACCENT

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
