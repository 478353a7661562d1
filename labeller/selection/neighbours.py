"""Which images are most like others, by their features."""

import torch
from torch import Tensor

BLOCK = 4096
"""Points that are compared at once."""


def nearest(points: Tensor, among: Tensor) -> tuple[Tensor, Tensor]:
    """The Euclidean distance of each point to the nearest of some others, and which that is.

    Args:
        points, among: float [N, d] and [M, d], M at least 1.

    Returns:
        float [N], and long [N] of rows of `among`.
    """
    found = [torch.cdist(block, among).min(dim=1) for block in points.split(BLOCK)]
    return torch.cat([each.values for each in found]), torch.cat([each.indices for each in found])
