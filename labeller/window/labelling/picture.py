"""A picture centred in a widget, with brightness and contrast. The image itself is unchanged."""

from dataclasses import dataclass, replace
from typing import Self

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from labeller.window.kit.language import tr

STEP = 1.25
"""Factor of brightness or contrast per step."""
MOST = 12

Mode = QPainter.CompositionMode


@dataclass(frozen=True)
class Tone:
    """Steps of brightness, which multiplies values, and contrast, which spreads them about the
    middle; 0 changes nothing."""

    brightness: int = 0
    contrast: int = 0

    def moved(self, brightness: int = 0, contrast: int = 0) -> Self:
        """The tone some steps further, within limits."""
        return replace(
            self,
            brightness=max(-MOST, min(self.brightness + brightness, MOST)),
            contrast=max(-MOST, min(self.contrast + contrast, MOST)),
        )

    @property
    def words(self) -> str:
        """The tone in words; empty if nothing is changed."""
        parts = []
        if self.brightness:
            parts.append(tr("Brightness {steps}").format(steps=f"{self.brightness:+d}"))
        if self.contrast:
            parts.append(tr("Contrast {steps}").format(steps=f"{self.contrast:+d}"))
        return "  ·  ".join(parts)

    def apply(self, painter: QPainter, target: QRectF) -> None:
        """Change what has been painted in `target`. The cost depends on the pixels on screen, not
        on the image's size."""
        before = painter.compositionMode()
        for mode, grey in self._steps():
            painter.setCompositionMode(mode)
            painter.fillRect(target, QColor.fromRgbF(grey, grey, grey))
        painter.setCompositionMode(before)

    def _steps(self) -> list[tuple[Mode, float]]:
        """Composition modes and the greys to fill with, between 0 and 1. `ColorDodge` with s maps a
        value v to v / (1 - s), `ColorBurn` to 1 - (1 - v) / s."""
        steps = []
        gain, slope = STEP**self.brightness, STEP**self.contrast
        if self.brightness > 0:
            steps.append((Mode.CompositionMode_ColorDodge, 1 - 1 / gain))
        elif self.brightness < 0:
            steps.append((Mode.CompositionMode_Multiply, gain))
        if self.contrast > 0:  # the range low to high becomes black to white
            low, high = 0.5 - 0.5 / slope, 0.5 + 0.5 / slope
            steps.append((Mode.CompositionMode_ColorBurn, 1 - low))
            steps.append((Mode.CompositionMode_ColorDodge, 1 - (high - low) / (1 - low)))
        elif self.contrast < 0:
            steps.append((Mode.CompositionMode_Multiply, slope))
            steps.append((Mode.CompositionMode_Plus, (1 - slope) / 2))
        return steps


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
