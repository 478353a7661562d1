"""Finds image files in a folder, a zip archive or a CSV table, and their labels.

Folder names are read like `torchvision.datasets.ImageFolder` does: the first folder below the root
is the class. A folder containing only one folder is entered, and a root containing just `train`,
`test` and `validation`, however spelt, is a pool with held-out images.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from os.path import commonpath
from pathlib import Path
from posixpath import splitext

from labeller.core.errors import LabellerError, Remark, Word, cannot_read, quoted
from labeller.core.files import LONGEST_PATH, exists, is_readable_name, open_regular, read_bytes
from labeller.core.names import TEST, TRAIN, VALIDATION, split_named
from labeller.core.run import Run
from labeller.core.tables import read_csv
from labeller.pool import archives
from labeller.pool.decode import SUFFIXES, is_picture
from labeller.pool.folders import walk
from labeller.pool.spelling import comparable, escapes, one_spelling, other_forms

NOT_IMAGES = frozenset({
    ".txt", ".csv", ".tsv", ".json", ".jsonl", ".xml", ".yaml", ".yml", ".md", ".html", ".pdf",
    ".zip", ".gz", ".tar", ".mat", ".npy", ".npz", ".pt", ".pth", ".py", ".ipynb", ".db", ".ini",
    ".log",
})  # fmt: skip
"""Suffixes that nobody would take for images'; such files are ignored silently."""


@dataclass(frozen=True)
class FoundImage:
    """`path` is relative to the listing's root, with forward slashes; `label` may be unknown, or
    from an `audit` and never trained on; `split` is one of those in labeller/core/names.py if a
    table says so."""

    path: str
    label: str | None = None
    split: str | None = None
    audit: bool = False


@dataclass(frozen=True)
class Listing:
    """Image files found in one place.

    `root` is the folder that the paths start from, or a path inside `archive` if that is given;
    `names` are then the names of the files in the archive, by path. `left_out` are files whose
    names are not valid text, in a form that can be shown. `notes` say what was skipped or guessed;
    `guessed_encoding` is that of an archive's names.
    """

    location: Path
    root: Path
    images: tuple[FoundImage, ...]
    archive: Path | None = None
    left_out: tuple[str, ...] = ()
    notes: tuple[Remark, ...] = ()
    names: dict[str, str] | None = None
    guessed_encoding: str | None = None


@dataclass(frozen=True)
class Splits:
    """A listing split into its parts; missing parts are None."""

    pool: Listing
    test: Listing | None = None
    validation: Listing | None = None

    def parts(self) -> list[tuple[str, str | None, Listing]]:
        """The parts that exist: split, name of the source, and listing."""
        found: list[tuple[str, str | None, Listing | None]] = [
            ("pool", None, self.pool),
            ("test", None, self.test),
            ("test", VALIDATION, self.validation),
        ]
        return [(split, name, one) for split, name, one in found if one is not None]


def list_images(
    location: Path,
    run: Run = Run(),
    zip_encoding: str | None = None,
) -> Listing:
    """List the images at `location`: a folder, `x.zip`, `x.zip/folder/inside`, or a CSV manifest.

    Images are sorted by path, so that the order is the same on any machine.

    Args:
        zip_encoding: that of names in an archive not marked as UTF-8; None guesses it.

    Raises:
        LabellerError: it does not exist, cannot be read, or contains no images.
        Cancelled: `run.should_stop` said so.
    """
    location = location.expanduser()
    if not is_text(str(location.absolute())):
        raise LabellerError(
            "The path {path} is not valid UTF-8. Rename its folders first.",
            path=shown_name(str(location)),
        )
    archive = next((p for p in (location, *location.parents) if _is_zip(p)), None)
    if archive is not None:
        listing = _list_zip(location, archive, zip_encoding)
    elif location.is_dir():
        listing = _list_folder(location, run)
    elif location.suffix.lower() in (".csv", ".tsv") and location.is_file():
        listing = _list_manifest(location)
    elif location.exists():
        raise LabellerError(
            "{location} is neither a folder, a .zip nor a .csv file.", location=location
        )
    else:
        raise LabellerError("{location} does not exist. Check the path.", location=location)
    if not listing.images:
        raise LabellerError(
            "There are no images in {location}. Supported: {known}.",
            location=location,
            known=", ".join(sorted(SUFFIXES)),
        )
    return listing


def take_splits_apart(listing: Listing) -> Splits:
    """Split a listing by the column of a table, or by its folders if the top level consists of
    split folders including `train`; otherwise all images are the pool. Without `train`, or with two
    folders for one split, nothing is guessed."""
    if any(image.split for image in listing.images):
        return _by_column(listing)
    tops = {_top(image.path) for image in listing.images}
    kinds = {split_named(top): top for top in tops if top is not None}
    if None in tops or None in kinds or TRAIN not in kinds or not 1 < len(kinds) == len(tops):
        return Splits(listing)
    parts = {kind: _below(listing, top) for kind, top in kinds.items()}
    return Splits(parts[TRAIN], parts.get(TEST), parts.get(VALIDATION))


def _by_column(listing: Listing) -> Splits:
    """Images without a split belong to the pool, like those of `train`."""
    parts: dict[str, list[FoundImage]] = {TRAIN: [], TEST: [], VALIDATION: []}
    for image in listing.images:
        parts[image.split or TRAIN].append(image)
    if not parts[TRAIN]:
        raise LabellerError(
            "No image in {location} is left to label: its column 'split' holds them all out.",
            location=listing.location,
        )
    found = {
        split: replace(listing, images=tuple(images)) if images else None
        for split, images in parts.items()
    }
    pool = found[TRAIN]
    assert pool is not None
    return Splits(pool, found[TEST], found[VALIDATION])


def looks_like_splits(listing: Listing) -> list[str]:
    """The top-level folders named like splits."""
    tops = {_top(image.path) for image in listing.images}
    return sorted(top for top in tops if top is not None and split_named(top) is not None)


def label_by_folder(listing: Listing) -> Listing:
    """The listing with each image's first folder as its label (None for images in the root)."""
    images = tuple(replace(i, label=_top(i.path)) for i in listing.images)
    return replace(listing, images=images)


def unpack(listing: Listing, folder: Path) -> Listing:
    """Unpack a zip listing's images to `folder`, skipping files that are already complete.

    Returns the listing with its root in `folder`; other listings are returned unchanged.

    Raises:
        LabellerError: the archive is damaged or encrypted.
    """
    if listing.archive is None or listing.names is None:
        return listing
    inside = listing.root.relative_to(listing.archive).as_posix()
    prefix = "" if inside == "." else f"{inside}/"
    wanted = [prefix + image.path for image in listing.images]
    archives.unpack_files(listing.archive, listing.names, wanted, folder)
    return replace(listing, root=folder / inside, archive=None)


def _is_zip(path: Path) -> bool:
    return path.suffix.lower() == ".zip" and path.is_file()


def is_image(path: str) -> bool:
    """Whether a file is named like an image and not hidden."""
    return _suffix(path) in SUFFIXES and not _is_hidden(path)


def _suffix(path: str) -> str:
    """The suffix in lower case; much faster than `PurePosixPath`, which matters with many files."""
    return splitext(path)[1].lower()


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in path.split("/"))


def _top(path: str) -> str | None:
    first, slash, _ = path.partition("/")
    return first if slash else None


def _below(listing: Listing, folder: str) -> Listing:
    inside = tuple(
        replace(i, path=i.path[len(folder) + 1 :])
        for i in listing.images
        if i.path.startswith(folder + "/")
    )
    return replace(listing, root=listing.root / folder, images=inside)


def _unwrapped(listing: Listing) -> Listing:
    """Enter folders that contain nothing but one folder."""
    while len(tops := {_top(image.path) for image in listing.images}) == 1:
        (only,) = tops
        if only is None or all("/" not in i.path[len(only) + 1 :] for i in listing.images):
            break  # images, or one class of images
        listing = _below(listing, only)
    return listing


def _begins_like_one(file: Path) -> bool:
    """Whether a file without a suffix contains an image."""
    try:
        with open_regular(file) as opened:
            return is_picture(read_bytes(opened, 16))
    except OSError:
        return False


def _listing(
    location: Path,
    root: Path,
    names: Iterable[str],
    notes: list[Remark],
    look: Callable[[str], bool] = lambda name: False,
) -> Listing:
    """The images among these names; `look` tells whether a file without a suffix is an image."""
    names = list(names)
    bare = {n for n in names if not _suffix(n) and not _is_hidden(n) and look(n)}
    found = sorted({name for name in names if is_image(name)} | bare)
    images = tuple(FoundImage(name) for name in found if is_text(name))
    left_out: dict[str, None] = {}
    for name in (shown_name(name) for name in found if not is_text(name)):
        while name in left_out or name in found:
            name += "?"
        left_out[name] = None
    notes = [*notes, *_other_files([name for name in names if name not in bare])]
    return _unwrapped(Listing(location, root, images, None, tuple(left_out), tuple(notes)))


def _other_files(names: list[str]) -> list[Remark]:
    """A remark about files that may be images but cannot be read."""
    suffixes = Counter(
        _suffix(shown_name(name)) or "without a suffix"
        for name in names
        if not _is_hidden(name) and not is_image(name)
    )
    for known in NOT_IMAGES:
        suffixes.pop(known, None)
    if not suffixes:
        return []
    listed = ", ".join(f"{count} {suffix}" for suffix, count in suffixes.most_common(8))
    return [Remark("Other kinds of files were ignored: {files}.", files=quoted(listed))]


def is_text(name: str) -> bool:
    """Whether a file name is valid Unicode; on Unix it can be any bytes."""
    return is_readable_name(name)


def shown_name(name: str) -> str:
    """A file name that is not valid Unicode, in a form that can be stored and shown."""
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")


def _list_folder(folder: Path, run: Run) -> Listing:
    try:
        found = walk(folder.resolve(), run)
    except OSError as error:
        raise cannot_read(folder, error) from error
    notes = []
    if found.system:
        notes.append(Remark("System folders were ignored: {names}.", names=_few(found.system)))
    if found.own:
        notes.append(
            Remark("Folders written by Labeller were ignored: {names}.", names=_few(found.own))
        )
    if found.seen_already:
        notes.append(
            Remark(
                "Links to folders already included were ignored: {names}.",
                names=_few(found.seen_already),
            )
        )
    root = folder.resolve()
    return _listing(folder, root, found.files, notes, lambda name: _begins_like_one(root / name))


def _few(paths: list[str]) -> str:
    """The first paths, and how many more there are."""
    named = quoted(", ".join(sorted(map(shown_name, paths))[:5]))
    return f"{named} (+ {len(paths) - 5})" if len(paths) > 5 else named


def _list_zip(location: Path, path: Path, encoding: str | None) -> Listing:
    names, guessed = archives.entries(path, encoding)
    notes: list[Remark] = []
    if guessed is not None and any(is_image(name) for name in names):
        notes.append(
            Remark(
                "File names in the archive were read as {encoding}, which is a guess; "
                "you can choose another encoding.",
                encoding=guessed,
            )
        )
    archive_path = path.resolve()
    root = archive_path / location.relative_to(path)
    prefix = location.relative_to(path).as_posix()
    inside: Iterable[str] = names
    if prefix != ".":
        inside = [n[len(prefix) + 1 :] for n in names if n.startswith(prefix + "/")]
    listing = _listing(location, root, inside, notes)
    return replace(
        listing,
        archive=archive_path,
        names=names,
        guessed_encoding=guessed if notes else None,
    )


def _list_manifest(path: Path) -> Listing:
    audited: set[str] = set()
    _folded_names.cache_clear()
    rows = read_csv(path, required="path")
    for number, row in enumerate(rows, start=2):
        if max(len(row["path"]), len(row.get("file", ""))) > LONGEST_PATH:
            raise LabellerError(
                "{path}, line {number}: the path is too long.", path=path, number=number
            )
    root = path.resolve().parent
    named = [_as_on_disk(root, row["path"]) for row in rows]
    if elsewhere := _files_elsewhere(root, named, rows):
        root = Path(commonpath([file.parent for file in elsewhere]))
        named = [file.relative_to(root).as_posix() for file in elsewhere]
    said: dict[str, tuple[str | None, str | None]] = {}
    unknown: Counter[str] = Counter()
    for number, (name, row) in enumerate(zip(named, rows, strict=True), start=2):
        if not name:
            raise LabellerError(
                "{path}, line {number}: the path is empty.", path=path, number=number
            )
        written = row.get("split", "").strip()
        split = split_named(written)
        unknown[written] += split is None
        found = (row.get("label", "").strip() or None, split)
        if (before := said.setdefault(name, found)) != found:
            word = Word("label" if before[0] != found[0] else "split")
            raise LabellerError(
                "{path}, line {number}: {name} was given another {what} above.",
                path=path,
                number=number,
                name=quoted(name),
                what=word,
            )
        if row.get("source", "").strip() == "audit":
            audited.add(name)
    del unknown[""]
    images = tuple(
        FoundImage(name, label, split, name in audited) for name, (label, split) in said.items()
    )
    notes = (unknown_splits(unknown),) if any(unknown.values()) else ()
    return Listing(path, root, images, notes=notes)


def unknown_splits(names: Counter[str]) -> Remark:
    """Unknown split names of a table, with their counts."""
    listed = ", ".join(f"{name} ({count})" for name, count in names.most_common(5) if count)
    return Remark(
        "These splits are unknown, so their images join the pool: {names}.",
        names=quoted(listed),
    )


def _files_elsewhere(root: Path, named: list[str], rows: list[dict[str, str]]) -> list[Path] | None:
    """The files of a table with absolute paths in its column `file`, as in our exports, if its
    paths are relative to a folder other than the table's; None for other tables."""
    if not rows or not rows[0].get("file") or exists(root / named[0]):
        return None
    files = [Path(row["file"].strip()) for row in rows]
    return files if all(file.is_absolute() for file in files) and exists(files[0]) else None


def _as_on_disk(root: Path, written: str) -> str:
    """A normalised path from a table; a file that really has the unnormalised name keeps it."""
    spelt = one_spelling(written)
    plain = Path(written.strip()).as_posix() if written.strip() else ""
    if spelt != plain and "\\" in written and exists(root / plain):
        return plain  # on Unix a file name may contain a backslash
    if spelt and not exists(root / spelt):
        for other in other_forms(spelt):
            if exists(root / other):
                return other
        return _in_other_letters(root, spelt) or spelt
    return spelt


def _in_other_letters(root: Path, path: str) -> str | None:
    """The only file matching this path case-insensitively, for tables from case-insensitive
    systems."""
    if escapes(path):
        return None
    parts: list[str] = []
    for part in path.split("/"):
        names = _folded_names(root.joinpath(*parts)).get(comparable(part).casefold(), ())
        if len(names) != 1:
            return None
        parts.append(names[0])
    return "/".join(parts)


@lru_cache(maxsize=256)
def _folded_names(folder: Path) -> dict[str, list[str]]:
    """The names in a folder by their case-folded form."""
    found: dict[str, list[str]] = {}
    with suppress(OSError):
        for file in folder.iterdir():
            found.setdefault(comparable(file.name).casefold(), []).append(file.name)
    return found
