"""Shares with the interval in which they are likely to lie."""

import math
from dataclasses import dataclass

Z = 1.645
"""Standard normal quantile of a 90 % interval."""


@dataclass(frozen=True)
class Share:
    """A share between 0 and 1; low to high is its 90 % interval."""

    share: float
    low: float
    high: float


def wilson(right: float, count: int) -> Share:
    """A share with its interval (E. B. Wilson, 1927).

    Args:
        right: of `count` trials, of which there is at least one.
    """
    share, square = right / count, Z * Z
    middle = (share + square / (2 * count)) / (1 + square / count)
    spread = Z * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    spread /= 1 + square / count
    return Share(share, max(0.0, middle - spread), min(1.0, middle + spread))
