"""The learners by name. Importing this does not import torch."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from labeller_models.encoders import ENCODERS
from labeller_models.frozen import FROZEN, is_known
from labeller_models.registry import Registry, mark

from labeller.core.errors import made, require_known
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
    ("mobyv2al", "fine_tuning:mobyv2al",
     mark("MoBYv2AL: also trains the last stages of the encoder, in a minute or two")),
    ("frozen", "feature_learners:LinearProbe",
     mark("Linear probe: a pretrained encoder that knows photos; learns in seconds")),
)  # fmt: skip
"""Name, location, and a line for people."""
for _name, _place, _line in OWN_LEARNERS:
    LEARNERS.add(_name, f"labeller.learning.{_place}", _line)
LEARNERS.add_entry_points("labeller.learners")
WHOLE = "mobyv2al"
"""The only learner that earlier versions knew: it can also train a whole network from scratch."""


PRETRAINED_ONLY = ("frozen",)
"""Learners that fit to the features of a pretrained encoder."""
FORMER = {"adapter": WHOLE, "mixmatch": WHOLE}
"""Learners of earlier versions, and what replaces them: it is more accurate on all sets that they
were compared on (docs/results.md)."""
FEWEST_TO_TUNE = 2
"""Labels a class, on average, from which the stages of a pretrained encoder are trained."""


def encoders_for(learner: str) -> Registry:
    """The encoders that a learner can build on. Learners of other packages may use any, and train
    networks by default."""
    if learner in PRETRAINED_ONLY:
        return FROZEN
    both = Registry(FROZEN.kind)
    both.entries = {**FROZEN.entries, **ENCODERS.entries}
    both.default = (FROZEN if learner == WHOLE else ENCODERS).default
    return both


def has_encoder(learner: str, encoder: str) -> bool:
    """Whether a learner can build on an encoder of this name."""
    return is_known(encoder) or (learner not in PRETRAINED_ONLY and encoder in ENCODERS)


def require_encoder(learner: str, encoder: str) -> None:
    """Raises LabellerError, naming the known encoders, if a learner cannot build on this one."""
    if not has_encoder(learner, encoder):
        require_known(ENCODERS.kind, encoder, encoders_for(learner))


def trains_network(encoder: str) -> bool:
    """Whether a network on this encoder is trained from scratch by a recipe, as in the paper,
    instead of building on a pretrained one."""
    return encoder in ENCODERS


def tunes_stages(learner: str, encoder: str) -> bool:
    """Whether a learner trains the last stages of a pretrained encoder, which takes a minute."""
    return learner == WHOLE and not trains_network(encoder)


def is_calibrated(encoder: str) -> bool:
    """Whether models on this encoder have calibrated probabilities: those on pretrained ones do."""
    return is_known(encoder)


def default_strategy(encoder: str) -> str:
    """The default strategy with an encoder; for networks trained from scratch the paper's."""
    return "coreset" if trains_network(encoder) else "weighted-coreset"


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


@runtime_checkable
class TakesBudget(Protocol):
    """A learner that can be given less time.

    Attributes:
        budget_seconds: CPU seconds for training, 0 for as long as usual.
    """

    budget_seconds: float


def learner_named(name: str, encoder: str, recipe: "Recipe") -> Learner:
    """Build a learner. Raises LabellerError if there is none of this name, or its package is
    broken."""
    learner: Learner = made(LEARNERS, name, encoder, recipe)
    return learner
