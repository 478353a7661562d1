"""The paper's convolutional encoders: ResNet-18 and a small one for CPUs, Wide ResNet 28, VGG-16.

Where possible, layers are named as in torchvision, so that its published weights can be loaded.
torchvision's own `ResNet` has a fixed width and stem, and takes two seconds to import.
"""

import torch
from torch import Tensor, nn

from labeller_models.encoder import Encoder, initialise

SMALL_IMAGE = 64
"""For images up to this side in pixels, the stem is one 3×3 convolution that keeps the
resolution."""


class BasicBlock(nn.Module):
    """Two 3×3 convolutions beside a shortcut (figure 2 and section 4.1 of the paper above).

    Args:
        shortcut: module for the input if the shapes differ; else None.
    """

    def __init__(
        self, channels_in: int, channels_out: int, stride: int = 1,
        shortcut: nn.Module | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels_out, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels_out)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(channels_out, channels_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels_out)
        self.downsample = shortcut

    def forward(self, images: Tensor) -> Tensor:
        out = self.relu(self.bn1(self.conv1(images)))
        out = self.bn2(self.conv2(out))
        out += images if self.downsample is None else self.downsample(images)
        return self.relu(out)


class ResNet(Encoder):
    """Four stages of basic blocks, then the mean over the image.

    Args:
        blocks: blocks in each stage; (2, 2, 2, 2) is ResNet-18.
        width: channels of the first stage; each further stage doubles them.
        image_side: side of the images in pixels, which determines the stem.

    Shapes: images float [B, 3, S, S] → features [B, 8 · width].
    """

    stages = ("layer1", "layer2", "layer3", "layer4")

    def __init__(self, blocks: tuple[int, int, int, int], width: int, image_side: int) -> None:
        super().__init__()
        self.feature_dim = 8 * width
        small = image_side <= SMALL_IMAGE
        self.conv1 = (
            nn.Conv2d(3, width, 3, padding=1, bias=False)
            if small
            else nn.Conv2d(3, width, 7, stride=2, padding=3, bias=False)
        )
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.Identity() if small else nn.MaxPool2d(3, stride=2, padding=1)
        self.layer1 = _stage(blocks[0], width, width, stride=1)
        self.layer2 = _stage(blocks[1], width, 2 * width, stride=2)
        self.layer3 = _stage(blocks[2], 2 * width, 4 * width, stride=2)
        self.layer4 = _stage(blocks[3], 4 * width, 8 * width, stride=2)
        initialise(self)

    def forward(self, images: Tensor) -> Tensor:
        out = self.maxpool(self.relu(self.bn1(self.conv1(images))))
        out = self.layer4(self.layer3(self.layer2(self.layer1(out))))
        return torch.mean(out, dim=(2, 3))


def _stage(blocks: int, channels_in: int, channels_out: int, stride: int) -> nn.Sequential:
    shortcut = None
    if stride != 1 or channels_in != channels_out:
        shortcut = nn.Sequential(
            nn.Conv2d(channels_in, channels_out, 1, stride, bias=False),
            nn.BatchNorm2d(channels_out),
        )
    first = BasicBlock(channels_in, channels_out, stride, shortcut)
    others = (BasicBlock(channels_out, channels_out) for _ in range(blocks - 1))
    return nn.Sequential(first, *others)


def resnet_small(side: int) -> ResNet:
    """A quarter of the width and half the blocks of ResNet-18: about 20 times cheaper, for CPUs."""
    return ResNet((1, 1, 1, 1), 16, side)


def resnet18(side: int) -> ResNet:
    return ResNet((2, 2, 2, 2), 64, side)


class _Block(nn.Module):
    """Norm, ReLU and convolution, twice, beside a shortcut (figure 1 (b) there)."""

    def __init__(self, channels_in: int, channels_out: int, stride: int) -> None:
        super().__init__()
        self.norm1 = nn.BatchNorm2d(channels_in)
        self.conv1 = nn.Conv2d(channels_in, channels_out, 3, stride, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels_out)
        self.conv2 = nn.Conv2d(channels_out, channels_out, 3, padding=1, bias=False)
        self.relu = nn.ReLU(inplace=True)
        self.shortcut = (
            None
            if stride == 1 and channels_in == channels_out
            else nn.Conv2d(channels_in, channels_out, 1, stride, bias=False)
        )

    def forward(self, images: Tensor) -> Tensor:
        active = self.relu(self.norm1(images))
        out = self.conv2(self.relu(self.norm2(self.conv1(active))))
        # Where the shape changes, the shortcut starts from the normalised input.
        return out + (images if self.shortcut is None else self.shortcut(active))


class WideResNet(Encoder):
    """WRN-`depth`-`widen`: three stages of (depth − 4) / 6 blocks.

    Shapes: images float [B, 3, S, S] → features [B, 64 · widen].
    """

    def __init__(self, depth: int, widen: int) -> None:
        super().__init__()
        blocks, rest = divmod(depth - 4, 6)
        if rest:
            raise ValueError(f"the depth of a wide residual network is 6 n + 4, not {depth}")
        self.feature_dim = 64 * widen
        self.stages = tuple(f"layers.{(stage + 1) * blocks}" for stage in range(3))
        layers: list[nn.Module] = [nn.Conv2d(3, 16, 3, padding=1, bias=False)]
        channels = 16
        for stage in range(3):
            width = (16 << stage) * widen
            for block in range(blocks):
                layers.append(_Block(channels, width, 2 if stage > 0 and block == 0 else 1))
                channels = width
        self.layers = nn.Sequential(*layers, nn.BatchNorm2d(channels), nn.ReLU(inplace=True))
        initialise(self)

    def forward(self, images: Tensor) -> Tensor:
        return torch.mean(self.layers(images), dim=(2, 3))


def wrn_28_2(side: int) -> WideResNet:
    return WideResNet(28, 2)


def wrn_28_10(side: int) -> WideResNet:
    return WideResNet(28, 10)


class VGG16(Encoder):
    """torchvision's convolutions, then the mean over the remaining positions.

    Five poolings each halve the image, so that 32 pixels become one.

    Shapes: images float [B, 3, S, S], S ≥ 32 → features [B, 512].
    """

    feature_dim = 512
    smallest_side = 32
    stages = ("features.6", "features.13", "features.23", "features.33", "features.43")

    def __init__(self) -> None:
        super().__init__()
        from torchvision.models import vgg16_bn  # takes two seconds

        self.features = vgg16_bn(weights=None).features

    def forward(self, images: Tensor) -> Tensor:
        return torch.mean(self.features(images), dim=(2, 3))


def vgg16(side: int) -> VGG16:
    return VGG16()
