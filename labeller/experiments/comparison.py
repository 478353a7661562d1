"""Statistics of methods with the same seeds: areas under their curves, paired differences with
confidence intervals, labels needed, wins and losses.

Differences are paired because all methods of a seed begin with the same labels: much of the spread
between seeds is common to both and cancels out, which two error bars cannot show.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, stdev

import numpy as np
from scipy import stats

from labeller.experiments.results import Outcome, SeedResult

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Difference:
    """Mean difference over `pairs` seeds, with its `CONFIDENCE` interval by Student's t; no bounds
    for a single pair."""

    mean: float
    low: float | None
    high: float | None
    pairs: int


@dataclass(frozen=True)
class Record:
    """Numbers of label counts at which a method was significantly better or worse than another."""

    wins: int
    losses: int


def curve(run: SeedResult) -> list[tuple[int, float]]:
    """Label count and test accuracy of each measured cycle."""
    return [(c.labelled, c.test_accuracy) for c in run.cycles if c.test_accuracy is not None]


def area(run: SeedResult) -> float | None:
    """The area under the label–accuracy curve by trapezoids, divided by its width: the mean
    accuracy over label counts, between 0 and 1. None with fewer than two points."""
    points = curve(run)
    if len(points) < 2:
        return None
    total = sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in pairwise(points))
    return total / (points[-1][0] - points[0][0])


def areas(outcome: Outcome) -> dict[int, float]:
    """Areas by seed."""
    found = {run.seed: area(run) for run in outcome.runs}
    return {seed: each for seed, each in found.items() if each is not None}


def accuracies(outcome: Outcome, labelled: int) -> dict[int, float]:
    """Test accuracies at a label count, by seed."""
    return {
        run.seed: accuracy
        for run in outcome.runs
        for count, accuracy in curve(run)
        if count == labelled
    }


def label_counts(outcomes: Mapping[str, Outcome]) -> list[int]:
    """All label counts, ascending."""
    return sorted({n for o in outcomes.values() for run in o.runs for n, _ in curve(run)})


def labels_to_reach(run: SeedResult, accuracy: float) -> float | None:
    """The number of labels at which a curve first reaches an accuracy, linearly interpolated; None
    if it never does."""
    points = curve(run)
    if points and points[0][1] >= accuracy:
        return float(points[0][0])
    for (before, low), (after, high) in pairwise(points):
        if low < accuracy <= high:
            return before + (after - before) * (accuracy - low) / (high - low)
    return None


def mean_labels_to_reach(outcome: Outcome, accuracy: float) -> tuple[float | None, int]:
    """The mean of `labels_to_reach` over the seeds that reach it, and how many do."""
    found = [n for run in outcome.runs if (n := labels_to_reach(run, accuracy)) is not None]
    return (mean(found) if found else None), len(found)


def difference(ours: Mapping[int, float], theirs: Mapping[int, float]) -> Difference | None:
    """The paired difference over common seeds; None without any."""
    pairs = [ours[seed] - theirs[seed] for seed in ours if seed in theirs]
    if not pairs:
        return None
    middle = mean(pairs)
    if len(pairs) < 2:
        return Difference(middle, None, None, len(pairs))
    error = stdev(pairs) / len(pairs) ** 0.5
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, len(pairs) - 1)) * error
    return Difference(middle, middle - reach, middle + reach, len(pairs))


def is_better(ours: Mapping[int, float], theirs: Mapping[int, float]) -> bool:
    """Whether the interval of the paired difference lies above 0, as by a two-sided paired
    t-test."""
    found = difference(ours, theirs)
    return found is not None and found.low is not None and found.low > 0


def record(ours: Outcome, theirs: Outcome, counts: Sequence[int]) -> Record:
    """Significant wins and losses over label counts."""
    pairs = [(accuracies(ours, n), accuracies(theirs, n)) for n in counts]
    return Record(sum(is_better(a, b) for a, b in pairs), sum(is_better(b, a) for a, b in pairs))


def selection_costs(outcome: Outcome) -> tuple[float | None, float | None]:
    """Median seconds and maximum bytes of the measured selections; None without any."""
    cycles = [cycle for run in outcome.runs for cycle in run.cycles]
    seconds = [c.selection_seconds for c in cycles if c.selection_seconds is not None]
    most = [c.selection_bytes for c in cycles if c.selection_bytes is not None]
    return (float(np.median(seconds)) if seconds else None), (float(max(most)) if most else None)
