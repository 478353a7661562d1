"""Typed news from long work, the same for the window and the command line."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class EpochMetrics:
    """What one epoch of training gave.

    Losses are means over the epoch's batches, accuracies lie between 0 and 1, `seconds` is the
    duration of the epoch. `test_accuracy` is measured on a fixed sample of the held-out images
    and is None where there are none.
    """

    epoch: int
    classification_loss: float
    contrastive_loss: float
    train_accuracy: float
    test_accuracy: float | None
    learning_rate: float
    seconds: float


@dataclass(frozen=True)
class Progress:
    """`done` of `total` steps of `stage`; `seconds_left` is None while it cannot be told."""

    stage: str
    done: int
    total: int
    seconds_left: float | None = None
    metrics: EpochMetrics | None = None


Report = Callable[[Progress], None]
ShouldStop = Callable[[], bool]


def ignore(progress: Progress) -> None:
    """A `Report` for callers that do not listen."""


def never() -> bool:
    """A `ShouldStop` for work that runs to its end."""
    return False
