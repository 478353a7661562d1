"""What can learn, by name. Importing this does not import torch."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from labeller.core.errors import require_known
from labeller.core.run import Run
from labeller.selection.strategies import Companion
from models.registry import Registry

if TYPE_CHECKING:
    from labeller.learning.batches import PoolImages
    from labeller.learning.model import TrainedModel
    from labeller.learning.recipe import Recipe
    from labeller.learning.trainer import TrainingSet

LEARNERS = Registry("learner")
"""Each is made of the name of an encoder and a recipe, and is a `Learner`."""
LEARNERS.add("mobyv2al", "labeller.learning.mobyv2al:MoBYv2AL", "MoBYv2AL")


class Learner(Protocol):
    """Learns from labelled and unlabelled images. `wants_previous`: whether it learns better where
    it is given the model before."""

    wants_previous: bool

    def fit(
        self,
        data: "TrainingSet",
        pool: "PoolImages",
        run: Run,
        companions: Sequence[Companion] = (),
        previous: "TrainedModel | None" = None,
    ) -> "TrainedModel":
        """Train a new model; the same `run.seed` on the same device gives the same one.

        Raises:
            LabellerError: it cannot be trained.
        """

    def load(self, state: dict, pool: "PoolImages", classes: int) -> "TrainedModel":
        """The model whose `state()` was kept, for so many classes."""


def learner_named(name: str, encoder: str, recipe: "Recipe") -> Learner:
    """Raises LabellerError where there is no such learner."""
    require_known(LEARNERS.kind, name, LEARNERS)
    learner: Learner = LEARNERS[name](encoder, recipe)
    return learner
