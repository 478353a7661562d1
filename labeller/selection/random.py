"""Uniformly at random: the initial round of every strategy, and the baseline."""

import torch
from torch import Tensor

from labeller.selection.strategies import Query


def choose_at_random(candidates: int, count: int, seed: int) -> Tensor:
    """`count` different places out of `candidates`, long [count]; the same for the same seed.

    Raises:
        ValueError: there are fewer candidates.
    """
    if count > candidates:
        raise ValueError(f"{count} picks from {candidates} candidates")
    order = torch.randperm(candidates, generator=torch.Generator().manual_seed(seed))
    return order[:count]


class Random:
    needs_model = False
    companion = None

    def scores(self, query: Query) -> None:
        """All are alike."""

    def choose(self, query: Query) -> Tensor:
        return choose_at_random(len(query.candidates), query.count, query.run.seed)
