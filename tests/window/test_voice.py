"""The status bar shows one sentence per state, and nothing in the window contradicts it."""

import pytest
from PySide6.QtCore import Qt

from labeller.experiments import queue as plans
from labeller.loop import rounds
from labeller.project.project import Project
from labeller.window.dialogs.experiments_dialog import run_experiments
from labeller.window.learning.plots import EpochCurves, RoundCurve
from labeller.window.shell.messages import KEYS, SENTENCES, State, sentence, state_of
from tests.window.test_learning import long_training  # noqa: F401

K = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier

TABLE = {
    State.READ_ONLY: "Opened read-only: nothing can be changed",
    State.STOPPING: "Stopping – you can keep labelling",
    State.PAUSED: "Training is paused: P resumes it, Shift+Esc ends it",
    State.WORKING: "Training – you can keep labelling",
    State.GROUPS: "One key for the group, Ctrl+click takes one out · N next group",
    State.REVIEWING: "Shift+R goes back to the batch",
    State.NEXT_READY: "The next batch is ready: press N",
    State.NEXT_POSSIBLE: "Batch finished: N chooses the next one, T trains",
    State.DONE: "Batch finished: press T to train and get the next one",
    State.SUGGESTING: "1–9, 0 label · Return accept · S skip · F1 keys",
    State.LABELLING: "1–9, 0 label · S skip · Ctrl+Z undo · F1 keys",
}


@pytest.fixture
def check_sentence(window):
    """Check the window's state and the sentence in its status bar; returns the sentence."""

    def check(state: State, title: str = "Training") -> str:
        assert state_of(window.page) is state, state_of(window.page)
        wanted = TABLE[state].replace("Training –", f"{title} –")
        assert window._hint.text() == sentence(window.page) == wanted
        return window._hint.text()

    return check


def test_there_is_a_sentence_for_every_state():
    assert set(SENTENCES) == set(TABLE) == set(State)
    for template in SENTENCES.values():
        template.format(digits="", title="", **dict.fromkeys(KEYS, ""))


def test_sentences_during_a_round(person, window, folder, check_sentence, long_training):  # noqa: F811
    person.open(folder)
    check_sentence(State.LABELLING)
    assert window.page.training.news.text() == "Not trained yet."
    person.label_all()
    check_sentence(State.DONE)
    assert "T train" in window.page.card.text() and "next batch" not in window.page.card.text()
    person.press(K.Key_R)
    check_sentence(State.REVIEWING)
    person.press(K.Key_R, modifier=SHIFT)
    person.press(K.Key_T)
    check_sentence(State.WORKING)
    person.wait(lambda: window.page.training.plot.epoch_count > 0)
    person.press(K.Key_P)
    check_sentence(State.PAUSED)
    person.press(K.Key_Escape, modifier=SHIFT)
    check_sentence(State.STOPPING)
    person.wait_idle()
    check_sentence(State.NEXT_POSSIBLE)
    assert "N next batch" in window.page.card.text() and "T train" in window.page.card.text()
    assert not window.statusBar().currentMessage().endswith("with it.")
    person.press(K.Key_N)
    check_sentence(State.WORKING, "Choosing the next batch")
    person.go_to_round(1)
    check_sentence(State.SUGGESTING)
    person.press(K.Key_H)
    check_sentence(State.LABELLING)
    person.press(K.Key_H, K.Key_1)
    rounds.begin(person.session.project)
    person.session.offer_newest()
    check_sentence(State.NEXT_READY)
    assert "N shows it" in window.statusBar().currentMessage()
    assert "Next batch ready" in window.page.banner._text.text()
    person.press(K.Key_N)
    assert window.statusBar().currentMessage() == "", "the batch is shown"
    person.choose("map")
    check_sentence(State.WORKING, "Drawing the map of the pool")
    person.wait_idle()


def test_sentence_when_read_only(person, window, folder, check_sentence):
    with Project(folder) as project:
        rounds.begin(project)
    window.open_project(folder, read_only=True)
    person.wait(lambda: window.page is not None)
    check_sentence(State.READ_ONLY)


def test_sentence_during_experiments(person, window, folder, check_sentence, monkeypatch):
    def endless(project, run):
        while not run.should_stop():
            pass

    monkeypatch.setattr(plans, "run_queue", endless)
    person.open(folder)
    window.page.learning.start(run_experiments(window.page))
    check_sentence(State.WORKING, "Running experiments")
    window.worker.stop()
    person.wait_idle()


def test_curves_show_the_current_run(
    person,
    window,
    folder,
    long_training,  # noqa: F811
):
    person.open(folder)
    person.press(K.Key_D)
    plot = window.page.training.plot
    assert plot.findChild(RoundCurve) is None, "no empty axes"
    person.label_all()
    for _ in range(2):
        person.press(K.Key_T)
        assert plot.epoch_count == 0, "the previous run's curves are cleared at once"
        person.wait(lambda: plot.epoch_count == 1)
        classification = plot.findChild(EpochCurves)._by_name["classification"]
        x, _ = classification.getData()
        assert len(x) == 1 and classification.opts["symbol"] == "o", (
            "a single epoch is drawn as a point"
        )
        person.press(K.Key_Escape, modifier=SHIFT)
        person.wait_idle()


def test_the_classes_tab_and_the_buttons_show_the_same_counts(person, window, folder):
    person.open(folder)
    person.press(K.Key_1, K.Key_1, K.Key_2)
    rows = {c.name: count for c, count, _, _ in window.page.training.balance.bars.rows}
    assert rows == {"blue": 2, "green": 1, "red": 0}
    assert "blue  (2)" in window.page.classes.buttons[0].text()
