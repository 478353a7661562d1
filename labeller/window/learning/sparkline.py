"""A curve as small as a word, without axes."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from labeller.window.kit.theme import ACCENT

SIZE = QSize(72, 16)
MARGIN = 2.5
MOST = 60
"""Only the newest values up to this number are drawn."""


class Sparkline(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.values: list[float] = []
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        return SIZE

    def show_values(self, values: Sequence[float]) -> None:
        """Draw these, oldest first; a single value is a point."""
        self.values = list(values)[-MOST:]
        self.setAccessibleDescription(", ".join(f"{value:.2f}" for value in self.values))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.values:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ACCENT, 1.5))
        least, most = min(self.values), max(self.values)
        width, height = self.width() - 2 * MARGIN, self.height() - 2 * MARGIN
        steps = max(1, len(self.values) - 1)
        points = [
            QPointF(
                MARGIN + width * place / steps,
                MARGIN + height * (1 - (value - least) / (most - least) if most > least else 0.5),
            )
            for place, value in enumerate(self.values)
        ]
        painter.drawPolyline(points)
        painter.setBrush(ACCENT)
        painter.drawEllipse(points[-1], 1.8, 1.8)
