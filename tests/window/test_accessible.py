"""Screen reader support: names, descriptions and events."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from labeller.project.project import Project
from labeller.window.dialogs.comparison_dialogs import show_matrix
from labeller.window.dialogs.experiments_dialog import ExperimentsDialog
from labeller.window.dialogs.new_project_dialog import NewProjectDialog
from labeller.window.kit import accessibility
from tests.frozen_encoder import frozen  # noqa: F401
from tests.window.accessibility import (
    DIALOGS,
    Event,
    Text,
    accessibility_problems,
    focused_name,
    listening,
    root,
    tree,
)

K = Qt.Key


@pytest.fixture
def suggested(person, folder):
    """The window on a batch with sure suggestions at places 0–3 and unsure ones at 4–6, most of
    them wrong; the model has never been right before."""
    person.open(folder)
    session = person.session
    project = session.project
    run = project.runs.start({}, "resnet-small", "cpu", 0, 9)
    project.runs.end(run, "finished", 1.0, "checkpoints/x.safetensors")
    ids = [image.id for image in session.images]
    rows = [(i, place % 3 + 1, 0.97) for place, i in enumerate(ids[:4])]
    rows += [(i, place % 3 + 1, 0.6) for place, i in enumerate(ids[4:7])]
    project.suggestions.replace(run, rows)
    session.reload_classes()
    return person


def named(widget: QWidget, role: QAccessible.Role) -> dict[str, str]:
    """The descriptions of everything with this role, by name."""
    found = (each for each in tree(root(widget)) if each.role() == role)
    return {each.text(Text.Name): each.text(Text.Description) for each in found}


# -- names and descriptions


@pytest.mark.usefixtures("frozen")
def test_focusable_widgets_have_plain_text_names(person, window, folder, qtbot):
    assert accessibility_problems(window) == [], "welcome page"
    person.open(folder)
    person.label_all()
    person.press(K.Key_T)
    person.go_to_round(1)
    person.wait_idle()
    window.actions_by_name["details"].trigger()
    assert accessibility_problems(window) == []
    person.press(K.Key_O)
    assert window.page.single.isVisible() and accessibility_problems(window) == []
    person.press(K.Key_O, K.Key_R)
    person.wait_idle()
    assert window.page.reviewing.isVisible() and accessibility_problems(window) == []


def test_focusable_widgets_in_dialogs_have_plain_text_names(suggested, window):
    found: dict[str, list[str]] = {}
    for name in DIALOGS:
        suggested.in_dialog(
            window.actions_by_name[name].trigger,
            lambda dialog, n=name: found.__setitem__(n, accessibility_problems(dialog)),
        )
    suggested.press(K.Key_2, K.Key_1)
    suggested.in_dialog(
        lambda: show_matrix(window.page),
        lambda d: found.__setitem__("matrix", accessibility_problems(d)),
    )
    window.actions_by_name["experiments"].trigger()
    (experiments,) = window.page.findChildren(ExperimentsDialog)
    new = NewProjectDialog(window)
    for dialog in (experiments, new):
        dialog.show()
        found[type(dialog).__name__] = accessibility_problems(dialog)
        dialog.close()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_image_names_include_position_label_and_suggestion(suggested, window):
    session, grid = suggested.session, window.page.grid
    file = [session.name_of(place) for place in range(9)]
    assert focused_name(grid) == f"Image 1 of 9, open, suggested: blue? 97%, {file[0]}"
    suggested.press(K.Key_End)
    assert focused_name(grid) == f"Image 9 of 9, open, {file[8]}", "no suggestion"
    suggested.press(K.Key_Home, K.Key_2)
    window.page.changes.write_note(1, "blurred")
    assert focused_name(grid) == f"Image 2 of 9, open, suggested: green? 97%, blurred, {file[1]}"
    suggested.press(K.Key_X, K.Key_Left)
    assert focused_name(grid) == f"Image 2 of 9, not any class, blurred, {file[1]}"
    suggested.press(K.Key_Left, K.Key_O)
    single = window.page.single
    assert root(single).text(Text.Name) == f"Image 1 of 9, green, {file[0]}"
    suggested.press(K.Key_1)
    assert "Image 3 of 9, open, suggested: red? 97%" in root(single).text(Text.Name)


def test_image_names_leave_out_folders_that_reveal_the_class(suggested, window):
    session = suggested.session
    assert session.project.hides_labels and session.images[0].path.count("/")
    assert "/" not in focused_name(window.page.grid)


def test_review_names_include_the_models_prediction(suggested, window):
    suggested.press(K.Key_2, K.Key_2, K.Key_R)
    grid = window.page.grid
    assert focused_name(grid).startswith("Image 1 of 1, green, unlike the model: blue, ")
    suggested.press(K.Key_Return)
    suggested.press(K.Key_Left)
    assert ", green, unlike the model: blue, checked, " in focused_name(grid)


def test_the_filter_field_has_a_name(suggested, window):
    suggested.press_ctrl(K.Key_F)
    assert named(window.page.reviewing, QAccessible.Role.EditableText).keys() == {"Filters"}
    suggested.press(K.Key_Escape)
    assert focused_name(window.page.grid).startswith("Image 1 of 36, ")


def test_class_buttons_describe_key_and_label_count(suggested, window, folder):
    suggested.press(K.Key_2, K.Key_2)
    buttons = named(window.page.classes, QAccessible.Role.Button)
    assert buttons["Label as green"] == "Key 2. 2 labels."
    assert buttons["Label as blue"] == "Key 1. 0 labels."


@pytest.mark.usefixtures("frozen")
def test_progress_and_model_state_are_described(person, window, folder):
    person.open(folder)
    arrow = window.page.training.arrow
    assert named(window.page.training, QAccessible.Role.Button)["Model details"]
    assert "Not trained yet." in root(arrow).text(Text.Description)
    person.label_all()
    progress = root(window.page.header.bar)
    assert progress.text(Text.Name) == "Progress of this batch"
    assert progress.valueInterface().currentValue() == progress.valueInterface().maximumValue() == 9
    person.press(K.Key_T)
    person.go_to_round(1)
    person.wait(lambda: "Trained on 9 labels" in root(arrow).text(Text.Description))
    hints = named(window.statusBar(), QAccessible.Role.StaticText)
    assert any("1–9, 0 label" in name for name in hints)


def test_names_that_look_like_markup_are_read_literally(person, window, folder):
    hostile = "x<b>y</b>"
    with Project(folder) as project:
        first = project.classes.all()[0]
        project.classes.change(type(first)(**{**vars(first), "name": hostile}))
    person.open(folder)
    person.press(K.Key_1, K.Key_Left)
    assert f"Image 1 of 9, {hostile}, " in focused_name(window.page.grid)
    assert f"Label as {hostile}" in named(window.page.classes, QAccessible.Role.Button)


# -- events


def test_moving_and_labelling_send_events_immediately(suggested, window):
    with listening() as told:
        suggested.press(K.Key_Right)
        about = [kind for kind, name in told if name.startswith("Image 2 of 9")]
        assert about.count(Event.Focus) == 1 and Event.NameChanged not in about
        told.clear()
        suggested.press(K.Key_1)
        kinds = (Event.Focus, Event.NameChanged)
        changed = [each for each in told if each[1].startswith("Image ") and each[0] in kinds]
        assert [kind for kind, _ in changed] == [Event.NameChanged, Event.Focus]
        assert changed[0][1].startswith("Image 2 of 9, blue, ")
        assert changed[1][1].startswith("Image 3 of 9, open, suggested: red? 97%")
        told.clear()
        suggested.session.labels_changed.emit(list(range(9)))
        assert Event.NameChanged not in [k for k, name in told if name.startswith("Image 3")]


def test_the_one_by_one_view_sends_events_too(suggested, window):
    suggested.press(K.Key_O)
    with listening() as told:
        suggested.press(K.Key_2)
    renamed = [name for kind, name in told if kind == Event.NameChanged and "Image" in name]
    assert renamed[0].startswith("Image 1 of 9, green, ")
    assert renamed[-1].startswith("Image 2 of 9, open, suggested: green?")
    with listening() as told:
        suggested.press(K.Key_3, K.Key_3, K.Key_3, K.Key_3, K.Key_3, K.Key_3, K.Key_3, K.Key_3)
    assert told and root(window.page.single).text(Text.Name).startswith("No image is selected")


def announced(person, told: list[tuple[Event, str]], part: str) -> list[str]:
    """Wait for an announcement that contains `part`; return all announcements."""
    person.wait(lambda: any(part in text for kind, text in told if kind == Event.Announcement))
    said = [text for kind, text in told if kind == Event.Announcement]
    assert all("<" not in text for text in said)
    return said


def test_status_bar_messages_are_announced_together(suggested, window, qtbot):
    with listening() as told:
        qtbot.wait(accessibility.PAUSE_MS + 100)  # announcements from opening the project
        told.clear()
        suggested.press(K.Key_2, K.Key_2)
        assert announced(suggested, told, "Image 2: green") == ["Image 1: green Image 2: green"]
        told.clear()
        suggested.press_ctrl(K.Key_Z)
        assert announced(suggested, told, "Undone") == ["Image 2: open Undone: 1 image."]
        told.clear()
        for _ in range(3):  # a task too short to be announced
            window._announcer.show_state("Working")
            window._announcer.show_state(window._hint.text())
        qtbot.wait(accessibility.PAUSE_MS + 200)
        assert [text for kind, text in told if kind == Event.Announcement] == []
        suggested.press(K.Key_R)
        announced(suggested, told, "goes back to the batch")


def test_the_class_finder_announces_matches(suggested, window, qtbot):
    def search(finder) -> None:
        with listening() as told:
            qtbot.keyClick(finder.text, K.Key_Down)
            assert (Event.Focus, "green    2") in told
            qtbot.keyClicks(finder.text, "r")
            assert told[-1] != (Event.Focus, "green    2")

    suggested.in_dialog(window.actions_by_name["find_class"].trigger, search)


def test_each_step_of_the_tour_is_read(person, window, folder, qtbot):
    person.open(folder)
    window.actions_by_name["tour"].trigger()
    tour = window.focusWidget()
    with listening() as told:
        qtbot.keyClick(tour, K.Key_Right)
    said = [name for kind, name in told if kind == Event.NameChanged]
    qtbot.keyClick(tour, K.Key_Tab)
    assert tour.hasFocus(), "Tab does not leave the tour"
    assert any(name.startswith("The classes and their keys. Click a class") for name in said)
    tour.close()
