"""How good a project's models are, as far as is known: with an interval, and its trend."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from labeller.project.project import Project

Z = 1.96
"""Standard normal quantile of a 95 % interval."""
FEWEST = 10
"""Fewer answers tell nothing."""
FLAT_RUNS, FLAT_GAIN, FLAT_LABELS = 3, 0.01, 1.25
"""More labels hardly help where, over so many models in a row, the accuracy rose by less than this
while the labels grew by this factor or more."""


@dataclass(frozen=True)
class Estimate:
    """The accuracy of a model.

    Attributes:
        run_id, labelled: of its training; so many labels went into it.
        accuracy, low, high: between 0 and 1; low to high is Wilson's 95 % interval.
        held_out: measured on held-out images; else on the answers that people gave after the model
            had suggested its own. Where a strategy looks for hard images, these are harder than
            the pool.
    """

    run_id: int
    labelled: int
    accuracy: float
    low: float
    high: float
    held_out: bool


def wilson(right: float, count: int) -> tuple[float, float]:
    """The 95 % interval of a share (E. B. Wilson, 1927).

    Args:
        right: of `count` trials, of which there is at least one.
    """
    share, square = right / count, Z * Z
    middle = (share + square / (2 * count)) / (1 + square / count)
    spread = Z * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    spread /= 1 + square / count
    return max(0.0, middle - spread), min(1.0, middle + spread)


def estimates(project: Project) -> list[Estimate]:
    """Those of the models of one project, from the first; models of which nothing is known yet are
    left out. All are measured alike: on held-out images where there are any."""
    runs = [run for run in project.runs.all() if run.checkpoint is not None]
    tested = project.images.counts()["test"]
    if tested and any(run.test_accuracy is not None for run in runs):
        measured = [(run, run.test_accuracy, tested) for run in runs]
        held_out = True
    else:
        held_out = False
        records = project.foreseen.by_run()
        measured = [
            (run, record.right / record.compared, record.compared)
            for run in runs
            if (record := records.get(run.id)) and record.compared >= FEWEST
        ]
    return [
        Estimate(run.id, run.labelled, share, *wilson(share * count, count), held_out)
        for run, share, count in measured
        if share is not None
    ]


def trend(known: Sequence[Estimate]) -> int:
    """1 where the last model is better than the one before, -1 where it is worse, 0 where neither
    is certain: where each lies within the other's interval."""
    if len(known) < 2:
        return 0
    before, last = known[-2:]
    if last.low <= before.accuracy <= last.high or before.low <= last.accuracy <= before.high:
        return 0
    return 1 if last.accuracy > before.accuracy else -1


def hardly_rises(known: Sequence[Estimate]) -> bool:
    """Whether more labels have hardly helped lately."""
    if len(known) < FLAT_RUNS:
        return False
    first, last = known[-FLAT_RUNS], known[-1]
    grown = last.labelled >= FLAT_LABELS * first.labelled
    return grown and max(each.accuracy for each in known[-FLAT_RUNS:]) - first.accuracy < FLAT_GAIN
