"""The learners by name. Importing this does not import torch."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from labeller_models.encoders import ENCODERS
from labeller_models.frozen import FROZEN, is_known
from labeller_models.registry import Registry, mark

from labeller.core.errors import require_known
from labeller.core.run import Run
from labeller.selection.strategies import Companion

if TYPE_CHECKING:
    from labeller.learning.batches import PoolImages
    from labeller.learning.model import TrainedModel
    from labeller.learning.recipe import Recipe
    from labeller.learning.trainer import TrainingSet

LEARNERS = Registry("learner")
"""Each is built from the name of an encoder and a recipe, and is a `Learner`."""
OWN_LEARNERS = (
    ("frozen", "feature_learners:LinearProbe",
     mark("Linear probe: a pretrained encoder that knows photos; learns in seconds")),
    ("adapter", "adapter:Adapter",
     mark("Adapter: learns from unlabelled images too, in ten seconds")),
    ("mixmatch", "adapter:MixMatchAdapter",
     mark("MixMatch: learns from mixtures of images, as CSAL does")),
    ("mobyv2al", "mobyv2al:MoBYv2AL",
     mark("MoBYv2AL: trains a whole network, as in the paper")),
)  # fmt: skip
"""Name, location, and a line for people."""
for _name, _place, _line in OWN_LEARNERS:
    LEARNERS.add(_name, f"labeller.learning.{_place}", _line)
FROZEN_ENCODER = ("frozen", "adapter", "mixmatch")
"""Learners that fit to the features of a frozen encoder."""
WHOLE = "mobyv2al"
"""The only learner that earlier versions knew."""


def encoders_for(learner: str) -> Registry:
    """The encoders that a learner can build on, its default first."""
    return ENCODERS if trains_network(learner) else FROZEN


def has_encoder(learner: str, encoder: str) -> bool:
    """Whether a learner can build on an encoder of this name."""
    return encoder in ENCODERS if trains_network(learner) else is_known(encoder)


def require_encoder(learner: str, encoder: str) -> None:
    """Raises LabellerError, naming the known encoders, if a learner cannot build on this one."""
    if not has_encoder(learner, encoder):
        require_known(ENCODERS.kind, encoder, encoders_for(learner))


def trains_network(learner: str) -> bool:
    """Whether a learner trains a whole network by a recipe, which takes a while, instead of fitting
    to the features of a frozen encoder."""
    return learner not in FROZEN_ENCODER


def is_calibrated(encoder: str) -> bool:
    """Whether models on this encoder have calibrated probabilities: those on frozen encoders do."""
    return has_encoder("frozen", encoder)


def default_strategy(learner: str) -> str:
    """The learner's default strategy; for networks, which are retrained each round, the paper's."""
    return "coreset" if trains_network(learner) else "weighted-coreset"


class Learner(Protocol):
    """Learns from labelled and unlabelled images.

    Attributes:
        wants_previous: whether `fit` makes use of the previous model.
    """

    wants_previous: bool

    def fit(
        self,
        data: "TrainingSet",
        pool: "PoolImages",
        run: Run,
        companions: Sequence[Companion] = (),
        previous: "TrainedModel | None" = None,
    ) -> "TrainedModel":
        """Train a new model, deterministic for `run.seed` on the same device.

        Raises:
            LabellerError: training failed.
        """

    def load(self, state: dict, pool: "PoolImages", classes: int) -> "TrainedModel":
        """Rebuild a model from its `state()`, given its number of classes."""


def learner_named(name: str, encoder: str, recipe: "Recipe") -> Learner:
    """Build a learner. Raises LabellerError if there is none of this name."""
    require_known(LEARNERS.kind, name, LEARNERS)
    learner: Learner = LEARNERS[name](encoder, recipe)
    return learner
