"""A project: the folder a user opens, and the only access to what is stored in it.

project.sqlite   everything that people entered or models learnt (labeller/store)
cache/           training tensors and thumbnails; can be rebuilt
checkpoints/     one safetensors file for each training run
guidelines/      pictures of the guidelines (labeller/project/guidelines.py)
images/          images unpacked from an archive or written from a known data set
labels.jsonl     a second copy of the log (labeller/store/journal.py)
experiments/     results of simulations (labeller/experiments/queue.py)
backups/         earlier states of project.sqlite (labeller/store/backups.py)
lock             held while a program may write
"""

import os
import shutil
import sqlite3
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from filelock import FileLock, Timeout

from labeller.core.errors import LabellerError, ProjectDamaged, Remark, Word, quoted
from labeller.core.files import is_folder, is_regular, make_folder, umask
from labeller.pool.cache import RESOLUTIONS, FileTable, ImageFiles, TensorCache, ThumbnailCache
from labeller.pool.channels import parsed
from labeller.pool.decode import MEGAPIXELS, Reading
from labeller.pool.rows import Rows, mark
from labeller.store.agreement import Agreement
from labeller.store.backups import back_up, backups
from labeller.store.carried import LabelReader
from labeller.store.classes import Classes
from labeller.store.database import (
    ERRORS,
    connect,
    explained,
    was_made_by_an_earlier_version,
    writing,
)
from labeller.store.histories import Reconciliation
from labeller.store.images import Images
from labeller.store.inspection import require_sound
from labeller.store.journal import FILE as JOURNAL
from labeller.store.journal import Journal
from labeller.store.labels import Labels
from labeller.store.ledger import Ledger
from labeller.store.merging import Merged, Merging, newest_merge, part
from labeller.store.oracle import Oracle
from labeller.store.pace import Pace, pace_of
from labeller.store.predictions import ModelLabels, PriorPredictions, Suggestions
from labeller.store.review import Review
from labeller.store.rounds import Rounds
from labeller.store.runs import TrainingRun, TrainingRuns
from labeller.store.schema import foreign_parts
from labeller.store.settings import Guidelines, Notes, Settings, damaged

DATABASE = "project.sqlite"
DATABASE_FILES = tuple(DATABASE + end for end in ("", "-wal", "-shm", "-journal"))
LOCK = "lock"
OWN_FILES = (*DATABASE_FILES, JOURNAL, LOCK, "cache/tensors.npy", "cache/tensors.marks.npy")
OWN_FOLDERS = (
    "cache", "cache/thumbnails", "checkpoints", "images", "experiments", "backups", "guidelines",
)  # fmt: skip
DEFAULT_BATCH_SIZE = 50
DEFAULT_RESOLUTION = 32


class ProjectLocked(LabellerError):
    """Another program has the project open; it can be opened read-only."""


@dataclass(frozen=True)
class Status:
    """Where a project stands. `images` counts the readable ones of the pool, copies included;
    `by_model` those that only a model has labelled."""

    images: int
    classes: int
    labelled: int
    skipped: int
    unreadable: int
    duplicates: int
    rounds: int
    test_accuracy: float | None
    by_model: int = 0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class Project:
    """An open project. It belongs to the thread that opened it.

    Args:
        folder: the project's folder.
        lock: hold the project against other programs that write; False for a second thread of the
            program that holds it.
        read_only: for readers, who need no lock and can write nothing. A project of an earlier
            version is migrated first if possible; otherwise a copy of it is migrated in memory.

    `notices` are sentences that a person should see, such as what was restored from the journal or
    cannot be written.

    Raises:
        ProjectLocked: another program holds it.
        LabellerError: there is no project, or it is damaged or of a newer version.
    """

    def __init__(self, folder: Path, lock: bool = True, read_only: bool = False) -> None:
        self.folder = folder.resolve()
        self.read_only = read_only
        self.notices: list[str] = []
        lock = lock and not read_only
        _require_database(folder)
        require_own_files(self.folder, read_only)
        if read_only:
            self._migrate()
        self._lock = hold(self.folder) if lock else None
        try:
            with explaining(self.folder):
                self._open()
                if lock:
                    self.images.settle_roots(self.settings)
                    self.runs.fail_interrupted()
                    self.notices += self.reconciliation.reconcile()
                    self.rounds.declare_audits()
        except BaseException:
            if hasattr(self, "_db"):
                self._db.close()
            self._release()
            raise

    @classmethod
    def new(cls, folder: Path) -> Self:
        """Create an empty project in `folder`, which must not exist or be empty, and open it."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / DATABASE).touch()
        return cls(folder)

    def _migrate(self) -> None:
        """Migrate the database for a reader, if that is writable and nobody else has the project
        open."""
        database = self.folder / DATABASE
        if os.access(self.folder, os.W_OK) and was_made_by_an_earlier_version(database):
            with suppress(LabellerError):
                require_own_files(self.folder)
                lock = hold(self.folder)
                try:
                    connect(database).close()
                finally:
                    lock.release()

    def _open(self) -> None:
        self._db = connect(self.folder / DATABASE, self.read_only)
        if foreign := foreign_parts(self._db):
            raise LabellerError(
                "{path} contains triggers or views that Labeller did not create "
                "({foreign}). It is not opened.",
                path=self.folder / DATABASE,
                foreign=quoted(", ".join(foreign)),
            )
        self.journal = Journal(self.folder)
        self._ledger = Ledger(self._db, None if self.read_only else self.journal)
        self.reconciliation = Reconciliation(self._db, self.journal)
        self.settings = Settings(self._db, self._ledger)
        self.classes = Classes(self._db, self._ledger)
        self.images = Images(self._db, self.folder)
        self.labels = Labels(self._db, self._ledger)
        self.agreement = Agreement(self._db, self._ledger)
        self.guidelines = Guidelines(self.settings, self._ledger)
        self.notes = Notes(self._db, self._ledger)
        self.review = Review(self._db, self.agreement, self.settings)
        self.suggestions = Suggestions(self._db)
        self.model_labels = ModelLabels(self._db)
        self.prior_predictions = PriorPredictions(self._db)
        self.label_reader = LabelReader(self._db, self.images)
        self.oracle = Oracle(self._db)
        self.rounds = Rounds(self._db, self._ledger)
        self.runs = TrainingRuns(self._db)
        self.thumbnails = ThumbnailCache(self.folder / "cache" / "thumbnails", self.folder)
        try:
            self.thumbnails.reading = self.reading
        except LabellerError as error:  # labels must not wait for it
            self.notices.append(str(error).removesuffix("."))
        self.tensor_cache = TensorCache(self.folder / "cache" / "tensors.npy", self.folder)

    def integrity_problems(self) -> list[str]:
        """The problems that SQLite finds in the database: damage and dangling references."""
        rows = [row[0] for row in self._db.execute("PRAGMA integrity_check")]
        lost = self._db.execute("PRAGMA foreign_key_check").fetchall()
        return [row for row in rows if row != "ok"] + [
            f"row {row} of {table} refers to a missing row of {parent}"
            for table, row, parent, _ in lost
        ]

    def rebuild_indexes(self) -> None:
        """Rebuild the database's indexes from its tables."""
        self._db.execute("REINDEX")

    @property
    def connection(self) -> sqlite3.Connection:
        """The SQLite connection, for whole-database backups."""
        found: sqlite3.Connection = self._db.conn
        return found

    def merge_log(self, other: "Project", images: dict[int, int]) -> Merged:
        """Merge the log of another copy (labeller/store/merging.py); `images` maps its images to
        ours.

        Raises:
            LabellerError: it contains something that no copy can contain.
        """
        require_sound(self._db, other._db, str(other.folder))
        done = Merging(self._db, self._ledger, other._db, images).run()
        self.labels = Labels(self._db, self._ledger)  # its cached log state is outdated
        return done

    def forget_log(self) -> None:
        """Clear cached state of the log after a rollback."""
        self.labels = Labels(self._db, self._ledger)

    @property
    def can_undo_merge(self) -> bool:
        """Whether there is a merge that has not been undone."""
        return newest_merge(self._db) is not None

    def undo_merge(self, annotator: str) -> list[int] | None:
        """Undo the newest merge as one action; return the images that changed, None if there was no
        merge. Later labels stay."""
        changed = part(self._db, self._ledger, annotator)
        self.labels = Labels(self._db, self._ledger)
        return changed

    def back_up(self, reason: str) -> Path:
        """Back up the database to `backups/`."""
        return back_up(self._db.conn, self.folder, reason)

    def version(self) -> int:
        """A number that changes whenever another connection has changed something."""
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def schema(self) -> str:
        """The SQL that creates its tables."""
        return str(self._db.schema)

    def table_sizes(self) -> dict[str, int]:
        """The number of rows of each table."""
        return {name: self._db.table(name).count for name in self._db.table_names()}

    def transaction(self) -> AbstractContextManager[None]:
        """A block whose changes are stored all together or not at all."""
        self._ledger.require()
        return writing(self._db)

    def close(self) -> None:
        self._db.close()
        self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- settings

    @property
    def complete(self) -> bool:
        """Whether the import of its images is finished."""
        return bool(self.settings.get("complete", False))

    @property
    def was_complete(self) -> bool:
        """Whether it ever was: images may be waiting to be reread (`image_reading`)."""
        return self.settings.get("complete") is not None

    @property
    def resolution(self) -> int:
        """Side length of the training images in pixels."""
        return self.settings.whole_number(
            "resolution", DEFAULT_RESOLUTION, RESOLUTIONS[0], RESOLUTIONS[-1]
        )

    @property
    def batch_size(self) -> int:
        """Images per round."""
        return self.settings.whole_number("batch_size", DEFAULT_BATCH_SIZE, 1)

    @property
    def seed(self) -> int:
        return self.settings.whole_number("seed", 0, 0)

    @property
    def hides_labels(self) -> bool:
        """Whether folder names are hidden labels, so that paths must not be shown."""
        return bool(self.settings.get("truth_in_paths", False))

    @property
    def import_notes(self) -> list[Remark]:
        """Remarks on what the import guessed, ignored or found unusual."""
        found = self.settings.get("import_notes", [])
        return [Remark.restored(note) for note in found] if isinstance(found, list) else []

    @property
    def reading(self) -> Reading:
        """How its image files are decoded."""
        grey = self.settings.get("grey")
        if grey is not None and not _is_range(grey):
            raise damaged("grey")
        channels: Any = self.settings.get("channels", "")
        try:
            parsed(channels)
        except (ValueError, TypeError, AttributeError):
            raise damaged("channels") from None
        return Reading(
            None if grey is None else (float(grey[0]), float(grey[1])),
            self.settings.whole_number("megapixels", MEGAPIXELS, 1),
            self.settings.get("true_colour", False) is True,
            channels,
        )

    def set_reading(self, reading: Reading) -> None:
        """Change how image files are decoded; caches are not rebuilt."""
        self.settings.set("grey", None if reading.grey is None else list(reading.grey))
        self.settings.set("megapixels", reading.megapixels)
        self.settings.set("true_colour", reading.true_colour)
        self.settings.set("channels", reading.channels)
        self.thumbnails.reading = reading

    # -- derived

    def tensors(self) -> Rows:
        """Training images: uint8 [images, side, side, 3]; row `image id - 1`.

        Raises:
            LabellerError: the cache is missing or damaged.
        """
        try:
            tensors = self.tensor_cache.open()
            if tensors.shape[0] != self.images.count():
                raise ValueError("wrong number of rows")
            keys = self.images.keys()
            if not tensors.marked and not self.read_only:
                with suppress(OSError):  # without marks it is as good as before
                    tensors = mark(tensors, keys)
            tensors.expected = keys
        except (OSError, ValueError) as error:
            raise LabellerError(
                "The image cache of {folder} is missing or damaged ({error}). "
                "`check --repair` rebuilds it.",
                folder=self.folder,
                error=error,
            ) from error
        return tensors

    def image_files(self) -> ImageFiles:
        """The image files, for code that needs more than the tensor cache; derived data is stored
        beside it."""

        def read() -> FileTable:
            by_range = self.reading.grey is not None
            blocks = (
                [
                    (image_id - 1, source, path, digest, width, height, by_range and bits != 0)
                    for image_id, source, path, digest, width, height, bits in block
                ]
                for block in self.images.in_columns()
            )
            return FileTable(self.images.roots_by_source(), blocks)

        folder = self.tensor_cache.path.parent
        writable = not self.read_only and os.access(folder, os.W_OK)
        return ImageFiles(read, self.thumbnails, folder / "features", writable)

    def untaught(self, class_ids: Iterable[int]) -> list[str]:
        """Names of classes in use that are not among these ids, so that a model of these has never
        seen them."""
        standing, counts = self.classes.standing_for(), self.labels.counts_by_class()
        taught = {standing.get(class_id) for class_id in class_ids}
        return [c.name for c in self.classes.all() if c.id not in taught and c.id in counts]

    def is_outdated(self, run: TrainingRun) -> bool:
        """Whether there are labels of classes that a run's model has never seen, which invalidates
        its measured accuracy."""
        return bool(run.classes and self.untaught(run.classes))

    def pace(self) -> Pace:
        """When people labelled, and how long an image took them."""
        return pace_of(self._db)

    def status(self) -> Status:
        images = self.images.counts()
        labelled, skipped = self.labels.counts()
        run = self.runs.newest_usable()
        known = run is not None and not self.is_outdated(run)
        return Status(
            images["ready"],
            len(self.classes.all()),
            labelled,
            skipped,
            images["unreadable"],
            images["duplicates"],
            self.rounds.count(),
            run.test_accuracy if run is not None and known else None,
            self.model_labels.count(),
        )

    def checkpoint(self, run_id: int) -> Path:
        """The path for a run's weights; creates its folder."""
        folder = make_folder(self.folder / "checkpoints", self.folder)
        return folder / f"run-{run_id:04d}.safetensors"

    def stored_checkpoint(self, name: str) -> Path | None:
        """The file of a checkpoint by the name stored with its run; None if it is missing, or is
        not one of the project's own files."""
        path = self.folder / name
        own = path.parent == self.folder / "checkpoints" and is_folder(path.parent)
        return path if own and is_regular(path) else None

    @contextmanager
    def scratch(
        self, prepare: Callable[["Project"], None] = lambda copy: None, folder: Path | None = None
    ) -> Iterator["Project"]:
        """A copy without labels, rounds and runs, for simulations.

        It shares the images and the tensor cache, which nothing writes to.

        Args:
            prepare: called once with a new copy; if it raises, the copy is not kept.
            folder: where to keep the copy, which is reopened if it exists; without it, the copy is
                deleted afterwards.
        """
        with ExitStack() as stack:
            if folder is None:
                name = stack.enter_context(tempfile.TemporaryDirectory(prefix="labeller-"))
                folder = Path(name) / "copy"
            if not (folder / DATABASE).is_file():
                # `folder` appears complete.
                folder.parent.mkdir(exist_ok=True)
                unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
                unfinished.chmod(0o777 & ~umask())  # mkdtemp denies access to everybody else
                try:
                    with Project.new(unfinished) as copy:
                        copy._take_over(self)
                        prepare(copy)
                    unfinished.rename(folder)
                finally:
                    shutil.rmtree(unfinished, ignore_errors=True)
            copy = stack.enter_context(Project(folder))
            copy.tensor_cache, copy.thumbnails = self.tensor_cache, self.thumbnails
            yield copy

    def _take_over(self, other: "Project") -> None:
        with self._db.atomic():
            # `duplicate_of` may refer to later rows
            self._db.execute("PRAGMA defer_foreign_keys = ON")
            for table in ("setting", "class", "source", "image", "truth"):
                # Not with ATTACH: without write access SQLite cannot open it a second time.
                rows = other._db.execute(f"SELECT * FROM {table}")
                marks = ", ".join("?" * len(rows.description))
                self._db.conn.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", rows)
            for source, root in self._db.execute("SELECT id, root FROM source").fetchall():
                real = other.images.real_root(root).as_posix()
                self._db.execute("UPDATE source SET root = ? WHERE id = ?", [real, source])

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()


def _is_range(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(type(number) in (int, float) for number in value)
        and all(abs(number) < sys.float_info.max for number in value)
        and value[0] < value[1]
    )


def hold(folder: Path) -> FileLock:
    """Keep other programs from writing to a project; the system releases the lock if this
    one dies.

    Raises:
        ProjectLocked: another program holds it.
        LabellerError: the folder cannot be written.
    """
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ProjectLocked(
            "{folder} is open in another Labeller. Close that one, or open this one read-only.",
            folder=folder,
        ) from None
    except OSError as error:
        raise LabellerError(
            "{folder} cannot be written ({reason}). Check its permissions.",
            folder=folder,
            reason=error.strerror,
        ) from error
    return lock


def _require_database(folder: Path) -> None:
    if not folder.is_dir():
        raise LabellerError(
            "{folder} does not exist. Check the path, or create it with `create`.", folder=folder
        )
    if not (folder / DATABASE).exists():
        if backups(folder):
            raise ProjectDamaged(
                "{database} is missing from {folder}. `restore` recovers a backup.",
                database=DATABASE,
                folder=folder,
            )
        raise LabellerError(
            "{folder} is not a Labeller project (it has no {database}).",
            folder=folder,
            database=DATABASE,
        )


def explain_database_error(error: Exception, folder: Path | None = None) -> LabellerError | None:
    """The sentence for a database error; None for other errors."""
    where = Path(DATABASE) if folder is None else folder / DATABASE
    return explained(error, where) if isinstance(error, ERRORS) else None


@contextmanager
def explaining(folder: Path) -> Iterator[None]:
    """Turn database errors in the block into sentences for the user."""
    try:
        yield
    except ERRORS as error:
        raise explained(error, folder / DATABASE) from error


def require_own_files(folder: Path, read_only: bool = False) -> None:
    """Check that a project's files are its own: somebody else's project may contain a link to one
    of the user's files, and a hard-linked file may belong to two projects, which would overwrite
    each other's labels.

    Args:
        read_only: whether nothing will be written, so that hard links do no harm.

    Raises:
        LabellerError: a file or folder of the project is something else, such as a link, or also
            exists elsewhere.
    """
    for names, kind in ((OWN_FILES, stat.S_ISREG), (OWN_FOLDERS, stat.S_ISDIR)):
        for name in names:
            try:
                status = (folder / name).lstat()
            except OSError:
                continue
            mode = status.st_mode
            if stat.S_ISREG(mode) and status.st_nlink > 1 and name != LOCK and not read_only:
                raise LabellerError(
                    "{path} is a hard link to a file elsewhere, so two projects would write "
                    "to it. Replace it with a copy, then open the project again.",
                    path=folder / name,
                )
            if not kind(mode):
                found = Word("not a file") if kind is stat.S_ISREG else Word("not a folder")
                if stat.S_ISLNK(mode):
                    found = Word("a link")
                raise LabellerError(
                    "{path} is {found}. A project writes only to its own files and folders: "
                    "fix that, then open the project again.",
                    path=folder / name,
                    found=found,
                )
