"""Images that the model is least sure of.

Entropy, least confidence and margin score each image by itself, which is hard to beat with many
labels; cluster-margin spreads its picks, and CSAL compares several views of an image.
"""

import torch
from torch import Tensor

from labeller.selection.sampling import k_means, nearest, some
from labeller.selection.strategies import ByScore, Query

TINY = 1e-12


class Entropy(ByScore):
    """The probabilities of all classes together (Shannon, 1948; Joshi et al., CVPR 2009)."""

    def scores(self, query: Query) -> Tensor:
        """In nats, from 0 where the model is certain."""
        return entropy(query.probabilities(query.candidates))


class LeastConfidence(ByScore):
    """The share of the likeliest class (Lewis and Gale, SIGIR 1994)."""

    def scores(self, query: Query) -> Tensor:
        """1 less that share."""
        return 1 - query.probabilities(query.candidates).max(dim=1).values


class Margin(ByScore):
    """The two likeliest classes against each other (Scheffer et al., IDA 2001)."""

    def scores(self, query: Query) -> Tensor:
        """1 less the difference of their probabilities."""
        return 1 - margin(query.probabilities(query.candidates))


def entropy(probabilities: Tensor) -> Tensor:
    """Of the probabilities of classes, float [..., classes], in nats: float [...]."""
    return -(probabilities * probabilities.clamp(min=TINY).log()).sum(dim=-1)


def margin(probabilities: Tensor) -> Tensor:
    """The share of the likeliest class less that of the next one, float [N]; 0 for a single class.

    Args:
        probabilities: of the classes, float [N, classes].
    """
    best = probabilities.topk(min(2, probabilities.shape[1]), dim=1).values
    return best[:, 0] - best[:, -1]


UNSURE = 10
"""So many times as many images as are wanted compete, those of the smallest margins."""


class ClusterMargin(Margin):
    def choose(self, query: Query) -> Tensor:
        """In turn from each cluster, the smallest cluster first, its smallest margin first."""
        unsure = self.scores(query).argsort(descending=True, stable=True)[: UNSURE * query.count]
        points = query.features(query.candidates[unsure])
        pool = query.features(query.candidates[some(query, len(unsure))])
        owner = nearest(points, k_means(pool, min(query.count, len(pool)), query.run.seed))[1]
        order = torch.bincount(owner).argsort(stable=True)
        waiting = [(owner == cluster).nonzero().flatten().tolist() for cluster in order]
        chosen: list[int] = []
        while len(chosen) < query.count:
            for members in waiting:
                if members and len(chosen) < query.count:
                    chosen.append(members.pop(0))
        return unsure[torch.tensor(chosen)]


VIEWS = 20
"""Besides the image as it is; the paper takes 50."""
VIEWS_BLOCK = 1 << 14


class Csal(ByScore):
    def scores(self, query: Query) -> Tensor:
        """The variance of each class's share over the views, summed over the classes (equation
        2)."""
        parts = []
        for part in query.candidates.split(VIEWS_BLOCK):
            seen = query.views(part, VIEWS)
            parts.append(inconsistency(torch.cat([query.probabilities(part)[None], seen])))
        return torch.cat(parts)


def inconsistency(probabilities: Tensor) -> Tensor:
    """Equation (2) of class probabilities under several views, [views, N, classes]: [N]."""
    return probabilities.var(dim=0, correction=0).sum(dim=1)
