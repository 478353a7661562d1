"""What every network has: an encoder, a head on it, and what is trained along."""

from torch import Tensor, nn

from labeller_models.encoder import Encoder


class Network(nn.Module):
    """An encoder f and the task head g.

    Args:
        classes: number of classes of the head.
    """

    def __init__(self, encoder: Encoder, classes: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = nn.Linear(encoder.feature_dim, classes)
        self.companions = nn.ModuleDict()  # what a strategy has trained along

    def classify(self, images: Tensor) -> Tensor:
        """Class scores [B, classes] of images as they are, normalised, [B, 3, S, S]."""
        return self.head(self.encoder(images))
