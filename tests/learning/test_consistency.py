"""What consistency asks for."""

import math

import pytest
import torch

from labeller.learning.objective import FAIR, Consistency


def test_only_what_is_sure_enough_is_asked_for():
    consistency = Consistency(2, warm=50)
    doubtful = torch.zeros(8, 2)
    sure = torch.tensor([[9.0, 0.0], [0.0, 9.0]] * 4)
    for _ in range(400):
        consistency.loss(sure, sure)
    even = torch.zeros(8, 2)  # the answers of which nothing is demanded
    nothing = consistency.loss(doubtful, even)
    assert nothing == pytest.approx(-FAIR * math.log(2), abs=1e-3), "only fairness is left"
    assert consistency.loss(sure, -sure) > 5 > consistency.loss(sure, sure)
    assert consistency.loss(doubtful, torch.tensor([[9.0, 0.0]] * 8)) > nothing, (
        "one answer for all"
    )
