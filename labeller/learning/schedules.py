"""Values that change over a training run, as plain functions of the progress."""

import math

from labeller.learning.recipe import Recipe


def learning_rate(recipe: Recipe, epoch: int) -> float:
    """The learning rate of an epoch, counted from 0 (section 4 for `step`)."""
    share = epoch / recipe.epochs
    if recipe.schedule == "cosine":
        return recipe.learning_rate * (1 + math.cos(math.pi * share)) / 2
    passed = sum(share >= milestone for milestone in recipe.milestones)
    return recipe.learning_rate * 0.1**passed


def key_momentum(start: float, step: int, steps: int) -> float:
    """The moving average's momentum at a step: from `start` to 1 as a cosine.

    1 − (1 − start) · (cos(π · step / steps) + 1) / 2, the schedule of BYOL (Grill et al., 2020)
    that MoBY took over.
    """
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2
