"""DropQuery: images of which the model changes its mind when features are left out, and of these
the ones at the centres of clusters (Gupte et al., "Revisiting Active Learning in the Era of Vision
Foundation Models", TMLR 2024, section 3.2)."""

import torch
from torch import Tensor

from labeller.selection.centres import nearest_to_centres
from labeller.selection.dropped import dropped_scores
from labeller.selection.sampling import some
from labeller.selection.strategies import Query
from labeller.selection.uncertainty import margin

PASSES, SHARE = 3, 0.75
MOST = 50_000
"""Of more candidates so many are looked at, drawn at random."""


class DropQuery:
    needs_model = True
    companion = None

    def scores(self, query: Query) -> Tensor:
        """How many answers differ from the one with all features, between 0 and 1."""
        return _changes(query, query.features(query.candidates))

    def choose(self, query: Query) -> Tensor:
        places = some(query, MOST)
        features = query.features(query.candidates[places])
        changes = _changes(query, features)
        doubtful = (changes > 0.5).nonzero().flatten()
        if len(doubtful) < query.count:  # the smallest margins of the others join them
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
        dropped_scores(features, query, SHARE, rng).argmax(dim=1) != said for _ in range(PASSES)
    ]
    return torch.stack(others).float().mean(dim=0)
