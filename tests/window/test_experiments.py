"""Experiments queued, run and saved in the window."""

import csv
import shlex
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from labeller.experiments import queue as plans
from labeller.window.dialogs.experiments_dialog import ExperimentsDialog
from labeller.window.kit.theme import choose_scheme
from labeller.window.learning.plots import ThemedPlot
from tests.window.conftest import type_into

K = Qt.Key
LEFT = Qt.MouseButton.LeftButton
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def dialog(person, window, folder, quick_training) -> ExperimentsDialog:
    """The experiments dialog, opened by its key."""
    person.open(folder)
    person.press(K.Key_E, modifier=CTRL_SHIFT)
    (shown,) = window.page.findChildren(ExperimentsDialog)
    return shown


def enter(qtbot, dialog: ExperimentsDialog, strategy: str, seeds: str) -> None:
    """Type an experiment into the fields and add it."""
    form = dialog.form
    qtbot.wait(
        QApplication.keyboardInputInterval() + 20
    )  # after a pause, letters start a new search
    type_into(qtbot, form.boxes["strategy"], strategy)
    for field, value in ((form.initial, "6"), (form.budget, "4"), (form.cycles, "2")):
        field.lineEdit().selectAll()
        qtbot.keyClicks(field, value)
    form.seeds.selectAll()
    qtbot.keyClicks(form.seeds, seeds)
    qtbot.mouseClick(form.add_button, LEFT)


def text(dialog: ExperimentsDialog, row: int, column: int) -> str:
    return dialog.table.item(row, column).text()


@pytest.mark.slow
def test_strategies_are_queued_run_compared_and_saved(
    dialog, person, window, qtbot, tmp_path, monkeypatch
):
    assert "Add an experiment" in dialog.message.text() and not dialog.buttons["run"].isEnabled()
    enter(qtbot, dialog, "CoreSet:", "0 1")
    enter(qtbot, dialog, "Rand", "0, 1")
    assert [text(dialog, row, 0) for row in (0, 1)] == ["coreset", "random"]
    assert text(dialog, 0, 1) == "waiting" and text(dialog, 0, 6) == "6 + 1 × 4"
    qtbot.mouseClick(dialog.buttons["run"], LEFT)
    assert window.worker.busy and dialog.buttons["stop"].isEnabled()
    person.wait(lambda: bool(dialog.plot.shown))  # while it runs
    person.wait_idle()
    assert [text(dialog, row, 1) for row in (0, 1)] == ["done", "done"]
    assert "%" in text(dialog, 0, 2) and "±" in text(dialog, 0, 2)
    assert [[x for x, _ in curve] for curve in dialog.plot.shown.values()] == [[6, 10], [6, 10]]
    assert person.session.project.labels.counts() == (0, 0), (
        "experiments leave the person's labels alone"
    )

    figure, table = tmp_path / "both.png", tmp_path / "both.csv"
    suggested = []

    def answer(path):
        return lambda *asked: suggested.append(Path(asked[2]).name) or (str(path), "")

    for button, path in (("figure", figure), ("table", table)):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", answer(path))
        qtbot.mouseClick(dialog.buttons[button], LEFT)
        assert str(path) in dialog.message.text()
    assert suggested == ["experiments.png", "experiments.csv"]
    assert figure.read_bytes().startswith(b"\x89PNG")
    rows = list(csv.DictReader(table.open(encoding="utf-8")))
    assert [row["method"] for row in rows] == ["coreset"] * 4 + ["random"] * 4

    dialog.table.setCurrentCell(1, 0)
    qtbot.mouseClick(dialog.buttons["copy"], LEFT)
    words = shlex.split(QApplication.clipboard().text())
    assert words[:2] == ["labeller", "simulate"] and words[words.index("--seed") + 1] == "0"
    qtbot.mouseClick(dialog.buttons["remove"], LEFT)
    assert dialog.table.rowCount() == 1 and not dialog.buttons["run"].isEnabled()
    dialog.close()


@pytest.mark.slow
def test_a_stopped_experiment_resumes_after_reopening(dialog, person, window, qtbot, folder):
    enter(qtbot, dialog, "CoreSet:", "0 1")
    qtbot.mouseClick(dialog.buttons["run"], LEFT)
    person.wait(lambda: bool(dialog.plot.shown))
    qtbot.mouseClick(dialog.buttons["stop"], LEFT)
    person.wait_idle()
    assert "cycles" in text(dialog, 0, 1)
    window.close_project()
    person.come_back()
    person.open(folder)
    person.press(K.Key_E, modifier=CTRL_SHIFT)
    (again,) = window.page.findChildren(ExperimentsDialog)
    assert "of 4 cycles" in text(again, 0, 1)
    qtbot.mouseClick(again.buttons["run"], LEFT)
    person.wait_idle()
    assert text(again, 0, 1) == "done"
    again.close()


@pytest.mark.parametrize(
    "strategy, seeds, result",
    [
        ("Core", "x", "Seeds are whole numbers"),
        ("Core", "1 1", "different seeds"),
    ],
)
def test_invalid_fields_are_reported_in_the_form(dialog, qtbot, strategy, seeds, result):
    enter(qtbot, dialog, strategy, seeds)
    assert result in dialog.form.message.text() and dialog.table.rowCount() == 0
    dialog.close()


def test_an_unsupported_figure_format_is_refused(dialog, person, qtbot, tmp_path, monkeypatch):
    enter(qtbot, dialog, "CoreSet:", "0")
    qtbot.mouseClick(dialog.buttons["run"], LEFT)
    person.wait_idle()
    wrong = tmp_path / "figure.doc"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(wrong), ""))
    qtbot.mouseClick(dialog.buttons["figure"], LEFT)
    assert "must be a .png" in dialog.message.text() and not wrong.exists()
    dialog.close()


def test_only_one_dialog_opens_and_none_without_an_oracle(dialog, person, window, make, images):
    person.choose("experiments")
    assert len(window.page.findChildren(ExperimentsDialog)) == 1
    dialog.close()
    plain = make(images, "plain", classes=("a", "b"))
    plain.close()
    person.open(plain.folder)
    assert not window.actions_by_name["experiments"].isEnabled()


def test_results_written_by_the_command_line_are_shown(dialog, person, folder, qtbot):
    """The dialog watches the results folder, whichever process writes there."""
    enter(qtbot, dialog, "CoreSet:", "0")
    (experiment,) = plans.experiments(person.session.project)
    file = plans.results_file(person.session.project, experiment)
    file.write_text(
        '{"runs": [{"seed": 0, "strategy": "coreset", "encoder": "", "recipe": "", "cycles": '
        '[{"labelled": 6, "test_accuracy": 0.5, "per_class": null, "seconds": 1.0}]}]}'
    )
    person.wait(lambda: dialog.plot.shown == {"coreset": [(6, 0.5)]})
    dialog.close()


def test_axis_labels_use_no_si_prefix(qtbot):
    plot = ThemedPlot("labelled images", "test accuracy")
    qtbot.addWidget(plot)
    plot.show()
    plot.curve("random", 0).setData([50, 100], [0.24, 0.31])
    plot.grab()  # draws the axes
    choose_scheme("dark")  # redraws the axis labels
    plot.grab()
    choose_scheme("system")
    axis = plot.getAxis("left")
    assert axis.autoSIPrefixScale == 1 and "x0.001" not in axis.labelString(), "0.3, not 300"
