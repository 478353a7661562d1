"""The image files of a pool by rows of its tensor cache."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from PIL import Image

from labeller.pool.cache import ThumbnailCache, read_unchanged
from labeller.pool.decode import Decoded, decode


@dataclass(frozen=True)
class ImageFile:
    """`sha256` is of the file's bytes, hexadecimal, as it was imported; sides in pixels. `ranged`
    are images whose pixels depend on the project's range of grey values."""

    path: Path
    sha256: str
    width: int
    height: int
    ranged: bool = False


@dataclass(frozen=True)
class ImageFiles:
    """The readable images of a pool.

    Attributes:
        read: reads where they lie, by row, while the project is open; asked once, by who needs it.
        features: the folder where features are kept; None where they are not.
        keeps: whether anything may be written there.
    """

    read: Callable[[], Mapping[int, ImageFile]]
    thumbnails: ThumbnailCache
    features: Path | None = None
    keeps: bool = True

    @cached_property
    def by_row(self) -> Mapping[int, ImageFile]:
        """The files by row, without unreadable images."""
        return self.read()

    def digest(self, row: int) -> str:
        """A digest that identifies the pixels of a row, hexadecimal: of the file's bytes and the
        range of grey values it is read with."""
        file = self.by_row[row]
        if not file.ranged or not file.sha256:
            return file.sha256
        return hashlib.sha256(f"{file.sha256} {self.thumbnails.reading.grey}".encode()).hexdigest()

    def decode(self, row: int, at_least: int) -> Decoded:
        """The picture of a row from its file, with sides of at least `at_least` pixels if it has
        them.

        Raises:
            OSError: the file cannot be read.
            UnreadableImage: it is no image, or not the one that was imported.
        """
        file = self.by_row[row]
        data = read_unchanged(file.path, file.sha256)
        return decode(data, at_least, self.thumbnails.reading)

    def small(self, row: int) -> Image.Image:
        """The cached thumbnail of a row. Raises UnreadableImage."""
        return self.thumbnails.kept(self.by_row[row].sha256)
