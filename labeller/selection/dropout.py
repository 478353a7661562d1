"""Asking a model repeatedly with random features dropped: where its answers change, it is unsure.

MC dropout (Gal and Ghahramani, "Dropout as a Bayesian Approximation", ICML 2016), BALD and
DropQuery (Gupte et al., "Revisiting Active Learning in the Era of Vision Foundation Models", TMLR
2024, section 3.2). Features are dropped in front of the head, so that any model can be asked.
"""

import torch
from torch import Tensor

from labeller.selection.sampling import nearest_to_centres, some
from labeller.selection.strategies import AsBatch, ByScore, Query
from labeller.selection.uncertainty import entropy, margin

PASSES, SHARE = 20, 0.5
"""Number of passes; share of the features that each one drops."""
BLOCK = 65_536


def feature_dropout(features: Tensor, share: float, rng: torch.Generator) -> Tensor:
    """Features [N, d] with a random share of them zeroed and the others scaled up to compensate."""
    return features * (torch.rand(features.shape, generator=rng) >= share) / (1 - share)


def dropped_scores(features: Tensor, query: Query, share: float, rng: torch.Generator) -> Tensor:
    """Class scores, float [N, classes], of features [N, d] after dropping a share of them."""
    assert query.model is not None
    return query.model.scores(feature_dropout(features, share, rng))


class McDropout(ByScore):
    """The entropy of the mean prediction (Gal et al., "Deep Bayesian Active Learning with Image
    Data", ICML 2017, "max entropy")."""

    def scores(self, query: Query) -> Tensor:
        """Entropy in nats, float [C]."""
        mean, _ = _answers(query)
        return entropy(mean)


class Bald(ByScore):
    """How far the predictions disagree (Houlsby et al., 2011; Gal et al., ICML 2017, "BALD")."""

    def scores(self, query: Query) -> Tensor:
        """The entropy of their mean less their mean entropy, in nats, float [C]."""
        mean, within = _answers(query)
        return entropy(mean) - within


def _answers(query: Query) -> tuple[Tensor, Tensor]:
    """Mean probabilities over the passes, float [C, classes], and their mean entropy, float [C]."""
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


QUERY_PASSES, QUERY_SHARE = 3, 0.75
MOST = 50_000
"""Candidates considered; of more, a random sample."""


class DropQuery(AsBatch):
    """Images whose predicted class changes when features are dropped, and of these the ones at
    cluster centres (Gupte et al., TMLR 2024, section 3.2)."""

    def scores(self, query: Query) -> Tensor:
        """The share of passes whose prediction differs from that with all features, float [C]."""
        return _changes(query, query.features(query.candidates))

    def choose(self, query: Query) -> Tensor:
        places = some(query, MOST)
        features = query.features(query.candidates[places])
        changes = _changes(query, features)
        doubtful = (changes > 0.5).nonzero().flatten()
        if len(doubtful) < query.count:  # the smallest margins among the others fill up
            sure = margin(query.probabilities(query.candidates[places]))
            sure[doubtful] = -1
            doubtful = sure.argsort(stable=True)[: query.count]
        chosen = nearest_to_centres(features[doubtful], query.count, query.run.seed)
        return places[doubtful[chosen]]


def _changes(query: Query, features: Tensor) -> Tensor:
    assert query.model is not None
    said = query.model.scores(features).argmax(dim=1)
    rng = torch.Generator().manual_seed(query.run.seed)
    others = [
        dropped_scores(features, query, QUERY_SHARE, rng).argmax(dim=1) != said
        for _ in range(QUERY_PASSES)
    ]
    return torch.stack(others).float().mean(dim=0)
