"""A notification of the desktop, for a person who has gone to another window meanwhile."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from labeller.window.icons import icon

SHOWN_MS = 10_000


class Notifier(QObject):
    """Speaks only while the window is not in front; without a tray it flashes in the task bar."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._tray: QSystemTrayIcon | None = None

    def tell(self, sentence: str) -> None:
        if self._window.isActiveWindow():
            return
        QApplication.alert(self._window)
        if QSystemTrayIcon.isSystemTrayAvailable():
            if self._tray is None:
                self._tray = QSystemTrayIcon(icon("labeller"), self)
                self._tray.messageClicked.connect(self._window.activateWindow)
            self._tray.show()
            self._tray.showMessage("Labeller", sentence, icon("labeller"), SHOWN_MS)
