"""The classes that images are sorted into."""

import unicodedata
from dataclasses import dataclass

from sqlite_utils import Database

from labeller.errors import LabellerError, quoted
from labeller.store.database import writing

LONGEST_NAME = 200


@dataclass(frozen=True)
class ImageClass:
    """`position` is the place in the person's order, from 0; it gives the number key."""

    id: int
    name: str
    position: int


class Classes:
    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self) -> list[ImageClass]:
        """The classes in their order."""
        rows = self._db.execute("SELECT id, name, position FROM class ORDER BY position, id")
        return [ImageClass(*row) for row in rows]

    def add(self, names: list[str]) -> None:
        """Append classes; names that are there already are left alone."""
        known = {image_class.name for image_class in self.all()}
        new = [name for name in dict.fromkeys(names) if name not in known]
        with writing(self._db):
            for position, name in enumerate(new, start=len(known)):
                self._db.execute(
                    "INSERT INTO class (name, position) VALUES (?, ?)", [name, position]
                )

    def ids_by_name(self) -> dict[str, int]:
        return {image_class.name: image_class.id for image_class in self.all()}


def checked_names(names: list[str]) -> list[str]:
    """Class names as a person gave them, stripped.

    Raises:
        LabellerError: one is empty, too long, not text or given twice, or there are fewer than two.
    """
    stripped = [name.strip() for name in names]
    if not all(stripped):
        raise LabellerError("A class name is empty. Give names such as --classes cat,dog.")
    for name in stripped:
        if len(name) > LONGEST_NAME:
            raise LabellerError(f"A class name has {len(name)} letters; {LONGEST_NAME} are enough.")
        if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name):
            raise LabellerError(
                f"The class name '{quoted(name)}' holds a character that is no text."
            )
    if len(set(stripped)) < len(stripped):
        twice = next(name for name in stripped if stripped.count(name) > 1)
        raise LabellerError(f"The class '{quoted(twice)}' is given twice.")
    if len(stripped) < 2:
        raise LabellerError(
            f"A project needs at least two classes, and there {'is' if stripped else 'are'} "
            f"{len(stripped) or 'none'}. Name them with --classes cat,dog."
        )
    return stripped
