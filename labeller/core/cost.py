"""The cost of a piece of work: time and peak memory."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

EVERY = 0.005
"""Seconds between two samples of the memory."""


@dataclass
class Cost:
    """Filled in when the work is done.

    Attributes:
        seconds: that passed.
        bytes: the most memory of this process beyond what it had before, as the system counts it
            (resident); that of an accelerator is not among it.
    """

    seconds: float = 0.0
    bytes: int = 0


@contextmanager
def measured() -> Iterator[Cost]:
    """Measure the block. Memory is sampled from a thread, so peaks shorter than a few milliseconds
    may be missed."""
    cost, process, done = Cost(), psutil.Process(), threading.Event()
    before = process.memory_info().rss

    def look() -> None:
        while not done.wait(EVERY):
            cost.bytes = max(cost.bytes, process.memory_info().rss - before)

    watcher = threading.Thread(target=look, name="memory", daemon=True)
    started = time.perf_counter()
    watcher.start()
    try:
        yield cost
    finally:
        cost.seconds = time.perf_counter() - started
        done.set()
        watcher.join()
        cost.bytes = max(cost.bytes, process.memory_info().rss - before)
