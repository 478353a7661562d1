"""SimSiam (Chen and He, "Exploring Simple Siamese Representation Learning", CVPR 2021): no
negatives and no moving average; gradients stop at one of the views."""

import torch.nn.functional as F
from labeller_models.encoder import Encoder
from labeller_models.siamese import Siamese, mlp
from torch import Tensor

from labeller.learning.pair_method import PairMethod
from labeller.learning.pair_options import SimSiamOptions
from labeller.learning.recipe import Recipe

BOTTLENECK = 4
"""The predictor's hidden layer is so many times narrower than its output (appendix A)."""


class SimSiam(PairMethod):
    def __init__(self, encoder: Encoder, classes: int, recipe: Recipe) -> None:
        options: SimSiamOptions = recipe.options
        projector = mlp(encoder.feature_dim, options.hidden, options.dim, 3, last_norm=True)
        predictor = mlp(options.dim, max(1, options.dim // BOTTLENECK), options.dim)
        super().__init__(Siamese(encoder, classes, projector, predictor), recipe)

    def losses(self, said: tuple[Tensor, Tensor], keys: tuple[Tensor, Tensor]) -> Tensor:
        return negative_cosine(*said, *keys)


def negative_cosine(first: Tensor, second: Tensor, first_key: Tensor, second_key: Tensor) -> Tensor:
    """Equation (4) for each image, [B]: each prediction against the other view's key, which gets no
    gradient. All float [B, dim], of any length."""
    one = F.cosine_similarity(first, second_key.detach())
    other = F.cosine_similarity(second, first_key.detach())
    return -(one + other) / 2
