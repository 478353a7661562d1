"""The keys of the classes."""

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
    """A key from `keys_of` as shown beside a class, shortened."""
    return "⇧" + key.removeprefix(SHIFT) if key.startswith(SHIFT) else key.upper()


def proposed_keys(classes: list[ImageClass]) -> dict[int, str]:
    """Better keys by class id: a class named by a digit gets that digit, unless somebody chose it
    for another class; classes without a key or with a Shift key get a free letter, preferably from
    their name."""
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
    """Classes named by a digit that have another key."""
    keyed = zip(classes, keys_of(classes), strict=True)
    return [c for c, key in keyed if c.name in DIGITS and len(c.name) == 1 and key != c.name]


def problem_with_key(key: str) -> str | None:
    """Why a key cannot be used for a class, as a sentence."""
    if len(key) != 1 or not key.isascii() or not key.isalnum():
        return tr("A key is one letter or digit.")
    if key.upper() in taken_letters():
        return tr("{key} is already in use ({meaning}).").format(
            key=key.upper(), meaning=taken_letters()[key.upper()]
        )
    return None


class ClassKeys:
    """One action per class on a widget, rebuilt when the classes change; they label the images that
    `chosen` returns."""

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
