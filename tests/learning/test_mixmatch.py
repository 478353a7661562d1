"""MixMatch against values worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from labeller.learning.objective import mixed, mixmatch_losses, sharpened
from tests.learning.test_trainer import TINY, data, pool, run, same_weights  # noqa: F401


def test_sharpening_by_hand():
    probabilities = torch.tensor([[0.6, 0.3, 0.1], [1.0, 0.0, 0.0]])
    total = 0.36 + 0.09 + 0.01
    expected = torch.tensor([[0.36 / total, 0.09 / total, 0.01 / total], [1.0, 0.0, 0.0]])
    assert torch.allclose(sharpened(probabilities, 0.5), expected)
    assert torch.allclose(sharpened(probabilities, 1.0), probabilities)


def test_a_mixture_favours_the_first_input():
    first, second = torch.tensor([[0.0, 4.0]] * 3), torch.tensor([[4.0, 0.0]] * 3)
    share = torch.tensor([0.25, 0.75, 0.5])
    expected = torch.tensor([[1.0, 3.0], [1.0, 3.0], [2.0, 2.0]])
    assert torch.allclose(mixed(first, second, share), expected)
    pictures = torch.zeros(3, 2, 4, 4), torch.ones(3, 2, 4, 4)
    assert torch.allclose(mixed(*pictures, share)[:, 0, 0, 0], torch.tensor([0.25, 0.25, 0.5]))


class Fixed:
    """Predictable draws: a shift by one instead of shuffling, and the share 0.75."""

    def permutation(self, count):
        return np.roll(np.arange(count), 1)

    def beta(self, a, b, count):
        return np.full(count, 0.75)


def test_the_losses_of_a_batch_by_hand():
    head = nn.Linear(2, 2, bias=False)
    with torch.no_grad():
        head.weight.copy_(torch.tensor([[1.0, 0.0], [0.0, 1.0]]))
    labelled, view = torch.tensor([[2.0, 0.0]]), torch.tensor([[0.0, 1.0]])
    losses = mixmatch_losses(head, labelled, torch.tensor([0]), [view, view], 2, Fixed())
    guess = torch.tensor([0.0, 1.0]).softmax(0) ** 2
    guess = guess / guess.sum()
    # Each is mixed with the one before it: the labelled image with a view, a view with the labelled
    # image, and a view with itself.
    inputs = [torch.tensor([1.5, 0.25]), torch.tensor([0.5, 0.75]), torch.tensor([0.0, 1.0])]
    first = torch.tensor([1.0, 0.0])
    targets = [0.75 * first + 0.25 * guess, 0.75 * guess + 0.25 * first, guess]
    cross = -(targets[0] * inputs[0].log_softmax(0)).sum()
    squares = torch.stack(
        [(x.softmax(0) - y).square().mean() for x, y in zip(inputs[1:], targets[1:], strict=True)]
    ).mean()
    assert losses.labelled.item() == pytest.approx(float(cross), rel=1e-5)
    assert losses.unlabelled.item() == pytest.approx(float(squares), rel=1e-5)
    assert float(losses.right) == 1.0


def test_mixmatch_trains_a_whole_network(pool, data):  # noqa: F811
    recipe = replace(TINY, objective="mixmatch", epochs=1, steps_per_epoch=3)
    first, second = (run(pool, data, recipe).network for _ in range(2))
    assert same_weights(first, second)
    other = run(pool, data, replace(recipe, consistency_weight=0.0)).network
    assert not same_weights(first, other), "unlabelled images matter"
    assert not same_weights(first, run(pool, data, replace(recipe, objective="supervised")).network)
