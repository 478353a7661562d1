"""The caches that an import makes: training tensors in one file, thumbnails beside it.

Both can be made again from the images, so nothing here is precious.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np
from PIL import Image

from labeller.core.files import is_regular, make_folder, read_regular, replacing
from labeller.pool.decode import (
    AS_FILES_SAY,
    THUMBNAIL_SIDE,
    Reading,
    UnreadableImage,
    decode,
    thumbnail,
)

LARGEST_THUMBNAIL = 1 << 22
ROWS_AT_ONCE = 4096
RESOLUTIONS = range(8, 225)
"""Allowed training resolutions in pixels."""


class TensorCache:
    """One memory-mapped uint8 array [images, side, side, 3], RGB; a row an image. The folders of
    `path` below `within` are made when they are needed."""

    def __init__(self, path: Path, within: Path | None = None) -> None:
        self.path, self._within = path, within or path.parent

    def create(self, rows: int, side: int) -> np.ndarray:
        """Lay out an all-zero cache; one of the same shape is kept, one with fewer rows keeps those
        and grows. Returns it writable."""
        shape = (rows, side, side, 3)
        old = self.open("r") if self.path.exists() else None
        if old is None or old.shape != shape:
            make_folder(self.path.parent, self._within)
            with replacing(self.path) as temporary:
                with temporary.open("wb") as file:
                    header = {"descr": "|u1", "fortran_order": False, "shape": shape}
                    np.lib.format.write_array_header_1_0(file, header)
                    _reserve(file, file.tell() + int(np.prod(shape, dtype=np.int64)))
                if old is not None and old.shape[1:] == shape[1:] and len(old) < rows:
                    grown = np.load(temporary, mmap_mode="r+")
                    for start in range(0, len(old), ROWS_AT_ONCE):
                        part = slice(start, min(start + ROWS_AT_ONCE, len(old)))
                        grown[part] = old[part]
                    grown.flush()
                    del grown
        return self.open("r+")

    def open(self, mode: Literal["r", "r+"] = "r") -> np.ndarray:
        """Map the cache (`r` or `r+`). Raises OSError or ValueError where it is missing or bad."""
        if not is_regular(self.path):
            raise FileNotFoundError(None, "it is no file", str(self.path))
        array = np.load(self.path, mmap_mode=mode)
        if array.dtype != np.uint8 or array.ndim != 4:
            raise ValueError(f"{self.path} is not a tensor cache")
        return array


def _reserve(file: BinaryIO, size: int) -> None:
    """Give a file its size on the disk; a map of a file with holes dies where the disk is full.

    Raises:
        OSError: the disk has no room for it.
    """
    file.flush()
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file.fileno(), 0, size)
    else:
        for _ in range(file.tell(), size, 1 << 20):
            file.write(bytes(min(1 << 20, size - file.tell())))


class ThumbnailCache:
    """Small JPEG copies of large images, named by the hash of the image file, in `folder`; what is
    missing of it below `within` is made. `reading` says how the images are read."""

    def __init__(
        self, folder: Path, within: Path | None = None, reading: Reading = AS_FILES_SAY
    ) -> None:
        self.folder, self._within = folder, within or folder.parent
        self.reading = reading

    def path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / f"{sha256}.jpg"

    def add(self, sha256: str, picture: Image.Image) -> None:
        """Keep a thumbnail of `picture`, unless it is there."""
        target = self.path(sha256)
        if not target.exists():
            make_folder(target.parent, self._within)
            with replacing(target, durable=False) as temporary:
                thumbnail(picture).save(temporary, "JPEG", quality=88)

    def load(self, sha256: str, original: Path) -> Image.Image:
        """The thumbnail as RGB, from the cache or, where that has no good one, from the image file.

        Raises:
            UnreadableImage: the image is missing or damaged too.
        """
        with suppress(OSError, UnreadableImage):
            return decode(read_regular(self.path(sha256), LARGEST_THUMBNAIL)).picture
        try:
            data = read_regular(original)
        except FileNotFoundError:
            raise UnreadableImage("the image file is gone") from None
        except OSError as error:
            raise UnreadableImage(error.strerror or str(error)) from None
        return thumbnail(decode(data, THUMBNAIL_SIDE, self.reading).picture)
