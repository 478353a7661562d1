"""Places exported image files: copied or linked, under names valid on every system."""

import hashlib
import io
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from PIL import Image

from labeller.core.files import LARGEST_BYTES, open_regular, read_bytes, umask
from labeller.exchange.dataset import Item
from labeller.pool.cache import CHANGED, ChangedImage, read_unchanged
from labeller.pool.decode import FORMATS, SUFFIXES, know_heif
from labeller.pool.folders import EXPORTED

LONGEST_NAME, LONGEST_SUFFIX = 100, 16
SUFFIX_OF = {
    "PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp", "BMP": ".bmp", "GIF": ".gif", "TIFF": ".tif",
    "AVIF": ".avif", "HEIF": ".heic", "JPEG2000": ".jp2", "PPM": ".ppm",
}  # fmt: skip


class OtherImage(OSError):
    """The file is not the one that was labelled."""


@contextmanager
def appearing(output: Path) -> Iterator[Path]:
    """Yield a new folder beside `output` that is renamed to `output` on success, with the mark that
    makes imports ignore it."""
    output.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{output.name}.", dir=output.parent))
    try:
        yield unfinished
        (unfinished / EXPORTED).touch()
        unfinished.chmod(0o777 & ~umask())  # mkdtemp denies access to everybody else
        unfinished.rename(output)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


class Names:
    """Unique names for classes and files below a folder, valid on any system, even case-insensitive
    ones."""

    def __init__(self) -> None:
        self.folders: dict[str, str] = {}
        """Folders by class, for the classes seen so far."""
        self._taken: set[str] = set()
        self._stems: set[str] = set()

    def folder(self, label: str) -> str:
        """The folder of a class."""
        if label not in self.folders:
            used = {folder.casefold() for folder in self.folders.values()}
            name = free = folder_name(label)
            number = 2
            while free.casefold() in used:
                free, number = f"{name}_{number}", number + 1
            self.folders[label] = free
        return self.folders[label]

    def file(self, folder: str, path: str) -> str:
        """A name in a folder for an image; duplicates are numbered."""
        suffix = PurePosixPath(path).suffix
        suffix = suffix if len(suffix) < LONGEST_SUFFIX else ""
        stem = _safe(PurePosixPath(path).name.removesuffix(suffix))
        name = PurePosixPath(_safe(stem[: LONGEST_NAME - len(suffix)] + suffix) or "image")
        free, number = f"{folder}/{name}" if folder else str(name), 2
        while free.casefold() in self._taken:
            numbered = f"{name.stem}_{number}{name.suffix}"
            free, number = f"{folder}/{numbered}" if folder else numbered, number + 1
        self._taken.add(free.casefold())
        return free

    def stem(self, folder: str, path: str) -> tuple[str, str]:
        """A free name with a unique stem, and that stem."""
        name = self.file(folder, path)
        while (stem := PurePosixPath(name).stem).casefold() in self._stems:
            suffix = PurePosixPath(name).suffix
            name = self.file(folder, f"{stem}_{len(self._stems)}{suffix}")
        self._stems.add(stem.casefold())
        return name, stem


def folder_name(label: str) -> str:
    """A class name as a folder name valid on any system."""
    name = _safe(label)
    reserved = re.fullmatch(r"(?i)con|prn|aux|nul|com\d|lpt\d", name)
    return f"{name}_" if reserved or not name else name


def _safe(name: str) -> str:
    return re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", name).strip(". ")[:LONGEST_NAME]


def place(item: Item, target: Path, copies: str = "copy") -> None:
    """Place an item's image at `target`, only if it is the one that was labelled: a path alone
    could name any file.

    Raises:
        OSError: the image is missing, or is not the one that was labelled; or the disk does not
            support such links.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if item.data is not None:
        target.write_bytes(item.data)
        return
    file = _file_of(item)
    if copies == "copy":
        with target.open("xb") as copy:
            _require_same(item, file, copy.write)
        return
    _require_same(item, file, lambda part: None)
    real = file.resolve(strict=True)
    if copies == "hardlink":
        target.hardlink_to(real)
    else:
        target.symlink_to(real)


def known_suffix(item: Item) -> str:
    """The path of an item, with the right suffix added if it has no image suffix (a table may name
    any file), since readers of folders go by the suffix."""
    suffix = PurePosixPath(item.path).suffix.lower()
    if not suffix or suffix in SUFFIXES:
        return item.path
    know_heif()
    try:
        with Image.open(io.BytesIO(image_bytes(item)), formats=FORMATS) as image:
            return item.path + SUFFIX_OF.get(image.format or "", "")
    except Image.UnidentifiedImageError:
        return item.path


def image_bytes(item: Item) -> bytes:
    """The bytes of an item's image. Raises OSError as `place`."""
    if item.data is not None:
        return item.data
    file = _file_of(item)
    try:
        return read_unchanged(file, item.sha256)
    except ChangedImage:
        raise OtherImage(None, CHANGED, str(file)) from None


def trouble_with(item: Item) -> OSError | None:
    """Why an item's image cannot be exported: `OtherImage` if its file has changed since it was
    labelled, another error if it cannot be read."""
    if item.data is None and item.file is not None:
        try:
            _require_same(item, item.file, lambda part: None)
        except OSError as error:
            return error
    return None


def _file_of(item: Item) -> Path:
    if item.file is None:
        raise OSError(None, "the image is missing", item.path)
    return item.file


def _require_same(item: Item, path: Path, write: Callable[[bytes], object]) -> None:
    hashed, size = hashlib.sha256(), 0
    with open_regular(path) as file:
        while part := read_bytes(file, 1 << 20):
            size += len(part)
            if size > LARGEST_BYTES:
                break
            hashed.update(part)
            write(part)
    if item.sha256 and hashed.hexdigest() != item.sha256:
        raise OtherImage(None, CHANGED, str(path))
