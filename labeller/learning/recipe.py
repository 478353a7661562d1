"""Recipes: every value of a training run, by name, each of which can be overridden."""

import math
from dataclasses import asdict, dataclass, replace
from typing import Any

from labeller.errors import LabellerError

POOL_STEPS = (16, 40)
"""Fewest and most steps of an epoch that draws a share of the pool."""


@dataclass(frozen=True)
class Recipe:
    """The values of a training run.

    Attributes:
        epochs: how many; `steps` says how long each is.
        steps_per_epoch: labelled batches in an epoch, where they are fixed.
        pool_share: share of the unlabelled images that an epoch draws, within `POOL_STEPS`; where
            both are None, an epoch is one pass over the labelled images.
        batch_size: images in a batch, labelled or not.
        learning_rate: of SGD, at the start.
        schedule: `step` divides it by ten at each of `milestones`; `cosine` lowers it to nothing.
        milestones: shares of the epochs.
        momentum, weight_decay: of SGD.
        queue_size: m, keys in each queue.
        temperature: τ of equation (1).
        contrastive_weight: λ_c of equation (4).
        key_momentum: of the moving average at the start; it rises to 1 as a cosine.
        unlabelled: `matched` draws as many images as are labelled, `all` uses the whole pool.
        mixed_precision: bfloat16 in the networks' matrix products.
    """

    name: str
    epochs: int
    steps_per_epoch: int | None
    pool_share: float | None
    batch_size: int
    learning_rate: float
    schedule: str
    milestones: tuple[float, ...]
    momentum: float
    weight_decay: float
    queue_size: int
    temperature: float
    contrastive_weight: float
    key_momentum: float
    unlabelled: str
    mixed_precision: bool

    def steps(self, labelled: int, unlabelled: int) -> int:
        """Labelled batches in an epoch, for so many labelled and unlabelled images."""
        if self.steps_per_epoch is not None:
            return self.steps_per_epoch
        if self.pool_share is not None:
            fewest, most = POOL_STEPS
            return min(max(math.ceil(self.pool_share * unlabelled / self.batch_size), fewest), most)
        return math.ceil(labelled / self.batch_size)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


# Section 4 of the paper; momentum and weight decay as in the authors' published code.
PAPER = Recipe(
    name="paper",
    epochs=200,
    steps_per_epoch=None,
    pool_share=None,
    batch_size=128,
    learning_rate=0.01,
    schedule="step",
    milestones=(0.6, 0.8),
    momentum=0.9,
    weight_decay=5e-4,
    queue_size=4096,
    temperature=0.2,
    contrastive_weight=0.5,
    key_momentum=0.99,
    unlabelled="matched",
    mixed_precision=True,
)

# The same method in a time that a person at a CPU will wait for: the number of steps follows the
# pool within bounds and does not grow with the labels, and a larger learning rate that falls
# smoothly makes do with fewer.
QUICK = replace(
    PAPER,
    name="quick",
    epochs=12,
    pool_share=0.25,
    batch_size=32,
    learning_rate=0.1,
    schedule="cosine",
    milestones=(),
    queue_size=1024,
    unlabelled="all",
)

RECIPES = {recipe.name: recipe for recipe in (QUICK, PAPER)}


def recipe_named(name: str, **overrides: Any) -> Recipe:
    """A recipe with some values replaced; overrides that are None are left out.

    Raises:
        LabellerError: there is no such recipe, or a number is not positive.
    """
    if name not in RECIPES:
        raise LabellerError(f"There is no recipe '{name}'. Choose one of {', '.join(RECIPES)}.")
    chosen = {key: value for key, value in overrides.items() if value is not None}
    for key in ("epochs", "batch_size"):
        if chosen.get(key, 1) < 1:
            raise LabellerError(f"{key.replace('_', ' ').capitalize()} must be at least 1.")
    return replace(RECIPES[name], **chosen)
