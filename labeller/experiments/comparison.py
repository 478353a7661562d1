"""Statistics of methods with the same seeds: areas under their curves, paired differences with
confidence intervals, labels needed, wins and losses.

Differences are paired because all methods of a seed begin with the same labels and are measured on
the same images: much of the spread is common to both and cancels out, which two error bars cannot
show. Both the seeds and the held-out images are samples, so that intervals cover both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, stdev

import numpy as np
from scipy import stats

from labeller.experiments.results import Outcome, SeedResult, unpacked

CONFIDENCE = 0.95
RESAMPLES = 2000
"""Bootstrap resamples."""


@dataclass(frozen=True)
class Difference:
    """Mean difference over `pairs` seeds, with its `CONFIDENCE` interval by Student's t and the
    two-sided p-value of no difference; without these for a single pair."""

    mean: float
    low: float | None
    high: float | None
    pairs: int
    p: float | None = None


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
    points = dict(curve(run))
    weights = _shares(list(points))
    return sum(weight * points[n] for n, weight in weights.items()) if weights else None


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


@dataclass(frozen=True)
class Needed:
    """Labels needed to reach an accuracy over several seeds, some of which may not have reached it.

    Attributes:
        median: by Kaplan and Meier (1958), a seed that ended below counting as censored there; None
            where fewer than half are expected to reach it.
        beyond: the most labels that were tried.
        reached, seeds: how many came to it, and of how many.
    """

    median: float | None
    beyond: int
    reached: int
    seeds: int


def labels_needed(outcome: Outcome, accuracy: float) -> Needed | None:
    """How many labels an accuracy takes; None without measurements."""
    runs = [run for run in outcome.runs if curve(run)]
    if not runs:
        return None
    found = [labels_to_reach(run, accuracy) for run in runs]
    last = [curve(run)[-1][0] for run in runs]
    reached = [each for each in found if each is not None]
    censored = [end for each, end in zip(found, last, strict=True) if each is None]
    median = None
    if reached:
        survival = stats.ecdf(stats.CensoredData(uncensored=reached, right=censored)).sf
        halved = survival.quantiles[survival.probabilities <= 0.5]
        median = float(halved[0]) if len(halved) else None
    return Needed(median, max(last), len(reached), len(runs))


@dataclass(frozen=True)
class Sampling:
    """The uncertainty that the choice of held-out images adds to a difference: its standard error,
    and the number of images; both 0 if results of single images are not known."""

    error: float = 0.0
    images: int = 0


def compared(ours: Outcome, theirs: Outcome, labelled: int | None = None) -> Difference | None:
    """The paired difference at a label count, or of the areas, over the common seeds; the interval
    covers seeds and held-out images. None without common seeds."""
    if labelled is None:
        return difference(areas(ours), areas(theirs), sampling(ours, theirs))
    weights = {labelled: 1.0}
    values = accuracies(ours, labelled), accuracies(theirs, labelled)
    return difference(*values, sampling(ours, theirs, weights))


def sampling(
    ours: Outcome, theirs: Outcome, weights: Mapping[int, float] | None = None
) -> Sampling:
    """How much a difference depends on which images were held out.

    Args:
        weights: of the label counts in the difference; by default those of the area.
    """
    differences = _by_image(ours, theirs, weights)
    if differences is None or differences.shape[1] < 2:
        return Sampling()
    by_image = differences.mean(axis=0)
    return Sampling(float(by_image.std(ddof=1) / len(by_image) ** 0.5), len(by_image))


def _by_image(
    ours: Outcome, theirs: Outcome, weights: Mapping[int, float] | None
) -> np.ndarray | None:
    """Each held-out image's contribution to the difference in each common seed, float [seeds, N];
    None if results of single images are not known."""
    others = {run.seed: run for run in theirs.runs}
    found = []
    for run in (run for run in ours.runs if run.seed in others):
        shares = weights or _shares([n for n, _ in curve(run)])
        one, other = _weighted(run, shares), _weighted(others[run.seed], shares)
        if one is None or other is None or one.shape != other.shape:
            return None
        found.append(one - other)
    same = found and len({len(each) for each in found}) == 1
    return np.stack(found) if same else None


def _shares(counts: Sequence[int]) -> dict[int, float]:
    """The weight of each label count in `area`."""
    if len(counts) < 2:
        return {}
    found = dict.fromkeys(counts, 0.0)
    for before, after in pairwise(counts):
        for n in (before, after):
            found[n] += (after - before) / 2 / (counts[-1] - counts[0])
    return found


def _weighted(run: SeedResult, weights: Mapping[int, float]) -> np.ndarray | None:
    """The weighted sum over label counts of whether each image was right, float [N]; None where
    that is not known of all."""
    right = {c.labelled: unpacked(c.right) for c in run.cycles if c.right is not None}
    if not weights or not set(weights) <= set(right):
        return None
    return np.sum([weight * right[n] for n, weight in weights.items()], axis=0)


def bootstrapped(ours: Outcome, theirs: Outcome) -> tuple[float, float] | None:
    """The percentile interval of the paired difference of areas, resampling seeds and held-out
    images together (Efron, 1979); None where results of single images are not known, or of fewer
    than two common seeds."""
    differences = _by_image(ours, theirs, None)
    if differences is None or len(differences) < 2:
        return None
    rng = np.random.default_rng(0)
    seeds, images = differences.shape
    counts = rng.multinomial(seeds, [1 / seeds] * seeds, RESAMPLES) / seeds
    found = np.empty(RESAMPLES)
    for at in range(RESAMPLES):
        by_image = counts[at] @ differences
        found[at] = by_image[rng.integers(images, size=images)].mean()
    low, high = np.quantile(found, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high)


def difference(
    ours: Mapping[int, float], theirs: Mapping[int, float], images: Sampling = Sampling()
) -> Difference | None:
    """The paired difference over common seeds; None without any.

    Args:
        images: what the choice of held-out images adds; degrees of freedom are those of
            Satterthwaite (1946).
    """
    pairs = [ours[seed] - theirs[seed] for seed in ours if seed in theirs]
    if not pairs:
        return None
    middle = mean(pairs)
    if len(pairs) < 2:
        return Difference(middle, None, None, len(pairs))
    variance = stdev(pairs) ** 2 / len(pairs)
    total, freedom = variance, float(len(pairs) - 1)
    if images.error:
        total = variance + images.error**2
        freedom = total**2 / (variance**2 / freedom + images.error**4 / (images.images - 1))
    error = total**0.5
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom)) * error
    p = 2 * float(stats.t.sf(abs(middle) / error, freedom)) if error else float(middle == 0)
    return Difference(middle, middle - reach, middle + reach, len(pairs), p)


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """P-values corrected for their number (Holm, 1979); None stays."""
    order = sorted((p, at) for at, p in enumerate(p_values) if p is not None)
    found: list[float | None] = [None] * len(p_values)
    most = 0.0
    for rank, (p, at) in enumerate(order):
        most = max(most, min(1.0, (len(order) - rank) * p))
        found[at] = most
    return found


def record(ours: Outcome, theirs: Outcome, counts: Sequence[int]) -> Record:
    """Significant wins and losses over label counts, by the intervals of `compared`."""
    found = [each for n in counts if (each := compared(ours, theirs, n)) is not None]
    wins = sum(each.low is not None and each.low > 0 for each in found)
    return Record(wins, sum(each.high is not None and each.high < 0 for each in found))


def selection_costs(outcome: Outcome) -> tuple[float | None, float | None]:
    """Median seconds and maximum bytes of the measured selections; None without any."""
    cycles = [cycle for run in outcome.runs for cycle in run.cycles]
    seconds = [c.selection_seconds for c in cycles if c.selection_seconds is not None]
    most = [c.selection_bytes for c in cycles if c.selection_bytes is not None]
    return (float(np.median(seconds)) if seconds else None), (float(max(most)) if most else None)
