"""Features on disk: read once from an image, found again by what the image and the encoder are.

One file of float16 rows for each kind of features, a row for each row of the pool, with what each
was made of and a checksum (labeller/pool/rows.py). A row counts only if it was made of the image as
it is now and is as it was written: whatever else happened to the file, the image is read again. It
can all be made again, so nothing here is precious.
"""

import logging
from contextlib import suppress
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from labeller.core.files import make_folder
from labeller.pool.rows import Rows, key_of, laid_out, marks_of

FEATURES = "features.npy"
DONE = marks_of(Path(FEATURES)).name
OLD_DONE = "read.npy"
"""What earlier versions kept in its place, and would believe of features that are not theirs."""
BLOCK = 4096
"""Rows that are read at once."""


class FeatureStore:
    """Features of the images of a pool.

    Args:
        folder: where they are kept; None, or one that cannot be written, keeps them in memory.
        kind: what made them: encoder, weights and preprocessing, as the name of a folder.
        hashes: of the images by row, uint64 [N], 0 for one that has none.
        dim: how many features an image has.
        keeps: whether what is read is kept there; else only what is there already is used.
    """

    def __init__(
        self, folder: Path | None, kind: str, hashes: np.ndarray, dim: int, keeps: bool = True
    ) -> None:
        self._hashes, self._dim, self._keeps = hashes, dim, keeps
        self._in_memory: dict[int, np.ndarray] = {}  # by row: what is not to be kept, or cannot be
        self._forgotten: set[int] = set()  # what is wrong on a disk that cannot be written
        self._rows: Rows | None = None
        if folder is None:
            return
        shape = (len(hashes), dim)
        try:
            if keeps:
                place = make_folder(folder / kind, folder.parent)
                (place / OLD_DONE).unlink(missing_ok=True)
                self._rows = laid_out(place / FEATURES, shape, np.float16)
                return
        except OSError as error:  # the disk is full, or may not be written
            _warn(error)
        self._keeps = False
        with suppress(OSError, ValueError):
            rows = Rows(folder / kind / FEATURES)
            if rows.marked and rows.shape == shape and rows.dtype == np.float16:
                self._rows = rows

    def known(self, rows: Tensor) -> Tensor:
        """Which of some rows (long [N]) have been read, as their images are now: bool [N]."""
        places = rows.numpy()
        same = np.zeros(len(places), dtype=bool)
        if self._rows is not None:
            same = self._rows.made_of(places) == self._hashes[places]
        if self._forgotten:
            same &= ~np.isin(places, list(self._forgotten))
        if self._in_memory:
            same |= np.fromiter((p in self._in_memory for p in places.tolist()), dtype=bool)
        return torch.from_numpy(same & (self._hashes[places] != 0))

    def all_known(self) -> Tensor:
        """All rows that have been read, long, ascending."""
        return self.known(torch.arange(len(self._hashes))).nonzero().flatten()

    def get(self, rows: Tensor) -> Tensor:
        """Features of rows that have been read: float32 [N, dim]. NaN where the file is damaged."""
        places = rows.numpy()
        found = np.full((len(places), self._dim), np.nan, dtype=np.float32)
        if self._rows is not None:
            for start in range(0, len(places), BLOCK):
                part = places[start : start + BLOCK]
                values, good = self._rows.read(part, self._hashes[part])
                found[start : start + BLOCK][good] = values[good]
        if self._in_memory:
            for at, place in enumerate(places.tolist()):
                if place in self._in_memory:
                    found[at] = self._in_memory[place]
        return torch.from_numpy(found)

    def put(self, rows: Tensor, features: Tensor, kept: Tensor | None = None) -> None:
        """Keep features float [N, dim] of some rows.

        Args:
            kept: which of them are right for good (bool [N]); the others are remembered until the
                program ends. None: all.
        """
        places, values = rows.numpy(), features.numpy().astype(np.float16)
        for_good = self._hashes[places] != 0
        if kept is not None:
            for_good &= kept.numpy()
        if not self._keeps or not self._written(places[for_good], values[for_good]):
            for_good[:] = False
        for place in places[for_good].tolist():
            self._in_memory.pop(place, None)
        for at in (~for_good).nonzero()[0].tolist():
            self._in_memory[int(places[at])] = values[at].copy()

    def _written(self, places: np.ndarray, values: np.ndarray) -> bool:
        if self._rows is None:
            return False
        try:
            self._rows.write(places, values, self._hashes[places])
        except OSError as error:
            _warn(error)
            return False
        return True

    def forget(self, rows: Tensor) -> None:
        """What was kept of some rows is damaged."""
        for place in rows.tolist():
            self._in_memory.pop(place, None)
        if self._rows is not None and self._keeps:
            self._rows.forget(rows.numpy())
        elif not self._keeps:
            self._forgotten.update(rows.tolist())

    def flush(self) -> None:
        """Flush everything to disk."""
        if self._rows is not None and self._keeps:
            self._rows.flush()


def hashes_of(digests: dict[int, str], count: int) -> np.ndarray:
    """The first eight bytes of SHA-256 digests (hexadecimal) by row: uint64 [count]."""
    found = np.zeros(count, dtype=np.uint64)
    for row, digest in digests.items():
        found[row] = key_of(digest)
    return found


def _warn(error: OSError) -> None:
    logging.getLogger(__name__).warning("features are kept in memory only: %s", error)
