"""Copies of a project's database, made by SQLite's backup API and kept in `backups/`.

Names begin with the time (UTC) and end with the reason, so that they sort by age.
"""

import re
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from labeller.errors import LabellerError
from labeller.files import replacing

FOLDER = "backups"
KEPT = {"daily": 7}
KEPT_OF_OTHERS = 5
_NAME = re.compile(r"(\d{8}T\d{6}\d*Z)-([a-z-]+)\.sqlite")


@dataclass(frozen=True)
class Backup:
    """`at` is UTC; `reason` is daily, classes, before-migration, before-restore or rescued."""

    path: Path
    at: datetime
    reason: str

    @property
    def name(self) -> str:
        return self.path.name


def back_up(connection: sqlite3.Connection, project: Path, reason: str) -> Path:
    """Copy a database into `project/backups` while it is in use, then drop the oldest copies.

    Raises:
        LabellerError: the database is damaged; no copy was kept and none dropped.
        OSError, sqlite3.Error: it cannot be read, or the copy not written.
    """
    path = project / FOLDER / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z-{reason}.sqlite"
    with replacing(path) as temporary:
        copy = sqlite3.connect(temporary)
        try:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, that anybody can read
            found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        finally:
            copy.close()
        if found != "ok":
            raise LabellerError(f"The database of {project} is damaged ({found}).")
    kept = KEPT.get(reason, KEPT_OF_OTHERS)
    for old in [b for b in backups(project) if b.reason == reason][kept:]:
        old.path.unlink(missing_ok=True)
    return path


def backups(project: Path) -> list[Backup]:
    """What there is, the newest first."""
    found = []
    for path in (project / FOLDER).glob("*.sqlite"):
        if match := _NAME.fullmatch(path.name):
            at = datetime.strptime(match[1][:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
            found.append(Backup(path, at, match[2]))
    return sorted(found, key=lambda backup: backup.name, reverse=True)


def backed_up_today(project: Path) -> bool:
    """Whether a daily copy was made today (by the clock as it stands)."""
    today = datetime.now(UTC).date()
    return any(b.reason == "daily" and b.at.date() == today for b in backups(project))
