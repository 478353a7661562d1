"""What the newest model says of images: read once, and of any of them."""

import numpy as np
import pytest
import torch

from labeller import predicting, rounds
from labeller.predicting import Model
from tests.test_rounds import FAST


@pytest.fixture
def model(project) -> Model:
    rounds.label_by_oracle(project, rounds.begin(project))
    return Model(project, rounds.train_round(project, FAST), "cpu")


def test_features_are_read_once_in_any_order(model, monkeypatch):
    read = []
    extract = predicting.extract_features

    def counted(network, pool, rows, *rest):
        read.extend((rows + 1).tolist())
        return extract(network, pool, rows, *rest)

    monkeypatch.setattr(predicting, "extract_features", counted)
    first = model.features(np.array([5, 2, 9]))
    second = model.features(np.array([9, 3, 5, 5]))
    assert read == [5, 2, 9, 3]
    assert torch.equal(second[0], first[2]) and torch.equal(second[2], first[0])
    assert torch.equal(second[2], second[3])


def test_suggesting_after_reading_twice_keeps_each_image_once(model, project):
    model.features(np.array([1, 2, 3]))
    model.features(np.array([3, 2, 4]))
    model.suggest(np.array([4, 5]))
    assert sorted(project.suggestions.of(range(1, 37))) == [1, 2, 3, 4, 5]
    model.suggest(np.array([5]))
    assert len(project.suggestions.of(range(1, 37))) == 5


def test_suggesting_leaves_the_network_where_it_is(model, monkeypatch):
    network, _ = model._loaded

    def moved(*_):
        raise AssertionError("the head was moved")

    for name in ("cpu", "to", "cuda"):
        monkeypatch.setattr(network.head, name, moved)
    model.suggest(np.array([1, 2]))
    scores = network.classify(torch.zeros(1, 3, 16, 16))
    assert scores.shape == (1, 3)
