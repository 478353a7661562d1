"""Recipes: every value of a training run, by name, each of which can be overridden."""

import math
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from labeller.core.errors import LabellerError, NewerFormat, require_known
from labeller.learning.self_supervised import SELF_SUPERVISED

POOL_STEPS = (16, 40)
"""Fewest and most steps of an epoch that draws a share of the pool."""

CHOICES = {
    "schedule": ("step", "cosine"),
    "objective": ("joint", "multi-stage", "supervised"),
    "views": ("weak-strong", "strong", "weak"),
    "heads": ("single", "moby"),
    "unlabelled": ("random", "lowest-loss", "all"),
}
"""The words that a value may take; the first one is the paper's."""


def _value(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"help": meaning})


@dataclass(frozen=True)
class Recipe:
    """The values of a training run; `help` in a field's metadata says what it means.

    The defaults are the paper's. A field that is added later must default to what was done before
    there was one: that is how runs of earlier versions are read.
    """

    name: str
    epochs: int = _value(200, "Epochs, of each stage where there are two.")
    steps_per_epoch: int | None = _value(None, "A fixed number of labelled batches in an epoch.")
    pool_share: float | None = _value(
        None,
        "Share of the unlabelled images that an epoch draws, within 16 to 40 steps; without it "
        "an epoch is one pass over the labelled or the unlabelled images, whichever is longer.",
    )
    batch_size: int = _value(128, "Images in a batch, labelled or not.")
    learning_rate: float = _value(0.01, "Initial learning rate of SGD.")
    schedule: str = _value(
        "step", "'step' divides the rate by ten at each milestone, 'cosine' fades it."
    )
    milestones: tuple[float, ...] = _value(
        (0.6, 0.8), "When the 'step' schedule drops, as shares of the epochs, such as 0.6,0.8."
    )
    momentum: float = _value(0.9, "SGD momentum.")
    weight_decay: float = _value(5e-4, "SGD weight decay.")
    queue_size: int = _value(4096, "Keys in each queue (m).")
    temperature: float = _value(0.2, "Temperature of the contrastive loss (τ in equation 1).")
    contrastive_weight: float = _value(0.5, "Weight of the contrastive loss (λ_c in equation 4).")
    key_momentum: float = _value(
        0.99, "Initial momentum of the key branch's moving average; it rises to 1 as a cosine."
    )
    objective: str = _value(
        "joint",
        "'joint' is equation (4), 'multi-stage' the contrastive loss first and then the labels, "
        "'supervised' the labels alone.",
    )
    self_supervised: str = _value(
        "mobyv2", f"Self-supervised method, one of {', '.join(SELF_SUPERVISED)}."
    )
    views: str = _value(
        "weak-strong", "'strong' augments both views strongly, as MoBY does; 'weak' neither."
    )
    heads: str = _value("single", "'single' layers with batch norm and ReLU, or MoBY's two layers.")
    projector: bool = _value(True, "Whether there is a projector.")
    predictor: bool = _value(True, "Whether there is a predictor.")
    unlabelled: str = _value(
        "random",
        "As many unlabelled images as labelled ones, drawn at 'random' or those of 'lowest-loss' "
        "under the model before (section 4.2); or 'all' of the pool (Table 1).",
    )
    pretrained: bool = _value(False, "Start from torchvision's ImageNet weights.")
    mixed_precision: bool = _value(
        True, "Use bfloat16 for matrix products where the hardware gains by it."
    )

    def steps(self, labelled: int, unlabelled: int) -> int:
        """Labelled batches in an epoch that uses so many labelled and unlabelled images."""
        if self.steps_per_epoch is not None:
            return self.steps_per_epoch
        if self.pool_share is not None:
            fewest, most = POOL_STEPS
            return min(max(math.ceil(self.pool_share * unlabelled / self.batch_size), fewest), most)
        return math.ceil(max(labelled, unlabelled) / self.batch_size)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


# Section 4 of the paper; momentum and weight decay as in the authors' published code.
PAPER = Recipe(name="paper")

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

# Quick has too few steps for more than some hundred labels: on the demo with 1,600 of them it
# reached 46 %, six times as many steps 89 % (docs/guide.md, "Suggestions").
THOROUGH = replace(QUICK, name="thorough", epochs=72)

RECIPES = {recipe.name: recipe for recipe in (QUICK, THOROUGH, PAPER)}
OVERRIDABLE = tuple(each for each in fields(Recipe) if each.name != "name")
_POSITIVE = (
    "epochs", "steps_per_epoch", "pool_share", "learning_rate", "queue_size", "temperature",
)  # fmt: skip


def recipe_named(name: str, **overrides: Any) -> Recipe:
    """A recipe with some values replaced; overrides that are None are left out.

    Raises:
        LabellerError: there is no such recipe, or a value is out of range.
    """
    require_known("recipe", name, RECIPES)
    chosen = {key: value for key, value in overrides.items() if value is not None}
    recipe = replace(RECIPES[name], **chosen)
    for key, words in CHOICES.items():
        if getattr(recipe, key) not in words:
            raise LabellerError(
                f"{_spoken(key)} must be one of {', '.join(words)}, not '{getattr(recipe, key)}'."
            )
    require_known(SELF_SUPERVISED.kind, recipe.self_supervised, SELF_SUPERVISED)
    for key in _POSITIVE:
        value = getattr(recipe, key)
        if value is not None and not value > 0:
            raise LabellerError(f"{_spoken(key)} must be larger than 0.")
    if recipe.batch_size < 2:
        raise LabellerError("Batch size must be at least 2: batch norm compares images.")
    for key in ("momentum", "key_momentum", "weight_decay", "contrastive_weight"):
        if getattr(recipe, key) < 0:
            raise LabellerError(f"{_spoken(key)} must not be negative.")
    if not 0 <= recipe.key_momentum <= 1:
        raise LabellerError("Key momentum must lie between 0 and 1.")
    return recipe


def recipe_from(values: dict[str, Any]) -> Recipe:
    """The recipe that `Recipe.as_dict` wrote, also after JSON made lists of tuples. Values that an
    earlier version did not know have their defaults.

    Raises:
        NewerFormat: a later version wrote values that this one does not know.
        TypeError: the name is missing.
    """
    if unknown := sorted(set(values) - {each.name for each in fields(Recipe)}):
        raise NewerFormat(f"its recipe has '{unknown[0]}', which this version does not know")
    milestones = {"milestones": tuple(values["milestones"])} if "milestones" in values else {}
    return Recipe(**{**values, **milestones})


def _spoken(key: str) -> str:
    return key.replace("_", " ").capitalize()
