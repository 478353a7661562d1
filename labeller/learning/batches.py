"""Images from the pool's uint8 cache to the device, batch by batch."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from labeller.pool.files import ImageFiles

RESIDENT_BYTES = 8 << 30
"""Pools up to this size are kept on an accelerator; larger ones are streamed to it."""


class PoolImages:
    """The pool as batches of images on a device.

    Args:
        tensors: uint8 [N, S, S, 3], RGB; may be a read-only memory map.
        device: where the batches are wanted.
        files: where the images lie, for those who need more than these few pixels.
    """

    def __init__(
        self, tensors: np.ndarray, device: torch.device, files: ImageFiles | None = None
    ) -> None:
        self._array, self.files = tensors, files
        self._resident: Tensor | None = None
        self.device = device
        if device.type != "cpu" and tensors.nbytes <= RESIDENT_BYTES:
            self._resident = torch.from_numpy(np.array(tensors)).to(device)

    @property
    def file(self) -> Path:
        """The file that a memory-mapped pool lies in. Raises ValueError where it is none."""
        if not isinstance(self._array, np.memmap) or self._array.filename is None:
            raise ValueError("the pool is not a memory-mapped file")
        return Path(self._array.filename)

    def __len__(self) -> int:
        return len(self._array)

    @property
    def side(self) -> int:
        return int(self._array.shape[1])

    def images(self, rows: Tensor) -> Tensor:
        """Rows (long, on any device) as float32 [B, 3, S, S] between 0 and 1, channels last."""
        if self._resident is not None:
            batch = self._resident[rows.to(self.device)]
        else:
            batch = torch.from_numpy(self._array[rows.cpu().numpy()]).to(self.device)
        return batch.permute(0, 3, 1, 2).float() / 255


def endless(rows: Tensor, batch_size: int, rng: torch.Generator) -> Iterator[Tensor]:
    """Full batches of `rows` in a random order, shuffled anew whenever all have been seen."""
    waiting = rows[:0]
    while True:
        while len(waiting) < batch_size:
            order = torch.randperm(len(rows), generator=rng, device=rng.device)
            waiting = torch.cat([waiting, rows[order]])
        yield waiting[:batch_size]
        waiting = waiting[batch_size:]
