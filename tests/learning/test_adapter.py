"""An adapter on frozen features, which learns from unlabelled images too."""

import math

import pytest
import torch

from labeller.core.errors import Cancelled
from labeller.core.run import Run
from labeller.experiments.plan import Plan
from labeller.experiments.simulation import simulate
from labeller.learning import adapter
from labeller.learning.adapter import FAIR, Consistency, train_adapter
from labeller.learning.feature_learners import Examples, scores_of
from labeller.learning.logistic import fit_head
from labeller.loop import predicting, rounds
from labeller.loop.method import Method
from labeller.selection.uncertainty import feature_dropout
from tests.frozen_encoder import frozen  # noqa: F401


@pytest.fixture
def quick(monkeypatch, frozen):  # noqa: F811
    monkeypatch.setattr(adapter, "STEPS", 40)
    monkeypatch.setattr(adapter, "SHORT", 10)


def clouds(seed: int, noise: float = 3.5) -> tuple[torch.Tensor, torch.Tensor]:
    """Two classes that lie apart, each of many dimensions, of which no label says which matter."""
    rng = torch.Generator().manual_seed(seed)
    truth = torch.arange(600) % 2
    middles = torch.randn(2, 64, generator=rng)
    points = middles[truth] + noise * torch.randn(600, 64, generator=rng)
    return torch.nn.functional.normalize(points - points.mean(dim=0), dim=1), truth


@pytest.mark.slow
def test_unlabelled_images_teach_what_few_labels_do_not():
    gained = []
    for seed in range(4):
        points, truth = clouds(seed)
        alone = fit_head(points[:6], truth[:6], 2).scores(points[6:]).argmax(dim=1)
        network = train_adapter(Examples(points[:6], truth[:6], points[6:], 2), Run(seed), 120)
        joined = scores_of(network, points[6:]).argmax(dim=1)
        right = [float((said == truth[6:]).float().mean()) for said in (alone, joined)]
        gained.append(right[1] - right[0])
    assert min(gained) > 0.1, gained


def test_the_same_seed_gives_the_same_adapter_and_leaves_others_draws_alone():
    points, truth = clouds(0)
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    examples = Examples(points[:8], truth[:8], points[8:], 2)
    first, second = (scores_of(train_adapter(examples, Run(1), 5), points) for _ in range(2))
    assert torch.equal(first, second) and torch.equal(torch.rand(1), expected)


def test_without_unlabelled_images_the_labels_alone_teach():
    points, truth = clouds(0)
    network = train_adapter(Examples(points[:40], truth[:40], points[:0], 2), Run(0), 30)
    assert (scores_of(network, points[:40]).argmax(dim=1) == truth[:40]).float().mean() > 0.9


def test_views_leave_features_out_and_keep_their_mean():
    features = torch.ones(1000, 64)
    view = feature_dropout(features, 0.7, torch.Generator().manual_seed(0))
    assert (view == 0).float().mean() == pytest.approx(0.7, abs=0.01)
    assert view.mean() == pytest.approx(1.0, abs=0.02)


def test_only_what_is_sure_enough_is_asked_for():
    consistency = Consistency(2)
    doubtful = torch.zeros(8, 2)
    sure = torch.tensor([[9.0, 0.0], [0.0, 9.0]] * 4)
    for _ in range(400):
        consistency.loss(sure, sure)
    even = torch.zeros(8, 2)  # the answers of which nothing is demanded
    nothing = consistency.loss(doubtful, even)
    assert nothing == pytest.approx(-FAIR * math.log(2), abs=1e-3), "only fairness is left"
    assert consistency.loss(sure, -sure) > 5 > consistency.loss(sure, sure)
    assert consistency.loss(doubtful, torch.tensor([[9.0, 0.0]] * 8)) > nothing, (
        "one answer for all"
    )


@pytest.mark.usefixtures("quick")
def test_a_round_with_it_ends_in_a_model_that_is_kept(project):
    method = Method(learner="adapter")
    assert method.encoder == "mean-colours" and method.strategy == "weighted-coreset"
    rounds.label_by_oracle(project, rounds.begin(project, 12, method))
    trained = rounds.learn(project, method)
    assert trained.run.test_accuracy > 0.6
    rows = torch.arange(36)
    kept = predicting.model_of(project, trained.run)
    ours, theirs = (m.probabilities(rows, Run()) for m in (trained.model, kept))
    assert torch.allclose(ours, theirs, atol=1e-6)
    assert trained.model.oof_probabilities.shape == (12, 3)
    assert len(rounds.select(project, 5, method, model=trained.model).image_ids) == 5


@pytest.mark.usefixtures("quick")
def test_it_is_simulated_by_name(project):
    plan = Plan(9, 4, 2, seeds=(1,), method=Method(learner="adapter"))
    result = simulate(project, plan)
    assert [cycle.labelled for cycle in result.runs[0].cycles] == [9, 13]


def test_it_can_be_stopped():
    points, truth = clouds(0)
    examples = Examples(points[:8], truth[:8], points[8:], 2)
    with pytest.raises(Cancelled):
        train_adapter(examples, Run(0, should_stop=lambda: True), 5)
