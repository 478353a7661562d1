"""Reads every image once, in parallel: verify, hash, thumbnail, fill the tensor cache.

Threads begin at once. If that would take long, processes take over: small images spend most of
their time in Python, where only one thread runs at a time.
"""

import errno
import hashlib
import logging
import os
import signal
import sys
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from operator import length_hint
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
import psutil

from labeller.core.files import read_regular
from labeller.core.run import yield_to_others
from labeller.pool.cache import CHANGED, ThumbnailCache
from labeller.pool.decode import THUMBNAIL_SIDE, UnreadableImage, decode, square
from labeller.pool.rows import Rows, key_of

AWAY = frozenset(
    getattr(errno, name)
    for name in (
        "ENOENT", "ENOTDIR", "EIO", "ENODEV", "ENXIO", "ESTALE", "ENOTCONN", "ETIMEDOUT",
        "EHOSTDOWN", "EHOSTUNREACH", "EREMOTEIO", "ENOMEDIUM",
    )
    if hasattr(errno, name)
)  # fmt: skip
"""Errors of moved files, or of a disk or network that is temporarily unavailable."""
BLOCK, BLOCKS_AHEAD = 16, 2
"""Number of images read before their tensors are written together, and how many such blocks are
queued per worker."""
WORKERS = max(1, (os.cpu_count() or 2) - 1)
"""All cores but one, which is left for the window."""
MOMENT, WORTH = 0.25, 2.5
"""After `MOMENT` seconds the remaining time is estimated; if it is more than `WORTH` seconds,
processes are started, which takes about one."""
MOST_PROCESSES = 8
IDLE_SECONDS = 5
BLOCK_SECONDS, LARGEST_BLOCK = 0.1, 512
"""A process is given as many images at a time as threads read in `BLOCK_SECONDS`, at most
`LARGEST_BLOCK`."""


# A person who cancels an import knows that images were still being read.
warnings.filterwarnings("ignore", message=".*still being processed", module="joblib")


@dataclass(frozen=True)
class Task:
    """An image to read, whose tensor goes to `row` of the cache. `sha256` is that of the imported
    bytes, hexadecimal, and other bytes are refused; it is empty if the image was never imported."""

    image_id: int
    row: int
    path: Path
    sha256: str = ""


@dataclass(frozen=True)
class Verified:
    """The result of reading one image file. `reason` is None if it could be read; `gone` means that
    the file was the trouble, not the image, so it may come back.

    `width` and `height` are those of the upright image, in pixels; `sha256` is that of the file's
    bytes, hexadecimal. `pages`, `bits` and `profile_ignored` are as in `Decoded`. `changed` means
    that the file is not the one that was imported.
    """

    image_id: int
    reason: str | None = None
    width: int = 0
    height: int = 0
    bytes: int = 0
    sha256: str = ""
    gone: bool = False
    pages: int = 1
    bits: int = 0
    changed: bool = False
    profile_ignored: bool = False


def ingest(
    tasks: Iterable[Task], tensors: Rows, thumbnails: ThumbnailCache, workers: int = WORKERS
) -> Iterator[Verified]:
    """Read images in parallel, a bounded number ahead; yields results in the order of `tasks`.

    Closing the iterator stops the work. Bad images raise nothing: they have a `reason`.
    """
    left, processes = iter(tasks), Processes(length_hint(tasks))
    for verified in _by_threads(left, tensors, thumbnails, workers, processes.are_ready):
        processes.done += 1
        yield verified
    if processes.are_ready():
        yield from processes.read(left, tensors, thumbnails)


def _by_threads(
    tasks: Iterator[Task],
    tensors: Rows,
    thumbnails: ThumbnailCache,
    workers: int = WORKERS,
    until: Callable[[], bool] = lambda: False,
) -> Iterator[Verified]:
    """Read images with threads, until `until` says that others can take over."""
    waiting: deque[Future[list[Verified]]] = deque()
    stop = Event()
    with ThreadPoolExecutor(workers, thread_name_prefix="ingest") as threads:
        try:
            while not until() and (block := list(islice(tasks, BLOCK))):
                waiting.append(threads.submit(_read, block, tensors, thumbnails, stop))
                if len(waiting) > BLOCKS_AHEAD * workers:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            stop.set()
            for future in waiting:
                future.cancel()


class Processes:
    """Processes that read images, if there are many. There are more processes than cores, since
    files that nobody has read lately have to be waited for.

    Attributes:
        done: number of images read without them.
    """

    def __init__(self, count: int) -> None:
        cores = 1 if getattr(sys, "frozen", False) else os.cpu_count() or 1
        self._processes = min(MOST_PROCESSES, 2 * cores) if cores > 1 else 0
        self._count, self.done = count, 0
        self._began = time.monotonic()
        self._starting: Thread | None = None

    def are_ready(self) -> bool:
        """Whether the processes can take over; they are started once that is known to be worth
        it."""
        if self._starting is None and self._processes:
            passed = time.monotonic() - self._began
            left = self._count - self.done
            if passed > MOMENT and left * passed > WORTH * self.done:
                self._starting = Thread(target=self._start, daemon=True)
                self._starting.start()
        return self._starting is not None and not self._starting.is_alive()

    def read(
        self, tasks: Iterator[Task], tensors: Rows, thumbnails: ThumbnailCache
    ) -> Iterator[Verified]:
        """Read images; if a process fails, the rest are read in this one, which can tell why."""
        from joblib import delayed

        given: deque[list[Task]] = deque()
        a_second = self.done / (time.monotonic() - self._began)
        size = min(LARGEST_BLOCK, max(1, round(a_second * BLOCK_SECONDS)))

        def calls() -> Iterator[Any]:
            while block := list(islice(tasks, size)):
                given.append(block)
                yield delayed(_read_apart)(block, tensors.path, thumbnails)

        try:
            for found in self._parallel()(calls()):
                given.popleft()
                yield from found
        except Exception:
            logging.getLogger(__name__).warning("a process that reads images failed", exc_info=True)
            yield from _by_threads(chain(*given, tasks), tensors, thumbnails)

    def _start(self) -> None:
        from joblib import delayed

        with suppress(Exception):  # `read` will fail with the same error and report it
            _leave_ctrl_c_to_us()
            list(self._parallel()(delayed(_end_with_parent)() for _ in range(self._processes)))

    def _parallel(self) -> Any:
        from joblib import Parallel

        return Parallel(
            self._processes, return_as="generator", pre_dispatch=BLOCKS_AHEAD * self._processes,
            batch_size=1, idle_worker_timeout=IDLE_SECONDS,
        )  # fmt: skip


def _leave_ctrl_c_to_us() -> None:
    """Keep Ctrl+C in the terminal from interrupting processes that this thread starts. The resource
    trackers are started first, because starting them would unblock the signal again."""
    from multiprocessing import resource_tracker

    from joblib.externals.loky.backend import resource_tracker as another

    if hasattr(signal, "pthread_sigmask"):
        resource_tracker.ensure_running()
        another.ensure_running()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def _read_apart(tasks: list[Task], tensors: Path, thumbnails: ThumbnailCache) -> list[Verified]:
    """Read some images; runs in a separate process."""
    _end_with_parent()
    rows = Rows(tensors, writable=True)
    try:
        return _read(tasks, rows, thumbnails, Event())
    finally:
        rows.close()


@cache
def _end_with_parent() -> None:
    """Let the window have priority, and exit when the parent does; once in each process."""
    yield_to_others()
    parent = psutil.Process().parent()

    def watch() -> None:
        while parent is not None and parent.is_running() and os.getppid() == parent.pid:
            time.sleep(1)
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def _read(
    tasks: list[Task], tensors: Rows, thumbnails: ThumbnailCache, stop: Event
) -> list[Verified]:
    """Read some images and write their tensors together, which takes a fraction of the time that
    single writes would."""
    found: list[Verified] = []
    rows, pixels, keys = [], [], []
    for task in tasks:
        if stop.is_set():
            break
        verified, tensor = read_image(task, tensors.shape[1], thumbnails)
        found.append(verified)
        if tensor is not None:
            rows.append(task.row)
            pixels.append(tensor)
            keys.append(key_of(verified.sha256))
    if rows:
        tensors.write(np.array(rows), np.stack(pixels), np.array(keys, dtype=np.uint64))
    return found


def read_image(
    task: Task, resolution: int, thumbnails: ThumbnailCache
) -> tuple[Verified, np.ndarray | None]:
    """Verify one image and, if it is large, store its thumbnail. Returns the result and the tensor,
    uint8 [resolution, resolution, 3], or None if the image could not be read."""
    try:
        data = read_regular(task.path)
        digest = hashlib.sha256(data).hexdigest()
        if task.sha256 and digest != task.sha256:
            return Verified(task.image_id, CHANGED, changed=True), None
        side = max(THUMBNAIL_SIDE, resolution)
        decoded = decode(data, side, thumbnails.reading)
    except OSError as error:
        gone = error.errno in AWAY
        reason = "the file is gone" if gone else error.strerror or str(error)
        return Verified(task.image_id, reason, gone=gone), None
    except UnreadableImage as error:
        return Verified(task.image_id, str(error)), None
    if max(decoded.width, decoded.height) > THUMBNAIL_SIDE:
        thumbnails.add(digest, decoded.picture)
    verified = Verified(
        task.image_id, None, decoded.width, decoded.height, len(data), digest,
        pages=decoded.pages, bits=decoded.bits, profile_ignored=decoded.profile_ignored,
    )  # fmt: skip
    return verified, square(decoded.picture, resolution)
