"""Reads image files after the import, refusing files that have changed."""

import hashlib
from pathlib import Path

from labeller.core.files import read_regular
from labeller.pool.decode import UnreadableImage

CHANGED = "it was changed after the import"


class ChangedImage(UnreadableImage):
    """The file has changed since the import."""

    def __init__(self) -> None:
        super().__init__(CHANGED)


def read_unchanged(path: Path, sha256: str) -> bytes:
    """The bytes of an image file.

    Args:
        sha256: of those that were imported, hexadecimal; empty where they never were.

    Raises:
        OSError: it is no regular file, or cannot be read.
        ChangedImage: they are others.
    """
    data = read_regular(path)
    if sha256 and hashlib.sha256(data).hexdigest() != sha256:
        raise ChangedImage
    return data
