"""The classes of a project."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TypeVar

from sqlite_utils import Database

from labeller.core.errors import LabellerError, quoted
from labeller.core.names import class_name, spelling
from labeller.store.ledger import Ledger
from labeller.store.oracle import final_classes

T = TypeVar("T")
DIGITS = "1234567890"
SHIFT = "shift+"


@dataclass(frozen=True)
class ImageClass:
    """A class of images.

    Attributes:
        position: the place in the person's order, from 0.
        colour: #rrggbb, or None for that of its place.
        shortcut: one letter or digit, or None for the digit of its place.
        archived: no longer offered and not trained on; its labels are kept.
    """

    id: int
    name: str
    position: int
    colour: str | None = None
    shortcut: str | None = None
    description: str = ""
    archived: bool = False


class Classes:
    def __init__(self, db: Database, ledger: Ledger) -> None:
        self._db = db
        self._ledger = ledger

    def all(self, archived: bool = False) -> list[ImageClass]:
        """The classes in order; with `archived`, followed by the archived ones."""
        rows = self._db.execute(
            "SELECT id, name, position, colour, shortcut, description, archived FROM class "
            "WHERE NOT archived OR ? ORDER BY archived, position, id",
            [archived],
        )
        return [
            ImageClass(*rest, archived=bool(hidden))  # type: ignore[misc]
            for *rest, hidden in rows
        ]

    def add(self, names: list[str]) -> None:
        """Append classes, skipping existing names. A class named by a digit gets that key, unless
        another class has it."""
        known = {spelling(image_class.name) for image_class in self.all(archived=True)}
        new = [name for name in dict.fromkeys(map(class_name, names)) if name not in known]
        if new:
            after = self._db.execute("SELECT coalesce(max(id), 0) FROM class").fetchone()[0]
            used = set(keys_of(self.all()))
            rows = [
                [after + n, name, len(known) + n - 1, *([name] if _is_free(name, used) else [])]
                for n, name in enumerate(new, start=1)
            ]
            self._ledger.record(edit=["classes", rows])

    def change(self, changed: ImageClass) -> None:
        """Store everything of a class except its position. Labels refer to its id and do not
        change.

        Raises:
            LabellerError: the name is invalid, or another class has the name or the shortcut.
        """
        stored = next((c.name for c in self.all(archived=True) if c.id == changed.id), None)
        if changed.name != stored:  # those of earlier versions may be spelt differently
            changed = replace(changed, name=class_name(changed.name))
        for other in self.all(archived=True):
            if other.id == changed.id:
                continue
            if spelling(other.name) == spelling(changed.name):
                raise LabellerError("There is already a class '{name}'.", name=quoted(changed.name))
            if changed.shortcut and other.shortcut == changed.shortcut and not other.archived:
                raise LabellerError(
                    "The key {shortcut} belongs to '{name}'.",
                    shortcut=changed.shortcut,
                    name=other.name,
                )
        values = asdict(changed)
        del values["id"], values["position"]
        self._ledger.record(edit=["class", changed.id, values])

    def order(self, ids: list[int]) -> None:
        """Put classes into this order, followed by those not listed."""
        rest = [c.id for c in self.all(archived=True) if c.id not in ids]
        self._ledger.record(edit=["order", [*ids, *rest]])

    def examples(self, wrong: bool = False) -> dict[int, list[int]]:
        """Example images by class, in order of their ids; with `wrong`, those that show what the
        class is not."""
        found: dict[int, list[int]] = {}
        for class_id, image_id in self._db.execute(
            "SELECT class_id, image_id FROM example WHERE wrong = ? ORDER BY class_id, image_id",
            [wrong],
        ):
            found.setdefault(class_id, []).append(image_id)
        return found

    def change_examples(self, classes: Mapping[int, int], add: bool, wrong: bool = False) -> None:
        """Make images (id → class id) examples of classes, or stop using them.

        Args:
            wrong: they show what the class is not. An image is one or the other.
        """
        pairs = [[int(image_id), int(class_id)] for image_id, class_id in classes.items()]
        self._ledger.record(edit=["examples", add, pairs, *([True] if wrong else [])])

    def standing_for(self) -> dict[int, int]:
        """The effective class of each one: itself, or the one it was merged into; archived ones are
        left out."""
        merged, offered = final_classes(self._db), {each.id for each in self.all()}
        ends = {each.id: merged.get(each.id, each.id) for each in self.all(archived=True)}
        return {class_id: end for class_id, end in ends.items() if end in offered}

    def require_offered(self, names: Iterable[str]) -> None:
        """Raises LabellerError if one of these is the name of an archived class."""
        offered = set(self.ids_by_spelling())
        archived = {spelling(c.name): c.name for c in self.all(archived=True) if c.archived}
        for name in names:
            if (found := spelling(name)) not in offered and found in archived:
                raise LabellerError(
                    "The class '{name}' is archived. Unarchive it first.",
                    name=quoted(archived[found]),
                )

    def named(self, by_id: Mapping[int, T]) -> dict[str, T]:
        """Values by class id → by current class name."""
        names = {each.id: each.name for each in self.all(archived=True)}
        return {names[class_id]: value for class_id, value in by_id.items() if class_id in names}

    def ids_by_name(self) -> dict[str, int]:
        return {image_class.name: image_class.id for image_class in self.all()}

    def ids_by_spelling(self) -> dict[str, int]:
        """Class ids by the form in which names are compared (labeller/core/names.py)."""
        return {spelling(image_class.name): image_class.id for image_class in self.all()}


def keys_of(classes: list[ImageClass]) -> list[str]:
    """The key of each class, in order: its own letter or digit; otherwise the digit of its number
    in order of creation, with Shift for the eleventh to twentieth ("shift+1"), which stays when
    classes are reordered or archived; otherwise a free one, or none ("")."""
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


def _is_free(name: str, used: set[str]) -> bool:
    return len(name) == 1 and name in DIGITS and name not in used


def checked_names(names: list[str]) -> list[str]:
    """Class names given by a person, in stored spelling; empty if they are to be created later.

    Raises:
        LabellerError: one is empty, too long, not text or given twice, or there is only one.
    """
    stripped = [class_name(name) for name in names]
    if len(set(stripped)) < len(stripped):
        twice = next(name for name in stripped if stripped.count(name) > 1)
        raise LabellerError("The class '{twice}' appears twice.", twice=quoted(twice))
    if len(stripped) == 1:
        raise LabellerError(
            "A project needs at least two classes, and only '{name}' was given. Name another one, "
            "or none, and make classes while you label.",
            settings=["classes"],
            name=quoted(stripped[0]),
        )
    return stripped
