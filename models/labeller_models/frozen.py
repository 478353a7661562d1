"""Pretrained encoders that are used unchanged: images → features. Importing this is fast."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from labeller_models.registry import BrokenPackage, Registry, mark

if TYPE_CHECKING:
    from torch import nn

    from labeller_models.cut import CutNetwork
    from labeller_models.encoder import Statistics

FROZEN = Registry("frozen encoder")
"""Functions that make a `FrozenEncoder`."""
BUNDLED = "efficientnet-lite0"
FROZEN.add(
    BUNDLED,
    "labeller_models.hub:efficientnet_lite0",
    mark("EfficientNet-Lite0: trained on ImageNet; for any computer"),
)
FROZEN.add_entry_points("labeller.encoders")
HUB = "timm:"
"""Prefix of the names of timm's encoders, whose weights timm downloads."""
WEIGHTS = "@"
"""Separates such a name from the file that its weights are loaded from."""
HUBS = Registry("hub of encoders")
"""Functions by prefix; each makes a `FrozenEncoder` from a name with that prefix."""
HUBS.add(HUB, "labeller_models.hub:from_timm")


SUGGESTED = {
    BUNDLED: FROZEN.explained(BUNDLED),
    f"{HUB}mobilenetv4_conv_small.e2400_r224_in1k": mark(
        "MobileNetV4, small: trained on ImageNet; the fastest"
    ),
    f"{HUB}resnet50.a1_in1k": mark("ResNet-50: trained on ImageNet; the usual baseline in papers"),
    f"{HUB}convnext_tiny.in12k_ft_in1k": mark(
        "ConvNeXt, tiny: trained on 12,000 classes of ImageNet; photos of many kinds"
    ),
    f"{HUB}vit_small_patch16_224.dino": mark(
        "DINO, small transformer: trained on ImageNet without its labels"
    ),
    f"{HUB}vit_small_patch14_dinov2.lvd142m": mark(
        "DINOv2, small transformer: trained on 142 million images without labels"
    ),
    f"{HUB}vit_base_patch16_clip_224.openai": mark(
        "CLIP, transformer: trained on images with captions; also for drawings and products"
    ),
}
"""Encoders offered in the window, with a description of each."""


@dataclass(frozen=True)
class Facts:
    """What is known about an encoder without loading its weights.

    Attributes:
        size: size of its weights in bytes.
        licence: licence of its weights, as timm names it; "" if unknown.
        is_here: whether its weights are on this computer.
    """

    size: int
    licence: str
    is_here: bool


class EncoderUnavailable(Exception):
    """The weights of an encoder could not be loaded; the message says why."""


@dataclass(frozen=True)
class FrozenEncoder:
    """A network in evaluation mode.

    Attributes:
        network: images float [B, 3, side, side], normalised by `statistics` → features [B, dim].
        dim: number of features.
        side: side of the images it was trained on, in pixels.
        fingerprint: identifies its weights, 16 hexadecimal digits.
        temporary: whether it will soon be replaced, so that nothing it computes is cached on disk.
        fixed_side: whether it takes images of this side only, as most transformers do.
    """

    name: str
    network: "nn.Module"
    dim: int
    side: int
    statistics: "Statistics"
    fingerprint: str
    temporary: bool = False
    fixed_side: bool = False

    @cached_property
    def halves(self) -> "CutNetwork | None":
        """The network cut before the stages that can be trained; None if it has no stages."""
        from labeller_models.cut import CannotCut, CutNetwork

        try:
            return CutNetwork(self.network)
        except CannotCut:
            return None

    def tuned(self, late: "nn.Module") -> "FrozenEncoder":
        """An encoder that returns the features computed by a trained copy of the late half,
        followed by its own."""
        from torch import nn

        from labeller_models.cut import BothHalves

        assert self.halves is not None
        both = BothHalves(late, self.halves.late)
        network = nn.Sequential(self.halves.early, both).eval()
        return FrozenEncoder(
            self.name, network, 2 * self.dim, self.side, self.statistics, fingerprint(network),
            temporary=True, fixed_side=self.fixed_side,
        )  # fmt: skip

    def key(self, side: int) -> str:
        """Identifies the features of images with a side of `side` pixels; usable as a file name."""
        return f"{self.name}-{side}-{self.fingerprint}".replace("/", "-").replace(":", "-")


def frozen_encoder(name: str) -> FrozenEncoder:
    """Load an encoder by its name in `FROZEN`, or "timm:NAME", whose weights may be downloaded, or
    "timm:NAME@FILE.safetensors", with weights from that file.

    Raises:
        KeyError: there is no encoder of this name.
        EncoderUnavailable: its weights could not be loaded.
    """
    hub = next((prefix for prefix in HUBS if name.startswith(prefix)), None)
    try:
        encoder: FrozenEncoder = FROZEN.build(name) if hub is None else HUBS[hub](name)
        return encoder
    except ModuleNotFoundError as error:
        raise EncoderUnavailable(f"the package {error.name} is not installed") from error
    except BrokenPackage as error:
        raise EncoderUnavailable(str(error)) from error.__cause__


def is_known(name: str) -> bool:
    """Whether the name may be that of an encoder, without loading it."""
    return name in FROZEN or (name.startswith(HUB) and name[len(HUB) :].split(WEIGHTS)[0] != "")


def fingerprint(network: "nn.Module") -> str:
    """Digest of a network's weights, 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for key, tensor in network.state_dict().items():
        digest.update(key.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]
