"""DINO (Caron et al., "Emerging Properties in Self-Supervised Vision Transformers", ICCV 2021): a
student says of each view what a teacher, which follows it, says of the other; the teacher's scores
are centred and sharpened, so that neither collapses. Two views of one size; no multi-crop, which
small images have no pixels for."""

from collections.abc import Callable

import torch
from labeller_models.encoder import Encoder
from labeller_models.siamese import Siamese, mlp
from torch import Tensor, nn

from labeller.learning.pair_method import PairMethod
from labeller.learning.pair_options import DINOOptions
from labeller.learning.recipe import Recipe

BOTTLENECK = 256
"""Between the projector's layers and the prototypes (appendix C)."""


class _Prototypes(nn.Module):
    """Vectors of length one → scores by prototypes of length one, [N, dim]."""

    def __init__(self, dim_in: int, dim: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(dim, dim_in))

    def forward(self, vectors: Tensor) -> Tensor:
        unit = nn.functional.normalize
        return unit(vectors, dim=1) @ unit(self.weight, dim=1).T


class DINO(PairMethod):
    def __init__(self, encoder: Encoder, classes: int, recipe: Recipe) -> None:
        options: DINOOptions = recipe.options
        projector = nn.Sequential(
            mlp(encoder.feature_dim, options.hidden, BOTTLENECK, 3),
            _Prototypes(BOTTLENECK, options.dim),
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
        """The teacher follows, and the centre: c ← m · c + (1 − m) · the batch's mean (equation
        4)."""
        super().after_step(step, steps, gather)
        self.centre.lerp_(gather(self._keys).mean(dim=0), 1 - self.options.centre_momentum)


def distillation(
    student: tuple[Tensor, Tensor],
    teacher: tuple[Tensor, Tensor],
    centre: Tensor,
    student_temperature: float,
    teacher_temperature: float,
) -> Tensor:
    """Equation (3) for each image, [B]: the cross-entropy of the teacher's probabilities under one view,
    centred and sharpened, and the student's under the other; the mean of both directions.

    Args:
        student, teacher: scores of the two views, float [B, dim] each; the teacher's get no
            gradient.
        centre: float [dim].
    """
    first, second = (
        ((scores.detach() - centre) / teacher_temperature).softmax(dim=1) for scores in teacher
    )
    one, other = ((scores / student_temperature).log_softmax(dim=1) for scores in student)
    return -((first * other).sum(dim=1) + (second * one).sum(dim=1)) / 2
