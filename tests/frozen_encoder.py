"""A frozen encoder for tests: a few mean colours instead of a large network."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import torch
from labeller_models.encoder import Statistics
from labeller_models.frozen import FROZEN, FrozenEncoder, fingerprint
from torch import nn

from labeller.learning.learners import LEARNERS, encoders_for
from labeller.loop import method as methods


def mean_colours() -> FrozenEncoder:
    """Mean colours of a grid of 2 × 2 fields: 12 features."""
    network = nn.Sequential(nn.AvgPool2d(16), nn.Flatten()).eval()
    statistics = Statistics("plain", (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    return FrozenEncoder("mean-colours", network, 12, 32, statistics, fingerprint(network))


def few_stages() -> FrozenEncoder:
    """A stem and two stages with random weights, so that the last can be trained: 24 features."""
    torch.manual_seed(0)
    network = nn.Sequential()
    network.stem = nn.Sequential(nn.Conv2d(3, 8, 4, 4), nn.ReLU())
    network.stages = nn.Sequential(
        nn.Sequential(nn.Conv2d(8, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU()),
        nn.Sequential(nn.Conv2d(16, 24, 3, padding=1), nn.BatchNorm2d(24), nn.ReLU()),
    )
    network.pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    statistics = Statistics("plain", (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    network.eval()
    return FrozenEncoder("few-stages", network, 24, 32, statistics, fingerprint(network))


def add_mean_colours() -> None:
    """Register the encoder by name."""
    FROZEN.add("mean-colours", mean_colours, "Mean colours")


@contextmanager
def default(encoder: str, learner: str) -> Iterator[None]:
    """Make this learner and encoder the defaults, and unregister the encoder afterwards."""
    FROZEN.default = encoder
    LEARNERS.default, before = learner, LEARNERS.default
    yield
    LEARNERS.default = before
    FROZEN.default = "efficientnet-lite0"
    del FROZEN[encoder]


@pytest.fixture
def frozen():
    """Use the frozen learner with the mean-colours encoder by default."""
    add_mean_colours()
    with default("mean-colours", "frozen"):
        yield


@pytest.fixture
def staged(monkeypatch):
    """Use MoBYv2AL by default, as the program does, on an encoder whose last stage it trains."""
    monkeypatch.setattr(methods, "encoders_for", encoders_for)
    FROZEN.add("few-stages", few_stages, "Few stages")
    with default("few-stages", "mobyv2al"):
        yield
