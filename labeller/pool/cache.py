"""The caches that an import makes: training tensors in one file, thumbnails beside it.

Both can be made again from the images, so nothing here is precious.
"""

import hashlib
import io
from contextlib import suppress
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image

from labeller.core.files import make_folder, read_regular, replacing
from labeller.pool.decode import (
    AS_FILES_SAY,
    THUMBNAIL_SIDE,
    Reading,
    UnreadableImage,
    decode,
    thumbnail,
)
from labeller.pool.rows import Rows, laid_out
from labeller.pool.unchanged import read_unchanged

LARGEST_THUMBNAIL = 1 << 22
END = b"\xff\xd9"
"""What a JPEG ends with."""
SEAL = 16
"""Bytes at the end of a thumbnail that tell whether the rest is as it was written."""
RESOLUTIONS = range(8, 225)
"""Allowed training resolutions in pixels."""


class TensorCache:
    """One uint8 array [images, side, side, 3], RGB; a row an image (labeller/pool/rows.py). The
    folders of `path` below `within` are made when they are needed."""

    def __init__(self, path: Path, within: Path | None = None) -> None:
        self.path, self._within = path, within or path.parent

    def create(self, rows: int, side: int) -> Rows:
        """Lay out a cache, to be written; one of the same shape is kept, one with another number of
        rows keeps what is right in them."""
        make_folder(self.path.parent, self._within)
        return laid_out(self.path, (rows, side, side, 3), np.uint8, trusted=True)

    def open(self, mode: Literal["r", "r+"] = "r") -> Rows:
        """The cache, to be read or (`r+`) written. Raises OSError or ValueError where it is missing
        or bad."""
        rows = Rows(self.path, writable=mode == "r+")
        if rows.dtype != np.uint8 or len(rows.shape) != 4 or not rows.whole:
            raise ValueError(f"{self.path} is not a tensor cache")
        return rows


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
            written = io.BytesIO()
            thumbnail(picture).save(written, "JPEG", quality=88)
            data = written.getvalue()
            make_folder(target.parent, self._within)
            with replacing(target, durable=False) as temporary:
                temporary.write_bytes(data + _seal(sha256, data))

    def kept(self, sha256: str) -> Image.Image:
        """The thumbnail that is in the cache, RGB.

        Raises:
            UnreadableImage: there is none, or it is damaged, or of another image.
        """
        try:
            data = read_regular(self.path(sha256), LARGEST_THUMBNAIL)
        except OSError as error:
            raise UnreadableImage(error.strerror or str(error)) from None
        # Those of earlier versions have no seal: they end where the JPEG does.
        if not data.endswith(END) and data[-SEAL:] != _seal(sha256, data[:-SEAL]):
            raise UnreadableImage("the thumbnail is damaged")
        return decode(data).picture

    def load(self, sha256: str, original: Path) -> Image.Image:
        """The thumbnail as RGB, from the cache or, where that has no good one, from the image file.

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
