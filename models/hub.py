"""Any encoder that timm knows, by its name there; its weights come from a hub, or timm's cache."""

import logging

import timm
import torch

from models.encoder import Statistics
from models.frozen import HUB, EncoderUnavailable, FrozenEncoder, fingerprint


def from_timm(name: str) -> FrozenEncoder:
    """The encoder "timm:NAME".

    Raises:
        EncoderUnavailable: timm knows no such name, or its weights can be neither found nor
            downloaded.
    """
    model = name.removeprefix(HUB)
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # what fails is said below
    try:
        network = timm.create_model(model, pretrained=True, num_classes=0).eval()
    except Exception as error:  # of many libraries: the network, the hub, the file
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise EncoderUnavailable(f"{model} cannot be had from timm ({reason})") from error
    known = timm.data.resolve_model_data_config(network)
    side = int(known["input_size"][-1])
    with torch.inference_mode():
        dim = network(torch.zeros(1, 3, side, side)).shape[1]
    statistics = Statistics(name, tuple(known["mean"]), tuple(known["std"]))
    return FrozenEncoder(name, network, dim, side, statistics, fingerprint(network))
