"""Everything a person can do, each declared once as an `Action`: its text, key, icon, menu, what it
does and when. Each package declares its own (`declare`); menus, tool bar, palette, key editor and
the list of keys are made from them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from labeller.window.kit.language import mark, tr
from labeller.window.kit.preferences import settings
from labeller.window.kit.theme import icon

FILE, LABEL, GO, MODEL = mark("&File"), mark("&Label"), mark("&Go"), mark("&Model")
VIEW, PICTURE, HELP = mark("&View"), mark("&Picture"), mark("&Help")
MENUS = (FILE, LABEL, GO, MODEL, VIEW, PICTURE, HELP)
NATIVE = QKeySequence.SequenceFormat.NativeText


def always(window: Any) -> bool:
    """The condition of what can always be done."""
    return True


@dataclass(frozen=True)
class Action:
    """One thing a person can do.

    Attributes:
        id: names it in the settings, and for whoever triggers it.
        text: in menus; `&` marks the letter that chooses it, " ..." says that a dialog follows.
        menu: one of `MENUS`, and the place in it; a separator stands between the tens.
        run: called with the window; a checkable action's also with whether it is on.
        enabled: given the window, whether it can be done now.
        tool: its position on the tool bar; 0 if it is not on it.
        repeats: whether holding the key down repeats it. Never for what changes labels: nobody has
            seen those images.
    """

    id: str
    text: str
    menu: tuple[str, int]
    run: Callable[..., object]
    enabled: Callable[[Any], bool] = always
    keys: str = ""
    icon: str = ""
    tip: str = ""
    tool: int = 0
    checkable: bool = False
    repeats: bool = False

    @property
    def name(self) -> str:
        """The text without the menu's marks."""
        return tr(self.text).replace("&", "").removesuffix(" ...")


DECLARED: dict[str, Action] = {}
"""All actions by their id."""


def declare(*actions: Action) -> None:
    """Raises ValueError where an id is taken."""
    for action in actions:
        if action.id in DECLARED:
            raise ValueError(f"two actions are called {action.id}")
        DECLARED[action.id] = action


def in_groups(places: Iterable[tuple[int, Action]]) -> Iterator[list[Action]]:
    """Actions by their places, a list for each ten of them."""
    group: list[Action] = []
    before = None
    for place, action in sorted(places, key=lambda each: each[0]):
        if before is not None and place // 10 != before // 10:
            yield group
            group = []
        group.append(action)
        before = place
    if group:
        yield group


def of_menu(title: str) -> list[tuple[int, Action]]:
    """What stands in a menu, with its place."""
    return [(each.menu[1], each) for each in DECLARED.values() if each.menu[0] == title]


def key_of(name: str) -> QKeySequence:
    """The key of an action: the person's own, or the default."""
    own = settings().value(f"keys/{name}")
    return QKeySequence(DECLARED[name].keys if own is None else str(own))


def key_text(name: str) -> str:
    """The key of an action, as a person reads it."""
    return key_of(name).toString(NATIVE)


def _on_keypad(keys: QKeySequence) -> list[QKeySequence]:
    """The same with the keypad's Enter, where Return belongs to it."""
    text = keys.toString(QKeySequence.SequenceFormat.PortableText)
    return [QKeySequence(text.replace("Return", "Enter"))] if "Return" in text else []


def taken_letters() -> dict[str, str]:
    """The single letters and digits that are keys, and what they do."""
    keys = {action: key_of(action.id).toString() for action in DECLARED.values()}
    return {key: action.name for action, key in keys.items() if len(key) == 1 and key.isalnum()}


class Actions:
    """The `QAction`s of a window by id: `actions["undo"]`."""

    def __init__(self, window: QWidget) -> None:
        self._actions: dict[str, QAction] = {}
        self._keys = {name: key_of(name) for name in DECLARED}
        self._yielded: frozenset[str] = frozenset()
        self._window = window
        for each in DECLARED.values():
            action = QAction(tr(each.text), window)
            action.setCheckable(each.checkable)
            action.setAutoRepeat(each.repeats)
            signal = action.toggled if each.checkable else action.triggered
            signal.connect(lambda on=False, a=each: self._run(a, on))
            self._actions[each.id] = action
            self._show_key(each.id)
            window.addAction(action)
        self.refresh_icons()

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def _run(self, action: Action, on: bool) -> None:
        action.run(self._window, on) if action.checkable else action.run(self._window)

    def refresh(self) -> None:
        """Enable what can be done now."""
        for each in DECLARED.values():
            self._actions[each.id].setEnabled(each.enabled(self._window))

    def set_key(self, name: str, keys: QKeySequence) -> None:
        """Give an action another key, from now on and the next time too."""
        if keys == QKeySequence(DECLARED[name].keys):
            settings().remove(f"keys/{name}")
        else:
            settings().setValue(f"keys/{name}", keys.toString())
        self._keys[name] = keys
        self._show_key(name)

    def yield_to(self, class_keys: Iterable[str]) -> None:
        """Leave these letters and digits to the classes: a key has one meaning."""
        yielded = frozenset(key.upper() for key in class_keys if len(key) == 1)
        changed, self._yielded = yielded ^ self._yielded, yielded
        for name, keys in self._keys.items():
            if keys.toString() in changed:
                self._show_key(name)

    def _show_key(self, name: str) -> None:
        action, described, keys = self._actions[name], DECLARED[name], self._keys[name]
        if keys.toString() in self._yielded:
            keys = QKeySequence()
        action.setShortcuts([keys, *_on_keypad(keys)])
        text = f"  ({keys.toString(NATIVE)})" if not keys.isEmpty() else ""
        action.setToolTip((tr(described.tip) if described.tip else described.name) + text)

    def refresh_icons(self) -> None:
        """Draw the icons in the theme's text colour."""
        for each in DECLARED.values():
            if each.icon:
                self._actions[each.id].setIcon(icon(each.icon))
