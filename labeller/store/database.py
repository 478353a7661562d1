"""Opening a project's SQLite file, safely set up."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from labeller.errors import LabellerError
from labeller.store.schema import migrate

BUSY_TIMEOUT_SECONDS = 5.0


def connect(path: Path) -> Database:
    """Open (or create) the database at `path`, migrated to the newest schema.

    A connection belongs to the thread that opened it. Write-ahead log, full synchronisation and
    foreign keys are on: what has been committed survives a crash and a loss of power.

    Raises:
        LabellerError: it is no project, damaged, newer than this program, or locked.
    """
    try:
        db = Database(sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS))
        try:
            db.enable_wal()
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA foreign_keys = ON")
            migrate(db)
        except BaseException:
            db.close()
            raise
    except sqlite3.DatabaseError as error:
        raise explained(error, path) from error
    return db


def explained(error: sqlite3.Error, path: Path) -> LabellerError:
    """What an error of SQLite means for the user."""
    code = getattr(error, "sqlite_errorname", "")
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return LabellerError(f"{path} is locked by another program. Close that one and try again.")
    if code in ("SQLITE_NOTADB", "SQLITE_CORRUPT"):
        return LabellerError(f"{path} is damaged or no Labeller project ({error}).")
    if code.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return LabellerError(f"{path} cannot be written ({error}). Check the folder's permissions.")
    if code == "SQLITE_FULL":
        return LabellerError(f"The disk is full; {path} was left as it was. Free some space.")
    return LabellerError(f"{path}: {error}.")


@contextmanager
def writing(db: Database) -> Iterator[None]:
    """A transaction that is durable once the block is left; an error in it undoes it all."""
    if db.conn.in_transaction:
        with db.atomic():
            yield
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.rollback()
        raise
    db.commit()


def now() -> str:
    """The time as it is stored: UTC, ISO 8601, milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
