"""Contrast of everything that distinguishes classes, measured on rendered pixels."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from labeller.window.kit.theme import CLASS_COLOURS, choose_scheme, contrast, muted, outline

K = Qt.Key
NEEDED = 3.0  # WCAG 2.2, 1.4.11: user interface components and graphics


def blend(colour: QColor, ground: QColor) -> QColor:
    """Blend a translucent colour onto an opaque background."""
    share = colour.alphaF()
    pairs = zip(colour.getRgbF()[:3], ground.getRgbF()[:3], strict=True)
    return QColor.fromRgbF(*(share * a + (1 - share) * b for a, b in pairs))


@pytest.fixture(params=["light", "dark"])
def palette(request, window) -> QPalette:
    choose_scheme(request.param)
    yield QApplication.palette()
    choose_scheme("system")


def test_contrast_matches_wcag():
    assert contrast(QColor("white"), QColor("black")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("white")) == pytest.approx(4.48, abs=0.01)


def test_outlines_and_muted_text_have_enough_contrast(palette):
    for ground in (QPalette.ColorRole.Window, QPalette.ColorRole.Base, QPalette.ColorRole.Button):
        behind = palette.color(ground)
        assert contrast(outline(palette), behind) >= 4.5
        assert contrast(blend(muted(palette), behind), behind) >= NEEDED


def test_suggestion_swatches_are_visible_in_every_class_colour(
    person, window, palette, make, images
):
    project = make(images, "ten", classes=tuple(f"class {n}" for n in range(10)))
    run = project.runs.start({}, "resnet-small", "cpu", 0, 0)
    candidates = [int(i) for i in project.images.candidates()]
    project.suggestions.replace(run, [(i, i % 10 + 1, 0.95) for i in candidates])
    project.close()
    person.open(project.folder)
    session, grid = person.session, window.page.grid
    person.press(K.Key_End)
    seen = {}
    for place in range(len(session.images) - 1):  # the last one is current and has a ring
        index = grid.model().index(place, 0)
        grid.scrollTo(index)
        cell = grid.visualRect(index)
        look = grid.viewport().grab(cell).toImage()
        ratio = look.devicePixelRatio()
        image_class, _ = session.suggested(place)
        ground = look.pixelColor(int(ratio), look.height() // 2)
        row = [
            look.pixelColor(x, look.height() - int((5 + 10) * ratio))
            for x in range(int(8 * ratio), int(26 * ratio))
        ]
        fill = QColor(CLASS_COLOURS[image_class.position])
        assert any(contrast(fill, one) < 1.05 for one in row), f"no swatch of {image_class.name}"
        seen[image_class.name] = max(contrast(one, ground) for one in row)
    assert len(seen) >= 6 and min(seen.values()) >= NEEDED, seen
