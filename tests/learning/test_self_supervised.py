"""Self-supervised methods: losses against their definitions and lightly's, which parts get a
gradient or follow by momentum, and that each one trains."""

from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F
from labeller_models.encoder import CIFAR10, Encoder
from torch import nn

from labeller.learning.augment import Views, WantedViews, draw_views
from labeller.learning.objective import Objective
from labeller.learning.pair_methods import (
    BYOL,
    DINO,
    MoCo,
    SimCLR,
    SimSiam,
    distillation,
    negative_cosine,
    nt_xent,
)
from labeller.learning.recipe import recipe_named
from labeller.learning.self_supervised import SELF_SUPERVISED
from tests.learning.test_trainer import TINY, data, pool, run, same_weights  # noqa: F401

SMALL = {
    "mocov2": {"queue_size": 32, "hidden": 32, "dim": 16},
    "byol": {"hidden": 32, "dim": 16},
    "simsiam": {"hidden": 32, "dim": 16},
    "simclr": {"hidden": 32, "dim": 16},
    "dino": {"hidden": 32, "dim": 16},
}


class Flat(Encoder):
    feature_dim = 12

    def __init__(self) -> None:
        super().__init__()
        self.line = nn.Linear(3 * 4 * 4, 12)

    def forward(self, images):
        return self.line(images.flatten(1))


def build_method(kind, name: str, seed: int = 0, **options):
    torch.manual_seed(seed)
    chosen = {**SMALL[name], "mixed_precision": False, **options}
    recipe = recipe_named("quick", self_supervised=name, **chosen)
    return kind(Flat(), 3, recipe)


def views(seed: int = 0, count: int = 10) -> Views:
    rng = torch.Generator().manual_seed(seed)
    one, other = (torch.randn(count, 3, 4, 4, generator=rng) for _ in range(2))
    return Views(one, other, one, other)


def vectors(seed: int, count: int = 6, dim: int = 5) -> torch.Tensor:
    return torch.randn(count, dim, generator=torch.Generator().manual_seed(seed))


def test_nt_xent_matches_a_double_loop():
    first, second = vectors(0), vectors(1)
    every = [*F.normalize(first, dim=1), *F.normalize(second, dim=1)]
    expected = torch.zeros(6)
    for i in range(12):
        partner = (i + 6) % 12
        shares = [torch.exp(every[i] @ every[k] / 0.5) for k in range(12) if k != i]
        expected[i % 6] += -torch.log(torch.exp(every[i] @ every[partner] / 0.5) / sum(shares)) / 2
    assert torch.allclose(nt_xent(first, second, 0.5), expected, atol=1e-5)


def test_losses_match_lightly():
    from lightly.loss import DINOLoss, NegativeCosineSimilarity, NTXentLoss

    first, second, third, fourth = (vectors(seed) for seed in range(4))
    theirs = NTXentLoss(temperature=0.3)(first, second)
    assert float(nt_xent(first, second, 0.3).mean()) == pytest.approx(float(theirs), rel=1e-5)
    cosine = NegativeCosineSimilarity()
    theirs = (cosine(first, fourth) + cosine(second, third)) / 2
    ours = negative_cosine(first, second, third, fourth)
    assert float(ours.mean()) == pytest.approx(float(theirs), rel=1e-5)
    dino = DINOLoss(5, 0.04, 0.04, 0, student_temp=0.1)
    theirs = dino([third, fourth], [first, second], epoch=0)
    ours = distillation((first, second), (third, fourth), torch.zeros(5), 0.1, 0.04)
    assert float(ours.mean()) == pytest.approx(float(theirs), rel=1e-4)


def test_dino_subtracts_the_centre_from_the_teacher():
    """The teacher's probabilities come from its scores minus the centre, at a much lower
    temperature."""
    teacher = torch.tensor([[5.0, 1.0, 1.0]])
    student = torch.tensor([[0.0, 1.0, 0.0]])
    centre = torch.tensor([5.0, 0.0, 1.0])
    (loss,) = distillation((student, student), (teacher, teacher), centre, 0.1, 0.04)
    target = torch.tensor([0.0, 1.0, 0.0]) / 0.04
    expected = -(target.softmax(0) * (student[0] / 0.1).log_softmax(0)).sum()
    assert float(loss) == pytest.approx(float(expected), rel=1e-5)
    uncentred = distillation((student, student), (teacher, teacher), centre * 0, 0.1, 0.04)
    assert float(uncentred) > 5 + float(loss)


def test_dinos_centre_is_a_moving_average_of_the_teacher():
    method = build_method(DINO, "dino", centre_momentum=0.75)
    seen = views()
    with torch.no_grad():
        keys = method.network.project_following((seen.query_weak, seen.query_strong))
    method.outputs(seen)
    assert torch.equal(method.centre, torch.zeros(16))
    method.after_step(0, 10, lambda rows: rows)
    assert torch.allclose(method.centre, 0.25 * torch.cat(keys).mean(dim=0), atol=1e-6)


def test_gradients_stop_at_the_key():
    first, second = vectors(0).requires_grad_(), vectors(1).requires_grad_()
    said = vectors(2).requires_grad_(), vectors(3).requires_grad_()
    negative_cosine(*said, first, second).sum().backward()
    assert first.grad is None and second.grad is None
    assert all(each.grad.abs().sum() > 0 for each in said)


def test_simsiams_gradient_depends_on_the_stop():
    method, seen = build_method(SimSiam, "simsiam"), views()
    method.outputs(seen).losses.mean().backward()
    stopped = method.network.projector[-2].weight.grad.clone()
    network = method.network
    network.zero_grad()
    _, (first, second) = network.project((seen.query_weak, seen.query_strong))
    one, other = network.predictor(first), network.predictor(second)
    loss = -(F.cosine_similarity(one, second) + F.cosine_similarity(other, first)) / 2
    loss.mean().backward()
    assert not torch.allclose(network.projector[-2].weight.grad, stopped, rtol=0.05)


@pytest.mark.parametrize(("kind", "name"), [(BYOL, "byol"), (MoCo, "mocov2"), (DINO, "dino")])
def test_the_momentum_branch_gets_no_gradient_and_follows(kind, name):
    method = build_method(kind, name, key_momentum=0.9)
    method.outputs(views()).losses.mean().backward()
    following = [*method.network.key_encoder.parameters()]
    assert all(each.grad is None and not each.requires_grad for each in following)
    assert method.network.encoder.line.weight.grad.abs().sum() > 0
    before = following[0].clone()
    with torch.no_grad():
        method.network.encoder.line.weight += 1.0
    method.after_step(0, 10, lambda rows: rows)
    assert torch.allclose(following[0], before + 0.1, atol=1e-6)


def test_byols_loss_is_a_squared_distance_of_unit_vectors():
    method, seen = build_method(BYOL, "byol"), views()
    losses = method.outputs(seen).losses
    pair = seen.query_weak, seen.query_strong
    _, projected = method.network.project(pair)
    said = [F.normalize(method.network.predictor(each), dim=1) for each in projected]
    keys = [F.normalize(each, dim=1) for each in method.network.project_following(pair)]
    expected = (said[0] - keys[1]).square().sum(1) + (said[1] - keys[0]).square().sum(1)
    assert torch.allclose(losses, expected, atol=1e-5)


def test_mocos_queue_takes_the_keys_of_the_second_view():
    method, seen = build_method(MoCo, "mocov2"), views()
    before = method.queue.keys.clone()
    outputs = method.outputs(seen)
    _, (first, _) = method.network.project((seen.query_weak, seen.query_strong))
    _, key = method.network.project_following((seen.query_weak, seen.query_strong))
    query, key = F.normalize(first, dim=1), F.normalize(key, dim=1)
    scores = torch.cat([(query * key).sum(1, keepdim=True), query @ before.T], dim=1) / 0.2
    assert torch.allclose(outputs.losses, -scores.log_softmax(1)[:, 0], atol=1e-4)
    method.after_step(0, 10, lambda rows: rows)
    assert torch.allclose(method.queue.keys[:10], key, atol=1e-6)
    assert torch.equal(method.queue.keys[10:], before[10:])


def test_the_key_branch_can_share_the_query_views():
    images = torch.rand(4, 3, 16, 16)
    rng = torch.Generator().manual_seed(0)
    seen = draw_views(images, WantedViews("strong", own_keys=False), rng, CIFAR10)
    assert seen.key_weak is seen.query_weak and seen.key_strong is seen.query_strong
    assert not torch.equal(seen.query_weak, seen.query_strong)


@pytest.mark.parametrize("name", [each for each in SELF_SUPERVISED if each != "agreement"])
@pytest.mark.parametrize("objective", ["joint", "multi-stage"])
def test_each_method_trains_reproducibly(pool, data, name, objective):  # noqa: F811
    options = SMALL.get(name, {"queue_size": 32})
    recipe = recipe_named(
        "quick", self_supervised=name, objective=objective, epochs=1, steps_per_epoch=2,
        batch_size=8, **options,
    )  # fmt: skip
    first, second = (run(pool, data, recipe).network for _ in range(2))
    assert same_weights(first, second)
    assert all(torch.isfinite(each).all() for each in first.state_dict().values())


PATTERNS = torch.randn(6, 3, 4, 4, generator=torch.Generator().manual_seed(9))


def noisy_view(rng: torch.Generator, which: torch.Tensor) -> torch.Tensor:
    """A noisy view of a pattern."""
    return PATTERNS[which] + 2.5 * torch.randn(len(which), 3, 4, 4, generator=rng)


@pytest.mark.parametrize("kind", [SimCLR, SimSiam, BYOL, MoCo, DINO])
def test_each_method_brings_views_of_one_pattern_together(kind):
    """Two views share a pattern; after training, the nearest image more often has the same one."""
    name = next(n for n in SMALL if SELF_SUPERVISED[n] is kind)
    method = build_method(kind, name, dim=64, hidden=64)
    objective = Objective(method, recipe_named("quick", mixed_precision=False))
    optimiser = torch.optim.SGD(
        [each for each in method.network.parameters() if each.requires_grad], 0.05, 0.9
    )
    rng = torch.Generator().manual_seed(3)
    which = torch.randint(6, (300,), generator=rng)
    images = noisy_view(rng, which)

    def share_of_nearest_alike() -> float:
        with torch.no_grad():
            seen = F.normalize(method.network.encoder(images), dim=1)
        likeness = seen @ seen.T - 2 * torch.eye(300)
        return float((which[likeness.argmax(dim=1)] == which).float().mean())

    before = share_of_nearest_alike()
    for step in range(150):
        shown = torch.randint(6, (64,), generator=rng)
        one, other = noisy_view(rng, shown), noisy_view(rng, shown)
        found = objective(None, Views(one, other, one, other), None)
        optimiser.zero_grad()
        found.total.backward()
        optimiser.step()
        method.after_step(step, 150, lambda rows: rows)
    assert share_of_nearest_alike() > before + 0.1, (before, share_of_nearest_alike())


def test_moby_is_mobyv2_with_moby_heads_and_strong_views():
    moby = recipe_named("quick", self_supervised="moby")
    assert (moby.options.heads, moby.options.views) == ("moby", "strong")
    assert replace(moby, self_supervised="mobyv2").options.heads == "single"
    assert recipe_named("quick", **moby.changes()).options == moby.options
