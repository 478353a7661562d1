"""Which key gives which class."""

from collections.abc import Callable
from dataclasses import replace
from string import ascii_lowercase

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from labeller.store.classes import DIGITS, SHIFT, ImageClass, keys_of
from labeller.window.kit.actions import taken_letters
from labeller.window.kit.language import tr
from labeller.window.labelling.changes import Changes
from labeller.window.labelling.session import Session


def shown_key(key: str) -> str:
    """A key of `keys_of` as it is shown beside a class: short."""
    return "⇧" + key.removeprefix(SHIFT) if key.startswith(SHIFT) else key.upper()


def proposed_keys(classes: list[ImageClass]) -> dict[int, str]:
    """Better keys (by class id): the digit that a class is called by, where it has another key and
    nobody chose that digit for another class; and free letters for the classes that have to be
    pressed with Shift or have no key: one of the name where there is one left, else any."""
    chosen = {image_class.shortcut for image_class in classes if image_class.shortcut}
    proposed = {c.id: c.name for c in misleading(classes) if c.name not in chosen}
    classes = [replace(c, shortcut=proposed.get(c.id, c.shortcut)) for c in classes]
    taken = {image_class.shortcut for image_class in classes if image_class.shortcut}
    taken |= {key.lower() for key in taken_letters()}
    keyed = list(zip(classes, keys_of(classes), strict=True))
    without = [image_class for image_class, key in keyed if not key]
    for image_class in (*without, *(each for each, key in keyed if key.startswith(SHIFT))):
        letters = image_class.name.lower() + ascii_lowercase
        free = [each for each in letters if each in ascii_lowercase and each not in taken]
        if free:
            proposed[image_class.id] = free[0]
            taken.add(free[0])
    return proposed


def misleading(classes: list[ImageClass]) -> list[ImageClass]:
    """Classes that are called by a digit and have another key."""
    keyed = zip(classes, keys_of(classes), strict=True)
    return [c for c, key in keyed if c.name in DIGITS and len(c.name) == 1 and key != c.name]


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
                action.setAutoRepeat(False)  # a held key would label images that nobody has seen
                action.triggered.connect(
                    lambda _=False, p=place: self._changes.label(self._chosen(), p)
                )
                self._owner.addAction(action)
                self._actions.append(action)
