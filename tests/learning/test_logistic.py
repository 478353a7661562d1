"""The linear head: optimal for its loss, and calibrated."""

import pytest
import torch
import torch.nn.functional as F

from labeller.core.errors import Cancelled
from labeller.core.run import Run
from labeller.learning.logistic import (
    DECAY,
    PRIOR,
    SCALE,
    Head,
    fit_head,
    oof_scores,
    temperature_for,
)


def blobs(each: int, classes: int = 3, dim: int = 20, spread: float = 0.6, seed: int = 0):
    rng = torch.Generator().manual_seed(seed)
    centres = F.normalize(torch.randn(classes, dim, generator=torch.Generator().manual_seed(9)))
    labels = torch.arange(classes).repeat_interleave(each)
    points = centres[labels] + spread * torch.randn(len(labels), dim, generator=rng) / dim**0.5
    return F.normalize(points), labels


@pytest.mark.parametrize("rare", [15, 3])
def test_the_head_minimises_the_penalised_loss(rare):
    x, y = blobs(15)
    kept = (y < 2) | (torch.arange(len(y)) % 15 < rare)
    x, y = x[kept], y[kept]
    head = fit_head(x, y, 3)
    weight = (head.weight / SCALE).requires_grad_()
    bias = head.bias.clone().requires_grad_()
    loss = F.cross_entropy(SCALE * x @ weight + bias, y) + DECAY * weight.square().sum()
    loss = loss + PRIOR / len(y) * bias.square().sum()
    loss.backward()
    assert float(weight.grad.abs().max()) < 1e-3 and float(bias.grad.abs().max()) < 1e-3


def test_class_frequencies_weigh_less_with_few_labels():
    share = {}
    for each in (1, 100):
        labels = torch.tensor([0] * 5 * each + [1] * each)
        head = fit_head(torch.zeros(len(labels), 4), labels, 2)
        share[each] = float(head.scores(torch.zeros(1, 4)).softmax(dim=1)[0, 1])
    assert share[100] == pytest.approx(1 / 6, abs=0.002), "the observed frequency"
    assert share[1] > share[100] + 0.01


def test_a_warm_start_leads_to_the_same_head():
    x, y = blobs(30)
    near = fit_head(x[::2], y[::2], 3)
    cold, warm = fit_head(x, y, 3), fit_head(x, y, 3, near)
    assert torch.allclose(cold.weight, warm.weight, atol=0.1)
    other = fit_head(x, y, 3, Head(torch.zeros(4, 2), torch.zeros(2)))
    assert torch.equal(other.weight, cold.weight), "a head of another shape is not used as a start"


def test_out_of_fold_scores_come_from_heads_without_the_image():
    x, y = blobs(10)
    wrong = y.clone()
    wrong[0] = (wrong[0] + 1) % 3
    scores = oof_scores(x, wrong, 3)
    assert int(scores[0].argmax()) == int(y[0]), "its own wrong label was not used"
    assert float((scores.argmax(dim=1) == y).float().mean()) > 0.9


def test_the_temperature_calibrates_overconfident_scores():
    rng = torch.Generator().manual_seed(0)
    honest = torch.randn(4000, 3, generator=rng) * 1.5
    labels = torch.multinomial(honest.softmax(dim=1), 1, generator=rng).squeeze(1)
    for factor in (0.5, 1.0, 3.0):
        assert temperature_for(honest * factor, labels) == pytest.approx(factor, rel=0.12)


def test_a_fit_can_be_stopped_at_every_iteration():
    x, y = torch.randn(200, 30), torch.arange(200) % 4
    for work in (fit_head, oof_scores):
        for looks in (0, 1, 7):
            asked = iter(range(10**6))
            run = Run(should_stop=lambda asked=asked, looks=looks: next(asked) >= looks)
            with pytest.raises(Cancelled):
                work(x, y, 4, run=run)
            assert next(asked) == looks + 1, "checked once per iteration, and then stopped"
