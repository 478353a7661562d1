"""The experiments of the paper by name, for `simulate --protocol`.

Caramalau et al., BMVC 2022, section 4, its tables and figures; where the paper is silent, the
settings of the authors' published code. The project gives the data set, the protocol the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from labeller.core.errors import require_known


@dataclass(frozen=True)
class Imbalance:
    """The first `classes` classes, in the project's order, keep `kept` images each in the pool."""

    classes: int
    kept: int


@dataclass(frozen=True)
class Protocol:
    """An experiment.

    Attributes:
        title: what it is, and where in the paper.
        initial: random labels of the first cycle; None takes the whole pool.
        budget, cycles: labels more in each further cycle, and how many cycles there are.
        values: what differs from the recipe `paper`.
        subset: candidates drawn at random before each selection; None takes the whole pool.
    """

    title: str
    initial: int | None
    budget: int
    cycles: int
    encoder: str
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    subset: int | None = None
    imbalance: Imbalance | None = None


PROTOCOLS = {
    "cifar10": Protocol("CIFAR-10 to 40 % labelled (figure 2)", 5000, 2500, 7, "vgg16"),
    "cifar100": Protocol("CIFAR-100 to 40 % labelled (figure 2)", 5000, 2500, 7, "vgg16"),
    "svhn": Protocol("SVHN (figure 3)", 1000, 1000, 10, "resnet18", subset=10_000),
    "fashionmnist": Protocol("FashionMNIST (figure 3)", 100, 100, 10, "resnet18", subset=10_000),
    "table1": Protocol(
        "CIFAR-100, 10 to 30 % labelled, all of the pool unlabelled (Table 1)",
        5000, 2500, 5, "wrn-28-10", {"unlabelled": "all"},
    ),
    "table2": Protocol("CIFAR-10 with 1,000 to 3,000 labels (Table 2)", 1000, 1000, 3, "resnet18"),
    "table3-stages": Protocol(
        "CIFAR-10, self-supervised first, then fine-tuned (Table 3, left)",
        1000, 1000, 3, "resnet18", {"objective": "multi-stage"},
    ),
    "table3-all": Protocol(
        "All labels of the training set (Table 3, right)", None, 1, 1, "resnet18"
    ),
    "imbalanced": Protocol(
        "CIFAR-10, five classes cut to 500 images (figure 4)",
        1000, 1000, 7, "resnet18", imbalance=Imbalance(5, 500),
    ),
}  # fmt: skip


def protocol_named(name: str) -> Protocol:
    """Raises LabellerError where there is no such protocol."""
    require_known("protocol", name, PROTOCOLS)
    return PROTOCOLS[name]
