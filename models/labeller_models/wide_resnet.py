"""Wide residual networks (Zagoruyko and Komodakis, "Wide Residual Networks", BMVC 2016)."""

import torch
from torch import Tensor, nn

from labeller_models.encoder import Encoder, initialise


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
