"""CSAL: images whose classes change with the view (Gao et al., "Consistency-based Semi-supervised
Active Learning: Towards Minimizing Labeling Cost", ECCV 2020).

The paper's model is trained by MixMatch, which makes it consistent wherever it can be: choose the
learner `mixmatch`, or `--objective mixmatch` for a whole network.
"""

import torch
from torch import Tensor

from labeller.selection.strategies import ByScore, Query

VIEWS = 20
"""Besides the image as it is; the paper takes 50."""
BLOCK = 1 << 14


class Csal(ByScore):
    def scores(self, query: Query) -> Tensor:
        """The variance of each class's share over the views, summed over the classes (equation
        2)."""
        parts = []
        for part in query.candidates.split(BLOCK):
            seen = query.views(part, VIEWS)
            parts.append(inconsistency(torch.cat([query.probabilities(part)[None], seen])))
        return torch.cat(parts)


def inconsistency(probabilities: Tensor) -> Tensor:
    """Equation (2) of class probabilities under several views, [views, N, classes]: [N]."""
    return probabilities.var(dim=0, correction=0).sum(dim=1)
