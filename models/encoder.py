"""What every encoder has in common."""

from torch import nn


class Encoder(nn.Module):
    """Images float [B, 3, S, S] → features [B, feature_dim]."""

    feature_dim: int


def initialise(module: nn.Module) -> None:
    """Draw the weights of convolutions for ReLU (He et al., "Delving Deep into Rectifiers",
    ICCV 2015); batch norms keep torch's start."""
    for part in module.modules():
        if isinstance(part, nn.Conv2d):
            nn.init.kaiming_normal_(part.weight, mode="fan_out", nonlinearity="relu")
