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
    """Entropy of the class probabilities (Shannon, 1948; Joshi et al., CVPR 2009)."""

    def scores(self, query: Query) -> Tensor:
        """Entropy in nats, float [C]; 0 where the model is certain."""
        return entropy(query.probabilities(query.candidates))


class LeastConfidence(ByScore):
    """A low probability of the likeliest class (Lewis and Gale, SIGIR 1994)."""

    def scores(self, query: Query) -> Tensor:
        """1 − max p, float [C]."""
        return 1 - query.probabilities(query.candidates).max(dim=1).values


class Margin(ByScore):
    """A small gap between the two likeliest classes (Scheffer et al., IDA 2001)."""

    def scores(self, query: Query) -> Tensor:
        """1 − margin, float [C]."""
        return 1 - margin(query.probabilities(query.candidates))


def entropy(probabilities: Tensor) -> Tensor:
    """Entropy in nats, float [...], of probabilities float [..., classes]."""
    return -(probabilities * probabilities.clamp(min=TINY).log()).sum(dim=-1)


def margin(probabilities: Tensor) -> Tensor:
    """The gap between the two highest probabilities, float [N], of probabilities float [N,
    classes]; 0 with a single class."""
    best = probabilities.topk(min(2, probabilities.shape[1]), dim=1).values
    return best[:, 0] - best[:, -1]


UNSURE = 10
"""Candidates for each image wanted: those of the smallest margins."""


class ClusterMargin(Margin):
    """Unsure images, spread over clusters (Citovsky et al., "Batch Active Learning at Scale",
    NeurIPS 2021, algorithm 1; with k-means instead of hierarchical clustering)."""

    def choose(self, query: Query) -> Tensor:
        """Round-robin over the clusters, smallest cluster and smallest margin first."""
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
"""In addition to the unchanged image; the paper uses 50."""
VIEWS_BLOCK = 1 << 14


class Csal(ByScore):
    """Images whose predicted class changes with the view (Gao et al., "Consistency-based
    Semi-supervised Active Learning: Towards Minimizing Labeling Cost", ECCV 2020).

    The paper trains by MixMatch, which makes the model consistent wherever it can be: use the
    learner `mixmatch`, or `--objective mixmatch` for a whole network.
    """

    def scores(self, query: Query) -> Tensor:
        """The variance of each class's probability over the views, summed over classes (equation
        2)."""
        parts = []
        for part in query.candidates.split(VIEWS_BLOCK):
            seen = query.views(part, VIEWS)
            parts.append(inconsistency(torch.cat([query.probabilities(part)[None], seen])))
        return torch.cat(parts)


def inconsistency(probabilities: Tensor) -> Tensor:
    """Equation (2), float [N], of class probabilities under several views [views, N, classes]."""
    return probabilities.var(dim=0, correction=0).sum(dim=1)
