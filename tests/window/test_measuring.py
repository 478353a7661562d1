"""Audits, accuracy estimates and labels by the model, in the window."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from labeller.core.intervals import Accuracy
from labeller.store.review import Question
from labeller.window.dialogs.rest_dialog import RestDialog
from labeller.window.learning import operations
from tests.frozen_encoder import frozen  # noqa: F401
from tests.window.test_live import label

K = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def new_project(frozen, make, images):  # noqa: F811
    """A project without a batch and without held-out images, closed."""
    project = make(images, truth="folders", batch_size=9)
    project.close()
    return project.folder


def test_an_audit_is_labelled_blind_and_measures_the_next_model(person, window, new_project):
    person.open(new_project)
    session, page = person.session, window.page
    label(person, 9)
    person.wait(lambda: session.waiting_round is not None)
    person.wait_idle()
    assert page.training.accuracy.text() == "accuracy unknown", "nine labels give no estimate"
    person.choose("audit")
    person.wait(lambda: session.round.is_audit)
    assert "labelled blind" in page.header.title.text() and len(session.images) == 27
    person.qtbot.wait(300)
    assert all(session.suggested(place) is None for place in range(27))
    assert not page.suggestions.isVisible()
    person.press(K.Key_Return)
    person.press(K.Key_Return, modifier=SHIFT)
    assert len(session.open_positions()) == 27, "there is nothing to accept"
    label(person, 20)
    person.press(K.Key_T, K.Key_T)
    person.wait_idle()
    run = session.project.runs.newest_usable()
    assert run.labelled == 9 and run.estimate.source == "audit"
    assert page.training.accuracy.text().startswith(f"{run.estimate.accuracy:.0%} (")
    assert "from an audit" in page.training.accuracy.toolTip()


def test_an_audit_is_offered_after_some_models(person, window, new_project):
    person.open(new_project)
    session, project = person.session, person.session.project
    for labels, share in ((20, 0.5), (30, 0.6), (40, 0.7)):
        run = project.runs.start({}, "mean-colours", "cpu", 0, labels)
        found = Accuracy("labels", share, share - 0.1, share + 0.1, {})
        project.runs.end(run, "finished", 1.0, f"checkpoints/{run}.safetensors", estimate=found)
    window.page.training.refresh()
    assert window.page.training.accuracy.text() == "70% (60–80%)"
    assert "more labels" not in window.page.training.news.text(), "the estimates are too uncertain"
    heard = []
    window.page.learning.announced.connect(heard.append)
    run = project.runs.start({}, "mean-colours", "cpu", 0, 50)
    found = Accuracy("labels", 0.75, 0.7, 0.8, {3: (0.4, 0.1, 0.7)})
    project.runs.end(run, "finished", 1.0, f"checkpoints/{run}.safetensors", estimate=found)
    training = operations.train_and_select(window.page.learning)
    training.done(operations.TrainingEnded(run, False, 1))
    assert any("50 random images would measure the model" in each for each in heard)
    window.page.training.refresh()
    assert window.page.training.balance._accuracies == {"red": 0.4}
    assert session.batch.round is not None


def test_the_model_labels_the_rest_and_undo_removes_its_labels(person, window, new_project):
    person.open(new_project)
    session = person.session
    label(person, 9)
    person.wait(lambda: session.waiting_round is not None)
    person.wait_idle()
    opened = []

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            QTimer.singleShot(50, answer)
            return
        opened.append(dialog)
        dialog.right.setValue(50)
        opened.append(dialog.found.text())
        dialog.label.click()
        dialog.close()

    QTimer.singleShot(50, answer)
    window.actions_by_name["label_rest"].trigger()
    person.wait(lambda: len(opened) == 2)
    person.wait_idle()
    person.come_back()
    assert "expected to be correct" in opened[1]
    assert isinstance(opened[0], RestDialog)
    project = session.project
    assert project.model_labels.count() == opened[0].count > 20
    assert project.labels.counts()[0] == 9
    assert "labelled by the model" in window.statusBar().currentMessage()
    person.press_ctrl(K.Key_Z)
    assert project.model_labels.count() == 0 and project.labels.counts()[0] == 9
    gone = window.statusBar().currentMessage()
    assert gone == f"Removed {opened[0].count} model labels."
    person.press_ctrl(K.Key_Y)
    session.review(Question("model", order="unsure"), "Labels by the model")
    assert len(session.images) == opened[0].count and session.class_of(0) is None
    person.wait(lambda: session.suggested(0) is not None)
    person.press(K.Key_Return)
    given = project.labels.current([session.images[0].id])[session.images[0].id]
    assert given.origin == "person" and given.suggested_by is not None
    assert project.model_labels.count() == opened[0].count - 1


def test_a_review_can_list_near_duplicates_and_outliers(person, window, new_project, monkeypatch):
    monkeypatch.setattr("labeller.loop.oddities.ALIKE", 0.9)
    person.open(new_project)
    session, strip = person.session, window.page.reviewing
    label(person, 9)
    person.wait(lambda: session.waiting_round is not None)
    person.wait_idle()
    person.press(K.Key_R)
    for order, title in (("outliers", "Outliers"), ("near-duplicates", "Near-duplicates")):
        strip.order.setCurrentIndex(strip.order.findData(order))
        strip.order.activated.emit(strip.order.currentIndex())
        person.wait(lambda title=title: title in session.batch.title)
        person.wait_idle()
        ids = [image.id for image in session.images]
        assert ids and set(ids) <= set(session.project.labels.labelled()[0].tolist())
        assert session.batch.question is not None and strip.isVisible()
