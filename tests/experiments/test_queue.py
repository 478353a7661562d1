"""The queue of experiments: stored, run, interrupted, and equal to the command line."""

import functools
import json
import shlex
from dataclasses import replace

import pytest
from click.testing import CliRunner

from labeller.cli.main import program
from labeller.core.errors import Cancelled, LabellerError
from labeller.core.run import Run
from labeller.experiments import queue as plans
from labeller.experiments.plan import Plan
from labeller.experiments.queue import BEGUN, DONE, WAITING, Experiment, add, run_queue, state
from labeller.experiments.results import points
from labeller.loop import method, rounds
from tests.loop.test_rounds import FAST

OPTIONS = rounds.Method
TWO = Experiment("two", Plan(6, 4, 2, FAST, (0, 5)))
RANDOM = Experiment("plain", Plan(6, 4, 2, replace(FAST, strategy="random")))


@pytest.fixture(autouse=True)
def fast_training(monkeypatch) -> None:
    made = functools.partial(OPTIONS, recipe=FAST.recipe, device="cpu", learner="mobyv2al")
    monkeypatch.setattr(method, "Method", made)


def selected(project, experiment) -> list:
    runs = json.loads(plans.results_file(project, experiment).read_text())["runs"]
    return [(run["seed"], [(c["selected"], c["test_accuracy"]) for c in run["cycles"]])
            for run in runs]  # fmt: skip


def test_running_the_queue_leaves_the_project_unchanged(project):
    add(project, TWO)
    add(project, RANDOM)
    assert plans.experiments(project) == [TWO, RANDOM]
    before = project.status()
    run_queue(project, Run())
    assert project.status() == before and project.labels.counts() == (0, 0)
    assert [state(project, each) for each in (TWO, RANDOM)] == [DONE, DONE]
    found = plans.outcomes(project, [TWO, RANDOM])
    assert list(found) == ["two", "plain"]
    assert [p.labelled for p in points(found["two"])] == [6, 10]
    assert found["plain"].runs[0].strategy == "random"
    written = plans.results_file(project, TWO).stat().st_mtime_ns
    run_queue(project, Run())
    assert plans.results_file(project, TWO).stat().st_mtime_ns == written, "not run again"


@pytest.mark.slow
def test_an_interrupted_experiment_resumes_with_the_same_results(
    project, make, images, test_images
):
    add(project, TWO)
    assert state(project, TWO) == WAITING
    with pytest.raises(Cancelled):
        run_queue(project, Run(should_stop=lambda: bool(plans.outcomes(project, [TWO]))))
    assert state(project, TWO) == BEGUN
    (begun,) = plans.outcomes(project, [TWO]).values()
    assert len(begun.runs[0].cycles) == 1
    run_queue(project, Run())
    assert state(project, TWO) == DONE
    other = make(images, "other", truth="folders", test=str(test_images), batch_size=9)
    add(other, TWO)
    run_queue(other, Run())
    assert selected(project, TWO) == selected(other, TWO)


@pytest.mark.slow
def test_the_command_line_finishes_an_experiment_of_the_window(project, monkeypatch):
    add(project, TWO)
    run_queue(project, Run())
    ours = selected(project, TWO)
    file = plans.results_file(project, TWO)
    file.unlink()
    with pytest.raises(Cancelled):
        run_queue(project, Run(should_stop=lambda: bool(plans.outcomes(project, [TWO]))))
    begun = json.loads(file.read_text())["runs"][0]["cycles"][0]
    words = shlex.split(plans.as_command(project, TWO))
    assert words[:2] == ["labeller", "simulate"] and str(file) in words
    project.close()
    monkeypatch.setattr(method, "Method", OPTIONS)
    recipe = FAST.recipe
    fast = [
        "--epochs", str(recipe.epochs), "--steps-per-epoch", str(recipe.steps_per_epoch),
        "--batch-size", str(recipe.batch_size), "--queue-size", str(recipe.options.queue_size),
    ]  # fmt: skip
    done = CliRunner().invoke(program, [*words[1:], *fast])
    assert done.exit_code == 0, done.output
    assert selected(project, TWO) == ours and [seed for seed, _ in ours] == [0, 5]
    assert json.loads(file.read_text())["runs"][0]["cycles"][0] == begun, "it resumed"


def test_impossible_experiments_are_refused(project):
    add(project, TWO)
    with pytest.raises(LabellerError, match="There is already an experiment “two”"):
        add(project, TWO)
    with pytest.raises(LabellerError, match="would label 106 images, but the pool has only 36"):
        add(project, Experiment("large", Plan(6, 100, 2)))
    plans.results_file(project, RANDOM).parent.mkdir(exist_ok=True)
    plans.results_file(project, RANDOM).write_text("{}")
    with pytest.raises(LabellerError, match="already results called “plain”"):
        add(project, RANDOM)
    plans.forget(project, "two")
    assert plans.experiments(project) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"initial": 0}, {"cycles": -1}, {"budget": True}, {"seeds": ()}, {"seeds": (1, 1)},
        {"strategy": "magic"}, {"name": "../up"}, {"name": " "}, {"name": None}, {"name": "a\0b"},
        {"name": "x" * 101},
    ],
)  # fmt: skip
def test_invalid_experiments_are_refused(wrong):
    with pytest.raises(LabellerError):
        Experiment.from_dict({**Experiment("a", Plan(1, 1, 1)).as_dict(), **wrong})


@pytest.mark.parametrize("stored", [3, ["x"], [{}], [{"name": "a"}], {"a": 1}])
def test_a_damaged_queue_is_reported(project, stored):
    project.settings.set("experiments", stored)
    with pytest.raises(LabellerError, match="setting 'experiments' is damaged"):
        plans.experiments(project)
