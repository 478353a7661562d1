"""UncertainGCN and CoreGCN: a graph network learns which images are labelled, from their features
and those of their neighbours (Caramalau, Bhattarai and Kim, "Sequential Graph Convolutional Network
for Active Learning", CVPR 2021)."""

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
"""s_margin of equation (5): the probability of "labelled" that is wanted most."""
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
    """Images that the graph network takes for unlabelled, but not with certainty."""

    def choose(self, query: Query) -> Tensor:
        """Those whose probability of "labelled" is nearest to `MARGIN`."""
        places = some(query, MOST)
        likely, _ = _looked_at(query, places)
        return places[(likely - MARGIN).abs().argsort(stable=True)[: query.count]]


class CoreGcn(AsBatch):
    """CoreSet on the features of the graph network."""

    def choose(self, query: Query) -> Tensor:
        places = some(query, MOST)
        _, hidden = _looked_at(query, places)
        labelled = len(hidden) - len(places)
        return places[k_center_greedy(hidden, torch.arange(labelled), query.count) - labelled]


def _looked_at(query: Query, places: Tensor) -> tuple[Tensor, Tensor]:
    """Train the graph network: the probability of "labelled" of some candidates, float [N], and
    hidden features of the labelled images followed by these."""
    rng = torch.Generator().manual_seed(query.run.seed)
    known = query.labelled[torch.randperm(len(query.labelled), generator=rng)[:MOST_LABELLED]]
    features = query.features(torch.cat([known, query.candidates[places]]))
    is_labelled = torch.arange(len(features)) < len(known)
    unit = normalize(features, dim=1)
    graph = unit @ unit.T  # neighbours by their cosine, each image its own too (section 3.2)
    graph /= graph.abs().sum(dim=1, keepdim=True)
    with seeded(query.run.seed):
        network = _GraphNetwork(features.shape[1])
        optimiser = torch.optim.Adam(network.parameters(), RATE, weight_decay=DECAY)
        weights = torch.where(is_labelled, 1.0, UNLABELLED_WEIGHT)
        for _ in steps(query.run, "Selecting", EPOCHS):
            likely, _ = network(unit, graph)
            descend(optimiser, binary_cross_entropy(likely, is_labelled.float(), weights))
    with torch.no_grad():
        likely, hidden = network.eval()(unit, graph)
    return likely[len(known) :], hidden
