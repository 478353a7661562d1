"""Round settings: chosen in the dialog and stored."""

import shlex

import pytest
from click.testing import CliRunner
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QPushButton

from labeller.cli.main import program
from labeller.learning.learners import encoders_for
from labeller.loop import method
from labeller.loop.round_settings import RoundSettings, round_settings
from labeller.window.dialogs.round_dialog import RoundDialog
from labeller.window.kit.preferences import known_costs, remember_costs
from tests.window.conftest import type_into

K = Qt.Key


def choose(person, qtbot, **texts: str) -> None:
    """Open the dialog by its key, type into its lists, press OK."""

    def act() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, RoundDialog)
        for name, text in texts.items():
            if name == "batch":
                dialog.batch_size.lineEdit().selectAll()
                qtbot.keyClicks(dialog.batch_size, text)
            elif name == "pause":
                dialog.oracle_pause.lineEdit().selectAll()
                qtbot.keyClicks(dialog.oracle_pause, text)
            elif name == "itself":
                qtbot.keyClick(dialog.trains_itself, K.Key_Space)
            else:
                type_into(qtbot, dialog.boxes[name], text)
        ok = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)
        qtbot.mouseClick(ok, Qt.MouseButton.LeftButton)

    QTimer.singleShot(50, act)
    person.press_ctrl(K.Key_R)
    person.come_back()


def test_round_settings_are_stored_and_used(person, window, qtbot, folder, quick_training):
    person.open(folder)
    choose(
        person, qtbot, strategy="Random", encoder="ResNet,", device="Proc", batch="7", pause="0.5"
    )
    asked = round_settings(person.session.project)
    assert asked == RoundSettings(method.Method(strategy="random", device="cpu"), oracle_pause=0.5)
    person.label_all()
    person.press(K.Key_T)
    person.go_to_round(1)
    person.wait_idle()
    assert person.session.round.strategy == "random" and len(person.session.images) == 7
    assert person.session.suggested(0) is not None


def test_training_starts_automatically_after_a_batch(person, window, qtbot, folder, quick_training):
    person.open(folder)
    choose(person, qtbot, itself="yes")
    notified: list[str] = []
    window.page.learning.finished.connect(notified.append)
    person.label_all()
    assert window.worker.busy, "no key was pressed"
    person.go_to_round(1)
    person.wait_idle()
    assert notified == ["A model has been trained, and the next batch is ready."]


@pytest.mark.parametrize(
    "stored",
    [3, {"strategy": "magic"}, {"unknown": 1}, {"oracle_pause": -1}, {"oracle_pause": "x"}],
)
def test_damaged_round_settings_are_reported(project, stored):
    project.settings.set("rounds", stored)
    with pytest.raises(Exception, match="setting 'rounds' is damaged"):
        round_settings(project)


def test_the_copied_command_runs(person, window, qtbot, folder):
    """The command to copy is accepted by the command line."""
    person.open(folder)

    def copy(dialog: RoundDialog) -> None:
        type_into(qtbot, dialog.boxes["strategy"], "Random")
        button = next(b for b in dialog.findChildren(QPushButton) if "Copy" in b.text())
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    person.in_dialog(lambda: person.press_ctrl(K.Key_R), copy)
    words = shlex.split(QApplication.clipboard().text())
    assert words[:3] == ["labeller", "simulate", str(folder)]
    assert "random" in words and "9" in words
    window.close()
    fast = ["--epochs", "1", "--batch-size", "8", "--device", "cpu"]
    done = CliRunner().invoke(program, [*words[1:], *fast])
    assert done.exit_code == 0 and "test accuracy" in done.stdout


def test_a_strategy_is_found_by_any_part_of_its_description(person, window, qtbot, folder):
    """By typing or with Enter in the list of matches; text without a match changes nothing."""
    person.open(folder)

    def look(dialog: RoundDialog) -> None:
        box, line = dialog.boxes["strategy"], dialog.boxes["strategy"].lineEdit()
        assert "trained model" in dialog.needs.text()
        type_into(qtbot, box, "discriminator")
        assert box.currentData() == "vaal" and line.text().startswith("VAAL: ")
        assert "trains small networks while choosing" in dialog.needs.text()
        type_into(qtbot, box, "margin")
        assert box.currentData() == "margin", "matches at the start come first"
        type_into(qtbot, box, "zzz")
        assert box.currentData() == "margin" and line.text().startswith("Margin: ")
        box.clearFocus()
        box.setFocus()
        person.wait(lambda: line.selectedText() == line.text())
        qtbot.keyClicks(box, "predicted loss")
        popup = box.completer().popup()
        assert popup.isVisible() and popup.model().rowCount() == 1
        qtbot.keyClick(popup, K.Key_Down)
        qtbot.keyClick(popup, K.Key_Return)
        assert box.currentData() == "learning-loss" and "trained alongside" in dialog.needs.text()
        assert dialog.isVisible(), "Enter chose from the list without closing the dialog"
        dialog.accept()

    person.in_dialog(lambda: person.press_ctrl(K.Key_R), look)
    assert round_settings(person.session.project).method.strategy == "learning-loss"


def test_a_self_supervised_method_needs_a_learner_that_trains_a_network(person, window, folder):
    person.open(folder)

    def look(dialog: RoundDialog) -> None:
        box = dialog.boxes["self_supervised"]
        assert box.isEnabled(), "the learner of these tests trains a network"
        dialog.boxes["learner"].setCurrentIndex(dialog.boxes["learner"].findData("frozen"))
        assert not box.isEnabled() and "self_supervised=" not in dialog.command.text()
        dialog.boxes["learner"].setCurrentIndex(dialog.boxes["learner"].findData("mobyv2al"))
        box.setCurrentIndex(box.findData("simsiam"))
        assert "--set self_supervised=simsiam" in dialog.command.text()
        dialog.accept()

    person.in_dialog(lambda: person.press_ctrl(K.Key_R), look)
    chosen = round_settings(person.session.project)
    assert chosen.method.recipe.self_supervised == "simsiam"
    assert chosen.method.recipe.options.dim == 1024


def test_the_cost_of_a_round_is_measured_on_this_machine(
    person, window, folder, make, images, monkeypatch
):
    monkeypatch.setattr(method, "encoders_for", encoders_for)

    def words(learner: str, encoder: str) -> str:
        dialog = RoundDialog(person.session.project, window)
        for name, value in (("learner", learner), ("encoder", encoder)):
            dialog.boxes[name].setCurrentIndex(dialog.boxes[name].findData(value))
        return dialog.cost.text()

    made = make(images, name="other")
    made.close()
    other = made.folder
    person.open(folder)
    runs, lite = person.session.project.runs, "efficientnet-lite0"
    assert words("frozen", lite) == "Not used on this machine yet."
    for seconds in (4.0, 8.0, 200.0):
        runs.end(runs.start({}, lite, "cpu", 0, 9), "finished", seconds)
    runs.end(runs.start({}, lite, "cpu", 0, 9), "stopped", 1.0)
    tuned = runs.start({}, lite, "cpu", 0, 9)
    runs.compare(tuned, 0.9, 0.8)
    runs.end(tuned, "finished", 120.0)
    assert words("frozen", lite) == "A round takes about 8 s on this machine."
    both = words("mobyv2al", lite)
    assert "about 8 s" in both and "about 2 min in" in both
    window.worker.ended.emit()
    person.open(other)
    person.wait(lambda: person.session.project.folder == other)
    assert words("frozen", lite) == "A round takes about 8 s on this machine."
    runs = person.session.project.runs
    runs.end(runs.start({}, lite, "cpu", 0, 9), "finished", 5.0)
    assert "about 5 s" in words("frozen", lite), "the project's own runs take precedence"


def test_implausible_costs_are_ignored():
    costs = {"a/head": 3.0, "b/head": -5.0, "c/head": 1e300, "d" * 300: 2.0, "e/head": float("nan")}
    remember_costs(costs)
    assert known_costs() == {"a/head": 3.0}
