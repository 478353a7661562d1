"""What a simulation does, for whoever asks for it: the command line, the window, the paper."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from labeller.core.errors import LabellerError
from labeller.learning.learners import WHOLE, trains_network
from labeller.learning.recipe import recipe_from
from labeller.loop.method import Method


@dataclass(frozen=True)
class Imbalance:
    """The first `classes` classes, in the project's order, keep `kept` images each in the pool."""

    classes: int
    kept: int


@dataclass(frozen=True)
class Plan:
    """A simulation, over one seed or several.

    Attributes:
        initial: random labels of the first cycle; None takes the whole pool.
        budget, cycles: labels more in each further cycle, and how many cycles there are.
        subset: candidates drawn at random before each selection; None takes the whole pool.
        first: how the first batch is chosen: `random`, `centres` of clusters, or "" for what the
            learner and the strategy usually begin with.
        pool: so many images, drawn at random by the seed, are the whole pool; None takes all.
        measures_pool: also measure each class's accuracy over the pool, by the hidden labels.
    """

    initial: int | None
    budget: int
    cycles: int
    method: Method = field(default_factory=Method)
    seeds: Sequence[int] = (0,)
    subset: int | None = None
    imbalance: Imbalance | None = None
    first: str = ""
    pool: int | None = None
    measures_pool: bool = False

    def check(self) -> None:
        """Raises LabellerError for what could not be simulated."""
        whole = (self.initial, self.budget, self.cycles, *self.seeds)
        if any(type(value) is not int for value in whole if value is not None):
            raise LabellerError("Images, cycles and seeds are whole numbers.")
        if min(self.initial or 1, self.budget, self.cycles) < 1 or self.initial == 0:
            raise LabellerError("Images and cycles are at least 1.")
        if not self.seeds or len(set(self.seeds)) < len(self.seeds) or min(self.seeds) < 0:
            raise LabellerError("Give one or more different seeds, 0 or higher.")

        if self.first == "centres" and trains_network(self.method.learner):
            raise LabellerError(
                "A first batch at cluster centres needs a pretrained encoder. Start at random.",
                settings=["first"],
            )

    def check_size(self, available: int) -> None:
        """Raises LabellerError where a pool with so many images is too small."""
        wanted = (available if self.initial is None else self.initial) + self.added
        if wanted > available:
            raise LabellerError(
                "That would label {wanted} images, but the pool has only {available}.",
                wanted=wanted,
                available=available,
            )

    @property
    def added(self) -> int:
        """Labels that follow on the first ones."""
        return self.budget * (self.cycles - 1)

    def as_dict(self) -> dict[str, Any]:
        """All that decides the results, but the seeds, as JSON has it."""
        values = asdict(self)
        options = values.pop("method")
        strategy = options.pop("strategy")
        if options["learner"] == WHOLE:
            del options["learner"]  # as when there was no other
        del values["seeds"]
        for name in ("first", "pool", "measures_pool"):
            if not values[name]:
                del values[name]  # as before there were any
        return json.loads(json.dumps({**values, "strategy": strategy, "options": options}))


def as_now(written: dict[str, Any]) -> dict[str, Any]:
    """What an earlier version's `Plan.as_dict` wrote, as this one writes it.

    Raises:
        KeyError, TypeError, NewerFormat: it is no plan, or of a later version.
    """
    options = written["options"]
    recipe = json.loads(json.dumps(recipe_from(options["recipe"]).as_dict()))
    return {**written, "options": {**options, "recipe": recipe}}
