"""After damage: `restore` puts a backup in the place of the database, `repair` mends what can be
made again. Neither throws anything away that held labels."""

import shutil
import sqlite3
from pathlib import Path

from labeller.checking import checkpoint_problem, damaged_thumbnails, tensor_problem
from labeller.creation import rebuild_cache
from labeller.errors import LabellerError
from labeller.progress import Report, ShouldStop, ignore, never
from labeller.project import DATABASE, Project, explaining, hold
from labeller.store.backups import Backup, back_up, backups
from labeller.store.database import ERRORS, now


class DamagedBackup(LabellerError):
    """This one cannot be restored."""


def restore(folder: Path, name: str, exactly: bool = False) -> str:
    """Put a backup in the place of the project's database; returns what was done, in words.

    Labels that were given since come from the journal, unless `exactly` the backup is wanted.
    The database as it is goes to `backups/` first: as a backup, or, where it is damaged, its files
    as they are.

    Raises:
        LabellerError: there is no such backup, it is damaged itself, or the project is open.
    """
    folder = folder.resolve()
    chosen = next((b for b in backups(folder) if b.name == name), None)
    if chosen is None:
        raise LabellerError(f"{folder} has no backup {name}. `restore` alone lists them.")
    lock = hold(folder)
    try:
        with explaining(folder):
            _require_whole(chosen)
            restored = folder / f"{DATABASE}.restored"
            shutil.copy(chosen.path, restored)
            kept = _set_aside(folder)
            restored.replace(folder / DATABASE)
            with Project(folder, lock=False) as project:  # brings an older schema up to date
                since = 0 if exactly else project.replay_journal()
    finally:
        lock.release()
    return f"{name} was restored, and {since} actions since then; what was there before is {kept}"


def restore_newest(folder: Path) -> str:
    """Likewise, with the newest backup that is whole.

    Raises:
        LabellerError: there is none.
    """
    for backup in backups(folder):
        try:
            return restore(folder, backup.name)
        except DamagedBackup:
            continue
    raise LabellerError(f"{folder} has no backup that could be restored.")


def repair(project: Project, report: Report = ignore, should_stop: ShouldStop = never) -> list[str]:
    """Mend what can be made again; returns what was done, a sentence each.

    Labels are never touched. A damaged table cannot be mended: `restore` is for that.
    """
    done = []
    if project.integrity_problems():
        project.rebuild_indexes()
        if not project.integrity_problems():
            done.append("The database's indexes were made anew from its tables.")
    if tensor_problem(project, report) is not None:
        rebuild_cache(project, report, should_stop)
        done.append("The image cache was made anew.")
    thumbnails = damaged_thumbnails(project)
    for path in thumbnails:
        path.unlink(missing_ok=True)
    if thumbnails:
        done.append(f"{len(thumbnails)} damaged thumbnails were removed; they are made on demand.")
    for run in project.runs.all():
        if run.checkpoint and checkpoint_problem(project, run.checkpoint):
            project.runs.discard(run.id)
            done.append(f"The model of run {run.id} is lost; train again.")
    for path in leftovers(project.folder):
        path.unlink(missing_ok=True)
        done.append(f"{path.name}, left by an interrupted program, was removed.")
    return done


def leftovers(folder: Path) -> list[Path]:
    """Temporary files of programs that were killed."""
    return sorted(folder.rglob(".*.tmp"))


def _require_whole(backup: Backup) -> None:
    copy = sqlite3.connect(f"file:{backup.path}?mode=ro", uri=True)
    try:
        found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    except ERRORS as error:
        found = str(error)
    finally:
        copy.close()
    if found != "ok":
        raise DamagedBackup(f"{backup.name} is damaged itself ({found}). Choose another one.")


def _set_aside(folder: Path) -> str:
    """Take the database away, kept in `backups/`; returns where."""
    database = folder / DATABASE
    files = [database.with_name(DATABASE + end) for end in ("", "-wal", "-shm")]
    if not database.exists():
        kept = "nothing"
    else:
        try:
            connection = sqlite3.connect(database)
            try:
                kept = back_up(connection, folder, "before-restore").name
            finally:
                connection.close()
        except (*ERRORS, LabellerError):
            place = folder / "backups" / f"damaged-{now().replace(':', '')}"
            place.mkdir(parents=True)
            for file in files:
                if file.exists():
                    shutil.copy(file, place / file.name)
            kept = f"backups/{place.name}"
    # The write-ahead log goes last: without its database it is worth nothing.
    for file in files:
        file.unlink(missing_ok=True)
    return kept
