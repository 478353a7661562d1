"""Tools that strategies share: random samples, nearest neighbours, and cluster centres.

`nearest_to_centres` chooses the first batch. With few labels, typical images teach more than odd or
random ones: on frozen features of 3,068 photos of clothing 50 labels at k-means centres reach
75.6 %, 50 random ones 66.1 % (ten seeds; docs/results.md). After "Revisiting Active Learning in the
Era of Vision Foundation Models" (Gupte et al., TMLR 2024, section 3.1).
"""

import torch
from torch import Tensor

from labeller.selection.strategies import AsBatch, Query


def some(query: Query, most: int) -> Tensor:
    """Places of at most `most` random candidates, but never fewer than are to be chosen;
    long, ascending. For strategies that compare images with each other."""
    count, most = len(query.candidates), max(most, query.count)
    if count <= most:
        return torch.arange(count)
    rng = torch.Generator().manual_seed(query.run.seed)
    return torch.randperm(count, generator=rng)[:most].sort().values


BLOCK = 4096
"""Points compared at once."""


def nearest(points: Tensor, among: Tensor) -> tuple[Tensor, Tensor]:
    """The Euclidean distance of each point to its nearest neighbour among others, and its row.

    Args:
        points, among: float [N, d] and [M, d], M at least 1.

    Returns:
        float [N], and long [N] of rows of `among`.
    """
    found = [torch.cdist(block, among).min(dim=1) for block in points.split(BLOCK)]
    return torch.cat([each.values for each in found]), torch.cat([each.indices for each in found])


ROUNDS = 15
CENTRES_AMONG = 20_000
"""Points that centres are computed from; of more, a random sample."""


def nearest_to_centres(points: Tensor, count: int, seed: int) -> Tensor:
    """Rows of the points nearest to `count` cluster centres, each once, those of the largest
    clusters first: long [count].

    Args:
        points: float [N, d], at least `count` of them.
    """
    rng = torch.Generator().manual_seed(seed)
    drawn = torch.randperm(len(points), generator=rng)[: max(CENTRES_AMONG, count)]
    sample = points[drawn]
    centres = _centres(sample, count, rng)
    order = torch.bincount(nearest(sample, centres)[1], minlength=count).argsort(descending=True)
    free = torch.zeros(len(sample))
    chosen = []
    for centre in centres[order]:
        apart = (sample - centre).square().sum(dim=1) + free
        place = int(apart.argmin())
        free[place] = torch.inf
        chosen.append(place)
    return drawn[torch.tensor(chosen, dtype=torch.long)]


def k_means(points: Tensor, count: int, seed: int) -> Tensor:
    """The centres of `count` clusters, float [count, d] (Lloyd, 1982).

    Args:
        points: float [N, d], at least `count` of them.
    """
    rng = torch.Generator().manual_seed(seed)
    drawn = torch.randperm(len(points), generator=rng)[: max(CENTRES_AMONG, count)]
    return _centres(points[drawn], count, rng)


def _centres(points: Tensor, count: int, rng: torch.Generator) -> Tensor:
    centres = _spread_out(points, count, rng)
    for _ in range(ROUNDS):
        owner = nearest(points, centres)[1]
        sizes = torch.bincount(owner, minlength=count)
        sums = torch.zeros_like(centres).index_add_(0, owner, points)
        centres = torch.where(sizes[:, None] > 0, sums / sizes.clamp(min=1)[:, None], centres)
    return centres


def _spread_out(points: Tensor, count: int, rng: torch.Generator) -> Tensor:
    """Starting centres by k-means++ (Arthur and Vassilvitskii, SODA 2007)."""
    first = int(torch.randint(len(points), (1,), generator=rng))
    chosen, near = [first], (points - points[first]).square().sum(dim=1)
    for _ in range(count - 1):
        row = int(torch.multinomial(near.clamp(min=1e-12), 1, generator=rng))
        chosen.append(row)
        torch.minimum(near, (points - points[row]).square().sum(dim=1), out=near)
    return points[torch.tensor(chosen)]


def choose_at_random(candidates: int, count: int, seed: int) -> Tensor:
    """`count` distinct places out of `candidates`, long [count]; deterministic for a seed.

    Raises:
        ValueError: there are fewer candidates.
    """
    if count > candidates:
        raise ValueError(f"{count} picks from {candidates} candidates")
    order = torch.randperm(candidates, generator=torch.Generator().manual_seed(seed))
    return order[:count]


class Random(AsBatch):
    needs_model = False

    def choose(self, query: Query) -> Tensor:
        return choose_at_random(len(query.candidates), query.count, query.run.seed)
