"""The tour: shown once, automatically, and never in the way."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt

from labeller.window.shell.tour import Tour, show_tour, show_tour_once

K = Qt.Key


@pytest.fixture
def tour(person, window, folder) -> Tour:
    """The tour as shown when a project is opened for the first time."""
    window.project_shown.connect(lambda: show_tour_once(window))
    person.open(folder)
    (shown,) = window.findChildren(Tour)
    return shown


def tours(window) -> list[Tour]:
    return window.findChildren(Tour)


def test_keys_step_through_the_tour_which_is_shown_once(tour, person, window, qtbot, folder):
    assert tour.hasFocus()
    seen = []
    for _ in tour.steps:
        assert window.rect().contains(tour.card.geometry()), "the card is visible"
        target = tour.steps[tour.place].target(window, window.page)
        hole = QRect(target.mapTo(window, QPoint()), target.size())
        assert tour._hole().contains(hole)
        seen.append(tour._title.text())
        qtbot.keyClick(tour, K.Key_Return)
    assert len(set(seen)) == len(seen) == 5
    person.wait(lambda: not tours(window))
    assert window.page.grid.hasFocus(), "labelling can begin"
    person.press(K.Key_1)
    assert person.session.class_of(0) is not None
    window.close_project()
    person.open(folder)
    assert not tours(window), "not shown twice"
    person.choose("tour")
    assert len(tours(window)) == 1, "but available in the menu"


def test_keys_do_not_reach_the_window_and_escape_closes_the_tour(tour, person, window, qtbot):
    qtbot.keyClick(tour, K.Key_S)
    qtbot.keyClick(tour, K.Key_S)
    qtbot.mouseClick(tour, Qt.MouseButton.LeftButton, pos=QPoint(200, 300))
    assert person.session.project.labels.counts() == (0, 0) and person.session.cursor == 0
    qtbot.keyClick(tour, K.Key_Right)
    qtbot.keyClick(tour, K.Key_Left)
    assert tour.place == 0 and not tour.back.isEnabled()
    qtbot.mouseClick(tour.next, Qt.MouseButton.LeftButton)
    assert tour.place == 1
    qtbot.keyClick(tour, K.Key_Escape)
    person.wait(lambda: not tours(window))


def test_the_tour_resizes_with_the_window_and_closes_with_the_project(tour, person, window):
    window.resize(1000, 640)
    person.wait(lambda: tour.size() == window.size())
    assert window.rect().contains(tour.card.geometry())
    window.close_project()
    person.wait(lambda: not tours(window))


def test_the_tour_takes_less_than_a_minute_to_read(tour):
    """At 200 words a minute, slower than most people read."""
    words = sum(len(f"{step.title} {step.text}".split()) for step in tour.steps)
    assert words < 200


def test_the_key_a_card_mentions_works(person, window, folder):

    person.open(folder)
    show_tour(window)
    (tour,) = window.findChildren(Tour)
    session = person.session
    assert "number" in tour._title.text()
    person.qtbot.keyClick(tour, Qt.Key.Key_2)
    assert session.class_of(0).name == session.classes[1].name and session.cursor == 1
    tour.go(2)
    person.qtbot.keyClick(tour, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert session.class_of(0) is None and session.project.labels.counts() == (0, 0)
    person.qtbot.keyClick(tour, Qt.Key.Key_2)
    assert session.project.labels.counts() == (0, 0), "this card does not mention that key"
    tour.close()
