"""Messages in non-modal dialogs, and desktop notifications while another window is active."""

import shutil
from collections.abc import Callable

from PySide6.QtCore import QObject, QProcess, Qt, Signal
from PySide6.QtWidgets import QApplication, QMessageBox, QSystemTrayIcon, QWidget

from labeller.window.kit.icons import icon
from labeller.window.kit.language import spoken


class Messages(QObject):
    """Shows messages; uncaught errors from any thread are shown once each."""

    _uncaught = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._shown: set[str] = set()
        self._uncaught.connect(self._show_once)

    def show(self, sentence: str) -> None:
        self._box(QMessageBox.Icon.Warning, sentence).open()

    def inform(self, title: str, sentences: str) -> None:
        """Show information; nothing is wrong."""
        box = self._box(QMessageBox.Icon.Information, title)
        box.setInformativeText(sentences)
        box.open()

    def show_uncaught(self, error: BaseException) -> None:
        self._uncaught.emit(spoken(error))

    def offer(self, sentence: str, more: str, way_out: str, take: Callable[[], object]) -> None:
        """Ask with two buttons: `way_out`, which calls `take`, and Cancel."""
        box = self._box(QMessageBox.Icon.Question, sentence)
        self._open(box, more, way_out, take, QMessageBox.StandardButton.Cancel)

    def tell_done(
        self, sentence: str, more: str, next_step: str, take: Callable[[], object]
    ) -> None:
        """Report something finished, with a button for what to do next."""
        box = self._box(QMessageBox.Icon.Information, sentence)
        self._open(box, more, next_step, take, QMessageBox.StandardButton.Close)

    def _open(
        self,
        box: QMessageBox,
        more: str,
        text: str,
        take: Callable[[], object],
        other: QMessageBox.StandardButton,
    ) -> None:
        box.setInformativeText(more)
        button = box.addButton(text, QMessageBox.ButtonRole.AcceptRole)
        button.clicked.connect(lambda: take())
        box.addButton(other)
        box.open()

    def _show_once(self, sentence: str) -> None:
        if sentence not in self._shown:
            self._shown.add(sentence)
            self.show(sentence)

    def _box(self, icon: QMessageBox.Icon, sentence: str) -> QMessageBox:
        box = QMessageBox(icon, "Labeller", sentence, parent=self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setTextFormat(Qt.TextFormat.PlainText)
        return box


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
        """Notify through the desktop's own program; return whether there is one."""
        if shutil.which(NOTIFY) is None:
            return False
        options = ["--app-name=Labeller", "--icon=labeller", f"--expire-time={SHOWN_MS}"]
        return QProcess.startDetached(NOTIFY, [*options, "Labeller", sentence])[0]
