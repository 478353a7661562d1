"""Modules that a strategy wants trained along with a model: on fixed features, in checkpoints."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from labeller.core.run import Run
from labeller.selection.strategies import Companion, companion_named
from labeller.selection.training import batches, descend, seeded, steps

PREFIX = "companions."
"""Of the names of their weights in a checkpoint."""
STEPS, BATCH, RATE, DECAY = 300, 64, 1e-3, 5e-4


def fit_companions(
    wanted: Sequence[Companion], features: Tensor, scores: Tensor, labels: Tensor, run: Run
) -> nn.ModuleDict:
    """Train modules on features that do not change.

    Args:
        features: of the labelled images, float32 [N, d].
        scores: out-of-fold class scores, float32 [N, classes], since a head has next to no loss on
            images that it was fitted to.
        labels: from 0, long [N].

    Raises:
        Cancelled: `run.should_stop` said so.
    """
    modules = nn.ModuleDict()
    if not wanted:
        return modules
    losses = F.cross_entropy(scores, labels, reduction="none")
    with seeded(run.seed) as rng:
        for each in wanted:
            modules[each.name] = each.build(features.shape[1])
        optimiser = torch.optim.Adam(modules.parameters(), RATE, weight_decay=DECAY)
        drawn = batches(len(features), BATCH, rng)
        for _ in steps(run, "Training", STEPS):
            rows = next(drawn)
            of_each = [
                module.loss(features[rows], losses[rows])  # type: ignore[operator]
                for module in modules.values()
            ]
            descend(optimiser, torch.stack(of_each).sum())
    return modules.eval()


def companions_in(state: dict[str, Tensor]) -> list[Companion]:
    """The companions whose weights a checkpoint holds, as far as a strategy still knows them."""
    names = {key.split(".")[1] for key in state if key.startswith(PREFIX)}
    return [each for name in sorted(names) if (each := companion_named(name))]


def load_companions(state: dict[str, Tensor], dim: int) -> nn.ModuleDict:
    """The modules of a checkpoint, for features [N, dim]."""
    modules = nn.ModuleDict({each.name: each.build(dim) for each in companions_in(state)})
    own = {name: state[f"{PREFIX}{name}"] for name in modules.state_dict()}
    modules.load_state_dict(own)
    return modules.eval()


def companion_state(modules: nn.ModuleDict) -> dict[str, Tensor]:
    """Their weights under the names that checkpoints use."""
    return {f"{PREFIX}{name}": tensor for name, tensor in modules.state_dict().items()}
