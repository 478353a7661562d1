"""How images are learnt and chosen: one `Method` goes to training and to selection. This is the one
place that says what there is and what the defaults are; importing it does not import torch."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from labeller_models.registry import Registry

from labeller.learning.learners import (
    LEARNERS,
    Learner,
    encoders_for,
    learner_named,
    usual_strategy,
)
from labeller.learning.recipe import QUICK, RECIPES, Recipe, recipe_named
from labeller.learning.self_supervised import SELF_SUPERVISED
from labeller.selection.strategies import STRATEGIES, Companion, Strategy, strategy_named

DEVICES = Registry("device")
DEVICES.add("auto", "auto", "Fastest available")
DEVICES.add("cpu", "cpu", "Processor")
DEVICES.add("cuda", "cuda", "NVIDIA GPU")
DEVICES.add("mps", "mps", "Apple GPU")


@dataclass(frozen=True)
class Method:
    """Names of what is used, and the recipe.

    Attributes:
        recipe: of learners that train a network; also by its name.
        learner: "" takes the default one.
        encoder, strategy: "" takes the learner's usual one.
        seed: of a training; None takes one that follows from the project's and the run's number.
    """

    recipe: Recipe = field(default=QUICK)
    encoder: str = ""
    device: str = DEVICES.default
    seed: int | None = None
    strategy: str = ""
    learner: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.recipe, str):
            object.__setattr__(self, "recipe", recipe_named(self.recipe))
        object.__setattr__(self, "learner", self.learner or LEARNERS.default)
        object.__setattr__(self, "encoder", self.encoder or encoders_for(self.learner).default)
        object.__setattr__(self, "strategy", self.strategy or usual_strategy(self.learner))

    def make_learner(self) -> Learner:
        """Raises LabellerError where there is none of this name."""
        return learner_named(self.learner, self.encoder, self.recipe)

    def make_strategy(self) -> Strategy:
        """Raises LabellerError where there is none of this name."""
        return strategy_named(self.strategy)

    def companions(self) -> Sequence[Companion]:
        """What is trained along, since the strategy will ask it."""
        wanted = self.make_strategy().companion
        return () if wanted is None else (wanted,)


def choices(learner: str) -> dict[str, Registry]:
    """What a person can choose from by name, each with a line about it, where this one learns."""
    return {
        "strategy": STRATEGIES, "learner": LEARNERS, "encoder": encoders_for(learner),
        "recipe": RECIPES, "self_supervised": SELF_SUPERVISED, "device": DEVICES,
    }  # fmt: skip
