"""Features of images under a frozen encoder, read from the files, once, in any order; in the same
pass, if asked for, the maps that its late stages are trained on (models/labeller_models/cut.py).

An oblong image is seen twice, its centre and the whole of it squeezed into a square, and the
features are averaged, so that nothing is cut off. On 3,068 photos of clothing this reaches 79.4 %
with 100 labels, the centre alone 79.6 %, the squeezed image alone 73.9 %, a padded one 75.3 %
(means of 5 to 8 seeds, labels at the centres of clusters; docs/results.md).
"""

import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property, partial
from math import prod

import numpy as np
import torch
from labeller_models.frozen import EncoderUnavailable, FrozenEncoder, frozen_encoder
from labeller_models.registry import mark
from PIL import Image, ImageOps
from torch import Tensor

from labeller.core.chosen_encoders import require_chosen
from labeller.core.errors import UnusableHere
from labeller.core.run import Progress, Run
from labeller.learning.batches import PoolImages
from labeller.learning.device import FEATURES, MAPS, Compute, batch_size, runtime
from labeller.learning.feature_store import FeatureStore
from labeller.pool.decode import UnreadableImage

STAGE = mark("Reading features")
OBLONG = 1.1
"""Ratio of the sides from which an image is seen twice."""
SMALL = ((64, 160), (200, 128))
"""If the median longer side has fewer pixels than the first number, the second is the side to read
at."""
HUGE = ((500_000, 96), (50_000, 128))
"""Pools of more images are read at a smaller side, so that it takes less than a day."""
MAPS_BYTES, MAPS_IN_MEMORY = 4 << 30, 1 << 29
"""Space for maps on disk, and in memory if there is none on disk. Of pools whose maps would take
more, only those are kept that stages are trained on."""
PART = 256
"""Rows that are looked up anew before they are read."""
READERS = 2
"""Threads that decode images while features are computed."""


def chosen_side(encoder: FrozenEncoder, longest: np.ndarray) -> int:
    """The side in pixels at which a pool is read.

    Args:
        longest: longer side of each image in pixels, [N].
    """
    if encoder.fixed_side:
        return encoder.side
    for images, side in HUGE:
        if len(longest) > images:
            return min(side, encoder.side)
    for pixels, side in SMALL:
        if len(longest) and np.median(longest) < pixels:
            return min(side, encoder.side)
    return encoder.side


def views(picture: Image.Image, side: int) -> list[np.ndarray]:
    """The one or two square views of a picture, uint8 [side, side, 3]."""
    bicubic = Image.Resampling.BICUBIC
    centre = ImageOps.fit(picture, (side, side), method=bicubic)
    if max(picture.size) < OBLONG * min(picture.size):
        return [np.asarray(centre)]
    return [np.asarray(centre), np.asarray(picture.resize((side, side), bicubic))]


def mean_features(compute: Compute, pictures: list[list[np.ndarray]]) -> Tensor:
    """Features of pictures, each the mean over its views, float32 [len(pictures), dim]."""
    return features_and_maps(compute, pictures, [FEATURES])[0]


def features_and_maps(
    compute: Compute, pictures: list[list[np.ndarray]], wanted: list[str]
) -> list[Tensor]:
    """Mean features of pictures as `mean_features`, or the maps of their first and last view,
    float32 [len(pictures), 2, ...]."""
    computed = compute(np.stack([view for each in pictures for view in each]), wanted)
    counts, found = [len(each) for each in pictures], []
    for name, values in zip(wanted, computed, strict=True):
        parts = values.split(counts)
        if name == FEATURES:
            found.append(torch.stack([part.mean(dim=0) for part in parts]))
        else:
            found.append(torch.stack([part[[0, -1]] for part in parts]))
    return found


def chosen_encoder(name: str) -> FrozenEncoder:
    """Load a pretrained encoder.

    Raises:
        UnusableHere: its weights could not be loaded, or nobody on this computer has chosen it.
    """
    require_chosen(name)
    try:
        return frozen_encoder(name)
    except EncoderUnavailable as error:
        raise UnusableHere(
            "The encoder '{name}' is not there: {error}. Choose another one, or connect to the "
            "network once.",
            name=name,
            error=error,
        ) from error


class FrozenFeatures:
    """The features of a pool under an encoder, read on demand.

    Attributes:
        parts: how many vectors of the same length a feature consists of.

    Args:
        name: of the encoder (models/labeller_models/frozen.py).
        pool: the images; read from their files where it knows them.
        with_maps: whether maps are read along, if there is room for those of the whole pool.

    Raises:
        UnusableHere: its weights could not be loaded, or nobody on this computer has chosen it.
    """

    parts = 1

    def __init__(self, name: str, pool: PoolImages, with_maps: bool = False) -> None:
        self.pool, self.name, self.encoder = pool, name, chosen_encoder(name)
        files = pool.files
        longest = files.by_row.longest if files else np.zeros(0)
        self.side = chosen_side(self.encoder, longest)
        hashes = files.keys(len(pool)) if files else np.ones(len(pool), dtype=np.uint64)
        folder = files.features if files else None
        keeps = files is not None and files.keeps
        self._stored = partial(FeatureStore, hashes=hashes, keeps=keeps)
        self._folder = folder
        self.store = self._stored(folder, self.encoder.key(self.side), dim=self.encoder.dim)
        self._with_maps = with_maps and self.keeps_all_maps
        self._compute: Compute | None = None

    @cached_property
    def views(self) -> int:
        """Views whose maps are kept of each image: two if any of them is seen twice."""
        files = self.pool.files
        if files is None:
            return 1
        shortest = np.minimum(files.by_row.widths, files.by_row.heights)
        return 2 if (files.by_row.longest >= OBLONG * shortest).any() else 1

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """The shape of an image's maps: number of views, and that of a map. This and all of the
        following need an encoder with stages."""
        assert self.encoder.halves is not None
        return self.views, *self.encoder.halves.shape(self.side)

    @property
    def keeps_all_maps(self) -> bool:
        """Whether the encoder has stages that can be trained, and there is room for all maps."""
        return self.encoder.halves is not None and self._map_bytes * len(self.pool) <= MAPS_BYTES

    @property
    def _map_bytes(self) -> int:
        return np.dtype(np.float16).itemsize * prod(self.shape)

    @cached_property
    def maps(self) -> FeatureStore:
        """The maps, as flat rows."""
        each = prod(self.shape)
        assert self.encoder.halves is not None
        return self._stored(
            self._folder,
            f"{self.encoder.key(self.side)}-maps-{self.encoder.halves.trained}-{self.views}",
            dim=each,
            in_memory=MAPS_IN_MEMORY // self._map_bytes,
        )

    def tuned_store(self, tuned: FrozenEncoder) -> FeatureStore:
        """A store for features of the same images under a trained copy of the encoder."""
        return self._stored(self._folder, f"{self._tuned}{tuned.fingerprint}", dim=tuned.dim)

    def keep_only(self, tuned: FrozenEncoder) -> None:
        """Delete the features under other trained copies of the encoder."""
        if self._folder is not None and self._stored.keywords["keeps"]:
            for other in self._folder.glob(f"{self._tuned}*"):
                if not other.name.endswith(tuned.fingerprint):
                    shutil.rmtree(other, ignore_errors=True)

    @property
    def _tuned(self) -> str:
        return f"{self.encoder.key(self.side)}-tuned-"

    def raw(self, rows: Tensor, run: Run) -> Tensor:
        """The encoder's features, float32 [N, dim], on the CPU; missing ones are read now.

        Raises:
            Cancelled: `run.should_stop` said so; what was read is kept.
        """
        return self._of(self.store, rows, run)

    def maps_of(self, rows: Tensor, run: Run) -> Tensor:
        """The maps of rows, float32 [N, views, ...], on the CPU; read and raises as `raw`."""
        return self._of(self.maps, rows, run).view(len(rows), *self.shape)

    def each_maps(self, rows: Tensor, run: Run) -> Iterator[tuple[Tensor, Tensor]]:
        """Parts of the rows with their maps, as `maps_of`; those for which there is no room are
        computed and not kept."""
        for part in rows.split(PART):
            kept = self.maps.known(part) | self.keeps_all_maps
            if bool(kept.any()):
                yield part[kept], self.maps_of(part[kept], run)
            if not bool(kept.all()):
                for batch, (features, maps), whole in self._computed(part[~kept], run, True):
                    self.store.put(batch, features, whole)
                    yield batch, maps[:, : self.views]

    def _of(self, store: FeatureStore, rows: Tensor, run: Run) -> Tensor:
        maps = store is not self.store
        self.read(rows, run, maps=maps)
        found = store.get(rows)
        for keep in (True, False):  # the file or the disk is damaged there
            bad = ~torch.isfinite(found).all(dim=1)
            if not bool(bad.any()):
                return found
            store.forget(rows[bad])
            self.read(rows, run, keep, maps)
            found[bad] = store.get(rows[bad])
        return found.nan_to_num()

    def read(self, rows: Tensor, run: Run, keep: bool = True, maps: bool = False) -> None:
        """Read the rows that are missing. Raises Cancelled as `raw`.

        Args:
            keep: whether to keep them on disk too.
            maps: whether to read their maps as well.
        """
        maps = maps or self._with_maps
        missing = self._missing(torch.unique(rows), maps)
        if not len(missing):
            return
        done = 0
        for part in missing.split(PART):
            left = self._missing(part, maps)  # others may read the same pool meanwhile
            done += len(part) - len(left)
            if not len(left):
                continue
            for batch, (features, *more), whole in self._computed(left, run, maps):
                self.store.put(batch, features, whole & keep)
                if maps:
                    self.maps.put(batch, more[0][:, : self.views].flatten(1), whole & keep)
                done += len(batch)
                run.report(Progress(STAGE, done, len(missing)))
        self.store.flush()
        if maps:
            self.maps.flush()

    def rest(self) -> None:
        """Free the runtime's memory, some hundred MB, until something has to be read again."""
        self._compute = None

    def _missing(self, rows: Tensor, maps: bool) -> Tensor:
        known = self.store.known(rows)
        if maps:
            known &= self.maps.known(rows)
        return rows[~known]

    def _computed(
        self, rows: Tensor, run: Run, maps: bool
    ) -> Iterator[tuple[Tensor, list[Tensor], Tensor]]:
        """Batches of rows, their features, maps if asked for, and whether these come from the image
        files themselves (bool); other threads decode ahead."""
        wanted = [FEATURES, MAPS] if maps else [FEATURES]
        if self._compute is None:
            self._compute = runtime(self.encoder, self.side, self.pool.device)
        batches = list(rows.split(batch_size(self.pool.device)))
        with ThreadPoolExecutor(READERS, thread_name_prefix="features") as threads:
            waiting: list[Future[list[tuple[list[np.ndarray], bool]]]] = []
            try:
                for place, batch in enumerate(batches):
                    for ahead in batches[place + len(waiting) : place + 2 * READERS]:
                        waiting.append(threads.submit(self._decoded, ahead))
                    run.check(STAGE)
                    seen = waiting.pop(0).result()
                    whole = torch.tensor([of_the_file for _, of_the_file in seen])
                    pictures = [each for each, _ in seen]
                    yield batch, features_and_maps(self._compute, pictures, wanted), whole
            finally:
                for future in waiting:
                    future.cancel()

    def _decoded(self, rows: Tensor) -> list[tuple[list[np.ndarray], bool]]:
        pictures = [self._picture(row) for row in rows.tolist()]
        return [(views(picture, self.side), whole) for picture, whole in pictures]

    def _picture(self, row: int) -> tuple[Image.Image, bool]:
        """An image, and whether it comes from its file; while that is missing, from its thumbnail
        or, as a last resort, the pool's small copy."""
        files = self.pool.files
        if files is not None and row in files.by_row:
            with suppress(OSError, UnreadableImage):
                return files.decode(row, self.side).picture, True
            with suppress(UnreadableImage):
                return files.small(row), False
        pixels = self.pool.images(torch.tensor([row]))[0]
        small = Image.fromarray((pixels * 255).byte().permute(1, 2, 0).cpu().numpy())
        return small, files is None
