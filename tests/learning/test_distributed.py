"""Two real processes over gloo must give the same result as one with the whole batch."""

import copy
import socket
from pathlib import Path

import numpy as np
import pytest
import torch
from labeller_models.encoder import CIFAR10
from torch import nn
from torch.multiprocessing import spawn

from labeller.core.errors import LabellerError
from labeller.core.run import Progress, Run
from labeller.learning import trainer
from labeller.learning.augment import Views
from labeller.learning.batches import PoolImages
from labeller.learning.distributed import ALONE, Team, joined, synchronise
from labeller.learning.recipe import recipe_named
from labeller.learning.trainer import TrainingSet

CPU = torch.device("cpu")
STEPS = {
    "epochs": 2, "steps_per_epoch": 2, "batch_size": 16, "queue_size": 24,
    "mixed_precision": False, "learning_rate": 1e-3,
}  # fmt: skip


def in_two_processes(work, folder: Path) -> list:
    """Run `work(team, folder)` in two processes and return their results in order of rank."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    spawn(_process, args=(work, folder, port), nprocs=2)
    return [torch.load(folder / f"{rank}.pt", weights_only=True) for rank in range(2)]


def _process(rank: int, work, folder: Path, port: int) -> None:
    import os

    torch.set_num_threads(1)
    os.environ.update(
        MASTER_ADDR="localhost", MASTER_PORT=str(port), WORLD_SIZE="2", RANK=str(rank),
        LOCAL_RANK=str(rank),
    )  # fmt: skip
    with joined() as team:
        torch.save(work(team, folder), folder / f"{rank}.pt")


def norm_and_inputs() -> tuple[nn.Module, torch.Tensor, torch.Tensor]:
    torch.manual_seed(3)
    norm = nn.Sequential(nn.BatchNorm2d(5)).double()
    nn.init.normal_(norm[0].weight)
    nn.init.normal_(norm[0].bias)
    inputs = torch.randn(8, 5, 3, 3, dtype=torch.double) * 4 + 7
    inputs[4:] += 5  # the two halves differ
    return norm, inputs, torch.randn_like(inputs)


def normalise(norm: nn.Module, inputs: torch.Tensor, weights: torch.Tensor) -> dict:
    inputs.requires_grad_()
    out = norm(inputs)
    (out * weights).sum().backward()
    layer = norm[0]
    return {
        "out": out.detach(), "grad": inputs.grad, "weight": layer.weight.grad,
        "mean": layer.running_mean, "var": layer.running_var, "seen": layer.num_batches_tracked,
    }  # fmt: skip


def normalise_a_half(team: Team, folder: Path) -> dict:
    norm, inputs, weights = norm_and_inputs()
    synchronise(norm, CPU)
    return normalise(norm, team.share(inputs).clone(), team.share(weights))


@pytest.mark.slow
def test_batch_norm_sees_the_whole_batch(tmp_path):
    first, second = in_two_processes(normalise_a_half, tmp_path)
    whole = normalise(*norm_and_inputs())
    for name in ("out", "grad"):
        assert torch.allclose(torch.cat([first[name], second[name]]), whole[name], atol=1e-6)
    assert torch.allclose(first["weight"] + second["weight"], whole["weight"], atol=1e-5)
    for half in (first, second):
        assert torch.allclose(half["mean"], whole["mean"])
        assert torch.allclose(half["var"], whole["var"])
        assert half["seen"] == whole["seen"] == 1


def same_views(images: torch.Tensor, *_: object) -> Views:
    """Deterministic views that differ from each other."""
    weak, strong = CIFAR10.normalised(images), CIFAR10.normalised(images.flip(3) * 0.8)
    return Views(weak, strong, CIFAR10.normalised(images.flip(2)), CIFAR10.normalised(1 - images))


def train(team: Team, folder: Path, objective: str) -> dict:
    pool = PoolImages(np.load(folder / "pool.npy", mmap_mode="r"), CPU)
    rows = torch.arange(80)
    data = TrainingSet(rows[:20], rows[:20] % 2, rows[20:80], rows[:0], rows[:0], 2)
    recipe = recipe_named("quick", objective=objective, **STEPS)
    result: list[Progress] = []
    network = trainer.train(pool, data, "resnet-small", recipe, Run(0, result.append), team).network
    losses = [list(p.metrics.losses.values()) for p in result if p.metrics is not None]
    return {**network.state_dict(), "losses": torch.tensor(losses)}


def train_together(team: Team, folder: Path) -> dict:
    trainer.draw_views = same_views
    trainer.weak_view = lambda images, rng: images
    return {
        f"{objective} {name}": value
        for objective in trainer.STAGES
        for name, value in train(team, folder, objective).items()
    }


@pytest.fixture
def usual_threads():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.mark.slow
def test_two_processes_train_the_same_weights_as_one(tmp_path, monkeypatch, usual_threads):
    images = np.random.default_rng(0).integers(0, 255, (80, 16, 16, 3))
    np.save(tmp_path / "pool.npy", images.astype(np.uint8))
    first, second = in_two_processes(train_together, tmp_path)
    torch.set_num_threads(2)  # splits sums like two processes, which limits rounding differences
    monkeypatch.setattr(trainer, "draw_views", same_views)
    monkeypatch.setattr(trainer, "weak_view", lambda images, rng: images)
    for objective in trainer.STAGES:
        for name, alone in train(ALONE, tmp_path, objective).items():
            ours, others = first[f"{objective} {name}"], second[f"{objective} {name}"]
            assert torch.allclose(ours.double(), others.double(), atol=1e-6), (objective, name)
            if objective != "mixmatch":  # each process mixes images within its own part of a batch
                assert torch.allclose(ours.double(), alone.double(), atol=1e-4), (objective, name)


def test_an_indivisible_batch_size_is_refused():
    with pytest.raises(
        LabellerError, match=r"of 64 cannot be shared by 3 .* multiple of 3"
    ) as result:
        Team(0, 3).check_batch_size(64)
    assert result.value.settings == ("batch_size",)


def test_a_team_of_one_passes_everything_through():
    team, batch = ALONE, torch.arange(6)
    module = nn.Linear(2, 2)
    before = copy.deepcopy(module)
    team.synchronised(module, CPU)
    assert team.averaging(module) is module and str(module) == str(before)
    assert team.share(batch) is not None and torch.equal(team.share(batch), batch)
    assert team.gather(batch) is batch and team.agree(True) and team.tell("x") == "x"
