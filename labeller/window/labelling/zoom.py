"""Pictures that can be zoomed: the wheel zooms at the pointer, dragging moves, and from 200 % on
pixels are not smoothed. One of them shows the session's current image."""

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPixmap, QWheelEvent

from labeller.store.images import StoredImage
from labeller.window.labelling.picture import Picture
from labeller.window.labelling.session import Session
from labeller.window.labelling.thumbnails import Size, Thumbnails

STEP = 1.25
"""Zoom factor per step of the wheel or key."""
LARGEST = 40.0
"""Maximum number of screen pixels per image pixel."""
EVIDENCE = 2.0
"""From this scale on nothing is smoothed, so that pixels can be judged."""


class ZoomPicture(Picture):
    """Fits the widget until somebody zooms.

    Signal: full_wanted(): the image's own pixels are needed.
    """

    full_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.keeps = False
        """Whether the next image is shown at the same zoom."""
        self._image: StoredImage | None = None
        self._full: QImage | None = None
        self._scale: float | None = None  # screen pixels per image pixel; None fits the widget
        self._middle = QPointF()  # of the visible part, in image pixels
        self._dragged: QPointF | None = None

    @property
    def zoomed(self) -> bool:
        return self._scale is not None

    @property
    def scale(self) -> float:
        """Screen pixels per image pixel."""
        return self._fitting() if self._scale is None else self._scale

    def show_image(self, image: StoredImage, pixmap: QPixmap | None) -> None:
        """Show an image; `pixmap` is shown until its full pixels have been loaded, if they are
        needed."""
        if self._image is None or image.id != self._image.id:
            before, self._image, self._full = self._image, image, None
            if not self.keeps:
                self._scale = None
            elif self._scale is not None and before is not None:
                self._middle = QPointF(
                    self._middle.x() / max(1, before.width) * image.width,
                    self._middle.y() / max(1, before.height) * image.height,
                )
                self.full_wanted.emit()
        self.show_pixmap(pixmap)

    def show_full(self, picture: QImage) -> None:
        """Show the image's full pixels."""
        self._full = picture
        self.update()

    def toggle(self) -> None:
        """Switch between 100 % and the whole image."""
        if self.zoomed:
            self._scale = None
            self.update()
        else:
            self._zoom_to(1 / self.devicePixelRatioF(), self._pointer())

    def zoom(self, steps: float) -> None:
        """Zoom in or out by some steps, at the pointer or in the middle."""
        self._zoom_to(self.scale * STEP**steps, self._pointer())

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._zoom_to(self.scale * STEP ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.zoomed and event.button() == Qt.MouseButton.LeftButton:
            self._dragged = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            moved = event.position() - self._dragged
            self._dragged = event.position()
            self._middle -= moved / self.scale
            self._stay_inside()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = None
        self.unsetCursor()
        super().mouseReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._scale is None or self._image is None:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        shown = self._shown()
        target = QRectF(self._on_screen(shown.topLeft()), self._on_screen(shown.bottomRight()))
        smooth = self._scale * self.devicePixelRatioF() < EVIDENCE
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        if self._full is not None and not self._full.isNull():
            painter.drawImage(target, self._full, shown)
        elif self._pixmap is not None and not self._pixmap.isNull():
            ratio = self._pixmap.width() / max(1, self._image.width)
            part = QRectF(shown.topLeft() * ratio, shown.size() * ratio)
            painter.drawPixmap(target, self._pixmap, part)
        self._finish(painter, target)
        painter.setPen(self.palette().windowText().color())
        words = f"{self._scale * self.devicePixelRatioF():.0%}"
        painter.drawText(self.rect().adjusted(6, 4, -6, -4), Qt.AlignmentFlag.AlignTop, words)

    def _fitting(self) -> float:
        if self._image is None or not self._image.width or not self._image.height:
            return 1.0
        return min(self.width() / self._image.width, self.height() / self._image.height)

    def _pointer(self) -> QPointF | None:
        place = QPointF(self.mapFromGlobal(self.cursor().pos()))
        return place if QRectF(self.rect()).contains(place) else None

    def _zoom_to(self, scale: float, at: QPointF | None) -> None:
        """Zoom while keeping this point of the widget fixed."""
        if self._image is None or not self._image.width:
            return
        if scale <= self._fitting() * 1.001:
            self._scale = None
            self.update()
            return
        at = QPointF(self.rect().center()) if at is None else at
        if self._scale is None:
            self._middle = QPointF(self._image.width / 2, self._image.height / 2)
        fixed = self._in_image(at)
        self._scale = min(scale, LARGEST)
        self._middle = fixed - (at - QPointF(self.rect().center())) / self._scale
        self._stay_inside()
        if self._full is None:
            self.full_wanted.emit()
        self.update()

    def _in_image(self, place: QPointF) -> QPointF:
        return self._middle + (place - QPointF(self.rect().center())) / self.scale

    def _on_screen(self, point: QPointF) -> QPointF:
        return QPointF(self.rect().center()) + (point - self._middle) * self.scale

    def _shown(self) -> QRectF:
        """The visible part of the image, in image pixels."""
        assert self._image is not None
        size = QSizeF(self.size()) / self.scale
        part = QRectF(self._middle - QPointF(size.width(), size.height()) / 2, size)
        return part.intersected(QRectF(0, 0, self._image.width, self._image.height))

    def _stay_inside(self) -> None:
        """Keep the image covering at least half of the widget."""
        assert self._image is not None
        self._middle = QPointF(
            min(max(self._middle.x(), 0.0), float(self._image.width)),
            min(max(self._middle.y(), 0.0), float(self._image.height)),
        )


class CurrentPicture(ZoomPicture):
    """The thumbnail is shown until the large picture has been read, and that until all pixels have,
    which are read only when somebody zooms in."""

    def __init__(self, session: Session, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._session, self._thumbnails = session, thumbnails
        self.full_wanted.connect(self._show_full)

    def show_current(self) -> None:
        """Show the current image of a non-empty batch."""
        image = self._session.images[self._session.cursor]
        self.show_image(image, self._thumbnails.best(image, Size.LARGE))
        self._show_full()

    def _show_full(self) -> None:
        if self.zoomed and self._session.images:
            found = self._thumbnails.full(self._session.images[self._session.cursor])
            if found is not None:
                self.show_full(found)
