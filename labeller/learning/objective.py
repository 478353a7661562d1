"""The objective of a batch as one module, from views to losses (equations 1 and 4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from labeller.learning.device import autocast
from labeller.learning.losses import network_loss
from labeller.learning.recipe import Recipe
from labeller.learning.views import Views
from models.mobyv2 import MoBYv2

Keys = tuple[Tensor, Tensor]


@dataclass(frozen=True)
class Losses:
    """Scalars of a batch; None where the batch does not train on them.

    Attributes:
        total: what is descended on.
        contrastive: the mean of equation (1).
        classification: cross-entropy.
        right: the share of right answers, between 0 and 1.
    """

    total: Tensor
    contrastive: Tensor | None = None
    classification: Tensor | None = None
    right: Tensor | None = None


class Objective(nn.Module):
    """Everything that gradients flow through, so that a wrapper of modules sees all of it."""

    def __init__(self, network: MoBYv2, recipe: Recipe) -> None:
        super().__init__()
        self.network = network
        self.recipe = recipe

    def forward(self, views: Views | Tensor, keys: Keys | None, labels: Tensor | None) -> Losses:
        """Equation (4) of a labelled batch, equation (1) without labels, cross-entropy of weak
        views alone (normalised, [B, 3, S, S]) without keys."""
        network, recipe = self.network, self.recipe
        if isinstance(views, Tensor):
            assert labels is not None
            with autocast(views.device, recipe.mixed_precision):
                features = network.encoder(views)
                scores = network.head(features)
            classification, right = _classification(scores.float(), labels)
            total = classification + self._companions(features, scores.float(), labels)
            return Losses(total, None, classification.detach(), right)
        assert keys is not None
        with autocast(views.query_weak.device, recipe.mixed_precision):
            queries = network.queries(views.query_weak, views.query_strong)
        contrastive = network_loss(network, queries, keys, recipe.temperature).mean()
        if labels is None:
            return Losses(contrastive, contrastive.detach())
        classification, right = _classification(queries.scores, labels)
        total = classification + recipe.contrastive_weight * contrastive
        total = total + self._companions(queries.features, queries.scores, labels)
        return Losses(total, contrastive.detach(), classification.detach(), right)

    def _companions(self, features: Tensor, scores: Tensor, labels: Tensor) -> Tensor | float:
        """What the modules that are trained along add to the loss."""
        if not self.network.companions:
            return 0.0
        features, losses = features.float(), F.cross_entropy(scores, labels, reduction="none")
        modules: Iterable[Any] = self.network.companions.values()
        return torch.stack([each.loss(features, losses) for each in modules]).sum()


def _classification(scores: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    right = (scores.argmax(dim=1) == labels).float().mean()
    return F.cross_entropy(scores, labels), right
