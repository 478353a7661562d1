"""Strategies with a module or a network of their own: Learning Loss, VAAL, CSAL."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from labeller.core.errors import Cancelled
from labeller.core.run import Run
from labeller.learning.feature_learners import fit_companions
from labeller.learning.recipe import recipe_named
from labeller.loop import rounds
from labeller.loop.method import Method
from labeller.selection.strategies import Query, strategy_named
from labeller.selection.training import seeded
from labeller.selection.uncertainty import (
    Csal,
    DepthLossPrediction,
    LearningLoss,
    LossPrediction,
    entropy,
    feature_dropout,
    inconsistency,
    ranking_loss,
)
from labeller.selection.vaal import Vaal, _features, of_images, train_adversaries
from tests.frozen_encoder import frozen  # noqa: F401
from tests.loop.test_rounds import FAST
from tests.selection.test_field import Model, query


def test_the_ranking_loss_matches_its_formula():
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


def test_learning_loss_predicts_a_high_loss_for_a_hard_group():
    """Images with a large third feature are misclassified; others are not."""
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


def adversaries(points):
    """An autoencoder and a discriminator trained on points, of which the first fifty are
    labelled."""
    asked = query(points, 50, 1)
    with seeded(0) as rng:
        shown = replace(
            _features(asked, torch.arange(len(points) - 50)),
            labelled=points[:50].__getitem__, unlabelled=points[50:].__getitem__,
        )  # fmt: skip
        return shown.vae, train_adversaries(shown, Run(0), rng)


@pytest.mark.slow
def test_the_discriminator_separates_two_groups():
    rng = torch.Generator().manual_seed(2)
    middle = torch.zeros(6)
    middle[1] = 8.0
    alike = torch.randn(150, 6, generator=rng)
    unlike = middle + torch.randn(50, 6, generator=rng)
    points = torch.cat([alike, unlike])  # fifty of the first group are labelled
    chosen = Vaal().choose(query(points, 50, 40))
    assert (chosen >= 100).float().mean() > 0.8
    vae, discriminator = adversaries(points)
    with torch.no_grad():
        said = discriminator(vae.encode(points)[0]).squeeze(1)
    assert said[:150].mean() > said[150:].mean() + 0.5


@pytest.mark.slow
def test_the_autoencoder_learns_to_reconstruct():
    rng = torch.Generator().manual_seed(3)
    points = torch.randn(300, 2, generator=rng) @ torch.randn(2, 6, generator=rng)
    vae, _ = adversaries(points)
    with torch.no_grad():
        seen = vae.decoder(vae.encode(points)[0])
    assert (seen - points).square().mean() < 0.5 * points.var()


def test_inconsistency_is_the_variance_over_views():
    views = torch.tensor([[[1.0, 0.0], [0.5, 0.5]], [[0.0, 1.0], [0.5, 0.5]]])
    assert inconsistency(views).tolist() == [0.5, 0.0]


def test_csal_takes_images_whose_prediction_changes_with_the_view():
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
def few_vaal_steps(monkeypatch):
    monkeypatch.setattr("labeller.selection.vaal.STEPS", 30)
    monkeypatch.setattr("labeller.selection.vaal.IMAGE_STEPS", 3)


@pytest.mark.usefixtures("few_vaal_steps")
@pytest.mark.parametrize("strategy", ["learning-loss", "vaal", "csal"])
def test_extra_modules_work_with_a_frozen_encoder_and_its_checkpoint(
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


class Photos(Model):
    """A whole network whose images differ only in brightness."""

    is_network = True

    def images(self, rows):
        shades = self.points[rows, 0].view(-1, 1, 1, 1)
        return shades.expand(-1, 3, 20, 20).clamp(0, 1)


def test_the_autoencoder_of_a_whole_network_uses_the_images(monkeypatch):
    monkeypatch.setattr("labeller.selection.vaal.IMAGE_STEPS", 60)
    shades = torch.cat([torch.full((60,), 0.2), torch.full((20,), 0.9)])
    points = torch.cat([shades[:, None], torch.zeros(80, 5)], dim=1)  # features carry nothing else
    rows = torch.arange(80)
    model = Photos(points, torch.eye(6)[:, :3])
    chosen = Vaal().choose(Query(rows[:30], rows[:30] * 0, rows[30:], 10, model, Run(0)))
    assert (chosen >= 30).all(), "the bright images, none of which is labelled"
    again = Vaal().choose(Query(rows[:30], rows[:30] * 0, rows[30:], 10, model, Run(0)))
    assert chosen.tolist() == again.tolist()


@pytest.mark.parametrize("side", [16, 32, 64])
def test_the_image_autoencoder_has_the_authors_architecture(side):
    vae = of_images(128, side)
    convolutions = [m for m in vae.encoder.modules() if isinstance(m, nn.Conv2d)]
    assert [m.out_channels for m in convolutions] == [128, 256, 512, 1024]
    seen = torch.rand(2, 3, side, side)
    mean, variance = vae.encode(seen)
    assert mean.shape == variance.shape == (2, 32) and vae.decoder(mean).shape == seen.shape


@pytest.mark.slow
@pytest.mark.usefixtures("few_vaal_steps")
@pytest.mark.parametrize("strategy", ["learning-loss", "vaal", "csal"])
def test_extra_modules_work_with_a_whole_network(project, strategy):
    method = rounds.Method(FAST.recipe, device="cpu", strategy=strategy)
    rounds.label_by_oracle(project, rounds.begin(project))
    trained = rounds.learn(project, method)
    assert len(rounds.select(project, 5, method, model=trained.model).image_ids) == 5
    assert len(rounds.select(project, 5, method).image_ids) == 5


def test_learning_loss_in_a_whole_network_uses_all_depths(project):
    method = rounds.Method(FAST.recipe, device="cpu", strategy="learning-loss")
    rounds.label_by_oracle(project, rounds.begin(project))
    trained = rounds.learn(project, method)
    ((name, module),) = trained.model.companions().items()
    assert name == "learning-loss-depths"
    assert [layer.in_features for layer in module.depths] == [16, 32, 64, 128]
    rows = torch.arange(3)
    loaded = rounds.model_of(project, trained.run)
    for model in (trained.model, loaded):
        depths = model.depths(rows, Run())
        assert [each.shape for each in depths] == [(3, d) for d in (16, 32, 64, 128)]
        assert torch.allclose(depths[-1], model.features(rows, Run()), rtol=0.01)
    kept = loaded.companion(name).state_dict()
    assert all(torch.equal(kept[key], each) for key, each in module.state_dict().items())
    before = DepthLossPrediction([16, 32, 64, 128]).state_dict()
    assert any(not torch.equal(before[key], each) for key, each in module.state_dict().items())


def test_the_loss_prediction_from_depths_is_linear_relu_linear():
    module = DepthLossPrediction([2, 3])
    depths = [torch.rand(4, 2), torch.rand(4, 3)]
    seen = [torch.relu(layer(each)) for each, layer in zip(depths, module.depths, strict=True)]
    by_hand = torch.cat(seen, dim=1) @ module.head.weight.T + module.head.bias
    assert torch.allclose(module(depths), by_hand.squeeze(1))
    depths[0].requires_grad_()
    module.loss(depths, torch.rand(4)).backward()
    assert depths[0].grad.abs().sum() > 0, "the loss also trains the network, as published"


@pytest.mark.parametrize("strategy", ["mc-dropout", "bald"])
def test_dropout_strategies_use_the_networks_dropout(project, strategy):
    recipe = recipe_named("quick", **{**FAST.recipe.changes(), "dropout": 0.5})
    method = rounds.Method(recipe, device="cpu", strategy=strategy)
    rounds.label_by_oracle(project, rounds.begin(project))
    model = rounds.learn(project, method).model
    rows = torch.arange(6)
    first, second = (model.dropped(rows, 8, Run(seed)) for seed in (1, 2))
    assert first.shape == (8, 6, len(model.class_ids)) and torch.equal(
        first, model.dropped(rows, 8, Run(1))
    )
    assert not torch.equal(first, second) and first.std(dim=0).max() > 0
    assert torch.allclose(first.sum(dim=2), torch.ones(8, 6), atol=1e-5)
    sure = model.probabilities(rows, Run())
    assert torch.equal(sure, model.probabilities(rows, Run())), "no dropout in evaluation mode"
    assert model.has_dropout and len(rounds.select(project, 5, method, model=model).image_ids) == 5
    asked = Query(rows[:0], rows[:0], rows, 3, model, Run(1))
    means = model.dropped(rows, 20, Run(1)).mean(dim=0)
    within = entropy(model.dropped(rows, 20, Run(1))).mean(dim=0)
    expected = entropy(means) if strategy == "mc-dropout" else entropy(means) - within
    assert torch.allclose(strategy_named(strategy).scores(asked), expected, atol=1e-6)


@pytest.mark.parametrize("strategy", ["vaal", "uncertain-gcn"])
def test_strategies_that_train_can_be_stopped(strategy):
    asked = replace(query(torch.randn(60, 6), 10, 5), run=Run(0, should_stop=lambda: True))
    with pytest.raises(Cancelled):
        strategy_named(strategy).choose(asked)


def test_feature_dropout_keeps_the_mean():
    features = torch.ones(1000, 64)
    view = feature_dropout(features, 0.7, torch.Generator().manual_seed(0))
    assert (view == 0).float().mean() == pytest.approx(0.7, abs=0.01)
    assert view.mean() == pytest.approx(1.0, abs=0.02)
