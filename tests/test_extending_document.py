"""The learner, encoder, self-supervised method and tracker of the example package in
docs/extending.md are installed as printed and run; and the logs of the built-in trackers can be
read with their own tools."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from labeller_models.encoders import ENCODERS, build_encoder
from labeller_models.frozen import FROZEN, EncoderUnavailable, frozen_encoder
from labeller_models.registry import Entry

from labeller.cli.main import program
from labeller.core.errors import LabellerError
from labeller.experiments.trackers import TRACKERS, tracker_named
from labeller.learning.learners import LEARNERS, learner_named
from labeller.learning.recipe import QUICK
from labeller.learning.self_supervised import SELF_SUPERVISED
from tests.document_package import install, labeller

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs/extending.md"
NUMBERS = ["--initial", "9", "--budget", "5", "--cycles", "2"]
SHORT = ["--epochs", "2", "--steps-per-epoch", "2", "--batch-size", "8"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The folder in which the example package is installed."""
    return install(
        DOCUMENT, tmp_path_factory.mktemp("example"), ["labeller_examples.py", "pyproject.toml"]
    )


def test_a_learner_encoder_and_tracker_of_another_package(installed, project, tmp_path):
    project.close()
    result = labeller(
        installed, "simulate", project.folder, *NUMBERS, "--learner", "random-subspace",
        "--encoder", "colours", "--strategy", "margin", "--track", f"jsonl:{tmp_path}", "--json",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout)
    assert found["plan"]["options"]["learner"] == "random-subspace"
    assert found["runs"][0]["encoder"] == "colours" and found["of"]["weights"]
    settings, *lines = map(json.loads, (tmp_path / "margin.jsonl").read_text().splitlines())
    assert settings["settings"]["initial"] == 9
    cycles = found["runs"][0]["cycles"]
    assert [line["step"] for line in lines] == [9, 14]
    assert [line["seed 0/test accuracy"] for line in lines] == [c["test_accuracy"] for c in cycles]


@pytest.mark.slow
def test_a_self_supervised_method_of_another_package(installed, project, tmp_path):
    project.close()
    results = []
    for pull in (1, 2):
        result = labeller(
            installed, "simulate", project.folder, *NUMBERS, *SHORT, "--encoder", "resnet-small",
            "--set", "self_supervised=align", "--set", f"pull={pull}", "--track",
            f"jsonl:{tmp_path / str(pull)}", "--json",
        )  # fmt: skip
        assert result.returncode == 0, result.stderr
        found = json.loads(result.stdout)
        assert found["plan"]["options"]["recipe"]["options"]["pull"] == pull
        (log,) = (tmp_path / str(pull)).iterdir()
        lines = list(map(json.loads, log.read_text().splitlines()[1:]))
        results.append(lines[0]["seed 0/cycle 1/alignment loss"])
    assert results[1] < results[0] < 0
    listed = labeller(installed, "recipes").stdout
    assert "Weight of the loss. (align)" in listed


@pytest.mark.parametrize(
    ("registry", "use"),
    [
        (LEARNERS, lambda: learner_named("broken", "resnet-small", QUICK)),
        (TRACKERS, lambda: tracker_named("broken:here")),
    ],
)
def test_a_broken_package_is_reported_by_name(monkeypatch, registry, use):
    broken = Entry("no_such_module:Nothing", package="some-package")
    monkeypatch.setitem(registry.entries, "broken", broken)
    with pytest.raises(LabellerError, match="'broken' of the package some-package cannot be"):
        use()


def test_an_encoder_of_a_broken_package_is_reported_by_name(monkeypatch):
    broken = Entry("no_such_module:Nothing", package="some-package")
    monkeypatch.setitem(FROZEN.entries, "broken", broken)
    monkeypatch.setitem(ENCODERS.entries, "broken", broken)
    with pytest.raises(EncoderUnavailable):
        frozen_encoder("broken")
    with pytest.raises(ValueError, match="of the package some-package cannot be loaded"):
        build_encoder("broken", 32)


def test_a_method_of_a_broken_package_has_no_options(monkeypatch):
    broken = Entry("no_such_module:Nothing", package="some-package")
    monkeypatch.setitem(SELF_SUPERVISED.entries, "broken", broken)
    assert not SELF_SUPERVISED.options("broken").__dataclass_fields__


def simulate(project, *arguments: object) -> dict:
    result = CliRunner().invoke(
        program,
        ["simulate", str(project.folder), *NUMBERS, *SHORT, "--json", *map(str, arguments)],
    )
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.slow
def test_tensorboard_logs_contain_epochs_and_cycles(project, tmp_path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    project.close()
    found = simulate(project, "--strategy", "margin", "--track", f"tensorboard:{tmp_path}")
    events = EventAccumulator(str(tmp_path / "margin"))
    events.Reload()
    accuracies = events.Scalars("seed 0/test accuracy")
    assert [event.step for event in accuracies] == [9, 14]
    cycles = found["runs"][0]["cycles"]
    assert [e.value for e in accuracies] == pytest.approx([c["test_accuracy"] for c in cycles])
    assert [event.step for event in events.Scalars("seed 0/cycle 1/learning rate")] == [1, 2]


@pytest.mark.slow
def test_mlflow_logs_contain_cycles(project, tmp_path, monkeypatch):
    from mlflow.tracking import MlflowClient

    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    project.close()
    place = (tmp_path / "mlruns").as_uri()
    simulate(project, "--strategy", "margin", "--track", f"mlflow:{place}")
    client = MlflowClient(place)
    (experiment,) = [e for e in client.search_experiments() if e.name == "labeller"]
    (run,) = client.search_runs([experiment.experiment_id])
    assert run.info.run_name == "margin" and run.info.status == "FINISHED"
    assert run.data.params["initial"] == "9"
    history = client.get_metric_history(run.info.run_id, "seed_0/test_accuracy")
    assert [each.step for each in history] == [9, 14]


@pytest.mark.slow
def test_weights_and_biases_logs_offline(project, tmp_path, monkeypatch):
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_SILENT", "true")
    project.close()
    simulate(project, "--strategy", "margin", "--track", f"wandb:{tmp_path / 'w'}")
    (log,) = (tmp_path / "w").glob("wandb/offline-run-*/run-*.wandb")
    assert b"seed 0/test accuracy" in log.read_bytes()


@pytest.mark.slow
def test_comparisons_are_tracked(installed, project, tmp_path):
    project.close()
    result = labeller(
        installed, "compare-methods", project.folder, *NUMBERS, "--strategies", "random,margin",
        "--seeds", 2, "--learners", "random-subspace", "--encoder", "colours",
        "--output", tmp_path / "out", "--track", f"jsonl:{tmp_path / 'logs'}",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    logs = sorted((tmp_path / "logs").iterdir())
    assert [log.name for log in logs] == ["margin.jsonl", "random.jsonl"]
    lines = list(map(json.loads, logs[0].read_text().splitlines()[1:]))
    assert [line["step"] for line in lines] == [9, 14, 9, 14]


def test_a_tracker_that_fails_to_start_is_reported_in_one_line(project, monkeypatch):
    class Refusing:
        def __init__(self, place: str) -> None: ...

        def begin(self, name: str, settings: dict) -> None:
            raise RuntimeError("no key\nand a long explanation")

    monkeypatch.setitem(TRACKERS.entries, "refusing", Entry(Refusing))
    project.close()
    arguments = ["simulate", str(project.folder), *NUMBERS, "--track", "refusing:x"]
    result = CliRunner().invoke(program, arguments)
    expected = "The tracker 'refusing:x' could not begin a run: RuntimeError: no key."
    assert result.exit_code == 1 and expected in result.output


@pytest.mark.parametrize(
    ("track", "message"),
    [("tensorbord", "There is no tracker 'tensorbord'"), ("mlflow", "missing. Install 'labeller")],
)
def test_an_unavailable_tracker_is_reported_before_the_simulation(
    project, monkeypatch, track, message
):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    monkeypatch.setattr(
        "labeller.core.errors.find_spec", lambda name: None if name == "mlflow" else name
    )
    project.close()
    result = CliRunner().invoke(
        program, ["simulate", str(project.folder), *NUMBERS, "--track", track]
    )
    assert result.exit_code == 1 and message in result.output
