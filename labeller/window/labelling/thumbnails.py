"""Pictures for the window, loaded in threads and cached up to a limit."""

from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from threading import Lock

from PIL import Image
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap, QPixmapCache

from labeller.pool.cache import ThumbnailCache, read_unchanged
from labeller.pool.decode import THUMBNAIL_SIDE, UnreadableImage, decode
from labeller.store.images import StoredImage

CACHE_KILOBYTES = 192 * 1024
WAITING = 300
"""Length of the loading queue, a few screens full; beyond it the oldest requests are dropped."""


class Size(Enum):
    """Maximum side of a picture in pixels; small ones are read from smaller files."""

    SMALL = THUMBNAIL_SIDE
    MIDDLE = 512
    """For large thumbnails, or on high-resolution screens."""
    LARGE = 1200
    """For one image at a time."""


class Thumbnails(QObject):
    """Returns cached pixmaps at once and loads the others.

    Signals:
        loaded(image id): a thumbnail or large picture of this image has been loaded.
    """

    loaded = Signal(int)
    _read = Signal(str, QImage)
    _read_full = Signal(int, QImage)

    def __init__(self, cache: ThumbnailCache, parent: QObject | None = None) -> None:
        super().__init__(parent)
        QPixmapCache.setCacheLimit(CACHE_KILOBYTES)
        self._cache = cache
        self._prefix = str(cache.folder)
        # By size: requests that have not been started, the newest last.
        self._waiting: dict[Size, OrderedDict[str, StoredImage]] = {
            size: OrderedDict() for size in Size
        }
        self._reading: dict[str, int] = {}
        self._broken: set[str] = set()
        self._lock = Lock()
        # The large picture of the current image is not queued behind thumbnails.
        self._threads = {size: ThreadPoolExecutor(1) for size in Size}
        self._full: tuple[int, QImage | None] = (0, None)  # only one: it may be very large
        self._read.connect(self._on_read)
        self._read_full.connect(self._on_full)

    def get(self, image: StoredImage, size: Size = Size.SMALL) -> QPixmap | None:
        """The picture of an image; None while loading, null if that fails."""
        key = self._key(image, size)
        if key in self._broken:
            return QPixmap()
        pixmap = QPixmap()
        if QPixmapCache.find(key, pixmap):
            return pixmap
        self._want(key, image, size)
        return None

    def best(self, image: StoredImage, size: Size) -> QPixmap | None:
        """Like `get`, but the small picture until this size has loaded, or if it cannot."""
        if max(image.width or 0, image.height or 0) <= Size.SMALL.value:
            return self.get(image)
        found = self.get(image, size)
        return self.get(image) if found is None or found.isNull() else found

    def full(self, image: StoredImage) -> QImage | None:
        """All pixels of an image; None while loading, null if that fails. Only the last requested
        image is kept."""
        if self._full[0] != image.id:
            self._full = (image.id, None)
            self._threads[Size.LARGE].submit(self._read_all, image)
        return self._full[1]

    def cannot_show(self, image: StoredImage) -> bool:
        """Whether loading the image has failed."""
        return self._key(image, Size.SMALL) in self._broken

    def close(self) -> None:
        """Clear the queue, wait for running loads, and report nothing more."""
        self._read.disconnect(self._on_read)
        self._read_full.disconnect(self._on_full)
        for threads in self._threads.values():
            threads.shutdown(cancel_futures=True)

    def _key(self, image: StoredImage, size: Size) -> str:
        return f"{self._prefix}/{image.id}/{size.name}"

    def _want(self, key: str, image: StoredImage, size: Size) -> None:
        """Put a request at the front of the queue: visible images come first."""
        waiting = self._waiting[size]
        with self._lock:
            if key in self._reading:
                return
            known = key in waiting
            waiting[key] = image
            waiting.move_to_end(key)
            if len(waiting) > WAITING:
                waiting.popitem(last=False)
        if not known:
            self._threads[size].submit(self._read_newest, size)

    def _read_newest(self, size: Size) -> None:
        """Runs in a thread; an unreadable picture becomes null."""
        with self._lock:
            if not self._waiting[size]:
                return  # it was dropped
            key, image = self._waiting[size].popitem()
            self._reading[key] = image.id
        side = size.value
        try:
            if size is Size.SMALL:
                picture = self._cache.load(image.sha256, image.file)
            else:
                picture = self._decoded(image, side)
                if max(picture.size) > side:
                    picture.thumbnail((side, side))
            loaded = to_qimage(picture)
        except (UnreadableImage, OSError):
            loaded = QImage()
        self._read.emit(key, loaded)

    def _decoded(self, image: StoredImage, at_least: int | None = None) -> Image.Image:
        data = read_unchanged(image.file, image.sha256)
        return decode(data, at_least, self._cache.reading).picture

    def _read_all(self, image: StoredImage) -> None:
        """Runs in a thread."""
        if self._full[0] != image.id:
            return  # another one is wanted now
        try:
            loaded = to_qimage(self._decoded(image))
        except (UnreadableImage, OSError):
            loaded = QImage()
        self._read_full.emit(image.id, loaded)

    def _on_full(self, image_id: int, picture: QImage) -> None:
        if self._full[0] == image_id:
            self._full = (image_id, picture)
            self.loaded.emit(image_id)

    def _on_read(self, key: str, picture: QImage) -> None:
        image_id = self._reading.pop(key)
        if picture.isNull():
            self._broken.add(key)
        else:
            QPixmapCache.insert(key, QPixmap.fromImage(picture))
        self.loaded.emit(image_id)


def to_qimage(picture: Image.Image) -> QImage:
    """A `QImage` of an RGB Pillow image."""
    data = picture.tobytes()
    width, height = picture.size
    return QImage(data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
