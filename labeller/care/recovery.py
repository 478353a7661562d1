"""Recovery: `restore` replaces the database with a backup, `repair` rebuilds what can be rebuilt.
Neither discards anything that contained labels."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from labeller.care.checking import damage_of_checkpoint, damaged_thumbnails, tensor_problem
from labeller.core.errors import LabellerError, UnusableHere
from labeller.core.files import make_folder, open_regular, sync_folder
from labeller.core.run import Run
from labeller.project.curation import leftovers
from labeller.project.image_reading import rebuild_cache
from labeller.project.project import (
    DATABASE,
    DATABASE_FILES,
    Project,
    explaining,
    hold,
    require_own_files,
)
from labeller.store import histories
from labeller.store.backups import FOLDER, Backup, back_up, backups
from labeller.store.database import ERRORS, as_uri, connect, now
from labeller.store.journal import Journal
from labeller.store.log import digests, last_digest


class DamagedBackup(LabellerError):
    """The backup is damaged."""


class ForeignBackup(LabellerError):
    """The backup belongs to another project."""


def restore(folder: Path, name: str, exactly: bool = False, force: bool = False) -> str:
    """Replace the project's database with a backup; return what was done, in words.

    Labels given since then are added from the journal, unless `exactly` the backup is wanted.
    Everything is prepared separately and moved into place in the last step. The current database is
    first kept in `backups/`: as a backup or, if it is damaged, as raw files.

    Args:
        force: whether a backup of another project may be restored.

    Raises:
        LabellerError: there is no such backup, it is itself damaged or belongs to another project,
            or the project is open.
    """
    chosen = next((b for b in backups(folder) if b.name == name), None)
    if chosen is None:
        raise LabellerError(
            "{folder} has no backup {name}. `restore` alone lists them.", folder=folder, name=name
        )
    with _held(folder) as folder:
        _require_whole(chosen)
        if not force:
            _require_same_project(folder, chosen)
        journal = Journal(folder)
        contents = journal.read()
        with _ready_copy(folder, chosen) as (copy, db):
            followed = histories.Followed()
            if not exactly:
                followed = histories.follow(db, journal, contents, lost=True)
            tip = last_digest(db)
            db.close()
            kept = _take_its_place(folder, copy)
        if contents.mentions and (followed.recorded or tip != contents.last):
            journal.record_reset(tip)
    read = ", ".join(path.name for path in contents.others)
    since = f"{followed.actions} actions since then" + (f" (read from {read} too)" if read else "")
    return f"{name} was restored, and {since}; the previous data is in {kept}"


def change_history(folder: Path, name: str) -> str:
    """Switch to another history in the journal; return what was done.

    It is rebuilt from the newest backup that it continues. The previous database is kept as a
    backup.

    Args:
        name: the first characters of the digest of its newest action, as shown by `check`.

    Raises:
        LabellerError: there is no such history, no backup that it continues, or the project is
            open.
    """
    with _held(folder) as folder:
        journal = Journal(folder)
        contents = journal.read()
        ends = [end for end in contents.ends() if name and end.startswith(name)]
        if len(ends) != 1:
            raise LabellerError(
                "{folder} has no history {name}. `check` names them.", folder=folder, name=name
            )
        for backup in backups(folder):
            try:
                _require_whole(backup)
            except DamagedBackup:
                continue
            with _ready_copy(folder, backup) as (copy, db):
                if ends[0] in digests(db) or contents.path(ends[0], {last_digest(db)}) is None:
                    continue
                done = histories.follow(db, journal, contents, ends[0]).actions
                if last_digest(db) != ends[0]:
                    continue
                db.close()
                kept = _take_its_place(folder, copy)
            journal.record_reset(ends[0])
            return (
                f"{backup.name} and {done} actions after it were restored; the previous data is in "
                f"{kept}"
            )
    raise LabellerError(
        "No backup of {folder} leads to the history {name}.", folder=folder, name=name
    )


def restore_newest(folder: Path) -> str:
    """Restore the newest intact backup.

    Raises:
        LabellerError: there is none.
    """
    for backup in backups(folder):
        try:
            return restore(folder, backup.name)
        except (DamagedBackup, ForeignBackup):
            continue
    raise LabellerError("{folder} has no backup to restore.", folder=folder)


def repair(project: Project, run: Run = Run()) -> list[str]:
    """Rebuild what can be rebuilt; return what was done as sentences.

    Labels are never touched. Damaged tables cannot be repaired: use `restore`.
    """
    done = []
    if project.integrity_problems():
        project.rebuild_indexes()
        if not project.integrity_problems():
            done.append("The database's indexes were rebuilt from its tables.")
    if tensor_problem(project, run) is not None:
        rebuild_cache(project, run)
        done.append("The image cache was rebuilt.")
    thumbnails = damaged_thumbnails(project)
    for path in thumbnails:
        path.unlink(missing_ok=True)
    if thumbnails:
        done.append(f"{len(thumbnails)} damaged thumbnails were removed; they are made on demand.")
    for trained in project.runs.all():
        with suppress(
            UnusableHere
        ):  # intact, but from a later version or for other weights: keep it
            if trained.checkpoint and damage_of_checkpoint(project, trained.checkpoint):
                project.runs.discard(trained.id)
                done.append(f"The model of run {trained.id} is lost; train again.")
    done += _repair_journal(project)
    for path in leftovers(project.folder):
        path.unlink(missing_ok=True)
        done.append(f"{path.name}, left by an interrupted program, was removed.")
    return done


def _repair_journal(project: Project) -> list[str]:
    """Repair what opening the project has not already repaired."""
    done = []
    contents = project.journal.read()
    if contents.bad:
        make_folder(project.folder / FOLDER, project.folder)
        kept = project.folder / FOLDER / f"labels-{_stamp()}.jsonl"
        project.journal.drop_bad_lines(kept)
        done.append(
            f"Unreadable lines removed from the journal: {contents.bad}; the original is kept as "
            f"{FOLDER}/{kept.name}."
        )
        contents = project.journal.read()  # lines have moved
    branches = any("another history" in problem for problem in project.reconciliation.problems())
    if contents.others or contents.scattered:
        stamp = f"labels-{_stamp()}"
        kept = make_folder(project.folder / FOLDER / stamp, project.folder)
        project.reconciliation.bring_together(contents, kept)
        read = ", ".join(path.name for path in contents.others)
        done.append(
            "The lines of the journal were put in order"
            + (f", with those of {read}" if read else "")
            + f"; the originals are kept in {FOLDER}/{stamp}."
        )
    elif branches:
        project.reconciliation.keep_this_history()
    if branches:
        done.append("The current history is kept; the journal still contains the other one.")
    return done


@contextmanager
def _held(folder: Path) -> Iterator[Path]:
    """Hold the project's lock, and explain database errors."""
    folder = folder.resolve()
    require_own_files(folder)
    lock = hold(folder)
    try:
        with explaining(folder):
            yield folder
    except OSError as error:
        raise LabellerError(
            "Nothing was restored, and {folder} is unchanged ({reason}). Free some "
            "space, or check its permissions.",
            folder=folder,
            reason=error.strerror or error,
        ) from error
    finally:
        lock.release()


@contextmanager
def _ready_copy(folder: Path, backup: Backup) -> Iterator[tuple[Path, Database]]:
    """An opened, up-to-date copy of a backup beside the project's files."""
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=folder) as name:
        copy = Path(name) / DATABASE
        with open_regular(backup.path) as file, copy.open("xb") as target:
            shutil.copyfileobj(file, target)
        with closing(connect(copy)) as db:
            yield copy, db


def _take_its_place(folder: Path, copy: Path) -> str:
    """Replace the project's database; return where the old one is kept."""
    kept = _set_aside(folder)
    # The write-ahead log comes last: it is worthless without its database.
    for name in DATABASE_FILES[1:]:
        (folder / name).unlink(missing_ok=True)
    copy.replace(folder / DATABASE)
    sync_folder(folder)
    return kept


def _require_whole(backup: Backup) -> None:
    copy = sqlite3.connect(f"{as_uri(backup.path)}?mode=ro", uri=True)
    try:
        found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    except ERRORS as error:
        found = str(error)
    finally:
        copy.close()
    if found != "ok":
        raise DamagedBackup(
            "{name} is damaged too ({found}). Choose another one.", name=backup.name, found=found
        )


@dataclass(frozen=True)
class _Identity:
    """The identity of a project: its unique number or, in older versions, its images."""

    own: str | None
    images: list[tuple]
    tip: str | None  # digest of the last action

    def is_other_than(self, other: "_Identity") -> bool:
        if self.own and other.own:
            return self.own != other.own
        return self.images != other.images


def _identity(path: Path) -> _Identity | None:
    """The identity of the project in a database; None if that cannot be read."""
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{as_uri(path)}?immutable=1", uri=True)) as connection:
            own = connection.execute("SELECT value FROM setting WHERE key = 'identity'").fetchone()
            images = connection.execute(
                "SELECT path, sha256 FROM image WHERE state = 'ready' ORDER BY id LIMIT 100"
            ).fetchall()
            tip = connection.execute(
                "SELECT digest FROM action ORDER BY id DESC LIMIT 1"
            ).fetchone()
            return _Identity(own[0] if own else None, images, tip[0] if tip else None)
    except ERRORS:
        return None


def _require_same_project(folder: Path, chosen: Backup) -> None:
    """Raises LabellerError if a backup belongs to another project, judging by the database or, if
    that is lost, by the journal and other backups."""
    wanted = _identity(chosen.path)
    if wanted is None:
        return
    known = _identity(folder / DATABASE)
    if known is None:
        written = Journal(folder).read().places
        found = [each for backup in backups(folder) if (each := _identity(backup.path))]
        known = next((each for each in [wanted, *found] if each.tip in written), None)
    if known is not None and known.is_other_than(wanted):
        raise ForeignBackup(
            "{name} is a backup of another project. Nothing was changed.",
            settings=["force"],
            name=chosen.name,
        )


def _stamp() -> str:
    return now().replace(":", "").replace("+0000", "Z")


def _set_aside(folder: Path) -> str:
    """Keep the current database in `backups/`; return where.

    Raises:
        OSError, sqlite3.Error: there is no room for it; nothing was changed.
    """
    database = folder / DATABASE
    if not database.exists():
        return "nothing"
    try:
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA schema_version").fetchone()
            return back_up(connection, folder, "before-restore").name
    except ERRORS as error:
        if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_FULL", "SQLITE_IOERR")):
            raise
    except LabellerError:
        pass
    make_folder(folder / FOLDER, folder)
    place = folder / FOLDER / f"damaged-{_stamp()}"
    place.mkdir()
    try:
        for name in DATABASE_FILES:
            if (folder / name).exists():
                shutil.copy(folder / name, place / name)
    except OSError:
        shutil.rmtree(place)
        raise
    return f"{FOLDER}/{place.name}"
