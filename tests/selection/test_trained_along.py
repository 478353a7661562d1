"""Strategies with a module or a network of their own: Learning Loss, VAAL, CSAL."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from labeller.core.errors import Cancelled
from labeller.core.run import Run
from labeller.learning.feature_learners import fit_companions
from labeller.loop import rounds
from labeller.loop.method import Method
from labeller.selection.strategies import Query, strategy_named
from labeller.selection.uncertainty import (
    Csal,
    LearningLoss,
    LossPrediction,
    feature_dropout,
    inconsistency,
    ranking_loss,
)
from labeller.selection.vaal import Vaal, adversaries
from tests.frozen_encoder import frozen  # noqa: F401
from tests.loop.test_rounds import FAST
from tests.selection.test_field import Model, query


def test_the_ranking_loss_is_its_formula():
    rng = torch.Generator().manual_seed(0)
    predicted, losses = torch.randn(9, generator=rng), torch.rand(9, generator=rng)
    total = 0.0
    for i in range(4):
        j = i + 4
        sign = 1.0 if losses[i] > losses[j] else -1.0
        total += max(0.0, -sign * float(predicted[i] - predicted[j]) + 1.0)
    assert float(ranking_loss(predicted, losses)) == pytest.approx(total / 4, rel=1e-5)
    assert float(ranking_loss(predicted[:1], losses[:1])) == 0.0
    right = torch.tensor([3.0, 0.0]), torch.tensor([2.0, 1.0])
    assert float(ranking_loss(*right)) == 0.0 and float(ranking_loss(-right[0], right[1])) == 4.0


def test_a_planted_hard_group_is_expected_to_have_a_high_loss():
    """Images whose third feature is large are answered wrongly; others are not."""
    rng = torch.Generator().manual_seed(1)
    points = torch.randn(200, 6, generator=rng)
    hard = torch.arange(200) % 2 == 0
    points[hard, 2] += 4.0
    labels = torch.zeros(200, dtype=torch.long)
    scores = torch.zeros(200, 3)
    scores[hard, 1], scores[~hard, 0] = 3.0, 3.0
    before = torch.get_rng_state()
    modules = fit_companions(
        (LearningLoss.companion,), points[:100], scores[:100], labels[:100], Run(0)
    )
    assert torch.equal(torch.get_rng_state(), before)
    asked = query(points, 100, 20)
    asked.model.companion = lambda name: modules[name]
    chosen = LearningLoss().choose(asked)
    assert hard[100:][chosen].float().mean() > 0.9


def test_the_losses_are_targets_and_get_no_gradient():
    module = LossPrediction(4)
    features, losses = torch.randn(8, 4, requires_grad=True), torch.rand(8, requires_grad=True)
    module.loss(features, losses).backward()
    assert losses.grad is None and features.grad.abs().sum() > 0


@pytest.mark.slow
def test_the_discriminator_tells_two_planted_groups_apart():
    rng = torch.Generator().manual_seed(2)
    middle = torch.zeros(6)
    middle[1] = 8.0
    alike = torch.randn(150, 6, generator=rng)
    unlike = middle + torch.randn(50, 6, generator=rng)
    points = torch.cat([alike, unlike])  # fifty of the first group are labelled
    chosen = Vaal().choose(query(points, 50, 40))
    assert (chosen >= 100).float().mean() > 0.8
    vae, discriminator = adversaries(alike[:50], points[50:], Run(0))
    with torch.no_grad():
        said = discriminator(vae.encode(points)[0]).squeeze(1)
    assert said[:150].mean() > said[150:].mean() + 0.5


@pytest.mark.slow
def test_the_autoencoder_learns_to_give_back_what_it_sees():
    rng = torch.Generator().manual_seed(3)
    points = torch.randn(300, 2, generator=rng) @ torch.randn(2, 6, generator=rng)
    vae, _ = adversaries(points[:50], points[50:], Run(0))
    with torch.no_grad():
        seen = vae.decoder(vae.encode(points)[0])
    assert (seen - points).square().mean() < 0.5 * points.var()


def test_inconsistency_by_hand():
    views = torch.tensor([[[1.0, 0.0], [0.5, 0.5]], [[0.0, 1.0], [0.5, 0.5]]])
    assert inconsistency(views).tolist() == [0.5, 0.0]


def test_csal_takes_what_changes_with_the_view():
    points = torch.zeros(20, 6)
    points[:, 0] = 1.0
    rows = torch.arange(20)

    class Wavering(Model):
        def views(self, wanted, count, run):
            seen = self.probabilities(wanted, run).repeat(count, 1, 1)
            seen[::2, wanted >= 15] = torch.tensor([0.0, 0.0, 1.0])
            return seen

    asked = Query(rows[:0], rows[:0], rows, 5, Wavering(points, torch.eye(6)[:, :3]), Run(0))
    assert sorted(Csal().choose(asked).tolist()) == [15, 16, 17, 18, 19]


@pytest.fixture
def briefly(monkeypatch):
    monkeypatch.setattr("labeller.selection.vaal.STEPS", 30)


@pytest.mark.usefixtures("briefly")
@pytest.mark.parametrize("strategy", ["learning-loss", "vaal", "csal"])
def test_they_choose_under_a_frozen_encoder_and_from_its_checkpoint(
    project,
    frozen,  # noqa: F811
    strategy,
):
    method = Method(learner="frozen", strategy=strategy, device="cpu")
    rounds.label_by_oracle(project, rounds.begin(project, 12))
    trained = rounds.learn(project, method)
    loaded = rounds.model_of(project, trained.run)
    for name, module in trained.model.companions().items():
        kept = loaded.companion(name).state_dict()
        assert all(torch.equal(kept[key], each) for key, each in module.state_dict().items())
    assert isinstance(trained.model.companions().get("learning-loss"), nn.Module) == (
        strategy == "learning-loss"
    )
    first = rounds.select(project, 5, method, model=trained.model)
    assert first.strategy == strategy and len(set(first.image_ids)) == 5


@pytest.mark.slow
@pytest.mark.usefixtures("briefly")
@pytest.mark.parametrize("strategy", ["learning-loss", "vaal", "csal"])
def test_they_choose_for_a_whole_network(project, strategy):
    method = rounds.Method(FAST.recipe, device="cpu", strategy=strategy)
    rounds.label_by_oracle(project, rounds.begin(project))
    trained = rounds.learn(project, method)
    assert len(rounds.select(project, 5, method, model=trained.model).image_ids) == 5
    assert len(rounds.select(project, 5, method).image_ids) == 5


@pytest.mark.parametrize("strategy", ["vaal", "uncertain-gcn"])
def test_what_trains_while_it_chooses_can_be_stopped(strategy):
    asked = replace(query(torch.randn(60, 6), 10, 5), run=Run(0, should_stop=lambda: True))
    with pytest.raises(Cancelled):
        strategy_named(strategy).choose(asked)


def test_views_leave_features_out_and_keep_their_mean():
    features = torch.ones(1000, 64)
    view = feature_dropout(features, 0.7, torch.Generator().manual_seed(0))
    assert (view == 0).float().mean() == pytest.approx(0.7, abs=0.01)
    assert view.mean() == pytest.approx(1.0, abs=0.02)
