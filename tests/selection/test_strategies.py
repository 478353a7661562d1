from dataclasses import replace

import pytest
import torch

from labeller.core.errors import LabellerError
from labeller.core.run import Run
from labeller.selection.sampling import choose_at_random
from labeller.selection.strategies import Query, strategy_named


def test_random_draws_without_repeats_and_depends_on_the_seed():
    first = choose_at_random(100, 30, seed=1)
    assert len(set(first.tolist())) == 30 and first.max() < 100
    assert torch.equal(first, choose_at_random(100, 30, seed=1))
    assert not torch.equal(first, choose_at_random(100, 30, seed=2))
    with pytest.raises(ValueError, match="5 picks from 4"):
        choose_at_random(4, 5, seed=0)


class Model:
    """Returns features by row, or fails if it has none."""

    def __init__(self, features: torch.Tensor | None) -> None:
        self._features = features

    def features(self, rows: torch.Tensor, run: Run) -> torch.Tensor:
        assert self._features is not None, "features were read"
        return self._features[rows]


def query(features: torch.Tensor | None, labelled: int, candidates: int, count: int) -> Query:
    """The first images are labelled; the others are candidates."""
    rows = torch.arange(labelled + candidates)
    return Query(
        rows[:labelled], rows[:labelled] * 0, rows[labelled:], count, Model(features), Run(0)
    )


def test_coreset_returns_positions_among_the_candidates():
    features = torch.tensor([[0.0], [0.1], [9.0], [5.0]])  # one labelled image, three candidates
    assert strategy_named("coreset").choose(query(features, 1, 3, 2)).tolist() == [1, 2]


def test_random_needs_no_features():
    random = strategy_named("random")
    assert len(random.choose(query(None, 2, 9, 4))) == 4 and not random.needs_model


def test_random_draws_candidates_by_the_seed_of_the_round():
    asked = query(None, 20, 9, 4)
    for seed in (0, 1):
        chosen = strategy_named("random").choose(replace(asked, run=Run(seed)))
        assert torch.equal(chosen, choose_at_random(9, 4, seed))


def test_unknown_strategies_are_reported():
    with pytest.raises(LabellerError, match="no strategy 'best'"):
        strategy_named("best")
