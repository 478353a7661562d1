"""The window's look, light or dark: its colours, those of classes, and icons in the text colour.

Class colours are shown as outlined swatches: some hardly differ from a light background, others
from a dark one, but the outline always does (WCAG 2.2, 1.4.11: 3 to 1).
"""

from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QImage, QPainter, QPalette, QPen, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from labeller.store.classes import ImageClass
from labeller.window.kit.preferences import settings

SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}

# Ten colours that people with colour-vision deficiencies tell apart (M. A. Petroff, "Accessible
# Color Sequences for Data Visualization", 2021); those of further classes are computed.
CLASS_COLOURS = (
    "#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6",
    "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd",
)  # fmt: skip
GOLDEN, FIRST_HUE = 0.618034, 0.33
SHADES = ((0.8, 0.9), (0.55, 0.6), (0.35, 0.95), (0.9, 0.55))
ACCENT = QColor("#3574d6")

DARK = {"ground": "#23262c", "raised": "#343840", "sunken": "#1b1d22", "text": "#e8eaee"}
LIGHT = {"ground": "#f0f1f3", "raised": "#e2e4e8", "sunken": "#ffffff", "text": "#1d2026"}

STYLE = """
QToolBar { spacing: 2px; padding: 3px 6px; border: none; }
QToolButton { padding: 4px 8px; border: 1px solid transparent; border-radius: 5px; }
QToolButton#qt_toolbar_ext_button { padding: 0; border: none; }
QToolButton:hover:enabled { background: rgba(127, 127, 127, 0.18); }
QToolButton:pressed { background: rgba(127, 127, 127, 0.32); }
QToolButton:checked { background: rgba(53, 116, 214, 0.25); border-color: #3574d6; }
QCheckBox::indicator:unchecked { width: 12px; height: 12px; border-radius: 2px;
    border: 1px solid rgba(127, 127, 127, 0.8); background: palette(base); }
QRadioButton::indicator:unchecked { width: 12px; height: 12px; border-radius: 7px;
    border: 1px solid rgba(127, 127, 127, 0.8); background: palette(base); }
QStatusBar::item { border: none; }
QListView { border: none; }
QProgressBar { border: none; border-radius: 4px; background: palette(midlight);
    min-height: 8px; max-height: 8px; }
QProgressBar::chunk { border-radius: 4px; background: #3574d6; }
"""


def apply_theme(application: QApplication) -> None:
    """Set the style and the chosen scheme; Qt follows the system."""
    application.setStyle("Fusion")
    choose_scheme(chosen_scheme())


def chosen_scheme() -> str:
    name = str(settings().value("theme", "system"))
    return name if name in SCHEMES else "system"


def choose_scheme(name: str) -> None:
    """Switch to a scheme: `system`, `light` or `dark`."""
    settings().setValue("theme", name)
    hints = QGuiApplication.styleHints()
    if hasattr(hints, "setColorScheme"):  # since Qt 6.8
        hints.setColorScheme(SCHEMES[name])
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setStyleSheet("")  # widgets with a style sheet keep their palette
    application.setPalette(QPalette())
    shown_dark = application.palette().color(QPalette.ColorRole.Window).lightness() < 128
    # Not every desktop lets Qt change its scheme; then use our own palette.
    if name != "system" and shown_dark != (name == "dark"):
        application.setPalette(_palette(**(DARK if name == "dark" else LIGHT)))
    application.setStyleSheet(STYLE)


def _palette(ground: str, raised: str, sunken: str, text: str) -> QPalette:
    """A palette derived from a few colours."""
    palette = QPalette(QColor(raised), QColor(ground))
    role = QPalette.ColorRole
    for roles, colour in (
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText), QColor(text)),
        ((role.Base, role.ToolTipBase), QColor(sunken)),
        ((role.AlternateBase, role.Midlight), QColor(raised)),
        ((role.Highlight, role.Link), ACCENT),
    ):
        for each in roles:
            palette.setColor(each, colour)
    palette.setColor(role.HighlightedText, QColor("white"))
    faded = QColor(text)
    faded.setAlphaF(0.4)
    palette.setColor(role.PlaceholderText, faded)
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, faded)
    return palette


def class_colour(image_class: ImageClass) -> QColor:
    """The colour chosen for the class, or a default that does not depend on the order of
    classes."""
    number = image_class.id - 1
    if image_class.colour:
        return QColor(image_class.colour)
    if number < len(CLASS_COLOURS):
        return QColor(CLASS_COLOURS[number])
    # Hues by the golden ratio are far from all previous ones; saturation and brightness differ too.
    further = number - len(CLASS_COLOURS)
    hue = (FIRST_HUE + further * GOLDEN) % 1
    strength, brightness = SHADES[further % len(SHADES)]
    return QColor.fromHsvF(hue, strength, brightness)


def text_on(colour: QColor) -> QColor:
    """Black or white, whichever reads better on `colour`."""
    black, white = QColor("black"), QColor("white")
    return black if contrast(black, colour) > contrast(white, colour) else white


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of two opaque colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return (
        0.2126 * linear(colour.redF())
        + 0.7152 * linear(colour.greenF())
        + 0.0722 * linear(colour.blueF())
    )


def muted(palette: QPalette) -> QColor:
    """The text colour for secondary text."""
    colour = palette.color(QPalette.ColorRole.WindowText)
    colour.setAlphaF(0.62)
    return colour


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
