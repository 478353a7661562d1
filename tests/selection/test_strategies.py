import pytest
import torch

from labeller.errors import LabellerError
from labeller.selection.random import choose_at_random
from labeller.selection.strategies import Situation, strategy_named


def test_random_draws_without_repeats_and_depends_on_the_seed():
    first = choose_at_random(100, 30, seed=1)
    assert len(set(first.tolist())) == 30 and first.max() < 100
    assert torch.equal(first, choose_at_random(100, 30, seed=1))
    assert not torch.equal(first, choose_at_random(100, 30, seed=2))
    with pytest.raises(ValueError, match="5 picks from 4"):
        choose_at_random(4, 5, seed=0)


def test_random_is_uniform():
    counts = torch.zeros(20)
    for seed in range(2000):
        counts[choose_at_random(20, 5, seed)] += 1
    assert (counts / 2000).sub(0.25).abs().max() < 0.05


def test_coreset_answers_with_places_among_the_candidates():
    features = torch.tensor([[0.0], [0.1], [9.0], [5.0]])  # one labelled image, three candidates
    situation = Situation(1, 3, lambda: features, seed=0)
    assert strategy_named("coreset")(situation, 2).tolist() == [1, 2]


def test_random_never_asks_for_features():
    def features() -> torch.Tensor:
        raise AssertionError("features were read")

    assert len(strategy_named("random")(Situation(2, 9, features, 0), 4)) == 4


def test_unknown_strategies_are_named():
    with pytest.raises(LabellerError, match="no strategy 'best'"):
        strategy_named("best")
