"""`train` and `simulate` in two real processes over gloo on the CPU. Only one test launches
torchrun; the other starts its processes directly, which is quicker."""

import json
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
import torch

from labeller.learning.checkpoint import load_model
from labeller.learning.distributed import Team, this_team
from labeller.project.project import Project
from tests.cli.test_commands import MAIN, call, folder  # noqa: F401
from tests.learning.test_distributed import in_two_processes

pytestmark = pytest.mark.slow
RECIPE = ("--epochs", 3, "--steps-per-epoch", 6, "--batch-size", 8, "--device", "cpu")


def torchrun(*arguments: object) -> subprocess.CompletedProcess[str]:
    launcher = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2"]
    return subprocess.run(
        [*launcher, "--standalone", str(MAIN), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_a_simulation_with_two_processes_agrees_with_one(folder, tmp_path):  # noqa: F811
    asked = (folder, "--initial", 9, "--budget", 9, "--cycles", 2, *RECIPE, "--seed", 0)
    results = tmp_path / "together.json"
    done = torchrun("simulate", *asked, "--results", results)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("test accuracy") == 1  # only one process prints
    together = json.loads(results.read_text())["runs"][0]["cycles"]
    alone = json.loads(call("simulate", *asked, "--json").stdout)["runs"][0]["cycles"]
    assert [c["labelled"] for c in together] == [c["labelled"] for c in alone] == [9, 18]
    assert together[0]["selected"] == alone[0]["selected"]
    # Each process draws its own views, so weights differ; plain colours are learnt either way.
    for cycle in (together[-1], alone[-1]):
        assert cycle["test_accuracy"] > 0.85, "at most one of nine images is missed"


def train_in(team: Team, place: Path) -> dict:
    """Run `train` twice in a process that has already joined the team."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("labeller.learning.distributed.joined", lambda: nullcontext(this_team()))
        first = call("train", place / "project", *RECIPE)
        if team.leads:
            with Project(place / "project") as project:
                image_class = project.classes.all()
                images = project.images.candidates()[:12].tolist()
                project.labels.assign({i: image_class[i % 3].id for i in images}, "anna")
        second = call("train", place / "project", *RECIPE)
    spoken = torch.tensor([len(first.stderr), len(second.stdout)])
    codes = torch.tensor([first.exit_code, second.exit_code])
    said = first.stderr.count("labeller: There are no labels yet.")
    return {"codes": codes, "said": torch.tensor(said), "spoken": spoken}


def test_training_keeps_one_run_and_one_checkpoint(folder, tmp_path):  # noqa: F811
    """The first training is refused without a deadlock; the second one succeeds."""
    leading, following = in_two_processes(train_in, tmp_path)
    assert leading["codes"].tolist() == [1, 0] and int(leading["said"]) == 1
    assert following["codes"].tolist() == [0, 0] and following["spoken"].tolist() == [0, 0]
    with Project(folder) as project:
        (run,) = project.runs.all()
        assert run.state == "finished" and run.test_accuracy is not None
        network = load_model(project.folder / run.checkpoint)[0].network
    assert not any("Sync" in type(module).__name__ for module in network.modules())
