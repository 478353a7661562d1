"""Creates a project from images: everything is checked first, then read once, and can be resumed
after an interruption."""

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from labeller.core.errors import Cancelled, LabellerError, require_known
from labeller.core.files import exists, make_folder
from labeller.core.locations import data_folder, demo_folder
from labeller.core.run import Progress, Run
from labeller.pool import known_sets
from labeller.pool.decode import Reading
from labeller.pool.demo import generate
from labeller.pool.pages import take_pages_apart
from labeller.pool.sources import Listing, Splits, unpack
from labeller.project.curation import remove_unfinished
from labeller.project.from_formats import format_source
from labeller.project.image_reading import (
    ACCEPT,
    MissingImages,
    accept,
    agree_on_bits,
    ask_to_read_again,
    find_changed,
    keep_remarks,
    leave_out,
    read_pending,
)
from labeller.project.planning import (
    UNPACKED,
    PoolPlan,
    Request,
    check_reading,
    check_values,
    is_set_name,
    plan_of,
    reading_of,
)
from labeller.project.project import DATABASE, Project, explaining
from labeller.store.backups import backed_up_today
from labeller.store.database import ERRORS
from labeller.store.settings import damaged

T = TypeVar("T")
WATCHED = "watched"
"""The setting that names the folders (by their source) that were added as a whole."""
ADDED_LATER = (
    "zip_encoding", "splits", "all_pages", "grey", "megapixels", "format", "unsorted", "channels",
)  # fmt: skip
"""Values of a request that the first versions did not have; requests stored by them get the
defaults."""


def create(
    folder: Path,
    request: Request,
    run: Run = Run(),
    skip_missing: bool = False,
) -> Project:
    """Create a project in `folder` and return it, opened.

    An interrupted import of the same request in `folder` is resumed.

    Args:
        skip_missing: leave out images whose files have disappeared since the import began, instead
            of waiting for them.

    Raises:
        LabellerError: the request cannot be met; nothing was written.
        Cancelled: `run.should_stop` said so; the same request resumes it.
    """
    folder = folder.expanduser()
    request = _absolute(request)
    with explaining(folder):
        project = _interrupted(folder, request)
        if project is None:
            check_values(request)
            if not is_set_name(request.images):
                # So that an invalid request leaves nothing behind.
                plan_of(request, run)
            project = Project.new(folder)
            project.settings.set("request", _stored(request))
        return finish(project, run, skip_missing)


def interrupted_request(folder: Path) -> Request | None:
    """The request of a project's unfinished import; None if it is complete.

    Ask the user before calling `resume` on somebody else's project: it may read any folder, or
    download something.
    """
    with explaining(folder), Project(folder, read_only=True) as project:
        return None if project.complete else _request(project)


def resume(folder: Path, run: Run = Run()) -> Project:
    """Open a project, finishing an interrupted import first."""
    with explaining(folder):
        project = Project(folder)
        return project if project.complete else finish(project, run)


def open_complete(folder: Path, lock: bool = True, read_only: bool = False) -> Project:
    """Open a project whose import is finished (`lock` and `read_only` as in `Project`).

    The first writer on a day backs up the database.

    Raises:
        LabellerError: there is none, or its import was interrupted.
    """
    with explaining(folder):
        project = Project(folder, lock, read_only)
        if not project.complete:
            project.close()
            raise LabellerError(
                "The import of {folder} was interrupted. Run the same `create` again to finish it.",
                folder=folder,
            )
        if lock and not read_only:
            back_up_daily(project)
        return project


def open_beside(folder: Path) -> Project:
    """Open a finished project beside its writer, to compute without changing labels; read-only if
    nothing can be written."""
    writable = all(os.access(path, os.W_OK) for path in (folder, folder / DATABASE))
    return open_complete(folder, lock=False, read_only=not writable)


def read_again(
    folder: Path,
    reading: Reading,
    run: Run = Run(),
    changed: str | None = None,
) -> int:
    """Read a project's images with other settings, and retry those that could not be read.

    If interrupted, it is resumed when the project is opened. Labels, batches and models stay.

    Args:
        changed: what to do with images whose files were changed after the import: `ACCEPT` or
            `LEAVE_OUT` (labeller/project/image_reading.py); None leaves them alone.

    Returns:
        The number of images that were read.

    Raises:
        LabellerError: the settings are invalid, or the project cannot be opened.
        Cancelled: `run.should_stop` said so.
    """
    check_reading(reading)

    def record(project: Project) -> int:
        count = 0
        if changed is not None:
            found = find_changed(project, run)
            (accept if changed == ACCEPT else leave_out)(project, found)
            count = len(found) if changed == ACCEPT else 0
        return count + ask_to_read_again(project, reading)

    return import_more(folder, record, run, skip_missing=True)


def import_more(
    folder: Path, record: Callable[[Project], T], run: Run, skip_missing: bool = False
) -> T:
    """Let `record` store what a finished project has to read next, read it, and return what
    `record` returned. If interrupted, reading is resumed when the project is opened.

    Raises:
        LabellerError: the project cannot be opened, or nothing can be read.
        Cancelled: `run.should_stop` said so.
    """
    with explaining(folder):
        project = open_complete(folder)
        try:
            result = record(project)
        except BaseException:
            project.close()
            raise
        finish(project, run, skip_missing).close()
        return result


def back_up_daily(project: Project) -> None:
    """Back up the database once a day; a failure is retried the next time."""
    if not backed_up_today(project.folder):
        try:
            project.back_up("daily")
        except (OSError, *ERRORS, LabellerError) as error:
            logging.getLogger(__name__).warning("no backup of %s: %s", project.folder, error)


def _absolute(request: Request) -> Request:
    """The request with absolute paths; the name of a data set stays, unless there is a folder of
    that name."""

    def full(path: str | None) -> str | None:
        return None if path is None else str(Path(path).expanduser().absolute())

    images: str | None = request.images
    if request.images.startswith(known_sets.SET):
        images = request.images.removeprefix(known_sets.SET)
        require_known("data set", images, known_sets.NAMES)
    elif request.images not in known_sets.NAMES or Path(request.images).exists():
        images = full(request.images)
    assert images is not None
    return replace(request, images=images, test=full(request.test), root=full(request.root))


def _stored(request: Request) -> dict[str, Any]:
    grey = None if request.grey is None else list(request.grey)
    return {
        **asdict(request), "classes": list(request.classes), "unsorted": list(request.unsorted),
        "grey": grey,
    }  # fmt: skip


def _same(stored: object, request: Request) -> bool:
    """Whether a request equals the stored one, from this version or an earlier one."""
    wanted = _stored(request)
    later = {f.name: _plain(f.default) for f in fields(Request) if f.name in ADDED_LATER}
    return isinstance(stored, dict) and later | stored == wanted


def _plain(value: Any) -> Any:
    """The form stored as JSON."""
    return list(value) if isinstance(value, tuple) else value


def _interrupted(folder: Path, request: Request) -> Project | None:
    """The unfinished project of the same request; None if there is none."""
    if not (folder / DATABASE).is_file():
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise LabellerError(
                "{folder} exists and is not empty. Choose another folder.", folder=folder
            )
        return None
    project = Project(folder)
    stored = project.settings.get("request")
    if not project.complete and (stored is None or _same(stored, request)):
        project.settings.set("request", _stored(request))
        return project
    complete = project.complete
    project.close()
    if complete:
        raise LabellerError(
            "{folder} already holds a project. Open it, or choose another folder.", folder=folder
        )
    raise LabellerError(
        "{folder} holds an unfinished import. Open it, or choose another folder.", folder=folder
    )


def _request(project: Project) -> Request:
    """The stored request of a project. Raises LabellerError if it is damaged."""
    stored = project.settings.get("request")
    try:
        grey = stored.get("grey")
        return Request(
            **{
                **stored,
                "classes": tuple(stored["classes"]),
                "unsorted": tuple(stored.get("unsorted", ())),
                "grey": None if grey is None else (grey[0], grey[1]),
            }
        )
    except (TypeError, KeyError, IndexError, AttributeError):
        raise damaged("request") from None


def _gather(project: Project, run: Run) -> None:
    """Unpack archives, and record what is to be read, in one transaction."""
    request = _request(project)
    images = project.folder / "images"
    if is_set_name(request.images):
        root = Path(request.root) if request.root else None
        known_sets.export_set(request.images, images, root, run)
        truth = None if request.labels else "folders"
        request = replace(request, images=str(images), truth=truth)
    if request.format is not None:
        make_folder(images, project.folder)
        source = format_source(Path(request.images), request.format, False)
        source.unpack(images, run)
    plan = plan_of(request, run)
    found = _placed(plan.splits, images)
    if any(one is not None and one.archive for one in (found.pool, found.test, found.validation)):
        run.report(Progress("Unpacking", 0, 1))

    def unpacked(listing: Listing | None) -> Listing | None:
        return None if listing is None else unpack(listing, images)

    splits = Splits(unpack(found.pool, images), unpacked(found.test), unpacked(found.validation))
    parts = []
    for split, name, listing in splits.parts():
        pages = None
        if request.all_pages:
            place = make_folder(images / "pages" / (name or split), project.folder)
            listing, pages = take_pages_apart(listing, place, run, request.megapixels)
        parts += [(split, name, one) for one in (listing, pages) if one is not None]
    if not is_set_name(_request(project).images) and Path(request.images).is_dir():
        watch(project, splits.pool.root)
    with project.transaction():
        _record(project, request, plan, parts)


def _placed(splits: Splits, images: Path) -> Splits:
    """The listings as they are once archives are unpacked into the project's folder."""

    def placed(listing: Listing | None) -> Listing | None:
        own = listing is not None and listing.root == Path(UNPACKED)
        return replace(listing, root=images) if own and listing is not None else listing

    return Splits(
        placed(splits.pool) or splits.pool, placed(splits.test), placed(splits.validation)
    )


def _record(
    project: Project, request: Request, plan: PoolPlan, parts: list[tuple[str, str | None, Listing]]
) -> None:
    project.classes.add(plan.classes)
    class_ids = project.classes.ids_by_name()
    project.settings.set("import_notes", [note.stored() for note in plan.notes])
    given: list[tuple[int, int]] = []
    for split, name, listing in parts:
        paths = (*(i.path for i in listing.images), *listing.left_out)
        ids = project.images.add_source(split, listing.root, paths, name)
        project.images.mark_missing(
            [ids[path] for path in listing.left_out], "the file's name is not valid UTF-8"
        )
        project.images.mark_missing(
            [ids[i.path] for i in listing.images if not exists(listing.root / i.path)],
            "the file does not exist",
        )
        given += keep_given(project, request, split, listing, ids, class_ids)
    project.settings.set("given_labels", given)
    for key in ("resolution", "batch_size", "seed"):
        project.settings.set(key, getattr(request, key))
    project.set_reading(reading_of(request))
    project.settings.set("truth_in_paths", request.truth == "folders")


def keep_given(
    project: Project,
    request: Request,
    split: str,
    listing: Listing,
    ids: Mapping[str, int],
    class_ids: Mapping[str, int],
) -> list[tuple[int, int]]:
    """Handle the labels that come with the images of a listing: hide those for the oracle or the
    test, and return those to be given once the images are read, as pairs of image and class.

    Args:
        ids, class_ids: image ids by the listing's paths, and class ids by its labels.
    """
    known = {ids[i.path]: class_ids[i.label] for i in listing.images if i.label}
    if split == "pool" and request.labels:
        project.rounds.keep_from_learning(
            ids[i.path] for i in listing.images if i.label and i.audit
        )
        return list(known.items())
    if split == "test" or request.truth:
        project.oracle.hide(known)
    return []


def watch(project: Project, root: Path) -> None:
    """Remember that a folder was added as a whole, so that new images in it are offered."""
    roots = set(project.settings.get(WATCHED, []))
    project.settings.set(WATCHED, sorted({*roots, project.images.stored_root(root)}))


def finish(project: Project, run: Run, skip_missing: bool = False) -> Project:
    """Finish the import of an open project: read the remaining images.

    On failure the project is closed, and deleted if none of its images can be read.
    """
    try:
        try:
            if not project.images.count():
                _gather(project, run)
            read_pending(project, run, skip_missing)
            if agree_on_bits(project):
                read_pending(project, run, skip_missing)
            _require_readable(project)
        except (Cancelled, MissingImages):
            raise
        except LabellerError:
            if not project.images.counts()["ready"] and not project.was_complete:
                remove_unfinished(project)
            raise
        project.images.mark_duplicates()
        project.images.settle_roots(project.settings)
        keep_remarks(project)
        _give_labels(project)
        project.settings.set("complete", True)
        back_up_daily(project)
    except BaseException:
        project.close()
        raise
    return project


def _require_readable(project: Project) -> None:
    if not project.images.counts()["ready"]:
        path, reason = project.images.unreadable()[0]
        raise LabellerError(
            "None of the images can be read; {path}, for example: {reason}.",
            path=path,
            reason=reason,
        )


def _give_labels(project: Project) -> None:
    """Record the labels that came with the images, except unreadable ones."""
    unreadable = set(project.images.unreadable_ids())
    given = project.settings.get("given_labels", [])
    labels = {image_id: class_id for image_id, class_id in given if image_id not in unreadable}
    for image_id in project.labels.current(list(labels)):
        del labels[image_id]  # given before a kill, or by a person
    if labels:
        project.labels.assign(labels, annotator="import", origin="import")
    project.settings.set("given_labels", [])


def open_demo(run: Run = Run()) -> Project:
    """Open the demo project, creating it the first time. Raises Cancelled if stopped; calling it
    again resumes."""
    project, images = demo_folder(), data_folder() / "demo-images"
    if (project / DATABASE).exists() and interrupted_request(project) is None:
        return resume(project, run)
    generate(images, run=run)
    return create(project, Request(str(images), truth="folders"), run)
