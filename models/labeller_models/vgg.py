"""VGG-16 with batch norm (Simonyan and Zisserman, "Very Deep Convolutional Networks for
Large-Scale Image Recognition", ICLR 2015, configuration D), without its fully connected layers."""

import torch
from torch import Tensor
from torchvision.models import vgg16_bn

from labeller_models.encoder import Encoder


class VGG16(Encoder):
    """torchvision's convolutions, then the mean over what is left of the image.

    Five poolings halve the image, so that 32 pixels become one.

    Shapes: images float [B, 3, S, S], S ≥ 32 → features [B, 512].
    """

    feature_dim = 512
    smallest_side = 32

    def __init__(self) -> None:
        super().__init__()
        self.features = vgg16_bn(weights=None).features

    def forward(self, images: Tensor) -> Tensor:
        return torch.mean(self.features(images), dim=(2, 3))


def vgg16(side: int) -> VGG16:
    return VGG16()
