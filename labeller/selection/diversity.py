"""Batches that are diverse: of images that the model predicts differently (BADGE and CDAL), or that
are typical of different parts of the pool (TypiClust and ProbCover, for few labels)."""

import torch
from torch import Tensor

from labeller.selection.coreset import NEIGHBOURS, typicality
from labeller.selection.sampling import k_means, nearest, some
from labeller.selection.strategies import AsBatch, Query

BADGE_MOST = 50_000
"""Candidates considered; of more, a random sample."""


class Badge(AsBatch):
    """Large and different gradients (Ash et al., "Deep Batch Active Learning by Diverse, Uncertain
    Gradient Lower Bounds", ICLR 2020).

    The gradient of the loss in the head's weights, with the predicted class as the label, is the
    outer product of two vectors: probabilities less label, and features. Scalar products of two
    gradients are therefore products of scalar products, and the matrix of classes × dimensions is
    never built.
    """

    def scores(self, query: Query) -> Tensor:
        """The length of each gradient, float [C]."""
        errors, features = _factors(query, torch.arange(len(query.candidates)))
        return (errors.square().sum(dim=1) * features.square().sum(dim=1)).sqrt()

    def choose(self, query: Query) -> Tensor:
        """k-means++ on the gradients (Arthur and Vassilvitskii, SODA 2007), the longest first."""
        places = some(query, BADGE_MOST)
        errors, features = _factors(query, places)
        squares = errors.square().sum(dim=1) * features.square().sum(dim=1)
        rng = torch.Generator().manual_seed(query.run.seed)
        picked = [int(squares.argmax())]
        near = torch.full_like(squares, torch.inf)
        for _ in range(query.count - 1):
            last = picked[-1]
            product = (errors @ errors[last]) * (features @ features[last])
            apart = (squares + squares[last] - 2 * product).clamp(min=0)
            torch.minimum(near, apart, out=near)
            near[last] = 0
            picked.append(_draw(near, picked, rng))
        return places[torch.tensor(picked)]


def _draw(near: Tensor, picked: list[int], rng: torch.Generator) -> int:
    """An unpicked row, drawn by squared distance; the first one if all are equal."""
    if near.sum() > 0:
        return int(torch.multinomial(near, 1, generator=rng))
    free = torch.ones(len(near), dtype=torch.bool)
    free[picked] = False
    return int(free.nonzero()[0])


def _factors(query: Query, places: Tensor) -> tuple[Tensor, Tensor]:
    """Probabilities less the one-hot predicted class, [N, classes], and features, [N, d]."""
    rows = query.candidates[places]
    probabilities = query.probabilities(rows)
    errors = probabilities.clone()
    errors[torch.arange(len(rows)), probabilities.argmax(dim=1)] -= 1
    return errors, query.features(rows)


CDAL_MOST = 100_000
"""Candidates considered; of more, a random sample."""
BLOCK = 1024
TINY = 1e-8


class Cdal(AsBatch):
    """Images whose classes the model confuses in other ways than those chosen (Agarwal et al.,
    "Contextual Diversity for Active Learning", ECCV 2020), in the variant that selects as CoreSet
    does: greedy k-centre by the symmetric Kullback–Leibler divergence of probabilities."""

    def scores(self, query: Query) -> Tensor:
        """The divergence from the nearest labelled image, float [C]; infinite without any."""
        probabilities = query.probabilities(query.candidates)
        if not len(query.labelled):
            return torch.full((len(probabilities),), torch.inf)
        return _nearest(probabilities, query.probabilities(query.labelled))

    def choose(self, query: Query) -> Tensor:
        places = some(query, CDAL_MOST)
        probabilities = query.probabilities(query.candidates[places])
        near = torch.full((len(probabilities),), torch.inf)
        if len(query.labelled):
            near = _nearest(probabilities, query.probabilities(query.labelled))
        chosen = torch.empty(query.count, dtype=torch.long)
        for place in range(query.count):
            row = int(near.argmax())
            chosen[place] = row
            torch.minimum(
                near, divergence(probabilities, probabilities[row : row + 1]).squeeze(1), out=near
            )
            near[chosen[: place + 1]] = -1
        return places[chosen]


def divergence(one: Tensor, other: Tensor) -> Tensor:
    """(KL(p‖q) + KL(q‖p)) / 2 of probabilities [N, classes] and [M, classes]: float [N, M]."""
    p, q = one.clamp(min=TINY), other.clamp(min=TINY)
    log_p, log_q = p.log(), q.log()
    own = (p * log_p).sum(dim=1)[:, None] + (q * log_q).sum(dim=1)[None, :]
    return ((own - p @ log_q.T - log_p @ q.T) / 2).clamp(min=0)


def _nearest(probabilities: Tensor, among: Tensor) -> Tensor:
    return torch.cat([divergence(p, among).min(dim=1).values for p in probabilities.split(BLOCK)])


CLUSTERS = 500
"""At most."""
FEWEST = 5
"""Smaller clusters are skipped as long as there are others."""
TYPICAL_MOST = 20_000
"""Candidates considered; of more, a random sample."""


class TypiClust(AsBatch):
    """The most typical image of each of the largest uncovered clusters (Hacohen et al., "Active
    Learning on a Budget: Opposite Strategies Suit High and Low Budgets", ICML 2022, algorithm
    1)."""

    def scores(self, query: Query) -> Tensor:
        """Closeness of an image's nearest neighbours, float [C], from 0 to 1."""
        features = query.features(query.candidates)
        return typicality(features, query.features(query.candidates[some(query, TYPICAL_MOST)]))

    def choose(self, query: Query) -> Tensor:
        places = some(query, TYPICAL_MOST)
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
