"""Ranks of methods over several data sets (Demšar, JMLR 2006): Friedman's test, and Nemenyi's
critical difference."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import numpy as np
from scipy import stats

from labeller.experiments.comparison import areas, curve, label_counts
from labeller.experiments.results import Outcome

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Ranking:
    """Mean ranks, 1 for the best.

    Attributes:
        ranks: by method, the best first.
        sets: number of data sets.
        p: of Friedman's test that all methods are alike; None with fewer than three methods or
            two sets.
        critical: difference of mean ranks from which two methods differ at 5 % (Nemenyi); None
            with fewer than two sets.
    """

    ranks: Mapping[str, float]
    sets: int
    p: float | None
    critical: float | None

    def cliques(self) -> list[tuple[str, ...]]:
        """The largest groups of neighbouring methods of which none differs from another."""
        if self.critical is None:
            return []
        names, found = list(self.ranks), list[tuple[str, ...]]()
        for start, first in enumerate(names):
            alike = [n for n in names[start:] if self.ranks[n] - self.ranks[first] < self.critical]
            if len(alike) > 1 and not (found and set(alike) <= set(found[-1])):
                found.append(tuple(alike))
        return found


def ranking(values: Mapping[str, Sequence[float]]) -> Ranking:
    """Rank methods on each data set.

    Args:
        values: of each method, one for each set in the same order; the highest is the best, and
            ties share their mean rank.
    """
    table = np.array([list(each) for each in values.values()], dtype=np.float64)  # methods × sets
    count, sets = table.shape
    mean = stats.rankdata(-table, axis=0).mean(axis=1)
    order = np.argsort(mean, kind="stable")
    names = list(values)
    p = None
    if count > 2 and sets > 1 and (table != table[0]).any():
        p = float(stats.friedmanchisquare(*table).pvalue)
    return Ranking(
        {names[at]: float(mean[at]) for at in order},
        sets,
        p,
        critical_difference(count, sets) if count > 1 and sets > 1 else None,
    )


def critical_difference(methods: int, sets: int) -> float:
    """Nemenyi's critical difference of mean ranks at 5 %: q √(k (k + 1) / 6 N) with k methods, N
    sets, and q the studentised range divided by √2 (Demšar, section 3.2.2)."""
    q = stats.studentized_range.ppf(CONFIDENCE, methods, np.inf) / np.sqrt(2)
    return float(q * np.sqrt(methods * (methods + 1) / (6 * sets)))


def overall_ranking(tasks: Iterable[Mapping[str, Outcome]]) -> Ranking | None:
    """Ranks by area over the tasks, of the methods that have one on each; None where there are
    fewer than two such methods."""
    common = [of_common_seeds(task) for task in tasks]
    found = {}
    for name in dict.fromkeys(name for task in common for name in task):
        each = [areas(task[name]) if name in task else {} for task in common]
        if all(each):
            found[name] = [fmean(values.values()) for values in each]
    return ranking(found) if len(found) > 1 else None


def finished(outcomes: Mapping[str, Outcome]) -> dict[str, Outcome]:
    """The runs measured at all label counts of the task, so that areas and everything derived from
    them cover the same labels."""
    counts = label_counts(outcomes)
    found = {
        name: replace(each, runs=[run for run in each.runs if [n for n, _ in curve(run)] == counts])
        for name, each in outcomes.items()
    }
    return {name: each for name, each in found.items() if each.runs}


def of_common_seeds(outcomes: Mapping[str, Outcome]) -> dict[str, Outcome]:
    """Finished runs of the seeds that all methods have finished, so that all are ranked on the
    same; without any such seed, all finished ones."""
    done = finished(outcomes)
    seeds = [{run.seed for run in each.runs} for each in done.values()]
    common = set.intersection(*seeds) if seeds else set()
    if not common:
        return done
    return {
        name: replace(each, runs=[run for run in each.runs if run.seed in common])
        for name, each in done.items()
    }
