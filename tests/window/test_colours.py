"""What can be seen: contrast of everything that tells classes apart, measured on what is drawn."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from labeller.window.kit.theme import CLASS_COLOURS, choose_scheme, contrast, muted, outline

K = Qt.Key
NEEDED = 3.0  # WCAG 2.2, 1.4.11: parts of the interface and graphics


def over(colour: QColor, ground: QColor) -> QColor:
    """A colour with its alpha on an opaque ground."""
    share = colour.alphaF()
    pairs = zip(colour.getRgbF()[:3], ground.getRgbF()[:3], strict=True)
    return QColor.fromRgbF(*(share * a + (1 - share) * b for a, b in pairs))


@pytest.fixture(params=["light", "dark"])
def palette(request, window) -> QPalette:
    choose_scheme(request.param)
    yield QApplication.palette()
    choose_scheme("system")


def test_contrast_is_that_of_the_standard():
    assert contrast(QColor("white"), QColor("black")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("white")) == pytest.approx(4.48, abs=0.01)


def test_lines_and_words_stand_out(palette):
    for ground in (QPalette.ColorRole.Window, QPalette.ColorRole.Base, QPalette.ColorRole.Button):
        behind = palette.color(ground)
        assert contrast(outline(palette), behind) >= 4.5
        assert contrast(over(muted(palette), behind), behind) >= NEEDED


def test_every_suggestion_is_seen_whatever_the_colour_of_its_class(
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
    for place in range(len(session.images) - 1):  # the last one is current, and has rings
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
