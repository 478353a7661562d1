"""Strategies for few labels, which look for typical images of the pool: TypiClust, ProbCover."""

import torch
from torch import Tensor

from labeller.selection.sampling import k_means, nearest, some
from labeller.selection.strategies import AsBatch, Query
from labeller.selection.weighted_coreset import NEIGHBOURS, typicality

CLUSTERS = 500
"""At most."""
FEWEST = 5
"""Smaller clusters are skipped as long as there are others."""
MOST = 20_000
"""Candidates considered; of more, a random sample."""


class TypiClust(AsBatch):
    """The most typical image of each of the largest uncovered clusters (Hacohen et al., "Active
    Learning on a Budget: Opposite Strategies Suit High and Low Budgets", ICML 2022, algorithm
    1)."""

    def scores(self, query: Query) -> Tensor:
        """Closeness of an image's nearest neighbours, float [C], from 0 to 1."""
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
    """The inverse mean distance to the nearest neighbours in the cluster (equation 2), float
    [N]."""
    count = min(NEIGHBOURS + 1, len(members))
    apart = torch.cdist(members, members).topk(count, dim=1, largest=False).values
    return 1 / apart.mean(dim=1).clamp(min=1e-6)


PURE = 0.95
"""The radius is the largest at which this share of the balls is pure (section 4.1)."""
COVER_MOST = 10_000
"""Candidates considered, since coverage is a matrix; of more, a random sample."""
FOR_RADIUS = 2_000


class ProbCover(AsBatch):
    """Images around which most of the uncovered pool lies (Yehuda et al., "Active Learning Through
    a Covering Lens", NeurIPS 2022, algorithm 1)."""

    def scores(self, query: Query) -> Tensor:
        """The number of uncovered pool images within the radius, float [C]."""
        places = some(query, COVER_MOST)
        pool = query.features(query.candidates[places])
        within, open_ = _cover(query, pool)
        if len(places) == len(query.candidates):
            return (within & open_).sum(dim=1).float()
        radius = _radius(query, pool)
        parts = [
            ((torch.cdist(query.features(part), pool) <= radius) & open_).sum(dim=1)
            for part in query.candidates.split(4096)
        ]
        return torch.cat(parts).float()

    def choose(self, query: Query) -> Tensor:
        places = some(query, COVER_MOST)
        within, open_ = _cover(query, query.features(query.candidates[places]))
        gains = (within & open_).sum(dim=1)
        chosen: list[int] = []
        for _ in range(query.count):
            best = int(gains.argmax())
            chosen.append(best)
            new = (within[best] & open_).nonzero().flatten()
            open_[new] = False
            gains -= within[:, new].sum(dim=1)
            gains[chosen] = -1
        return places[torch.tensor(chosen)]


def _cover(query: Query, pool: Tensor) -> tuple[Tensor, Tensor]:
    """Which images lie within each other's radius, bool [N, N], and which no label covers, bool
    [N]."""
    radius = _radius(query, pool)
    within = torch.cat([torch.cdist(part, pool) <= radius for part in pool.split(1024)])
    open_ = torch.ones(len(pool), dtype=torch.bool)
    if len(query.labelled):
        open_ = nearest(pool, query.features(query.labelled))[0] > radius
    return within, open_


def _radius(query: Query, pool: Tensor) -> float:
    """The radius of balls, with as many clusters as classes standing in for the classes."""
    rng = torch.Generator().manual_seed(query.run.seed)
    points = pool[torch.randperm(len(pool), generator=rng)[:FOR_RADIUS]]
    classes = max(2, int(query.probabilities(query.candidates[:1]).shape[1]))
    owner = nearest(points, k_means(points, min(classes, len(points)), query.run.seed))[1]
    apart = torch.cdist(points, points)
    other = owner[:, None] != owner[None, :]
    # A ball is pure up to the nearest point of another cluster.
    until = apart.masked_fill(~other, torch.inf).min(dim=1).values
    finite = until[torch.isfinite(until)]
    return float(finite.quantile(1 - PURE)) if len(finite) else float(apart.max())
