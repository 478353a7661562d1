"""Named values of a project, stored as JSON; its guidelines; and notes on images, of which the last
one counts."""

import json
from collections.abc import Sequence
from typing import Any

from sqlite_utils import Database

from labeller.core.errors import LabellerError
from labeller.store.database import of_ids
from labeller.store.derived import GUIDELINES
from labeller.store.inspection import LONGEST_GUIDELINES
from labeller.store.ledger import Ledger


class Settings:
    def __init__(self, db: Database, ledger: Ledger) -> None:
        self._db = db
        self._ledger = ledger

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a setting. Raises LabellerError if it is damaged."""
        row = self._db.execute("SELECT value FROM setting WHERE key = ?", [key]).fetchone()
        try:
            return default if row is None else json.loads(row[0])
        except (ValueError, RecursionError):
            raise damaged(key) from None

    def whole_number(self, key: str, default: int, least: int, most: int = 2**53) -> int:
        """Like `get`, for an integer within inclusive limits."""
        value = self.get(key, default)
        if type(value) is not int or not least <= value <= most:
            raise damaged(key)
        return value

    def set(self, key: str, value: Any) -> None:
        self._db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", [key, json.dumps(value)])

    def choose(self, key: str, value: Any) -> None:
        """Store a person's choice: also recorded in the log and the journal."""
        if value != self.get(key):
            self._ledger.record(edit=["setting", key, value])


def damaged(key: str) -> LabellerError:
    return LabellerError(
        "The project's setting '{key}' is damaged. `restore` recovers a backup.", key=key
    )


class Guidelines:
    """The project's guidelines for labelling, as Markdown."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self._settings, self._ledger = settings, ledger

    def get(self) -> str:
        """The text; empty if there is none, or if it is damaged: the log still has it."""
        try:
            text = self._settings.get(GUIDELINES, "")
        except LabellerError:
            return ""
        return text if isinstance(text, str) else ""

    def set(self, text: str, annotator: str) -> None:
        """Raises LabellerError if the text is too long."""
        if len(text) > LONGEST_GUIDELINES:
            raise LabellerError(
                "The guidelines have {count:,} characters, more than {most:,}.",
                count=len(text),
                most=LONGEST_GUIDELINES,
            )
        if text != self.get():
            self._ledger.record(annotator=annotator, edit=[GUIDELINES, text])


class Notes:
    def __init__(self, db: Database, ledger: Ledger) -> None:
        self._db = db
        self._ledger = ledger

    def get(self, image_id: int) -> str:
        """The note on an image; empty if there is none."""
        row = self._db.execute(
            "SELECT text FROM note WHERE image_id = ? ORDER BY id DESC LIMIT 1", [image_id]
        ).fetchone()
        return row[0] if row else ""

    def of(self, image_ids: Sequence[int]) -> dict[int, str]:
        """The notes on some images; those without one are left out."""
        sql = "SELECT image_id, text FROM note WHERE image_id IN ({ids}) ORDER BY id"
        found = dict(of_ids(self._db, sql, image_ids))
        return {image_id: text for image_id, text in found.items() if text}

    def set(self, image_id: int, text: str, annotator: str) -> None:
        """Write a note; an empty one removes it."""
        if text != self.get(image_id):
            self._ledger.record(annotator=annotator, edit=["note", int(image_id), text])
