"""The encoders that can be asked for by name, new or with torchvision's ImageNet weights."""

from collections.abc import Callable

from torch import Tensor
from torchvision import models as torchvision_models

from models.encoder import IMAGENET, Encoder
from models.resnet import ResNet
from models.vgg import VGG16
from models.wide_resnet import WideResNet

ENCODERS: dict[str, Callable[[int], Encoder]] = {
    # A quarter of the width and half of the blocks: about 20 times cheaper, for CPUs.
    "resnet-small": lambda side: ResNet((1, 1, 1, 1), 16, side),
    "resnet18": lambda side: ResNet((2, 2, 2, 2), 64, side),
    "vgg16": lambda side: VGG16(),
    "wrn-28-2": lambda side: WideResNet(28, 2),
    "wrn-28-10": lambda side: WideResNet(28, 10),
}
PRETRAINED = {
    "resnet18": torchvision_models.ResNet18_Weights.IMAGENET1K_V1,
    "vgg16": torchvision_models.VGG16_BN_Weights.IMAGENET1K_V1,
}


class PretrainedWeightsError(Exception):
    """The ImageNet weights of an encoder cannot be had; the message says why."""


def build_encoder(name: str, image_side: int, pretrained: bool = False) -> Encoder:
    """An encoder for square images of `image_side` pixels; `feature_dim` tells its output.

    With `pretrained`, torchvision's ImageNet weights are loaded (from its cache, or the network).
    The 3×3 stem for small images has no counterpart there and stays new. Images are then normalised
    as those weights were trained (`Encoder.statistics`).

    Raises:
        KeyError: no encoder is called `name`.
        ValueError: the images are too small for it.
        PretrainedWeightsError: there are no such weights, or they cannot be downloaded.
    """
    encoder = ENCODERS[name](image_side)
    if image_side < getattr(encoder, "smallest_side", 1):
        raise ValueError(f"{name} needs images of at least {encoder.smallest_side} pixels")
    if pretrained:
        _load(encoder, _published(name))
        encoder.statistics = IMAGENET
    return encoder


def _published(name: str) -> dict[str, Tensor]:
    if name not in PRETRAINED:
        known = ", ".join(PRETRAINED)
        raise PretrainedWeightsError(f"only {known} have pretrained weights, not {name}")
    try:
        return PRETRAINED[name].get_state_dict(progress=False, check_hash=True)
    except (OSError, RuntimeError) as error:
        raise PretrainedWeightsError(
            f"the pretrained weights of {name} could not be downloaded ({error})"
        ) from error


def _load(encoder: Encoder, published: dict[str, Tensor]) -> None:
    own = encoder.state_dict()
    fitting = {
        key: tensor
        for key, tensor in published.items()
        if key in own and own[key].shape == tensor.shape
    }
    encoder.load_state_dict(fitting, strict=False)
