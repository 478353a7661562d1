"""Recipes: every value of a training run by name, each of which can be overridden, and the learning
rates and stages derived from them."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from labeller_models.registry import Registry, mark

from labeller.core.errors import LabellerError, NewerFormat, require_known
from labeller.learning.options import MoBYOptions, check_settings, setting
from labeller.learning.self_supervised import SELF_SUPERVISED

POOL_STEPS = (16, 40)
"""Minimum and maximum steps of an epoch that draws a share of the pool."""


@dataclass(frozen=True)
class Recipe:
    """The values of a training run; the `help` in each field's metadata explains it.

    The defaults are the paper's. A field added later must default to the previous behaviour, since
    runs of earlier versions are read that way.
    """

    name: str
    epochs: int = setting(200, "Epochs; of each stage if there are two.", above=0)
    steps_per_epoch: int | None = setting(
        None, "A fixed number of labelled batches in an epoch.", above=0
    )
    pool_share: float | None = setting(
        None,
        "Share of the unlabelled images that an epoch draws, within 16 to 40 steps. By default "
        "an epoch is a pass over the labelled or the unlabelled images, whichever are more.",
        above=0,
    )
    batch_size: int = setting(
        128, "Images in a batch, labelled or unlabelled; batch norm needs several.", least=2
    )
    learning_rate: float = setting(0.01, "Initial learning rate of SGD.", above=0)
    schedule: str = setting(
        "step",
        "'step' divides the rate by ten at each milestone, 'cosine' decays it smoothly.",
        choices=("step", "cosine"),
    )
    milestones: tuple[float, ...] = setting(
        (0.6, 0.8), "Milestones of the 'step' schedule as fractions of the epochs, such as 0.6,0.8."
    )
    momentum: float = setting(0.9, "SGD momentum.", least=0)
    weight_decay: float = setting(5e-4, "SGD weight decay.", least=0)
    contrastive_weight: float = setting(
        0.5, "Weight of the contrastive loss (λ_c in equation 4).", least=0
    )
    objective: str = setting(
        "joint",
        "'joint': equation (4); 'multi-stage': the contrastive loss, then the labels; "
        "'supervised': the labels alone; 'mixmatch': mixtures of labelled and unlabelled images.",
        choices=("joint", "multi-stage", "supervised", "mixmatch"),
    )
    consistency_weight: float = setting(
        75.0, "Final weight of MixMatch's consistency loss (λ_U), which ramps up.", least=0
    )
    self_supervised: str = setting(
        "mobyv2", f"Self-supervised method, one of {', '.join(SELF_SUPERVISED)}."
    )
    unlabelled: str = setting(
        "random",
        "As many unlabelled images as labelled ones, at 'random' or those of 'lowest-loss' under "
        "the previous model (section 4.2); or 'all' of the pool (Table 1).",
        choices=("random", "lowest-loss", "all"),
    )
    dropout: float = setting(
        0.0,
        "Share of the values that dropout drops after each stage of the network; MC Dropout and "
        "BALD use it, and drop features without.",
        least=0,
        most=0.9,
    )
    pretrained: bool = setting(False, "Start from torchvision's ImageNet weights.")
    mixed_precision: bool = setting(True, "Use bfloat16 for matrix products where that is faster.")
    options: Any = None
    """Options of the self-supervised method (`Registry.options`), a frozen dataclass."""

    def __post_init__(self) -> None:
        """Replace options of another method by this one's defaults."""
        if self.self_supervised in SELF_SUPERVISED:
            wanted = SELF_SUPERVISED.options(self.self_supervised)
            if type(self.options) is not wanted:
                object.__setattr__(self, "options", wanted())

    def steps(self, labelled: int, unlabelled: int) -> int:
        """Labelled batches in an epoch, given the numbers of labelled and unlabelled images."""
        if self.steps_per_epoch is not None:
            return self.steps_per_epoch
        if self.pool_share is not None:
            fewest, most = POOL_STEPS
            return min(max(math.ceil(self.pool_share * unlabelled / self.batch_size), fewest), most)
        return math.ceil(max(labelled, unlabelled) / self.batch_size)

    def changes(self) -> dict[str, Any]:
        """Differences from the recipe of its name, as `recipe_named` takes them."""
        named = RECIPES[self.name]
        found = {
            each.name: getattr(self, each.name)
            for each in OVERRIDABLE
            if getattr(self, each.name) != getattr(named, each.name)
        }
        for each in fields(self.options):
            value = getattr(self.options, each.name)
            if value != getattr(named.options, each.name, None):
                found[each.name] = value
        return found

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


# Section 4 of the paper; momentum and weight decay as in the authors' published code.
PAPER = Recipe(name="paper", options=MoBYOptions(queue_start="keys"))

# The same method in a time that people will wait for at a CPU: the number of steps follows the pool
# within bounds and does not grow with the labels; a larger learning rate, which decays smoothly,
# makes do with fewer.
QUICK = replace(
    PAPER,
    name="quick",
    epochs=12,
    pool_share=0.25,
    batch_size=32,
    learning_rate=0.1,
    schedule="cosine",
    milestones=(),
    unlabelled="all",
    options=MoBYOptions(queue_size=1024),
)

# Quick has too few steps for more than a few hundred labels: on the demo with 1,600 of them it
# reached 46 %, six times as many steps 89 %.
THOROUGH = replace(QUICK, name="thorough", epochs=72)

RECIPES = Registry("recipe")
RECIPES.add("quick", QUICK, mark("Quick: under a minute for small pools"))
RECIPES.add(
    "thorough", THOROUGH, mark("Thorough: six times as long; worth it with several hundred labels")
)
RECIPES.add("paper", PAPER, mark("Paper: 200 epochs as published; hours without a GPU"))
OVERRIDABLE = tuple(each for each in fields(Recipe) if each.metadata)


def recipe_named(name: str, **overrides: Any) -> Recipe:
    """A recipe with some values replaced; overrides that are None are ignored.

    Args:
        overrides: values of the recipe or of its self-supervised method's options.

    Raises:
        LabellerError: there is no such recipe, a value is out of range, or the method has no such
            option.
    """
    require_known(RECIPES.kind, name, RECIPES)
    chosen = {key: value for key, value in overrides.items() if value is not None}
    own = {each.name: chosen.pop(each.name) for each in OVERRIDABLE if each.name in chosen}
    method = own.get("self_supervised", RECIPES[name].self_supervised)
    require_known(SELF_SUPERVISED.kind, method, SELF_SUPERVISED)
    recipe = replace(RECIPES[name], **own)
    known = {each.name for each in fields(recipe.options)}
    for key in chosen:
        if key not in known:
            raise LabellerError(
                "The self-supervised method '{method}' has no {option}.",
                settings=[key],
                method=method,
                option=key.replace("_", " "),
            )
    recipe = replace(recipe, options=replace(recipe.options, **chosen))
    check_settings(recipe)
    check_settings(recipe.options)
    return recipe


def recipe_from(values: Mapping[str, Any]) -> Recipe:
    """The recipe that `Recipe.as_dict` wrote, also through JSON. Values that an earlier version did
    not know get their defaults; one that did not nest options had those of MoBYv2 at the top level.

    Raises:
        NewerFormat: a later version wrote values that this one does not know.
        TypeError: the name is missing.
    """
    values = dict(values)
    method = values.get("self_supervised", PAPER.self_supervised)
    if method not in SELF_SUPERVISED:
        raise NewerFormat(
            "its self-supervised method '{method}' is unknown to this version", method=method
        )
    kind = SELF_SUPERVISED.options(method)
    of_moby = {each.name for each in fields(MoBYOptions)}
    beside = {key: values.pop(key) for key in of_moby & set(values)}
    options = values.pop("options", beside if kind is MoBYOptions else {})
    _require_known(values, Recipe)
    _require_known(options, kind)
    if "milestones" in values:
        values["milestones"] = tuple(values["milestones"])
    return Recipe(**values, options=kind(**options))


def _require_known(values: Mapping[str, Any], kind: type) -> None:
    if unknown := sorted(set(values) - {each.name for each in fields(kind)}):
        raise NewerFormat(
            "its recipe has '{unknown}', which this version does not know", unknown=unknown[0]
        )


def learning_rate(recipe: Recipe, epoch: int) -> float:
    """The learning rate of an epoch, from 0 (section 4 for `step`)."""
    share = epoch / recipe.epochs
    if recipe.schedule == "cosine":
        return recipe.learning_rate * (1 + math.cos(math.pi * share)) / 2
    passed = sum(share >= milestone for milestone in recipe.milestones)
    return recipe.learning_rate * 0.1**passed


def key_momentum(start: float, step: int, steps: int) -> float:
    """The moving average's momentum at a step, rising from `start` to 1 as a cosine.

    1 − (1 − start) · (cos(π · step / steps) + 1) / 2, the schedule of BYOL (Grill et al., 2020)
    that MoBY adopted.
    """
    return 1 - (1 - start) * (math.cos(math.pi * step / steps) + 1) / 2


@dataclass(frozen=True)
class Stage:
    """What an epoch trains on: the labels, the contrastive loss, both at once, or mixtures of
    labelled and unlabelled images."""

    classifies: bool
    contrasts: bool
    mixes: bool = False


STAGES = {
    "joint": (Stage(True, True),),
    "multi-stage": (Stage(False, True), Stage(True, False)),  # Table 3, left
    "supervised": (Stage(True, False),),
    "mixmatch": (Stage(True, False, mixes=True),),  # Table 1, CSAL
}
