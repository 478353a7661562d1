"""Comparisons run from the command line, resumed after a kill, in parts and on a cluster."""

import itertools
import json
import os
import signal
import subprocess
import sys
import time
import types
from dataclasses import replace
from pathlib import Path

import joblib
import pytest
from click.testing import CliRunner

from labeller.cli.main import program
from labeller.core.chosen_encoders import choose
from labeller.core.errors import Cancelled, LabellerError
from labeller.core.run import Cycle, Run, measured
from labeller.experiments.cell_runs import forget_first_cycles, run_cell, run_cells
from labeller.experiments.cells import (
    DONE,
    FAILED,
    STOPPED,
    Cell,
    cells_of,
    is_done,
    require_ours,
)
from labeller.experiments.clusters import Workers, cluster
from labeller.experiments.plan import Plan
from labeller.experiments.results import read_results, unfinished, unpacked
from labeller.experiments.simulation import simulate
from labeller.loop.method import Method
from tests.conftest import fill
from tests.frozen_encoder import frozen  # noqa: F401
from tests.loop.test_rounds import FAST

MAIN = Path(__file__).parents[2] / "main.py"
TINY = ["--epochs", "1", "--steps-per-epoch", "1", "--batch-size", "8"]
SIZES = ["--initial", "6", "--budget", "4", "--cycles", "2", "--seeds", "2"]


def plans(*strategies: str, seeds=(0, 1)) -> dict[str, Plan]:
    return {
        name: Plan(6, 4, 2, method=replace(FAST, strategy=name), seeds=seeds) for name in strategies
    }


def picks(folder: Path) -> dict[str, list]:
    """The selections and test accuracies of each cell."""
    found = {}
    for file in sorted(folder.glob("*.seed-*.json")):
        (run,) = json.loads(file.read_text())["runs"]
        found[file.name] = [(c["selected"], c["test_accuracy"]) for c in run["cycles"]]
    return found


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "cells"
    made.mkdir()
    return made


def test_methods_share_the_first_batch_of_a_seed_and_nothing_is_repeated(project, folder):
    cells = cells_of(plans("random", "margin"))
    assert [cell.seed for cell in cells] == [0, 0, 1, 1]
    ended = run_cells(project.folder, cells, folder, Workers())
    assert [each.state for each in ended] == [DONE] * 4
    found = picks(folder)
    for seed in (0, 1):
        first, other = (found[f"{name}.seed-{seed}.json"] for name in ("random", "margin"))
        assert first[0] == other[0] and first[1][0] != other[1][0]
    assert run_cells(project.folder, cells, folder, Workers()) == []
    (outcome,) = read_results([cells[1].file(folder)]).values()
    cycle = outcome.runs[0].cycles[1]
    assert cycle.selection_seconds > 0 and cycle.selection_bytes >= 0
    assert outcome.runs[0].cycles[0].selection_seconds is None, "the first batch is not selected"


def test_a_comparison_larger_than_the_pool_is_refused_before_it_trains(project, tmp_path):
    project.close()
    done = CliRunner().invoke(
        program,
        ["compare-methods", str(project.folder), "--strategies", "random", "--seeds", "1",
         "--initial", "20", "--budget", "9", "--cycles", "3", "--output", str(tmp_path / "r")],
    )  # fmt: skip
    assert done.exit_code == 1 and "would label 38 images, but the pool has only 36" in done.stderr
    assert not list((tmp_path / "r").glob("*.json"))


def test_a_file_with_another_plan_is_refused(project, folder):
    (cell,) = cells_of(plans("random", seeds=(0,)))
    run_cells(project.folder, [cell], folder, Workers())
    other = Cell("random", replace(cell.plan, budget=5))
    with pytest.raises(LabellerError, match="holds results with other settings"):
        is_done(other, folder)


def test_a_failing_cell_does_not_stop_the_others(project, folder, monkeypatch):
    cells = cells_of(plans("random", "margin", seeds=(0,)))
    broken = Cell("too-large", replace(cells[0].plan, initial=999))
    ended = run_cells(project.folder, [broken, *cells], folder, Workers())
    assert [each.state for each in ended] == [FAILED, DONE, DONE]
    assert "but the pool has only 36" in ended[0].why
    monkeypatch.setattr(
        "labeller.selection.sampling.Random.choose", lambda self, query: 1 / 0, raising=True
    )
    (cell,) = cells_of(plans("random", seeds=(3,)))
    (ended,) = run_cells(project.folder, [cell], folder, Workers())
    assert ended.state == FAILED and "ZeroDivisionError" in ended.why
    assert "1 / 0" in cell.file(folder).with_suffix(".error.txt").read_text()


def test_a_stopped_comparison_resumes(project, folder, tmp_path):
    cells = cells_of(plans("margin", seeds=(0,)))
    asked = iter(range(10_000))
    with pytest.raises(Cancelled):
        run_cells(
            project.folder, cells, folder, Workers(), run=Run(should_stop=lambda: next(asked) >= 8)
        )
    assert unfinished(cells[0].file(folder)).is_dir()
    run_cells(project.folder, cells, folder, Workers())
    alone = tmp_path / "alone"
    alone.mkdir()
    run_cells(project.folder, cells, alone, Workers())
    assert picks(folder) == picks(alone)
    stop = tmp_path / "stop"
    stop.touch()
    (cell,) = cells_of(plans("random", seeds=(7,)))
    assert run_cell(project.folder, cell, folder, stop=stop).state == STOPPED


def compare(project, output, *options: str, sizes=SIZES):
    return CliRunner().invoke(
        program,
        ["compare-methods", str(project.folder), "--output", str(output), "--learners", "mobyv2al",
         *sizes, *TINY, *options],
    )  # fmt: skip


def test_the_command_writes_a_report_and_resumes(project, folder):
    project.close()
    result = compare(project, folder, "--strategies", "random,margin", "--reach", "20")
    assert result.exit_code == 0, result.output
    report = Path(result.stdout.strip())
    text = report.read_text()
    assert "## Compared with random" in text and "| margin |" in text and "labels to 20%" in text
    before = {file: file.stat().st_mtime_ns for file in folder.glob("*.seed-*.json")}
    again = compare(project, folder, "--strategies", "random,margin,entropy")
    assert again.exit_code == 0, again.output
    assert all(file.stat().st_mtime_ns == at for file, at in before.items())
    assert "| entropy |" in report.read_text() and len(list(folder.glob("*.seed-*.json"))) == 6
    other = compare(project, folder, "--strategies", "random", sizes=[*SIZES[:1], "7", *SIZES[2:]])
    assert other.exit_code == 1 and "other settings" in other.stderr
    assert compare(project, folder, "--strategies", "nonsense").exit_code == 2
    centres = compare(project, folder, "--strategies", "random", "--first", "centres")
    assert centres.exit_code == 1 and "needs a pretrained encoder" in centres.stderr
    inside = compare(project, project.folder / "out", "--strategies", "random")
    assert inside.exit_code == 1 and "is inside the project" in inside.stderr
    assert not (project.folder / "out").exists()


def change(file: Path, **of: object) -> None:
    """Change what results claim to be of; without arguments, remove it as in an earlier version."""
    values = json.loads(file.read_text())
    values["of"] = {**values["of"], **of} if of else None
    file.write_text(json.dumps(values))


def test_results_of_another_data_set_are_refused(project, folder, make, tmp_path):
    project.close()
    assert compare(project, folder, "--strategies", "random").exit_code == 0
    report = (folder / "report.md").read_text()
    other = make(fill(tmp_path / "others", 20, start=70), "other", truth="folders")
    other.close()
    refused = compare(other, folder, "--strategies", "random")
    assert refused.exit_code == 1 and "holds results of other images" in refused.stderr
    for file in folder.glob("*.seed-*.json"):
        change(file)
    refused = compare(other, folder, "--strategies", "random")
    assert refused.exit_code == 1 and "holds results of other images" in refused.stderr
    assert (folder / "report.md").read_text() == report
    assert compare(project, folder, "--strategies", "random").exit_code == 0, "its own results"


def test_results_of_other_data_or_settings_are_refused(project, folder, tmp_path):
    cells = cells_of(plans("random", "margin", seeds=(0,)))
    run_cells(project.folder, cells, folder, Workers(threads=1))
    assert require_ours(project, cells, folder) == 1, "the other cells need as many threads"
    (outcome,) = read_results([cells[0].file(folder)]).values()
    assert outcome.of["weights"] == "" and outcome.of["device"] == "cpu"
    right = unpacked(outcome.runs[0].cycles[-1].right)
    assert len(right) == 9
    assert right.mean() == pytest.approx(outcome.runs[0].cycles[-1].test_accuracy)
    named = {
        "labels": "other labels", "held_out": "other held-out images", "weights": "other weights",
        "threads": "another number of threads",
    }  # fmt: skip
    for part, what in named.items():
        kept = cells[1].file(folder).read_text()
        change(cells[1].file(folder), **{part: 3 if part == "threads" else "x"})
        with pytest.raises(LabellerError, match=f"holds results of {what}"):
            require_ours(project, cells, folder)
        compared = CliRunner().invoke(program, ["compare", *map(str, folder.glob("*.seed-*.json"))])
        assert compared.exit_code == (part in ("labels", "held_out"))
        cells[1].file(folder).write_text(kept)


@pytest.mark.parametrize("of", [[], 7, "x"])
def test_malformed_provenance_is_refused(project, folder, of):
    (cell,) = cells_of(plans("random", seeds=(0,)))
    run_cells(project.folder, [cell], folder, Workers())
    values = json.loads(cell.file(folder).read_text())
    for odd in (of, {"threads": of}, {}):
        cell.file(folder).write_text(json.dumps({**values, "of": odd}))
        with pytest.raises(LabellerError, match=r"does not hold results|holds results of other"):
            require_ours(project, [cell], folder)
    values["runs"][0]["cycles"][0]["right"] = "9:"
    cell.file(folder).write_text(json.dumps(values))
    with pytest.raises(LabellerError, match="does not hold results"):
        require_ours(project, [cell], folder)


def test_a_missing_encoder_is_reported(project, folder):
    method = replace(FAST, learner="frozen", encoder="timm:resnet18@/nowhere.safetensors")
    (cell,) = cells_of({"a": Plan(6, 4, 2, method=method, seeds=(0,))})
    (ended,) = run_cells(project.folder, [cell], folder, Workers())
    assert ended.state == FAILED and "nobody has chosen on this computer" in ended.why
    choose(method.encoder)
    (ended,) = run_cells(project.folder, [cell], folder, Workers())
    assert ended.state == FAILED and "The encoder 'timm:resnet18" in ended.why


@pytest.mark.slow
def test_learners_can_be_compared(project, folder, frozen):  # noqa: F811
    project.close()
    result = CliRunner().invoke(
        program,
        ["compare-methods", str(project.folder), "--output", str(folder), "--strategies", "margin",
         "--learners", "mobyv2al,frozen", "--baseline", "mobyv2al/margin", *SIZES, *TINY],
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    text = (folder / "report.md").read_text()
    assert "## Compared with mobyv2al/margin" in text and "| frozen/margin |" in text


@pytest.mark.slow
def test_a_comparison_can_run_in_parts(project, folder):
    project.close()
    for part in ("1/3", "2/3", "3/3"):
        assert (
            compare(project, folder, "--strategies", "random,margin", "--part", part).exit_code == 0
        )
    assert len(list(folder.glob("*.seed-*.json"))) == 4
    assert compare(project, folder, "--strategies", "random", "--part", "4/3").exit_code == 1
    assert compare(project, folder, "--strategies", "random", "--part", "x").exit_code == 2


@pytest.mark.slow
def test_a_killed_comparison_resumes_with_the_same_results(project, folder, tmp_path):
    project.close()
    command = [
        sys.executable, str(MAIN), "compare-methods", str(project.folder), "--learners", "mobyv2al",
        "--strategies", "random,margin,badge", *SIZES, *TINY, "--jobs", "2", "--output",
    ]  # fmt: skip
    killed = subprocess.Popen(
        [*command, str(folder)], stderr=subprocess.DEVNULL, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while not list(folder.glob("*.seed-*.json")) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    assert len(list(folder.glob("*.seed-*.json"))) < 6, "killed before it finished"
    subprocess.run([*command, str(folder)], check=True, stderr=subprocess.DEVNULL)
    undisturbed = tmp_path / "undisturbed"
    assert compare(project, undisturbed, "--strategies", "random,margin,badge").exit_code == 0
    assert picks(folder) == picks(undisturbed) and len(picks(folder)) == 6
    assert not list(folder.glob("*.unfinished")) and not list(folder.glob(".stop*"))


@pytest.mark.slow
def test_a_dask_cluster_gives_the_same_results(project, folder, tmp_path):
    from distributed import Client, LocalCluster

    here = tmp_path / "here"
    here.mkdir()
    cells = cells_of(plans("random", "margin"))
    run_cells(project.folder, cells, here, Workers())
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        workers = Workers(-1, "dask", cluster.scheduler_address, 1)
        ended = run_cells(project.folder, cells, folder, workers)
        assert len(client.scheduler_info()["workers"]) == 2
    assert [each.state for each in ended] == [DONE] * 4
    assert picks(folder) == picks(here)


@pytest.mark.parametrize("backend", ["dask", "ray"])
def test_without_a_cluster_no_port_is_opened(backend, monkeypatch):
    client = lambda *_, **__: pytest.fail("a cluster was started")  # noqa: E731
    for name in ("distributed", "ray", "ray.util", "ray.util.joblib"):
        package = types.ModuleType(name)
        package.Client = package.init = package.register_ray = client
        monkeypatch.setitem(sys.modules, name, package)
    with cluster(Workers(2, backend)):
        assert type(joblib.parallel.get_active_backend()[0]).__name__ == "LokyBackend"


def test_measured_reports_time_and_memory():
    with measured() as cost:
        held = bytearray(80_000_000)
        held[::4096] = b"x" * len(held[::4096])
        time.sleep(0.05)
        del held
    assert 0.04 < cost.seconds < 5 and 60e6 < cost.bytes < 400e6


def test_a_missing_backend_is_reported(project, folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    cells = cells_of(plans("random", seeds=(0,)))
    with pytest.raises(LabellerError, match=r"Install 'labeller\[research\]'"):
        run_cells(project.folder, cells, folder, Workers(2, "dask"))


def test_the_first_batch_of_the_frozen_learner_can_be_chosen(project, tmp_path, frozen):  # noqa: F811
    def first(how: str, strategy: str) -> list[str]:
        plan = Plan(6, 4, 1, method=Method(strategy=strategy, device="cpu"), first=how)
        return simulate(project, plan).runs[0].cycles[0].selected

    assert first("random", "margin") == first("", "random") == first("random", "random")
    assert first("centres", "random") == first("", "margin") != first("random", "margin")


def test_methods_differing_only_in_strategy_share_the_first_training(project, folder):
    several = plans("random", "margin", "learning-loss", seeds=(0,))
    shared = {name: replace(plan, first="random") for name, plan in several.items()}
    trained = []
    run = Run(report=lambda progress: trained.append(progress.cycle))
    run_cells(project.folder, cells_of(shared), folder, Workers(), run=run)
    first, later = (Cycle(0, number, 2) for number in (1, 2))
    turns = [cycle for cycle, _ in itertools.groupby(c for c in trained if c is not None)]
    alone = Cycle(0, 1, 1)
    assert turns == [alone, later, first, later], "the third trains an extra module"
    alike = {name: found[0] for name, found in picks(folder).items()}
    assert alike["random.seed-0.json"] == alike["margin.seed-0.json"]
    by_itself = simulate(project, shared["margin"])
    assert picks(folder)["margin.seed-0.json"] == [
        (c.selected, c.test_accuracy) for c in by_itself.runs[0].cycles
    ]
    assert (folder / ".first").is_dir()
    forget_first_cycles(cells_of(shared), folder)
    assert not (folder / ".first").exists()
