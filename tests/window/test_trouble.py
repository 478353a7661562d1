"""Errors are explained to the person, and labels survive them."""

import functools
import logging
import threading
import zipfile

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QMessageBox

from labeller.core import log
from labeller.learning import mobyv2al
from labeller.learning.recipe import recipe_named
from labeller.loop import method, rounds
from labeller.project.project import DATABASE, Project
from labeller.store.backups import backups

K = Qt.Key


def button(window, text: str):
    (box,) = window.findChildren(QMessageBox)
    return next(b for b in box.buttons() if b.text().replace("&", "") == text)


def test_a_project_open_elsewhere_can_be_opened_read_only(person, window, qtbot, folder):
    with Project(folder) as other:
        round_ = rounds.begin(other)
        other.labels.assign({round_.image_ids[0]: 1}, "anna")
        window.open_project(folder)
        qtbot.mouseClick(button(window, "Open read-only"), Qt.MouseButton.LeftButton)
        person.wait(lambda: window.page is not None and bool(person.session.images))
        person.come_back()
        assert "read-only" in window.windowTitle()
        assert person.session.class_of(0).name == other.classes.all()[0].name
        person.press(K.Key_End, K.Key_2, K.Key_S, K.Key_Backspace, K.Key_T)
        person.press_ctrl(K.Key_Z)
        assert other.labels.counts() == (1, 0) and not window.worker.busy
        assert other.rounds.count() == 1
        other.labels.assign({round_.image_ids[1]: 2}, "anna")  # the writer is not blocked
    window.close()


def test_an_uncaught_error_is_shown_once_and_logged(person, window, folder, caplog, monkeypatch):
    import sys

    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    log.catch_all(window.messages.show_uncaught)
    person.open(folder)
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            thread = threading.Thread(target=lambda: {}["of a thread"])
            thread.start()
            thread.join()
        assert "of a thread" in person.read_and_close_message()
    assert sum("not caught" in record.message for record in caplog.records) == 3
    assert not window.findChildren(QMessageBox)
    person.press(K.Key_1)
    assert person.session.class_of(0) is not None


def test_a_damaged_setting_is_reported(person, window, folder):
    with Project(folder) as project:
        project._db.execute("INSERT OR REPLACE INTO setting VALUES ('shown_round', '{no json')")
    window.open_project(folder)
    assert "setting 'shown_round' is damaged" in person.read_and_close_message()
    Project(folder).close()  # not locked


def test_opening_backs_up_once_a_day(person, window, folder):
    for backup in backups(folder):
        backup.path.unlink()
    person.open(folder)
    person.wait(lambda: len(backups(folder)) == 1)
    window.close_project()
    person.open(folder)
    window.door.backing_up.join()
    assert [b.reason for b in backups(folder)] == ["daily"]


def test_running_out_of_memory_halves_the_batch_size_and_says_so(
    person, window, folder, monkeypatch
):
    recipe = recipe_named("quick", epochs=1, steps_per_epoch=1, batch_size=32, queue_size=32)
    made = functools.partial(rounds.Method, recipe=recipe, device="cpu")
    monkeypatch.setattr(method, "Method", made)
    usual = mobyv2al.train_by_team

    def train_only_small_batches(pool, data, encoder, recipe, *rest):
        if recipe.batch_size > 8:
            raise MemoryError
        return usual(pool, data, encoder, recipe, *rest)

    monkeypatch.setattr(mobyv2al, "train_by_team", train_only_small_batches)
    person.open(folder)
    person.label_all()
    result: list[str] = []
    window.statusBar().messageChanged.connect(result.append)
    person.press(K.Key_T)
    person.wait(
        lambda: person.session.waiting_round is not None or person.session.round.number == 1
    )
    person.wait_idle()
    assert any("batches of 8" in sentence for sentence in result)
    runs = person.session.project.runs.all()
    assert [(r.state, r.recipe["batch_size"]) for r in runs] == [
        ("failed", 32), ("failed", 16), ("finished", 8)
    ]  # fmt: skip
    assert person.session.project.labels.counts()[0] == 9


def test_too_little_memory_to_train_is_reported(
    person, window, folder, monkeypatch, quick_training
):
    def run_out_of_memory(*_):
        raise MemoryError

    monkeypatch.setattr(mobyv2al, "train_by_team", run_out_of_memory)
    person.open(folder)
    person.label_all()
    person.press(K.Key_T)
    assert "not enough memory to train" in person.read_and_close_message()
    person.press(K.Key_Home, K.Key_2)
    assert person.session.class_of(0).name == "green"


@pytest.mark.parametrize("moment", [0, 30, 150])
def test_closing_while_opening_is_safe(person, window, folder, moment):
    QTimer.singleShot(moment, window.close)
    window.open_project(folder)
    person.wait(lambda: not window.isVisible())
    with Project(folder) as project:
        assert project.labels.log_problems() == []


def test_a_damaged_project_is_restored_with_a_button(person, window, qtbot, folder):
    with Project(folder) as project:
        ids = rounds.begin(project).image_ids
        project.labels.assign({ids[0]: 1, ids[1]: 2}, "anna")
    (folder / DATABASE).write_bytes(b"noise" * 1000)
    window.open_project(folder)
    qtbot.mouseClick(button(window, "Restore"), Qt.MouseButton.LeftButton)
    person.wait(lambda: window.page is not None and bool(person.session.images))
    assert person.session.project.labels.counts() == (2, 0)
    assert "was restored" in window.statusBar().currentMessage()


def test_a_bug_report_is_saved_from_the_menu(person, window, folder, tmp_path, monkeypatch):
    target = tmp_path / "report.zip"
    target.write_bytes(b"an older one, which the dialog asked about")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    person.open(folder)
    person.choose("report")
    assert "no images or labels" in window.statusBar().currentMessage()
    with zipfile.ZipFile(target) as archive:
        assert "schema.sql" in archive.namelist()
