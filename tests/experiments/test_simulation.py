"""Simulations on a real project, interrupted and resumed."""

import json
from dataclasses import replace

import pytest

from labeller.core.errors import Cancelled, LabellerError
from labeller.core.run import Run
from labeller.experiments.paper import EXPERIMENTS, paper_experiment
from labeller.experiments.plan import Imbalance, Plan
from labeller.experiments.simulation import simulate
from labeller.loop import rounds
from labeller.store.settings import Settings
from tests.conftest import fill
from tests.loop.test_rounds import FAST


def test_a_simulation_leaves_the_project_unchanged(project):
    person = rounds.begin(project)
    project.labels.assign({person.image_ids[0]: project.classes.all()[0].id}, "anna")
    before = (project.status(), sorted(p.name for p in project.folder.rglob("*")))
    plan = Plan(6, 4, 3, method=FAST, seeds=(0, 5))
    outcome = simulate(project, plan)
    assert (project.status(), sorted(p.name for p in project.folder.rglob("*"))) == before
    assert [run.seed for run in outcome.runs] == [0, 5]
    assert outcome.plan["options"]["recipe"]["epochs"] == 2
    for run in outcome.runs:
        assert (run.strategy, run.encoder, run.recipe) == ("coreset", "resnet-small", "quick")
        assert [c.labelled for c in run.cycles] == [6, 10, 14]
        for cycle, following in zip(run.cycles, run.cycles[1:], strict=False):
            assert following.selected[: cycle.labelled] == cycle.selected
        last = run.cycles[-1]
        assert len(set(last.selected)) == len(last.selected) == 14
        assert 0 <= last.test_accuracy <= 1 and last.seconds > 0
        assert set(last.per_class) == {"red", "green", "blue"}
    first, second = outcome.runs
    assert first.cycles[0].selected != second.cycles[0].selected


def test_simulations_are_reproducible(project):
    plan = Plan(6, 4, 2, method=FAST, seeds=(3,))

    def result():
        cycles = simulate(project, plan).runs[0].cycles
        return [(c.selected, c.test_accuracy, c.per_class) for c in cycles]

    assert result() == result()


def test_a_plan_larger_than_the_pool_is_refused(project):
    with pytest.raises(LabellerError, match="would label 42 images, but the pool has only 36"):
        simulate(project, Plan(30, 6, 3))


def without_seconds(outcome) -> str:
    written = outcome.as_dict()
    for run in written["runs"]:
        for cycle in run["cycles"]:
            for name in ("seconds", "selection_seconds", "selection_bytes"):
                del cycle[name]
    return json.dumps(written)


UNDISTURBED: dict[str, str] = {}
"""Results of the same simulations without interruption."""


@pytest.mark.parametrize("unlabelled", [pytest.param("all", marks=pytest.mark.slow), "lowest-loss"])
@pytest.mark.parametrize(
    "after", [pytest.param(n, marks=[pytest.mark.slow] * (n != 4)) for n in (1, 4, 8, 11, 14, 19)]
)
def test_an_interrupted_simulation_gives_the_same_results(project, tmp_path, after, unlabelled):
    options = replace(FAST, recipe=replace(FAST.recipe, unlabelled=unlabelled))
    plan = Plan(6, 4, 2, method=options, seeds=(1, 2))
    kept = tmp_path / "kept"
    asked = iter(range(10_000))
    with pytest.raises(Cancelled):
        simulate(project, plan, run=Run(should_stop=lambda: next(asked) >= after), kept_in=kept)
    assert kept.is_dir()
    result = []
    resumed = simulate(
        project, plan, kept_in=kept, on_cycle=lambda o: result.append(len(o.runs[-1].cycles))
    )
    assert not kept.exists() and result[-1] == 2
    if unlabelled not in UNDISTURBED:  # all test projects are copies of one
        UNDISTURBED[unlabelled] = without_seconds(simulate(project, plan))
    assert without_seconds(resumed) == UNDISTURBED[unlabelled]


def test_finished_cycles_are_not_repeated(project, tmp_path, monkeypatch):
    kept, plan = tmp_path / "kept", Plan(6, 4, 3, method=FAST)
    ended = iter(range(100))
    with pytest.raises(Cancelled):
        simulate(project, plan, kept_in=kept, run=Run(should_stop=lambda: next(ended) >= 10))
    trained = []
    real = rounds.learn
    monkeypatch.setattr(rounds, "learn", lambda *a: trained.append(1) or real(*a))
    simulate(project, plan, kept_in=kept)
    assert 0 < len(trained) < 3


@pytest.mark.slow
def test_a_finished_training_is_resumed(project, tmp_path, monkeypatch):
    """The program dies after storing the run but before storing its cycle."""
    options = replace(FAST, recipe=replace(FAST.recipe, unlabelled="lowest-loss"))
    kept, plan = tmp_path / "kept", Plan(6, 4, 3, method=options)
    real = Settings.set

    def die(settings, key, value) -> None:
        if key == "cycles" and len(value) == 2:
            raise KeyboardInterrupt
        real(settings, key, value)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Settings, "set", die)
        simulate(project, plan, kept_in=kept)
    resumed = simulate(project, plan, kept_in=kept)
    assert without_seconds(resumed) == without_seconds(simulate(project, plan))


def test_other_settings_do_not_resume_a_simulation(project, tmp_path):
    kept = tmp_path / "kept"
    with pytest.raises(Cancelled):
        simulate(
            project, Plan(6, 4, 2, method=FAST), run=Run(should_stop=lambda: True), kept_in=kept
        )
    with pytest.raises(LabellerError, match="with other settings"):
        simulate(project, Plan(6, 5, 2, method=FAST), kept_in=kept)
    note = json.loads((kept / "plan.json").read_text())
    note["of"]["labels"] = "others"
    (kept / "plan.json").write_text(json.dumps(note))
    with pytest.raises(LabellerError, match="holds results of other labels"):
        simulate(project, Plan(6, 4, 2, method=FAST), kept_in=kept)
    (kept / "plan.json").write_text("{")
    with pytest.raises(LabellerError, match="with other settings"):
        simulate(project, Plan(6, 4, 2, method=FAST), kept_in=kept)


def test_a_simulation_of_an_earlier_version_resumes(project, tmp_path):
    """Method options were not nested, and one value did not exist yet."""
    kept, plan = tmp_path / "kept", Plan(6, 4, 2, method=FAST)
    with pytest.raises(Cancelled):
        simulate(project, plan, run=Run(should_stop=lambda: True), kept_in=kept)
    note = json.loads((kept / "plan.json").read_text())
    recipe = note["plan"]["options"]["recipe"]
    recipe |= recipe.pop("options")
    del recipe["mixed_precision"], note["of"]
    (kept / "plan.json").write_text(json.dumps(note))
    assert len(simulate(project, plan, kept_in=kept).runs[0].cycles) == 2


def test_an_impossible_plan_leaves_no_files(project, tmp_path):
    with pytest.raises(LabellerError, match="but the pool has only 36"):
        simulate(project, Plan(99, 4, 1, method=FAST), kept_in=tmp_path / "kept")
    assert not (tmp_path / "kept").exists()
    simulate(project, Plan(6, 4, 1, method=FAST), kept_in=tmp_path / "kept")


def test_an_empty_folder_is_used(project, tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / ".plan.json.1.tmp").touch()
    simulate(project, Plan(6, 4, 1, method=FAST), kept_in=tmp_path / "kept")


def test_the_whole_pool_can_be_labelled(project):
    (run,) = simulate(project, Plan(None, 1, 1, method=FAST)).runs
    assert [c.labelled for c in run.cycles] == [36]


def test_an_imbalance_reduces_the_first_classes(make, tmp_path):
    project = make(fill(tmp_path / "many", 20), truth="folders")
    plan = Plan(None, 1, 1, method=FAST, imbalance=Imbalance(2, 5))

    def labels(seed: int) -> list[str]:
        (run,) = simulate(project, replace(plan, seeds=(seed,))).runs
        return run.cycles[0].selected

    first = labels(0)
    counts = {name: sum(p.startswith(name) for p in first) for name in ("blue", "green", "red")}
    assert counts == {"blue": 5, "green": 5, "red": 20}
    assert set(labels(1)) != set(first), "the remaining images are drawn at random"
    assert project.status().images == 60, "the project itself is unchanged"
    plan = replace(plan, imbalance=Imbalance(2, 5, every=2))
    counts = {name: sum(p.startswith(name) for p in labels(0)) for name in counts}
    assert counts == {"blue": 5, "green": 20, "red": 5}, (
        "every second class, as in the authors' code"
    )


@pytest.mark.parametrize(
    ("name", "sizes", "encoder"),
    [
        ("cifar10", (5000, 2500, 7), "vgg16"),
        ("cifar100", (5000, 2500, 7), "vgg16"),
        ("svhn", (1000, 1000, 10), "resnet18"),
        ("fashionmnist", (100, 100, 10), "resnet18"),
        ("table1", (5000, 2500, 5), "wrn-28-10"),
        ("table2", (1000, 1000, 3), "resnet18"),
        ("table3-stages", (1000, 1000, 3), "resnet18"),
        ("table3-all", (None, 1, 1), "resnet18"),
        ("imbalanced", (1000, 1000, 7), "resnet18"),
    ],
)
def test_protocols_match_the_paper(name, sizes, encoder):
    plan = paper_experiment(name).plan
    assert (plan.initial, plan.budget, plan.cycles) == sizes and plan.method.encoder == encoder
    assert plan.subset == (None if name == "table3-all" else 10_000)


def test_the_imbalanced_pool_has_27500_images():
    imbalance = EXPERIMENTS["imbalanced"].plan.imbalance
    assert 50_000 - imbalance.classes * (5000 - imbalance.kept) == 27_500
    assert EXPERIMENTS["table1"].plan.method.recipe.changes() == {"unlabelled": "all"}
    assert EXPERIMENTS["table3-stages"].plan.method.recipe.changes() == {"objective": "multi-stage"}
    with pytest.raises(LabellerError, match="no protocol 'mnist'"):
        paper_experiment("mnist")
