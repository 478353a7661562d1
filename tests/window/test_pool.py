"""Browsing the whole pool in the window, with filters."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog

from labeller.project.project import Project
from labeller.window.labelling import filter_line, review_strip, session
from labeller.window.labelling.filter_line import WORDS, saved_views

K = Qt.Key


@pytest.fixture
def browsing(person, folder):
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


def test_ctrl_f_shows_all_images_and_typed_text_filters_them(browsing, window):
    session, strip = browsing.session, window.page.reviewing
    assert session.reviewing and ids(browsing) == list(range(1, 1 + len(ids(browsing))))
    assert len(ids(browsing)) == session.project.images.pool_size()
    assert strip.isVisible() and strip.filters.text.hasFocus()
    assert window.page.header.count.text().startswith(f"1 of {len(ids(browsing))}")
    write(browsing, "is:labelled class:blue")
    assert len(ids(browsing)) == 2 and window.page.has_keyboard()
    assert strip.filters.range.text() == "2 images"
    assert window.page.header.title.text().endswith("is:labelled class:blue")


def test_letters_typed_into_the_filter_do_not_label(browsing, window):
    summary = browsing.session.summary
    write(browsing, "shirt 1 2 3")
    assert ids(browsing) == [] and browsing.session.summary == summary
    assert browsing.session.reviewing, "the list stays open without matches"
    window.page.reviewing.filters.text.clear()
    browsing.qtbot.keyClick(window.page.reviewing.filters.text, K.Key_Return)
    assert len(ids(browsing)) == browsing.session.project.images.pool_size()


def test_filtered_images_are_labelled_with_the_usual_keys(browsing):
    write(browsing, "is:unlabelled")
    first = ids(browsing)[0]
    browsing.press(K.Key_3)
    assert browsing.session.class_of(0).name == "red" and browsing.session.cursor == 1
    assert browsing.session.project.labels.current([first])[first].class_id == 3
    browsing.press_ctrl(K.Key_Z)
    assert browsing.session.class_of(0) is None
    browsing.press(K.Key_R, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert not browsing.session.reviewing


def test_an_invalid_filter_is_reported_and_changes_nothing(browsing, window):
    before = ids(browsing)
    write(browsing, "colour:red")
    assert ids(browsing) == before and browsing.session.reviewing
    assert "no filter 'colour'" in window.statusBar().currentMessage()
    assert window.page.reviewing.filters.text.text() == "colour:red", "it can be corrected"


def test_held_out_images_can_be_viewed_but_not_labelled(browsing, window):
    write(browsing, "split:test")
    assert ids(browsing)
    browsing.press(K.Key_1)
    assert "measure the model" in window.statusBar().currentMessage()
    browsing.press(K.Key_S)
    window.page.changes.forget([0])
    with browsing.session.project.transaction():
        assert not browsing.session.project.labels.current(ids(browsing))
    assert not browsing.session.project.images.forgotten()


def test_a_long_list_is_paged(browsing, window, monkeypatch):
    pool = ids(browsing)
    for module in (session, filter_line, review_strip):
        monkeypatch.setattr(module, "PAGE", 10)
    strip = window.page.reviewing.filters
    write(browsing, "-note:x")
    assert ids(browsing) == pool[:10] and not strip.earlier.isEnabled()
    assert strip.range.text() == f"1 to 10 of {len(pool)}"
    browsing.qtbot.mouseClick(strip.later, Qt.MouseButton.LeftButton)
    assert ids(browsing) == pool[10:20] and strip.earlier.isEnabled()
    assert window.page.header.count.text().startswith(f"11 of {len(pool)}")
    browsing.qtbot.mouseClick(strip.earlier, Qt.MouseButton.LeftButton)
    assert ids(browsing) == pool[:10] and window.page.has_keyboard()


def test_forgetting_an_image_keeps_the_page_and_can_be_undone(browsing, window, monkeypatch):
    pool = ids(browsing)
    for module in (session, filter_line, review_strip):
        monkeypatch.setattr(module, "PAGE", 10)
    strip = window.page.reviewing.filters
    write(browsing, "-note:x")
    browsing.qtbot.mouseClick(strip.later, Qt.MouseButton.LeftButton)
    window.page.changes.forget([0])
    assert ids(browsing) == pool[11:20] and strip.later.isEnabled() and strip.earlier.isEnabled()
    assert strip.range.text() == f"11 to 19 of {len(pool) - 1}"
    browsing.press_ctrl(K.Key_Z)
    assert ids(browsing) == pool[10:20]


def test_the_menu_writes_filters(browsing, window):
    strip = window.page.reviewing.filters
    menu = strip.add.menu()
    menu.aboutToShow.emit()
    states = next(a.menu() for a in menu.actions() if a.text() == "State")
    next(a for a in states.actions() if a.text() == WORDS["labelled"]).trigger()
    assert strip.text.text() == "is:labelled" and len(ids(browsing)) == 3
    menu.aboutToShow.emit()
    next(a for a in menu.actions() if a.text().startswith("Width")).trigger()
    assert strip.text.text() == "is:labelled width>" and strip.text.hasFocus()
    browsing.qtbot.keyClicks(strip.text, "9999")
    browsing.qtbot.keyClick(strip.text, K.Key_Return)
    assert ids(browsing) == []


def test_saved_views_persist(browsing, window, monkeypatch, folder):
    write(browsing, "is:labelled class:blue")
    wanted, strip = ids(browsing), window.page.reviewing.filters
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("blue ones", True))
    strip.views.menu().aboutToShow.emit()
    next(a for a in strip.views.menu().actions() if a.text().startswith("Save")).trigger()
    browsing.open(folder)
    browsing.press_ctrl(K.Key_F)
    strip = window.page.reviewing.filters
    strip.views.menu().aboutToShow.emit()
    next(a for a in strip.views.menu().actions() if a.text() == "blue ones").trigger()
    assert ids(browsing) == wanted and strip.text.text() == "is:labelled class:blue"
    strip.views.menu().aboutToShow.emit()
    delete = next(a.menu() for a in strip.views.menu().actions() if a.menu())
    delete.actions()[0].trigger()
    assert saved_views(browsing.session.project) == {}


def test_damaged_views_are_ignored(browsing):
    good = {"state": "all", "class_id": None, "annotator": None, "round_id": None}
    good |= {"order": "name", "text": "is:labelled"}
    damaged = [
        ["odd", {"nonsense": 1}], 7, ["text", good | {"text": 5}], ["\ud800", good],
        ["order", good | {"order": "x"}], ["state", good | {"state": "x"}],
        ["class", good | {"class_id": "x"}], ["who", good | {"annotator": 3}],
    ]  # fmt: skip
    browsing.session.project.settings.set("saved_views", [*damaged, ["good", good]])
    assert list(saved_views(browsing.session.project)) == ["good"]
    browsing.session.project.settings.set("saved_views", 5)
    assert saved_views(browsing.session.project) == {}


def test_an_invalid_filter_stays_selected_for_correction(browsing, window):
    line, filters = window.page.reviewing.filters.text, window.page.reviewing.filters
    before = ids(browsing)
    write(browsing, "is:wrong")
    assert line.hasFocus() and line.selectedText() == "is:wrong" and filters.error.isVisible()
    assert ids(browsing) == before
    browsing.qtbot.keyClicks(line, "is:labelled")
    browsing.qtbot.keyClick(line, K.Key_Return)
    assert len(ids(browsing)) == 3 and not filters.error.isVisible() and not line.hasFocus()
    write(browsing, "is:wrong")
    browsing.qtbot.keyClick(line, K.Key_Escape)
    assert line.text() == "is:labelled" and not line.hasFocus() and not filters.error.isVisible()
