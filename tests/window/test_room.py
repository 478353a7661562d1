"""Keys for many classes, Tab and F6, and layout at any window size."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QToolButton

from labeller.project.project import Project
from labeller.store.classes import keys_of
from labeller.window.dialogs.class_editor import KEY
from labeller.window.labelling.batch_grid import SIDES
from labeller.window.labelling.class_panel import proposed_keys
from labeller.window.labelling.thumbnails import Size

K = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def many_classes(person, make, images):
    """A project of 22 classes."""
    names = ("ant", "bee", *(f"class {n}" for n in range(3, 21)), "xu", "yak")
    project = make(images, "many", classes=names, batch_size=9)
    project.close()
    person.open(project.folder)
    return person


# -- keys


def test_the_eleventh_to_twentieth_class_use_shift(many_classes, window):
    assert keys_of(many_classes.session.classes)[9:12] == ["0", "shift+1", "shift+2"]
    assert keys_of(many_classes.session.classes)[19:] == ["shift+0", "", ""]
    many_classes.press(K.Key_1, K.Key_0)
    many_classes.press(K.Key_1, K.Key_0, modifier=SHIFT)
    given = [many_classes.session.class_of(place).position for place in range(4)]
    assert given == [0, 9, 10, 19]
    assert window.page.classes.buttons[10].text().startswith("⇧1  class 11")


def test_free_letters_are_proposed(many_classes, window, qtbot):
    def propose(editor) -> None:
        qtbot.mouseClick(editor.buttons["Propose keys"], LEFT)
        assert editor.table.item(21, KEY).text() == "Y", "a letter of yak that is not in use"
        assert editor.table.item(0, KEY).text() == "1", "a class with a digit keeps it"
        assert "have new keys" in editor.message.text()

    many_classes.in_dialog(lambda: many_classes.choose("edit_classes"), propose)
    letters = [c.shortcut for c in many_classes.session.classes if c.shortcut]
    assert len(set(letters)) == len(letters) >= 8 and "t" not in letters and "s" not in letters
    many_classes.press(K.Key_Y)
    assert many_classes.session.class_of(0).name == "yak"
    assert all(len(letter) == 1 for letter in proposed_keys(many_classes.session.classes).values())


def test_tab_moves_between_images_and_f6_focuses_the_buttons(many_classes, window, qtbot):
    grid, buttons = window.page.grid, window.page.classes.buttons
    many_classes.press(K.Key_Tab)
    assert many_classes.session.cursor == 1 and grid.hasFocus()
    many_classes.press(K.Key_F6)
    assert buttons[0].hasFocus()
    qtbot.keyClick(buttons[0], K.Key_Tab)
    assert buttons[1].hasFocus() and many_classes.session.cursor == 1
    qtbot.keyClick(buttons[1], K.Key_Backtab, SHIFT)
    assert buttons[0].hasFocus()
    qtbot.keyClick(buttons[0], K.Key_Space)
    assert many_classes.session.class_of(1).name == "ant", "Space presses the button"
    qtbot.keyClick(buttons[0], K.Key_F6)
    assert grid.hasFocus()
    seen = set()
    many_classes.press(K.Key_F6)
    for _ in range(60):
        focused = QApplication.focusWidget()
        seen.add(focused)
        qtbot.keyClick(focused, K.Key_Tab)
    assert set(buttons) <= seen and window.page.training.arrow in seen
    assert window.page.suggestions.least not in seen, "it is not shown yet"


# -- layout


def test_f_fits_the_whole_batch_at_any_size(person, window, qtbot, folder):
    window.resize(1280, 800)
    person.open(folder)
    grid = window.page.grid

    def fits() -> bool:
        last = grid.visualRect(grid.model().index(grid.model().rowCount() - 1, 0))
        return grid.viewport().rect().contains(last) and not grid.verticalScrollBar().maximum()

    person.press(K.Key_F)
    qtbot.waitUntil(fits)
    large = grid._delegate.side
    assert large > 150
    window.resize(900, 600)
    qtbot.waitUntil(lambda: grid._delegate.side < large and fits())
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: grid._delegate.side == large and fits())
    person.choose("smaller")
    assert grid._delegate.side in SIDES and grid._delegate.side < large
    window.resize(1100, 800)
    assert grid._delegate.side in SIDES, "a chosen size is kept"


def test_everything_fits_at_900_by_600(person, window, qtbot, folder):
    with Project(folder) as project:
        run = project.runs.start({}, "resnet-small", "cpu", 0, 0)
        project.suggestions.replace(run, [(i, 1, 0.95) for i in range(1, 30)])
        project.labels.assign(dict.fromkeys(range(1, 10), 2), "ann")
    person.open(folder)
    assert window.page.suggestions.isVisible()
    window.resize(900, 600)
    qtbot.waitUntil(lambda: (window.width(), window.height()) == (900, 600))
    for _ in range(2):  # with all the details too
        person.press(K.Key_D)
        QApplication.processEvents()  # lets the layout settle
        assert window.height() == 600
    chevron = window.tool_bar.findChild(QToolButton, "qt_toolbar_ext_button")
    last = window.tool_bar.widgetForAction(window.actions_by_name["oracle"])
    inside = window.tool_bar.rect().contains(last.geometry())
    assert (last.isVisible() and inside) or chevron.isVisible()
    look = chevron.grab().toImage()
    colours = {look.pixel(x, y) for x in range(look.width()) for y in range(look.height())}
    assert len(colours) > 2, "the button is drawn"
    person.press(K.Key_R)
    QApplication.processEvents()
    assert window.width() == 900, "the filters fit too"
    person.press(K.Key_R, modifier=SHIFT)
    page = window.page
    for widget in (page.preview, page.classes, page.training.news, page.grid):
        corner = widget.mapTo(window, QPoint(widget.width() - 1, widget.height() - 1))
        assert widget.isVisible() and window.rect().contains(corner)


def test_starting_training_does_not_shift_the_layout(person, window, qtbot, folder, quick_training):
    person.open(folder)
    person.label_all()
    places = lambda: [  # noqa: E731
        widget.mapTo(window, QPoint(0, 0))
        for widget in (window.page.preview, window.page.classes, window.page.training.news)
    ]
    before = places()
    person.press(K.Key_T)
    person.wait(lambda: window.page.training.bar.isVisible())
    assert places() == before
    person.wait_idle()


def test_large_thumbnails_are_not_upscaled(person, window, qtbot, make, tmp_path):
    from PIL import Image

    source = tmp_path / "photos"
    source.mkdir()
    for number in range(4):
        Image.effect_noise((900, 700), 80).convert("RGB").save(source / f"{number}.jpg")
    project = make(source, "photos project", classes=("one", "two"))
    project.close()
    person.open(project.folder)
    images = person.session.images
    thumbnails, grid = window.page.thumbnails, window.page.grid
    for _ in SIDES:
        grid.zoom(1)
    grid.grab()
    person.wait(lambda: thumbnails.get(images[0], Size.MIDDLE) is not None)
    assert max(thumbnails.get(images[0], Size.MIDDLE).size().toTuple()) == Size.MIDDLE.value
    assert grid._delegate.side * grid.devicePixelRatioF() <= Size.MIDDLE.value
