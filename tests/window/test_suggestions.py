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


def prove(project, right: int = 20, wrong: int = 0) -> None:
    """Images of another batch whose sure suggestions became, or did not become, the label."""
    shown = set(project.rounds.newest().image_ids)
    others = [int(i) for i in project.images.candidates() if i not in shown][: right + wrong]
    (run,) = {run.id for run in project.runs.all()}
    kept = [(i, s.class_id, s.confidence) for i, s in project.suggestions.of(list(shown)).items()]
    project.suggestions.replace(run, [*kept, *((i, 1, 0.97) for i in others)])
    for place, image_id in enumerate(others):
        project.labels.assign({image_id: 1 if place < right else 2}, "ann")


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


def test_shift_enter_rings_first_and_accepts_then_as_one_action(suggested, window):
    session, grid = suggested.session, window.page.grid
    prove(session.project)
    suggested.press(K.Key_Return, modifier=SHIFT)
    assert words(session)[:4] == [None] * 4 and grid.chosen() == [0, 1, 2, 3]
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
    assert words(session)[:4] == [None] * 4, "what is no longer ringed is ringed again first"
    suggested.press(K.Key_Return, modifier=SHIFT)
    assert words(session)[:7] == ["blue", "green", "red", "blue", None, None, None]
    assert "4 suggestions accepted" in window.statusBar().currentMessage()
    suggested.press_ctrl(K.Key_Z)
    assert session.project.labels.counts()[0] == 20, "only those of the other batch"
    window.page.suggestions.least.setValue(50)
    suggested.press(K.Key_Return, K.Key_Return, modifier=SHIFT)
    assert sum(word is not None for word in words(session)) == 6


def test_one_by_one_gives_way_to_the_grid_where_images_are_ringed(suggested, window):
    prove(suggested.session.project)
    suggested.press(K.Key_O)
    assert not window.page.grid.isVisible()
    suggested.press(K.Key_Return, modifier=SHIFT)
    assert window.page.grid.isVisible() and window.page.grid.chosen() == [0, 1, 2, 3]
    suggested.press(K.Key_Return, modifier=SHIFT)
    assert words(suggested.session)[:4] == ["blue", "green", "red", "blue"]


@pytest.mark.parametrize(
    ("right", "wrong", "allowed"), [(19, 0, False), (20, 0, True), (18, 2, True), (17, 3, False)]
)
def test_all_are_accepted_only_where_such_answers_were_right(
    suggested, window, right, wrong, allowed
):
    session, bar = suggested.session, window.page.suggestions
    prove(session.project, right, wrong)
    session.reload_classes()
    record = f"{right} of {right + wrong} checked so far were correct"
    assert f"4 images, 95% expected correct · {record}" in bar._words.text()
    assert bar.accept.isEnabled() == allowed
    suggested.press(K.Key_Return, K.Key_Return, modifier=SHIFT)
    assert (words(session)[0] == "blue") == allowed
    if not allowed:
        assert (
            "most confident suggestions"
            in window.statusBar().currentMessage()
            == bar.accept.toolTip()
        )


def test_only_sure_suggestions_show_a_number(suggested, window):
    index = [window.page.model.index(place) for place in range(9)]
    assert index[0].data(SUGGESTED)[1] == "blue? 95%" and index[4].data(SUGGESTED)[1] == "blue?"
    assert index[6].data(SUGGESTED)[1] == "red?" and index[7].data(SUGGESTED) is None
    suggested.press(*[K.Key_BracketLeft] * 9)
    assert window.page.trust.least == 50 and index[6].data(SUGGESTED)[1] == "red? 60%"


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
    bar, session = window.page.suggestions, suggested.session
    assert bar.isVisible() and bar._words.text() == "4 images, 95% expected correct"
    prove(session.project)
    session.reload_classes()
    qtbot.mouseClick(bar.accept, Qt.MouseButton.LeftButton)
    assert window.page.grid.chosen() == [0, 1, 2, 3] and window.page.grid.hasFocus()
    qtbot.mouseClick(bar.accept, Qt.MouseButton.LeftButton)
    assert sum(word is not None for word in words(session)) == 4
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
    assert rows[0] == 27, "of the nine that it has learnt it would only repeat the labels"


def test_all_of_one_suggestion_take_one_key(suggested, window):
    session = suggested.session
    suggested.press(K.Key_A)
    assert window.page.chosen() == [0, 3, 4] and session.cursor == 0
    assert "3 images selected: blue?" in window.statusBar().currentMessage()
    suggested.press(K.Key_2)
    assert [p for p, word in enumerate(words(session)) if word == "green"] == [0, 3, 4]
    suggested.press(K.Key_End, K.Key_A)
    assert "no suggestion" in window.statusBar().currentMessage()


def test_the_surest_are_as_many_as_are_expected_right_on_the_whole(suggested, window):
    trust, session = window.page.trust, suggested.session
    assert trust.positions() == [0, 1, 2, 3] and trust.expected() == pytest.approx(0.95)
    trust.set_least(88)  # 0.95 four times and 0.6: 0.88
    assert trust.positions() == [0, 1, 2, 3, 6] and trust.expected() == pytest.approx(0.88)
    trust.set_least(96)
    assert trust.positions() == [] and "confident enough for 96 %" in trust.problem(trust.record())
    trust.set_least(95)
    suggested.press(K.Key_Home, K.Key_Return)
    assert trust.positions() == [1, 2, 3], "what is labelled is no longer open"
    assert session.cursor == 1


def test_calibrated_confidences_need_no_record_but_labels(suggested, window):
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
    assert words(session) == ["blue"] * 9
