"""What a simulation does, and over which seeds."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from labeller.core.errors import LabellerError, quoted
from labeller.learning.learners import WHOLE, trains_network
from labeller.learning.recipe import recipe_from
from labeller.loop.method import Method


@dataclass(frozen=True)
class Imbalance:
    """Rarer classes: `classes` of them keep only `kept` pool images each, taking every `every`-th
    one in the project's order, from the first."""

    classes: int
    kept: int
    every: int = 1


FIRST = ("random", "centres", "")


@dataclass(frozen=True)
class Plan:
    """A simulation over one or several seeds.

    Attributes:
        initial: number of labels in the first cycle; None labels the whole pool.
        budget: labels added in each further cycle.
        cycles: number of cycles.
        subset: random candidates for each selection; None takes the whole pool, up to
            `rounds.MOST_CANDIDATES`.
        first: how the first batch is chosen: `random`, `centres` of clusters, or "" for the default
            of learner and strategy.
        pool: size of a random subset, drawn by the seed, to use as the pool; None takes all.
        measures_pool: whether to measure each class's accuracy over the pool, by hidden labels.
        noise: share of the pool's hidden labels that are replaced by a wrong class, drawn by the
            seed; held-out labels stay.
        long_tail: the last class, in the project's order, keeps only 1 / `long_tail` of its pool
            images, those between first and last exponentially falling shares; 0 keeps all.
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
    noise: float = 0.0
    long_tail: float = 0.0

    def check(self) -> None:
        """Raises LabellerError if the plan is invalid."""
        counts = [self.initial, self.budget, self.cycles, self.subset, self.pool]
        if self.imbalance is not None:
            counts += [self.imbalance.classes, self.imbalance.kept]
        given = [value for value in (*counts, *self.seeds) if value is not None]
        if any(type(value) is not int for value in given):
            raise LabellerError("Images, cycles and seeds are whole numbers.")
        if min(value for value in counts if value is not None) < 1:
            raise LabellerError("Images and cycles are at least 1.")
        if self.first not in FIRST:
            raise LabellerError(
                "A first batch is chosen at {known}, not '{first}'.",
                settings=["first"],
                known=" or ".join(FIRST[:2]),
                first=quoted(self.first),
            )
        if not self.seeds or len(set(self.seeds)) < len(self.seeds) or min(self.seeds) < 0:
            raise LabellerError("Give one or more different seeds, 0 or higher.")
        if not 0 <= self.noise < 1:
            raise LabellerError("Noise must be at least 0 and below 1.", settings=["noise"])
        if self.long_tail and not 1 <= self.long_tail < math.inf:
            raise LabellerError("A long tail needs a ratio of at least 1.", settings=["long_tail"])
        if self.imbalance and self.long_tail:
            raise LabellerError("Give either an imbalance or a long tail.", settings=["long_tail"])
        if self.noise and self.measures_pool:
            raise LabellerError("Accuracy over the pool cannot be measured on noisy labels.")
        if self.first == "centres" and trains_network(self.method.encoder):
            raise LabellerError(
                "A first batch at cluster centres needs a pretrained encoder. Start at random.",
                settings=["first"],
            )

    def check_size(self, available: int) -> None:
        """Raises LabellerError if a pool of this size is too small."""
        wanted = (available if self.initial is None else self.initial) + self.added
        if wanted > available:
            raise LabellerError(
                "That would label {wanted} images, but the pool has only {available}.",
                wanted=wanted,
                available=available,
            )

    @property
    def added(self) -> int:
        """Labels added after the first cycle."""
        return self.budget * (self.cycles - 1)

    def as_dict(self) -> dict[str, Any]:
        """Everything that determines the results except the seeds, JSON-compatible."""
        values = asdict(self)
        options = values.pop("method")
        strategy = options.pop("strategy")
        if options["learner"] == WHOLE:
            del options["learner"]  # as when there was no other
        if not options["budget_seconds"]:
            del options["budget_seconds"]  # as before there was one
        del values["seeds"]
        for name in ("first", "pool", "measures_pool", "noise", "long_tail"):
            if not values[name]:
                del values[name]  # as before there were any
        if self.imbalance and self.imbalance.every == 1:
            del values["imbalance"]["every"]
        return json.loads(json.dumps({**values, "strategy": strategy, "options": options}))


def as_now(written: dict[str, Any]) -> dict[str, Any]:
    """An earlier version's `Plan.as_dict` as this version writes it.

    Raises:
        KeyError, TypeError, NewerFormat: it is not a plan, or of a later version.
    """
    options = written["options"]
    recipe = json.loads(json.dumps(recipe_from(options["recipe"]).as_dict()))
    return {**written, "options": {**options, "recipe": recipe}}
