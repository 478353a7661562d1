"""What self-supervised methods that compare two views have in common."""

from collections.abc import Callable
from typing import Any

from labeller_models.siamese import Siamese
from torch import Tensor

from labeller.learning.device import autocast
from labeller.learning.recipe import Recipe
from labeller.learning.schedules import key_momentum
from labeller.learning.self_supervised import Outputs
from labeller.learning.views import Views, WantedViews


class PairMethod:
    """A `SelfSupervised` of two views. A method gives `losses`, and says what else changes after a
    step."""

    name = "self-supervised"

    def __init__(self, network: Siamese, recipe: Recipe) -> None:
        self.network = network
        self.options: Any = recipe.options
        self.views = WantedViews(self.options.views, own_keys=False)
        self._mixed_precision = recipe.mixed_precision

    def outputs(self, views: Views) -> Outputs:
        network, pair = self.network, (views.query_weak, views.query_strong)
        with autocast(pair[0].device, self._mixed_precision):
            features, (first, second) = network.project(pair)
            scores = network.head(features)
            targets = None if network.key_encoder is None else network.project_following(pair)
            one, other = network.predictor(first), network.predictor(second)
        keys = (first, second) if targets is None else (targets[0], targets[1])
        losses = self.losses((one.float(), other.float()), keys)
        return Outputs(scores.float(), features, losses)

    def losses(self, said: tuple[Tensor, Tensor], keys: tuple[Tensor, Tensor]) -> Tensor:
        """Of each image, [B].

        Args:
            said: what the predictor makes of the first and the second view, [B, dim] each.
            keys: what the branch that follows makes of them, without gradient; where there is
                none, the projector's vectors.
        """
        raise NotImplementedError

    def after_step(self, step: int, steps: int, gather: Callable[[Tensor], Tensor]) -> None:
        """The following branch moves on, where there is one."""
        if self.network.key_encoder is not None:
            self.network.follow(key_momentum(self.options.key_momentum, step, steps))
