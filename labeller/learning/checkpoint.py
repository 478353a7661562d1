"""Trained models as files: safetensors with everything needed to rebuild them.

Everything is kept, since the next cycle may rank images by their contrastive loss under the model
(labeller/learning/mobyv2al.py); an export has the query encoder and the task head alone. The format
holds tensors and text, nothing executable.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from labeller_models.encoder import CIFAR10, STATISTICS
from safetensors import SafetensorError
from safetensors.torch import load, save_file
from torch import Tensor

from labeller.core.errors import LabellerError, NewerFormat, UnusableHere
from labeller.core.files import read_regular, replacing
from labeller.learning.batches import PoolImages
from labeller.learning.learners import FORMER, LEARNERS, WHOLE, has_encoder, learner_named
from labeller.learning.model import TrainedModel
from labeller.learning.recipe import Recipe, recipe_from

BUILDS_ON = "builds_on"
"""Metadata key for the fingerprint of a frozen encoder's weights; earlier versions had none."""
LARGEST_CHECKPOINT = 1 << 34
FORMAT = 4
"""1 had no number, statistics or learner; 2 did not nest the options of a recipe; 3 knew classes by
name only."""


@dataclass(frozen=True)
class CheckpointInfo:
    """What a checkpoint holds besides the weights.

    Attributes:
        resolution: side of the training images in pixels.
        classes: names at the time of training.
        statistics: name of those that normalise images.
        class_ids: the same classes in the project; empty up to format 3.
    """

    encoder: str
    resolution: int
    classes: list[str]
    recipe: Recipe
    statistics: str = CIFAR10.name  # as in all checkpoints of format 1
    learner: str = WHOLE
    class_ids: list[int] = field(default_factory=list)


def save_model(
    path: Path, model: TrainedModel, info: CheckpointInfo, exported: bool = False
) -> None:
    """Write a model in one step: `path` holds all of it, or stays as it was.

    Args:
        exported: write only what predicts (`TrainedModel.exported`).

    Raises:
        LabellerError: the disk is full or cannot be written.
    """
    state = model.exported() if exported else model.state()
    weights = {name: each.detach().cpu().contiguous() for name, each in state.items()}
    metadata = {"labeller": json.dumps({"format": FORMAT, **asdict(info)})}
    if model.builds_on:
        metadata[BUILDS_ON] = model.builds_on
    try:
        with replacing(path) as temporary:
            save_file(weights, temporary, metadata=metadata)
    except (OSError, SafetensorError) as error:
        raise LabellerError(
            "{path} cannot be written ({error}). Free some space.", path=path, error=error
        ) from error


def load_model(path: Path, pool: PoolImages | None = None) -> tuple[TrainedModel, CheckpointInfo]:
    """Load a checkpoint of any version so far, for the images of a pool on its device; without a
    pool, on the CPU.

    Raises:
        NewerFormat: a later version wrote it.
        UnusableHere: it was fitted to features of other weights of its frozen encoder.
        LabellerError: the file is missing, damaged, or no checkpoint.
    """
    with _explaining(path):
        metadata, state = _read(path)
        info = _info(json.loads(metadata["labeller"]))
        if pool is None:
            side = info.resolution
            pool = PoolImages(np.zeros((0, side, side, 3), dtype=np.uint8), torch.device("cpu"))
        learner = learner_named(info.learner, info.encoder, info.recipe)
        model = learner.load(state, pool, len(info.classes))
        if metadata.get(BUILDS_ON, model.builds_on) != model.builds_on:
            raise UnusableHere(
                "The weights of '{encoder}' are not those that the model {path} was fitted to. Put "
                "them back, or train again.",
                encoder=info.encoder,
                path=path.name,
            )
        model.normalise_by(info.statistics)
        model.class_ids = tuple(info.class_ids)
    return model, info


def _info(written: dict[str, Any]) -> CheckpointInfo:
    """Read the metadata. Raises NewerFormat for anything that this version does not know."""
    version = written.pop("format", 1)
    names = {each.name for each in fields(CheckpointInfo)}
    if version > FORMAT or set(written) - names:
        raise NewerFormat(
            "it has format {version}, this version knows {format}", version=version, format=FORMAT
        )
    info = CheckpointInfo(**{**written, "recipe": recipe_from(written["recipe"])})
    info = replace(info, learner=FORMER.get(info.learner, info.learner))
    known = (
        ("learner", info.learner in LEARNERS),
        ("encoder", has_encoder(info.learner, info.encoder)),
        ("statistics", info.statistics in STATISTICS),
    )
    for name, there in known:
        if not there:
            raise NewerFormat(
                "its {name} '{value}' is unknown to this version",
                name=name,
                value=getattr(info, name),
            )
    return info


def _read(path: Path) -> tuple[dict[str, str], dict[str, Tensor]]:
    """Metadata and tensors. Not memory-mapped: if somebody truncates a mapped file, the program
    crashes."""
    data = read_regular(path, LARGEST_CHECKPOINT)
    length = int.from_bytes(data[:8], "little")
    weights = load(data)  # checks the length
    return json.loads(data[8 : 8 + length]).get("__metadata__") or {}, weights


@contextmanager
def _explaining(path: Path) -> Iterator[None]:
    try:
        yield
    except NewerFormat as error:
        raise NewerFormat(
            "The checkpoint {path} was written by a newer version of Labeller "
            "({error}). Update Labeller to use it.",
            path=path,
            error=error,
        ) from error
    except (OSError, SafetensorError, KeyError, ValueError, TypeError, RuntimeError) as error:
        raise LabellerError(
            "The checkpoint {path} is missing or damaged ({error}). Train again.",
            path=path,
            error=error,
        ) from error
