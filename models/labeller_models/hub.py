"""Any encoder that timm knows, by its name there; its weights come from a hub, from timm's cache,
or from a file."""

import logging
from pathlib import Path
from typing import Any

import timm
import torch
from safetensors import SafetensorError
from safetensors.torch import load

from labeller_models.encoder import Statistics
from labeller_models.frozen import HUB, WEIGHTS, EncoderUnavailable, FrozenEncoder, fingerprint


def from_timm(name: str) -> FrozenEncoder:
    """The encoder "timm:NAME", or "timm:NAME@FILE.safetensors".

    Raises:
        EncoderUnavailable: timm knows no such name, or its weights can be neither found nor
            downloaded, or do not fit.
    """
    model, _, file = name.removeprefix(HUB).partition(WEIGHTS)
    if ":" in model or "/" in model:  # timm would read folders and unpickle what is there
        raise EncoderUnavailable(
            f"{model} is no name of timm's own; other weights are taken from a file"
        )
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # what fails is said below
    try:
        network = timm.create_model(model, pretrained=not file, num_classes=0).eval()
    except Exception as error:  # of many libraries: the network, the hub, the file
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise EncoderUnavailable(f"{model} cannot be had from timm ({reason})") from error
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
