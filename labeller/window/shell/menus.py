"""The menu bar and the tool bar, laid out."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar

from labeller.window.kit.actions import Actions
from labeller.window.kit.language import (
    LANGUAGES,
    SYSTEM,
    choose_language,
    chosen_language,
    mark,
    tr,
)
from labeller.window.kit.theme import SCHEMES, choose_scheme, chosen_scheme

SEPARATOR = None
VIEW = mark("&View")
COLOURS = {
    "system": mark("S&ystem colours"),
    "light": mark("L&ight colours"),
    "dark": mark("&Dark colours"),
}
MENUS: dict[str, list[str | None]] = {
    mark("&File"): [
        "new", "open", "demo", SEPARATOR,
        "add_images", "locate", "reading", SEPARATOR,
        "import_labels", "merge", "undo_merge", "export", SEPARATOR,
        "close", "quit",
    ],
    mark("&Label"): [
        "undo", "redo", SEPARATOR,
        "accept", "accept_sure", SEPARATOR,
        "skip", "unsure", "no_class", "bad_image", "clear", "forget", "note", SEPARATOR,
        "find_class", "edit_classes", "example", SEPARATOR, "annotator",
    ],
    mark("&Go"): [
        "next_open", "previous_open", "go_to", "next_pane", SEPARATOR,
        "review", "similar", "groups", "map", "agreement", "label_again", "back",
    ],
    mark("&Model"): [
        "train", "pause", "stop", "next_batch", SEPARATOR, "rounds", SEPARATOR,
        "audit", "label_rest", SEPARATOR,
        "oracle", "experiments",
    ],
    VIEW: [
        "one_by_one", SEPARATOR, "suggestions", "group", "select_alike", SEPARATOR,
        "least_lower", "least_higher", "deselect", SEPARATOR,
        "larger", "smaller", "fit", SEPARATOR,
        "details", SEPARATOR,
    ],
    mark("&Picture"): [
        "zoom", "zoom_in", "zoom_out", "zoom_keep", SEPARATOR,
        "brighter", "darker", "more_contrast", "less_contrast", "plain_tone",
    ],
    mark("&Help"): ["commands", "tour", "keys", "shortcuts", "report"],
}  # fmt: skip
TOOLS: list[str | None] = [
    "undo", "redo", "skip", SEPARATOR, "one_by_one", "review", SEPARATOR,
    "train", "stop", "next_batch", SEPARATOR, "oracle",
]  # fmt: skip


def build_menus(window: QMainWindow, actions: Actions) -> None:
    for title, names in MENUS.items():
        menu = window.menuBar().addMenu(tr(title))
        for name in names:
            if name is SEPARATOR:
                menu.addSeparator()
            else:
                menu.addAction(actions[name])
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
    for name, text in {SYSTEM: tr("That of the system"), **LANGUAGES}.items():
        choice = menu.addAction(text)
        choice.setCheckable(True)
        choice.setChecked(name == chosen_language())
        choice.triggered.connect(lambda _=False, n=name: _choose(n, window))
        group.addAction(choice)


def _choose(language: str, window: QMainWindow) -> None:
    choose_language(language)
    window.statusBar().showMessage(tr("The language changes when the program starts again."))


def build_tool_bar(window: QMainWindow, actions: Actions) -> QToolBar:
    bar = QToolBar(tr("Tools"))
    bar.setObjectName("tools")
    bar.setMovable(False)
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    for name in TOOLS:
        if name is SEPARATOR:
            bar.addSeparator()
        else:
            bar.addAction(actions[name])
    window.addToolBar(bar)
    return bar
