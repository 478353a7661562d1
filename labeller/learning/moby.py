"""MoBYv2's contrastive learning (section 3 of the paper, equations 1 to 3)."""

from collections.abc import Callable

from labeller_models.encoder import Encoder
from labeller_models.heads import Heads
from labeller_models.mobyv2 import MoBYv2
from torch import Tensor

from labeller.learning.device import autocast
from labeller.learning.losses import network_loss
from labeller.learning.moby_options import MoBYOptions
from labeller.learning.recipe import Recipe
from labeller.learning.schedules import key_momentum
from labeller.learning.self_supervised import Outputs
from labeller.learning.views import Views, WantedViews


class MoBYv2Method:
    """Two branches, of which one follows the other, and two queues of keys."""

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
        """The key branch follows, and the queues take the keys of the batch."""
        self.network.update_keys(key_momentum(self._options.key_momentum, step, steps))
        self.network.enqueue(*(gather(each) for each in self._keys))
