"""The parts that all encoders and networks have in common."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Statistics:
    """Mean and standard deviation of the channels (red, green, blue), for values from 0 to 1."""

    name: str
    mean: tuple[float, float, float]
    std: tuple[float, float, float]

    def normalised(self, images: Tensor) -> Tensor:
        """Normalise the channels of images, float [B, 3, S, S]; the result is channels-last."""
        mean, std = channels(self.mean, images.device), channels(self.std, images.device)
        return ((images - mean) / std).contiguous(memory_format=torch.channels_last)


CIFAR10 = Statistics("cifar10", (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616))
"""The statistics of CIFAR-10's training images, for networks trained from scratch."""
IMAGENET = Statistics("imagenet", (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
"""The statistics that torchvision's ImageNet weights were trained with (torchvision, "Models and
pre-trained weights")."""
STATISTICS = {each.name: each for each in (CIFAR10, IMAGENET)}


class Encoder(nn.Module):
    """Images float [B, 3, S, S], normalised by `statistics` → features [B, feature_dim].

    Attributes:
        stages: names of the parts after which the image is smaller, in order; Learning Loss uses
            their outputs, and dropout follows them.
    """

    feature_dim: int
    statistics: Statistics = CIFAR10
    stages: tuple[str, ...] = ()


@lru_cache
def channels(values: tuple[float, ...], device: torch.device) -> Tensor:
    """A value for each channel, float32 [1, C, 1, 1]; cached, because every copy to a device waits
    for that device."""
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

    dropout: "Dropout | None" = None
    depths: "Depths | None" = None

    def __init__(self, encoder: Encoder, classes: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = nn.Linear(encoder.feature_dim, classes)
        self.companions = nn.ModuleDict()  # modules that a strategy wants trained along

    def classify(self, images: Tensor) -> Tensor:
        """Class scores [B, classes] of normalised images [B, 3, S, S]."""
        return self.head(self.encoder(images))


class Dropout:
    """Dropout after each stage of a network's encoder and before its head (Gal and Ghahramani, ICML
    2016), active in training and in the block `active()`. It adds no weights.

    Args:
        rate: share of the values to drop, from 0 to below 1.
    """

    def __init__(self, network: Network, rate: float) -> None:
        self._always = False

        def drop(values: Tensor) -> Tensor:
            return F.dropout(values, rate, training=network.training or self._always)

        for name in network.encoder.stages:
            stage = network.encoder.get_submodule(name)
            stage.register_forward_hook(lambda module, inputs, output: drop(output))
        network.head.register_forward_pre_hook(lambda module, inputs: (drop(inputs[0]),))

    @contextmanager
    def active(self) -> Iterator[None]:
        """A block in which values are dropped in evaluation mode, too."""
        self._always = True
        try:
            yield
        finally:
            self._always = False


class Depths:
    """The outputs of an encoder's stages for the newest batch, as means over the image.

    Attributes:
        dims: number of channels of each stage.
    """

    def __init__(self, encoder: Encoder, image_side: int) -> None:
        self._found: dict[str, Tensor] = {}
        for name in encoder.stages:
            encoder.get_submodule(name).register_forward_hook(self._keeping(name))
        was_training = encoder.training
        with torch.no_grad():
            features = encoder.eval()(torch.zeros(1, 3, image_side, image_side))
        encoder.train(was_training)
        self.dims = [each.shape[1] for each in self.of(features)]

    def _keeping(self, name: str) -> Callable[[nn.Module, Any, Tensor], None]:
        def keep(module: nn.Module, inputs: Any, output: Tensor) -> None:
            self._found[name] = output.mean(dim=(2, 3))

        return keep

    def of(self, features: Tensor) -> list[Tensor]:
        """Each stage's outputs, [B, dim], for the first B images of the newest batch, where the
        features are [B, d]; the features themselves if the encoder names no stages."""
        found = [each[: len(features)].float() for each in self._found.values()]
        return found or [features]
