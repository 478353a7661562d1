"""Waits until nobody has pressed anything for a while."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer

QUIET_MS = 2000


class QuietTimer(QObject):
    """Calls something two seconds after the last key or click."""

    def __init__(self, parent: QObject, call: Callable[[], object]) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET_MS)
        self._timer.timeout.connect(self._stop)
        self._timer.timeout.connect(call)

    def start(self) -> None:
        application = QCoreApplication.instance()
        assert application is not None
        application.installEventFilter(self)
        self._timer.start()

    def _stop(self) -> None:
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = event.type() in (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress)
        if pressed and self._timer.isActive():
            self._timer.start()
        return super().eventFilter(watched, event)
