"""Proportions with confidence intervals."""

import math
from dataclasses import dataclass

Z = 1.645
"""Standard normal quantile of a 90 % interval."""


@dataclass(frozen=True)
class Share:
    """A proportion between 0 and 1 with its 90 % interval."""

    share: float
    low: float
    high: float


def wilson(right: float, count: int) -> Share:
    """A proportion with its score interval (E. B. Wilson, 1927).

    Args:
        right: of `count` trials, of which there is at least one.
    """
    share, square = right / count, Z * Z
    middle = (share + square / (2 * count)) / (1 + square / count)
    spread = Z * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    spread /= 1 + square / count
    return Share(share, max(0.0, middle - spread), min(1.0, middle + spread))
