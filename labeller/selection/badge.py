"""BADGE: images whose gradients are large and different (Ash et al., "Deep Batch Active Learning by
Diverse, Uncertain Gradient Lower Bounds", ICLR 2020).

The gradient of the loss in the head's weights, with the likeliest class taken for the label, is the
product of two vectors, probabilities less label and features. So the scalar product of two gradients is
that of the first ones times that of the second ones, and the matrix of classes × dimensions is
never made.
"""

import torch
from torch import Tensor

from labeller.selection.sampling import some
from labeller.selection.strategies import Query

MOST = 50_000
"""Of more candidates so many are looked at, drawn at random."""


class Badge:
    needs_model = True
    companion = None

    def scores(self, query: Query) -> Tensor:
        """The length of each gradient."""
        errors, features = _factors(query, torch.arange(len(query.candidates)))
        return (errors.square().sum(dim=1) * features.square().sum(dim=1)).sqrt()

    def choose(self, query: Query) -> Tensor:
        """By k-means++ (Arthur and Vassilvitskii, SODA 2007), the longest gradient first."""
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
    """One that is not picked, by its squared distance; where all are alike, the first."""
    if near.sum() > 0:
        return int(torch.multinomial(near, 1, generator=rng))
    free = torch.ones(len(near), dtype=torch.bool)
    free[picked] = False
    return int(free.nonzero()[0])


def _factors(query: Query, places: Tensor) -> tuple[Tensor, Tensor]:
    """Probabilities less the likeliest class, [N, classes], and features, [N, d]."""
    rows = query.candidates[places]
    probabilities = query.probabilities(rows)
    errors = probabilities.clone()
    errors[torch.arange(len(rows)), probabilities.argmax(dim=1)] -= 1
    return errors, query.features(rows)
