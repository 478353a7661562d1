"""Scalable icons from `resources/labeller_resources/icons`, in the text colour of the theme."""

from importlib.resources import files

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPalette, QPixmap
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
