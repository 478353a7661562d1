"""Pretrained encoders that are used as they are: images → features. Importing this is cheap."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labeller_models.registry import Registry

if TYPE_CHECKING:
    from torch import nn

    from labeller_models.encoder import Statistics

FROZEN = Registry("frozen encoder")
"""Each makes a `FrozenEncoder`."""
FROZEN.add(
    "efficientnet-lite0",
    "labeller_models.lite:efficientnet_lite0",
    "EfficientNet-Lite0: trained on ImageNet; for any computer",
)
HUB = "timm:"
"""What the name of an encoder begins with that timm knows and whose weights it downloads."""
WEIGHTS = "@"
"""What stands between such a name and a file that its weights are taken from."""


class EncoderUnavailable(Exception):
    """The weights of an encoder cannot be had; the message says why."""


@dataclass(frozen=True)
class FrozenEncoder:
    """A network in evaluation mode.

    Attributes:
        network: images float [B, 3, side, side], normalised by `statistics` → features [B, dim].
        side: of the images that it was trained for, in pixels.
        fingerprint: tells its weights from others, 16 hexadecimal digits.
    """

    name: str
    network: "nn.Module"
    dim: int
    side: int
    statistics: "Statistics"
    fingerprint: str

    def key(self, side: int) -> str:
        """What tells features of images of so many pixels from others; fit for a file's name."""
        return f"{self.name}-{side}-{self.fingerprint}".replace("/", "-").replace(":", "-")


def frozen_encoder(name: str) -> FrozenEncoder:
    """The encoder of a name in `FROZEN`, or of "timm:NAME", whose weights may be downloaded, or of
    "timm:NAME@FILE.safetensors", whose weights are in that file.

    Raises:
        KeyError: there is none of this name.
        EncoderUnavailable: its weights cannot be had.
    """
    try:
        if not name.startswith(HUB):
            encoder: FrozenEncoder = FROZEN[name]()
            return encoder
        from labeller_models.hub import from_timm

        return from_timm(name)
    except ModuleNotFoundError as error:
        raise EncoderUnavailable(f"the package {error.name} is not installed") from error


def is_known(name: str) -> bool:
    """Whether there may be an encoder of this name, without loading it."""
    return name in FROZEN or (name.startswith(HUB) and name[len(HUB) :].split(WEIGHTS)[0] != "")


def fingerprint(network: "nn.Module") -> str:
    """Of the weights of a network."""
    digest = hashlib.sha256()
    for key, tensor in network.state_dict().items():
        digest.update(key.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]
