"""Named values of a project, stored as JSON."""

import json
from typing import Any

from sqlite_utils import Database

from labeller.errors import LabellerError


class Settings:
    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a setting. Raises LabellerError where it is damaged."""
        row = self._db.execute("SELECT value FROM setting WHERE key = ?", [key]).fetchone()
        try:
            return default if row is None else json.loads(row[0])
        except (ValueError, RecursionError):
            raise damaged(key) from None

    def whole_number(self, key: str, default: int, least: int, most: int = 2**53) -> int:
        """Likewise, of a number between two others, inclusive."""
        value = self.get(key, default)
        if type(value) is not int or not least <= value <= most:
            raise damaged(key)
        return value

    def set(self, key: str, value: Any) -> None:
        self._db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", [key, json.dumps(value)])


def damaged(key: str) -> LabellerError:
    return LabellerError(
        f"The project's setting '{key}' is damaged. `restore` brings a backup back."
    )
