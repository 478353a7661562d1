"""Finds moved images by content and name."""

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from labeller_models.registry import mark

from labeller.core.errors import LabellerError, cannot_read
from labeller.core.files import read_regular
from labeller.core.run import Progress, Run
from labeller.pool.folders import walk
from labeller.project.project import Project
from labeller.store.images import Whereabouts

STAGE = mark("Comparing files")


@dataclass(frozen=True)
class Located:
    """How many images were found, and how many are still missing."""

    found: int
    missing: int


def locate(project: Project, place: Path, run: Run = Run()) -> Located:
    """Find missing images below `place`, or some of them.

    A file is accepted only if its content is the same (SHA-256); among several, the one with the
    most similar path is taken. Labels and everything else stay.

    Raises:
        LabellerError: there is no such folder, or none of its files is one of the images.
        Cancelled: `run.should_stop` said so; nothing was changed.
    """
    place = place.expanduser().resolve()
    if not place.is_dir():
        raise LabellerError("{location} does not exist. Check the path.", location=place)
    missing = [image for image in project.images.whereabouts() if not image.file.is_file()]
    if not missing:
        return Located(0, 0)
    try:
        files = walk(place, run).files
    except OSError as error:
        raise cannot_read(place, error) from error
    found = _Search(place, files, missing).run(run)
    if not found:
        raise LabellerError(
            "None of the {count} missing images is in {place}.",
            count=len(missing),
            place=place,
        )
    with project.transaction():
        project.images.move(place, found)
    return Located(len(found), len(missing) - len(found))


class _Search:
    def __init__(self, place: Path, files: list[str], missing: list[Whereabouts]) -> None:
        self._place, self._missing = place, missing
        self._by_name: dict[str, list[str]] = {}
        self._files = set(files)
        for file in files:
            self._by_name.setdefault(_folded(PurePosixPath(file).name), []).append(file)
        self._by_size: dict[int, list[str]] = {}
        wanted = {image.bytes for image in missing}
        for file in files:
            size = self._size(file)
            if size in wanted:
                self._by_size.setdefault(size, []).append(file)
        self._digests: dict[str, str] = {}

    def run(self, run: Run) -> dict[int, str]:
        """Paths below the searched folder, by image id."""
        found: dict[int, str] = {}
        taken: set[str] = set()
        for done, image in enumerate(self._missing, start=1):
            file = self._find(image, taken)
            if file is not None:
                found[image.id] = file
                taken.add(file)
            if done % 64 == 0 or done == len(self._missing):
                run.report(Progress(STAGE, done, len(self._missing)))
            run.check(STAGE)
        return found

    def _find(self, image: Whereabouts, taken: set[str]) -> str | None:
        if not image.sha256:  # it could never be read, so only its path identifies it
            return image.path if image.path in self._files - taken else None
        named = self._by_name.get(_folded(PurePosixPath(image.path).name), [])
        likely = [image.path] if image.path in self._files else []
        likely += sorted(named, key=lambda file: -_alike(file, image.path))
        for file in dict.fromkeys([*likely, *self._by_size.get(image.bytes, [])]):
            if file not in taken and self._digest(file, image.bytes) == image.sha256:
                return file
        return None

    def _digest(self, file: str, size: int) -> str:
        if self._size(file) != size:
            return ""
        if file not in self._digests:
            try:
                data = read_regular(self._place / file)
                self._digests[file] = hashlib.sha256(data).hexdigest()
            except OSError:
                self._digests[file] = ""
        return self._digests[file]

    def _size(self, file: str) -> int:
        try:
            return (self._place / file).stat().st_size
        except OSError:
            return -1


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _alike(first: str, second: str) -> int:
    """Length of the common suffix of two paths, in components."""
    parts: Iterable[tuple[str, str]] = zip(
        reversed(PurePosixPath(first).parts), reversed(PurePosixPath(second).parts), strict=False
    )
    count = 0
    for one, other in parts:
        if _folded(one) != _folded(other):
            break
        count += 1
    return count
