"""Which key gives which class."""

from collections.abc import Callable
from string import ascii_lowercase

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from labeller.store.classes import ImageClass
from labeller.window.kit.actions import taken_letters
from labeller.window.kit.language import tr
from labeller.window.labelling.changes import Changes
from labeller.window.labelling.session import Session

DIGITS = "1234567890"
SHIFT = "shift+"


def keys_of(classes: list[ImageClass]) -> list[str]:
    """The key of each class, in their order: its own letter or digit; else the digit of its number,
    in the order in which classes were made, with Shift for the eleventh to twentieth ("shift+1"),
    which it keeps when the order changes or another class is archived; else what is free, or none
    ("")."""
    places = [*DIGITS, *(SHIFT + digit for digit in DIGITS)]
    keys = {c.id: c.shortcut for c in classes if c.shortcut}
    for number, key in enumerate(places, start=1):
        if key not in keys.values() and any(c.id == number for c in classes):
            keys.setdefault(number, key)
    free = [key for key in places if key not in keys.values()]
    for image_class in sorted(classes, key=lambda c: c.id):
        if image_class.id not in keys:
            keys[image_class.id] = free.pop(0) if free else ""
    return [keys[image_class.id] or "" for image_class in classes]


def shown_key(key: str) -> str:
    """A key of `keys_of` as it is shown beside a class: short."""
    return "⇧" + key.removeprefix(SHIFT) if key.startswith(SHIFT) else key.upper()


def proposed_keys(classes: list[ImageClass]) -> dict[int, str]:
    """Free letters for the classes that have to be pressed with Shift or have no key (id → letter):
    one of the name where there is one left, else any; none once all are used up."""
    taken = {image_class.shortcut for image_class in classes if image_class.shortcut}
    taken |= {key.lower() for key in taken_letters()}
    proposed = {}
    keyed = list(zip(classes, keys_of(classes), strict=True))
    without = [image_class for image_class, key in keyed if not key]
    for image_class in (*without, *(each for each, key in keyed if key.startswith(SHIFT))):
        letters = image_class.name.lower() + ascii_lowercase
        free = [each for each in letters if each in ascii_lowercase and each not in taken]
        if free:
            proposed[image_class.id] = free[0]
            taken.add(free[0])
    return proposed


def problem_with_key(key: str) -> str | None:
    """Why a key cannot be that of a class, in a sentence."""
    if len(key) != 1 or not key.isascii() or not key.isalnum():
        return tr("A key is one letter or digit.")
    if key.upper() in taken_letters():
        return tr("{key} has another meaning already ({meaning}).").format(
            key=key.upper(), meaning=taken_letters()[key.upper()]
        )
    return None


class ClassKeys:
    """Actions of a widget, one for each class, made anew when the classes change; they label the
    images that `chosen` names."""

    def __init__(
        self,
        owner: QWidget,
        session: Session,
        changes: Changes,
        chosen: Callable[[], list[int]],
    ) -> None:
        self._owner, self._session, self._changes, self._chosen = owner, session, changes, chosen
        self._actions: list[QAction] = []
        session.classes_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        for action in self._actions:
            self._owner.removeAction(action)
            action.deleteLater()
        self._actions = []
        for place, key in enumerate(keys_of(self._session.classes)):
            if key:
                action = QAction(
                    tr("Label as {name}").format(name=self._session.classes[place].name),
                    self._owner,
                )
                action.setShortcut(QKeySequence(key.title()))
                action.triggered.connect(
                    lambda _=False, p=place: self._changes.label(self._chosen(), p)
                )
                self._owner.addAction(action)
                self._actions.append(action)
