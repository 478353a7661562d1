"""Everything the window shows is derived from one state."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from labeller.loop import rounds
from labeller.project.project import Project
from labeller.store.review import Question
from labeller.window.kit.theme import ACCENT
from labeller.window.learning import operations
from tests.frozen_encoder import frozen  # noqa: F401
from tests.window.test_labelling import names

K = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


# -- selection and current image


def ring(look: QImage, columns: tuple[int, int]) -> bool:
    """Whether these columns show a line in the accent colour."""
    rows = range(look.height() // 2 - 8, look.height() // 2 + 8)
    return all(
        sum(abs(a - b) for a, b in zip(look.pixelColor(x, y).getRgb(), ACCENT.getRgb(),
                                       strict=True)) < 60
        for x in columns for y in rows
    )  # fmt: skip


def marks(grid, places) -> list[tuple[bool, bool]]:
    """For each image, whether it has the ring of a selected and of the current image."""
    looks = [grid.viewport().grab(grid.visualRect(grid.model().index(p, 0))) for p in places]
    return [(ring(x.toImage(), (1, 2)), ring(x.toImage(), (5, 6))) for x in looks]


@pytest.mark.parametrize("by", ["Ctrl+Space", "Ctrl+click"])
def test_deselecting_the_current_image_removes_its_selection_ring(
    person, window, qtbot, folder, by
):
    person.open(folder)
    grid = window.page.grid
    person.press(K.Key_Right, modifier=SHIFT)
    assert marks(grid, (0, 1, 2)) == [(True, False), (True, True), (False, False)]
    if by == "Ctrl+Space":
        person.press(K.Key_Space, modifier=CONTROL)
    else:
        place = grid.visualRect(grid.model().index(1, 0)).center()
        qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, CONTROL, place)
    assert grid.chosen() == [0]
    assert marks(grid, (0, 1, 2)) == [(True, False), (False, True), (False, False)]
    person.press(K.Key_2)
    assert names(person.session)[:2] == ["green", None]


def test_without_a_selection_keys_apply_to_the_current_image(person, window, folder):
    person.open(folder)
    window.page.grid.clearSelection()
    assert window.page.grid.chosen() == [0] and marks(window.page.grid, (0,)) == [(True, True)]


# -- how many are selected


def test_the_number_of_selected_images_is_hidden_with_the_group(person, window, folder):
    person.open(folder)
    session, control = person.session, window.page.learning
    control._groups = [tuple(image.id for image in session.images[2:7])]
    control._show_group()
    chip = window.page.header.chip
    assert chip.isVisible() and chip.text() == "5 selected"
    person.press(K.Key_R, modifier=SHIFT)
    assert not session.reviewing and not chip.isVisible()
    assert len(window.page.grid.chosen()) == 1


# -- title and filters of a review


@pytest.fixture
def reviewed(person, folder):
    person.open(folder)
    person.press(K.Key_1, K.Key_2, K.Key_1, K.Key_U)
    person.press(K.Key_R)
    return person


def choose(box, value) -> None:
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def test_the_review_title_lists_all_filters(reviewed, window):
    strip, title = window.page.reviewing, window.page.header.title
    choose(strip.state, "unsure")
    assert title.text() == "Review: Newest first · Unsure" and len(reviewed.session.images) == 1
    choose(strip.of_class, 1)
    assert title.text() == "Review: Newest first · Unsure · blue"
    assert len(reviewed.session.images) == 0


def test_filters_reflect_reviews_opened_from_elsewhere(reviewed, window):
    session, strip = reviewed.session, window.page.reviewing
    session.review(Question("labelled", 1, order="sure"), "asked elsewhere")
    found = (strip.order, strip.state, strip.of_class, strip.annotator)
    assert [box.currentData() for box in found] == ["sure", "labelled", 1, None]
    session.look_through([session.images[0].id], "a cell", question=Question(order="cell"))
    assert strip.order.currentIndex() == -1 and strip.state.currentData() is None
    strip.search()
    assert strip.order.currentData() == "newest" and len(session.images) == 4


def test_a_slow_order_is_shown_once_its_list_is_ready(reviewed, window):
    session, strip, asked = reviewed.session, window.page.reviewing, []
    strip.odd_wanted.disconnect()
    strip.odd_wanted.connect(lambda question, title: asked.append((question, title)))
    before = window.page.header.title.text()
    choose(strip.order, "outliers")
    assert strip.order.currentData() == "newest" and window.page.header.title.text() == before
    (question, title) = asked[0]
    ids = {session.images[0].id: None}
    operations.odd(window.page.learning, question, title).done(ids)
    assert strip.order.currentData() == "outliers"
    assert window.page.header.title.text() == "Review: Outliers, furthest first"


def test_late_search_results_do_not_replace_the_batch(person, window, folder):
    person.open(folder)
    session, control = person.session, window.page.learning
    search = operations.similar(control, [session.images[5].id], "alike")
    person.press(K.Key_1)
    before = session.batch
    search.done([session.images[6].id])
    assert session.batch is before and "Ask again" in window.statusBar().currentMessage()
    operations.similar(control, [session.images[5].id], "alike").done([session.images[6].id])
    assert session.batch is not before


# -- suggestions


def test_undoing_all_labels_removes_their_suggestions(person, window, folder, frozen):  # noqa: F811
    with Project(folder) as project:
        project.rounds.add(
            "random", 0, sorted(project.images.candidates()[::4].tolist(), key=lambda i: i % 3)
        )
    person.open(folder)
    session = person.session
    truth = session.project.oracle.reveal([image.id for image in session.images])
    for _ in range(4):
        person.press(K(K.Key_0 + truth[session.images[session.cursor].id]))
    given = {session.class_of(place).name for place in range(4)}
    assert len(given) > 1
    person.wait(lambda: any(session.suggested(p) for p in session.open_positions()))
    for _ in range(4):
        person.press_ctrl(K.Key_Z)
    person.wait(lambda: not any(session.suggested(p) for p in range(len(session.images))))
    person.press(K.Key_Home, K.Key_Return)
    assert session.summary.labelled == 0, "there is nothing to accept"


def test_an_undone_label_is_not_suggested_by_the_model_trained_on_it(project):
    rounds.label_by_oracle(project, rounds.begin(project))
    labelled = project.labels.labelled()[0].tolist()
    run = rounds.train_round(project, rounds.Method(learner="frozen"))
    rounds.select(project, 5, keep_suggestions=True)
    project.labels.undo("oracle")
    assert run.labelled == 9 and not project.suggestions.of(labelled)


# -- likely mistakes


def test_likely_mistakes_are_found_without_earlier_suggestions(person, window, folder, frozen):  # noqa: F811
    with Project(folder) as project:
        ids = project.images.candidates()[::3].tolist()
        truth = project.oracle.reveal(ids)
        truth[ids[2]] = 1 + truth[ids[2]] % 3
        project.rounds.add("random", 0, ids)
        project.labels.assign(truth, "anna")
    person.open(folder)
    session = person.session
    person.press(K.Key_R)
    person.wait(lambda: session.reviewing and bool(session.images))
    assert session.images[0].id == ids[2] and session.foreseen(0) != session.class_of(0)
    assert window.page.header.title.text() == "Review: Likely mistakes first"
    assert window.page.reviewing.order.currentData() == "mistakes"


def test_bulk_accept_is_refused_if_the_model_lacks_a_class(person, window, folder):
    with Project(folder) as project:
        rounds.label_by_oracle(project, rounds.begin(project))
        rounds.train_round(project, rounds.Method(learner="frozen"))
        rounds.select(project, 9, keep_suggestions=True)
        run = project.runs.newest_usable()
        project.suggestions.replace(run.id, [(i, 1, 1.0) for i in range(1, 37)])
    person.open(folder)
    session = person.session
    session.project.classes.add(["violet"])
    session.reload_classes()
    assert "never seen" not in str(window.page.trust.problem(window.page.trust.record()))
    person.press(K.Key_4)
    assert "never seen “violet”" in window.page.trust.problem(window.page.trust.record())
    person.press(K.Key_Return, modifier=SHIFT)
    assert "never seen “violet”" in window.statusBar().currentMessage()
    assert session.summary.labelled == 10
