"""Residual networks (He et al., "Deep Residual Learning for Image Recognition", CVPR 2016)."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SMALL_IMAGE = 64
"""Up to this side in pixels the stem is one 3×3 convolution that keeps the resolution."""


class BasicBlock(nn.Module):
    """Two 3×3 convolutions beside a shortcut (figure 5, left)."""

    def __init__(self, channels_in: int, channels_out: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels_out, 3, stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels_out)
        self.conv2 = nn.Conv2d(channels_out, channels_out, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels_out)
        self.shortcut = nn.Sequential()
        if stride != 1 or channels_in != channels_out:
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels_in, channels_out, 1, stride, bias=False),
                nn.BatchNorm2d(channels_out),
            )

    def forward(self, images: Tensor) -> Tensor:
        out = F.relu(self.norm1(self.conv1(images)), inplace=True)
        return F.relu(self.norm2(self.conv2(out)) + self.shortcut(images), inplace=True)


class ResNet(nn.Module):
    """Four stages of basic blocks, then the mean over the image.

    Args:
        blocks: blocks in each stage; (2, 2, 2, 2) is ResNet-18.
        width: channels of the first stage, doubled by each further one.
        image_side: side of the images in pixels; it decides the stem.

    Shapes: images float [B, 3, S, S] → features [B, feature_dim].
    """

    def __init__(self, blocks: tuple[int, int, int, int], width: int, image_side: int) -> None:
        super().__init__()
        self.feature_dim = 8 * width
        if image_side <= SMALL_IMAGE:
            self.stem = nn.Sequential(
                nn.Conv2d(3, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True)
            )
        else:
            self.stem = nn.Sequential(
                nn.Conv2d(3, width, 7, stride=2, padding=3, bias=False),
                nn.BatchNorm2d(width),
                nn.ReLU(),
                nn.MaxPool2d(3, stride=2, padding=1),
            )
        stages: list[nn.Module] = []
        channels = width
        for stage, count in enumerate(blocks):
            for block in range(count):
                stride = 2 if stage > 0 and block == 0 else 1
                stages.append(BasicBlock(channels, width << stage, stride))
                channels = width << stage
        self.stages = nn.Sequential(*stages)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, images: Tensor) -> Tensor:
        return torch.flatten(F.adaptive_avg_pool2d(self.stages(self.stem(images)), 1), 1)
