"""Small helpers: labels that show text literally (Qt renders text that looks like HTML, so a
file's name could load a picture from anywhere) or elide it, fields that give the keyboard back,
and a timer that waits for a pause."""

from collections.abc import Callable
from html import escape

from PySide6 import QtGui
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QHelpEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolTip, QWidget


class PlainLabel(QLabel):
    """A label that shows its text literally."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)


def plain(text: str) -> str:
    """Escape a text for a tooltip or a Qt dialog, which would render HTML."""
    return f"<qt>{escape(text)}</qt>" if QtGui.Qt.mightBeRichText(text) else text


class ElidedLabel(PlainLabel):
    """Takes the width it is given, so that a long text never changes the layout. It is elided at
    the end or, with `middle`, in the middle, which suits file names."""

    def __init__(self, text: str = "", middle: bool = False) -> None:
        super().__init__(text)
        self._mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def event(self, event: QEvent) -> bool:
        """Show the whole text as a tooltip; screen readers would read one that is set as well."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.toolTip() or plain(self.text()), self)
            return True
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), self._mode, self.contentsRect().width())
        self.style().drawItemText(
            painter, self.contentsRect(), self.alignment(), self.palette(), self.isEnabled(), text,
            self.foregroundRole(),
        )  # fmt: skip


KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class HandBack(QObject):
    """Calls something when the person has finished with a field."""

    def __init__(self, field: QWidget, call: Callable[[], object]) -> None:
        super().__init__(field)
        self._call = call
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() in KEYS:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # otherwise it would also trigger an action
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._call()
                return True
        return super().eventFilter(watched, event)


QUIET_MS = 2000


class QuietTimer(QObject):
    """Calls something two seconds after the last key or click."""

    def __init__(self, parent: QObject, call: Callable[[], object]) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET_MS)
        self._timer.timeout.connect(self.stop)
        self._timer.timeout.connect(call)

    def start(self) -> None:
        application = QCoreApplication.instance()
        assert application is not None
        application.installEventFilter(self)
        self._timer.start()

    def stop(self) -> None:
        """Cancel the call."""
        self._timer.stop()
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = event.type() in (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress)
        if pressed and self._timer.isActive():
            self._timer.start()
        return super().eventFilter(watched, event)
