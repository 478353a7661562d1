"""The paper's tables and figures: their plans, scaled down, with one of each kind run."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from labeller.cli.main import program
from labeller.core.errors import LabellerError
from labeller.experiments.paper import TABLES, paper_table, scaled
from labeller.experiments.plan import Imbalance, Plan
from labeller.experiments.simulation import simulate
from labeller.learning.learners import WHOLE
from tests.loop.test_rounds import FAST


@pytest.mark.parametrize("name", list(TABLES))
def test_every_method_of_every_table_can_be_built(name):
    table = paper_table(name)
    assert table.baseline in table.plans and set(table.published) <= set(table.plans)
    for plan in table.plans.values():
        plan.check()
        assert plan.method.learner == WHOLE and plan.method.recipe.epochs == 200
        plan.method.make_learner()
        plan.method.make_strategy()


def test_each_table_varies_its_own_settings():
    left = paper_table("table2-left").plans
    assert [p.method.recipe.self_supervised for p in left.values()] == [
        "mobyv2", "moby", "mocov2", "byol", "dino", "simsiam", "simclr",
    ]  # fmt: skip
    assert {p.method.recipe.objective for p in left.values()} == {"joint"}
    stages = paper_table("table3-left").plans
    assert stages["BYOL"].method.recipe.objective == "multi-stage"
    csal = paper_table("table1").plans["CSAL"].method
    assert (csal.strategy, csal.recipe.objective, csal.encoder) == ("csal", "mixmatch", "wrn-28-10")
    field = paper_table("figure2-cifar10").plans
    assert {p.method.recipe.objective for name, p in field.items() if name != "MoBYv2AL"} == {
        "supervised"
    }
    assert field["vaal"].method.strategy == "vaal" and field["vaal"].initial == 5000
    shift = paper_table("shift").plans
    assert shift["lowest loss"].method.recipe.unlabelled == "lowest-loss"
    assert all(p.measures_pool for p in shift.values())


def test_scaling_reduces_all_costs_alike_and_is_labelled():
    table = scaled(paper_table("figure4"), 0.1)
    plan = table.plans["vaal (scale 0.1)"]
    assert (plan.pool, plan.initial, plan.budget) == (5000, 100, 100)
    assert plan.imbalance == Imbalance(5, 50, every=2)
    recipe = plan.method.recipe
    assert (recipe.epochs, recipe.batch_size, recipe.options.queue_size) == (20, 16, 410)
    assert recipe.objective == "supervised" and plan.method.strategy == "vaal"
    assert table.baseline == "random (scale 0.1)" and "scaled to 0.1" in table.title
    assert scaled(paper_table("table1"), 1) is paper_table("table1")
    full = scaled(paper_table("table3-right"), 0.5)
    assert all(p.initial is None and p.pool == 25_000 for p in full.plans.values())
    assert full.published["BYOL (scale 0.5)"] == "77.89 (full size)"
    with pytest.raises(LabellerError, match="at most 1"):
        scaled(table, 0)


TINY = ["--encoder", "resnet-small", "--epochs", "1", "--steps-per-epoch", "1"]


def paper(project, table: str, output: Path):
    project.close()
    command = ["paper", str(project.folder), table, "--scale", "0.0007", "--output", str(output)]
    return CliRunner().invoke(program, [*command, *TINY])


@pytest.mark.parametrize(
    ("table", "shown"),
    [
        ("table2-right", "| without projector (scale 0.0007) |"),
        pytest.param("shift", "| lowest loss (scale 0.0007) | last |", marks=pytest.mark.slow),
    ],
)
def test_a_table_is_reproduced_by_one_command(project, tmp_path, table, shown):
    result = paper(project, table, tmp_path / "out")
    assert result.exit_code == 0, result.output
    text = (tmp_path / "out/report.md").read_text()
    assert "**Scaled to 0.0007**: a pool of 35 images" in text and shown in text
    assert "of the paper's size" in text.splitlines()[0]
    assert "(scale 0.0007)" in (tmp_path / "out/results.csv").read_text()


def test_a_pool_that_is_too_small_is_reported(project, tmp_path):
    result = paper(project, "table1", tmp_path / "out")
    assert result.exit_code == 1
    assert "That would label 50 images, but the pool has only 35" in result.output


def test_the_pool_is_reduced_before_its_classes(project):
    plan = Plan(None, 1, 1, method=replace(FAST, strategy="random"), pool=24)
    (run,) = simulate(project, plan).runs
    classes = [Path(path).parent.name for path in run.cycles[0].selected]
    assert len(classes) == 24
    expected = 24 - classes.count("blue") + 2
    plan = replace(plan, imbalance=Imbalance(1, 2), measures_pool=True)
    (run,) = simulate(project, plan).runs
    (cycle,) = run.cycles
    names = [Path(path).parent.name for path in cycle.selected]
    assert names.count("blue") == 2 and cycle.labelled == expected
    assert set(cycle.pool_per_class) == {"red", "green", "blue"}


def test_pool_accuracy_is_measured_on_the_whole_pool(project):
    """When the whole pool is labelled, this is the accuracy on the labelled images."""
    plan = Plan(6, 6, 2, method=FAST, measures_pool=True)
    (run,) = simulate(project, plan).runs
    shares = [share for cycle in run.cycles for share in cycle.pool_per_class.values()]
    assert all(abs(share * 12 - round(share * 12)) < 1e-6 for share in shares), (
        "twelve images per class"
    )
