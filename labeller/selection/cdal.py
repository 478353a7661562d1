"""CDAL: images whose classes the model mixes in other ways than those chosen (Agarwal et al.,
"Contextual Diversity for Active Learning", ECCV 2020), in the variant that selects as CoreSet does:
greedy k-centre, with the symmetric Kullback–Leibler divergence of two images' probabilities as
distance."""

import torch
from torch import Tensor

from labeller.selection.sampling import some
from labeller.selection.strategies import Query

MOST = 100_000
"""Of more candidates so many are looked at, drawn at random."""
BLOCK = 1024
TINY = 1e-8


class Cdal:
    needs_model = True
    companion = None

    def scores(self, query: Query) -> Tensor:
        """The divergence from the labelled image that is nearest in this measure."""
        probabilities = query.probabilities(query.candidates)
        if not len(query.labelled):
            return torch.full((len(probabilities),), torch.inf)
        return _nearest(probabilities, query.probabilities(query.labelled))

    def choose(self, query: Query) -> Tensor:
        places = some(query, MOST)
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
    """KL(p‖q) + KL(q‖p), halved, of probabilities [N, classes] and [M, classes]: float [N, M]."""
    p, q = one.clamp(min=TINY), other.clamp(min=TINY)
    log_p, log_q = p.log(), q.log()
    own = (p * log_p).sum(dim=1)[:, None] + (q * log_q).sum(dim=1)[None, :]
    return ((own - p @ log_q.T - log_p @ q.T) / 2).clamp(min=0)


def _nearest(probabilities: Tensor, among: Tensor) -> Tensor:
    return torch.cat([divergence(p, among).min(dim=1).values for p in probabilities.split(BLOCK)])
