"""Strategies that compare images with each other look at a part of a very large pool."""

import torch
from torch import Tensor

from labeller.selection.strategies import Query


def some(query: Query, most: int) -> Tensor:
    """Places of at most so many candidates, but never fewer than are to be chosen: all of them, or
    some drawn at random; long, ascending."""
    count, most = len(query.candidates), max(most, query.count)
    if count <= most:
        return torch.arange(count)
    rng = torch.Generator().manual_seed(query.run.seed)
    return torch.randperm(count, generator=rng)[:most].sort().values
