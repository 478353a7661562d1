"""Pictures for the window, read in threads of their own and kept up to a limit."""

from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from PIL import Image
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap, QPixmapCache

from labeller.files import read_regular
from labeller.pool.cache import ThumbnailCache
from labeller.pool.decode import UnreadableImage, decode
from labeller.store.images import StoredImage

CACHE_KILOBYTES = 192 * 1024
WAITING = 300
"""So many pictures wait to be read, a few screens full; of more, the oldest wishes are dropped."""
LARGE_SIDE = 1200
"""The preview shows at most this many pixels a side."""


class Thumbnails(QObject):
    """Gives pixmaps at once where they are known, and loads them otherwise.

    Signals:
        loaded(image id): a thumbnail or large picture of this image is there now.
    """

    loaded = Signal(int)
    _read = Signal(str, QImage)

    def __init__(self, cache: ThumbnailCache, parent: QObject | None = None) -> None:
        super().__init__(parent)
        QPixmapCache.setCacheLimit(CACHE_KILOBYTES)
        self._cache = cache
        self._prefix = str(cache.folder)
        # By whether they are large: what has been asked for and not begun, the newest last.
        self._waiting: dict[bool, OrderedDict[str, StoredImage]] = {
            large: OrderedDict() for large in (False, True)
        }
        self._reading: dict[str, int] = {}
        self._broken: set[str] = set()
        self._lock = Lock()
        # The large picture of the current image does not wait behind a page of thumbnails.
        self._threads = {large: ThreadPoolExecutor(1) for large in (False, True)}
        self._read.connect(self._on_read)

    def get(self, image: StoredImage, large: bool = False) -> QPixmap | None:
        """The picture of an image; None while it is being loaded, null if it cannot be."""
        key = f"{self._prefix}/{image.id}/{'large' if large else 'small'}"
        if key in self._broken:
            return QPixmap()
        pixmap = QPixmap()
        if QPixmapCache.find(key, pixmap):
            return pixmap
        self._want(key, image, large)
        return None

    def cannot_show(self, image: StoredImage) -> bool:
        """Whether there was nothing to show when the image was wanted."""
        return f"{self._prefix}/{image.id}/small" in self._broken

    def close(self) -> None:
        """Forget what has not been started, wait for the rest, and tell no one of it."""
        self._read.disconnect(self._on_read)
        for threads in self._threads.values():
            threads.shutdown(cancel_futures=True)

    def _want(self, key: str, image: StoredImage, large: bool) -> None:
        """Put a picture at the head of those that wait; who scrolls on wants what is in sight."""
        waiting = self._waiting[large]
        with self._lock:
            if key in self._reading:
                return
            known = key in waiting
            waiting[key] = image
            waiting.move_to_end(key)
            if len(waiting) > WAITING:
                waiting.popitem(last=False)
        if not known:
            self._threads[large].submit(self._read_newest, large)

    def _read_newest(self, large: bool) -> None:
        """Runs in a thread; an unreadable picture comes back null."""
        with self._lock:
            if not self._waiting[large]:
                return  # it was dropped
            key, image = self._waiting[large].popitem()
            self._reading[key] = image.id
        try:
            if large:
                picture = decode(read_regular(image.file), at_least=LARGE_SIDE).picture
                if max(picture.size) > LARGE_SIDE:
                    picture.thumbnail((LARGE_SIDE, LARGE_SIDE))
            else:
                picture = self._cache.load(image.sha256, image.file)
            loaded = _to_qimage(picture)
        except (UnreadableImage, OSError):
            loaded = QImage()
        self._read.emit(key, loaded)

    def _on_read(self, key: str, picture: QImage) -> None:
        image_id = self._reading.pop(key)
        if picture.isNull():
            self._broken.add(key)
        else:
            QPixmapCache.insert(key, QPixmap.fromImage(picture))
        self.loaded.emit(image_id)


def _to_qimage(picture: Image.Image) -> QImage:
    data = picture.tobytes()
    width, height = picture.size
    return QImage(data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
