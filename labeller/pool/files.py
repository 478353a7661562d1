"""Where the images of a pool lie, by the rows of its tensor cache."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from labeller.core.files import read_regular
from labeller.pool.cache import ThumbnailCache
from labeller.pool.decode import Decoded, UnreadableImage, decode


@dataclass(frozen=True)
class ImageFile:
    """`sha256` is of the file's bytes, hexadecimal, as it was imported; sides in pixels."""

    path: Path
    sha256: str
    width: int
    height: int


@dataclass(frozen=True)
class ImageFiles:
    """The readable images of a pool.

    Attributes:
        read: reads where they lie, by row, while the project is open; asked once, by who needs it.
        features: the folder where features are kept; None where nothing may be written.
    """

    read: Callable[[], Mapping[int, ImageFile]]
    thumbnails: ThumbnailCache
    features: Path | None = None

    @cached_property
    def by_row(self) -> Mapping[int, ImageFile]:
        """The files; rows of unreadable images are left out."""
        return self.read()

    def decode(self, row: int, at_least: int) -> Decoded:
        """The picture of a row, with sides of `at_least` so many pixels where it has them; from its
        thumbnail where the file is gone.

        Raises:
            UnreadableImage: neither can be read.
        """
        file = self.by_row[row]
        try:
            return decode(read_regular(file.path), at_least)
        except (OSError, UnreadableImage):
            picture = self.thumbnails.load(file.sha256, file.path)
            return Decoded(picture, file.width, file.height)
