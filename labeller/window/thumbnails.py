"""Pictures for the window, read in threads of their own and kept up to a limit."""

from contextlib import suppress

from PIL import Image
from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal
from PySide6.QtGui import QImage, QPixmap, QPixmapCache

from labeller.pool.cache import ThumbnailCache
from labeller.pool.decode import UnreadableImage, decode
from labeller.store.images import StoredImage

CACHE_KILOBYTES = 192 * 1024
LARGE_SIDE = 1200
"""The preview shows at most this many pixels a side."""


class _Signals(QObject):
    loaded = Signal(str, QImage)


class _Load(QRunnable):
    """Reads one picture; an unreadable one comes back null."""

    def __init__(
        self, key: str, image: StoredImage, large: bool, cache: ThumbnailCache, signals: _Signals
    ) -> None:
        super().__init__()
        self._key, self._image, self._large = key, image, large
        self._cache, self._signals = cache, signals

    def run(self) -> None:
        try:
            if self._large:
                picture = decode(self._image.file.read_bytes(), at_least=LARGE_SIDE).picture
                if max(picture.size) > LARGE_SIDE:
                    picture.thumbnail((LARGE_SIDE, LARGE_SIDE))
            else:
                picture = self._cache.load(self._image.sha256, self._image.file)
            loaded = _to_qimage(picture)
        except (UnreadableImage, OSError):
            loaded = QImage()
        with suppress(RuntimeError):  # the window was closed meanwhile
            self._signals.loaded.emit(self._key, loaded)


class Thumbnails(QObject):
    """Gives pixmaps at once where they are known, and loads them otherwise.

    Signals:
        loaded(image id): a thumbnail or large picture of this image is there now.
    """

    loaded = Signal(int)

    def __init__(self, cache: ThumbnailCache, parent: QObject | None = None) -> None:
        super().__init__(parent)
        QPixmapCache.setCacheLimit(CACHE_KILOBYTES)
        self._cache = cache
        self._prefix = str(cache.folder)
        self._loading: dict[str, int] = {}
        self._broken: set[str] = set()
        self._threads = QThreadPool(self)
        self._threads.setMaxThreadCount(2)
        self._signals = _Signals()
        self._signals.loaded.connect(self._on_loaded)

    def get(self, image: StoredImage, large: bool = False) -> QPixmap | None:
        """The picture of an image; None while it is being loaded, null if it cannot be."""
        key = f"{self._prefix}/{image.id}/{'large' if large else 'small'}"
        if key in self._broken:
            return QPixmap()
        pixmap = QPixmap()
        if QPixmapCache.find(key, pixmap):
            return pixmap
        if key not in self._loading:
            self._loading[key] = image.id
            task = _Load(key, image, large, self._cache, self._signals)
            self._threads.start(task, 1 if large else 0)
        return None

    def close(self) -> None:
        """Forget what has not been started and wait for the rest."""
        self._threads.clear()
        self._threads.waitForDone()

    def _on_loaded(self, key: str, picture: QImage) -> None:
        image_id = self._loading.pop(key)
        if picture.isNull():
            self._broken.add(key)
        else:
            QPixmapCache.insert(key, QPixmap.fromImage(picture))
        self.loaded.emit(image_id)


def _to_qimage(picture: Image.Image) -> QImage:
    data = picture.tobytes()
    width, height = picture.size
    return QImage(data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
