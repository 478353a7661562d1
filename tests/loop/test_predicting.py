"""Predictions and suggestions of the newest model, with features read only once."""

import pytest
import torch

from labeller.core.run import Run
from labeller.learning import model as models
from labeller.learning.model import TrainedModel
from labeller.loop import predicting, rounds
from tests.loop.test_rounds import FAST


@pytest.fixture
def run(project):
    rounds.label_by_oracle(project, rounds.begin(project))
    return rounds.train_round(project, FAST)


@pytest.fixture
def model(project, run) -> TrainedModel:
    return predicting.model_of(project, run, "cpu")


def test_features_are_read_once_in_any_order(model, monkeypatch):
    read = []
    extract = models.extract_features

    def counted(network, pool, rows, *rest):
        read.extend(rows.tolist())
        return extract(network, pool, rows, *rest)

    monkeypatch.setattr(models, "extract_features", counted)
    first = model.features(torch.tensor([5, 2, 9]), Run())
    second = model.features(torch.tensor([9, 3, 5, 5]), Run())
    assert read == [5, 2, 9, 3]
    assert torch.equal(second[0], first[2]) and torch.equal(second[2], first[0])
    assert torch.equal(second[2], second[3])
    assert model.features(torch.tensor([], dtype=torch.long), Run()).shape == (0, 128)


def test_each_image_gets_one_suggestion_even_if_read_twice(model, run, project):
    model.features(torch.tensor([0, 1, 2]), Run())
    model.features(torch.tensor([2, 1, 3]), Run())
    predicting.suggest(project, run, model, torch.tensor([3, 4]), Run())
    carried = set(project.labels.carried().tolist())
    expected = sorted({1, 2, 3, 4, 5} - carried)
    assert carried and sorted(project.suggestions.of(range(1, 37))) == expected
    predicting.suggest(project, run, model, torch.tensor([4]), Run())
    assert sorted(project.suggestions.of(range(1, 37))) == expected


def test_suggestions_are_limited_to_a_fixed_part_and_the_batch(model, run, project, monkeypatch):
    monkeypatch.setattr(predicting, "MOST_SUGGESTED", 8)
    model.features(torch.arange(30), Run())
    open_ids = set(project.images.open().tolist())
    batch = [row for row in range(30) if row + 1 in open_ids][:3]
    found = []
    for _ in range(2):
        predicting.suggest(project, run, model, torch.tensor(batch), Run())
        found.append(sorted(project.suggestions.of(range(1, 37))))
    assert found[0] == found[1] and {row + 1 for row in batch} <= set(found[0]) <= open_ids
    assert len(found[0]) <= 8 + len(batch) < len(open_ids)


def test_suggesting_does_not_move_the_network(model, run, project, monkeypatch):
    def moved(*_):
        raise AssertionError("the head was moved")

    for name in ("cpu", "to", "cuda"):
        monkeypatch.setattr(model.network.head, name, moved)
    predicting.suggest(project, run, model, torch.tensor([0, 1]), Run())
    assert model.network.classify(torch.zeros(1, 3, 16, 16)).shape == (1, 3)


def test_selection_uses_the_trained_model_without_reloading(project, monkeypatch):
    rounds.label_by_oracle(project, rounds.begin(project))
    trained = rounds.learn(project, FAST)
    loaded = predicting.model_of(project, trained.run)
    rows = torch.arange(36)
    assert torch.equal(trained.model.features(rows, Run()), loaded.features(rows, Run()))
    assert trained.model.class_ids == loaded.class_ids == (1, 2, 3)

    def no_file(*_):
        raise AssertionError("the checkpoint was read")

    monkeypatch.setattr(rounds, "model_of", no_file)
    chosen = rounds.select(project, 5, FAST, keep_suggestions=True, model=trained.model)
    assert chosen.training_run_id == trained.run.id
    assert set(chosen.image_ids) <= set(project.suggestions.of(range(1, 37)))
