"""How often something is right, with a confidence interval."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Z = 1.645
"""Standard normal quantile of a 90 % interval."""
HELD_OUT, BY_AUDIT, BY_LABELS, ANSWERS = "held-out", "audit", "labels", "answers"
"""Where an accuracy comes from."""


class Share(NamedTuple):
    """A share between 0 and 1; low to high is its 90 % interval."""

    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Accuracy:
    """How often a model is right.

    Attributes:
        source: `HELD_OUT`: measured on held-out images. `BY_AUDIT`: on a random sample that was
            labelled but not trained on. `BY_LABELS`: by cross-validation on the labels. `ANSWERS`:
            how often people gave the label that the model had suggested; where a strategy picks
            hard images, these are harder than the pool.
        accuracy, low, high: between 0 and 1; low to high is the 90 % interval.
        per_class: the same for each class about which anything is known, by its index in the
            scores (in `labeller.learning`), its id (in the store), or its name (for people).
        run_id, labelled: the model's training run and the number of labels it was trained on; 0 if
            not filled in.
        right: whether the model is right about each image, in the order given; empty for estimates.
    """

    source: str
    accuracy: float
    low: float
    high: float
    per_class: Mapping[Any, Share] = field(default_factory=dict)
    run_id: int = 0
    labelled: int = 0
    right: tuple[bool, ...] = field(default=(), repr=False)


def accuracy_of(
    source: str,
    overall: Share,
    per_class: Mapping[Any, Share] | None = None,
    right: tuple[bool, ...] = (),
) -> Accuracy:
    """An accuracy from the overall share with its interval."""
    return Accuracy(source, *overall, per_class or {}, right=right)


def wilson(right: float, count: int) -> Share:
    """A share with its interval (E. B. Wilson, 1927).

    Args:
        right: number of successes in `count` trials (at least one trial).
    """
    share, square = right / count, Z * Z
    middle = (share + square / (2 * count)) / (1 + square / count)
    spread = Z * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    spread /= 1 + square / count
    return Share(share, max(0.0, middle - spread), min(1.0, middle + spread))
