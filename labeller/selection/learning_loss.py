"""Learning Loss: images for which a module that is trained along predicts a high loss (Yoo and
Kweon, "Learning Loss for Active Learning", CVPR 2019).

The module sees the features that the head sees, not those of several depths (figure 2): so it fits
every encoder, frozen ones too. There its target is the loss of each labelled image under heads that
were fitted without it, since a head that has learnt an image has next to no loss on it.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from labeller.selection.strategies import ByScore, Companion, Query

HIDDEN = 128
MARGIN = 1.0
"""ξ of equation (2)."""
BLOCK = 1 << 16


class LossPrediction(nn.Module):
    """Features [N, dim] → predicted losses [N] (section 3.2)."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.LayerNorm(dim), nn.Linear(dim, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 1)
        )

    def forward(self, features: Tensor) -> Tensor:
        predicted: Tensor = self.layers(features)
        return predicted.squeeze(1)

    def loss(self, features: Tensor, losses: Tensor) -> Tensor:
        """As `Companion.build` wants it; the losses are targets and get no gradient."""
        return ranking_loss(self(features), losses.detach())


class LearningLoss(ByScore):
    companion = Companion("learning-loss", LossPrediction)

    def scores(self, query: Query) -> Tensor:
        """The predicted loss; only the order means anything."""
        assert query.model is not None
        module = query.model.companion("learning-loss").cpu().eval()
        with torch.no_grad():
            parts = [module(query.features(part)) for part in query.candidates.split(BLOCK)]
        return torch.cat(parts)


def ranking_loss(predicted: Tensor, losses: Tensor, margin: float = MARGIN) -> Tensor:
    """The mean over pairs of max(0, −sign(lᵢ − lⱼ) · (l̂ᵢ − l̂ⱼ) + ξ), equation (2), a scalar.

    Pairs are the first image with the middle one, the second with the one after that, and so on; of
    an odd number the last image has no partner, and a single image has the loss 0.

    Args:
        predicted, losses: float [B].
    """
    half = len(losses) // 2
    if not half:
        return predicted.sum() * 0
    order = torch.where(losses[:half] > losses[half : 2 * half], 1.0, -1.0)
    return F.relu(margin - order * (predicted[:half] - predicted[half : 2 * half])).mean()
