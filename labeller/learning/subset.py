"""Which unlabelled images a cycle learns from: those of the lowest contrastive loss.

Section 4.2 of the paper: as many as there are labelled images; it softens the shift of the
distribution between cycles. The loss is that of the network of the cycle before.
"""

import torch
from labeller_models.mobyv2 import MoBYv2
from torch import Tensor

from labeller.core.run import Run
from labeller.learning.batches import PoolImages
from labeller.learning.device import autocast
from labeller.learning.inference import in_batches
from labeller.learning.losses import network_loss
from labeller.learning.views import WantedViews, draw_views


def contrastive_losses(
    network: MoBYv2,
    pool: PoolImages,
    rows: Tensor,
    temperature: float,
    run: Run = Run(),
) -> Tensor:
    """Equation (1) for each of `rows`, against the keys that the queues held after training.

    Views are drawn once by `run.seed`. Returns float32 [len(rows)] on the CPU; needs no label.

    Raises:
        Cancelled: `run.should_stop` said so.
    """
    if not len(rows):
        return torch.zeros(0)
    rng = torch.Generator(pool.device).manual_seed(run.seed)

    def losses(images: Tensor) -> Tensor:
        views = draw_views(images, WantedViews(), rng, network.encoder.statistics)
        with autocast(pool.device, True):
            queries = network.queries(views.query_weak, views.query_strong)
            keys = network.keys(views.key_weak, views.key_strong)
        return network_loss(network, queries, keys, temperature)

    return in_batches(network, "Choosing unlabelled images", losses, pool, rows, run)


def lowest(losses: Tensor, rows: Tensor, count: int) -> Tensor:
    """The `count` rows of the lowest losses, or all; of equal ones the first. Long, ascending."""
    chosen = torch.argsort(losses, stable=True)[:count]
    return rows[chosen.sort().values]
