"""SimCLR (Chen et al., "A Simple Framework for Contrastive Learning of Visual Representations",
ICML 2020). Negatives are the other images of the batch; of several processes, each its own."""

import torch
import torch.nn.functional as F
from labeller_models.encoder import Encoder
from labeller_models.siamese import Siamese, mlp
from torch import Tensor

from labeller.learning.pair_method import PairMethod
from labeller.learning.pair_options import SimCLROptions
from labeller.learning.recipe import Recipe


class SimCLR(PairMethod):
    name = "contrastive"

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
        first, second: vectors of the two views, float [B, dim], of any length.
    """
    vectors = F.normalize(torch.cat([first, second]), dim=1)
    similarities = vectors @ vectors.T / temperature
    similarities.fill_diagonal_(-torch.inf)
    count = len(first)
    partner = torch.arange(2 * count, device=first.device).roll(count)
    return F.cross_entropy(similarities, partner, reduction="none").view(2, count).mean(dim=0)
