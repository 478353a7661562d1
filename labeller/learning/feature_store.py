"""Features on disk: read once from an image, found again by what the image and the encoder are.

One memory-mapped float16 array a kind of features, with a row for each row of the pool, and beside
it what was read: eight bytes of each image's SHA-256, written after its features. A program that
dies in between loses the rows of one batch. It can all be made again, so nothing here is precious.
"""

import logging
import os
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from labeller.core.files import is_regular, make_folder, replacing

FEATURES, DONE = "features.npy", "read.npy"


class FeatureStore:
    """Features of the images of a pool.

    Args:
        folder: where they are kept; None, or one that cannot be written, keeps them in memory.
        kind: what made them: encoder, weights and preprocessing, as the name of a folder.
        hashes: of the images by row, uint64 [N], 0 for one that has none.
        dim: how many features an image has.
    """

    def __init__(self, folder: Path | None, kind: str, hashes: np.ndarray, dim: int) -> None:
        self._hashes = hashes
        shape = (len(hashes), dim)
        self._features: np.ndarray = np.zeros((0, dim), dtype=np.float16)
        self._done: np.ndarray
        try:
            if folder is not None:
                place = make_folder(folder / kind, folder.parent)
                self._features = _mapped(place / FEATURES, shape, np.float16)
                self._done = _mapped(place / DONE, shape[:1], np.uint64)
                return
        except OSError as error:  # the disk is full, or may not be written
            logging.getLogger(__name__).warning("features are kept in memory only: %s", error)
        self._features = np.zeros(shape, dtype=np.float16)
        self._done = np.zeros(len(hashes), dtype=np.uint64)

    def known(self, rows: Tensor) -> Tensor:
        """Which of some rows (long [N]) have been read, as their images are now: bool [N]."""
        places = rows.numpy()
        same = (self._done[places] == self._hashes[places]) & (self._hashes[places] != 0)
        return torch.from_numpy(np.asarray(same))

    def all_known(self) -> Tensor:
        """All rows that have been read, long, ascending."""
        return self.known(torch.arange(len(self._hashes))).nonzero().flatten()

    def get(self, rows: Tensor) -> Tensor:
        """Features of rows that have been read: float32 [N, dim]. Not finite where the file is
        damaged."""
        return torch.from_numpy(self._features[rows.numpy()].astype(np.float32))

    def put(self, rows: Tensor, features: Tensor) -> None:
        """Keep features float [N, dim] of some rows."""
        places = rows.numpy()
        self._features[places] = features.numpy().astype(np.float16)
        self._done[places] = self._hashes[places]

    def forget(self, rows: Tensor) -> None:
        """What was kept of some rows is damaged."""
        self._done[rows.numpy()] = 0

    def flush(self) -> None:
        """Wait until everything is on the disk, the features first."""
        for array in (self._features, self._done):
            if isinstance(array, np.memmap):
                array.flush()


def hashes_of(digests: dict[int, str], count: int) -> np.ndarray:
    """The first eight bytes of SHA-256 digests (hexadecimal) by row: uint64 [count]."""
    found = np.zeros(count, dtype=np.uint64)
    for row, digest in digests.items():
        found[row] = int(digest[:16], 16) if digest else 0
    return found


def _mapped(path: Path, shape: tuple[int, ...], kind: type) -> np.ndarray:
    """A writable map of an array; one that is there is kept as far as it goes, and grows."""
    old: np.ndarray | None = None
    if is_regular(path):
        try:
            found = np.load(path, mmap_mode="r+")
            if found.shape == shape and found.dtype == kind:
                return found
            if found.shape[1:] == shape[1:] and found.dtype == kind:
                old = found
        except (ValueError, OSError, EOFError):
            pass  # damaged: made anew
    with replacing(path, durable=False) as temporary, temporary.open("wb") as file:
        descr = np.lib.format.dtype_to_descr(np.dtype(kind))
        header = {"descr": descr, "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        size = file.tell() + int(np.prod(shape, dtype=np.int64)) * np.dtype(kind).itemsize
        file.flush()
        if hasattr(os, "posix_fallocate"):  # a map of a file with holes dies where the disk is full
            os.posix_fallocate(file.fileno(), 0, size)
        else:
            file.truncate(size)
    made = np.load(path, mmap_mode="r+")
    if old is not None:
        kept = min(len(old), len(made))
        made[:kept] = old[:kept]
    return made
