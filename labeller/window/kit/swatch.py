"""The colour of a class as a small outlined area: some colours hardly differ from a light
background, others from a dark one, but the outline always does (WCAG 2.2, 1.4.11: 3 to 1)."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPen, QPixmap

SIDE = 48
"""Pixels of an icon, which is scaled where it is shown."""


def draw_swatch(painter: QPainter, square: QRect, colour: QColor, palette: QPalette) -> None:
    """Fill a square with the colour, and outline it."""
    painter.save()
    painter.setPen(QPen(outline(palette), max(1.0, square.width() / 12)))
    painter.setBrush(colour)
    painter.drawRoundedRect(square, square.width() / 5, square.width() / 5)
    painter.restore()


def outline(palette: QPalette) -> QColor:
    """A colour that stands out from the window and from every class colour."""
    return palette.color(QPalette.ColorRole.WindowText)


def swatch(colour: QColor) -> QIcon:
    """A colour as an icon for buttons and lists."""
    pixmap = QPixmap(SIDE, SIDE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_swatch(painter, pixmap.rect().adjusted(3, 3, -4, -4), colour, QGuiApplication.palette())
    painter.end()
    return QIcon(pixmap)
