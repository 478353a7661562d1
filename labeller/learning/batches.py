"""Batches of images from the pool's uint8 cache, on the device."""

from contextlib import suppress
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from labeller.core.errors import LabellerError
from labeller.pool.cache import ImageFiles
from labeller.pool.decode import THUMBNAIL_SIDE, UnreadableImage, square
from labeller.pool.rows import Rows

RESIDENT_BYTES = 8 << 30
"""Pools up to this size stay on an accelerator; larger ones are streamed to it."""


class PoolImages:
    """The pool as batches of images on a device.

    Args:
        tensors: uint8 [N, S, S, 3], RGB; of a file, only the rows asked for are read.
        device: of the batches.
        files: the image files, for encoders that need more pixels.
    """

    def __init__(
        self, tensors: np.ndarray | Rows, device: torch.device, files: ImageFiles | None = None
    ) -> None:
        self._array, self.files = tensors, files
        self._mended: dict[int, np.ndarray] = {}  # repaired rows of a damaged file
        self._resident: Tensor | None = None
        self._wrong: set[int] = set()  # rows of `_resident`
        self.device = device
        if device.type != "cpu" and tensors.nbytes <= RESIDENT_BYTES:
            pixels = np.array(tensors)
            if isinstance(tensors, Rows):
                pixels, good = tensors.read(np.arange(len(tensors)))
                self._wrong = set((~good).nonzero()[0].tolist())
            self._resident = torch.from_numpy(pixels).to(device)

    @property
    def file(self) -> Path:
        """The file that holds the pool. Raises ValueError if there is none."""
        if not isinstance(self._array, Rows):
            raise ValueError("the pool is not a file")
        return self._array.path

    def __len__(self) -> int:
        return len(self._array)

    @property
    def side(self) -> int:
        return int(self._array.shape[1])

    def images(self, rows: Tensor) -> Tensor:
        """Rows (long, on any device) as float32 [B, 3, S, S] between 0 and 1, channels last.

        Raises:
            LabellerError: the cache is damaged there, and so is the image.
        """
        if self._resident is None:
            batch = torch.from_numpy(self._pixels(rows.cpu().numpy())).to(self.device)
        else:
            if self._wrong and (found := self._wrong.intersection(rows.tolist())):
                places = torch.tensor(sorted(found))
                mended = torch.from_numpy(self._pixels(places.numpy()))
                self._resident[places.to(self.device)] = mended.to(self.device)
                self._wrong -= found
            batch = self._resident[rows.to(self.device)]
        return batch.permute(0, 3, 1, 2).float() / 255

    def _pixels(self, places: np.ndarray) -> np.ndarray:
        """uint8 [B, S, S, 3]; rows damaged in the file are made again from the images."""
        if not isinstance(self._array, Rows):
            found: np.ndarray = self._array[places]
            return found
        pixels, good = self._array.read(places)
        for at in (~good).nonzero()[0].tolist():
            row = int(places[at])
            if row not in self._mended:
                self._mended[row] = self._from_file(row)
            pixels[at] = self._mended[row]
        return pixels

    def _from_file(self, row: int) -> np.ndarray:
        if self.files is not None and row in self.files.by_row:
            with suppress(OSError, UnreadableImage):
                picture = self.files.decode(row, max(THUMBNAIL_SIDE, self.side)).picture
                return square(picture, self.side)
        raise LabellerError(
            "The image cache is damaged at image {number}, whose file cannot be "
            "read. Restore the file, then run `check --repair`.",
            number=row + 1,
        )
