"""Branches that follow others as an exponential moving average of their parameters."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn


@torch.no_grad()
def follow(following: Sequence[Tensor], followed: Sequence[Tensor], momentum: float) -> None:
    """following ← momentum · following + (1 − momentum) · followed, for every parameter."""
    torch._foreach_lerp_(list(following), list(followed), 1 - momentum)


def freeze(*modules: nn.Module) -> list[nn.Parameter]:
    """The parameters of modules, which get no gradient from now on."""
    parameters = [each for module in modules for each in module.parameters()]
    for each in parameters:
        each.requires_grad_(False)
    return parameters
