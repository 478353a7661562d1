"""Which key gives which class."""

from collections.abc import Callable

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from labeller.store.classes import ImageClass
from labeller.window.actions import taken_letters
from labeller.window.changes import Changes
from labeller.window.language import tr
from labeller.window.session import Session

DIGITS = "1234567890"


def keys_of(classes: list[ImageClass]) -> list[str]:
    """The key of each class, in their order: its own, else the digit of its place where that is
    free, else none ("")."""
    own = {image_class.shortcut for image_class in classes if image_class.shortcut}
    keys = []
    for place, image_class in enumerate(classes):
        digit = DIGITS[place] if place < len(DIGITS) and DIGITS[place] not in own else ""
        keys.append(image_class.shortcut or digit)
    return keys


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
                action.setShortcut(QKeySequence(key.upper()))
                action.triggered.connect(
                    lambda _=False, p=place: self._changes.label(self._chosen(), p)
                )
                self._owner.addAction(action)
                self._actions.append(action)
