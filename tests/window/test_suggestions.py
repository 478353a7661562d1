"""Suggestions, driven by keys and mouse."""

import pytest
from PySide6.QtCore import Qt

from labeller.project.project import Project
from labeller.window.labelling.batch_model import SUGGESTED

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


def add_record(project, right: int = 20, wrong: int = 0) -> None:
    """Label images of another batch: `right` of their suggestions were correct, `wrong` were
    not."""
    shown = set(project.rounds.newest().image_ids)
    others = [int(i) for i in project.images.candidates() if i not in shown][: right + wrong]
    (run,) = {run.id for run in project.runs.all()}
    kept = [(i, s.class_id, s.confidence) for i, s in project.suggestions.of(list(shown)).items()]
    project.suggestions.replace(run, [*kept, *((i, 1, 0.97) for i in others)])
    for place, image_id in enumerate(others):
        project.labels.assign({image_id: 1 if place < right else 2}, "ann")


def class_names(session) -> list[str | None]:
    found = (session.class_of(position) for position in range(len(session.images)))
    return [image_class.name if image_class else None for image_class in found]


def test_enter_accepts_and_advances(suggested):
    session = suggested.session
    assert session.suggested(0)[0].name == "blue" and class_names(session)[0] is None
    suggested.press(K.Key_Return, K.Key_Return)
    assert class_names(session)[:3] == ["blue", "green", None] and session.cursor == 2
    labels = session.project.labels.current([session.images[0].id, session.images[1].id])
    assert {label.suggested_by for label in labels.values()} == {1}
    suggested.press(K.Key_3)
    assert session.batch.label_at(2).suggested_by is None, "the person's own answer"
    suggested.press_ctrl(K.Key_Z)
    suggested.press_ctrl(K.Key_Z)
    assert class_names(session)[:3] == ["blue", None, None]


def test_shift_enter_selects_first_and_then_accepts_as_one_action(suggested, window):
    session, grid = suggested.session, window.page.grid
    add_record(session.project)
    suggested.press(K.Key_Return, modifier=SHIFT)
    assert class_names(session)[:4] == [None] * 4 and grid.chosen() == [0, 1, 2, 3]
    said = window.statusBar().currentMessage()
    assert "4 images selected, 95% expected to be correct. Press Shift+Return again" in said
    assert "out of view" not in said
    suggested.press(K.Key_Escape)
    window.resize(700, 480)
    grid._set_side(320)
    suggested.wait(lambda: grid.out_of_view([0, 1, 2, 3]) > 0)
    suggested.press(K.Key_Return, modifier=SHIFT)
    hidden = grid.out_of_view([0, 1, 2, 3])
    assert f"{hidden} of them are out of view" in window.statusBar().currentMessage()
    suggested.press(K.Key_Escape)
    suggested.press(K.Key_Return, modifier=SHIFT)
    assert class_names(session)[:4] == [None] * 4, "after Escape, images are selected again first"
    suggested.press(K.Key_Return, modifier=SHIFT)
    assert class_names(session)[:7] == ["blue", "green", "red", "blue", None, None, None]
    assert "4 suggestions accepted" in window.statusBar().currentMessage()
    suggested.press_ctrl(K.Key_Z)
    assert session.project.labels.counts()[0] == 20, "only those of the other batch"
    window.page.suggestions.least.setValue(50)
    suggested.press(K.Key_Return, K.Key_Return, modifier=SHIFT)
    assert sum(word is not None for word in class_names(session)) == 6


def test_selecting_suggestions_switches_to_the_grid(suggested, window):
    add_record(suggested.session.project)
    suggested.press(K.Key_O)
    assert not window.page.grid.isVisible()
    suggested.press(K.Key_Return, modifier=SHIFT)
    assert window.page.grid.isVisible() and window.page.grid.chosen() == [0, 1, 2, 3]
    suggested.press(K.Key_Return, modifier=SHIFT)
    assert class_names(suggested.session)[:4] == ["blue", "green", "red", "blue"]


@pytest.mark.parametrize(
    ("right", "wrong", "allowed"), [(19, 0, False), (20, 0, True), (18, 2, True), (17, 3, False)]
)
def test_bulk_accept_requires_a_good_record(suggested, window, right, wrong, allowed):
    session, bar = suggested.session, window.page.suggestions
    add_record(session.project, right, wrong)
    session.reload_classes()
    record = f"{right} of {right + wrong} checked so far were correct"
    assert f"4 images, 95% expected correct · {record}" in bar._words.text()
    assert bar.accept.isEnabled() == allowed
    suggested.press(K.Key_Return, K.Key_Return, modifier=SHIFT)
    assert (class_names(session)[0] == "blue") == allowed
    if not allowed:
        assert (
            "most confident suggestions"
            in window.statusBar().currentMessage()
            == bar.accept.toolTip()
        )


def test_only_confident_suggestions_show_a_percentage(suggested, window):
    index = [window.page.model.index(place) for place in range(9)]
    assert index[0].data(SUGGESTED)[1] == "blue? 95%" and index[4].data(SUGGESTED)[1] == "blue?"
    assert index[6].data(SUGGESTED)[1] == "red?" and index[7].data(SUGGESTED) is None
    suggested.press(*[K.Key_BracketLeft] * 9)
    assert window.page.trust.least == 50 and index[6].data(SUGGESTED)[1] == "red? 60%"


def test_hidden_suggestions_are_neither_drawn_nor_accepted(suggested, window):
    session = suggested.session
    before = window.page.grid.grab().toImage()
    suggested.press(K.Key_H)
    assert session.suggested(0) is None and window.page.grid.grab().toImage() != before
    suggested.press(K.Key_Return)
    suggested.press(K.Key_Return, modifier=SHIFT)
    assert class_names(session)[:2] == [None, None]
    suggested.press(K.Key_H)
    assert window.page.grid.grab().toImage() == before


def test_images_are_grouped_by_suggestion(suggested, window):
    session = suggested.session
    order = [image.id for image in session.images]
    here = session.images[session.cursor].id
    suggested.press(K.Key_G)
    names = [s[0].name if (s := session.suggested(p)) else None for p in range(9)]
    assert names == sorted(names, key=["blue", "green", "red", None].index)
    assert session.images[session.cursor].id == here, "the current image stays the same"
    suggested.press(K.Key_Home)
    suggested.press(K.Key_Right, K.Key_Right, modifier=SHIFT)
    suggested.press(K.Key_1)
    assert class_names(session)[:3] == ["blue"] * 3
    suggested.press(K.Key_G)
    assert [image.id for image in session.images] == order


def test_the_bar_is_shown_only_with_suggestions_and_its_button_works(suggested, window, qtbot):
    bar, session = window.page.suggestions, suggested.session
    assert bar.isVisible() and bar._words.text() == "4 images, 95% expected correct"
    add_record(session.project)
    session.reload_classes()
    qtbot.mouseClick(bar.accept, Qt.MouseButton.LeftButton)
    assert window.page.grid.chosen() == [0, 1, 2, 3] and window.page.grid.hasFocus()
    qtbot.mouseClick(bar.accept, Qt.MouseButton.LeftButton)
    assert sum(word is not None for word in class_names(session)) == 4
    session.project.suggestions.replace(1, [])
    session.reload_classes()
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
    assert rows[0] == 27, "none for the nine training images, whose labels it would only repeat"


def test_one_key_selects_all_images_with_the_same_suggestion(suggested, window):
    session = suggested.session
    suggested.press(K.Key_A)
    assert window.page.chosen() == [0, 3, 4] and session.cursor == 0
    assert "3 images selected: blue?" in window.statusBar().currentMessage()
    suggested.press(K.Key_2)
    assert [p for p, word in enumerate(class_names(session)) if word == "green"] == [0, 3, 4]
    suggested.press(K.Key_End, K.Key_A)
    assert "no suggestion" in window.statusBar().currentMessage()


def test_the_most_confident_suggestions_meet_the_target_precision(suggested, window):
    trust, session = window.page.trust, suggested.session
    assert trust.positions() == [0, 1, 2, 3] and trust.expected() == pytest.approx(0.95)
    trust.set_least(88)  # 0.95 four times and 0.6: 0.88
    assert trust.positions() == [0, 1, 2, 3, 6] and trust.expected() == pytest.approx(0.88)
    trust.set_least(96)
    assert trust.positions() == [] and "confident enough for 96 %" in trust.problem(trust.record())
    trust.set_least(95)
    suggested.press(K.Key_Home, K.Key_Return)
    assert trust.positions() == [1, 2, 3], "labelled images no longer count"
    assert session.cursor == 1


def test_calibrated_confidences_need_labels_instead_of_a_record(suggested, window):
    session, trust = suggested.session, window.page.trust
    project = session.project
    live = project.runs.live("efficientnet-lite0", 20)
    ids = [image.id for image in session.images]
    project.suggestions.replace(live, [(i, 1, 0.97) for i in ids])
    session.reload_classes()
    assert "needs 20 labels; there are 0" in trust.problem(trust.record())
    others = [int(i) for i in project.images.candidates() if i not in ids][:20]
    project.labels.assign(dict.fromkeys(others, 1), "ann")
    project.suggestions.replace(live, [(i, 1, 0.97) for i in ids])
    session.read_labels()
    session.reload_classes()
    assert trust.problem(trust.record()) is None
    suggested.press(K.Key_Return, K.Key_Return, modifier=SHIFT)
    assert class_names(session) == ["blue"] * 9
