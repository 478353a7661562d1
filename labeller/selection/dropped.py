"""Asking a model several times with some of its features left out, each time others: where it
changes its mind, it does not know. Gal and Ghahramani, "Dropout as a Bayesian Approximation", ICML
2016; here dropout acts on the features that the head sees, so that any model can be asked."""

import torch
from torch import Tensor

from labeller.selection.strategies import ByScore, Query
from labeller.selection.uncertainty import entropy

PASSES, SHARE = 20, 0.5
"""So often the model is asked; so many features are left out."""
BLOCK = 65_536


def feature_dropout(features: Tensor, share: float, rng: torch.Generator) -> Tensor:
    """Features [N, d] with a share of them left out, the others larger by as much."""
    return features * (torch.rand(features.shape, generator=rng) >= share) / (1 - share)


def dropped_scores(features: Tensor, query: Query, share: float, rng: torch.Generator) -> Tensor:
    """Class scores of features [N, d] of which a share was left out: float [N, classes]."""
    assert query.model is not None
    return query.model.scores(feature_dropout(features, share, rng))


class McDropout(ByScore):
    """The entropy of the mean of all answers (Gal et al., "Deep Bayesian Active Learning with Image
    Data", ICML 2017, "max entropy")."""

    def scores(self, query: Query) -> Tensor:
        """In nats."""
        mean, _ = _answers(query)
        return entropy(mean)


class Bald(ByScore):
    """How far the answers disagree (Houlsby et al., 2011; Gal et al., ICML 2017, "BALD")."""

    def scores(self, query: Query) -> Tensor:
        """The entropy of their mean less their mean entropy, in nats."""
        mean, within = _answers(query)
        return entropy(mean) - within


def _answers(query: Query) -> tuple[Tensor, Tensor]:
    """The mean probabilities over the passes, [C, classes], and the mean of their entropies, [C]."""
    rng = torch.Generator().manual_seed(query.run.seed)
    means, withins = [], []
    for part in query.candidates.split(BLOCK):
        features = query.features(part)
        total, within = torch.zeros(()), torch.zeros(len(part))
        for _ in range(PASSES):
            probabilities = dropped_scores(features, query, SHARE, rng).softmax(dim=1)
            total = total + probabilities
            within += entropy(probabilities)
        means.append(total / PASSES)
        withins.append(within / PASSES)
    return torch.cat(means), torch.cat(withins)
