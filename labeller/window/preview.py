"""The current image, as large as there is room."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from labeller.window.session import Session
from labeller.window.thumbnails import Thumbnails


class _Picture(QWidget):
    """Draws a pixmap in the middle, scaled to fit, sharp on any screen."""

    def __init__(self) -> None:
        super().__init__()
        self._pixmap: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 140)

    def sizeHint(self) -> QSize:
        return QSize(320, 260)

    def show_pixmap(self, pixmap: QPixmap | None) -> None:
        self._pixmap = pixmap
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._pixmap is None or self._pixmap.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self._pixmap.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(self.rect().center())
        painter.drawPixmap(place, self._pixmap)


class Preview(QWidget):
    """The image at the session's cursor, its name, its size and its place in the batch."""

    def __init__(self, session: Session, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._session, self._thumbnails = session, thumbnails
        self.picture = _Picture()
        self._caption = QLabel()
        self._caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._caption.setTextFormat(Qt.TextFormat.PlainText)
        # A long name must not widen the side bar
        self._caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self._caption)
        self.picture.setAccessibleName("The current image, large")
        session.cursor_changed.connect(self._show)
        session.batch_changed.connect(lambda: self._show(session.cursor))
        thumbnails.loaded.connect(self._on_loaded)
        self._show(session.cursor)

    def _show(self, position: int) -> None:
        if not self._session.images:
            self._caption.clear()
            return
        image = self._session.images[position]
        # The thumbnail stands in until the large picture has been read.
        small = self._thumbnails.get(image)
        large = self._thumbnails.get(image, large=True)
        self.picture.show_pixmap(large if large is not None else small)
        place = f"{position + 1} of {len(self._session.images)}"
        name = self._session.name_of(position)
        self._caption.setText(f"{place}  ·  {name}  ·  {image.width} × {image.height}")
        self._caption.setToolTip(name)
        # The next one will be wanted at once.
        for following in self._session.images[position + 1 : position + 3]:
            self._thumbnails.get(following, large=True)

    def _on_loaded(self, image_id: int) -> None:
        if self._session.images and self._session.images[self._session.cursor].id == image_id:
            self._show(self._session.cursor)
