"""Training in the real worker thread while the person keeps labelling."""

import functools
import threading
import time

import pytest
import torch
from PySide6.QtCore import Qt

from labeller.learning.logistic import fit_head
from labeller.learning.recipe import recipe_named
from labeller.loop import method, rounds
from labeller.loop.round_settings import RoundSettings, keep_round_settings
from labeller.window.kit.worker import Operation, Worker, no_project
from labeller.window.learning import operations

K = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def long_training(monkeypatch) -> None:
    recipe = recipe_named("quick", epochs=10_000, steps_per_epoch=4, batch_size=8, queue_size=32)
    made = functools.partial(rounds.Method, recipe=recipe, device="cpu", learner="mobyv2al")
    monkeypatch.setattr(method, "Method", made)


def epochs(window) -> int:
    return window.page.training.plot.epoch_count


def test_training_stops_promptly_and_its_model_can_choose(person, window, folder, long_training):
    person.open(folder)
    person.label_all()
    person.press(K.Key_T)
    person.wait(lambda: epochs(window) >= 2)
    before = epochs(window)
    person.press(K.Key_Escape, modifier=SHIFT)
    person.wait_idle()
    assert epochs(window) <= before + 1, "it stopped at its next step"
    run = person.session.project.runs.newest()
    assert run.state == "stopped" and (folder / run.checkpoint).is_file()
    assert person.session.round.number == 0, "the batch stays"
    person.press(K.Key_N)
    person.go_to_round(1)
    assert person.session.round.strategy == "coreset"
    assert person.session.round.training_run_id == run.id


def test_labelling_continues_during_training(person, window, folder, quick_training):
    person.open(folder)
    person.press(K.Key_1, K.Key_2, K.Key_3, K.Key_1)
    person.train(unfinished=True)
    assert window.worker.busy
    person.press(K.Key_2, K.Key_2)
    assert person.session.project.labels.counts()[0] == 6
    person.wait_idle()
    session = person.session
    assert session.project.runs.newest().labelled in (4, 5, 6)
    assert session.round.number == 0, "an unfinished batch is not replaced"
    assert session.waiting_round is not None
    waiting = set(session.waiting_round.image_ids)
    assert not waiting & {image.id for image in session.images}
    person.press(K.Key_N)
    assert session.round.number == 1 and {i.id for i in session.images} == waiting


def test_reopening_shows_the_same_batch(person, window, folder, quick_training):
    person.open(folder)
    person.press(K.Key_1, K.Key_2, K.Key_3)
    person.train(unfinished=True)
    person.wait_idle()
    window.close_project()
    person.open(folder)
    assert person.session.round.number == 0 and person.session.cursor == 3
    assert person.session.waiting_round is not None


def test_the_window_stays_responsive_during_training(person, window, folder, long_training):
    """Key presses are handled at once: no training step runs in the GUI thread."""
    person.open(folder)
    person.label_all()
    person.press(K.Key_T)
    person.wait(lambda: epochs(window) >= 1)
    before = epochs(window)
    pressed = []

    def press_left_until_next_epoch() -> bool:
        cursor = person.session.cursor
        person.press(K.Key_Left)
        pressed.append(person.session.cursor != cursor)
        return epochs(window) > before and len(pressed) >= 20

    person.wait(press_left_until_next_epoch)
    assert window.worker.busy and sum(pressed) >= 8, "from the last image to the first"
    person.press(K.Key_Escape, modifier=SHIFT)
    person.wait_idle()


def test_closing_the_window_stops_training_and_keeps_all_labels(
    person, window, folder, long_training
):
    from labeller.project.creation import open_complete

    person.open(folder)
    person.label_all()
    person.press(K.Key_T)
    person.wait(lambda: epochs(window) >= 1)
    window.close()
    with open_complete(folder) as project:
        assert project.labels.counts()[0] == 9
        assert [run.state for run in project.runs.all()] == ["stopped"]


def test_failed_training_is_reported_and_labelling_continues(
    person, window, folder, monkeypatch, quick_training
):
    person.open(folder)
    person.label_all()
    (folder / "cache" / "tensors.npy").write_bytes(b"noise")
    person.press(K.Key_T)
    assert "--repair" in person.read_and_close_message()
    person.press(K.Key_Home, K.Key_2)
    assert person.session.class_of(0).name == "green"
    assert window.actions_by_name["train"].isEnabled()


def test_the_oracle_labels_the_next_batch_too(person, window, folder, quick_training):
    person.open(folder)
    person.choose("oracle")
    person.press(K.Key_T)
    person.go_to_round(1)
    assert person.session.batch_done


def test_a_fully_labelled_pool_is_reported(person, window, folder, quick_training):
    person.open(folder)
    person.choose("oracle")
    for number in (1, 2, 3):
        person.press(K.Key_T)
        person.go_to_round(number)
        person.wait_idle()
    assert person.session.project.labels.counts()[0] == 36
    person.press(K.Key_T)
    person.wait_idle()
    assert "whole pool is labelled" in window.statusBar().currentMessage()


def test_the_worker_survives_a_failing_operation(qtbot, tmp_path, capsys):
    worker = Worker()
    with qtbot.waitSignal(worker.failed) as failed:
        worker.start(Operation("", lambda project, run: 1 / 0, opening=no_project), tmp_path)
    assert "ZeroDivisionError" in failed.args[0]
    with qtbot.waitSignal(worker.succeeded) as done:
        worker.start(Operation("", lambda project, run: 42, opening=no_project), tmp_path)
    assert done.args == [42]
    worker.shut_down()


def test_training_can_be_paused_and_resumed(person, window, qtbot, folder, long_training):
    person.open(folder)
    person.label_all()
    person.press(K.Key_T)
    person.wait(lambda: epochs(window) >= 1)
    person.press(K.Key_P)
    assert "paused" in window._hint.text()
    qtbot.wait(300)  # lets the current step finish
    resting = epochs(window)
    qtbot.wait(700)
    assert epochs(window) == resting, "no epochs while paused"
    assert window.page.training.news.text() == "Paused", "shown instead of the time left"
    person.press(K.Key_Home, K.Key_2)
    assert person.session.class_of(0).name == "green", "labelling is not paused"
    person.press(K.Key_P)
    person.wait(lambda: epochs(window) > resting)
    assert "Epoch" in window.page.training.news.text()
    person.press(K.Key_P)
    person.press(K.Key_Escape, modifier=SHIFT)
    person.wait_idle()
    assert person.session.project.runs.all()[-1].state == "stopped", (
        "paused training can be stopped"
    )


def test_the_panel_shows_what_a_batch_contributed(person, window, folder, quick_training):
    person.open(folder)
    balance = window.page.training.balance
    assert "No batch" in balance.words.text()
    for number in (1, 2):
        person.label_all()
        person.press(K.Key_T)
        person.go_to_round(number)
        person.wait_idle()
    result = balance.words.text()
    assert (
        "9 labels" in result and "of 9 predicted by the previous model" in result and "→" in result
    )
    counts = person.session.project.labels.counts_by_class()
    rows = {c.id: (count, new) for c, count, new, _ in balance.bars.rows}
    assert {class_id: count for class_id, (count, _) in rows.items()} == counts
    assert sum(new for _, new in rows.values()) == 9
    assert all(share is not None for *_, share in balance.bars.rows)
    person.press(K.Key_D)
    window.page.training.plot.setCurrentWidget(balance)
    assert balance.bars.isVisible()


def test_longer_training_is_suggested_with_many_labels(
    person, window, folder, quick_training, monkeypatch
):
    monkeypatch.setattr(operations, "MANY_LABELS", 27)
    person.open(folder)
    person.choose("oracle")
    for number in (1, 2):
        person.press(K.Key_T)
        person.go_to_round(number)
        person.wait_idle()
        advised = "thorough" in window.statusBar().currentMessage()
        assert advised == (number == 2)


def test_the_oracle_pauses_before_each_image(person, window, qtbot, folder):
    person.open(folder)
    keep_round_settings(person.session.project, RoundSettings(oracle_pause=0.1), 9)
    person.choose("oracle")
    assert len(person.session.open_positions()) == 9, "it pauses before the first image"
    person.wait(lambda: len(person.session.open_positions()) == 7)
    assert person.session.cursor == 2, "the cursor follows"
    person.choose("oracle")
    left = len(person.session.open_positions())
    qtbot.wait(250)  # enough for two more images
    assert len(person.session.open_positions()) == left > 0, "switched off, it labels nothing"
    person.choose("oracle")
    person.wait(lambda: person.session.batch_done)


def test_closing_hides_the_window_and_aborts_a_long_fit_at_once(person, window, folder):
    """Closing does not wait while a head is fitted to many labels and classes."""
    begun = threading.Event()

    def fit(project, run):
        points = torch.nn.functional.normalize(torch.randn(20_000, 400), dim=1)
        begun.set()
        while True:
            fit_head(points, torch.randint(40, (20_000,)), 40, run=run)

    person.open(folder)
    window.page.learning.start(Operation("Fitting", fit))
    person.wait(begun.is_set)
    shown, shut_down = [], window.worker.shut_down
    window.worker.shut_down = lambda: (shown.append(window.isVisible()), shut_down())
    began = time.monotonic()
    window.close()
    assert time.monotonic() - began < 1.0
    assert shown == [False], "hidden before waiting for the worker"
