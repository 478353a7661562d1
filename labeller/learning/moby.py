"""MoBYv2's contrastive learning (Caramalau et al., BMVC 2022, section 3, equations 1 to 3), and the
choice of unlabelled images by its loss.

Section 4.2 of the paper learns from the unlabelled images of the lowest contrastive loss under the
network of the cycle before, as many as there are labels: it softens the shift of the distribution
between cycles.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from labeller_models.encoder import Encoder
from labeller_models.mobyv2 import Heads, MoBYv2, Queries
from torch import Tensor

from labeller.core.run import Run
from labeller.learning.augment import Views, WantedViews, draw_views
from labeller.learning.batches import PoolImages
from labeller.learning.device import autocast
from labeller.learning.model import in_batches
from labeller.learning.options import MoBYOptions
from labeller.learning.recipe import Recipe, key_momentum
from labeller.learning.self_supervised import Outputs


class MoBYv2Method:
    """A query branch, a key branch that follows it, and two queues of keys."""

    name = "contrastive"

    def __init__(self, encoder: Encoder, classes: int, recipe: Recipe) -> None:
        options: MoBYOptions = recipe.options
        heads = Heads(options.heads, options.projector, options.predictor)
        self.network = MoBYv2(encoder, classes, options.queue_size, heads)
        self.views = WantedViews(options.views)
        self._options, self._mixed_precision = options, recipe.mixed_precision

    def outputs(self, views: Views) -> Outputs:
        network = self.network
        with autocast(views.key_weak.device, self._mixed_precision):
            self._keys = network.keys(views.key_weak, views.key_strong)
        with autocast(views.query_weak.device, self._mixed_precision):
            queries = network.queries(views.query_weak, views.query_strong)
        losses = network_loss(network, queries, self._keys, self._options.temperature)
        return Outputs(queries.scores, queries.features, losses)

    def after_step(self, step: int, steps: int, gather: Callable[[Tensor], Tensor]) -> None:
        """Update the key branch, and enqueue the keys of the batch."""
        self.network.update_keys(key_momentum(self._options.key_momentum, step, steps))
        self.network.enqueue(*(gather(each) for each in self._keys))


def network_loss(
    network: MoBYv2, queries: Queries, keys: tuple[Tensor, Tensor], temperature: float
) -> Tensor:
    """Equation (1) for each image of a batch, float32 [B], against the network's queues."""
    return contrastive_loss(
        queries.weak,
        queries.strong,
        *keys,
        network.weak_queue.keys,
        network.strong_queue.keys,
        temperature,
    )


def contrastive_loss(
    q_weak: Tensor,
    q_strong: Tensor,
    k_weak: Tensor,
    k_strong: Tensor,
    weak_queue: Tensor,
    strong_queue: Tensor,
    temperature: float,
) -> Tensor:
    """Equation (1) for each image of a batch; its mean is the batch's loss.

    q is compared with the key k' of the strong view, q' with the key k of the weak one; the sum
    runs over the positive and all keys in the queue.

    Args:
        q_weak, q_strong, k_weak, k_strong: [B, dim], rows of length one.
        weak_queue, strong_queue: keys of earlier batches, [m, dim], rows of length one.
        temperature: τ.

    Returns:
        [B], float32.
    """
    return info_nce(q_weak, k_strong, strong_queue, temperature) + info_nce(
        q_strong, k_weak, weak_queue, temperature
    )


def info_nce(queries: Tensor, keys: Tensor, negatives: Tensor, temperature: float) -> Tensor:
    """InfoNCE (van den Oord et al., 2018; He et al., CVPR 2020, equation 1): the cross-entropy of
    each query's own key against the negatives, float32 [B].

    Args:
        queries, keys: [B, dim], rows of length one.
        negatives: [m, dim], likewise.
    """
    positive = (queries * keys).sum(dim=1, keepdim=True)
    similarities = torch.cat([positive, queries @ negatives.T], dim=1) / temperature
    target = torch.zeros(len(queries), dtype=torch.long, device=queries.device)
    return F.cross_entropy(similarities, target, reduction="none")


def contrastive_losses(
    network: MoBYv2, pool: PoolImages, rows: Tensor, temperature: float, run: Run = Run()
) -> Tensor:
    """Equation (1) for each of `rows` (long [N]) against the keys in the queues after training,
    with one draw of views by `run.seed`: float32 [N], on the CPU.

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
    """The `count` rows of the lowest losses, ties in order; long, in the order of `rows`."""
    chosen = torch.argsort(losses, stable=True)[:count]
    return rows[chosen.sort().values]
