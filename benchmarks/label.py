"""Time until a label is durable: one committed action compared with a bare SQLite insert."""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from labeller.project.creation import create
from labeller.project.planning import Request

LABELS = 500


def milliseconds(run: Callable[[int], object]) -> tuple[float, float]:
    """Median and 99th percentile of the time of a call."""
    times = []
    for number in range(LABELS):
        began = time.perf_counter()
        run(number)
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "images").mkdir()
        rng = np.random.default_rng(0)
        for number in range(20):
            pixels = rng.integers(0, 255, (32, 32, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / "images" / f"{number}.png")
        request = Request(str(folder / "images"), classes=("a", "b"))
        with create(folder / "project", request) as project:
            classes = [c.id for c in project.classes.all()]
            ours = milliseconds(
                lambda n: project.labels.assign({n % 20 + 1: classes[n % 2]}, "anna")
            )
        bare = sqlite3.connect(folder / "bare.sqlite")
        bare.execute("PRAGMA journal_mode = WAL")
        bare.execute("PRAGMA synchronous = FULL")
        bare.execute("CREATE TABLE label (image, class)")
        bare.commit()

        def insert(number: int) -> None:
            bare.execute("INSERT INTO label VALUES (?, ?)", [number, 1])
            bare.commit()

        peer = milliseconds(insert)
    print(f"A durable label, ms            median     99 %   ({LABELS} labels)")
    print(f"  labeller                   {ours[0]:8.2f} {ours[1]:8.2f}")
    print(f"  bare SQLite insert         {peer[0]:8.2f} {peer[1]:8.2f}")


if __name__ == "__main__":
    main()
