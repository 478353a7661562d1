import math

import pytest
import torch
from labeller_models.encoder import CIFAR10

from labeller.core.errors import Cancelled
from labeller.core.run import Run
from labeller.learning.augment import WantedViews, draw_views
from labeller.learning.mobyv2al import contrastive_losses, lowest
from tests.learning.test_trainer import data, pool, trained  # noqa: F401


def test_contrastive_losses_match_equation_1(pool, trained):  # noqa: F811
    rows = torch.tensor([3, 50, 7])
    got = contrastive_losses(trained, pool, rows, 0.2, Run(9))
    trained.eval()
    views = draw_views(pool.images(rows), WantedViews(), torch.Generator().manual_seed(9), CIFAR10)
    with torch.inference_mode():
        queries = trained.queries(views.query_weak, views.query_strong)
        keys = trained.keys(views.key_weak, views.key_strong)
    for place in range(3):
        expected = 0.0
        for query, key, queue in (
            (queries.weak, keys[1], trained.strong_queue.keys),
            (queries.strong, keys[0], trained.weak_queue.keys),
        ):
            own = math.exp(float(query[place] @ key[place]) / 0.2)
            rest = sum(math.exp(float(query[place] @ other) / 0.2) for other in queue)
            expected -= math.log(own / (own + rest))
        assert float(got[place]) == pytest.approx(expected, rel=0.02)


@pytest.mark.slow
def test_losses_are_reproducible_and_leave_the_queues_unchanged(pool, trained):  # noqa: F811
    rows, before = torch.arange(20, 80), trained.weak_queue.keys.clone()
    first = contrastive_losses(trained, pool, rows, 0.2, Run(1))
    assert torch.equal(first, contrastive_losses(trained, pool, rows, 0.2, Run(1)))
    assert torch.equal(trained.weak_queue.keys, before)
    with pytest.raises(Cancelled):
        contrastive_losses(trained, pool, rows, 0.2, Run(1, should_stop=lambda: True))


def test_the_lowest_losses_are_taken_and_ties_go_to_the_first():
    rows = torch.tensor([10, 20, 30, 40])
    assert lowest(torch.tensor([3.0, 1.0, 2.0, 1.0]), rows, 2).tolist() == [20, 40]
    assert lowest(torch.tensor([1.0, 1.0, 1.0, 0.0]), rows, 2).tolist() == [10, 40]
    assert lowest(torch.tensor([1.0, 1.0, 1.0, 0.0]), rows, 9).tolist() == rows.tolist()
