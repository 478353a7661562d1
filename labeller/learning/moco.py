"""MoCo v2 (Chen et al., "Improved Baselines with Momentum Contrastive Learning", 2020): a query is
compared with the key of its other view and a queue of earlier keys."""

from collections.abc import Callable

import torch.nn.functional as F
from labeller_models.encoder import Encoder
from labeller_models.queue import KeyQueue
from labeller_models.siamese import Siamese, mlp
from torch import Tensor

from labeller.learning.losses import info_nce
from labeller.learning.pair_method import PairMethod
from labeller.learning.pair_options import MoCoOptions
from labeller.learning.recipe import Recipe


class MoCo(PairMethod):
    """Only the first view is a query, and only the second one a key."""

    name = "contrastive"

    def __init__(self, encoder: Encoder, classes: int, recipe: Recipe) -> None:
        options: MoCoOptions = recipe.options
        projector = mlp(encoder.feature_dim, options.hidden, options.dim)
        super().__init__(Siamese(encoder, classes, projector, follows=True), recipe)
        self.queue = KeyQueue(options.dim, options.queue_size)
        self.network.add_module("queue", self.queue)

    def losses(self, said: tuple[Tensor, Tensor], keys: tuple[Tensor, Tensor]) -> Tensor:
        self._keys = F.normalize(keys[1], dim=1)
        query = F.normalize(said[0], dim=1)
        return info_nce(query, self._keys, self.queue.keys, self.options.temperature)

    def after_step(self, step: int, steps: int, gather: Callable[[Tensor], Tensor]) -> None:
        super().after_step(step, steps, gather)
        self.queue.push(gather(self._keys))
