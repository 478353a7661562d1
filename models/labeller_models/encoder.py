"""What all encoders and networks have in common."""

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Statistics:
    """Mean and standard deviation of the channels (red, green, blue), for values from 0 to 1."""

    name: str
    mean: tuple[float, float, float]
    std: tuple[float, float, float]

    def normalised(self, images: Tensor) -> Tensor:
        """Normalise the channels of images float [B, 3, S, S]; in channels-last layout."""
        mean, std = channels(self.mean, images.device), channels(self.std, images.device)
        return ((images - mean) / std).contiguous(memory_format=torch.channels_last)


CIFAR10 = Statistics("cifar10", (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616))
"""Of CIFAR-10's training images, for networks trained from scratch."""
IMAGENET = Statistics("imagenet", (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
"""What torchvision's ImageNet weights were trained with (torchvision, "Models and pre-trained
weights")."""
STATISTICS = {each.name: each for each in (CIFAR10, IMAGENET)}


class Encoder(nn.Module):
    """Images float [B, 3, S, S], normalised by `statistics` → features [B, feature_dim]."""

    feature_dim: int
    statistics: Statistics = CIFAR10


@lru_cache
def channels(values: tuple[float, ...], device: torch.device) -> Tensor:
    """A value for each channel, float32 [1, C, 1, 1]; cached, since every copy to a device
    synchronises with it."""
    with torch.inference_mode(False):
        return torch.tensor(values, device=device).view(1, -1, 1, 1)


def initialise(module: nn.Module) -> None:
    """Draw the weights of convolutions for ReLU (He et al., "Delving Deep into Rectifiers",
    ICCV 2015); batch norms keep torch's defaults."""
    for part in module.modules():
        if isinstance(part, nn.Conv2d):
            nn.init.kaiming_normal_(part.weight, mode="fan_out", nonlinearity="relu")


class Network(nn.Module):
    """An encoder f and the task head g.

    Args:
        classes: number of classes of the head.
    """

    def __init__(self, encoder: Encoder, classes: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = nn.Linear(encoder.feature_dim, classes)
        self.companions = nn.ModuleDict()  # modules that a strategy wants trained along

    def classify(self, images: Tensor) -> Tensor:
        """Class scores [B, classes] of normalised images [B, 3, S, S]."""
        return self.head(self.encoder(images))
