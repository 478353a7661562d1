"""TypiClust: the most typical image of each of the largest clusters without labels (Hacohen et al.,
"Active Learning on a Budget: Opposite Strategies Suit High and Low Budgets", ICML 2022,
algorithm 1)."""

import torch
from torch import Tensor

from labeller.selection.centres import k_means
from labeller.selection.neighbours import nearest
from labeller.selection.sampling import some
from labeller.selection.strategies import Query
from labeller.selection.weighted_coreset import NEIGHBOURS, typicality

CLUSTERS = 500
"""At most."""
FEWEST = 5
"""Smaller clusters are passed over as long as there are others."""
MOST = 20_000
"""Of more candidates so many are looked at, drawn at random."""


class TypiClust:
    needs_model = True
    companion = None

    def scores(self, query: Query) -> Tensor:
        """How near an image's neighbours are, from 0 to 1."""
        features = query.features(query.candidates)
        return typicality(features, query.features(query.candidates[some(query, MOST)]))

    def choose(self, query: Query) -> Tensor:
        places = some(query, MOST)
        features = query.features(query.candidates[places])
        labelled = query.features(query.labelled) if len(query.labelled) else features[:0]
        count = min(CLUSTERS, len(query.labelled) + query.count, len(features))
        centres = k_means(torch.cat([features, labelled]), count, query.run.seed)
        owner = nearest(features, centres)[1]
        sizes = torch.bincount(owner, minlength=count).tolist()
        covered = [0] * count
        if len(labelled):
            covered = torch.bincount(nearest(labelled, centres)[1], minlength=count).tolist()
        waiting: dict[int, list[int]] = {}
        for cluster in range(count):
            members = (owner == cluster).nonzero().flatten()
            if len(members):
                typical = _typicality(features[members])
                waiting[cluster] = members[typical.argsort(descending=True, stable=True)].tolist()
        chosen: list[int] = []
        while len(chosen) < query.count:
            cluster = min(waiting, key=lambda c: (sizes[c] < FEWEST, covered[c], -sizes[c], c))
            chosen.append(waiting[cluster].pop(0))
            covered[cluster] += 1
            sizes[cluster] -= 1
            if not waiting[cluster]:
                del waiting[cluster]
        return places[torch.tensor(chosen)]


def _typicality(members: Tensor) -> Tensor:
    """The inverse of the mean distance to the nearest neighbours in the cluster (equation 2)."""
    count = min(NEIGHBOURS + 1, len(members))
    apart = torch.cdist(members, members).topk(count, dim=1, largest=False).values
    return 1 / apart.mean(dim=1).clamp(min=1e-6)
