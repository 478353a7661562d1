"""What a model answers for many images, and how many of its surest answers are right enough.

Without torch, for the window.
"""

from dataclasses import dataclass

import numpy as np

LIKELIER_RIGHT = 0.5
"""An answer that is less sure is never taken together with others."""


@dataclass(frozen=True)
class Answers:
    """Of images without a label, the surest first; arrays of one length.

    Attributes:
        image_ids, class_ids: int64.
        confidences: float64, between 0 and 1, descending.
    """

    image_ids: np.ndarray
    class_ids: np.ndarray
    confidences: np.ndarray

    def rows(self, count: int) -> list[tuple[int, int, float]]:
        """Image, class and confidence of the first ones."""
        columns = (self.image_ids, self.class_ids, self.confidences)
        return list(zip(*(column[:count].tolist() for column in columns), strict=True))


def surest(confidences: np.ndarray, share: float) -> int:
    """How many of the first answers are expected to be right to this share on the whole: as many
    as have confidences of this mean.

    Args:
        confidences: float [N], descending, calibrated.
        share: between 0 and 1.
    """
    means = np.cumsum(confidences) / np.arange(1, len(confidences) + 1)
    enough = (means >= share - 1e-8) & (confidences >= LIKELIER_RIGHT)
    return int(enough.sum())
