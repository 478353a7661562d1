"""Reading images: an import, and the features of a pool, each compared with a plain loop."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from labeller_models.encoder import CIFAR10
from PIL import Image

from labeller.learning.batches import PoolImages
from labeller.learning.model import extract_features
from labeller.learning.recipe import QUICK
from labeller.learning.trainer import build_network
from labeller.pool.cache import TensorCache, ThumbnailCache
from labeller.pool.ingest import Task, ingest

KINDS = (("32 × 32 JPEG", 32, 32, 60_000), ("3000 × 2000 JPEG", 3000, 2000, 600))
DRAWN = {32: 3000, 3000: 60}
"""The number of distinct pictures; the other files repeat them with different bytes appended."""
FEATURES = 4096


def seconds(run: Callable[[], object], times: int = 1) -> float:
    """The shortest time of several runs."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        taken.append(time.perf_counter() - began)
    return min(taken)


def images(folder: Path, width: int, height: int, count: int) -> list[Path]:
    """Smooth random pictures that compress about as well as photographs."""
    rng = np.random.default_rng(0)
    paths = []
    for number in range(count):
        paths.append(folder / f"{number}.jpg")
        if number >= DRAWN[width]:
            paths[-1].write_bytes(paths[number % DRAWN[width]].read_bytes() + b"%d" % number)
            continue
        coarse = rng.integers(0, 255, (12, 12, 3), dtype=np.uint8)
        picture = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
        picture.save(paths[-1], quality=90)
    return paths


def plain_import(paths: list[Path]) -> None:
    """Decode each image in full, one after the other, and make a tensor and a thumbnail."""
    for path in paths:
        with Image.open(path) as picture:
            whole = picture.convert("RGB")
        np.asarray(whole.resize((32, 32)))
        whole.thumbnail((256, 256))


def imports() -> None:
    print("Import, images/s                           ours   plain loop   ratio")
    for name, width, height, count in KINDS:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            paths = images(folder, width, height, count)
            tensors = TensorCache(folder / "t.npy").create(count, 32)
            thumbnails = ThumbnailCache(folder / "thumbnails")
            tasks = [Task(n + 1, n, path) for n, path in enumerate(paths)]
            ours = seconds(lambda: list(ingest(tasks, tensors, thumbnails)))  # noqa: B023
            plain = seconds(lambda: plain_import(paths))  # noqa: B023
            print(f"  {name:<36} {count / ours:8.0f} {count / plain:12.0f} {plain / ours:7.1f}")


def features() -> None:
    rng = np.random.default_rng(0)
    tensors = rng.integers(0, 255, (FEATURES, 32, 32, 3), dtype=np.uint8)
    pool, rows = PoolImages(tensors, torch.device("cpu")), torch.arange(FEATURES)
    network = build_network("resnet-small", 32, 10, QUICK).network.eval()

    def plain() -> None:
        """Batches of 64 in float32, channels first, with gradients enabled."""
        for part in rows.split(64):
            network.encoder(CIFAR10.normalised(pool.images(part)).contiguous())

    plain_seconds = seconds(plain, 5)
    network.to(memory_format=torch.channels_last)
    extract_features(network, pool, rows[:512])
    ours = seconds(lambda: extract_features(network, pool, rows), 5)
    print("Features of resnet-small, images/s         ours   plain loop   ratio")
    print(f"  {'32 × 32':<36} {FEATURES / ours:8.0f} {FEATURES / plain_seconds:12.0f}"
          f" {plain_seconds / ours:7.1f}")  # fmt: skip


def main() -> None:
    imports()
    features()


if __name__ == "__main__":
    main()
