"""The main window: pages, menus, tool bar and status bar; opens and closes projects."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QPalette
from PySide6.QtWidgets import QMainWindow, QStackedWidget

import labeller.window.dialogs.actions
import labeller.window.learning.actions
import labeller.window.shell.menus  # noqa: F401  each package declares its actions
from labeller.core.run import Progress
from labeller.store.classes import keys_of
from labeller.window.dialogs.class_menu import show_class_menu
from labeller.window.dialogs.comparison_dialogs import show_matrix
from labeller.window.kit.accessibility import Announcer
from labeller.window.kit.actions import Actions
from labeller.window.kit.key_places import Releases, call_by_place
from labeller.window.kit.language import tr
from labeller.window.kit.preferences import remember_project, settings
from labeller.window.kit.theme import icon
from labeller.window.kit.widgets import PlainLabel
from labeller.window.kit.worker import Operation, Worker
from labeller.window.labelling.class_panel import misleading, shown_key
from labeller.window.labelling.labelling_page import LabellingPage
from labeller.window.labelling.session import Session
from labeller.window.learning.training_panel import shows_details
from labeller.window.shell import project_operations as projects
from labeller.window.shell.menus import build_menus, build_tool_bar
from labeller.window.shell.messages import Messages, Notifier, sentence
from labeller.window.shell.pages import ProgressPage, WelcomePage
from labeller.window.shell.project_door import ProjectDoor

TOLD_MS = 8000
TOLD_OF_DIGIT_KEYS = "told_of_digit_keys"
"""Setting: whether the person has been told about digit keys."""
TITLE_BAR = 32  # pixels that a window manager may need above the window


class MainWindow(QMainWindow):
    """Signal: project_shown(): a project is open and can be worked on."""

    project_shown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.messages = Messages(self)
        self.notifier = Notifier(self)
        self._announcer = Announcer(self)
        self.door = ProjectDoor(self.messages, self)
        self.setWindowTitle("Labeller")
        self.setWindowIcon(icon("labeller"))
        self.page: LabellingPage | None = None
        self._releases = Releases()
        self.worker = Worker(self)
        self.actions_by_name = Actions(self)
        self.welcome = WelcomePage()
        self.making = ProgressPage()
        self.setAcceptDrops(True)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.welcome)
        self._stack.addWidget(self.making)
        self.setCentralWidget(self._stack)
        self._hint, self._annotator = PlainLabel(), PlainLabel()
        self._annotator.setToolTip(tr("The name that labels are stored under"))
        self._annotator.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        for shown in (self._annotator, self._hint):
            self.statusBar().addPermanentWidget(shown)
        build_menus(self, self.actions_by_name)
        self.tool_bar = build_tool_bar(self, self.actions_by_name)
        self._connect()
        self._restore()
        self.show_welcome()

    # -- pages

    def show_welcome(self) -> None:
        self.welcome.refresh()
        self._stack.setCurrentWidget(self.welcome)
        self._update_actions()

    def open_project(self, folder: Path, read_only: bool = False) -> None:
        """Open a project; resume its import if that was interrupted."""
        self.door.open(folder, read_only)

    def _show_project(self, session: Session) -> None:
        project = session.project
        self.close_project()
        self.page = LabellingPage(session, self.worker)
        learning = self.page.learning
        self._stack.addWidget(self.page)
        self._stack.setCurrentWidget(self.page)
        note = tr(" (read-only)") if project.read_only else ""
        self.setWindowTitle(f"{project.folder.name}{note} – Labeller")
        remember_project(project.folder)
        session.announced.connect(self.tell)
        session.failed.connect(self.messages.show)
        session.labels_changed.connect(self._say_label)
        for signal in (
            session.labels_changed, session.batch_changed, session.waiting_changed,
            session.annotator_changed,
        ):  # fmt: skip
            signal.connect(self._update_actions)
        session.classes_changed.connect(self._leave_keys_to_classes)
        self._leave_keys_to_classes()
        learning.announced.connect(self.tell)
        learning.changed.connect(self._update_actions)
        learning.finished.connect(self.notifier.tell)
        self.page.offered.connect(self.messages.tell_done)
        self.page.surroundings.wanted.connect(lambda: projects.grow(self))
        self.actions_by_name["oracle"].setChecked(False)
        self.actions_by_name["oracle"].setVisible(session.has_oracle)
        self.page.reviewing.matrix_wanted.connect(partial(show_matrix, self.page))
        self.page.training.details_wanted.connect(self.actions_by_name["details"].trigger)
        self.page.grid_wanted.connect(lambda: self.actions_by_name["one_by_one"].setChecked(False))
        self.page.classes.edit_wanted.connect(self.actions_by_name["edit_classes"].trigger)
        self.page.classes.new_wanted.connect(self.actions_by_name["find_class"].trigger)
        self.page.classes.menu_wanted.connect(partial(show_class_menu, self.page))
        self.page.show_one_by_one(self.actions_by_name["one_by_one"].isChecked())
        self.page.keep_zoom(self.actions_by_name["zoom_keep"].isChecked())
        self._update_actions()
        self._tell_of_digit_keys(session)
        if gone := project.images.missing_roots():
            self.messages.offer(
                tr("The images in {root} are missing.").format(root=gone[0]),
                tr(
                    "All labels are safe; images that cannot be shown cannot be labelled. "
                    "Connect the disk and open the project again, or locate the images."
                ),
                tr("Locate ..."),
                self.actions_by_name["locate"].trigger,
            )
        self.page.live.start()
        self.page.surroundings.start()
        self.project_shown.emit()

    def _tell_of_digit_keys(self, session: Session) -> None:
        """Tell the person once that a class named 0 has the key 1, as earlier versions assigned
        it."""
        settings_, named = session.project.settings, misleading(session.classes)
        if not named or session.project.read_only or settings_.get(TOLD_OF_DIGIT_KEYS):
            return
        settings_.set(TOLD_OF_DIGIT_KEYS, True)
        keys = dict(zip(session.classes, keys_of(session.classes), strict=True))
        self.messages.offer(
            tr("The class “{name}” has the key {key}.").format(
                name=named[0].name, key=shown_key(keys[named[0]]) or "–"
            ),
            tr(
                "Classes named by a digit now get that digit as their key. This project "
                "keeps its keys; “Propose keys” in the class editor assigns each class "
                "its own digit."
            ),
            tr("Edit classes ..."),
            self.actions_by_name["edit_classes"].trigger,
        )

    def close_project(self) -> None:
        """Stop what is running, store the position, close the project and show the welcome page."""
        if self.page is None:
            return
        page, self.page = self.page, None
        self.worker.shut_down()
        self.worker.deleteLater()
        page.close_session()
        self._stack.removeWidget(page)
        page.deleteLater()
        self.worker = Worker(self)
        self._connect_worker()
        self.setWindowTitle("Labeller")
        self._leave_keys_to_classes()
        self.show_welcome()

    def run_closed(self, operation: Operation, folder: Path) -> None:
        """Close the open project, if any, and show the operation's progress."""
        self.close_project()
        self.making.begin(operation.title, operation.stoppable)
        self._stack.setCurrentWidget(self.making)
        self.worker.start(operation, folder)

    # -- what the person sees of it

    def tell(self, sentence: str) -> None:
        """Show a sentence in the status bar for a while."""
        self.statusBar().showMessage(sentence, TOLD_MS)
        self._announcer.say(sentence)

    def _update_actions(self, *_: object) -> None:
        self.actions_by_name.refresh()
        self.tool_bar.setVisible(self.page is not None)
        self._give_hint("" if self.page is None else sentence(self.page))
        self._annotator.setText("" if self.page is None else self.page.session.annotator)

    def _say_label(self, positions: list[int]) -> None:
        """Announce a label: in the grid the next image becomes current at once, and a screen reader
        would read only that."""
        if self.page is not None and self.page.grid.isVisible() and len(positions) == 1:
            place = positions[0]
            said = tr("Image {place}: {state}").format(
                place=place + 1, state=self.page.model.state(place)
            )
            self._announcer.say(said)

    def _give_hint(self, hint: str) -> None:
        if hint != self._hint.text():
            self._hint.setText(hint)
            self._announcer.show_state(hint)

    def _leave_keys_to_classes(self) -> None:
        keys = [] if self.page is None else keys_of(self.page.session.classes)
        self.actions_by_name.yield_to(keys)

    # -- the worker

    def _on_progress(self, progress: Progress) -> None:
        if self._stack.currentWidget() is self.making:
            self.making.show_progress(progress)

    def _on_failure(self, sentence: str) -> None:
        self._on_cancel()
        self.messages.show(sentence)

    def _on_cancel(self) -> None:
        if self.page is None:
            self.show_welcome()
        self._update_actions()

    # -- building

    def _connect(self) -> None:
        self.actions_by_name["details"].setChecked(shows_details())
        self.welcome.new_wanted.connect(self.actions_by_name["new"].trigger)
        self.welcome.open_wanted.connect(self.actions_by_name["open"].trigger)
        self.welcome.demo_wanted.connect(self.actions_by_name["demo"].trigger)
        self.welcome.project_chosen.connect(self.open_project)
        self.door.opened.connect(self._show_project)
        self.door.unfinished.connect(lambda folder: projects.finish(self, folder))
        self.door.announced.connect(self.tell)
        self.making.cancelled.connect(lambda: self.worker.stop())
        self._connect_worker()

    def _connect_worker(self) -> None:
        self.worker.progressed.connect(self._on_progress)
        self.worker.failed.connect(self._on_failure)
        self.worker.cancelled.connect(self._on_cancel)
        self.worker.busy_changed.connect(self._update_actions)
        self.worker.ended.connect(self._update_actions)

    # -- events

    def event(self, event: QEvent) -> bool:
        """Tab goes to the next open image while the images have the focus; elsewhere it moves
        between fields as usual. Keys recognised by position are kept from Qt."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            tab = event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
            images_have_keyboard = self.page is not None and self.page.has_keyboard()
            hidden = self._releases.repeats(event) and not event.isAutoRepeat()
            by_place = self._call_by_place(event) is not None
            if (tab and not images_have_keyboard) or by_place or hidden:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (call := self._call_by_place(event)) is not None:
            call()
        else:
            super().keyPressEvent(event)

    def _call_by_place(self, event: QKeyEvent) -> Callable[[], object] | None:
        of_page = [] if self.page is None else self.page.actions()  # the classes' keys
        repeated = self._releases.repeats(event)
        return call_by_place(event, [*self.actions(), *of_page], repeated)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._releases.note(event)
        super().keyReleaseEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if projects.dropped(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the dialog for dropped files and folders, once the drop has ended."""
        if paths := projects.dropped(event.mimeData()):
            event.acceptProposedAction()
            QTimer.singleShot(0, self, lambda: projects.take_dropped(self, paths))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "actions_by_name"):
            self.actions_by_name.refresh_icons()
            if self.page is not None:
                self.page.classes.refresh_icons()

    def closeEvent(self, event: QCloseEvent) -> None:
        settings().setValue("geometry", self.saveGeometry())
        self.hide()  # what runs is asked to end, which may take a moment
        self.close_project()
        self.worker.shut_down()
        super().closeEvent(event)

    def _restore(self) -> None:
        geometry = settings().value("geometry")
        if geometry is None or not self.restoreGeometry(geometry):
            room = self.screen().availableGeometry()
            self.resize(min(1280, room.width()), min(800, room.height() - TITLE_BAR))
