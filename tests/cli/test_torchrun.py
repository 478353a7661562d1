"""`train` and `simulate` under torchrun: two real processes over gloo on the CPU."""

import json
import subprocess
import sys

import pytest

from labeller.learning.checkpoint import load_model
from labeller.project.project import Project
from tests.cli.test_commands import MAIN, call, folder  # noqa: F401

pytestmark = pytest.mark.slow
RECIPE = ("--epochs", 4, "--steps-per-epoch", 8, "--batch-size", 8, "--device", "cpu")


def torchrun(*arguments: object) -> subprocess.CompletedProcess[str]:
    launcher = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2"]
    return subprocess.run(
        [*launcher, "--standalone", str(MAIN), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_a_simulation_of_two_processes_tells_what_one_alone_tells(folder, tmp_path):  # noqa: F811
    asked = (folder, "--initial", 9, "--budget", 9, "--cycles", 2, *RECIPE, "--seed", 0)
    results = tmp_path / "together.json"
    done = torchrun("simulate", *asked, "--results", results)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("test accuracy") == 1  # one process alone speaks
    together = json.loads(results.read_text())["runs"][0]["cycles"]
    alone = json.loads(call("simulate", *asked, "--json").stdout)["runs"][0]["cycles"]
    assert [c["labelled"] for c in together] == [c["labelled"] for c in alone] == [9, 18]
    assert together[0]["selected"] == alone[0]["selected"]
    for cycle, other in zip(together, alone, strict=True):
        # Three plain colours: either way it tells them apart, or misses a few of nine images.
        assert abs(cycle["test_accuracy"] - other["test_accuracy"]) < 0.4
    assert together[-1]["test_accuracy"] > 0.6


def test_training_keeps_one_run_and_one_checkpoint(folder):  # noqa: F811
    refused = torchrun("train", folder, *RECIPE)  # and nobody waits for ever
    assert refused.returncode == 1
    assert refused.stderr.count("labeller: There are no labels yet.") == 1
    with Project(folder) as project:
        assert not project.runs.all()
        image_class = project.classes.all()
        images = project.images.candidates()[:12].tolist()
        project.labels.assign({i: image_class[i % 3].id for i in images}, "anna")
    done = torchrun("train", folder, *RECIPE)
    assert done.returncode == 0, done.stderr
    with Project(folder) as project:
        run = project.runs.all()[-1]
        assert run.state == "finished" and run.test_accuracy is not None
        network = load_model(project.folder / run.checkpoint)[0].network
    assert not any("Sync" in type(module).__name__ for module in network.modules())
