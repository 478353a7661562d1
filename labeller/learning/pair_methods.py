"""Self-supervised methods on pairs of views: SimSiam, BYOL, SimCLR, MoCo v2 and DINO.

Each is a few lines of its own; the tests compare their losses with those of lightly, which would
bring Lightning and a dozen packages.
"""

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from labeller_models.encoder import Encoder
from labeller_models.registry import mark
from labeller_models.siamese import KeyQueue, Siamese, mlp
from torch import Tensor, nn

from labeller.learning.augment import Views, WantedViews
from labeller.learning.device import autocast
from labeller.learning.mobyv2al import info_nce
from labeller.learning.options import (
    BYOLOptions,
    DINOOptions,
    MoCoOptions,
    SimCLROptions,
    SimSiamOptions,
)
from labeller.learning.recipe import Recipe, key_momentum
from labeller.learning.self_supervised import Outputs


class PairMethod:
    """Base of `SelfSupervised` methods of two views. Subclasses define `losses`, and may extend
    `after_step`."""

    name = mark("self-supervised")

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
        """The loss of each image, float [B].

        Args:
            said: the predictor's vectors of the first and second view, [B, dim] each.
            keys: the following branch's vectors, without gradient; the projector's if there is no
                such branch.
        """
        raise NotImplementedError

    def after_step(self, step: int, steps: int, gather: Callable[[Tensor], Tensor]) -> None:
        """Update the following branch, if there is one."""
        if self.network.key_encoder is not None:
            self.network.follow(key_momentum(self.options.key_momentum, step, steps))


BOTTLENECK = 4
"""Output width of the predictor divided by its hidden width (appendix A)."""


class SimSiam(PairMethod):
    """SimSiam (Chen and He, "Exploring Simple Siamese Representation Learning", CVPR 2021): no
    negatives and no moving average; gradients stop at one of the views."""

    def __init__(self, encoder: Encoder, classes: int, recipe: Recipe) -> None:
        options: SimSiamOptions = recipe.options
        projector = mlp(encoder.feature_dim, options.hidden, options.dim, 3, last_norm=True)
        predictor = mlp(options.dim, max(1, options.dim // BOTTLENECK), options.dim)
        super().__init__(Siamese(encoder, classes, projector, predictor), recipe)

    def losses(self, said: tuple[Tensor, Tensor], keys: tuple[Tensor, Tensor]) -> Tensor:
        return negative_cosine(*said, *keys)


def negative_cosine(first: Tensor, second: Tensor, first_key: Tensor, second_key: Tensor) -> Tensor:
    """Equation (4) for each image, [B]: each prediction against the other view's key, which gets no
    gradient. Vectors float [B, dim], of any norm."""
    one = F.cosine_similarity(first, second_key.detach())
    other = F.cosine_similarity(second, first_key.detach())
    return -(one + other) / 2


class BYOL(PairMethod):
    """BYOL (Grill et al., "Bootstrap Your Own Latent", NeurIPS 2020): each view predicts what a
    following branch makes of the other one; no negatives."""

    def __init__(self, encoder: Encoder, classes: int, recipe: Recipe) -> None:
        options: BYOLOptions = recipe.options
        projector = mlp(encoder.feature_dim, options.hidden, options.dim)
        predictor = mlp(options.dim, options.hidden, options.dim)
        super().__init__(Siamese(encoder, classes, projector, predictor, follows=True), recipe)

    def losses(self, said: tuple[Tensor, Tensor], keys: tuple[Tensor, Tensor]) -> Tensor:
        """Equation (2) in both directions: squared distances of unit vectors."""
        return 4 + 4 * negative_cosine(*said, *keys)


class SimCLR(PairMethod):
    """SimCLR (Chen et al., "A Simple Framework for Contrastive Learning of Visual Representations",
    ICML 2020). Negatives are the other images of the batch, in each process its own."""

    name = mark("contrastive")

    def __init__(self, encoder: Encoder, classes: int, recipe: Recipe) -> None:
        options: SimCLROptions = recipe.options
        projector = mlp(encoder.feature_dim, options.hidden, options.dim)
        super().__init__(Siamese(encoder, classes, projector), recipe)

    def losses(self, said: tuple[Tensor, Tensor], keys: tuple[Tensor, Tensor]) -> Tensor:
        return nt_xent(*said, self.options.temperature)


def nt_xent(first: Tensor, second: Tensor, temperature: float) -> Tensor:
    """Equation (1) for each image, the mean of both directions: [B].

    The sum runs over the 2B − 1 other vectors of the batch.

    Args:
        first, second: vectors of the two views, float [B, dim], of any norm.
    """
    vectors = F.normalize(torch.cat([first, second]), dim=1)
    similarities = vectors @ vectors.T / temperature
    similarities.fill_diagonal_(-torch.inf)
    count = len(first)
    partner = torch.arange(2 * count, device=first.device).roll(count)
    return F.cross_entropy(similarities, partner, reduction="none").view(2, count).mean(dim=0)


class MoCo(PairMethod):
    """MoCo v2 (Chen et al., "Improved Baselines with Momentum Contrastive Learning", 2020): a query
    is compared with the key of the other view and a queue of earlier keys. The first view is the
    query, the second the key."""

    name = mark("contrastive")

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


DINO_BOTTLENECK = 256
"""Width between the projector's layers and the prototypes (appendix C)."""


class _Prototypes(nn.Module):
    """Cosine similarities of vectors to prototypes, [N, dim]."""

    def __init__(self, dim_in: int, dim: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(dim, dim_in))

    def forward(self, vectors: Tensor) -> Tensor:
        unit = nn.functional.normalize
        return unit(vectors, dim=1) @ unit(self.weight, dim=1).T


class DINO(PairMethod):
    """DINO (Caron et al., "Emerging Properties in Self-Supervised Vision Transformers", ICCV 2021):
    a student predicts from each view what a teacher, which follows it, makes of the other one. The
    teacher's scores are centred and sharpened, so that neither collapses. Two views of one size; no
    multi-crop, for which small images have too few pixels."""

    def __init__(self, encoder: Encoder, classes: int, recipe: Recipe) -> None:
        options: DINOOptions = recipe.options
        projector = nn.Sequential(
            mlp(encoder.feature_dim, options.hidden, DINO_BOTTLENECK, 3),
            _Prototypes(DINO_BOTTLENECK, options.dim),
        )
        super().__init__(Siamese(encoder, classes, projector, follows=True), recipe)
        self.network.register_buffer("centre", torch.zeros(options.dim))

    def losses(self, said: tuple[Tensor, Tensor], keys: tuple[Tensor, Tensor]) -> Tensor:
        self._keys = torch.cat(keys)
        options = self.options
        temperatures = options.student_temperature, options.teacher_temperature
        return distillation(said, keys, self.centre, *temperatures)

    @property
    def centre(self) -> Tensor:
        """c of equation (4), float32 [dim]."""
        found: Tensor = self.network.get_buffer("centre")
        return found

    @torch.no_grad()
    def after_step(self, step: int, steps: int, gather: Callable[[Tensor], Tensor]) -> None:
        """Update the teacher, and the centre: c ← m · c + (1 − m) · the batch mean (equation 4)."""
        super().after_step(step, steps, gather)
        self.centre.lerp_(gather(self._keys).mean(dim=0), 1 - self.options.centre_momentum)


def distillation(
    student: tuple[Tensor, Tensor],
    teacher: tuple[Tensor, Tensor],
    centre: Tensor,
    student_temperature: float,
    teacher_temperature: float,
) -> Tensor:
    """Equation (3) for each image, float32 [B]: the cross-entropy between the teacher's centred and
    sharpened probabilities under one view and the student's under the other, averaged over both
    directions.

    Args:
        student, teacher: scores of the two views, float [B, dim] each; no gradient flows to the
            teacher's.
        centre: float [dim].
    """
    first, second = (
        ((scores.detach() - centre) / teacher_temperature).softmax(dim=1) for scores in teacher
    )
    one, other = ((scores / student_temperature).log_softmax(dim=1) for scores in student)
    return -((first * other).sum(dim=1) + (second * one).sum(dim=1)) / 2
