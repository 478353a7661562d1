"""The menu bar and the tool bar, laid out."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMainWindow, QToolBar

from labeller.window.actions import Actions
from labeller.window.theme import SCHEMES, choose_scheme, chosen_scheme

SEPARATOR = None
MENUS: dict[str, list[str | None]] = {
    "&File": [
        "new", "open", "demo", SEPARATOR,
        "export_csv", "export_imagefolder", "export_model", SEPARATOR,
        "close", "quit",
    ],
    "&Label": [
        "undo", "redo", SEPARATOR,
        "accept", "accept_sure", SEPARATOR,
        "skip", "unsure", "no_class", "bad_image", "clear", "note", SEPARATOR,
        "find_class", "edit_classes", SEPARATOR, "annotator",
    ],
    "&Go": ["next_open", "previous_open", "go_to", SEPARATOR, "review", "map", "agreement", "back"],
    "&Model": ["train", "pause", "stop", "next_batch", SEPARATOR, "rounds", "oracle"],
    "&View": [
        "one_by_one", SEPARATOR, "suggestions", "group", SEPARATOR, "larger", "smaller", SEPARATOR,
    ],
    "&Help": ["commands", "keys", "shortcuts", "report"],
}  # fmt: skip
TOOLS: list[str | None] = [
    "undo", "redo", "skip", SEPARATOR, "one_by_one", "review", SEPARATOR,
    "train", "stop", "next_batch", SEPARATOR, "oracle",
]  # fmt: skip


def build_menus(window: QMainWindow, actions: Actions) -> None:
    for title, names in MENUS.items():
        menu = window.menuBar().addMenu(title)
        for name in names:
            if name is SEPARATOR:
                menu.addSeparator()
            else:
                menu.addAction(actions[name])
        if title == "&View":
            schemes = QActionGroup(menu)
            for name in SCHEMES:
                choice = menu.addAction(f"{name.capitalize()} colours")
                choice.setCheckable(True)
                choice.setChecked(name == chosen_scheme())
                choice.triggered.connect(lambda _=False, n=name: choose_scheme(n))
                schemes.addAction(choice)


def build_tool_bar(window: QMainWindow, actions: Actions) -> QToolBar:
    bar = QToolBar("Tools")
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
