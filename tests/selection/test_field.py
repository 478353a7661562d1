"""The published strategies, on features for which the right choice is known."""

import numpy as np
import pytest
import torch

from labeller.core.run import Run
from labeller.selection import diversity, gcn, sampling
from labeller.selection.diversity import divergence
from labeller.selection.strategies import STRATEGIES, Query, companion_named, strategy_named
from labeller.selection.uncertainty import Bald, McDropout, entropy, feature_dropout, margin

CLASSES = 3


class Model:
    """A linear head on given features."""

    is_network = has_dropout = False

    def __init__(self, points: torch.Tensor, head: torch.Tensor) -> None:
        self.points, self.head = points, head

    def features(self, rows: torch.Tensor, run: Run) -> torch.Tensor:
        return self.points[rows]

    def scores(self, features: torch.Tensor) -> torch.Tensor:
        return features @ self.head

    def probabilities(self, rows: torch.Tensor, run: Run) -> torch.Tensor:
        return self.scores(self.points[rows]).softmax(dim=1)

    def views(self, rows: torch.Tensor, count: int, run: Run) -> torch.Tensor:
        rng = torch.Generator().manual_seed(run.seed)
        seen = (feature_dropout(self.points[rows], 0.2, rng) for _ in range(count))
        return torch.stack([self.scores(each).softmax(dim=1) for each in seen])

    def companion(self, name: str) -> torch.nn.Module:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            wanted = companion_named(name)
            return wanted.build(self.points.shape[1])


def query(points: torch.Tensor, labelled: int, count: int, seed: int = 0, scale: float = 4.0):
    """The first points are labelled; the head scores along the first dimensions."""
    head = torch.zeros(points.shape[1], CLASSES)
    head[range(CLASSES), range(CLASSES)] = scale
    rows = torch.arange(len(points))
    return Query(
        rows[:labelled], rows[:labelled] * 0, rows[labelled:], count, Model(points, head), Run(seed)
    )


def clustered_points(count: int = 300, seed: int = 0) -> torch.Tensor:
    rng = torch.Generator().manual_seed(seed)
    middles = torch.eye(6)[:CLASSES] * 2
    owner = torch.randint(CLASSES, (count,), generator=rng)
    return middles[owner] + torch.randn(count, 6, generator=rng)


@pytest.fixture(autouse=True)
def few_vaal_steps(monkeypatch):
    monkeypatch.setattr("labeller.selection.vaal.STEPS", 30)


@pytest.mark.parametrize("name", list(STRATEGIES))
@pytest.mark.parametrize(("labelled", "count"), [(0, 7), (12, 40), (12, 288), (12, 1)])
def test_each_strategy_chooses_distinct_images_reproducibly(name, labelled, count, monkeypatch):
    monkeypatch.setattr(gcn, "EPOCHS", 30)
    asked = query(clustered_points(), labelled, count)
    strategy = strategy_named(name)
    chosen = strategy.choose(asked)
    assert chosen.dtype == torch.long and len(set(chosen.tolist())) == count
    assert int(chosen.min()) >= 0 and int(chosen.max()) < 300 - labelled
    assert torch.equal(strategy.choose(asked), chosen)
    scores = strategy.scores(asked)
    assert scores is None or scores.shape == (300 - labelled,)


@pytest.mark.parametrize("name", list(STRATEGIES))
def test_every_strategy_copes_with_identical_points(name):
    same = torch.ones(40, 6)
    assert len(set(strategy_named(name).choose(query(same, 5, 10)).tolist())) == 10


@pytest.mark.parametrize(
    "name",
    [
        "badge",
        "typiclust",
        "probcover",
        "dropquery",
        "cluster-margin",
        "mc-dropout",
        "bald",
        "cdal",
        "uncertain-gcn",
        "core-gcn",
        "vaal",
    ],
)
def test_large_pools_are_subsampled(name, monkeypatch):
    for limit in (
        "diversity.BADGE_MOST", "diversity.CDAL_MOST", "diversity.TYPICAL_MOST",
        "diversity.COVER_MOST", "uncertainty.MOST", "gcn.MOST", "vaal.MOST",
    ):  # fmt: skip
        monkeypatch.setattr(f"labeller.selection.{limit}", 50)
    monkeypatch.setattr("labeller.selection.uncertainty.BLOCK", 37)
    chosen = strategy_named(name).choose(query(clustered_points(), 10, 20))
    assert len(set(chosen.tolist())) == 20
    assert len(sampling.some(query(clustered_points(), 0, 60), 50)) == 60, (
        "never fewer than requested"
    )


def test_uncertain_images_come_first():
    points = torch.zeros(4, 6)
    points[0, 0] = 3.0  # certain
    points[1, :2] = 1.0  # two classes
    points[3, :3] = torch.tensor([1.0, 0.9, 0.0])
    # row 2 is zero: three classes equally likely
    order = {name: strategy_named(name).choose(query(points, 0, 4)).tolist() for name in (
        "entropy", "margin", "least-confidence"
    )}  # fmt: skip
    assert order["entropy"][0] == 2 and order["least-confidence"][0] == 2
    assert set(order["margin"][:2]) == {1, 2} and all(each[-1] == 0 for each in order.values())
    probabilities = torch.tensor([[0.5, 0.5], [1.0, 0.0]])
    assert entropy(probabilities).tolist() == pytest.approx([0.6931, 0.0], abs=1e-4)
    assert margin(probabilities).tolist() == [0.0, 1.0] and margin(
        probabilities[:, :1]
    ).tolist() == [0.0, 0.0]


def test_badge_gradients_are_computed_from_their_factors():
    asked = query(clustered_points(), 0, 5)
    errors, features = diversity._factors(asked, torch.arange(20))
    head = asked.model.head.clone().requires_grad_()
    for row in range(20):
        scores = features[row : row + 1] @ head
        loss = torch.nn.functional.cross_entropy(scores, scores.argmax(dim=1))
        (gradient,) = torch.autograd.grad(loss, head)
        assert torch.allclose(torch.outer(features[row], errors[row]), gradient, atol=1e-5)
    assert int(diversity.Badge().choose(asked)[0]) == int(diversity.Badge().scores(asked).argmax())


def test_badge_takes_no_duplicates():
    points = torch.cat([clustered_points(30), clustered_points(30)])
    chosen = strategy_named("badge").choose(query(points, 0, 20))
    assert len({place % 30 for place in chosen.tolist()}) == 20


def test_typiclust_takes_typical_images_of_unlabelled_clusters():
    rng = torch.Generator().manual_seed(1)
    middles = torch.eye(6)[:4] * 10
    sizes = (40, 30, 20, 10)
    groups = [middles[g] + torch.randn(n, 6, generator=rng) for g, n in enumerate(sizes)]
    points = torch.cat([groups[0][:1], *groups])  # one image of the largest group is labelled
    owner = torch.tensor([g for g, n in enumerate(sizes) for _ in range(n)])
    chosen = strategy_named("typiclust").choose(query(points, 1, 3))
    assert owner[chosen].tolist() == [1, 2, 3], "clusters without labels, the largest first"
    for place, group in zip(chosen.tolist(), (1, 2, 3), strict=True):
        middle = groups[group].mean(dim=0)
        apart = (points[1:][owner == group] - middle).norm(dim=1)
        assert (points[1:][place] - middle).norm() < apart.median()


def test_probcover_covers_the_largest_clusters_first():
    rng = torch.Generator().manual_seed(2)
    middles = torch.eye(6)[:3] * 20
    sizes = (60, 30, 10)
    points = torch.cat([middles[g] + torch.randn(n, 6, generator=rng) for g, n in enumerate(sizes)])
    owner = torch.tensor([g for g, n in enumerate(sizes) for _ in range(n)])
    chosen = strategy_named("probcover").choose(query(points, 0, 3))
    assert owner[chosen].tolist() == [0, 1, 2]


def test_dropout_strategies_prefer_images_relying_on_one_feature():
    points = torch.zeros(40, 6)
    points[:20, 0] = 5.0  # one feature decides: without it nothing is known
    points[20:, :3] = torch.tensor([4.0, 0.0, 0.0])
    points[20:, 3:] = 1.0
    head = torch.zeros(6, CLASSES)
    head[0, 0], head[3:, 0] = 1.0, 3.0
    rows = torch.arange(40)
    asked = Query(rows[:0], rows[:0], rows, 20, Model(points, head), Run(0))
    for strategy in (Bald(), McDropout()):
        scores = strategy.scores(asked)
        assert scores[:20].min() > scores[20:].max()


def test_cluster_margin_spreads_picks_over_clusters():
    rng = torch.Generator().manual_seed(3)
    # Many uncertain images in one place, a few in another.
    one = torch.tensor([2.0, 2.0, 0, 0, 0, 0]) + 0.01 * torch.randn(50, 6, generator=rng)
    other = torch.tensor([0, 2.0, 2.0, 0, 0, 9.0]) + 0.05 * torch.randn(10, 6, generator=rng)
    sure = torch.tensor([5.0, 0, 0, 0, 0, 0]) + torch.randn(100, 6, generator=rng)
    points = torch.cat([one, other, sure])
    asked = query(points, 0, 6)
    plain = strategy_named("margin").choose(asked)
    spread = strategy_named("cluster-margin").choose(asked)
    assert (plain < 50).sum() > (spread < 50).sum()
    assert ((spread >= 50) & (spread < 60)).any()


def test_weighted_coreset_takes_no_near_duplicate_twice():
    points = torch.nn.functional.normalize(clustered_points(60), dim=1)
    twins = torch.nn.functional.normalize(points + 1e-4 * torch.randn(60, 6), dim=1)
    chosen = strategy_named("weighted-coreset").choose(query(torch.cat([points, twins]), 0, 40))
    assert len({place % 60 for place in chosen.tolist()}) == 40


def test_divergence_matches_its_definition():
    probabilities = torch.tensor([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8], [0.7, 0.2, 0.1]])
    found = divergence(probabilities, probabilities)
    p, q = probabilities[0].double(), probabilities[1].double()
    expected = float(((p * (p / q).log()).sum() + (q * (q / p).log()).sum()) / 2)
    assert found[0, 1] == pytest.approx(expected, rel=1e-4) and found[0, 2] == pytest.approx(
        0, abs=1e-6
    )
    assert torch.allclose(found, found.T, atol=1e-6)


def test_cdal_takes_each_mixture_of_classes_once():
    mixtures = torch.tensor([[4.0, 0, 0], [2.0, 2.0, 0], [0, 2.0, 2.0], [1.0, 1.0, 1.0]])
    points = torch.zeros(40, 6)
    points[:, :3] = mixtures.repeat_interleave(10, dim=0)
    chosen = strategy_named("cdal").choose(query(points, 1, 3, scale=2.0))
    assert {(int(place) + 1) // 10 for place in chosen} == {1, 2, 3}, "the first is labelled"


def test_graph_and_loss_match_the_authors_code():
    unit = torch.nn.functional.normalize(clustered_points(30).abs(), dim=1)
    expected = unit.numpy() @ unit.numpy().T - np.eye(30)
    expected = expected @ np.diag(1 / expected.sum(axis=0)) + np.eye(30)
    np.testing.assert_allclose(gcn.affinity(unit).numpy(), expected, atol=1e-6)
    likely = torch.rand(30) * 0.8 + 0.1
    expected = -likely[:6].log().mean() - 1.2 * (1 - likely[6:]).log().mean()
    torch.testing.assert_close(gcn.loss_of(likely, 6), expected)
    assert torch.isfinite(gcn.loss_of(likely, 30)) and torch.isfinite(gcn.loss_of(likely, 0))


def test_the_graph_network_separates_labelled_from_unlabelled_images():
    """Randomly labelled points in a high dimension, so that only the point itself identifies it."""
    rng = torch.Generator().manual_seed(4)
    points = torch.rand(300, 256, generator=rng)
    asked = query(points, 60, 10)
    likely, hidden = gcn._looked_at(asked, torch.arange(240))
    assert hidden.shape == (300, gcn.HIDDEN)
    area = (likely[:60, None] > likely[None, 60:]).float().mean()
    assert area > 0.95, "the area under the ROC curve"
    likely = likely[60:]
    apart = (likely - gcn.MARGIN).abs()
    chosen = strategy_named("uncertain-gcn").choose(asked)
    assert torch.equal(apart[chosen], apart.sort().values[:10])
    before = torch.get_rng_state()
    assert len(strategy_named("core-gcn").choose(query(points, 20, 3))) == 3
    assert torch.equal(torch.get_rng_state(), before), "the global random state is unchanged"
