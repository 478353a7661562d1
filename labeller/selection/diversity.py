"""Batches whose images the model predicts differently: BADGE and CDAL."""

import torch
from torch import Tensor

from labeller.selection.sampling import some
from labeller.selection.strategies import AsBatch, Query

MOST = 50_000
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
        places = some(query, MOST)
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
