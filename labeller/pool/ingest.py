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
from pathlib import Path

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
    waiting: deque[Future[Verified]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="ingest") as threads:
        try:
            for task in tasks:
                waiting.append(threads.submit(read_image, task, tensors, thumbnails))
                if len(waiting) > 16 * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def read_image(task: Task, tensors: Rows, thumbnails: ThumbnailCache) -> Verified:
    """Verify one image, write its tensor and, if it is large, its thumbnail."""
    try:
        data = read_regular(task.path)
        digest = hashlib.sha256(data).hexdigest()
        if task.sha256 and digest != task.sha256:
            return Verified(task.image_id, CHANGED, changed=True)
        side = max(THUMBNAIL_SIDE, tensors.shape[1])
        decoded = decode(data, side, thumbnails.reading)
    except OSError as error:
        gone = error.errno in AWAY
        reason = "the file is gone" if gone else error.strerror or str(error)
        return Verified(task.image_id, reason, gone=gone)
    except UnreadableImage as error:
        return Verified(task.image_id, str(error))
    pixels = square(decoded.picture, tensors.shape[1])
    key = np.array([key_of(digest)], dtype=np.uint64)
    tensors.write(np.array([task.row]), pixels[None], key)
    if max(decoded.width, decoded.height) > THUMBNAIL_SIDE:
        thumbnails.add(digest, decoded.picture)
    return Verified(
        task.image_id, None, decoded.width, decoded.height, len(data), digest,
        pages=decoded.pages, bits=decoded.bits, passed_over=decoded.passed_over,
    )  # fmt: skip
