"""Brightness and contrast of what is shown. The image itself is unchanged."""

from dataclasses import dataclass, replace
from typing import Self

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

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
