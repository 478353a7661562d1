"""Browsing the whole pool in the window, with filters."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog

from labeller.project.project import Project
from labeller.window.labelling import filter_line, review_strip, session
from labeller.window.labelling.filter_line import WORDS, saved_views

K = Qt.Key


@pytest.fixture
def looking(person, folder):
    """Three labels, and all images on screen."""
    with Project(folder) as project:
        project.settings.set("truth_in_paths", False)
    person.open(folder)
    person.press(K.Key_1, K.Key_2, K.Key_1)
    person.press_ctrl(K.Key_F)
    return person


def ids(person) -> list[int]:
    return [image.id for image in person.session.images]


def write(person, text: str) -> None:
    line = person.window.page.reviewing.filters.text
    line.setFocus()
    line.selectAll()
    person.qtbot.keyClicks(line, text)
    person.qtbot.keyClick(line, K.Key_Return)


def test_ctrl_f_shows_all_images_and_typed_text_filters_them(looking, window):
    session, strip = looking.session, window.page.reviewing
    assert session.reviewing and ids(looking) == list(range(1, 1 + len(ids(looking))))
    assert len(ids(looking)) == session.project.images.pool_size()
    assert strip.isVisible() and strip.filters.text.hasFocus()
    assert window.page.header.count.text().startswith(f"1 of {len(ids(looking))}")
    write(looking, "is:labelled class:blue")
    assert len(ids(looking)) == 2 and window.page.has_keyboard()
    assert strip.filters.range.text() == "2 images"
    assert window.page.header.title.text().endswith("is:labelled class:blue")


def test_letters_typed_into_the_filter_do_not_label(looking, window):
    summary = looking.session.summary
    write(looking, "shirt 1 2 3")
    assert ids(looking) == [] and looking.session.summary == summary
    assert looking.session.reviewing, "the list stays open without matches"
    window.page.reviewing.filters.text.clear()
    looking.qtbot.keyClick(window.page.reviewing.filters.text, K.Key_Return)
    assert len(ids(looking)) == looking.session.project.images.pool_size()


def test_filtered_images_are_labelled_with_the_usual_keys(looking):
    write(looking, "is:unlabelled")
    first = ids(looking)[0]
    looking.press(K.Key_3)
    assert looking.session.class_of(0).name == "red" and looking.session.cursor == 1
    assert looking.session.project.labels.current([first])[first].class_id == 3
    looking.press_ctrl(K.Key_Z)
    assert looking.session.class_of(0) is None
    looking.press(K.Key_R, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert not looking.session.reviewing


def test_an_invalid_filter_is_reported_and_changes_nothing(looking, window):
    before = ids(looking)
    write(looking, "colour:red")
    assert ids(looking) == before and looking.session.reviewing
    assert "no filter 'colour'" in window.statusBar().currentMessage()
    assert window.page.reviewing.filters.text.text() == "colour:red", "it can be corrected"


def test_held_out_images_can_be_viewed_but_not_labelled(looking, window):
    write(looking, "split:test")
    assert ids(looking)
    looking.press(K.Key_1)
    assert "measure the model" in window.statusBar().currentMessage()
    looking.press(K.Key_S)
    window.page.changes.forget([0])
    with looking.session.project.transaction():
        assert not looking.session.project.labels.current(ids(looking))
    assert not looking.session.project.images.forgotten()


def test_a_long_list_is_paged(looking, window, monkeypatch):
    pool = ids(looking)
    for module in (session, filter_line, review_strip):
        monkeypatch.setattr(module, "PAGE", 10)
    strip = window.page.reviewing.filters
    write(looking, "-note:x")
    assert ids(looking) == pool[:10] and not strip.earlier.isEnabled()
    assert strip.range.text() == f"1 to 10 of {len(pool)}"
    looking.qtbot.mouseClick(strip.later, Qt.MouseButton.LeftButton)
    assert ids(looking) == pool[10:20] and strip.earlier.isEnabled()
    assert window.page.header.count.text().startswith(f"11 of {len(pool)}")
    looking.qtbot.mouseClick(strip.earlier, Qt.MouseButton.LeftButton)
    assert ids(looking) == pool[:10] and window.page.has_keyboard()


def test_forgetting_an_image_keeps_the_page_and_can_be_undone(looking, window, monkeypatch):
    pool = ids(looking)
    for module in (session, filter_line, review_strip):
        monkeypatch.setattr(module, "PAGE", 10)
    strip = window.page.reviewing.filters
    write(looking, "-note:x")
    looking.qtbot.mouseClick(strip.later, Qt.MouseButton.LeftButton)
    window.page.changes.forget([0])
    assert ids(looking) == pool[11:20] and strip.later.isEnabled() and strip.earlier.isEnabled()
    assert strip.range.text() == f"11 to 19 of {len(pool) - 1}"
    looking.press_ctrl(K.Key_Z)
    assert ids(looking) == pool[10:20]


def test_the_menu_writes_filters(looking, window):
    strip = window.page.reviewing.filters
    menu = strip.add.menu()
    menu.aboutToShow.emit()
    states = next(a.menu() for a in menu.actions() if a.text() == "State")
    next(a for a in states.actions() if a.text() == WORDS["labelled"]).trigger()
    assert strip.text.text() == "is:labelled" and len(ids(looking)) == 3
    menu.aboutToShow.emit()
    next(a for a in menu.actions() if a.text().startswith("Width")).trigger()
    assert strip.text.text() == "is:labelled width>" and strip.text.hasFocus()
    looking.qtbot.keyClicks(strip.text, "9999")
    looking.qtbot.keyClick(strip.text, K.Key_Return)
    assert ids(looking) == []


def test_saved_views_persist(looking, window, monkeypatch, folder):
    write(looking, "is:labelled class:blue")
    wanted, strip = ids(looking), window.page.reviewing.filters
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("blue ones", True))
    strip.views.menu().aboutToShow.emit()
    next(a for a in strip.views.menu().actions() if a.text().startswith("Save")).trigger()
    looking.open(folder)
    looking.press_ctrl(K.Key_F)
    strip = window.page.reviewing.filters
    strip.views.menu().aboutToShow.emit()
    next(a for a in strip.views.menu().actions() if a.text() == "blue ones").trigger()
    assert ids(looking) == wanted and strip.text.text() == "is:labelled class:blue"
    strip.views.menu().aboutToShow.emit()
    delete = next(a.menu() for a in strip.views.menu().actions() if a.menu())
    delete.actions()[0].trigger()
    assert saved_views(looking.session.project) == {}


def test_damaged_views_are_ignored(looking):
    good = {"state": "all", "class_id": None, "annotator": None, "round_id": None}
    good |= {"order": "name", "text": "is:labelled"}
    damaged = [
        ["odd", {"nonsense": 1}], 7, ["text", good | {"text": 5}], ["\ud800", good],
        ["order", good | {"order": "x"}], ["state", good | {"state": "x"}],
        ["class", good | {"class_id": "x"}], ["who", good | {"annotator": 3}],
    ]  # fmt: skip
    looking.session.project.settings.set("saved_views", [*damaged, ["good", good]])
    assert list(saved_views(looking.session.project)) == ["good"]
    looking.session.project.settings.set("saved_views", 5)
    assert saved_views(looking.session.project) == {}


def test_an_invalid_filter_stays_selected_for_correction(looking, window):
    line, filters = window.page.reviewing.filters.text, window.page.reviewing.filters
    before = ids(looking)
    write(looking, "is:wrong")
    assert line.hasFocus() and line.selectedText() == "is:wrong" and filters.error.isVisible()
    assert ids(looking) == before
    looking.qtbot.keyClicks(line, "is:labelled")
    looking.qtbot.keyClick(line, K.Key_Return)
    assert len(ids(looking)) == 3 and not filters.error.isVisible() and not line.hasFocus()
    write(looking, "is:wrong")
    looking.qtbot.keyClick(line, K.Key_Escape)
    assert line.text() == "is:labelled" and not line.hasFocus() and not filters.error.isVisible()
