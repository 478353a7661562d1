"""Suggestions, driven by keys and mouse."""

import pytest
from PySide6.QtCore import Qt

from labeller.project import Project

K = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def suggested(person, folder):
    """The window on a batch with suggestions: sure at places 0–3, not at 4–6, none at 7 and 8."""
    person.open(folder)
    session = person.session
    project = session.project
    run = project.runs.start({}, "resnet-small", "cpu", 0, 9)
    ids = [image.id for image in session.images]
    rows = [(i, place % 3 + 1, 0.95) for place, i in enumerate(ids[:4])]
    rows += [(i, place % 3 + 1, 0.4 + place / 10) for place, i in enumerate(ids[4:7])]
    project.suggestions.replace(run, rows)
    session.reload_classes()
    return person


def words(session) -> list[str | None]:
    found = (session.class_of(position) for position in range(len(session.images)))
    return [image_class.name if image_class else None for image_class in found]


def test_enter_accepts_and_goes_on(suggested):
    session = suggested.session
    assert session.suggested(0)[0].name == "blue" and words(session)[0] is None
    suggested.press(K.Key_Return, K.Key_Return)
    assert words(session)[:3] == ["blue", "green", None] and session.cursor == 2
    labels = session.project.labels.current([session.images[0].id, session.images[1].id])
    assert {label.suggested_by for label in labels.values()} == {1}
    suggested.press(K.Key_3)
    assert session.batch.label_at(2).suggested_by is None, "the person's own answer"
    suggested.press_ctrl(K.Key_Z)
    suggested.press_ctrl(K.Key_Z)
    assert words(session)[:3] == ["blue", None, None]


def test_shift_enter_accepts_what_is_sure_as_one_action(suggested, window):
    session = suggested.session
    suggested.press(K.Key_Return, modifier=SHIFT)
    assert words(session)[:7] == ["blue", "green", "red", "blue", None, None, None]
    assert "4 suggestions accepted" in window.statusBar().currentMessage()
    suggested.press_ctrl(K.Key_Z)
    assert not session.project.labels.counts()[0]
    window.page.suggestions.least.setValue(50)
    suggested.press(K.Key_Return, modifier=SHIFT)
    assert sum(word is not None for word in words(session)) == 6


def test_hidden_suggestions_are_not_drawn_and_not_accepted(suggested, window):
    session = suggested.session
    before = window.page.grid.grab().toImage()
    suggested.press(K.Key_H)
    assert session.suggested(0) is None and window.page.grid.grab().toImage() != before
    suggested.press(K.Key_Return)
    suggested.press(K.Key_Return, modifier=SHIFT)
    assert words(session)[:2] == [None, None]
    suggested.press(K.Key_H)
    assert window.page.grid.grab().toImage() == before


def test_a_group_takes_one_key(suggested, window):
    session = suggested.session
    order = [image.id for image in session.images]
    here = session.images[session.cursor].id
    suggested.press(K.Key_G)
    names = [s[0].name if (s := session.suggested(p)) else None for p in range(9)]
    assert names == sorted(names, key=["blue", "green", "red", None].index)
    assert session.images[session.cursor].id == here, "the person stays where they are"
    suggested.press(K.Key_Home)
    suggested.press(K.Key_Right, K.Key_Right, modifier=SHIFT)
    suggested.press(K.Key_1)
    assert words(session)[:3] == ["blue"] * 3
    suggested.press(K.Key_G)
    assert [image.id for image in session.images] == order


def test_the_bar_is_there_with_suggestions_only_and_its_button_works(suggested, window, qtbot):
    bar = window.page.suggestions
    assert bar.isVisible() and "4 of 9 open" in bar._told.text()
    qtbot.mouseClick(bar.accept, Qt.MouseButton.LeftButton)
    assert sum(word is not None for word in words(suggested.session)) == 4
    suggested.session.project.suggestions.replace(1, [])
    suggested.session.reload_classes()
    assert not bar.isVisible()


def test_training_brings_suggestions_for_the_next_batch(person, window, folder, quick_training):
    person.open(folder)
    person.label_all()
    person.press(K.Key_T)
    person.go_to_round(1)
    person.wait_idle()
    session = person.session
    assert all(session.suggested(position) for position in range(len(session.images)))
    assert all(1 / 3 <= session.suggested(p)[1] <= 1 for p in range(len(session.images)))
    window.close()
    with Project(folder) as project:
        rows = project._db.execute("SELECT count(*), min(confidence) FROM suggestion").fetchone()
    assert rows[0] == 36, "labelled images too, for what disagrees"


def test_all_of_one_suggestion_take_one_key(suggested, window):
    session = suggested.session
    suggested.press(K.Key_A)
    assert window.page.chosen() == [0, 3, 4] and session.cursor == 0
    assert "3 images selected: blue?" in window.statusBar().currentMessage()
    suggested.press(K.Key_2)
    assert [p for p, word in enumerate(words(session)) if word == "green"] == [0, 3, 4]
    suggested.press(K.Key_End, K.Key_A)
    assert "no suggestion" in window.statusBar().currentMessage()
