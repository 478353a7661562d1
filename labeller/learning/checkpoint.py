"""Trained networks as files: safetensors with what is needed to build the network again.

The whole network is kept: the next cycle may ask for the contrastive loss of images under it
(labeller/learning/subset.py). An export takes the query encoder and the task head alone. The format
holds tensors and text, nothing that could run.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from labeller.errors import LabellerError, NewerFormat
from labeller.files import replacing
from labeller.learning.recipe import Recipe, recipe_from
from labeller.learning.trainer import build_network
from models.encoder import CIFAR10, STATISTICS
from models.encoders import ENCODERS
from models.mobyv2 import MoBYv2

EXPORTED = ("encoder.", "head.")
FORMAT = 2
"""1 had no number and no statistics."""


@dataclass(frozen=True)
class CheckpointInfo:
    """What stands in a checkpoint beside the weights; `resolution` in pixels, `statistics` the name
    of those that images are normalised by."""

    encoder: str
    resolution: int
    classes: list[str]
    recipe: Recipe
    statistics: str = CIFAR10.name  # as in all checkpoints of format 1


def save_checkpoint(path: Path, network: MoBYv2, info: CheckpointInfo) -> None:
    """Write a checkpoint in one step: `path` holds all of it or is left as it was.

    Raises:
        LabellerError: it cannot be written.
    """
    weights = {
        name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()
    }
    _save(path, weights, {"labeller": json.dumps({"format": FORMAT, **asdict(info)})})


def export_weights(checkpoint: Path, output: Path) -> None:
    """Copy the query encoder and the task head of a checkpoint to `output`, in one step.

    Raises:
        LabellerError: the checkpoint is missing or damaged, or `output` cannot be written.
    """
    with _explaining(checkpoint):
        with safe_open(checkpoint, framework="pt") as file:
            metadata = file.metadata()
        weights = {
            name: tensor
            for name, tensor in load_file(checkpoint).items()
            if name.startswith(EXPORTED)
        }
    _save(output, weights, metadata)


def _save(path: Path, weights: dict[str, Tensor], metadata: dict[str, str]) -> None:
    """Write in one step. Raises LabellerError where the disk is full or not to be written."""
    try:
        with replacing(path) as temporary:
            save_file(weights, temporary, metadata=metadata)
    except (OSError, SafetensorError) as error:
        raise LabellerError(f"{path} cannot be written ({error}). Free some space.") from error


def load_checkpoint(path: Path) -> tuple[MoBYv2, CheckpointInfo]:
    """The network of a checkpoint of any version so far, on the CPU and in evaluation mode.

    Raises:
        NewerFormat: a later version wrote it.
        LabellerError: the file is missing, damaged, or no checkpoint.
    """
    with _explaining(path):
        with safe_open(path, framework="pt") as file:
            info = _info(json.loads((file.metadata() or {})["labeller"]))
        recipe = replace(info.recipe, pretrained=False)
        network = build_network(info.encoder, info.resolution, len(info.classes), recipe)
        network.load_state_dict(load_file(path))
        for encoder in (network.encoder, network.key_encoder):
            encoder.statistics = STATISTICS[info.statistics]
    return network.eval(), info


def _info(written: dict[str, Any]) -> CheckpointInfo:
    """Raises NewerFormat for what this version does not know."""
    version = written.pop("format", 1)
    known = {each.name for each in fields(CheckpointInfo)}
    if version > FORMAT or set(written) - known:
        raise NewerFormat(f"it has format {version}, this version knows {FORMAT}")
    info = CheckpointInfo(**{**written, "recipe": recipe_from(written["recipe"])})
    for name, names in (("encoder", ENCODERS), ("statistics", STATISTICS)):
        if getattr(info, name) not in names:
            raise NewerFormat(f"its {name} '{getattr(info, name)}' is unknown to this version")
    return info


@contextmanager
def _explaining(path: Path) -> Iterator[None]:
    try:
        yield
    except NewerFormat as error:
        raise NewerFormat(
            f"The checkpoint {path} was written by a newer version of Labeller ({error}). "
            "Update Labeller to use it."
        ) from error
    except (OSError, SafetensorError, KeyError, ValueError, TypeError, RuntimeError) as error:
        raise LabellerError(
            f"The checkpoint {path} is missing or damaged ({error}). Train again."
        ) from error
