"""Reads every image once, in parallel: verify, hash, thumbnail, fill the tensor cache.

Threads suffice: reading, hashing, decoding and scaling all release the GIL.
"""

import errno
import hashlib
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Event

import numpy as np

from labeller.core.files import read_regular
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
"""Images that a thread reads before it writes their tensors, and such blocks ahead for each
thread."""
WORKERS = max(1, (os.cpu_count() or 2) - 1)
"""All cores but one, which is left to the window."""


@dataclass(frozen=True)
class Task:
    """An image to read; its tensor goes to `row` of the cache. `sha256` is that of the imported
    bytes, hexadecimal, and other bytes are refused; empty if it was never imported."""

    image_id: int
    row: int
    path: Path
    sha256: str = ""


@dataclass(frozen=True)
class Verified:
    """What one image file turned out to be. `reason` is None where it could be read; `gone` tells
    that the file, not the image, was the trouble: it may come back.

    `width` and `height` are of the upright image, in pixels; `sha256` is of the file's bytes,
    hexadecimal. `pages`, `bits` and `passed_over` are as in `Decoded`. `changed` tells that it is
    another file than the one that was imported.
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
    passed_over: bool = False


def ingest(
    tasks: Iterable[Task], tensors: Rows, thumbnails: ThumbnailCache, workers: int = WORKERS
) -> Iterator[Verified]:
    """Read images in parallel, a bounded number ahead; yields results in the order of `tasks`.

    Closing the iterator stops the work. Bad images raise nothing: they have a `reason`.
    """
    waiting: deque[Future[list[Verified]]] = deque()
    left, stop = iter(tasks), Event()
    with ThreadPoolExecutor(workers, thread_name_prefix="ingest") as threads:
        try:
            while block := list(islice(left, BLOCK)):
                waiting.append(threads.submit(_read, block, tensors, thumbnails, stop))
                if len(waiting) > BLOCKS_AHEAD * workers:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            stop.set()
            for future in waiting:
                future.cancel()


def _read(
    tasks: list[Task], tensors: Rows, thumbnails: ThumbnailCache, stop: Event
) -> list[Verified]:
    """Read some images and write their tensors together, which takes a fraction of the time."""
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
    """Verify one image and, if it is large, store its thumbnail. The second is its tensor, uint8
    [resolution, resolution, 3], if it could be read."""
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
        pages=decoded.pages, bits=decoded.bits, passed_over=decoded.passed_over,
    )  # fmt: skip
    return verified, square(decoded.picture, resolution)
