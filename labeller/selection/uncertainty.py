"""Strategies that choose by uncertainty.

Entropy, least confidence and margin score each image by itself, which is hard to beat with many
labels; cluster-margin spreads its picks, and CSAL compares several views of an image.

MC dropout (Gal and Ghahramani, "Dropout as a Bayesian Approximation", ICML 2016) and BALD ask a
network repeatedly under its dropout; where it has none, and on pretrained encoders, with random
features dropped in front of the head, as DropQuery does (Gupte et al., "Revisiting Active Learning
in the Era of Vision Foundation Models", TMLR 2024, section 3.2).

Learning Loss (Yoo and Kweon, "Learning Loss for Active Learning", CVPR 2019) predicts the loss. In
a whole network its module sees all depths (figure 2). With a pretrained encoder it sees the
features that the head sees, and its targets are out-of-fold losses, since a head has next to no
loss on images that it was fitted to.
"""

from collections.abc import Iterator, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from labeller.selection.sampling import k_means, nearest, nearest_to_centres, some
from labeller.selection.strategies import AsBatch, ByScore, Companion, Query

TINY = 1e-12


class Entropy(ByScore):
    """Entropy of the class probabilities (Shannon, 1948; Joshi et al., CVPR 2009)."""

    def scores(self, query: Query) -> Tensor:
        """Entropy in nats, float [C]; 0 where the model is certain."""
        return entropy(query.probabilities(query.candidates))


class LeastConfidence(ByScore):
    """A low probability of the likeliest class (Lewis and Gale, SIGIR 1994)."""

    def scores(self, query: Query) -> Tensor:
        """1 − max p, float [C]."""
        return 1 - query.probabilities(query.candidates).max(dim=1).values


class Margin(ByScore):
    """A small gap between the two likeliest classes (Scheffer et al., IDA 2001)."""

    def scores(self, query: Query) -> Tensor:
        """1 − margin, float [C]."""
        return 1 - margin(query.probabilities(query.candidates))


def entropy(probabilities: Tensor) -> Tensor:
    """Entropy in nats, float [...], of probabilities float [..., classes]."""
    return -(probabilities * probabilities.clamp(min=TINY).log()).sum(dim=-1)


def margin(probabilities: Tensor) -> Tensor:
    """The gap between the two highest probabilities, float [N], of probabilities float [N,
    classes]; 0 with a single class."""
    best = probabilities.topk(min(2, probabilities.shape[1]), dim=1).values
    return best[:, 0] - best[:, -1]


UNSURE = 10
"""Candidates for each image wanted: those of the smallest margins."""


class ClusterMargin(Margin):
    """Unsure images, spread over clusters (Citovsky et al., "Batch Active Learning at Scale",
    NeurIPS 2021, algorithm 1; with k-means instead of hierarchical clustering)."""

    def choose(self, query: Query) -> Tensor:
        """Round-robin over the clusters, smallest cluster and smallest margin first."""
        unsure = self.scores(query).argsort(descending=True, stable=True)[: UNSURE * query.count]
        points = query.features(query.candidates[unsure])
        pool = query.features(query.candidates[some(query, len(unsure))])
        owner = nearest(points, k_means(pool, min(query.count, len(pool)), query.run.seed))[1]
        order = torch.bincount(owner).argsort(stable=True)
        waiting = [(owner == cluster).nonzero().flatten().tolist() for cluster in order]
        chosen: list[int] = []
        while len(chosen) < query.count:
            for members in waiting:
                if members and len(chosen) < query.count:
                    chosen.append(members.pop(0))
        return unsure[torch.tensor(chosen)]


VIEWS = 20
"""In addition to the unchanged image; the paper uses 50."""
VIEWS_BLOCK = 1 << 14


class Csal(ByScore):
    """Images whose predicted class changes with the view (Gao et al., "Consistency-based
    Semi-supervised Active Learning: Towards Minimizing Labeling Cost", ECCV 2020).

    The paper trains by MixMatch, which makes the model consistent wherever it can be: use
    `--set objective=mixmatch` for a whole network.
    """

    def scores(self, query: Query) -> Tensor:
        """The variance of each class's probability over the views, summed over classes (equation
        2)."""
        parts = []
        for part in query.candidates.split(VIEWS_BLOCK):
            seen = query.views(part, VIEWS)
            parts.append(inconsistency(torch.cat([query.probabilities(part)[None], seen])))
        return torch.cat(parts)


def inconsistency(probabilities: Tensor) -> Tensor:
    """Equation (2), float [N], of class probabilities under several views [views, N, classes]."""
    return probabilities.var(dim=0, correction=0).sum(dim=1)


PASSES, SHARE = 20, 0.5
"""Number of passes; share of the features that each one drops."""
BLOCK = 65_536


def feature_dropout(features: Tensor, share: float, rng: torch.Generator) -> Tensor:
    """Features [N, d] with a random share of them zeroed and the others scaled up to compensate."""
    return features * (torch.rand(features.shape, generator=rng) >= share) / (1 - share)


def dropped_scores(features: Tensor, query: Query, share: float, rng: torch.Generator) -> Tensor:
    """Class scores, float [N, classes], of features [N, d] after dropping a share of them."""
    assert query.model is not None
    return query.model.scores(feature_dropout(features, share, rng))


class McDropout(ByScore):
    """The entropy of the mean prediction (Gal et al., "Deep Bayesian Active Learning with Image
    Data", ICML 2017, "max entropy")."""

    def scores(self, query: Query) -> Tensor:
        """Entropy in nats, float [C]."""
        mean, _ = _answers(query)
        return entropy(mean)


class Bald(ByScore):
    """How far the predictions disagree (Houlsby et al., 2011; Gal et al., ICML 2017, "BALD")."""

    def scores(self, query: Query) -> Tensor:
        """The entropy of their mean less their mean entropy, in nats, float [C]."""
        mean, within = _answers(query)
        return entropy(mean) - within


def _answers(query: Query) -> tuple[Tensor, Tensor]:
    """Mean probabilities over the passes, float [C, classes], and their mean entropy, float [C]."""
    rng = torch.Generator().manual_seed(query.run.seed)
    means, withins = [], []
    for part in query.candidates.split(BLOCK):
        total, within = torch.zeros(()), torch.zeros(len(part))
        for probabilities in _passes(query, part, rng):
            total = total + probabilities
            within += entropy(probabilities)
        means.append(total / PASSES)
        withins.append(within / PASSES)
    return torch.cat(means), torch.cat(withins)


def _passes(query: Query, part: Tensor, rng: torch.Generator) -> Iterator[Tensor]:
    """Class probabilities in each pass, float [N, classes]: under the dropout of a network that
    was trained with it, as published, or with features left out."""
    assert query.model is not None
    if query.model.has_dropout:
        yield from query.model.dropped(part, PASSES, query.run)
        return
    features = query.features(part)
    for _ in range(PASSES):
        yield dropped_scores(features, query, SHARE, rng).softmax(dim=1)


QUERY_PASSES, QUERY_SHARE = 3, 0.75
MOST = 50_000
"""Candidates considered; of more, a random sample."""


class DropQuery(AsBatch):
    """Images whose predicted class changes when features are dropped, and of these the ones at
    cluster centres (Gupte et al., TMLR 2024, section 3.2)."""

    def scores(self, query: Query) -> Tensor:
        """The share of passes whose prediction differs from that with all features, float [C]."""
        return _changes(query, query.features(query.candidates))

    def choose(self, query: Query) -> Tensor:
        places = some(query, MOST)
        features = query.features(query.candidates[places])
        changes = _changes(query, features)
        doubtful = (changes > 0.5).nonzero().flatten()
        if len(doubtful) < query.count:  # the smallest margins among the others fill up
            sure = margin(query.probabilities(query.candidates[places]))
            sure[doubtful] = -1
            doubtful = sure.argsort(stable=True)[: query.count]
        chosen = nearest_to_centres(features[doubtful], query.count, query.run.seed)
        return places[doubtful[chosen]]


def _changes(query: Query, features: Tensor) -> Tensor:
    assert query.model is not None
    said = query.model.scores(features).argmax(dim=1)
    rng = torch.Generator().manual_seed(query.run.seed)
    others = [
        dropped_scores(features, query, QUERY_SHARE, rng).argmax(dim=1) != said
        for _ in range(QUERY_PASSES)
    ]
    return torch.stack(others).float().mean(dim=0)


HIDDEN = 128
MARGIN = 1.0
"""ξ of equation (2)."""


class LossPrediction(nn.Module):
    """Features [N, dim] → predicted losses [N] (section 3.2)."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.LayerNorm(dim), nn.Linear(dim, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 1)
        )

    def forward(self, features: Tensor) -> Tensor:
        predicted: Tensor = self.layers(features)
        return predicted.squeeze(1)

    def loss(self, features: Tensor, losses: Tensor) -> Tensor:
        """As `Companion.build` requires; the losses are targets and get no gradient."""
        return ranking_loss(self(features), losses.detach())


class DepthLossPrediction(nn.Module):
    """Outputs of several stages of a network, [N, dim] each → predicted losses [N] (figure 2)."""

    def __init__(self, dims: Sequence[int]) -> None:
        super().__init__()
        self.depths = nn.ModuleList(nn.Linear(dim, HIDDEN) for dim in dims)
        self.head = nn.Linear(HIDDEN * len(dims), 1)

    def forward(self, depths: Sequence[Tensor]) -> Tensor:
        seen = [F.relu(layer(each)) for layer, each in zip(self.depths, depths, strict=True)]
        predicted: Tensor = self.head(torch.cat(seen, dim=1))
        return predicted.squeeze(1)

    def loss(self, depths: Sequence[Tensor], losses: Tensor) -> Tensor:
        """As `Companion.build` requires."""
        return ranking_loss(self(depths), losses.detach())


class LearningLoss(ByScore):
    companion = Companion("learning-loss", LossPrediction)
    network_companion = Companion("learning-loss-depths", DepthLossPrediction, of_depths=True)

    def scores(self, query: Query) -> Tensor:
        """The predicted loss, float [C]; only the order is meaningful."""
        model = query.model
        assert model is not None
        wanted = self.network_companion if model.is_network else self.companion
        module = model.companion(wanted.name).cpu().eval()
        with torch.no_grad():
            return torch.cat([
                module(model.depths(part, query.run) if wanted.of_depths else query.features(part))
                for part in query.candidates.split(BLOCK)
            ])  # fmt: skip


def ranking_loss(predicted: Tensor, losses: Tensor, margin: float = MARGIN) -> Tensor:
    """The mean over pairs of max(0, −sign(lᵢ − lⱼ) · (l̂ᵢ − l̂ⱼ) + ξ), equation (2), a scalar.

    The first half of the batch is paired with the second; an odd image out is ignored, and the loss
    of a single image is 0.

    Args:
        predicted, losses: float [B].
    """
    half = len(losses) // 2
    if not half:
        return predicted.sum() * 0
    order = torch.where(losses[:half] > losses[half : 2 * half], 1.0, -1.0)
    return F.relu(margin - order * (predicted[:half] - predicted[half : 2 * half])).mean()
