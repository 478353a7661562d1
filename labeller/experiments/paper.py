"""The paper's experiments, tables and figures by name (Caramalau et al., BMVC 2022, section 4).

Where the paper is silent, the settings are those of the authors' published code. The project
supplies the data set. `labeller paper` runs all methods of a table, or one experiment alone, scaled
down for a small machine if asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from labeller.core.errors import LabellerError, require_known
from labeller.experiments.plan import Imbalance, Plan
from labeller.learning.learners import WHOLE
from labeller.learning.recipe import recipe_named
from labeller.loop.method import Method


@dataclass(frozen=True)
class PaperExperiment:
    """A plan; `title` says what it is and where in the paper."""

    title: str
    plan: Plan


SUBSET = 10_000
"""Random candidates of each selection, as in the authors' code."""


def _experiment(
    title: str,
    initial: int | None,
    budget: int,
    cycles: int,
    encoder: str,
    changes: Mapping[str, Any] | None = None,
    subset: int | None = SUBSET,
    imbalance: Imbalance | None = None,
) -> PaperExperiment:
    """`changes`: differences from the recipe `paper`."""
    recipe = recipe_named("paper", **(changes or {}))
    method = Method(recipe, encoder, learner=WHOLE)
    plan = Plan(initial, budget, cycles, method, subset=subset, imbalance=imbalance)
    return PaperExperiment(title, plan)


EXPERIMENTS = {
    "cifar10": _experiment("CIFAR-10 to 40 % labelled (figure 2)", 5000, 2500, 7, "vgg16"),
    "cifar100": _experiment("CIFAR-100 to 40 % labelled (figure 2)", 5000, 2500, 7, "vgg16"),
    "svhn": _experiment("SVHN (figure 3)", 1000, 1000, 10, "resnet18"),
    "fashionmnist": _experiment("FashionMNIST (figure 3)", 100, 100, 10, "resnet18"),
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
        "All labels of the training set (Table 3, right)", None, 1, 1, "resnet18", subset=None
    ),
    "imbalanced": _experiment(
        "CIFAR-10, five classes cut to 500 images (figure 4)",
        1000, 1000, 7, "resnet18", imbalance=Imbalance(5, 500, every=2),
    ),
}  # fmt: skip


def paper_experiment(name: str) -> PaperExperiment:
    """Raises LabellerError if the paper has none of this name."""
    require_known("protocol", name, EXPERIMENTS)
    return EXPERIMENTS[name]


OURS = "MoBYv2AL"
CIFAR10, CIFAR100 = ("CIFAR-10", 50_000), ("CIFAR-100", 50_000)
SVHN, FASHION = ("SVHN", 73_257), ("FashionMNIST", 60_000)
DATA = {"cifar100": CIFAR100, "svhn": SVHN, "fashion": FASHION, "": CIFAR10}
"""The data sets of single experiments by part of their names."""
SMALLEST_BATCH, SMALLEST_QUEUE, FEWEST_LABELS = 16, 64, 10
"""Minimum values that scaling keeps."""
BASELINES = (
    "random", "coreset", "mc-dropout", "bald", "learning-loss", "vaal", "uncertain-gcn", "core-gcn",
    "cdal",
)  # fmt: skip
"""Strategies that the paper compares with, on supervised networks."""
DROPPING, DROPOUT = ("mc-dropout", "bald"), 0.25
"""Those that need a network with dropout, and its rate (Gal et al., ICML 2017, section 5.1)."""


@dataclass(frozen=True)
class PaperTable:
    """A table or a figure.

    Attributes:
        title: what it shows, and where in the paper.
        data: the data set of its projects.
        images: size of its training set.
        plans: by method.
        baseline: the method that the others are compared with.
        published: the paper's test accuracies in %, by method, as text.
    """

    title: str
    data: str
    images: int
    plans: Mapping[str, Plan]
    baseline: str
    published: Mapping[str, str] = field(default_factory=dict)


def _changed(plan: Plan, strategy: str = "coreset", **changes: Any) -> Plan:
    """A plan with another strategy and other values of its recipe."""
    recipe = recipe_named("paper", **{**plan.method.recipe.changes(), **changes})
    return replace(plan, method=replace(plan.method, recipe=recipe, strategy=strategy))


def _field(protocol: str) -> dict[str, Plan]:
    """MoBYv2AL and all baselines."""
    plan = paper_experiment(protocol).plan
    baselines = {
        name: _changed(
            plan, name, objective="supervised", dropout=DROPOUT if name in DROPPING else 0.0
        )
        for name in BASELINES
    }
    return {OURS: plan, **baselines}


def _methods(protocol: str, names: Mapping[str, str], **changes: Any) -> dict[str, Plan]:
    """The same plan with several self-supervised methods."""
    plan = paper_experiment(protocol).plan
    return {shown: _changed(plan, self_supervised=name, **changes) for shown, name in names.items()}


SELF_SUPERVISED = {
    "MoBYv2": "mobyv2", "MoBY": "moby", "MoCo v2": "mocov2", "BYOL": "byol", "DINO": "dino",
    "SimSiam": "simsiam", "SimCLR": "simclr",
}  # fmt: skip
_TABLE1 = paper_experiment("table1").plan
_TABLE2 = paper_experiment("table2").plan
_ALL = paper_experiment("table3-all").plan

TABLES = {
    "table1": PaperTable(
        "CIFAR-100 with 10 to 30 % of the labels, all of the pool unlabelled (Table 1)",
        *CIFAR100,
        {OURS: _TABLE1, "CSAL": _changed(_TABLE1, "csal", objective="mixmatch")},
        "CSAL",
        {
            OURS: "67.66 / 68.24 / 68.49 / 68.57 / 70.11",
            "CSAL": "58.1 / 63.76 / 67.13 / 69.28 / 70.08",
        },
    ),
    "table2-left": PaperTable(
        "Self-supervised methods trained jointly with the labels (Table 2, left)",
        *CIFAR10,
        _methods("table2", SELF_SUPERVISED),
        "MoBYv2",
        {
            "MoBYv2": "63.06 / 76.04 / 80.63",
            "MoBY": "62.62 / 72.00 / 76.43",
            "MoCo v2": "11.62 / 11.92 / 12.89",
            "BYOL": "12.32 / 11.72 / 11.47",
        },
    ),
    "table2-right": PaperTable(
        "Without parts of the method (Table 2, right)",
        *CIFAR10,
        {
            OURS: _TABLE2,
            "without predictor": _changed(_TABLE2, predictor=False),
            "without projector": _changed(_TABLE2, projector=False),
            "without strong augmentation": _changed(_TABLE2, views="weak"),
        },
        OURS,
        {
            OURS: "63.06 / 76.04 / 80.63",
            "without predictor": "60.44 / 72.53 / 77.89",
            "without projector": "58.57 / 71.96 / 77.02",
            "without strong augmentation": "47.70 / 58.00 / 64.85",
        },
    ),
    "table3-left": PaperTable(
        "Self-supervised first, then fine-tuned (Table 3, left)",
        *CIFAR10,
        {
            "MoBYv2 jointly": _TABLE2,
            **_methods("table2", SELF_SUPERVISED, objective="multi-stage"),
        },
        "MoBYv2 jointly",
        {"MoBYv2 jointly": "63.06 / 76.04 / 80.63", "MoBYv2": "34.80 / 34.96 / 35.09"},
    ),
    "table3-right": PaperTable(
        "All labels of the training set (Table 3, right)",
        *CIFAR10,
        {
            OURS: _ALL,
            "supervised": _changed(_ALL, objective="supervised"),
            **_methods(
                "table3-all",
                {"MoCo v2": "mocov2", "BYOL": "byol", "DINO": "dino"},
                objective="multi-stage",
            ),
        },
        "supervised",
        {
            OURS: "88.62", "supervised": "90.08", "MoCo v2": "76.7", "BYOL": "77.89",
            "DINO": "81.2",
        },
    ),
    "figure2-cifar10": PaperTable(
        "CIFAR-10 to 40 % labelled (figure 2)", *CIFAR10, _field("cifar10"), "random",
        {OURS: "89.6 with 40 %"},
    ),
    "figure2-cifar100": PaperTable(
        "CIFAR-100 to 40 % labelled (figure 2)", *CIFAR100, _field("cifar100"), "random",
        {OURS: "63.1 with 40 %"},
    ),
    "figure3-svhn": PaperTable("SVHN (figure 3)", *SVHN, _field("svhn"), "random"),
    "figure3-fashionmnist": PaperTable(
        "FashionMNIST (figure 3)", *FASHION, _field("fashionmnist"), "random"
    ),
    "figure4": PaperTable(
        "CIFAR-10 with five classes cut to 500 images: curves, and bars of each class (figure 4)",
        *CIFAR10, _field("imbalanced"), "random",
    ),
    "shift": PaperTable(
        "Shift of the distribution: unlabelled images at random and of the lowest loss "
        "(section 4.2)",
        *CIFAR10,
        {
            "at random": replace(_TABLE2, measures_pool=True),
            "lowest loss": replace(_changed(_TABLE2, unlabelled="lowest-loss"), measures_pool=True),
        },
        "at random",
    ),
}  # fmt: skip


NAMES = (*TABLES, *(name for name in EXPERIMENTS if name not in TABLES))
"""What can be reproduced: tables and figures with all their methods, or ours alone."""


def paper_table(name: str) -> PaperTable:
    """A table or figure, or a single experiment of MoBYv2AL as a table of one method.

    Raises:
        LabellerError: the paper has none of this name.
    """
    require_known("table", name, NAMES)
    if name in TABLES:
        return TABLES[name]
    one = EXPERIMENTS[name]
    data = next(each for key, each in DATA.items() if key in name)
    return PaperTable(one.title, *data, {OURS: one.plan}, OURS)


def scaled(table: PaperTable, scale: float) -> PaperTable:
    """A cheaper table: pool, labels, epochs, batch size and queues are scaled down. Every method's
    name says so, and with it every output.

    Args:
        scale: above 0, at most 1, which changes nothing.
    """
    if not 0 < scale <= 1:
        raise LabellerError("A scale must be above 0 and at most 1.", settings=["scale"])
    if scale == 1:
        return table

    def named(method: str) -> str:
        return f"{method} (scale {scale:g})"

    return replace(
        table,
        title=f"{table.title}, scaled to {scale:g} of the paper's size",
        plans={named(m): _cut(plan, scale, table.images) for m, plan in table.plans.items()},
        baseline=named(table.baseline),
        published={named(m): f"{text} (full size)" for m, text in table.published.items()},
    )


def _cut(plan: Plan, scale: float, images: int) -> Plan:
    def part(number: int, least: int) -> int:
        return max(min(least, number), round(number * scale))

    recipe = plan.method.recipe
    changes: dict[str, Any] = {
        "epochs": part(recipe.epochs, 1),
        "batch_size": part(recipe.batch_size, SMALLEST_BATCH),
    }
    if hasattr(recipe.options, "queue_size"):
        changes["queue_size"] = part(recipe.options.queue_size, SMALLEST_QUEUE)
    cut = _changed(plan, plan.method.strategy, **changes)
    imbalance = plan.imbalance
    return replace(
        cut,
        pool=part(images, 1),
        initial=None if plan.initial is None else part(plan.initial, FEWEST_LABELS),
        budget=part(plan.budget, FEWEST_LABELS),
        subset=None if plan.subset is None else part(plan.subset, FEWEST_LABELS),
        imbalance=imbalance and replace(imbalance, kept=part(imbalance.kept, 1)),
    )
