"""How a model is trained and batches are chosen. One `Method` serves the command line, the window,
experiments, checkpoints and Python, and its names and defaults are defined only here. Importing
this does not import torch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labeller_models.encoders import ENCODERS
from labeller_models.registry import Registry, mark

from labeller.learning.learners import (
    FORMER,
    LEARNERS,
    WHOLE,
    Learner,
    TakesBudget,
    default_strategy,
    encoders_for,
    has_encoder,
    learner_named,
    trains_network,
)
from labeller.learning.recipe import QUICK, RECIPES, Recipe, recipe_named
from labeller.learning.self_supervised import SELF_SUPERVISED
from labeller.selection.strategies import STRATEGIES, Companion, Strategy, strategy_named

DEVICES = Registry("device")
DEVICES.add("auto", "auto", mark("Fastest available"))
DEVICES.add("cpu", "cpu", mark("Processor"))
DEVICES.add("cuda", "cuda", mark("NVIDIA GPU"))
DEVICES.add("mps", "mps", mark("Apple GPU"))


@dataclass(frozen=True)
class Method:
    """The names of everything that is used, and the recipe.

    Attributes:
        recipe: that of a network trained from scratch; may be given by name. If it is given without
            an encoder, such a network is trained.
        encoder, strategy: "" stands for the learner's default.
        seed: the seed of a training; None derives it from the project's seed and the run's number.
        learner: "" stands for the default one.
        budget_seconds: CPU seconds in which the last stages of a pretrained encoder are trained,
            without reading images; 0 trains as long as usual, and then the same labels and seed
            give the same model.
    """

    recipe: Recipe = None  # type: ignore[assignment]
    encoder: str = ""
    device: str = DEVICES.default
    seed: int | None = None
    strategy: str = ""
    learner: str = ""
    budget_seconds: float = 0.0

    def __post_init__(self) -> None:
        recipe, encoder, learner = self.recipe, self.encoder, self.learner
        if recipe is not None and not encoder and learner in ("", WHOLE):
            encoder = ENCODERS.default
        if isinstance(recipe, str):
            recipe = recipe_named(recipe)
        if not learner:
            learner = WHOLE if trains_network(encoder) else LEARNERS.default
        encoder = encoder or encoders_for(learner).default
        strategy = self.strategy or default_strategy(encoder)
        filled = {
            "recipe": recipe or QUICK, "encoder": encoder, "learner": learner, "strategy": strategy
        }  # fmt: skip
        for name, value in filled.items():
            object.__setattr__(self, name, value)

    def make_learner(self) -> Learner:
        """Raises LabellerError if there is none of this name."""
        learner = learner_named(self.learner, self.encoder, self.recipe)
        if isinstance(learner, TakesBudget):
            learner.budget_seconds = self.budget_seconds
        return learner

    def make_strategy(self) -> Strategy:
        """Raises LabellerError if there is none of this name."""
        return strategy_named(self.strategy)

    def companions(self) -> Sequence[Companion]:
        """The models to train along with the learner because the strategy needs them."""
        strategy = self.make_strategy()
        wanted = strategy.companion
        if trains_network(self.encoder):
            wanted = getattr(strategy, "network_companion", None) or wanted
        return () if wanted is None else (wanted,)

    def names(self) -> dict[str, str]:
        """The chosen names of `choices`, as they are stored and as the command line takes them."""
        return {
            "strategy": self.strategy, "learner": self.learner, "encoder": self.encoder,
            "recipe": self.recipe.name, "self_supervised": self.recipe.self_supervised,
            "device": self.device,
        }  # fmt: skip


def method_named(names: Mapping[str, Any]) -> Method:
    """The method with these of its names (as in `Method.names`), and defaults for the others. Names
    of learners that only earlier versions had are replaced.

    Raises:
        TypeError: there is no such kind of choice.
        ValueError: a name is not among `choices`.
    """
    chosen = dict(names)
    if chosen.get("learner") in FORMER:
        chosen["learner"] = FORMER[chosen["learner"]]
    recipe = chosen.pop("recipe", QUICK.name)
    self_supervised = chosen.pop("self_supervised", QUICK.self_supervised)
    found = Method(**chosen)
    known = choices(found.learner)
    given = {**found.names(), "recipe": recipe, "self_supervised": self_supervised}
    encoder = given.pop("encoder")
    if not all(each in known[name] for name, each in given.items()) or not (
        type(encoder) is str and has_encoder(found.learner, encoder)
    ):
        raise ValueError("the method asks for something unknown")
    if (recipe, self_supervised) != (QUICK.name, QUICK.self_supervised):
        chosen["recipe"] = recipe_named(recipe, self_supervised=self_supervised)
    return Method(**chosen)


def choices(learner: str) -> dict[str, Registry]:
    """What a person can choose by name, given the learner; each choice has a description."""
    return {
        "strategy": STRATEGIES, "learner": LEARNERS, "encoder": encoders_for(learner),
        "recipe": RECIPES, "self_supervised": SELF_SUPERVISED, "device": DEVICES,
    }  # fmt: skip
