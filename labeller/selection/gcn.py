"""UncertainGCN and CoreGCN: a graph network learns which images are labelled, from their features
and those of their neighbours (Caramalau, Bhattarai and Kim, "Sequential Graph Convolutional Network
for Active Learning", CVPR 2021), with the graph and the loss of the authors' code."""

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy, dropout, normalize, relu

from labeller.selection.coreset import k_center_greedy
from labeller.selection.sampling import some
from labeller.selection.strategies import AsBatch, Query
from labeller.selection.training import descend, seeded, steps

HIDDEN, DROPOUT, RATE, DECAY, EPOCHS = 128, 0.3, 1e-3, 5e-4, 200
UNLABELLED_WEIGHT = 1.2
"""λ of equation (4)."""
MARGIN = 0.1
"""s_margin of equation (5): the probability of "labelled" that is preferred."""
MOST = 8_000
"""Candidates considered, since the graph is a matrix; of more, a random sample."""
MOST_LABELLED = 2_000


class _GraphNetwork(nn.Module):
    """Two graph convolutions (equations 2 and 3)."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(dim, HIDDEN), nn.Linear(HIDDEN, 1)

    def forward(self, features: Tensor, graph: Tensor) -> tuple[Tensor, Tensor]:
        """The probability of "labelled", [N], and the first layer's features, [N, HIDDEN]."""
        hidden = relu(graph @ self.first(features))
        dropped = dropout(hidden, DROPOUT, self.training)
        return torch.sigmoid(graph @ self.second(dropped)).squeeze(1), hidden


class UncertainGcn(AsBatch):
    """Images that the graph network considers unlabelled, but not with certainty."""

    def choose(self, query: Query) -> Tensor:
        """The images whose probability of "labelled" is nearest to `MARGIN`."""
        places = some(query, MOST)
        likely = _looked_at(query, places)[0][-len(places) :]
        return places[(likely - MARGIN).abs().argsort(stable=True)[: query.count]]


class CoreGcn(AsBatch):
    """CoreSet on the features of the graph network."""

    def choose(self, query: Query) -> Tensor:
        places = some(query, MOST)
        _, hidden = _looked_at(query, places)
        labelled = len(hidden) - len(places)
        return places[k_center_greedy(hidden, torch.arange(labelled), query.count) - labelled]


def affinity(unit: Tensor) -> Tensor:
    """The edge weights between images: cosines by the sum of a neighbour's own, and
    each image itself with weight 1, so that it can be told from its neighbours: (S - I) D^-1 + I.

    Args:
        unit: features of length 1, float [N, d].

    Returns:
        float [N, N]. Sums are of absolute values, since centred features have negative cosines.
    """
    cosines = (unit @ unit.T).fill_diagonal_(0)
    return (cosines / cosines.abs().sum(dim=0).clamp(min=1e-6)).fill_diagonal_(1)


def loss_of(likely: Tensor, labelled: int) -> Tensor:
    """Equation (4): the mean over labelled images, and λ times that over unlabelled ones, so that
    a few labelled ones weigh as much as the many others.

    Args:
        likely: probabilities of "labelled", float [N]; the first `labelled` images are.
    """
    parts = [
        weight * binary_cross_entropy(part, torch.full_like(part, float(is_labelled)))
        for part, is_labelled, weight in (
            (likely[:labelled], True, 1.0), (likely[labelled:], False, UNLABELLED_WEIGHT)
        )
        if len(part)
    ]  # fmt: skip
    return torch.stack(parts).sum()


def _looked_at(query: Query, places: Tensor) -> tuple[Tensor, Tensor]:
    """Train the graph network: the probability of "labelled", float [N], and hidden features, float
    [N, HIDDEN], of the labelled images followed by some candidates."""
    rng = torch.Generator().manual_seed(query.run.seed)
    known = query.labelled[torch.randperm(len(query.labelled), generator=rng)[:MOST_LABELLED]]
    features = query.features(torch.cat([known, query.candidates[places]]))
    unit = normalize(features, dim=1)
    graph = affinity(unit)
    with seeded(query.run.seed):
        network = _GraphNetwork(features.shape[1])
        optimiser = torch.optim.Adam(network.parameters(), RATE, weight_decay=DECAY)
        for _ in steps(query.run, "Selecting", EPOCHS):
            likely, _ = network(unit, graph)
            descend(optimiser, loss_of(likely, len(known)))
    with torch.no_grad():
        likely, hidden = network.eval()(unit, graph)
    return likely, hidden
