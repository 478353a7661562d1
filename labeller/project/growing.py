"""Adds images to an existing project; its labels, batches and features stay."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from labeller.core.errors import LabellerError
from labeller.core.run import Run
from labeller.pool.folders import walk
from labeller.pool.pages import take_pages_apart
from labeller.pool.sources import Listing, is_image, is_text, unpack
from labeller.project.creation import WATCHED, import_more, keep_given, watch
from labeller.project.planning import Request, found_in
from labeller.project.project import Project

MARKS, OF_AN_IMAGE, RESERVE = 16, 4096, 256 << 10
"""Bytes on the disk: for an image's marks in the cache, for its thumbnail and database row, and for
the database to work with."""


@dataclass(frozen=True)
class Added:
    """Numbers of images added (including unreadable ones and copies) and already `known`."""

    added: int
    known: int


def add_images(folder: Path, request: Request, run: Run = Run()) -> Added:
    """Add the images of a folder, an archive or a table to a project.

    If interrupted, it is resumed when the project is opened. Existing files are not added again;
    copies are recorded as such. New classes are created.

    Args:
        request: as for `create`; only `images`, `labels` or `truth`, `zip_encoding`, `splits` and
            `all_pages` are used.

    Raises:
        LabellerError: the images do not exist, or cannot be read.
        Cancelled: `run.should_stop` said so.
    """
    return import_more(folder, lambda project: _record(project, request, run), run)


def _record(project: Project, request: Request, run: Run) -> Added:
    """Record what is to be read, in one transaction."""
    request = replace(request, test=None)
    splits, notes = found_in(request, run)
    known = project.images.files()
    parts: list[tuple[str, str | None, Listing]] = []
    count = there = 0
    place = project.folder / "images" / f"added-{project.images.sources() + 1}"
    for split, name, listing in splits.parts():
        pages = None
        listing = unpack(listing, place)
        if request.all_pages:
            place.mkdir(parents=True, exist_ok=True)
            listing, pages = take_pages_apart(listing, place, run, project.reading.megapixels)
        for one in (listing, pages):
            if one is None:
                continue
            new = tuple(i for i in one.images if (one.root / i.path).resolve() not in known)
            there += len(one.images) - len(new)
            count += len(new)
            if new:
                parts.append((split, name, replace(one, images=new, left_out=())))
    labels = {i.label for _, _, one in parts for i in one.images if i.label}
    if not parts:
        return Added(0, there)
    _require_room(project, count)
    with project.transaction():
        if labels:
            project.classes.require_offered(labels)
            project.classes.add(sorted(labels))
        classes = project.classes.ids_by_spelling()
        given = list(project.settings.get("given_labels", []))
        for split, name, listing in parts:
            paths = [image.path for image in listing.images]
            ids = project.images.extend_source(split, listing.root, paths, name)
            given += keep_given(project, request, split, listing, ids, classes)
            if Path(request.images).expanduser().is_dir() and split == "pool":
                watch(project, listing.root)
        project.settings.set("given_labels", given)
        project.settings.set("import_notes", [note.stored() for note in notes])
        if request.truth == "folders":
            project.settings.set("truth_in_paths", True)
        project.settings.set("complete", False)
    return Added(count, there)


def _require_room(project: Project, count: int) -> None:
    """Check the disk before recording anything: if it filled up, the import could not be finished.

    Raises:
        LabellerError: there is not enough room.
    """
    if not count:
        return
    row = 3 * project.resolution**2 + MARKS
    # The cache is rewritten beside the old one.
    needed = (project.images.count() + count) * row + count * OF_AN_IMAGE + RESERVE
    free = shutil.disk_usage(project.folder).free
    if free < needed:
        raise LabellerError(
            "{folder} needs {needed:.1f} MB more for these images, and the disk has "
            "{free:.1f}. Free some space; nothing was added.",
            folder=project.folder,
            needed=needed / 1e6,
            free=free / 1e6,
        )


# -- folders in which more images may appear


@dataclass(frozen=True)
class Surroundings:
    """Changes in the images' folders: `new` files that look like images, by folder, and the files
    already `known`."""

    new: dict[Path, list[str]]
    known: set[Path]

    @property
    def gone(self) -> int:
        """How many of the project's files are missing; checks each."""
        return sum(not file.is_file() for file in self.known)

    @property
    def new_count(self) -> int:
        return sum(map(len, self.new.values()))


def watched(project: Project) -> list[Path]:
    """The folders that were added as a whole; in projects of earlier versions, the one they were
    created from."""
    stored = project.settings.get(WATCHED)
    if isinstance(stored, list):
        return [project.images.real_root(str(root)) for root in stored]
    request = project.settings.get("request")
    images = request.get("images") if isinstance(request, dict) else None
    if not isinstance(images, str) or not Path(images).is_dir():
        return []
    return [root for root in project.images.roots() if root.is_relative_to(Path(images))]


def look_around(project: Project, run: Run = Run()) -> Surroundings:
    """Compare the watched folders with the project by file names. Unreadable folders are
    skipped."""
    known = project.images.files()
    new: dict[Path, list[str]] = {}
    for root in watched(project):
        try:
            files = walk(root.resolve(), run).files
        except OSError:
            continue
        own = project.folder
        found = sorted(
            name
            for name in files
            if is_image(name)
            and (path := (root / name).resolve()) not in known
            and not path.is_relative_to(own)
        )
        if found:
            new[root] = found
    return Surroundings(new, known)


def add_new(folder: Path, run: Run = Run()) -> Added:
    """Add images that have appeared in the watched folders. Raises like `add_images`."""

    def record(project: Project) -> Added:
        found = look_around(project, run)
        _require_room(project, found.new_count)
        with project.transaction():
            for root, names in found.new.items():
                readable = [name for name in names if is_text(name)]
                project.images.extend_source("pool", root, readable, None)
            if found.new:
                project.settings.set("complete", False)
        return Added(found.new_count, 0)

    return import_more(folder, record, run, skip_missing=True)
