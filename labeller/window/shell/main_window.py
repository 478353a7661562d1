"""The window: pages, menus, tool bar and status bar, and the opening and closing of projects."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDir, QEvent, Qt, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices, QKeyEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QMainWindow,
    QStackedWidget,
    QWidget,
)

from labeller.core.errors import LabellerError
from labeller.core.progress import Progress
from labeller.project.planning import Request
from labeller.project.project import Project
from labeller.store.classes import keys_of
from labeller.window.dialogs import questions
from labeller.window.dialogs.export_dialog import ExportDialog
from labeller.window.dialogs.new_project_dialog import NewProjectDialog
from labeller.window.dialogs.reading_dialog import ReadingDialog
from labeller.window.dialogs.reporting import save_report_with_dialog
from labeller.window.dialogs.shortcut_editor import ShortcutEditor
from labeller.window.kit.actions import Actions
from labeller.window.kit.icons import icon
from labeller.window.kit.key_places import Releases, call_by_place
from labeller.window.kit.language import tr
from labeller.window.kit.plain_text import PlainLabel
from labeller.window.kit.preferences import remember_project, settings
from labeller.window.kit.spoken import remark_in_words, spoken
from labeller.window.kit.worker import Job, Worker
from labeller.window.labelling.class_keys import misleading, shown_key
from labeller.window.labelling.labelling_page import LabellingPage
from labeller.window.labelling.session import Session
from labeller.window.learning import jobs
from labeller.window.learning.training_panel import shows_details
from labeller.window.shell.commands import PAGE_COMMANDS
from labeller.window.shell.keys_dialog import KeysDialog
from labeller.window.shell.menus import build_menus, build_tool_bar
from labeller.window.shell.messages import Messages
from labeller.window.shell.notifier import Notifier
from labeller.window.shell.possible import possible
from labeller.window.shell.progress_page import ProgressPage
from labeller.window.shell.project_door import ProjectDoor
from labeller.window.shell.tour import show_tour
from labeller.window.shell.voice import sentence
from labeller.window.shell.welcome_page import WelcomePage

TOLD_MS = 8000
NAMED = 5
"""So many files are named in a message."""
TOLD_OF_DIGIT_KEYS = "told_of_digit_keys"
"""The setting that says that somebody has been told."""
TITLE_BAR = 32  # room that a window manager may take above the window, in pixels


class MainWindow(QMainWindow):
    """Signal: project_shown(): a project is open and can be worked on."""

    project_shown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.messages = Messages(self)
        self.notifier = Notifier(self)
        self.door = ProjectDoor(self.messages, self)
        self.setWindowTitle("Labeller")
        self.setWindowIcon(icon("labeller"))
        self.page: LabellingPage | None = None
        self._releases = Releases()
        self.worker = Worker(self)
        self.actions_by_name = Actions(self)
        self.welcome = WelcomePage()
        self.making = ProgressPage()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.welcome)
        self._stack.addWidget(self.making)
        self.setCentralWidget(self._stack)
        self._hint = PlainLabel()
        self.statusBar().addPermanentWidget(self._hint)
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
        """Open a project; one whose import was interrupted is finished first."""
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
        session.announced.connect(self._tell)
        session.failed.connect(self.messages.show)
        for signal in (session.labels_changed, session.batch_changed, session.waiting_changed):
            signal.connect(self._update_actions)
        session.classes_changed.connect(self._leave_keys_to_classes)
        self._leave_keys_to_classes()
        learning.announced.connect(self._tell)
        learning.changed.connect(self._update_actions)
        learning.finished.connect(self.notifier.tell)
        learning.mapped.connect(self._on_page_with(questions.show_map))
        self.page.surroundings.wanted.connect(self._grow)
        learning.weighed.connect(self._on_page_with(questions.label_rest))
        self.actions_by_name["oracle"].setChecked(False)
        self.actions_by_name["oracle"].setVisible(session.has_oracle)
        self.page.reviewing.matrix_wanted.connect(self._on_page(questions.show_matrix))
        self.page.training.details_wanted.connect(self.actions_by_name["details"].trigger)
        self.page.grid_wanted.connect(lambda: self.actions_by_name["one_by_one"].setChecked(False))
        self.page.classes.edit_wanted.connect(self.actions_by_name["edit_classes"].trigger)
        self.page.show_one_by_one(self.actions_by_name["one_by_one"].isChecked())
        self.page.keep_zoom(self.actions_by_name["zoom_keep"].isChecked())
        self._update_actions()
        self._tell_of_digit_keys(session)
        if gone := project.images.missing_roots():
            self.messages.offer(
                tr("The images of {root} are not there.").format(root=gone[0]),
                tr(
                    "Labels are kept, and nothing that cannot be seen can be labelled. Connect the "
                    "disk and open the project again, or say where the images are now."
                ),
                tr("Locate ..."),
                self.locate,
            )
        self.page.live.start()
        self.page.surroundings.start()
        self.project_shown.emit()

    def _tell_of_digit_keys(self, session: Session) -> None:
        """Projects of earlier versions gave a class called 0 the key 1: keys stay, but say so."""
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
                "Classes that are called by a digit now get that digit as their key. This project "
                "keeps its keys; “Propose keys” among the classes gives each of them its own digit."
            ),
            tr("Edit classes ..."),
            self.actions_by_name["edit_classes"].trigger,
        )

    def close_project(self) -> None:
        """Stop what is running for the open project, keep its place, and show the welcome page."""
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

    def make_project(self) -> None:
        """Ask for a new project and make it."""
        dialog = NewProjectDialog(self)
        if dialog.exec():
            folder = dialog.folder()
            self._make(
                tr("Making {name}").format(name=folder.name),
                jobs.make_project(folder, dialog.request()),
            )

    def open_demo(self) -> None:
        self._make(tr("Preparing the demo"), jobs.make_demo())

    def _finish(self, folder: Path) -> None:
        self._make(tr("Finishing {name}").format(name=folder.name), jobs.finish_project(folder))

    def add_images(self) -> None:
        """Ask for more images, and add them."""
        dialog = NewProjectDialog(self, adding=True)
        if self.page is not None and dialog.exec():
            self._grow(dialog.request())

    def _grow(self, request: Request | None = None) -> None:
        """Add images; without a request those that have appeared in the project's folders."""
        if self.page is not None:
            folder = self.page.session.project.folder
            title = tr("Adding to {name}").format(name=folder.name)
            self._make(title, jobs.add_images(folder, request))

    def locate(self) -> None:
        """Ask where images are that were moved, and find them."""
        if self.page is None:
            return
        folder = self.page.session.project.folder
        title = tr("Where are the images now?")
        if path := QFileDialog.getExistingDirectory(self, title, str(folder.parent)):
            self._make(tr("Looking for the images"), jobs.locate(folder, Path(path)))

    def merge(self) -> None:
        """Ask for a copy that others have labelled, and take its labels in."""
        if self.page is None:
            return
        folder = self.page.session.project.folder
        path, _ = QFileDialog.getOpenFileName(
            self,
            tr("A copy of the project"),
            str(folder.parent),
            tr("Copies (project.sqlite *.zip)"),
        )
        if path:
            other = Path(path) if path.lower().endswith(".zip") else Path(path).parent
            title = tr("Looking at {name}").format(name=other.name)
            self._make(title, jobs.look_at_copy(folder, other))

    def _offer_merge(self, found: jobs.CopyLookedAt) -> None:
        title = tr("Merging {name}").format(name=found.other.name)
        self.messages.offer(
            tr("Merge {name}?").format(name=found.other.name),
            "\n\n".join(remark_in_words(note) for note in found.notes),
            tr("Merge"),
            lambda: self._make(title, jobs.merge(found.folder, found.other)),
        )

    def undo_merge(self) -> None:
        """Undo the last merge, once the person has agreed."""
        if self.page is None:
            return
        session = self.page.session
        self.messages.offer(
            tr("Undo the last merge?"),
            tr("Everything that came with it is removed as one action. Later labels stay."),
            tr("Undo merge"),
            lambda: self._make(
                tr("Undoing the merge"),
                jobs.undo_merge(session.project.folder, session.annotator),
            ),
        )

    def change_reading(self) -> None:
        """Ask how images are to be read, and read them so."""
        if self.page is None:
            return
        project = self.page.session.project
        dialog = ReadingDialog(project, self)
        if dialog.exec():
            folder, reading = project.folder, dialog.reading()
            self._make(
                tr("Reading {name} again").format(name=folder.name),
                jobs.read_again(folder, reading),
            )

    def _make(self, title: str, job: Job) -> None:
        self.close_project()
        self.making.begin(title)
        self._stack.setCurrentWidget(self.making)
        self.worker.start(job)

    # -- what the person sees of it

    def _tell(self, sentence: str) -> None:
        self.statusBar().showMessage(sentence, TOLD_MS)

    def _update_actions(self, *_: object) -> None:
        self.actions_by_name.enable(**possible(self.page, self.worker.busy))
        self.tool_bar.setVisible(self.page is not None)
        self._hint.setText("" if self.page is None else sentence(self.page))

    def export(self) -> None:
        """Ask what to write for other programs, and write it beside everything else."""
        if self.page is None:
            return
        dialog = ExportDialog(self.page.session.project, self)
        if dialog.exec() and dialog.wanted is not None:
            self.page.learning.export(dialog.wanted)

    def _write(self, write: Callable[[QWidget, Project | None], str | None]) -> None:
        """Let something be written where the person says, and tell of it."""
        project = None if self.page is None else self.page.session.project
        try:
            text = write(self, project)
        except LabellerError as error:
            self.messages.show(spoken(error))
        else:
            self._tell(f"{text}." if text else "")

    def _leave_keys_to_classes(self) -> None:
        keys = [] if self.page is None else keys_of(self.page.session.classes)
        self.actions_by_name.yield_to(keys)

    # -- jobs

    def _on_progress(self, progress: Progress) -> None:
        if self._stack.currentWidget() is self.making:
            self.making.show_progress(progress)

    def _on_success(self, result: object) -> None:
        if isinstance(result, jobs.ProjectReady):
            self.open_project(result.folder)
            if result.notes:
                found = "\n\n".join(remark_in_words(note) for note in result.notes)
                self.messages.inform(tr("What the import found"), found)
        if isinstance(result, jobs.CopyLookedAt):
            self.open_project(result.folder)
            self._offer_merge(result)
        if isinstance(result, jobs.Exported):
            what = tr("The model was written.")
            if result.labels is not None:
                what = tr("%n label(s) written.", None, result.labels)
            self._tell(what)
            self.messages.offer(
                what,
                "\n\n".join([str(result.path), *_remarks_on(result)]),
                tr("Open folder"),
                lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(result.path.parent))),
            )
        self._update_actions()

    def _on_failure(self, sentence: str) -> None:
        self._on_cancel()
        self.messages.show(sentence)

    def _on_cancel(self) -> None:
        if self.page is None:
            self.show_welcome()
        self._update_actions()

    # -- building

    def _connect(self) -> None:
        calls: dict[str, Callable[[], object]] = {
            "new": self.make_project,
            "open": self._choose_project,
            "demo": self.open_demo,
            "reading": self.change_reading,
            "add_images": self.add_images,
            "locate": self.locate,
            "merge": self.merge,
            "undo_merge": self.undo_merge,
            "close": self.close_project,
            "quit": self.close,
            "export": self.export,
            "commands": lambda: questions.find_command(self, self.actions_by_name),
            "shortcuts": lambda: ShortcutEditor(self.actions_by_name, self).exec(),
            "report": lambda: self._write(save_report_with_dialog),
            "keys": lambda: KeysDialog(self.actions_by_name, self).exec(),
            "tour": lambda: show_tour(self),
            **{name: self._on_page(call) for name, call in PAGE_COMMANDS.items()},
        }
        for name, call in calls.items():
            self.actions_by_name[name].triggered.connect(lambda _=False, c=call: c())
        self.actions_by_name["oracle"].toggled.connect(
            lambda on: self._on_page(lambda page: page.oracle.switch(on))()
        )
        self.actions_by_name["details"].setChecked(shows_details())
        self.actions_by_name["details"].toggled.connect(
            lambda on: self._on_page(lambda page: page.training.show_details(on))()
        )
        self.actions_by_name["one_by_one"].toggled.connect(
            lambda on: self._on_page(lambda page: page.show_one_by_one(on))()
        )
        self.actions_by_name["zoom_keep"].toggled.connect(
            lambda on: self._on_page(lambda page: page.keep_zoom(on))()
        )
        self.welcome.new_wanted.connect(self.make_project)
        self.welcome.open_wanted.connect(self._choose_project)
        self.welcome.demo_wanted.connect(self.open_demo)
        self.welcome.project_chosen.connect(self.open_project)
        self.door.opened.connect(self._show_project)
        self.door.unfinished.connect(self._finish)
        self.door.announced.connect(self._tell)
        self.making.cancelled.connect(lambda: self.worker.stop())
        self._connect_worker()

    def _connect_worker(self) -> None:
        self.worker.progressed.connect(self._on_progress)
        self.worker.succeeded.connect(self._on_success)
        self.worker.failed.connect(self._on_failure)
        self.worker.cancelled.connect(self._on_cancel)
        self.worker.busy_changed.connect(self._update_actions)

    def _choose_project(self) -> None:
        if path := QFileDialog.getExistingDirectory(self, tr("Open a project"), QDir.homePath()):
            self.open_project(Path(path))

    def _on_page(self, call: Callable[[LabellingPage], object]) -> Callable[[], None]:
        """The call with the open page; nothing happens while there is none."""

        def run() -> None:
            if self.page is not None:
                call(self.page)

        return run

    def _on_page_with(self, call: Callable[[LabellingPage, Any], None]) -> Callable[[object], None]:
        """Likewise, with what a signal brings."""
        return lambda what: call(self.page, what) if self.page is not None else None

    # -- events

    def event(self, event: QEvent) -> bool:
        """Tab goes to the next open image while the keyboard is with the images; elsewhere it goes
        from field to field, as everywhere. Keys that are found by their place are kept from Qt."""
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

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "actions_by_name"):
            self.actions_by_name.refresh_icons()
            if self.page is not None:
                self.page.classes.refresh_icons()

    def closeEvent(self, event: QCloseEvent) -> None:
        settings().setValue("geometry", self.saveGeometry())
        self.close_project()
        self.worker.shut_down()
        super().closeEvent(event)

    def _restore(self) -> None:
        geometry = settings().value("geometry")
        if geometry is None or not self.restoreGeometry(geometry):
            room = self.screen().availableGeometry()
            self.resize(min(1280, room.width()), min(800, room.height() - TITLE_BAR))


def _remarks_on(done: jobs.Exported) -> list[str]:
    """What an export left out, and what contradicts itself."""
    remarks = []
    for text, paths in (
        (tr("Left out, since the file is gone: {paths}"), done.missing),
        (tr("Left out, since the file was changed after the import: {paths}"), done.changed),
        (
            tr("Copies of one image with different labels: {paths}"),
            tuple(f"({', '.join(copies)})" for copies in done.contradictions),
        ),
    ):
        if paths:
            more = " …" if paths[NAMED:] else ""
            remarks.append(text.format(paths=", ".join(paths[:NAMED]) + more))
    return remarks
