"""FreeMatch's consistency: what a model predicts confidently under a weak view, it must predict
under a strong one (Wang et al., "FreeMatch", ICLR 2023)."""

import torch
import torch.nn.functional as F
from torch import Tensor

FAIR = 0.5
"""Weight of the term that asks for all classes to be predicted, without which few labels may
collapse into a single class."""


class Consistency:
    """FreeMatch's self-adaptive thresholds (equations 5 to 8) with distribution alignment, and the
    entropy of the mean prediction in place of its fairness term (equation 11).

    Args:
        warm: steps until it counts in full.
    """

    def __init__(self, classes: int, warm: int) -> None:
        self._steps, self._warm = 0, warm
        self._overall = torch.tensor(1 / classes)
        self._each = torch.full((classes,), 1 / classes)

    def loss(self, weak: Tensor, strong: Tensor) -> Tensor:
        """The loss, a scalar, of scores [N, classes] under strong views, given those under weak
        ones."""
        probabilities = weak.softmax(dim=1)
        first = not self._steps  # it says how sure the model is, which has already learnt
        sureness = probabilities.max(dim=1).values.mean()
        self._overall = self._overall.lerp(sureness, 1.0 if first else 0.01)
        self._each = self._each.lerp(probabilities.mean(dim=0), 0.5 if first else 0.01)
        aligned = probabilities / self._each
        sure, guess = (aligned / aligned.sum(dim=1, keepdim=True)).max(dim=1)
        kept = sure >= self._overall * (self._each / self._each.max())[guess]
        self._steps += 1
        consistent = (F.cross_entropy(strong, guess, reduction="none") * kept).mean()
        mean = strong.softmax(dim=1).mean(dim=0)
        unfair = (mean * mean.clamp(min=1e-9).log()).sum()
        return min(1.0, self._steps / self._warm) * consistent + FAIR * unfair
