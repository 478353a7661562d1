"""Ranks of methods over several data sets (Demšar, JMLR 2006): Friedman's test, and Nemenyi's
critical difference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

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
