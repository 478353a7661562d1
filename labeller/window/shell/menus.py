"""Builds the menu bar and the tool bar."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar

from labeller.window.kit.actions import DECLARED, MENUS, VIEW, Actions, in_groups, of_menu
from labeller.window.kit.language import (
    LANGUAGES,
    SYSTEM,
    choose_language,
    chosen_language,
    mark,
    tr,
)
from labeller.window.kit.theme import SCHEMES, choose_scheme, chosen_scheme

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
