"""What can learn, by name. Importing this does not import torch."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from labeller_models.encoders import ENCODERS
from labeller_models.frozen import FROZEN, is_known
from labeller_models.registry import Registry

from labeller.core.errors import require_known
from labeller.core.run import Run
from labeller.selection.strategies import Companion

if TYPE_CHECKING:
    from labeller.learning.batches import PoolImages
    from labeller.learning.model import TrainedModel
    from labeller.learning.recipe import Recipe
    from labeller.learning.trainer import TrainingSet

LEARNERS = Registry("learner")
"""Each is made of the name of an encoder and a recipe, and is a `Learner`."""
LEARNERS.add(
    "frozen",
    "labeller.learning.feature_learners:LinearProbe",
    "Frozen encoder: knows photos from the start, learns in seconds",
)
LEARNERS.add(
    "adapter",
    "labeller.learning.adapter:Adapter",
    "Adapter: learns from unlabelled images too, in ten seconds",
)
LEARNERS.add(
    "mixmatch",
    "labeller.learning.adapter:MixMatchAdapter",
    "Frozen encoder with MixMatch: learns from mixtures of images, as CSAL does",
)
LEARNERS.add(
    "mobyv2al",
    "labeller.learning.mobyv2al:MoBYv2AL",
    "MoBYv2AL: trains a whole network, as in the paper",
)
FROZEN_ENCODER = ("frozen", "adapter", "mixmatch")
"""Those that fit to the features of a frozen encoder."""
WHOLE = "mobyv2al"
"""The only learner that earlier versions knew."""


def encoders_for(learner: str) -> Registry:
    """The encoders that a learner builds on; the first one is its default."""
    return ENCODERS if trains_network(learner) else FROZEN


def has_encoder(learner: str, encoder: str) -> bool:
    """Whether a learner can build on an encoder of this name."""
    return encoder in ENCODERS if trains_network(learner) else is_known(encoder)


def require_encoder(learner: str, encoder: str) -> None:
    """Raises LabellerError, with what there is, where a learner cannot build on an encoder."""
    if not has_encoder(learner, encoder):
        require_known(ENCODERS.kind, encoder, encoders_for(learner))


def trains_network(learner: str) -> bool:
    """Whether it trains a network by a recipe, which takes a while; else it fits to the features of
    a frozen encoder."""
    return learner not in FROZEN_ENCODER


def is_calibrated(encoder: str) -> bool:
    """Whether a model on this encoder says honestly how sure it is: all that build on a frozen
    encoder are calibrated on the labels."""
    return has_encoder("frozen", encoder)


def default_strategy(learner: str) -> str:
    """What chooses for a learner where nobody says otherwise: for a network that is trained anew in
    each round the paper's CoreSet."""
    return "coreset" if trains_network(learner) else "weighted-coreset"


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
