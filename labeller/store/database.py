"""Opens a project's SQLite file with safe settings."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from labeller.core.errors import LabellerError, ProjectDamaged, quoted
from labeller.core.locations import is_shared
from labeller.store.backups import back_up
from labeller.store.schema import is_older, migrate

ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""Errors raised by a database; UnicodeDecodeError if a message quotes damaged data."""
BUSY_TIMEOUT_SECONDS = 5.0
IDS_AT_ONCE = 500


class _Connection(sqlite3.Connection):
    """A connection that knows its file, notices when it has been removed, and runs callbacks after
    commits."""

    def __init__(self, path: str, *arguments: Any, **options: Any) -> None:
        super().__init__(path, *arguments, **options)
        self.file: Path | None = None
        self.inode = 0
        self.folder: int | None = None
        self.waiting: list[Callable[[], None]] = []

    def watch(self, path: Path) -> None:
        self.file, self.inode = path, path.stat().st_ino
        if hasattr(os, "O_DIRECTORY"):  # the folder itself, wherever it is moved to
            self.folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)

    def close(self) -> None:
        super().close()
        if self.folder is not None:
            os.close(self.folder)
            self.folder = None

    def require_file(self) -> None:
        """Raises LabellerError if the file was removed or replaced. Its content is rescued first,
        unless the project's folder was merely moved, with the file in it."""
        if self.file is None or self._is_ours(self.file):
            return
        if self.folder is not None and self._is_ours(Path(self.file.name), self.folder):
            raise LabellerError(
                "{parent} was moved or renamed while it was open. Nothing is lost: close the "
                "project and open it in its new place.",
                parent=self.file.parent,
            )
        self.file.parent.mkdir(parents=True, exist_ok=True)
        rescued = back_up(self, self.file.parent, "rescued")
        raise LabellerError(
            "{file} was deleted or replaced while it was open. Everything so far was "
            "saved: close the project and run `restore` with --backup {name}.",
            file=self.file,
            name=rescued.name,
        )

    def _is_ours(self, path: Path, folder: int | None = None) -> bool:
        try:
            return os.stat(path, dir_fd=folder).st_ino == self.inode
        except FileNotFoundError:
            return False


def connect(path: Path, read_only: bool = False) -> Database:
    """Open (or create) the database at `path`, migrated to the newest schema.

    A connection belongs to the thread that opened it. Write-ahead log (on network drives and in
    synchronised folders a rollback journal), full synchronisation and foreign keys are on:
    committed data survives crashes and power loss. The database is backed up before a migration.

    Args:
        read_only: nothing is written, and read permission for the folder is enough.

    Raises:
        LabellerError: it is not a project, damaged, newer than this program, or locked.
    """
    try:
        return _connect_to_read(path) if read_only else _connect(path)
    except ERRORS as error:
        raise explained(error, path) from error


def _connect(path: Path) -> Database:
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS, factory=_Connection)
    db = Database(connection)
    try:
        if is_shared(path.parent):
            # A write-ahead log needs shared memory, which does not work across computers
            # (sqlite.org/wal.html), and a sync client may copy one of the two files alone.
            db.disable_wal()
        else:
            db.enable_wal()
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA trusted_schema = OFF")
        migrate(db, lambda: back_up(connection, path.parent, "before-migration"))
        connection.watch(path)
    except BaseException:
        db.close()
        raise
    return db


def _connect_to_read(path: Path) -> Database:
    """Open a database read-only.

    SQLite cannot create the write-ahead log's index in a read-only folder, so the file is then
    opened as immutable unless the log has pending changes. A database of an earlier version is read
    through a migrated copy in memory.
    """
    for option in ("mode=ro", "immutable=1"):
        db = Database(
            sqlite3.connect(f"{as_uri(path)}?{option}", uri=True, timeout=BUSY_TIMEOUT_SECONDS)
        )
        try:
            db.execute("PRAGMA query_only = ON")
            db.execute("PRAGMA trusted_schema = OFF")
            return _migrated_in_memory(db) if is_older(db) else db
        except sqlite3.OperationalError:
            db.close()
            log = path.with_name(f"{path.name}-wal")
            if option == "immutable=1" or (log.exists() and log.stat().st_size):
                raise
        except BaseException:
            db.close()
            raise
    raise AssertionError


def _migrated_in_memory(db: Database) -> Database:
    """A migrated in-memory copy of a database, which is closed."""
    copy = Database(sqlite3.connect(":memory:"))
    db.conn.backup(copy.conn)
    db.close()
    copy.execute("PRAGMA foreign_keys = ON")
    copy.execute("PRAGMA trusted_schema = OFF")
    migrate(copy)
    copy.execute("PRAGMA query_only = ON")
    return copy


def was_made_by_an_earlier_version(path: Path) -> bool:
    """Whether a database has to be migrated before use; False if it cannot be read."""
    try:
        with closing(sqlite3.connect(f"{as_uri(path)}?mode=ro", uri=True)) as connection:
            return is_older(Database(connection))
    except (*ERRORS, LabellerError):
        return False


def as_uri(path: Path) -> str:
    """A file as an SQLite URI, whatever characters are in its name."""
    return path.absolute().as_uri()


def explained(error: Exception, path: Path) -> LabellerError:
    """An explanation for the user of one of `ERRORS`."""
    code = getattr(error, "sqlite_errorname", "")
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return LabellerError(
            "{path} is locked by another program. Close that program and try again.", path=path
        )
    no_text = isinstance(error, UnicodeDecodeError) or "decode to UTF-8" in str(error)
    if code in ("SQLITE_NOTADB", "SQLITE_CORRUPT") or no_text:
        reason = "not text" if no_text else quoted(str(error))
        return ProjectDamaged(
            "{path} is damaged or not a Labeller project ({reason}). `restore` recovers a backup.",
            path=path,
            reason=reason,
        )
    if code.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return LabellerError(
            "{path} cannot be written ({error}). Check the folder's permissions.",
            path=path,
            error=error,
        )
    if code == "SQLITE_FULL":
        return LabellerError("The disk is full; {path} is unchanged. Free some space.", path=path)
    if code.startswith("SQLITE_IOERR"):
        return LabellerError(
            "The disk is full or unusable; {path} is unchanged ({error}). Free some "
            "space, or check the disk.",
            path=path,
            error=quoted(str(error)),
        )
    if "created in a thread" in str(error):
        return LabellerError(
            "{path} was opened by another thread. Open the project again in this one.",
            path=path,
        )
    if "closed database" in str(error):
        return LabellerError("{path} was closed. Open the project again.", path=path)
    return LabellerError("{path}: {error}.", path=path, error=quoted(str(error)))


@contextmanager
def writing(db: Database) -> Iterator[None]:
    """A transaction that is durable once the block ends; an error rolls it back.

    Raises:
        LabellerError: the file was removed or replaced, so nothing would be kept.
    """
    if db.conn.in_transaction:
        with db.atomic():
            yield
        return
    require_file(db)
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.commit()
    except BaseException:
        if isinstance(db.conn, _Connection):
            db.conn.waiting.clear()
        db.rollback()
        raise
    if isinstance(db.conn, _Connection):
        waiting, db.conn.waiting = db.conn.waiting, []
        for call in waiting:
            call()


@contextmanager
def snapshot(db: Database) -> Iterator[None]:
    """All queries in the block see the same state, whatever other programs write meanwhile."""
    if db.conn.in_transaction:
        yield
        return
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.rollback()


def require_file(db: Database) -> None:
    """Raises LabellerError if the file was removed or replaced, so nothing would be kept."""
    if isinstance(db.conn, _Connection):
        db.conn.require_file()


def after_commit(db: Database, call: Callable[[], None]) -> None:
    """Within `writing`: call this once the transaction is durable, and never if it is
    rolled back."""
    assert isinstance(db.conn, _Connection)
    db.conn.waiting.append(call)


def of_ids(
    db: Database, sql: str, ids: Sequence[int], values: Sequence[Any] = ()
) -> Iterator[tuple]:
    """Rows of a query for any number of images.

    Args:
        sql: `{ids}` stands for the ids, as in `WHERE image_id IN ({ids})`. They are queried in
            blocks, so an ORDER BY holds only within a block.
        values: for the question marks before `{ids}`.
    """
    for start in range(0, len(ids), IDS_AT_ONCE):
        part = [int(one) for one in ids[start : start + IDS_AT_ONCE]]
        yield from db.execute(sql.format(ids=", ".join("?" * len(part))), [*values, *part])


def now() -> str:
    """The current time as stored: UTC, ISO 8601, milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
