"""CoreSet: greedy k-centre (Sener and Savarese, "Active Learning for Convolutional Neural
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
