import math

import pytest
import torch
import torch.nn.functional as F

from labeller.learning.mobyv2al import contrastive_loss
from labeller.learning.recipe import PAPER, QUICK, key_momentum, learning_rate, recipe_named


def unit(*shape: int, seed: int) -> torch.Tensor:
    return F.normalize(torch.randn(*shape, generator=torch.Generator().manual_seed(seed)), dim=1)


def test_the_contrastive_loss_matches_equation_1():
    """Against a plain loop in float64."""
    q, q_strong, k, k_strong = (unit(5, 8, seed=s) for s in range(4))
    weak_queue, strong_queue = unit(11, 8, seed=4), unit(11, 8, seed=5)
    temperature = 0.2
    expected = []
    for i in range(5):
        total = 0.0
        for query, key, queue in (
            (q[i], k_strong[i], strong_queue),
            (q_strong[i], k[i], weak_queue),
        ):

            def share(other: torch.Tensor, query: torch.Tensor = query) -> float:
                product = sum(a * b for a, b in zip(query.tolist(), other.tolist(), strict=True))
                return math.exp(product / temperature)

            total -= math.log(share(key) / (share(key) + sum(share(other) for other in queue)))
        expected.append(total)
    inputs = (q, q_strong, k, k_strong, weak_queue, strong_queue)
    got = contrastive_loss(*inputs, temperature)
    assert got.tolist() == pytest.approx(expected, rel=1e-5)
    exact = contrastive_loss(*(tensor.double() for tensor in inputs), temperature)
    assert exact.tolist() == pytest.approx(expected, rel=1e-12)


def test_the_papers_learning_rate_drops_at_epochs_120_and_160():
    rates = [learning_rate(PAPER, epoch) for epoch in range(200)]
    assert rates[0] == rates[119] == 0.01
    assert rates[120] == pytest.approx(0.001) == rates[159]
    assert rates[160] == pytest.approx(0.0001) == rates[199]


def test_cosine_rates_decay_to_zero():
    rates = [learning_rate(QUICK, epoch) for epoch in range(QUICK.epochs)]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] == QUICK.learning_rate and rates[-1] < 0.02 * rates[0]


def test_the_key_momentum_rises_from_its_start_to_one():
    assert key_momentum(0.99, 0, 1000) == pytest.approx(0.99)
    assert key_momentum(0.99, 500, 1000) == pytest.approx(0.995)
    assert key_momentum(0.99, 1000, 1000) == 1


def test_epoch_lengths_follow_the_recipe():
    assert PAPER.steps(labelled=1000, unlabelled=1000) == 8
    assert PAPER.steps(labelled=1000, unlabelled=49_000) == 383, "one pass over the pool"
    assert [QUICK.steps(100, pool) for pool in (0, 2000, 4750, 10**6)] == [16, 16, 38, 40]
    assert recipe_named("quick", steps_per_epoch=3).steps(100, 10**6) == 3
