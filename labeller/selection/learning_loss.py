"""Learning Loss: images with a high predicted loss (Yoo and
Kweon, "Learning Loss for Active Learning", CVPR 2019).

The module sees the features that the head sees rather than those of several depths (figure 2), so
that it fits every encoder. With a frozen one its targets are out-of-fold losses, since a head has
next to no loss on images that it was fitted to.
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
        """As `Companion.build` requires; the losses are targets and get no gradient."""
        return ranking_loss(self(features), losses.detach())


class LearningLoss(ByScore):
    companion = Companion("learning-loss", LossPrediction)

    def scores(self, query: Query) -> Tensor:
        """The predicted loss, float [C]; only the order is meaningful."""
        assert query.model is not None
        module = query.model.companion("learning-loss").cpu().eval()
        with torch.no_grad():
            parts = [module(query.features(part)) for part in query.candidates.split(BLOCK)]
        return torch.cat(parts)


def ranking_loss(predicted: Tensor, losses: Tensor, margin: float = MARGIN) -> Tensor:
    """The mean over pairs of max(0, −sign(lᵢ − lⱼ) · (l̂ᵢ − l̂ⱼ) + ξ), equation (2), a scalar.

    The first half of the batch is paired with the second; an odd image out is ignored, and the loss
    of a single image is 0.

    Args:
        predicted, losses: float [B].
    """
    half = len(losses) // 2
    if not half:
        return predicted.sum() * 0
    order = torch.where(losses[:half] > losses[half : 2 * half], 1.0, -1.0)
    return F.relu(margin - order * (predicted[:half] - predicted[half : 2 * half])).mean()
