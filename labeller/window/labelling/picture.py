"""A picture centred in a widget, as large as fits."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from labeller.window.labelling.tone import Tone


class Picture(QWidget):
    """Draws a pixmap in the middle, scaled to fit, sharp on any screen."""

    def __init__(self) -> None:
        super().__init__()
        self._pixmap: QPixmap | None = None
        self.tone = Tone()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 90)

    def sizeHint(self) -> QSize:
        return QSize(320, 260)

    def show_pixmap(self, pixmap: QPixmap | None) -> None:
        self._pixmap = pixmap
        self.update()

    def set_tone(self, tone: Tone) -> None:
        """Apply brightness and contrast to this and all following images."""
        self.tone = tone
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
        self._finish(painter, QRectF(place))

    def _finish(self, painter: QPainter, target: QRectF) -> None:
        """Apply the tone and draw the words that describe it."""
        if words := self.tone.words:
            self.tone.apply(painter, target)
            painter.setPen(self.palette().windowText().color())
            painter.drawText(
                self.rect().adjusted(6, 4, -6, -4), Qt.AlignmentFlag.AlignBottom, words
            )
