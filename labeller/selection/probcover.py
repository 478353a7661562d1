"""ProbCover: the images around which most of the pool lies that no label covers yet (Yehuda et al.,
"Active Learning Through a Covering Lens", NeurIPS 2022, algorithm 1)."""

import torch
from torch import Tensor

from labeller.selection.centres import k_means
from labeller.selection.neighbours import nearest
from labeller.selection.sampling import some
from labeller.selection.strategies import Query

PURE = 0.95
"""Balls have the largest radius at which so many of them hold a single cluster (section 4.1)."""
MOST = 10_000
"""Of more candidates so many are looked at, drawn at random: who covers whom is a matrix."""
FOR_RADIUS = 2_000


class ProbCover:
    needs_model = True
    companion = None

    def scores(self, query: Query) -> Tensor:
        """How many images of the pool lie within the radius and are not covered."""
        places = some(query, MOST)
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
        places = some(query, MOST)
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
    """Which images lie within the radius of which, bool [N, N], and which no label covers, [N]."""
    radius = _radius(query, pool)
    within = torch.cat([torch.cdist(part, pool) <= radius for part in pool.split(1024)])
    open_ = torch.ones(len(pool), dtype=torch.bool)
    if len(query.labelled):
        open_ = nearest(pool, query.features(query.labelled))[0] > radius
    return within, open_


def _radius(query: Query, pool: Tensor) -> float:
    """With clusters, as many as there are classes, in the place of the classes."""
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
