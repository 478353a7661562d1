"""Long-running work: its random seed, typed progress reports, how to stop it, and what it costs;
the same for the window and the command line."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

import psutil

from labeller.core.errors import Cancelled, Word


@dataclass(frozen=True)
class EpochMetrics:
    """The result of one epoch of training.

    `losses` are the means, over the epoch's batches, of the losses it trained, by name; accuracies
    lie between 0 and 1; `seconds` is the epoch's duration. `test_accuracy` is measured on a fixed
    sample of the held-out images, and is None if there are none.
    """

    epoch: int
    losses: Mapping[str, float]
    train_accuracy: float | None
    test_accuracy: float | None
    learning_rate: float
    seconds: float

    def summary(self) -> str:
        """A summary in a few words."""
        parts = [f"epoch {self.epoch}"]
        if self.losses:
            parts.append("loss " + " + ".join(f"{loss:.2f}" for loss in self.losses.values()))
        if self.train_accuracy is not None:
            parts.append(f"accuracy {self.train_accuracy:.0%}")
        return ", ".join(parts)


@dataclass(frozen=True)
class Cycle:
    """The position in a simulation: cycle `number` (from 1) `of` the cycles of a seed."""

    seed: int
    number: int
    of: int


@dataclass(frozen=True)
class Progress:
    """`done` of `total` steps of a `stage`; `seconds_left` is None while it cannot be estimated."""

    stage: str
    done: int
    total: int
    seconds_left: float | None = None
    metrics: EpochMetrics | None = None
    cycle: Cycle | None = None

    @property
    def title(self) -> str:
        """The stage in English, with the cycle of a simulation."""
        at = self.cycle
        return f"Seed {at.seed}, cycle {at.number} of {at.of}: {self.stage}" if at else self.stage


Report = Callable[[Progress], None]
ShouldStop = Callable[[], bool]


def ignore(progress: Progress) -> None:
    """A `Report` that does nothing."""


def never() -> bool:
    """A `ShouldStop` that never stops."""
    return False


@dataclass(frozen=True)
class Run:
    """Passed to everything that takes long; `Run()` reports nothing and is never stopped.

    Attributes:
        seed: the random seed; rounds derive a different one for each purpose.
        report: called for every step.
        should_stop: called before every step; True ends the work with `Cancelled`.
    """

    seed: int = 0
    report: Report = field(default=ignore)
    should_stop: ShouldStop = field(default=never)

    def check(self, stage: str) -> None:
        """Raises Cancelled, with the stage that was stopped, if `should_stop` says so."""
        if self.should_stop():
            raise Cancelled("{stage} was stopped.", stage=Word(stage))

    def seeded(self, seed: int) -> "Run":
        """The same run with another seed."""
        return replace(self, seed=seed)


EVERY = 0.005
"""Seconds between two samples of the memory."""


@dataclass
class Cost:
    """What some work cost; filled in when it is done.

    Attributes:
        seconds: its duration.
        bytes: the peak increase of this process's memory, as the system counts it (resident); an
            accelerator's memory is not included.
    """

    seconds: float = 0.0
    bytes: int = 0


@contextmanager
def measured() -> Iterator[Cost]:
    """Measure what the block costs. Memory is sampled from a thread, so peaks shorter than a few
    milliseconds may be missed."""
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


NICENESS = 10


def yield_to_others() -> None:
    """Lower this thread's priority below the window's, if the system allows it; threads started
    from it, including ONNX Runtime's, inherit that."""
    if sys.platform.startswith("linux"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
