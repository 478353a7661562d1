"""Trained networks as files: safetensors with what is needed to build the network again.

Only the query encoder and the task head are kept; selection, prediction and export need no more,
and every round trains anew. The format holds tensors and text, nothing that could run.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from labeller.errors import LabellerError
from labeller.files import replacing
from labeller.learning.recipe import RECIPES
from labeller.learning.trainer import build_network
from models.mobyv2 import MoBYv2

KEPT = ("encoder.", "head.")


@dataclass(frozen=True)
class CheckpointInfo:
    """What stands in a checkpoint beside the weights; `resolution` in pixels."""

    encoder: str
    resolution: int
    classes: list[str]


def save_checkpoint(path: Path, network: MoBYv2, info: CheckpointInfo) -> None:
    """Write a checkpoint in one step: `path` holds all of it or is left as it was."""
    weights = {
        name: tensor.detach().cpu().contiguous()
        for name, tensor in network.state_dict().items()
        if name.startswith(KEPT)
    }
    with replacing(path) as temporary:
        save_file(weights, temporary, metadata={"labeller": json.dumps(asdict(info))})


def load_checkpoint(path: Path) -> tuple[MoBYv2, CheckpointInfo]:
    """The network of a checkpoint, on the CPU and in evaluation mode; its key branch is new.

    Raises:
        LabellerError: the file is missing, damaged, or no checkpoint.
    """
    try:
        with safe_open(path, framework="pt") as file:
            info = CheckpointInfo(**json.loads((file.metadata() or {})["labeller"]))
            weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        network = build_network(info.encoder, info.resolution, len(info.classes), RECIPES["quick"])
        missing, unexpected = network.load_state_dict(weights, strict=False)
        if unexpected or any(name.startswith(KEPT) for name in missing):
            raise KeyError("weights are missing")
    except (OSError, SafetensorError, KeyError, ValueError, TypeError, RuntimeError) as error:
        raise LabellerError(
            f"The checkpoint {path} is missing or damaged ({error}). Train again."
        ) from error
    return network.eval(), info
