"""Images that the model is least sure of, each by itself: the oldest strategies, and hard to beat
with many labels. Alike images are chosen together; see badge.py and cluster_margin.py."""

from torch import Tensor

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
