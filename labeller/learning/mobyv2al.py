"""MoBYv2AL (Caramalau et al., BMVC 2022): the learner, which chooses unlabelled images and trains a
network by the whole team, and its self-supervised method with queues of keys.

34.1 and 38.2 % on CIFAR-10 with 250 and 500 labels of a pool of 5,000, in 90 s a round on two CPU
cores (seed 0): `labeller simulate PROJECT --initial 250 --budget 250 --cycles 2 --recipe quick`.
The paper reaches 63.1 % with 1,000 labels (Table 2; `labeller paper`, for a GPU).

Section 3 of the paper, equations 1 to 3, is the contrastive learning. Section 4.2 learns from the
unlabelled images of the lowest contrastive loss under the network of the cycle before, as many as
there are labels: it softens the shift of the distribution between cycles.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
import torch.nn.functional as F
from labeller_models.encoder import Encoder
from labeller_models.mobyv2 import Heads, MoBYv2, Queries
from labeller_models.registry import mark
from torch import Tensor

from labeller.core.errors import LabellerError
from labeller.core.run import Run
from labeller.learning.augment import Views, WantedViews, draw_views
from labeller.learning.batches import PoolImages
from labeller.learning.device import autocast
from labeller.learning.distributed import Team, this_team
from labeller.learning.feature_learners import PREFIX, companions_in
from labeller.learning.model import NetworkModel, TrainedModel, in_batches
from labeller.learning.options import MoBYOptions
from labeller.learning.recipe import Recipe, key_momentum
from labeller.learning.self_supervised import Outputs
from labeller.learning.trainer import Trained, TrainingSet, build_network, train
from labeller.pool.rows import Rows
from labeller.selection.strategies import Companion


class MoBYv2Method:
    """A query branch, a key branch that follows it, and two queues of keys."""

    name = mark("contrastive")

    def __init__(self, encoder: Encoder, classes: int, recipe: Recipe) -> None:
        options: MoBYOptions = recipe.options
        heads = Heads(options.heads, options.projector, options.predictor)
        self.network = MoBYv2(encoder, classes, options.queue_size, heads)
        self.views = WantedViews(options.views)
        self._options, self._mixed_precision = options, recipe.mixed_precision
        self.first_keys = options.queue_size if options.queue_start == "keys" else 0

    def outputs(self, views: Views) -> Outputs:
        network = self.network
        with autocast(views.key_weak.device, self._mixed_precision):
            self._keys = network.keys(views.key_weak, views.key_strong)
        with autocast(views.query_weak.device, self._mixed_precision):
            queries = network.queries(views.query_weak, views.query_strong)
        losses = network_loss(network, queries, self._keys, self._options.temperature)
        return Outputs(queries.scores, queries.features, losses)

    def fill(self, views: Views, gather: Callable[[Tensor], Tensor]) -> None:
        """Enqueue the keys of a batch before the first step."""
        with autocast(views.key_weak.device, self._mixed_precision):
            keys = self.network.keys(views.key_weak, views.key_strong)
        self.network.enqueue(*(gather(each) for each in keys))

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
        negatives: [m, dim], also of unit length.
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

    return in_batches(network, mark("Choosing unlabelled images"), losses, pool, rows, run)


def lowest(losses: Tensor, rows: Tensor, count: int) -> Tensor:
    """The `count` rows of the lowest losses, ties in order; long, in the order of `rows`."""
    chosen = torch.argsort(losses, stable=True)[:count]
    return rows[chosen.sort().values]


class MoBYv2AL:
    """Joint contrastive and supervised training (labeller/learning/trainer.py)."""

    def __init__(self, encoder: str, recipe: Recipe) -> None:
        self._encoder, self._recipe = encoder, recipe

    @property
    def wants_previous(self) -> bool:
        return self._recipe.unlabelled == "lowest-loss"

    def fit(
        self,
        data: TrainingSet,
        pool: PoolImages,
        run: Run,
        companions: Sequence[Companion] = (),
        previous: TrainedModel | None = None,
    ) -> NetworkModel:
        if self.wants_previous and isinstance(previous, NetworkModel):
            data = replace(data, unlabelled=self._lowest_loss(data, pool, run, previous))
        trained = train_by_team(pool, data, self._encoder, self._recipe, run, companions)
        return NetworkModel(trained.network, pool, trained.stopped)

    def load(self, state: dict[str, Tensor], pool: PoolImages, classes: int) -> NetworkModel:
        """As `Learner.load`; companions that no strategy knows any more are dropped."""
        recipe = replace(self._recipe, pretrained=False)
        found = companions_in(state)
        known = {each.name for each in found}
        network = build_network(self._encoder, pool.side, classes, recipe, found).network
        network.load_state_dict(
            {
                key: tensor
                for key, tensor in state.items()
                if not key.startswith(PREFIX) or key.split(".")[1] in known
            }
        )
        network.to(pool.device).to(memory_format=torch.channels_last)
        return NetworkModel(network.eval(), pool)

    def _lowest_loss(
        self, data: TrainingSet, pool: PoolImages, run: Run, previous: NetworkModel
    ) -> Tensor:
        """Unlabelled rows of the lowest loss under the previous network (section 4.2)."""
        if not isinstance(previous.network, MoBYv2):
            raise LabellerError(
                "The previous model used a self-supervised method that does not rank "
                "images. Choose 'random' or 'all' unlabelled images."
            )
        losses = contrastive_losses(
            previous.network, pool, data.unlabelled, self._recipe.options.temperature, run
        )
        return lowest(losses, data.unlabelled, len(data.labelled))


@dataclass(frozen=True)
class _Training:
    """Everything a follower needs to take part in a training; it opens the pool by its file."""

    tensors: Path
    device: str
    data: TrainingSet
    encoder: str
    recipe: Recipe
    seed: int
    companions: Sequence[Companion]

    def take_part(self, team: Team) -> None:
        pool = PoolImages(Rows(self.tensors), torch.device(self.device))
        run = Run(self.seed)
        train(pool, self.data, self.encoder, self.recipe, run, team, self.companions)


def train_by_team(
    pool: PoolImages,
    data: TrainingSet,
    encoder: str,
    recipe: Recipe,
    run: Run,
    companions: Sequence[Companion] = (),
) -> Trained:
    """`labeller.learning.trainer.train`, by the whole team if this process leads one."""
    team, device = this_team(), pool.device.type
    if team.size > 1:
        team.check_batch_size(recipe.batch_size)
        team.tell(_Training(pool.file, device, data, encoder, recipe, run.seed, companions))
    return train(pool, data, encoder, recipe, run, team, companions)
