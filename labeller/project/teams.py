"""Teams: people label one pool separately, in copies of the project that are then merged."""

import random
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout
from labeller_models.registry import mark

from labeller.core.errors import LabellerError
from labeller.core.files import is_folder, is_regular, require_output
from labeller.core.run import Progress, Run
from labeller.exchange.placing import folder_name
from labeller.pool import archives
from labeller.project.guidelines import FOLDER as PICTURES
from labeller.project.guidelines import take_pictures
from labeller.project.project import DATABASE, Project
from labeller.store.backups import BEFORE_MERGE, back_up
from labeller.store.database import as_uri, was_made_by_an_earlier_version
from labeller.store.images import Whereabouts

STAGE = mark("Making copies")
PACKED = ".zip"
UNFINISHED = ".labeller-split"
"""Name prefix of the folder in which copies are made, and its lock file."""


@dataclass(frozen=True)
class Part:
    """A copy for one person: its place, and its number of open images."""

    name: str
    place: Path
    images: int


@dataclass(frozen=True)
class Taken:
    """What a merge of one copy changed, or would change.

    Attributes:
        actions: number of actions that were not known; `people`: how many are by whom.
        images: number of images that they are about.
        unknown: number of events about images that the project does not have.
        differing: number of images that people disagree about afterwards.
        labelled, changed, emptied: numbers of images that gained a label (or a reason for being put
            aside), whose label is another one now, and that lost theirs.
        new_classes, archived, renamed: names of classes; of renamed ones, the old and new names.
    """

    actions: int
    images: int
    unknown: int
    differing: int
    people: dict[str, int] = field(default_factory=dict)
    labelled: int = 0
    changed: int = 0
    emptied: int = 0
    new_classes: tuple[str, ...] = ()
    archived: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


class _OnlyLooking(Exception):
    """Rolls back a dry run."""


def split(
    project: Project,
    names: Sequence[str],
    output: Path,
    overlap: float = 0.0,
    with_images: bool = False,
    pack: bool = False,
    seed: int = 0,
    run: Run = Run(),
) -> list[Part]:
    """Make a copy of a project for each of several people, with only their share of the open images
    to label; every copy has all existing labels.

    Args:
        output: a new folder for the copies.
        overlap: share of the open images that everybody gets, between 0 and 1, to see how far they
            agree.
        with_images: put the images of each share into its copy.
        pack: make one .zip per person, to send; `labeller open` unpacks it.

    Raises:
        LabellerError: a name is given twice, `output` exists, or a disk is full.
    """
    folders = [folder_name(name) for name in names]
    if len(names) < 2 or len({folder.casefold() for folder in folders}) < len(names):
        raise LabellerError("Name at least two people, each once.")
    if not 0 <= overlap <= 1:
        raise LabellerError("The overlap must lie between 0 and 100 %, such as 10% or 0.1.")
    require_output(output)
    shares = _shares(project.images.open().tolist(), len(names), overlap, seed)
    output.parent.mkdir(parents=True, exist_ok=True)
    _remove_unfinished(output.parent)
    unfinished = Path(tempfile.mkdtemp(UNFINISHED, f".{output.name}.", output.parent))
    mark = FileLock(unfinished / UNFINISHED)
    parts = []
    try:
        mark.acquire()
        for done, (name, folder, share) in enumerate(zip(names, folders, shares, strict=True)):
            run.report(Progress(STAGE, done, len(names)))
            title = f"{project.folder.name}-{folder}"
            place = unfinished / title
            _copy(project, place, set(share), name, output / title, with_images)
            if pack:
                _pack(place, place.with_name(title + PACKED))
                shutil.rmtree(place)
            parts.append(Part(name, output / (title + PACKED if pack else title), len(share)))
        run.report(Progress(STAGE, len(names), len(names)))
        unfinished.chmod(0o755)
        mark.release()
        unfinished.rename(output)
        (output / UNFINISHED).unlink(missing_ok=True)
    except OSError as error:
        raise LabellerError(
            "The copies cannot be made ({reason}).", reason=error.strerror or error
        ) from error
    finally:
        mark.release()
        shutil.rmtree(unfinished, ignore_errors=True)
    return parts


def _remove_unfinished(folder: Path) -> None:
    """Delete leftovers of killed splits into this folder; a running one holds its lock file."""
    for left in folder.glob(f".*{UNFINISHED}"):
        if not is_folder(left):
            continue
        with suppress(OSError):
            left.rmdir()  # killed before it held the lock
        if is_regular(left / UNFINISHED):
            with suppress(OSError, Timeout), FileLock(left / UNFINISHED, timeout=0):
                shutil.rmtree(left, ignore_errors=True)


def merge(project: Project, other: Path, dry_run: bool = False) -> Taken:
    """Merge the log of another copy of a project: a folder, or a .zip made by `split`.

    Keeps who did what and when; nothing is merged twice or in part. The database is backed up
    first, and `Project.undo_merge` undoes the merge.

    Args:
        dry_run: only say what would change.

    Raises:
        LabellerError: it is not a project, shares no image with this one, or contains something
            that no copy can contain.
    """
    with opened_copy(other) as copy:
        if copy.folder == project.folder:
            raise LabellerError("A project cannot be merged with itself.")
        images = _same_images(project, copy)
        if not images:
            raise LabellerError("{other} has no image of this project.", other=other)
        if not dry_run:
            try:
                project.back_up(BEFORE_MERGE)
            except OSError as error:
                raise LabellerError(
                    "{folder} cannot be backed up before the merge ({reason}). Nothing was merged.",
                    folder=project.folder,
                    reason=error.strerror or error,
                ) from error
        taken: Taken | None = None
        try:
            with project.transaction():
                taken = _merge(project, copy, images)
                if dry_run:
                    raise _OnlyLooking
        except _OnlyLooking:
            project.forget_log()
        else:
            take_pictures(project, copy)
        assert taken is not None
        return taken


def _merge(project: Project, copy: Project, images: dict[int, int]) -> Taken:
    every = range(1, project.images.count() + 1)
    before = {i: label.says for i, label in project.labels.current(every).items()}
    classes = {c.id: c for c in project.classes.all(archived=True)}
    found = project.merge_log(copy, images)
    after = {i: label.says for i, label in project.labels.current(every).items()}
    changed = [(classes.get(c.id), c) for c in project.classes.all(archived=True)]
    if changed and all(c.archived for _, c in changed):
        raise LabellerError(
            "{other} would archive every class. Nothing was changed.", other=copy.folder
        )
    return Taken(
        found.actions,
        len(found.images),
        found.unknown,
        len(project.agreement.disputed()),
        dict(found.people),
        len(after.keys() - before.keys()),
        sum(before[i] != after[i] for i in after.keys() & before.keys()),
        len(before.keys() - after.keys()),
        tuple(new.name for old, new in changed if old is None),
        tuple(new.name for old, new in changed if old and new.archived and not old.archived),
        tuple((old.name, new.name) for old, new in changed if old and old.name != new.name),
    )


@contextmanager
def opened_copy(place: Path) -> Iterator[Project]:
    """Open a copy of a project for reading; a packed one is unpacked temporarily.

    Raises:
        LabellerError: it is not a project.
    """
    place = place.expanduser()
    with tempfile.TemporaryDirectory(prefix="labeller-") as name:
        folder = Path(name) / "copy"
        if place.suffix.lower() == PACKED and place.is_file():
            place = unpack_project(place, folder, without_images=True)
        elif _is_older(place / DATABASE):  # it must be migrated, without changing theirs
            folder.mkdir()
            with closing(sqlite3.connect(f"{as_uri(place / DATABASE)}?mode=ro", uri=True)) as old:
                back_up(old, folder, "older").replace(folder / DATABASE)
            place = folder
        with Project(place, read_only=place != folder) as copy:
            if copy.read_only and not copy.connection.in_transaction:
                copy.connection.execute("BEGIN")  # somebody may keep labelling in it
                copy.table_sizes()
            yield copy


def _is_older(database: Path) -> bool:
    return is_regular(database) and was_made_by_an_earlier_version(database)


def unpack_project(archive: Path, folder: Path, without_images: bool = False) -> Path:
    """Unpack a packed project into a new folder; return the folder.

    Raises:
        LabellerError: it is not a packed project, is damaged, or `folder` exists.
    """
    names, _ = archives.entries(archive)
    if DATABASE not in names:
        raise LabellerError("{path} is not a packed project.", path=archive)
    if folder.exists():
        raise LabellerError("{path} already exists. Choose another name.", path=folder)
    needed = (DATABASE, f"{PICTURES}/")
    wanted = [n for n in names if n.startswith(needed)] if without_images else list(names)
    archives.unpack_files(archive, names, wanted, folder)
    return folder


def _shares(images: list[int], people: int, overlap: float, seed: int) -> list[list[int]]:
    """Each person's open images: the shared ones, then the others, dealt out in turn."""
    order = random.Random(seed).sample(images, len(images))
    common = order[: round(overlap * len(order))]
    rest = order[len(common) :]
    return [sorted([*common, *rest[number::people]]) for number in range(people)]


def _copy(
    project: Project, place: Path, share: set[int], name: str, final: Path, with_images: bool
) -> None:
    """Copy database and caches, without other people's open images."""
    place.mkdir()
    backup = back_up(project.connection, place, "split")
    backup.replace(place / DATABASE)
    backup.parent.rmdir()
    _copy_caches(project, place)
    with Project(place) as copy:
        others = [int(i) for i in copy.images.open() if int(i) not in share]
        copy.images.leave_out(others)
        copy.rounds.drop_from_batches(others)
        copy.settings.set("part", name)
        take_pictures(copy, project)
        copy.images.settle_as_if_at(place if with_images else final, project.folder)
        if with_images:
            copy.images.take_files_in(place, [image for image, _ in copy.images.each_file()])


def _copy_caches(project: Project, place: Path) -> None:
    """Copy caches, which could be rebuilt; links and other non-files are left out."""
    for source in sorted((project.folder / "cache").rglob("*")):
        relative = source.relative_to(project.folder)
        if is_regular(source) and not source.name.endswith(".tmp"):
            (place / relative).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, place / relative)
    run = project.runs.newest_usable()
    if run is not None and run.checkpoint is not None:
        file = project.stored_checkpoint(run.checkpoint)
        if file is not None:
            (place / "checkpoints").mkdir(exist_ok=True)
            shutil.copyfile(file, place / run.checkpoint)


def _pack(folder: Path, output: Path) -> None:
    """Pack a copy into one file; images and caches are already compressed."""
    with zipfile.ZipFile(output, "w", zipfile.ZIP_STORED) as archive:
        for file in sorted(folder.rglob("*")):
            if is_regular(file) and file.name != "lock":
                archive.write(file, file.relative_to(folder).as_posix())


def _same_images(project: Project, copy: Project) -> dict[int, int]:
    """Map images of the copy to ours: same number and content, otherwise same content. Among
    several with the same content, those of the same name are matched first."""
    ours = {w.id: w for w in project.images.whereabouts() if w.sha256}
    theirs = [w for w in copy.images.whereabouts() if w.sha256]
    found = {w.id: w.id for w in theirs if w.id in ours and ours[w.id].sha256 == w.sha256}
    free: dict[str, list[Whereabouts]] = {}
    for one in ours.values():
        if one.id not in found:
            free.setdefault(one.sha256, []).append(one)
    rest = [w for w in theirs if w.id not in found]
    for by_name in (True, False):
        for each in rest:
            fits = [
                one for one in free.get(each.sha256, ())
                if not by_name or one.file.name == each.file.name
            ]  # fmt: skip
            if each.id not in found and fits:
                found[each.id] = fits[0].id
                free[each.sha256].remove(fits[0])
    return found
