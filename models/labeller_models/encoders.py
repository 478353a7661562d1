"""The trainable encoders by name, new or with torchvision's ImageNet weights. Importing this is
cheap: torch and torchvision are imported when an encoder is built."""

from typing import TYPE_CHECKING

from labeller_models.registry import Registry, mark

if TYPE_CHECKING:
    from torch import Tensor

    from labeller_models.encoder import Encoder

ENCODERS = Registry("encoder")
"""Functions that build an `Encoder` for square images, given their side in pixels."""
OWN_ENCODERS = (
    ("resnet-small", "resnet_small", mark("ResNet, small: for computers without a GPU")),
    ("resnet18", "resnet18", mark("ResNet-18: the paper's second network; needs a GPU")),
    ("vgg16", "vgg16", mark("VGG-16: the paper's network for CIFAR-10; needs a GPU")),
    ("wrn-28-2", "wrn_28_2", mark("Wide ResNet 28-2: for small images; needs a GPU")),
    ("wrn-28-10", "wrn_28_10", mark("Wide ResNet 28-10: the largest; needs a large GPU")),
)
"""Name, function in `backbones`, and a description for people."""
for _name, _function, _line in OWN_ENCODERS:
    ENCODERS.add(_name, f"labeller_models.backbones:{_function}", _line)
ENCODERS.add_entry_points("labeller.networks")
PRETRAINED = {"resnet18": "ResNet18_Weights", "vgg16": "VGG16_BN_Weights"}
"""The names of torchvision's enumerations of ImageNet weights, by encoder."""


class PretrainedWeightsError(Exception):
    """The ImageNet weights of an encoder could not be loaded; the message says why."""


def build_encoder(name: str, image_side: int, pretrained: bool = False) -> "Encoder":
    """Build an encoder for square images of `image_side` pixels.

    With `pretrained`, torchvision's ImageNet weights are loaded, from its cache or the network, and
    images are normalised as in their training (`Encoder.statistics`). The 3×3 stem for small images
    has no counterpart there and keeps its random weights.

    Raises:
        KeyError: no encoder is called `name`.
        ValueError: the images are too small for it, or its package is broken.
        PretrainedWeightsError: there are no such weights, or they could not be downloaded.
    """
    encoder: Encoder = ENCODERS.build(name, image_side)
    if image_side < getattr(encoder, "smallest_side", 1):
        raise ValueError(f"{name} needs images of at least {encoder.smallest_side} pixels")
    if pretrained:
        from labeller_models.encoder import STATISTICS

        _load(encoder, _published(name))
        encoder.statistics = STATISTICS["imagenet"]
    return encoder


def _published(name: str) -> "dict[str, Tensor]":
    if name not in PRETRAINED:
        known = ", ".join(PRETRAINED)
        raise PretrainedWeightsError(f"only {known} have pretrained weights, not {name}")
    from torchvision import models  # takes two seconds

    weights = getattr(models, PRETRAINED[name]).IMAGENET1K_V1
    try:
        return weights.get_state_dict(progress=False, check_hash=True)
    except (OSError, RuntimeError) as error:
        raise PretrainedWeightsError(
            f"the pretrained weights of {name} could not be downloaded ({error})"
        ) from error


def _load(encoder: "Encoder", published: "dict[str, Tensor]") -> None:
    own = encoder.state_dict()
    fitting = {
        key: tensor
        for key, tensor in published.items()
        if key in own and own[key].shape == tensor.shape
    }
    encoder.load_state_dict(fitting, strict=False)
