"""Live suggestions, updated after every label."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from labeller.core.run import Progress
from labeller.learning.feature_store import DONE
from labeller.project.project import Project
from labeller.window.dialogs.class_menu import class_menu
from tests.frozen_encoder import frozen  # noqa: F401

K = Qt.Key
pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def new_project(make, images, test_images):
    """A project without a batch, closed."""
    project = make(images, truth="folders", test=str(test_images), batch_size=9)
    project.close()
    return project.folder


def label(person, count: int) -> None:
    """Press the key of the true class for the next images."""
    session = person.session
    truth = session.project.oracle.reveal([image.id for image in session.images])
    places = {c.id: c.position for c in session.classes}
    for _ in range(count):
        person.press(K(K.Key_1 + places[truth[session.images[session.cursor].id]]))


def count_read(folder) -> int:
    """Number of images whose features have been read; reading begins after opening."""
    done = [path for path in (folder / "cache").glob(f"features/*/{DONE}") if path.stat().st_size]
    return int((np.load(done[0])[:, 0] != 0).sum()) if done else 0


def test_a_few_labels_bring_suggestions_for_the_rest_of_the_batch(person, new_project):
    person.open(new_project)
    session = person.session
    assert session.round.strategy == "random"
    order = [image.id for image in session.images]
    label(person, 6)
    person.wait(lambda: all(session.suggested(place) for place in session.open_positions()))
    truth = session.project.oracle.reveal(order)
    for place in session.open_positions():
        assert session.suggested(place)[0].id == truth[order[place]]
    assert [image.id for image in session.images] == order, "the order is unchanged"
    person.press(K.Key_Return)
    answer = session.project.labels.current(order)[order[6]]
    assert answer.suggested_by is not None and answer.class_id == truth[order[6]]
    assert session.project.runs.all() == [], "without a training run"


def test_the_model_line_stops_speaking_of_reading_once_it_is_done(person, window, new_project):
    person.open(new_project)
    seen: list[str] = []
    panel = window.page.training
    window.page.live.progressed.connect(lambda _: seen.append(panel.news.text()))
    person.wait(lambda: count_read(new_project) == 45)
    person.wait(lambda: not panel.bar.isVisible())
    assert any("Reading features" in each for each in seen)
    assert "Reading features" not in panel.news.text()


def test_reading_reported_after_the_project_was_closed_is_ignored(person, window, new_project):
    person.open(new_project)
    page = window.page
    window.close_project()
    page._show_reading(Progress("Reading features", 45, 45))


def test_a_class_without_labels_is_not_suggested(person, new_project):
    person.open(new_project)
    session = person.session
    truth = session.project.oracle.reveal([image.id for image in session.images])
    third = next(c for c in session.classes if c.position == 2)
    for place, image in enumerate(session.images):
        if truth[image.id] != third.id and len(session.open_positions()) > 3:
            session.move(place)
            person.press(K(K.Key_1 + place % 2))  # whatever they show
    person.wait(lambda: all(session.suggested(place) for place in session.open_positions()))
    suggested = {session.suggested(place)[0].position for place in session.open_positions()}
    assert suggested <= {0, 1}


def test_finishing_a_batch_prepares_the_next_one(person, new_project):
    person.open(new_project)
    session = person.session
    label(person, 9)
    person.wait(lambda: session.waiting_round is not None)
    person.press(K.Key_N)
    person.wait(lambda: session.round.number == 1)
    assert session.round.strategy == "weighted-coreset" and session.suggested(0) is not None


def test_the_whole_pool_is_read_in_the_background(person, new_project, window):
    person.open(new_project)
    person.wait(lambda: count_read(new_project) >= 36)
    person.wait(lambda: window.page.live._thread is not None)
    window.close_project()
    with Project(new_project) as project:  # the thread has released it
        assert project.rounds.count() == 1


def test_no_suggestions_while_labelling_blind_or_read_only(person, new_project, window):
    person.open(new_project)
    session = person.session
    label(person, 3)
    session.look_through([session.images[4].id], "again", blind=True)
    before = dict(session.batch.suggestions)
    label_key = K.Key_1
    person.press(label_key)
    person.qtbot.wait(300)
    assert session.batch.suggestions == before == {}
    window.close_project()
    window.open_project(new_project, read_only=True)
    person.wait(lambda: window.page is not None)
    assert window.page.live._thread is None


def test_similar_images_can_be_labelled_together(person, new_project):
    person.open(new_project)
    session = person.session
    here = session.images[session.cursor].id
    person.wait(lambda: not person.window.worker.busy)
    person.wait(lambda: count_read(new_project) >= 36)
    person.press(K.Key_L)
    person.wait(lambda: session.reviewing)
    ids = [image.id for image in session.images]
    truth = session.project.oracle.reveal(ids)
    assert ids[0] == here and len(set(ids)) == len(ids)
    assert all(truth[i] == truth[here] for i in ids[:8]), "twelve are alike"
    person.press_ctrl(K.Key_A)
    person.press(K.Key_Escape)
    person.press(K.Key_1)
    assert session.project.labels.counts()[0] == 1
    session.back_to_batch()
    assert session.round.number == 0


def test_more_images_of_a_class_are_found_from_its_labels(person, new_project):
    person.open(new_project)
    session, page = person.session, person.window.page
    person.wait(lambda: not person.window.worker.busy)
    person.wait(lambda: count_read(new_project) >= 36)
    first, second = session.classes[:2]
    page.learning.find_more(first)
    assert f"as “{first.name}” first" in person.window.statusBar().currentMessage()
    truth = session.project.oracle.reveal([image.id for image in session.images])
    batch = [image.id for image in session.images]
    here = batch[0]
    other = next(i for i in batch if truth[i] != truth[here])
    session.project.labels.assign({here: first.id, other: second.id}, "ann")
    menu = class_menu(page, 0)
    next(a for a in menu.actions() if "more" in a.text()).trigger()
    person.wait(lambda: session.reviewing)
    found = [image.id for image in session.images]
    assert first.name in session.batch.title and here not in found
    truth = session.project.oracle.reveal(found)
    true_class = session.project.oracle.reveal([here])[here]
    assert all(truth[i] == true_class for i in found[:8])


def test_one_key_labels_a_group_except_deselected_images(person, new_project):
    person.open(new_project)
    session = person.session
    page = person.window.page
    person.wait(lambda: not person.window.worker.busy)
    person.wait(lambda: count_read(new_project) >= 36)
    person.press(K.Key_L, modifier=Qt.KeyboardModifier.ShiftModifier)
    person.wait(lambda: page.learning.shows_groups)
    ids = [image.id for image in session.images]
    assert len(page.chosen()) == len(ids) >= 4
    truth = session.project.oracle.reveal(ids)
    assert len(set(truth.values())) == 1, "plain colours: a group is of one class"
    page.grid.select(list(range(1, len(ids))))  # as after Ctrl+click on the first
    places = {c.id: c.position for c in session.classes}
    person.press(K(K.Key_1 + places[truth[ids[1]]]))
    given = session.project.labels.current(ids)
    assert set(given) == set(ids[1:]) and {each.class_id for each in given.values()} == {
        truth[ids[1]]
    }
    assert [image.id for image in session.images] == ids, "the group stays until N is pressed"
    person.press(K.Key_N)
    again = [image.id for image in session.images]
    assert page.learning.shows_groups and not set(again) & set(ids)
    person.press_ctrl(K.Key_Z)
    assert not session.project.labels.current(ids), "one undo step"
    session.back_to_batch()
    assert not page.learning.shows_groups
    session.look_through(ids, "Others")
    assert not page.learning.shows_groups, "a review after groups is not a group"


def test_signals_after_closing_the_project_are_ignored(person, new_project, window):
    person.open(new_project)
    live = window.page.live
    person.wait(lambda: live._thread is not None)
    live._thread.suggested.emit()
    live.stop()
    live._session.project.close()
    live._show()
    window.page.learning.close()
    window.page = None  # already closed
