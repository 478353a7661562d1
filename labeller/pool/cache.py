"""The caches made by an import (training tensors in one file, and thumbnails), which can be rebuilt
from the images; and the image files of a pool, by row of its tensor cache."""

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image

from labeller.core.files import make_folder, read_regular, replacing
from labeller.pool.channels import may_be_tiff
from labeller.pool.decode import (
    AS_FILES_SAY,
    THUMBNAIL_SIDE,
    Decoded,
    Reading,
    UnreadableImage,
    decode,
    thumbnail,
)
from labeller.pool.rows import Rows, key_of, laid_out

LARGEST_THUMBNAIL = 1 << 22
END = b"\xff\xd9"
"""The end marker of a JPEG."""
SEAL = 16
"""Bytes of the checksum at the end of a thumbnail."""
RESOLUTIONS = range(8, 225)
"""Allowed training resolutions in pixels."""
NO_DIGEST = "00" * 32
"""Stands for the digest of a file that was never read."""
CHANGED = "it was changed after the import"


class ChangedImage(UnreadableImage):
    """The file has changed since the import."""

    def __init__(self) -> None:
        super().__init__(CHANGED)


def read_unchanged(path: Path, sha256: str) -> bytes:
    """The bytes of an image file.

    Args:
        sha256: that of the imported bytes, hexadecimal; empty if the file was never imported.

    Raises:
        OSError: it is not a regular file, or cannot be read.
        ChangedImage: the bytes are different ones.
    """
    data = read_regular(path)
    if sha256 and hashlib.sha256(data).hexdigest() != sha256:
        raise ChangedImage
    return data


class TensorCache:
    """One uint8 array [images, side, side, 3], RGB, one row per image (labeller/pool/rows.py).
    Missing folders between `within` and `path` are created."""

    def __init__(self, path: Path, within: Path | None = None) -> None:
        self.path, self._within = path, within or path.parent

    def create(self, rows: int, side: int) -> Rows:
        """Create a cache for writing. An existing one of the same shape is kept; if only the number
        of rows differs, its valid rows are kept."""
        make_folder(self.path.parent, self._within)
        return laid_out(self.path, (rows, side, side, 3), np.uint8, trusted=True)

    def open(self, mode: Literal["r", "r+"] = "r") -> Rows:
        """Open the cache for reading or (`r+`) writing. Raises OSError or ValueError if it is
        missing or invalid."""
        rows = Rows(self.path, writable=mode == "r+")
        if rows.dtype != np.uint8 or len(rows.shape) != 4 or not rows.whole:
            raise ValueError(f"{self.path} is not a tensor cache")
        return rows


class ThumbnailCache:
    """Small JPEG copies of large images in `folder`, named by the hash of the image file. Missing
    folders below `within` are created. `reading` says how the images are read."""

    def __init__(
        self, folder: Path, within: Path | None = None, reading: Reading = AS_FILES_SAY
    ) -> None:
        self.folder, self._within = folder, within or folder.parent
        self.reading = reading

    def path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / f"{sha256}.jpg"

    def add(self, sha256: str, picture: Image.Image) -> None:
        """Store a thumbnail of `picture`, unless there is one."""
        target = self.path(sha256)
        if not target.exists():
            written = io.BytesIO()
            thumbnail(picture).save(written, "JPEG", quality=88)
            data = written.getvalue()
            make_folder(target.parent, self._within)
            with replacing(target, durable=False) as temporary:
                temporary.write_bytes(data + _seal(sha256, data))

    def kept(self, sha256: str) -> Image.Image:
        """The cached thumbnail, RGB.

        Raises:
            UnreadableImage: there is none, it is damaged, or it is that of another image.
        """
        try:
            data = read_regular(self.path(sha256), LARGEST_THUMBNAIL)
        except OSError as error:
            raise UnreadableImage(error.strerror or str(error)) from None
        # Thumbnails of earlier versions have no checksum: they end with the JPEG.
        if not data.endswith(END) and data[-SEAL:] != _seal(sha256, data[:-SEAL]):
            raise UnreadableImage("the thumbnail is damaged")
        return decode(data).picture

    def load(self, sha256: str, original: Path) -> Image.Image:
        """The thumbnail as RGB, from the cache or else from the image file.

        Raises:
            UnreadableImage: the image is missing, damaged, or no longer what was imported.
        """
        with suppress(UnreadableImage):
            return self.kept(sha256)
        try:
            data = read_unchanged(original, sha256)
        except FileNotFoundError:
            raise UnreadableImage("the image file is gone") from None
        except OSError as error:
            raise UnreadableImage(error.strerror or str(error)) from None
        return thumbnail(decode(data, THUMBNAIL_SIDE, self.reading).picture)


def _seal(sha256: str, data: bytes) -> bytes:
    return hashlib.blake2b(sha256.encode() + data, digest_size=SEAL).digest()


@dataclass(frozen=True)
class ImageFile:
    """`sha256` is that of the imported bytes, hexadecimal; the sides are in pixels; `ranged` tells
    whether the picture depends on the project's range of grey values."""

    path: Path
    sha256: str
    width: int
    height: int
    ranged: bool = False


class FileTable(Mapping[int, ImageFile]):
    """Image files by row, stored in columns: as objects, two million of them would take two GB.

    Args:
        roots: folders by the id of their source.
        columns: blocks of row, source, path below its folder, SHA-256 (hexadecimal or empty),
            width, height and `ranged` of each file, in ascending order of rows.
    """

    def __init__(self, roots: Mapping[int, Path], columns: Iterable[Sequence[tuple]]) -> None:
        self._roots = roots
        numbers, names, digests, lengths = [], [], [], []
        for block in columns:
            rows, sources, paths, hashes, widths, heights, ranged = zip(*block, strict=True)
            numbers.append(np.array([rows, sources, widths, heights, ranged], dtype=np.int32))
            encoded = [path.encode("utf-8", "surrogateescape") for path in paths]
            lengths.append(np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded)))
            names.append(b"".join(encoded))
            digests.append(bytes.fromhex("".join(each or NO_DIGEST for each in hashes)))
        joined = np.concatenate(numbers, axis=1) if numbers else np.zeros((5, 0), np.int32)
        rows, self._sources, self.widths, self.heights, self._ranged = joined
        self._rows = rows.astype(np.int64)  # the type of what is looked up, to convert nothing
        self._names, self._digests = b"".join(names), b"".join(digests)
        self._ends = np.concatenate(lengths).cumsum() if lengths else np.zeros(0, np.int64)

    def __getitem__(self, row: int) -> ImageFile:
        at = int(self._rows.searchsorted(np.int64(row)))
        if at == len(self._rows) or self._rows[at] != row:
            raise KeyError(row)
        start = int(self._ends[at - 1]) if at else 0
        name = self._names[start : int(self._ends[at])].decode("utf-8", "surrogateescape")
        return ImageFile(
            self._roots[int(self._sources[at])] / name, self._digest(at),
            int(self.widths[at]), int(self.heights[at]), bool(self._ranged[at]),
        )  # fmt: skip

    def digests(self) -> Iterator[tuple[int, str, bool]]:
        """Row, SHA-256 (hexadecimal, or empty) and `ranged` of each file."""
        for at, (row, ranged) in enumerate(
            zip(self._rows.tolist(), self._ranged.tolist(), strict=True)
        ):
            yield row, self._digest(at), bool(ranged)

    def _digest(self, at: int) -> str:
        digest = self._digests[at * 32 : (at + 1) * 32].hex()
        return "" if digest == NO_DIGEST else digest

    @property
    def longest(self) -> np.ndarray:
        """The longer side of each file in pixels, [N]."""
        return np.maximum(self.widths, self.heights)

    def __iter__(self) -> Iterator[int]:
        return iter(self._rows.tolist())

    def __len__(self) -> int:
        return len(self._rows)


@dataclass(frozen=True)
class ImageFiles:
    """The readable images of a pool.

    Attributes:
        read: reads the table of files while the project is open; called once, when first needed.
        features: the folder in which features are kept; None to keep none.
        keeps: whether anything may be written there.
    """

    read: Callable[[], FileTable]
    thumbnails: ThumbnailCache
    features: Path | None = None
    keeps: bool = True

    @cached_property
    def by_row(self) -> FileTable:
        """The files by row, without unreadable images."""
        return self.read()

    def keys(self, count: int) -> np.ndarray:
        """A key for the pixels of each row, made from the file's bytes and how they are read:
        uint64 [count], 0 for rows without a file."""
        found, reading = np.zeros(count, dtype=np.uint64), self.thumbnails.reading
        for row, digest, ranged in self.by_row.digests():
            how = f" {reading.grey}" if ranged else ""
            how += " sRGB" if reading.true_colour else ""
            if reading.channels and may_be_tiff(self.by_row[row].path):
                how += f" {reading.channels}"
            if how and digest:
                digest = hashlib.sha256(f"{digest}{how}".encode()).hexdigest()
            found[row] = key_of(digest)
        return found

    def decode(self, row: int, at_least: int) -> Decoded:
        """The picture of a row, decoded from its file with sides of at least `at_least` pixels if
        the image is that large.

        Raises:
            OSError: the file cannot be read.
            UnreadableImage: it is not an image, or not the one that was imported.
        """
        file = self.by_row[row]
        data = read_unchanged(file.path, file.sha256)
        return decode(data, at_least, self.thumbnails.reading)

    def small(self, row: int) -> Image.Image:
        """The cached thumbnail of a row. Raises UnreadableImage."""
        return self.thumbnails.kept(self.by_row[row].sha256)
