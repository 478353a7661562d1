"""Messages in non-modal dialogs, desktop notifications while another window is active, and the
sentence of the status bar. That names the state of the window and the key that continues from it,
once, so that no two places contradict each other."""

import shutil
from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import QObject, QProcess, Qt, Signal
from PySide6.QtWidgets import QApplication, QMessageBox, QSystemTrayIcon, QWidget

from labeller.window.kit.actions import key_text
from labeller.window.kit.language import mark, spoken, tr
from labeller.window.kit.theme import icon
from labeller.window.labelling.labelling_page import LabellingPage


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


class State(Enum):
    """In order of importance."""

    READ_ONLY = auto()
    STOPPING = auto()
    PAUSED = auto()
    WORKING = auto()
    GROUPS = auto()
    REVIEWING = auto()
    NEXT_READY = auto()
    NEXT_POSSIBLE = auto()
    """The batch is finished, and there is a newer model that has not chosen a batch yet."""
    DONE = auto()
    SUGGESTING = auto()
    LABELLING = auto()


SENTENCES = {
    State.READ_ONLY: mark("Opened read-only: nothing can be changed"),
    State.STOPPING: mark("Stopping – you can keep labelling"),
    State.PAUSED: mark("Training is paused: {pause} resumes it, {stop} ends it"),
    State.WORKING: mark("{title} – you can keep labelling"),
    State.GROUPS: mark(
        "One key labels the group, Ctrl+click excludes an image · {next_batch} next group"
    ),
    State.REVIEWING: mark("{back} goes back to the batch"),
    State.NEXT_READY: mark("The next batch is ready: press {next_batch}"),
    State.NEXT_POSSIBLE: mark("Batch finished: {next_batch} chooses the next one, {train} trains"),
    State.DONE: mark("Batch finished: press {train} to train and get the next one"),
    State.SUGGESTING: mark("{digits} label · {accept} accept · {skip} skip · {keys} keys"),
    State.LABELLING: mark("{digits} label · {skip} skip · {undo} undo · {keys} keys"),
}
KEYS = ("accept", "skip", "undo", "keys", "pause", "stop", "back", "next_batch", "train")


def state_of(page: LabellingPage) -> State:
    """The most important state."""
    session, learning = page.session, page.learning
    if session.project.read_only:
        return State.READ_ONLY
    if learning.worker.stopping:
        return State.STOPPING
    if learning.worker.paused:
        return State.PAUSED
    if learning.worker.busy:
        return State.WORKING
    if learning.shows_groups:
        return State.GROUPS
    if session.reviewing:
        return State.REVIEWING
    if session.waiting_round is not None:
        return State.NEXT_READY
    if session.batch_done:
        return State.NEXT_POSSIBLE if learning.can_show_next else State.DONE
    return State.SUGGESTING if session.suggests and session.batch.suggestions else State.LABELLING


def sentence(page: LabellingPage) -> str:
    """The sentence for that state, with the current keys."""
    keys = {name: key_text(name) for name in KEYS}
    running = page.learning.worker.operation
    title = "" if running is None else running.title
    return tr(SENTENCES[state_of(page)]).format(digits="1–9, 0", title=title, **keys)
