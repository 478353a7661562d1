"""Self-supervised methods by name. Importing this does not import torch."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from labeller_models.registry import Registry, mark

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
"""Each builds a `SelfSupervised` from an encoder, the number of classes, and a recipe."""
OWN_METHODS = (
    ("mobyv2", "mobyv2al:MoBYv2Method", MoBYOptions,
     mark("MoBYv2: the paper's method; queues of keys, a weak and a strong view")),
    ("moby", "mobyv2al:MoBYv2Method", PlainMoBYOptions,
     mark("MoBY: queues of keys, two strong views, larger heads")),
    ("mocov2", "pair_methods:MoCo", MoCoOptions,
     mark("MoCo v2: one view is compared with the other and a queue of keys")),
    ("byol", "pair_methods:BYOL", BYOLOptions,
     mark("BYOL: each view predicts a slower copy's output for the other")),
    ("simsiam", "pair_methods:SimSiam", SimSiamOptions,
     mark("SimSiam: each view predicts the other; no negatives, no slower copy")),
    ("simclr", "pair_methods:SimCLR", SimCLROptions,
     mark("SimCLR: the other images of the batch are the negatives")),
    ("dino", "pair_methods:DINO", DINOOptions,
     mark("DINO: each view matches a slower, sharper copy's output for the other")),
)  # fmt: skip
"""Name, location, options, and a line for people."""
for _name, _place, _options, _line in OWN_METHODS:
    SELF_SUPERVISED.add(_name, f"labeller.learning.{_place}", _line, _options)
SELF_SUPERVISED.add_entry_points("labeller.self_supervised")


@dataclass(frozen=True)
class Outputs:
    """What a method computes from a batch of views.

    Attributes:
        scores: class scores of the first (weak) views of the query branch, [B, classes].
        features: of the same views, [B, d].
        losses: of each image, [B].
    """

    scores: "Tensor"
    features: "Tensor"
    losses: "Tensor"


@runtime_checkable
class FillsQueues(Protocol):
    """A method whose queues start with keys of images.

    Attributes:
        first_keys: how many; 0 starts with what they hold.
    """

    first_keys: int

    def fill(self, views: "Views", gather: "Callable[[Tensor], Tensor]") -> None:
        """Add the keys of a batch; `gather` as in `SelfSupervised.after_step`."""


class SelfSupervised(Protocol):
    """A network, and how it learns from views.

    Attributes:
        network: everything that gradients flow through.
        views: the views it needs (labeller/learning/augment.py).
        name: of its loss, for people.
    """

    network: "Network"
    views: "WantedViews"
    name: str

    def outputs(self, views: "Views") -> Outputs:
        """Called once for each batch, with gradients."""

    def after_step(self, step: int, steps: int, gather: "Callable[[Tensor], Tensor]") -> None:
        """Called after the weights have changed, to update moving averages, queues and centres.

        Args:
            step: from 0, of `steps`.
            gather: collects rows [B, ...] from all processes.
        """
