"""Scalable icons in the theme's text colour, and the colours of classes as outlined swatches: some
colours hardly differ from a light background, others from a dark one, but the outline always does
(WCAG 2.2, 1.4.11: 3 to 1)."""

from importlib.resources import files

from PySide6.QtCore import QByteArray, QRect, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPen, QPixmap
from PySide6.QtSvg import QSvgRenderer

SIZES = (16, 20, 24, 32, 48, 64, 128, 256)


def icon(name: str) -> QIcon:
    """The icon `name`, sharp at every scale."""
    drawing = (
        files("labeller_resources").joinpath("icons", f"{name}.svg").read_text(encoding="utf-8")
    )
    colour = QGuiApplication.palette().color(QPalette.ColorRole.WindowText)
    shown = QIcon()
    for mode, opacity in ((QIcon.Mode.Normal, 1.0), (QIcon.Mode.Disabled, 0.35)):
        renderer = QSvgRenderer(QByteArray(drawing.replace("currentColor", colour.name()).encode()))
        for size in SIZES:
            pixmap = QPixmap(QSize(size, size))
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setOpacity(opacity)
            renderer.render(painter)
            painter.end()
            shown.addPixmap(pixmap, mode)
    return shown


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
