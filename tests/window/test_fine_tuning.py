"""Fine-tuning in the background: it never keeps the person waiting, and its model takes over once
it is better."""

import threading

import pytest
from PySide6.QtCore import Qt

from labeller.core.errors import LabellerError
from labeller.learning import fine_tuning
from labeller.loop import rounds
from labeller.window.kit.worker import Operation
from tests.frozen_encoder import staged  # noqa: F401

K = Qt.Key
pytestmark = pytest.mark.usefixtures("staged")


@pytest.fixture
def folder(make, images, test_images):
    """A project without a batch, closed."""
    project = make(images, truth="folders", test=str(test_images), batch_size=12)
    project.close()
    return project.folder


@pytest.fixture
def tuned_is_better(monkeypatch):
    """The fine-tuned model's expected accuracy is 90 %, the linear head's 80 %."""
    said = [0.8, 0.9]  # the fine-tuned model is asked first

    def expected(*_: object) -> float:
        said.reverse()
        return said[0]

    monkeypatch.setattr(fine_tuning, "_expected", expected)


def tuned_runs(person) -> list:
    return [run for run in person.session.project.runs.all() if run.compared]


def test_the_next_batch_does_not_wait_and_the_better_model_takes_over(
    person, folder, tuned_is_better
):
    person.open(folder)
    person.label_all()
    person.go_to_round(1)
    control = person.window.page.learning
    first, *_ = person.session.project.runs.all()
    assert first.compared is None, "the batch was chosen with a linear head"
    live = person.window.page.live._thread
    person.wait(lambda: bool(tuned_runs(person)) and not control.deeper.busy)
    (run,) = tuned_runs(person)
    assert run.is_fine_tuned and run.labelled == 12 and run.checkpoint
    assert "Fine-tuned on 12 labels: 90%, linear 80%." in person.window.page.training.news.text()
    assert person.window.page.live._thread is not live, "live suggestions use the new model"
    suggested = [person.session.suggested(at) for at in person.session.open_positions()]
    assert all(suggested)
    person.label_all()
    person.go_to_round(2)
    newest = person.session.project.runs.all()[-1]
    assert newest.compared is None and newest.id > run.id, "a head on the fine-tuned encoder"


def test_a_model_that_is_no_better_is_reported_and_not_used(person, folder, monkeypatch):
    monkeypatch.setattr(fine_tuning, "_expected", lambda *_: 0.8)
    person.open(folder)
    person.label_all()
    control = person.window.page.learning
    person.wait(lambda: bool(tuned_runs(person)) and not control.deeper.busy)
    assert not tuned_runs(person)[0].is_fine_tuned
    words = "The linear head answers: 80%, fine-tuned on 12 labels 80%"
    assert words in person.window.page.training.news.text()


def test_keys_pause_and_stop_fine_tuning_and_more_labels_restart_it(person, folder, monkeypatch):
    begun: list[int] = []

    def wait_for_stop(project, method, run):
        begun.append(project.labels.summary().labelled)
        while not run.should_stop():
            pass
        raise rounds.Cancelled("{stage} was stopped.", stage="Training")

    monkeypatch.setattr(rounds, "deepen", wait_for_stop)
    person.open(folder)
    person.label_all()
    control = person.window.page.learning
    person.wait(lambda: bool(begun) and not person.window.worker.busy)
    person.press(K.Key_P)
    assert control.deeper.paused and not person.window.worker.paused
    person.press(K.Key_P)
    assert not control.deeper.paused
    person.press(K.Key_Escape, modifier=Qt.KeyboardModifier.ShiftModifier)
    person.wait(lambda: not control.deeper.busy)
    person.go_to_round(1)
    assert begun == [12], "not restarted without new labels"
    person.label_all()
    person.wait(lambda: begun == [12, 24])


def test_fine_tuning_pauses_during_other_operations(person, folder, monkeypatch):
    steps: list[int] = []

    def train_in_steps(project, method, run):
        while not run.should_stop():
            steps.append(1)
        raise rounds.Cancelled("{stage} was stopped.", stage="Training")

    def work() -> None:
        gone = threading.Event()
        control.start(Operation("Exporting", lambda project, run: gone.wait(20)))
        assert control.deeper.paused
        before = len(steps)
        person.qtbot.wait(100)
        assert len(steps) <= before + 1, "only the current step finishes"
        gone.set()
        person.wait_idle()

    monkeypatch.setattr(rounds, "deepen", train_in_steps)
    person.open(folder)
    person.label_all()
    control = person.window.page.learning
    person.wait(lambda: bool(steps) and not person.window.worker.busy)
    work()
    assert not control.deeper.paused
    person.press(K.Key_P)
    work()
    assert control.deeper.paused, "the person's pause is kept"


def test_an_error_is_reported_and_not_retried(person, folder, monkeypatch):
    tried: list[int] = []

    def fails(project, method, run):
        tried.append(1)
        raise LabellerError("The disk is full.")

    monkeypatch.setattr(rounds, "deepen", fails)
    person.open(folder)
    said: list[str] = []
    person.window.page.learning.announced.connect(said.append)
    person.label_all()
    person.wait(lambda: "The disk is full." in said)
    person.go_to_round(1)
    assert tried == [1]


def test_fine_tuning_starts_when_a_project_opens_and_stops_when_it_closes(
    person, folder, tuned_is_better
):
    person.open(folder)
    person.label_all()
    person.wait(lambda: person.window.page.learning.deeper.busy)
    person.window.close_project()
    person.open(folder)
    control = person.window.page.learning
    person.wait(lambda: bool(tuned_runs(person)) and not control.deeper.busy)
    states = [run.state for run in person.session.project.runs.all()]
    assert states[-1] == "finished"
