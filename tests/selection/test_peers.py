"""Picks compared with scikit-activeml on the same features and class probabilities, and with plain
loops over the papers' definitions."""

import numpy as np
import pytest
import torch
from skactiveml.base import SkactivemlClassifier
from skactiveml.pool import Badge, CoreSet, ProbCover, TypiClust, UncertaintySampling

from labeller.core.run import Run
from labeller.selection import diversity, gcn
from labeller.selection.strategies import Query, strategy_named
from labeller.selection.uncertainty import PASSES, SHARE, Bald, McDropout, entropy, feature_dropout
from tests.selection.test_field import Model, clustered_points, query

LABELLED = 12


class Given(SkactivemlClassifier):
    """Classifier with our model's predictions."""

    def __init__(self, head=None, missing_label=np.nan):
        super().__init__(classes=[0, 1, 2], missing_label=missing_label)
        self.head = head

    def fit(self, X, y, sample_weight=None):  # noqa: N803
        self._validate_data(X, y, sample_weight)
        return self

    def predict_proba(self, X):  # noqa: N803
        return torch.from_numpy(X @ self.head).softmax(dim=1).numpy()


class First(np.random.RandomState):
    """Always draws the most likely element."""

    def choice(self, a, size=None, replace=True, p=None):
        return np.array([int(np.argmax(p))])


class Furthest(Badge):
    def _validate_data(self, *args, **options):
        checked = super()._validate_data(*args, **options)
        self.random_state_ = First()
        return checked


def peer_picks(strategy, asked: Query, with_model: bool = True) -> list[int]:
    """Places among the candidates that scikit-activeml picks."""
    points = asked.model.points.double().numpy()
    known = np.full(len(points), np.nan)
    known[: len(asked.labelled)] = 0
    more = {}
    if with_model:
        more["clf"] = Given(asked.model.head.double().numpy())
    picked = strategy.query(points, known, batch_size=asked.count, **more)
    return [int(row) - len(asked.labelled) for row in picked]


@pytest.mark.parametrize(
    ("ours", "method"),
    [
        ("entropy", "entropy"),
        ("least-confidence", "least_confident"),
        ("margin", "margin_sampling"),
    ],
)
def test_uncertainty_strategies_match_scikit_activeml(ours, method):
    asked = query(clustered_points(), LABELLED, 30)
    peer = UncertaintySampling(method=method, random_state=0)
    assert set(strategy_named(ours).choose(asked).tolist()) == set(peer_picks(peer, asked))


def test_coreset_matches_scikit_activeml():
    asked = query(clustered_points(), LABELLED, 40)
    peer = CoreSet(random_state=0)
    assert strategy_named("coreset").choose(asked).tolist() == peer_picks(peer, asked, False)


def test_badge_matches_scikit_activeml_when_taking_the_furthest(monkeypatch):
    """scikit-activeml treats the origin as another centre; the authors' code does not."""
    asked = query(clustered_points(), LABELLED, 25)
    lengths = diversity.Badge().scores(asked).square()

    def furthest(near, picked, rng):
        return int(torch.minimum(near, lengths).argmax())

    monkeypatch.setattr(diversity, "_draw", furthest)
    assert strategy_named("badge").choose(asked).tolist() == peer_picks(Furthest(), asked)


def test_badge_is_k_means_plus_plus_on_the_gradients():
    asked = query(clustered_points(), LABELLED, 25, seed=3)
    probabilities = asked.probabilities(asked.candidates)
    errors = probabilities - torch.eye(probabilities.shape[1])[probabilities.argmax(dim=1)]
    gradients = (errors[:, :, None] * asked.features(asked.candidates)[:, None, :]).flatten(1)
    rng = torch.Generator().manual_seed(3)
    picked = [int(gradients.square().sum(dim=1).argmax())]
    for _ in range(24):
        near = torch.cdist(gradients, gradients[picked]).square().min(dim=1).values
        near[picked] = 0
        picked.append(int(torch.multinomial(near, 1, generator=rng)))
    assert strategy_named("badge").choose(asked).tolist() == picked


def test_probcover_matches_scikit_activeml(monkeypatch):
    asked = query(clustered_points(), LABELLED, 30)
    monkeypatch.setattr(diversity, "_radius", lambda query, pool: 1.5)
    monkeypatch.setattr(  # ties go to the first, as in ours
        "skactiveml.pool._prob_cover.rand_argmax", lambda a, **_: [int(np.nanargmax(a))]
    )
    peer = ProbCover(deltas=[1.5])
    assert strategy_named("probcover").choose(asked).tolist() == peer_picks(peer, asked, False)


def test_probcover_covers_greedily(monkeypatch):
    """Each pick covers the most uncovered points, by brute force."""
    asked = query(clustered_points(80), 1, 20)
    monkeypatch.setattr(diversity, "_radius", lambda query, pool: 1.7)
    points = asked.features(asked.candidates)
    within = [[bool((a - b).norm() <= 1.7) for b in points] for a in points]
    known = asked.features(asked.labelled)
    open_ = {i for i, p in enumerate(points) if all((p - k).norm() > 1.7 for k in known)}
    expected: list[int] = []
    for _ in range(20):
        gains = [
            -1 if i in expected else sum(within[i][j] for j in open_) for i in range(len(points))
        ]
        best = gains.index(max(gains))
        expected.append(best)
        open_ -= {j for j in open_ if within[best][j]}
    assert strategy_named("probcover").choose(asked).tolist() == expected


def clusters_of_sizes(sizes: tuple[int, ...], seed: int = 1) -> torch.Tensor:
    rng = torch.Generator().manual_seed(seed)
    middles = torch.eye(6)[: len(sizes)] * 12
    parts = [middles[g] + torch.randn(n, 6, generator=rng) for g, n in enumerate(sizes)]
    return torch.cat(parts)


def test_typiclust_matches_scikit_activeml_on_clear_clusters(monkeypatch):
    monkeypatch.setattr(diversity, "NEIGHBOURS", 5)
    points = clusters_of_sizes((40, 31, 22, 13))
    asked = query(torch.cat([points[:1], points[1:]]), 1, 3)
    assert strategy_named("typiclust").choose(asked).tolist() == peer_picks(
        TypiClust(k=5, random_state=0), asked, False
    )


def test_typiclust_by_hand_on_ten_points():
    """Five points on each of two lines; the one in the middle is the most typical."""
    line, other = [0.0, 1.0, 1.9, 3.5, 9.0], [0.0, 4.0, 6.0, 7.0, 8.5]
    points = torch.zeros(10, 6)
    points[:5, 0], points[5:, 0] = torch.tensor(line), torch.tensor(other)
    points[5:, 1] = 100.0
    expected = []
    for before, places in ((0, line), (5, other)):
        means = [sum(abs(a - b) for b in places) for a in places]
        expected.append(before + means.index(min(means)))
    assert expected == [2, 7]
    assert sorted(strategy_named("typiclust").choose(query(points, 0, 2)).tolist()) == expected


def test_bald_is_at_most_the_entropy_and_zero_for_equal_answers():
    asked = query(clustered_points(), LABELLED, 5)
    bald, mean = Bald().scores(asked), McDropout().scores(asked)
    assert (bald <= mean + 1e-6).all() and (bald >= -1e-6).all() and bald.max() > 0.05
    agreeing = Query(
        asked.labelled, asked.labels, asked.candidates, 5,
        Model(asked.model.points, asked.model.head * 0), Run(0),
    )  # fmt: skip
    assert Bald().scores(agreeing).abs().max() < 1e-6
    assert torch.allclose(McDropout().scores(agreeing), torch.tensor(3.0).log().expand(288))


def test_bald_and_mc_dropout_match_their_formulas():
    asked = query(clustered_points(40), 5, 5)
    rng = torch.Generator().manual_seed(0)
    features = asked.features(asked.candidates)
    answers = torch.stack(
        [
            asked.model.scores(feature_dropout(features, SHARE, rng)).softmax(1)
            for _ in range(PASSES)
        ]
    )
    mean = answers.mean(dim=0)
    of_mean = -(mean * mean.log()).sum(dim=1)
    each = -(answers * answers.clamp(min=1e-12).log()).sum(dim=2).mean(dim=0)
    assert torch.allclose(McDropout().scores(asked), of_mean, atol=1e-5)
    assert torch.allclose(Bald().scores(asked), of_mean - each, atol=1e-5)
    assert torch.allclose(entropy(mean), of_mean, atol=1e-6)


def test_the_graph_network_matches_its_equations():
    """Two layers (equations 2 and 3), node by node."""
    torch.manual_seed(0)
    network = gcn._GraphNetwork(6).eval()
    points = torch.nn.functional.normalize(clustered_points(15), dim=1)
    graph = points @ points.T
    graph = graph / graph.abs().sum(dim=1, keepdim=True)
    first = [network.first(points[i]) for i in range(15)]
    hidden = [torch.relu(sum(graph[i, j] * first[j] for j in range(15))) for i in range(15)]
    second = [network.second(hidden[i]) for i in range(15)]
    likely = [torch.sigmoid(sum(graph[i, j] * second[j] for j in range(15))) for i in range(15)]
    with torch.no_grad():
        ours, seen = network(points, graph)
    assert torch.allclose(ours, torch.cat(likely), atol=1e-5)
    assert torch.allclose(seen, torch.stack(hidden), atol=1e-5)
