"""Finding image files in a folder, a zip archive or a CSV manifest, and the labels they carry.

Folder names are read as `torchvision.datasets.ImageFolder` reads them: the first folder below
the root is the class. A folder that holds nothing but one folder is stepped into, and a root that
holds just `train/` and `test/` is a pool with its held-out set.
"""

import lzma
import os
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from labeller.core.errors import LabellerError, quoted
from labeller.core.files import is_regular, make_folder, remove_own, replacing
from labeller.core.tables import read_csv
from labeller.pool.decode import SUFFIXES

DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, struct.error, RuntimeError, ValueError
)  # fmt: skip
"""What `zipfile` raises for archives that are damaged, encrypted or of an unknown kind."""
BOMB_RATIO, BOMB_BYTES = 100, 256 << 20
"""An archive that unpacks to both more than these is refused."""


@dataclass(frozen=True)
class FoundImage:
    """`path` is relative to the listing's root, with forward slashes; `label` may be unknown."""

    path: str
    label: str | None = None


@dataclass(frozen=True)
class Listing:
    """Image files of one place.

    `root` is the folder that the paths start from, or a path inside `archive`, where that is given.
    `left_out` are files whose names are no text, as they can be shown.
    """

    location: Path
    root: Path
    images: tuple[FoundImage, ...]
    archive: Path | None = None
    left_out: tuple[str, ...] = ()


def list_images(location: Path) -> Listing:
    """List the images at `location`: a folder, `x.zip`, `x.zip/folder/inside`, or a CSV manifest.

    The images come sorted by path, so that the same place gives the same order on any machine.

    Raises:
        LabellerError: nothing is there, it cannot be read, or it holds no images.
    """
    location = location.expanduser()
    if not is_text(str(location.absolute())):
        raise LabellerError(
            "The path {path} is no text in UTF-8. Rename its folders first.",
            path=shown_name(str(location)),
        )
    archive = next((p for p in (location, *location.parents) if _is_zip(p)), None)
    if archive is not None:
        listing = _list_zip(location, archive)
    elif location.is_dir():
        listing = _list_folder(location)
    elif location.suffix.lower() == ".csv" and location.is_file():
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


def split_test(listing: Listing) -> tuple[Listing, Listing | None]:
    """Split a listing whose top level is exactly `train/` and `test/`; else it is all pool."""
    tops = {_top(image.path) for image in listing.images}
    if tops != {"train", "test"}:
        return listing, None
    return _below(listing, "train"), _below(listing, "test")


def label_by_folder(listing: Listing) -> Listing:
    """The listing with each image's first folder as its label (None for images at the root)."""
    images = tuple(FoundImage(i.path, _top(i.path)) for i in listing.images)
    return replace(listing, images=images)


def unpack(listing: Listing, folder: Path) -> Listing:
    """Unpack a zip listing's images to `folder`; files that are already whole are left alone.

    Returns the listing with its root in `folder`. A listing that is no zip comes back unchanged.

    Raises:
        LabellerError: the archive is damaged or encrypted.
    """
    if listing.archive is None:
        return listing
    inside = listing.root.relative_to(listing.archive).as_posix()
    prefix = "" if inside == "." else f"{inside}/"
    names = [prefix + image.path for image in listing.images]
    with zipfile.ZipFile(listing.archive) as archive:
        _require_room(archive, listing.archive, folder)
        folder.mkdir(parents=True, exist_ok=True)
        for done, name in enumerate(names):
            try:
                _unpack_one(archive, name, folder)
            except (OSError, *DAMAGED) as error:
                remove_own(folder, names[: done + 1])
                reason = quoted(str(getattr(error, "strerror", None) or error))
                raise LabellerError(
                    "Cannot unpack {name}: {reason}.", name=quoted(name), reason=reason
                ) from error
    return replace(listing, root=folder / inside, archive=None)


def _unpack_one(archive: zipfile.ZipFile, name: str, folder: Path) -> None:
    info, target = archive.getinfo(name), folder / name
    if is_regular(target) and target.stat().st_size == info.file_size:
        return
    make_folder(target.parent, folder)
    with (
        archive.open(info) as packed,
        replacing(target, durable=False) as temporary,
        temporary.open("wb") as file,
    ):
        shutil.copyfileobj(packed, file, 1 << 20)


def _require_room(archive: zipfile.ZipFile, path: Path, folder: Path) -> None:
    """Raises LabellerError for an archive that would fill the disk, or is made to."""
    infos = [info for info in archive.infolist() if _is_image(info.filename)]
    size, packed = sum(i.file_size for i in infos), sum(i.compress_size for i in infos)
    if size > max(BOMB_RATIO * packed, BOMB_BYTES):
        raise LabellerError(
            "{path} would unpack {packed:,} bytes to {size:,}. Images do not shrink "
            "so far: it is damaged, or made to fill the disk.",
            path=path,
            packed=packed,
            size=size,
        )
    room = next(p for p in (folder, *folder.parents) if p.exists())
    if size > shutil.disk_usage(room).free:
        raise LabellerError(
            "{path} needs {gigabytes:.1f} GB, and the disk has less. Free some.",
            path=path,
            gigabytes=size / 1e9,
        )


def _is_zip(path: Path) -> bool:
    return path.suffix.lower() == ".zip" and path.is_file()


def _is_image(path: str) -> bool:
    parts = PurePosixPath(path).parts
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return not hidden and PurePosixPath(path).suffix.lower() in SUFFIXES


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
    """Step into folders that hold nothing beside one folder."""
    while len(tops := {_top(image.path) for image in listing.images}) == 1:
        (only,) = tops
        if only is None or all("/" not in i.path[len(only) + 1 :] for i in listing.images):
            break  # images, or a single class of images
        listing = _below(listing, only)
    return listing


def _listing(
    location: Path, root: Path, names: Iterable[str], archive: Path | None = None
) -> Listing:
    found = sorted({name for name in names if _is_image(name)})
    images = tuple(FoundImage(name) for name in found if is_text(name))
    left_out: dict[str, None] = {}
    for name in (shown_name(name) for name in found if not is_text(name)):
        while name in left_out or name in found:
            name += "?"
        left_out[name] = None
    return _unwrapped(Listing(location, root, images, archive, tuple(left_out)))


def is_text(name: str) -> bool:
    """Whether a file's name is Unicode; on Unix it can be any bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def shown_name(name: str) -> str:
    """A name that is no text, as it can be stored and shown."""
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")


def _list_folder(folder: Path) -> Listing:
    names = []
    for parent, folders, files in os.walk(folder, followlinks=True):
        folders[:] = [name for name in folders if not name.startswith(".")]
        inside = Path(parent).relative_to(folder)
        names += [(inside / name).as_posix() for name in files]
    return _listing(folder, folder.resolve(), names)


def _list_zip(location: Path, path: Path) -> Listing:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [n for n in archive.namelist() if n and not n.endswith("/")]
    except (*DAMAGED, OSError) as error:
        raise LabellerError(
            "{path} cannot be read as a zip archive: {error}.", path=path, error=error
        ) from error
    for name in names:
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or "\\" in name:
            raise LabellerError(
                "{path} holds a file that would land outside its folder: {name}.",
                path=path,
                name=quoted(name),
            )
    archive_path = path.resolve()
    root = archive_path / location.relative_to(path)
    prefix = location.relative_to(path).as_posix()
    if prefix != ".":
        names = [n[len(prefix) + 1 :] for n in names if n.startswith(prefix + "/")]
    return _listing(location, root, names, archive_path)


def _list_manifest(path: Path) -> Listing:
    root = path.resolve().parent
    labels: dict[str, str | None] = {}
    for number, row in enumerate(read_csv(path, required="path"), start=2):
        name = row["path"].strip()
        if not name:
            raise LabellerError(
                "{path}, line {number}: the path is empty.", path=path, number=number
            )
        label = row.get("label", "").strip() or None
        if labels.setdefault(name, label) != label:
            raise LabellerError(
                "{path}, line {number}: {name} was given another label above.",
                path=path,
                number=number,
                name=quoted(name),
            )
    images = tuple(FoundImage(Path(name).as_posix(), label) for name, label in labels.items())
    return Listing(path, root, images)
