"""The encoders that can be asked for by name."""

from collections.abc import Callable

from models.resnet import ResNet

ENCODERS: dict[str, Callable[[int], ResNet]] = {
    # A quarter of the width and half of the blocks: about 15 times cheaper, for CPUs.
    "resnet-small": lambda side: ResNet((1, 1, 1, 1), 16, side),
    "resnet18": lambda side: ResNet((2, 2, 2, 2), 64, side),
}


def build_encoder(name: str, image_side: int) -> ResNet:
    """A new encoder for square images of `image_side` pixels; `feature_dim` tells its output.

    Raises:
        KeyError: no encoder is called `name`.
    """
    return ENCODERS[name](image_side)
