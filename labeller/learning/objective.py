"""The objective of a batch as one module, from images to losses (equation 4 of the paper)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from labeller.learning.device import autocast
from labeller.learning.recipe import Recipe
from labeller.learning.self_supervised import SelfSupervised
from labeller.learning.views import Views


@dataclass(frozen=True)
class Losses:
    """Scalars of a batch; None where the batch does not train on them.

    Attributes:
        total: what is descended on.
        self_supervised: the mean over the batch (equation 1 for MoBYv2).
        classification: cross-entropy.
        right: the share of right answers, between 0 and 1.
    """

    total: Tensor
    self_supervised: Tensor | None = None
    classification: Tensor | None = None
    right: Tensor | None = None


class Objective(nn.Module):
    """Everything that gradients flow through, so that a wrapper of modules sees all of it."""

    def __init__(self, method: SelfSupervised, recipe: Recipe) -> None:
        super().__init__()
        self.method, self.recipe = method, recipe
        self.network = method.network

    def forward(self, images: Tensor | None, views: Views | None, labels: Tensor | None) -> Losses:
        """Equation (4) of views with labels, the self-supervised loss of views without, and
        cross-entropy of images alone (normalised, [B, 3, S, S])."""
        if views is None:
            assert images is not None and labels is not None
            return self._supervised(images, labels)
        seen = self.method.outputs(views)
        loss = seen.losses.mean()
        if labels is None:
            return Losses(loss, loss.detach())
        classification, right = _classification(seen.scores, labels)
        total = classification + self.recipe.contrastive_weight * loss
        total = total + self._companions(seen.features, seen.scores, labels)
        return Losses(total, loss.detach(), classification.detach(), right)

    def _supervised(self, images: Tensor, labels: Tensor) -> Losses:
        network = self.network
        with autocast(images.device, self.recipe.mixed_precision):
            features = network.encoder(images)
            scores = network.head(features)
        classification, right = _classification(scores.float(), labels)
        total = classification + self._companions(features, scores.float(), labels)
        return Losses(total, None, classification.detach(), right)

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
