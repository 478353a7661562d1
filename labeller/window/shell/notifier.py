"""A desktop notification for somebody who has switched to another window."""

import shutil

from PySide6.QtCore import QObject, QProcess
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from labeller.window.kit.icons import icon

SHOWN_MS = 10_000
NOTIFY = "notify-send"
"""For freedesktop notifications, which desktops without a tray (GNOME) have too."""


class Notifier(QObject):
    """Notifies only while the window is not active; also flashes the task bar entry."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._tray: QSystemTrayIcon | None = None

    def tell(self, sentence: str) -> None:
        if self._window.isActiveWindow():
            return
        QApplication.alert(self._window)
        if not self._notify(sentence) and QSystemTrayIcon.isSystemTrayAvailable():
            if self._tray is None:
                self._tray = QSystemTrayIcon(icon("labeller"), self)
                self._tray.messageClicked.connect(self._window.activateWindow)
            self._tray.show()
            self._tray.showMessage("Labeller", sentence, icon("labeller"), SHOWN_MS)

    def _notify(self, sentence: str) -> bool:
        """Show it through the desktop's program; return whether there is one."""
        if shutil.which(NOTIFY) is None:
            return False
        options = ["--app-name=Labeller", "--icon=labeller", f"--expire-time={SHOWN_MS}"]
        return QProcess.startDetached(NOTIFY, [*options, "Labeller", sentence])[0]
