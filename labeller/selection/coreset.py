"""CoreSet, plain and weighted.

CoreSet is greedy k-centre (Sener and Savarese, "Active Learning for Convolutional Neural
Networks: A Core-Set Approach", ICLR 2018, algorithm 1), exact and lazy.

A point's distance to its nearest centre only shrinks as centres are added, so an old value is an
upper bound, and so is one that was computed roughly and rounded up. On a CPU only the *front*, the
points with the highest bounds, is kept up to date: while its furthest point lies beyond every bound
outside, that point is the furthest of all. Then a new front is drawn, and only its points are
compared with the centres they have missed.

Picks are those of the plain loop over all distances (tests/selection/test_coreset.py); 10,000 of a
million points take 25 s on two CPU cores (`python -m benchmarks.coreset_scale`). On features of a
frozen encoder, and with few labels, it is worse than chance after the first batch: 80.0 % with 250
labels on 3,068 photos, random selection 81.8 % (ten seeds; docs/results.md).
"""

import torch
from torch import Tensor

from labeller.selection.sampling import nearest
from labeller.selection.strategies import AsBatch, Query
from labeller.selection.uncertainty import margin

FRONT = 512
"""Minimum size of the front; a thousandth of large pools."""
BLOCK = 256
"""Points updated in one matrix product."""
START = 512
"""Centres that all points are compared with at the start."""


class CoreSet(AsBatch):
    def scores(self, query: Query) -> Tensor:
        """Euclidean distance to the nearest labelled image, float [C]; exact for the first pick
        only."""
        if not len(query.labelled):
            return torch.full((len(query.candidates),), torch.inf)
        return nearest(query.features(query.candidates), query.features(query.labelled))[0]

    def choose(self, query: Query) -> Tensor:
        features = query.features(torch.cat([query.labelled, query.candidates]))
        labelled = len(query.labelled)
        return k_center_greedy(features, torch.arange(labelled), query.count) - labelled


@torch.no_grad()
def k_center_greedy(features: Tensor, labelled: Tensor, count: int) -> Tensor:
    """Pick points one by one, each the furthest from all the centres so far.

    Distances are Euclidean, in float64 on a CPU and float32 on accelerators. Of points equally
    far, the one with the lowest row is taken; without any centre the first pick is row 0.

    Args:
        features: float [N, d], on any device.
        labelled: long, rows that are centres from the start; may be empty.
        count: how many rows to pick.

    Returns:
        long [count], rows in the order of picking, none of them labelled.

    Raises:
        ValueError: there are fewer than `count` rows that are not labelled, or a feature is not
            finite.
    """
    centres = torch.unique(labelled.to(features.device))
    if count > len(features) - len(centres):
        raise ValueError(f"{count} picks from {len(features) - len(centres)} unlabelled rows")
    if not torch.isfinite(features.sum(dtype=torch.double)):
        raise ValueError("features must be finite")
    search = _lazily if features.device.type == "cpu" else _in_full
    return search(features.float(), centres, count)


def _in_full(features: Tensor, centres: Tensor, count: int) -> Tensor:
    """Recompute every distance after each pick, for devices with fast memory; never
    synchronises."""
    squares = (features * features).sum(dim=1)
    nearest = torch.full((len(features),), torch.inf, device=features.device)
    for start in range(0, len(centres), BLOCK):
        block = centres[start : start + BLOCK]
        distances = squares[block] - 2 * (features @ features[block].T)
        torch.minimum(nearest, distances.amin(dim=1) + squares, out=nearest)
    nearest.clamp_(min=0)
    nearest[centres] = -1  # below any distance, so that it is never picked
    picked = torch.empty(count, dtype=torch.long, device=features.device)
    for place in range(count):
        row = torch.argmax(nearest)
        picked[place] = row
        distances = (features - features[row]).square_().sum(dim=1)
        torch.minimum(nearest, distances, out=nearest)
        nearest[row] = -1
    return picked


def _lazily(features: Tensor, centres: Tensor, count: int) -> Tensor:
    search = _Search(features, centres, count)
    while search.wanted:
        search.draw_front()
        search.pick()
    return search.centres[len(centres) :]


class _Search:
    """Bounds of all points, and the centres so far.

    Attributes:
        centres: long [labelled + count], rows, filled from the left up to `known`.
        bounds: float64 [N], squared distance to the nearest of the centres that the point has
            `seen`, or more; -1 for a centre.
        seen: long [N], how many of the centres these are, from the left.
    """

    def __init__(self, features: Tensor, labelled: Tensor, count: int) -> None:
        self.features = features
        self.centres = torch.cat([labelled, labelled.new_zeros(count)])
        self.known = len(labelled)
        self.points = features.new_empty((len(self.centres), features.shape[1]), dtype=torch.double)
        self.points[: self.known] = features[labelled]
        self.bounds = features.new_full((len(features),), torch.inf, dtype=torch.double)
        self.seen = torch.zeros(len(features), dtype=torch.long)
        if not self.known and count:  # every point is as far from no centre; row 0 is the first
            self.points[0] = features[0]
            self.known = 1
        self._bound_roughly(features[self.centres[: min(self.known, START)]])
        self.bounds[self.centres[: self.known]] = -1

    @property
    def wanted(self) -> int:
        return len(self.centres) - self.known

    def draw_front(self) -> None:
        """Bring the points with the highest bounds, including all ties, up to date."""
        size = min(max(FRONT, len(self.bounds) // 1000), len(self.bounds))
        lowest = torch.topk(self.bounds, size, sorted=False).values.min()
        chosen = self.bounds >= lowest.clamp(min=0)
        self.front = chosen.nonzero().flatten()
        outside = self.bounds.masked_fill(chosen, -1)
        self.beyond = float(outside.max())
        # Points that have missed as many centres catch up together.
        for rows in self.front[self.seen[self.front].argsort()].split(BLOCK):
            self._catch_up(rows, self.known)

    def pick(self) -> None:
        """Pick from the front while it holds the furthest point."""
        points = self.features[self.front].double()
        squares = points.square().sum(dim=1)
        nearest = self.bounds[self.front]
        while self.wanted:
            place = int(nearest.argmax())
            if float(nearest[place]) <= self.beyond:
                break
            point = self.points[self.known] = points[place]
            self.centres[self.known] = self.front[place]
            self.known += 1
            distances = torch.addmv(squares, points, point, alpha=-2).add_(squares[place])
            torch.minimum(nearest, distances.clamp_(min=0), out=nearest)
            nearest[place] = -1
        self.bounds[self.front] = nearest
        self.seen[self.front] = self.known

    def _bound_roughly(self, centres: Tensor) -> None:
        """Bound all points by some centres in float32, plus the worst rounding error.

        A dot product of length d is off by at most d · ε · |x| · |c|, and so is a sum of squares.
        """
        slack = 4 * (self.features.shape[1] + 8) * torch.finfo(torch.float32).eps
        squares = centres.square().sum(dim=1)
        largest = squares.max() if len(squares) else squares.new_tensor(torch.inf)
        for points, bounds in zip(
            self.features.split(8 * BLOCK), self.bounds.split(8 * BLOCK), strict=True
        ):
            own = points.square().sum(dim=1)
            nearest = torch.addmm(squares, points, centres.T, alpha=-2).amin(dim=1)
            rough = nearest + own + slack * (own + largest)
            bounds.copy_(torch.where(rough.isnan(), torch.inf, rough))

    def _catch_up(self, rows: Tensor, known: int) -> None:
        """Tighten the bounds of some points to the first `known` centres."""
        missed = self.points[int(self.seen[rows].min()) : known]
        if not len(missed):
            return
        points = self.features[rows].double()
        nearest = torch.full((len(rows),), torch.inf, dtype=torch.double)
        for centres in missed.split(8 * BLOCK):
            distances = torch.addmm(centres.square().sum(dim=1), points, centres.T, alpha=-2)
            torch.minimum(nearest, distances.amin(dim=1), out=nearest)
        nearest = nearest.add_(points.square().sum(dim=1)).clamp_(min=0)
        self.bounds[rows] = torch.minimum(self.bounds[rows], nearest)
        self.seen[rows] = known


NEIGHBOURS = 20
REFERENCES = 4096
"""Random images of the pool among which typicality is measured."""
WEIGHTED_MOST = 50_000
"""Candidates considered; of more, those that the model is least sure of, since the others' weights
are next to nothing."""
WEIGHTED_BLOCK = 4096


class WeightedCoreSet(AsBatch):
    """CoreSet with weighted distances: far from labelled images, unsure, and typical of the pool.

    Greedy k-centre, but each candidate's distance to the nearest centre is multiplied by
    (1 − margin)² and by the square root of its typicality. Weighting a core-set by confidence
    follows Kim et al. ("Confident Coreset for Active Learning in Medical Image Analysis", 2020);
    typicality is TypiClust's (Hacohen et al., ICML 2022, equation 2): without it, outliers come
    first.

    On frozen features of 3,068 photos of clothing, 50 labels at the centres of clusters and 50 a
    round, it reaches 81.9, 83.2, 84.8 and 85.6 % with 100 to 250 labels, plain CoreSet 76.5, 79.6,
    79.5 and 80.0 %, and random selection after a random first batch 73.0, 77.7, 80.0 and 81.8 %
    (ten seeds; docs/results.md).
    """

    def __init__(self) -> None:
        self._known: tuple[Tensor, int, Typicality] | None = None

    def scores(self, query: Query) -> Tensor:
        """Weighted distance to the nearest labelled image, float [C]."""
        features = query.features(query.candidates)
        return _distances(query, features) * self._weights(query, features, unsureness(query))

    def choose(self, query: Query) -> Tensor:
        unsure = unsureness(query)
        places = torch.arange(len(unsure))
        most = max(WEIGHTED_MOST, query.count)
        if len(unsure) > most:
            places = unsure.topk(most).indices.sort().values
        features = query.features(query.candidates[places])
        weights = self._weights(query, features, unsure[places])
        distances = _distances(query, features)
        picked = torch.empty(query.count, dtype=torch.long)
        for place in range(query.count):
            row = int((distances * weights).argmax())
            picked[place] = row
            apart = torch.cdist(features, features[row : row + 1]).squeeze(1)
            torch.minimum(distances, apart, out=distances)
            distances[row] = -1
            weights[row] = 1  # keeps it below all others
        return places[picked]

    def _weights(self, query: Query, features: Tensor, unsure: Tensor) -> Tensor:
        """The pool of one batch is looked at once, for the choice and for its scores."""
        pool, seed = query.candidates if query.pool is None else query.pool, query.run.seed
        if self._known is None or self._known[0] is not pool or self._known[1] != seed:
            rng = torch.Generator().manual_seed(seed)
            drawn = pool[torch.randperm(len(pool), generator=rng)[:REFERENCES]]
            self._known = pool, seed, Typicality(query.features(drawn))
        return unsure.square() * self._known[2].of(features).sqrt()


def unsureness(query: Query) -> Tensor:
    """1 − margin of each candidate, float [C]."""
    return 1 - margin(query.probabilities(query.candidates))


def _distances(query: Query, features: Tensor) -> Tensor:
    """To the nearest labelled image; 1 without any."""
    if not len(query.labelled):
        return torch.ones(len(features))
    return nearest(features, query.features(query.labelled))[0]


class Typicality:
    """How near an image's nearest neighbours are, from 0 for the loneliest reference to 1 for the
    least lonely.

    Args:
        references: float [M, d], images of the pool.
    """

    def __init__(self, references: Tensor) -> None:
        self._references = references
        own = _nearness(references, references)
        self._least, self._spread = own.min(), own.max() - own.min()

    def of(self, points: Tensor) -> Tensor:
        """Of points float [N, d]: float [N]."""
        if not self._spread > 0:
            return torch.ones(len(points))
        near = _nearness(points, self._references)
        return ((near - self._least) / self._spread).clamp(0, 1)


def typicality(points: Tensor, references: Tensor) -> Tensor:
    """`Typicality` of points float [N, d] among references float [M, d]: float [N]."""
    return Typicality(references).of(points)


def _nearness(points: Tensor, references: Tensor) -> Tensor:
    """The inverse of the mean distance to the nearest neighbours, itself among them."""
    count = min(NEIGHBOURS + 1, len(references))
    near = [
        torch.cdist(part, references).topk(count, dim=1, largest=False).values.mean(dim=1)
        for part in points.split(WEIGHTED_BLOCK)
    ]
    return 1 / torch.cat(near).clamp(min=1e-6)
