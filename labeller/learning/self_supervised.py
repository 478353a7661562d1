"""Self-supervised methods by name: what a batch of views teaches without labels.

Importing this does not import torch.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from labeller_models.registry import Registry

from labeller.learning.options import (
    BYOLOptions,
    DINOOptions,
    MoBYOptions,
    MoCoOptions,
    PlainMoBYOptions,
    SimCLROptions,
    SimSiamOptions,
)

if TYPE_CHECKING:
    from labeller_models.encoder import Network
    from torch import Tensor

    from labeller.learning.augment import Views, WantedViews

SELF_SUPERVISED = Registry("self-supervised method")
"""Each makes a `SelfSupervised` of an encoder, the number of classes, and a recipe."""
SELF_SUPERVISED.add(
    "mobyv2",
    "labeller.learning.moby:MoBYv2Method",
    "MoBYv2: the paper's method; queues of keys, a weak and a strong view",
    MoBYOptions,
)
SELF_SUPERVISED.add(
    "moby",
    "labeller.learning.moby:MoBYv2Method",
    "MoBY: queues of keys, two strong views, larger heads",
    PlainMoBYOptions,
)
SELF_SUPERVISED.add(
    "mocov2",
    "labeller.learning.pair_methods:MoCo",
    "MoCo v2: one view is compared with the other and a queue of keys",
    MoCoOptions,
)
SELF_SUPERVISED.add(
    "byol",
    "labeller.learning.pair_methods:BYOL",
    "BYOL: each view predicts what a slower copy makes of the other",
    BYOLOptions,
)
SELF_SUPERVISED.add(
    "simsiam",
    "labeller.learning.pair_methods:SimSiam",
    "SimSiam: each view predicts the other; no negatives, no slower copy",
    SimSiamOptions,
)
SELF_SUPERVISED.add(
    "simclr",
    "labeller.learning.pair_methods:SimCLR",
    "SimCLR: the other images of the batch are the negatives",
    SimCLROptions,
)
SELF_SUPERVISED.add(
    "dino",
    "labeller.learning.pair_methods:DINO",
    "DINO: each view says what a slower, sharper copy says of the other",
    DINOOptions,
)


@dataclass(frozen=True)
class Outputs:
    """What a batch of views gives.

    Attributes:
        scores: class scores of the first (weak) views of the query branch, [B, classes].
        features: of the same views, [B, d].
        losses: of each image, [B].
    """

    scores: "Tensor"
    features: "Tensor"
    losses: "Tensor"


class SelfSupervised(Protocol):
    """A network and how it learns from views.

    Attributes:
        network: everything that gradients flow through.
        views: which views it wants (labeller/learning/augment.py).
        name: of its loss, for people.
    """

    network: "Network"
    views: "WantedViews"
    name: str

    def outputs(self, views: "Views") -> Outputs:
        """Called once a batch, with gradients."""

    def after_step(self, step: int, steps: int, gather: "Callable[[Tensor], Tensor]") -> None:
        """After the weights have changed, in this step (from 0) of so many; `gather` collects rows
        [B, ...] from all processes: for moving averages, queues and centres."""
