"""Modules that a strategy has trained along: beside features that are fixed, and in checkpoints."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from labeller.learning.batches import endless
from labeller.selection.strategies import Companion, companion_named

PREFIX = "companions."
"""What the names of their weights begin with."""
STEPS, BATCH, RATE, DECAY = 300, 64, 1e-3, 5e-4


def fit_companions(
    wanted: Sequence[Companion], features: Tensor, scores: Tensor, labels: Tensor, seed: int
) -> nn.ModuleDict:
    """Train modules on features that do not change.

    Args:
        features: of the labelled images, float32 [N, d].
        scores: of each under a model that was fitted without it, float32 [N, classes], so that its
            loss is that of an image which the model does not know.
        labels: from 0, long [N].
    """
    modules = nn.ModuleDict()
    if not wanted:
        return modules
    losses = F.cross_entropy(scores, labels, reduction="none")
    rng = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(seed)
        for each in wanted:
            modules[each.name] = each.build(features.shape[1])
        optimiser = torch.optim.Adam(modules.parameters(), RATE, weight_decay=DECAY)
        batches = endless(torch.arange(len(features)), min(BATCH, len(features)), rng)
        for _ in range(STEPS):
            rows = next(batches)
            loss = torch.stack(
                [module.loss(features[rows], losses[rows]) for module in modules.values()]  # type: ignore[operator]
            ).sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return modules.eval()


def companions_in(state: dict[str, Tensor]) -> list[Companion]:
    """Those whose weights a checkpoint holds and that are still known."""
    names = {key.split(".")[1] for key in state if key.startswith(PREFIX)}
    return [each for name in sorted(names) if (each := companion_named(name))]


def load_companions(state: dict[str, Tensor], dim: int) -> nn.ModuleDict:
    """The modules of a checkpoint, for features of so many dimensions."""
    modules = nn.ModuleDict({each.name: each.build(dim) for each in companions_in(state)})
    own = {name: state[f"{PREFIX}{name}"] for name in modules.state_dict()}
    modules.load_state_dict(own)
    return modules.eval()


def companion_state(modules: nn.ModuleDict) -> dict[str, Tensor]:
    """Their weights by the names that a checkpoint has."""
    return {f"{PREFIX}{name}": tensor for name, tensor in modules.state_dict().items()}
