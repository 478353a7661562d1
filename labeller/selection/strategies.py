"""The strategies by name, behind one protocol."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from labeller.errors import LabellerError
from labeller.selection.coreset import k_center_greedy
from labeller.selection.random import choose_at_random


@dataclass(frozen=True)
class Situation:
    """What a strategy may look at: never a label of an image that was not revealed.

    Attributes:
        labelled, candidates: how many images are labelled and how many may be chosen.
        features: gives f_q(x) of the labelled images and then of the candidates,
            float32 [labelled + candidates, d]; only strategies that call it pay for it.
        seed: for strategies that draw.
    """

    labelled: int
    candidates: int
    features: Callable[[], Tensor]
    seed: int


class Strategy(Protocol):
    def __call__(self, situation: Situation, count: int) -> Tensor:
        """Places among the candidates, from 0, in the order of choice: long [count]."""


def coreset(situation: Situation, count: int) -> Tensor:
    rows = k_center_greedy(situation.features(), torch.arange(situation.labelled), count)
    return rows - situation.labelled


def random(situation: Situation, count: int) -> Tensor:
    return choose_at_random(situation.candidates, count, situation.seed)


STRATEGIES: dict[str, Strategy] = {"coreset": coreset, "random": random}
NEED_NO_MODEL = frozenset({"random"})


def strategy_named(name: str) -> Strategy:
    """Raises LabellerError where there is no such strategy."""
    if name not in STRATEGIES:
        raise LabellerError(
            f"There is no strategy '{name}'. Choose one of {', '.join(STRATEGIES)}."
        )
    return STRATEGIES[name]
