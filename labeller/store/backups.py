"""Backups of a project's database, made with SQLite's backup API and kept in `backups/`.

A file name consists of a running number (which does not depend on the clock), the time (UTC) and
the reason: `000007-20261125T101500Z-daily.sqlite`. Older versions wrote no number.
"""

import re
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from labeller.core.errors import LabellerError
from labeller.core.files import is_regular, make_folder, replacing

FOLDER = "backups"
BEFORE_MERGE = "before-merge"
KEPT = {"daily": 7}
KEPT_OF_OTHERS = 5
_NAME = re.compile(r"(?:(\d{6,})-)?(\d{8}T\d{6}\d*Z)-([a-z-]+)\.sqlite")


@dataclass(frozen=True)
class Backup:
    """`number` counts from 1 and is 0 for backups of older versions; `at` is UTC; `reason` is
    daily, classes, before-migration, before-merge, before-restore or rescued."""

    path: Path
    number: int
    at: datetime
    reason: str

    @property
    def name(self) -> str:
        return self.path.name


def back_up(connection: sqlite3.Connection, project: Path, reason: str) -> Path:
    """Back up a database in use to `project/backups`, then delete the oldest backups.

    Raises:
        LabellerError: the database is damaged; the copy was discarded, and no old backup deleted.
        OSError, sqlite3.Error: it cannot be read, or the copy cannot be written.
    """
    make_folder(project / FOLDER, project)
    there = backups(project)
    number = 1 + max((backup.number for backup in there), default=0)
    path = project / FOLDER / f"{number:06d}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{reason}.sqlite"
    with replacing(path) as temporary:
        copy = sqlite3.connect(temporary, isolation_level=None)
        try:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # a single file that anybody can read
            found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        finally:
            copy.close()
        if found != "ok":
            raise LabellerError(
                "The database of {project} is damaged ({found}).", project=project, found=found
            )
    kept = KEPT.get(reason, KEPT_OF_OTHERS)
    for old in [b for b in backups(project) if b.reason == reason and b.path != path][kept - 1 :]:
        old.path.unlink(missing_ok=True)
    return path


def backups(project: Path) -> list[Backup]:
    """All backups, newest first; links and other non-files are ignored."""
    found = []
    for path in (project / FOLDER).glob("*.sqlite"):
        match = _NAME.fullmatch(path.name)
        if match and is_regular(path):
            try:
                at = datetime.strptime(match[2][:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
            except ValueError:  # not a valid date
                continue
            found.append(Backup(path, int(match[1] or 0), at, match[3]))
    return sorted(found, key=lambda backup: (backup.number, backup.name), reverse=True)


def backed_up_today(project: Path) -> bool:
    """Whether a daily backup was made today."""
    today = datetime.now(UTC).date()
    return any(b.reason == "daily" and b.at.date() == today for b in backups(project))
