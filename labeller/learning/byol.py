"""BYOL (Grill et al., "Bootstrap Your Own Latent", NeurIPS 2020): each view predicts what a branch
that follows makes of the other one; no negatives."""

from labeller_models.encoder import Encoder
from labeller_models.siamese import Siamese, mlp
from torch import Tensor

from labeller.learning.pair_method import PairMethod
from labeller.learning.pair_options import BYOLOptions
from labeller.learning.recipe import Recipe
from labeller.learning.simsiam import negative_cosine


class BYOL(PairMethod):
    def __init__(self, encoder: Encoder, classes: int, recipe: Recipe) -> None:
        options: BYOLOptions = recipe.options
        projector = mlp(encoder.feature_dim, options.hidden, options.dim)
        predictor = mlp(options.dim, options.hidden, options.dim)
        super().__init__(Siamese(encoder, classes, projector, predictor, follows=True), recipe)

    def losses(self, said: tuple[Tensor, Tensor], keys: tuple[Tensor, Tensor]) -> Tensor:
        """Equation (2) in both directions: squared distances of vectors of length one."""
        return 4 + 4 * negative_cosine(*said, *keys)
