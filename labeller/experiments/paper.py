"""The experiments of the paper by name, for `simulate --protocol`.

Caramalau et al., BMVC 2022, section 4, its tables and figures; where the paper is silent, the
settings of the authors' published code. The project gives the data set.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labeller.core.errors import require_known
from labeller.experiments.plan import Imbalance, Plan
from labeller.learning.learners import WHOLE
from labeller.learning.recipe import recipe_named
from labeller.loop.method import Method


@dataclass(frozen=True)
class PaperExperiment:
    """A plan, and in `title` what it is and where in the paper."""

    title: str
    plan: Plan


def _experiment(
    title: str,
    initial: int | None,
    budget: int,
    cycles: int,
    encoder: str,
    changes: Mapping[str, Any] | None = None,
    subset: int | None = None,
    imbalance: Imbalance | None = None,
) -> PaperExperiment:
    """`changes`: what differs from the recipe `paper`."""
    recipe = recipe_named("paper", **(changes or {}))
    method = Method(recipe, encoder, learner=WHOLE)
    plan = Plan(initial, budget, cycles, method, subset=subset, imbalance=imbalance)
    return PaperExperiment(title, plan)


EXPERIMENTS = {
    "cifar10": _experiment("CIFAR-10 to 40 % labelled (figure 2)", 5000, 2500, 7, "vgg16"),
    "cifar100": _experiment("CIFAR-100 to 40 % labelled (figure 2)", 5000, 2500, 7, "vgg16"),
    "svhn": _experiment("SVHN (figure 3)", 1000, 1000, 10, "resnet18", subset=10_000),
    "fashionmnist": _experiment("FashionMNIST (figure 3)", 100, 100, 10, "resnet18", subset=10_000),
    "table1": _experiment(
        "CIFAR-100, 10 to 30 % labelled, all of the pool unlabelled (Table 1)",
        5000, 2500, 5, "wrn-28-10", {"unlabelled": "all"},
    ),
    "table2": _experiment(
        "CIFAR-10 with 1,000 to 3,000 labels (Table 2)", 1000, 1000, 3, "resnet18"
    ),
    "table3-stages": _experiment(
        "CIFAR-10, self-supervised first, then fine-tuned (Table 3, left)",
        1000, 1000, 3, "resnet18", {"objective": "multi-stage"},
    ),
    "table3-all": _experiment(
        "All labels of the training set (Table 3, right)", None, 1, 1, "resnet18"
    ),
    "imbalanced": _experiment(
        "CIFAR-10, five classes cut to 500 images (figure 4)",
        1000, 1000, 7, "resnet18", imbalance=Imbalance(5, 500),
    ),
}  # fmt: skip


def paper_experiment(name: str) -> PaperExperiment:
    """Raises LabellerError where the paper has none of this name."""
    require_known("protocol", name, EXPERIMENTS)
    return EXPERIMENTS[name]
