"""Actions on projects and the program itself (the menus *File* and *Help*), and the menu bar and
tool bar built from all packages' actions."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMenu, QToolBar

from labeller.care.checking import write_report
from labeller.core.errors import LabellerError
from labeller.window.kit.actions import (
    DECLARED,
    FILE,
    HELP,
    MENUS,
    VIEW,
    Action,
    Actions,
    declare,
    in_groups,
    key_text,
    of_menu,
)
from labeller.window.kit.language import (
    LANGUAGES,
    SYSTEM,
    choose_language,
    chosen_language,
    mark,
    spoken,
    tr,
)
from labeller.window.kit.search import Entry, Finder
from labeller.window.kit.theme import SCHEMES, choose_scheme, chosen_scheme
from labeller.window.labelling.actions import has, is_idle, is_open
from labeller.window.shell import project_operations as projects
from labeller.window.shell.keys import KeysDialog, ShortcutEditor
from labeller.window.shell.tour import show_tour

if TYPE_CHECKING:
    from labeller.window.shell.main_window import MainWindow


def find_command(window: "MainWindow") -> None:
    """Every command by its name; those that are not possible now say why."""
    actions, every = window.actions_by_name, list(DECLARED.values())
    entries = []
    for each in every:
        action = actions[each.id]
        note = key_text(each.id) if action.isEnabled() else f"– {_why_not(window)}"
        entries.append(Entry(each.name, action.icon(), note, action.toolTip(), action.isEnabled()))
    finder = Finder(tr("Find a command"), entries, window)
    if finder.exec() and finder.chosen is not None:
        actions[every[finder.chosen].id].trigger()


def _why_not(window: "MainWindow") -> str:
    """Why a command is not possible now, for reasons that are common to all commands."""
    if window.page is None:
        return tr("no project is open")
    if window.page.session.project.read_only:
        return tr("this project is open read-only")
    if window.worker.operation is not None:
        return tr("not during: {task}").format(task=window.worker.operation.title)
    return tr("not now")


def save_report(window: "MainWindow") -> None:
    """Ask for a file name, and write a bug report."""
    suggestion = QDir.home().filePath("labeller-report.zip")
    name, _ = QFileDialog.getSaveFileName(window, tr("Save a bug report"), suggestion)
    if not name:
        return
    project = None if window.page is None else window.page.session.project
    try:
        write_report(Path(name), project, replace=True)  # the dialog has asked
    except LabellerError as error:
        window.messages.show(spoken(error))
    else:
        text = tr("{path} holds versions and logs, but no images or labels")
        window.tell(f"{text.format(path=name)}.")


declare(
    Action("new", mark("&New project ..."), (FILE, 11), projects.make_project, keys="Ctrl+N"),
    Action("open", mark("&Open project ..."), (FILE, 12), projects.open_project, keys="Ctrl+O"),
    Action("demo", mark("Open the &demo"), (FILE, 13), projects.open_demo),
    Action(
        "add_images", mark("&Add images ..."), (FILE, 21), projects.add_images, is_idle,
        tip=mark("Add to the pool; labels and batches stay"),
    ),
    Action(
        "locate", mark("Locate i&mages ..."), (FILE, 22), projects.locate, is_idle,
        tip=mark("Find images that were moved"),
    ),
    Action(
        "reading", mark("&How images are read ..."), (FILE, 23), projects.change_reading, is_idle,
        tip=mark("Range of grey values, the largest image; retries what could not be read"),
    ),
    Action(
        "merge", mark("Merge a colleague's co&py ..."), (FILE, 32), projects.preview_merge,
        is_idle, tip=mark("Add the labels that others gave in a copy of this project"),
    ),
    Action(
        "undo_merge", mark("Undo the last mer&ge ..."), (FILE, 33), projects.undo_merge,
        lambda w: is_idle(w) and has(w, lambda page: page.session.has_merged),
        tip=mark("Undo the last merge as one action; later labels stay"),
    ),
    Action(
        "close", mark("&Close project"), (FILE, 41), lambda window: window.close_project(),
        is_open, "Ctrl+W",
    ),
    Action("quit", mark("&Quit"), (FILE, 42), lambda window: window.close(), keys="Ctrl+Q"),
    Action(
        "commands", mark("&Find a command ..."), (HELP, 11), find_command, keys="Ctrl+Shift+P",
        tip=mark("Type part of what you want to do"),
    ),
    Action(
        "tour", mark("&Tour"), (HELP, 12), show_tour, is_open,
        tip=mark("The window in under a minute"),
    ),
    Action(
        "keys", mark("&Keys"), (HELP, 13),
        lambda window: KeysDialog(window.actions_by_name, window).exec(), keys="F1",
    ),
    Action(
        "shortcuts", mark("&Change keys ..."), (HELP, 14),
        lambda window: ShortcutEditor(window.actions_by_name, window).exec(),
        tip=mark("Choose which key does what"),
    ),
    Action(
        "report", mark("Save a &bug report ..."), (HELP, 15), save_report,
        tip=mark("Versions and logs in one file; no images, no labels"),
    ),
)  # fmt: skip


COLOURS = {
    "system": mark("S&ystem colours"),
    "light": mark("L&ight colours"),
    "dark": mark("&Dark colours"),
}


def build_menus(window: QMainWindow, actions: Actions) -> None:
    for title in MENUS:
        menu = window.menuBar().addMenu(tr(title))
        for group in in_groups(of_menu(title)):
            menu.addActions([actions[each.id] for each in group])
            menu.addSeparator()
        if title == VIEW:
            _add_languages(menu.addMenu(tr("L&anguage")), window)
            schemes = QActionGroup(menu)
            for name in SCHEMES:
                choice = menu.addAction(tr(COLOURS[name]))
                choice.setCheckable(True)
                choice.setChecked(name == chosen_scheme())
                choice.triggered.connect(lambda _=False, n=name: choose_scheme(n))
                schemes.addAction(choice)


def _add_languages(menu: QMenu, window: QMainWindow) -> None:
    group = QActionGroup(menu)
    for name, text in {SYSTEM: tr("System language"), **LANGUAGES}.items():
        choice = menu.addAction(text)
        choice.setCheckable(True)
        choice.setChecked(name == chosen_language())
        choice.triggered.connect(lambda _=False, n=name: _choose(n, window))
        group.addAction(choice)


def _choose(language: str, window: QMainWindow) -> None:
    choose_language(language)
    window.statusBar().showMessage(tr("The language changes at the next start."))


def build_tool_bar(window: QMainWindow, actions: Actions) -> QToolBar:
    bar = QToolBar(tr("Tools"))
    bar.setObjectName("tools")
    bar.setMovable(False)
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    tools = ((each.tool, each) for each in DECLARED.values() if each.tool)
    for number, group in enumerate(in_groups(tools)):
        if number:
            bar.addSeparator()
        bar.addActions([actions[each.id] for each in group])
    window.addToolBar(bar)
    return bar
