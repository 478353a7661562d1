"""Scalable icons in the theme's text colour, and the colours of classes as outlined swatches: some
colours hardly differ from a light background, others from a dark one, but the outline always does
(WCAG 2.2, 1.4.11: 3 to 1)."""

from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QImage, QPainter, QPalette, QPen, QPixmap
from PySide6.QtSvg import QSvgRenderer

SIZES = (16, 20, 24, 32, 48, 64, 128, 256)


def icon(name: str) -> QIcon:
    """The icon `name`, sharp at every scale."""
    shown = QIcon()
    colour = QGuiApplication.palette().color(QPalette.ColorRole.WindowText)
    for mode, image in _drawn(name, colour.name()):
        shown.addPixmap(QPixmap.fromImage(image), mode)
    return shown


@cache
def _drawn(name: str, colour: str) -> list[tuple[QIcon.Mode, QImage]]:
    """The icon in each size, enabled and disabled."""
    drawing = files("labeller_resources").joinpath("icons", f"{name}.svg").read_bytes()
    renderer = QSvgRenderer(QByteArray(drawing.replace(b"currentColor", colour.encode())))
    images = []
    for mode, opacity in ((QIcon.Mode.Normal, 1.0), (QIcon.Mode.Disabled, 0.35)):
        for size in SIZES:
            image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
            image.fill(Qt.GlobalColor.transparent)
            painter = QPainter(image)
            painter.setOpacity(opacity)
            renderer.render(painter)
            painter.end()
            images.append((mode, image))
    return images


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
