"""A frozen encoder for tests: a few mean colours instead of a large network."""

import pytest
from labeller_models.encoder import Statistics
from labeller_models.frozen import FROZEN, FrozenEncoder, fingerprint
from torch import nn

from labeller.learning.learners import LEARNERS


def mean_colours() -> FrozenEncoder:
    """Mean colours of a grid of 2 × 2 fields: 12 features."""
    network = nn.Sequential(nn.AvgPool2d(16), nn.Flatten()).eval()
    statistics = Statistics("plain", (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    return FrozenEncoder("mean-colours", network, 12, 32, statistics, fingerprint(network))


def add_mean_colours() -> None:
    """Let them be found by name."""
    FROZEN.add("mean-colours", mean_colours, "Mean colours")


@pytest.fixture
def frozen():
    """The frozen learner is the default, as it is in the program, and mean colours its encoder."""
    add_mean_colours()
    FROZEN.default = "mean-colours"
    LEARNERS.default, before = "frozen", LEARNERS.default
    yield
    LEARNERS.default = before
    FROZEN.default = "efficientnet-lite0"
    del FROZEN["mean-colours"]
