"""Features on disk, read once from each image and found again by image and encoder.

Each kind of features has one file of float16 rows, one for each row of the pool, with the hash of
the image it was made of and a checksum (labeller/pool/rows.py). A row counts only if both still
match; otherwise the image is read again. Everything here can be made again.
"""

import logging
from contextlib import suppress
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from labeller.core.files import make_folder
from labeller.pool.rows import Rows, laid_out, marks_of

FEATURES = "features.npy"
DONE = marks_of(Path(FEATURES)).name
OLD_DONE = "read.npy"
"""Marks of earlier versions, which would wrongly trust this version's features."""
BLOCK = 4096
"""Rows read at once."""


class FeatureStore:
    """Features of the images of a pool.

    Args:
        folder: where they are kept; None, or a folder that cannot be written, keeps them in memory.
        kind: encoder, weights and preprocessing, as the name of a subfolder.
        hashes: of the images by row, uint64 [N], 0 for none.
        dim: number of features of an image.
        keeps: whether new features are written; otherwise the folder is only read.
        in_memory: most images in memory, where the disk is not or cannot be used; None: all.
    """

    def __init__(
        self,
        folder: Path | None,
        kind: str,
        hashes: np.ndarray,
        dim: int,
        keeps: bool = True,
        in_memory: int | None = None,
    ) -> None:
        self._hashes, self._dim, self._keeps = hashes, dim, keeps
        self._most = in_memory
        self._in_memory: dict[int, np.ndarray] = {}  # by row
        self._forgotten: set[int] = set()  # damaged rows of a disk that cannot be written
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
        except OSError as error:  # the disk is full or read-only
            _warn(error)
        self._keeps = False
        with suppress(OSError, ValueError):
            rows = Rows(folder / kind / FEATURES)
            if rows.marked and rows.shape == shape and rows.dtype == np.float16:
                self._rows = rows

    def known(self, rows: Tensor) -> Tensor:
        """Which of some rows (long [N]) hold features of their present images: bool [N]."""
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
        """All known rows, long, ascending."""
        return self.known(torch.arange(len(self._hashes))).nonzero().flatten()

    def get(self, rows: Tensor) -> Tensor:
        """Features of known rows: float32 [N, dim], NaN where the file is damaged."""
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
            kept: which of them to write (bool [N]); the others stay in memory. None writes all.
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
        while self._most is not None and len(self._in_memory) > self._most:
            del self._in_memory[next(iter(self._in_memory))]

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
        """Drop the features of some rows, which are damaged."""
        for place in rows.tolist():
            self._in_memory.pop(place, None)
        if self._rows is not None and self._keeps:
            self._rows.forget(rows.numpy())
        elif not self._keeps:
            self._forgotten.update(rows.tolist())

    def flush(self) -> None:
        """Wait until everything is on disk."""
        if self._rows is not None and self._keeps:
            self._rows.flush()


def _warn(error: OSError) -> None:
    logging.getLogger(__name__).warning("features are kept in memory only: %s", error)
