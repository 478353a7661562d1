"""The one-by-one view: the strip of neighbouring images and the card of the suggested class."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from labeller.window.labelling.batch_model import CLASS_NAME
from labeller.window.labelling.class_panel import FLASH, PLAIN

K = Qt.Key
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def large(person, window, folder, qtbot):
    window.resize(1280, 800)
    person.open(folder)
    person.press(K.Key_O)
    person.wait(lambda: window.page.single.strip.isVisible())
    return person


def visible_rows(strip) -> list[int]:
    model, inside = strip.model(), strip.viewport().rect()
    return [
        row
        for row in range(model.rowCount())
        if inside.intersects(strip.visualRect(model.index(row, 0)))
    ]


def test_the_strip_shows_previous_answers_and_upcoming_images(large, window, qtbot):
    strip = window.page.single.strip
    qtbot.keyClicks(window.page.single, "121212")
    assert large.session.cursor == 6 and strip.currentIndex().row() == 6
    assert set(range(1, 9)) <= set(visible_rows(strip)), "five before it, and those after it"
    assert [strip.model().index(row, 0).data(CLASS_NAME) for row in (4, 5, 6)] == [
        "blue", "green", None,
    ]  # fmt: skip
    qtbot.mouseClick(
        strip.viewport(), LEFT, pos=strip.visualRect(strip.model().index(4, 0)).center()
    )
    assert large.session.cursor == 4 and window.page.single.hasFocus()


def test_the_strip_keeps_the_current_image_in_the_middle(person, window, make, images):
    project = make(images, "long", classes=("blue", "green", "red"), batch_size=36)
    project.close()
    window.resize(1280, 800)
    person.open(project.folder)
    person.press(K.Key_O)
    person.session.move(20)
    strip = window.page.single.strip
    seen = visible_rows(strip)
    assert set(range(16, 25)) <= set(seen) and 10 not in seen and 30 not in seen
    here = strip.visualRect(strip.currentIndex()).center().x()
    assert abs(here - strip.viewport().width() // 2) < 40


def test_the_button_of_the_assigned_class_flashes(large, window, qtbot):
    buttons = window.page.classes.buttons
    qtbot.keyClicks(window.page.single, "2")
    assert buttons[1].styleSheet() == FLASH and buttons[0].styleSheet() == PLAIN
    qtbot.waitUntil(lambda: buttons[1].styleSheet() == PLAIN)


def test_the_card_describes_the_suggested_class(large, window, qtbot):
    session, card = large.session, window.page.class_card
    assert card.isVisible() and not window.page.preview.isVisible()
    assert card.title.text() == ""
    project = session.project
    qtbot.keyClicks(window.page.single, "3")
    image_class = session.class_of(0)
    with project.transaction():
        project.classes.change(replace(image_class, description="like a ripe tomato"))
    project.classes.change_examples({session.images[0].id: image_class.id}, add=True)
    run = project.runs.start({}, "resnet-small", "cpu", 0, 1)
    project.suggestions.replace(run, [(session.images[1].id, image_class.id, 0.9)])
    session.reload_classes()
    session.move(2)
    session.move(1)
    assert card.title.text() == "red" and card.description.text() == "like a ripe tomato"
    assert card.caption.text() == "Examples"
    large.wait(lambda: card.pictures[0]._pixmap is not None)
    session.move(4)
    assert card.title.text() == "" and card.pictures[0]._pixmap is None
