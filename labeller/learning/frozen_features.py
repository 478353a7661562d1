"""Reading features of images by a frozen encoder: from the files, once, in any order.

An oblong image is seen twice, as its centre and as the whole squeezed into a square, and its
features are the means: so nothing of it is cut off. On 3,068 photos of clothing this reaches 79.4 %
with 100 labels, the centre alone 79.6 %, the squeezed image alone 73.9 %, a padded one 75.3 %
(means of 5 to 8 seeds, labels at the centres of clusters; docs/results.md).
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

import numpy as np
import torch
from labeller_models.frozen import EncoderUnavailable, FrozenEncoder, frozen_encoder
from PIL import Image, ImageOps
from torch import Tensor

from labeller.core.chosen_encoders import require_chosen
from labeller.core.errors import Cancelled, UnusableHere, Word
from labeller.core.progress import Progress
from labeller.core.run import Run
from labeller.learning.batches import PoolImages
from labeller.learning.feature_store import FeatureStore, hashes_of
from labeller.learning.runtime import Compute, batch_size, runtime
from labeller.pool.decode import UnreadableImage

STAGE = "Reading features"
OBLONG = 1.1
"""From this ratio of its sides on an image is seen twice."""
SMALL = ((64, 160), (200, 128))
"""Where the longer sides of most images have fewer pixels, they are read at these sides."""
HUGE = ((500_000, 96), (50_000, 128))
"""Pools of more images are read at smaller sides, to be read within a day."""
READERS = 2
"""Threads that decode images while others are computed."""


def chosen_side(encoder: FrozenEncoder, longest: np.ndarray) -> int:
    """At which side in pixels a pool is read.

    Args:
        longest: of each image the longer side in pixels.
    """
    for images, side in HUGE:
        if len(longest) > images:
            return min(side, encoder.side)
    for pixels, side in SMALL:
        if len(longest) and np.median(longest) < pixels:
            return min(side, encoder.side)
    return encoder.side


def views(picture: Image.Image, side: int) -> list[np.ndarray]:
    """The square images that stand for a picture, uint8 [side, side, 3]: one or two."""
    bicubic = Image.Resampling.BICUBIC
    centre = ImageOps.fit(picture, (side, side), method=bicubic)
    if max(picture.size) < OBLONG * min(picture.size):
        return [np.asarray(centre)]
    return [np.asarray(centre), np.asarray(picture.resize((side, side), bicubic))]


class FrozenFeatures:
    """The features of a pool under an encoder, read when they are wanted.

    Args:
        name: of the encoder (models/labeller_models/frozen.py).
        pool: the images; read from their files where it knows them.

    Raises:
        UnusableHere: its weights cannot be had, or nobody on this computer has chosen it.
    """

    def __init__(self, name: str, pool: PoolImages) -> None:
        self.pool, self.name = pool, name
        require_chosen(name)
        try:
            self.encoder = frozen_encoder(name)
        except EncoderUnavailable as error:
            raise UnusableHere(
                "The encoder '{name}' is not there: {error}. Choose another one, or connect to the "
                "network once.",
                name=name,
                error=error,
            ) from error
        files = pool.files
        longest = np.array([max(f.width, f.height) for f in files.by_row.values()] if files else [])
        self.side = chosen_side(self.encoder, longest)
        digests = {row: files.digest(row) for row in files.by_row} if files else {}
        hashes = hashes_of(digests, len(pool)) if files else np.ones(len(pool), dtype=np.uint64)
        folder = files.features if files else None
        kind = self.encoder.key(self.side)
        keeps = files is not None and files.keeps
        self.store = FeatureStore(folder, kind, hashes, self.encoder.dim, keeps)
        self._compute: Compute | None = None

    def raw(self, rows: Tensor, run: Run) -> Tensor:
        """Features as the encoder gives them, float32 [N, dim], on the CPU; what has not been read
        is read now.

        Raises:
            Cancelled: `run.should_stop` said so; what was read is kept.
        """
        self.read(rows, run)
        found = self.store.get(rows)
        for keep in (True, False):  # the file is damaged there, or the disk
            bad = ~torch.isfinite(found).all(dim=1)
            if not bool(bad.any()):
                return found
            self.store.forget(rows[bad])
            self.read(rows, run, keep)
            found[bad] = self.store.get(rows[bad])
        return found.nan_to_num()

    def read(self, rows: Tensor, run: Run, keep: bool = True) -> None:
        """See that rows have been read. Raises Cancelled as `raw`.

        Args:
            keep: whether to keep what is read now for later programs too.
        """
        missing = torch.unique(rows[~self.store.known(rows)])
        if not len(missing):
            return
        done = 0
        for batch, features, whole in self._computed(missing, run):
            self.store.put(batch, features, whole & keep)
            done += len(batch)
            run.report(Progress(STAGE, done, len(missing)))
        self.store.flush()

    def _computed(self, rows: Tensor, run: Run) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        """Batches of rows, their features, and whether those are of the image files themselves
        (bool); decoded ahead by other threads."""
        if self._compute is None:
            self._compute = runtime(self.encoder, self.side, self.pool.device)
        batches = list(rows.split(batch_size(self.pool.device)))
        with ThreadPoolExecutor(READERS, thread_name_prefix="features") as threads:
            waiting: list[Future[list[tuple[list[np.ndarray], bool]]]] = []
            try:
                for place, batch in enumerate(batches):
                    for ahead in batches[place + len(waiting) : place + 2 * READERS]:
                        waiting.append(threads.submit(self._decoded, ahead))
                    if run.should_stop():
                        raise Cancelled("{stage} was stopped.", stage=Word(STAGE))
                    seen = waiting.pop(0).result()
                    computed = self._compute(np.stack([view for each, _ in seen for view in each]))
                    parts = computed.split([len(each) for each, _ in seen])
                    whole = torch.tensor([of_the_file for _, of_the_file in seen])
                    yield batch, torch.stack([part.mean(dim=0) for part in parts]), whole
            finally:
                for future in waiting:
                    future.cancel()

    def _decoded(self, rows: Tensor) -> list[tuple[list[np.ndarray], bool]]:
        pictures = [self._picture(row) for row in rows.tolist()]
        return [(views(picture, self.side), whole) for picture, whole in pictures]

    def _picture(self, row: int) -> tuple[Image.Image, bool]:
        """From its file, or else from its thumbnail or, as the last resort, the pool's small copy,
        as long as the file is away; and whether from its file."""
        files = self.pool.files
        if files is not None and row in files.by_row:
            with suppress(OSError, UnreadableImage):
                return files.decode(row, self.side).picture, True
            with suppress(UnreadableImage):
                return files.small(row), False
        pixels = self.pool.images(torch.tensor([row]))[0]
        small = Image.fromarray((pixels * 255).byte().permute(1, 2, 0).cpu().numpy())
        return small, files is None
