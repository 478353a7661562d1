"""The newest model of a project, and what it suggests."""

from pathlib import Path

import torch

from labeller.core.errors import LabellerError
from labeller.core.run import Run
from labeller.learning.checkpoint import load_model
from labeller.learning.model import TrainedModel
from labeller.loop.seen import pool_of
from labeller.project.project import Project
from labeller.store.runs import TrainingRun


def checkpoint_file(project: Project, run: TrainingRun) -> Path:
    """Where the weights of a run lie. Raises LabellerError where they are gone."""
    file = None if run.checkpoint is None else project.stored_checkpoint(run.checkpoint)
    if file is None:
        raise LabellerError(
            "The checkpoint {checkpoint} is gone. Train again.", checkpoint=run.checkpoint
        )
    return file


def model_of(project: Project, run: TrainingRun, device: str = "auto") -> TrainedModel:
    """The model of a run that has a checkpoint, for the images of its project.

    Raises:
        LabellerError: the checkpoint, the cache or the device cannot be had.
    """
    file = checkpoint_file(project, run)
    return load_model(file, pool_of(project, device))[0]


def suggest(
    project: Project, run: TrainingRun, model: TrainedModel, rows: torch.Tensor, asked: Run
) -> None:
    """Keep the likeliest class of these images, and of all others whose features were read.

    Classes that have been renamed or archived since the training are suggested no more.

    Args:
        run: the training that the model comes from.
        rows: of images, long [N].
    """
    model.features(rows, asked)
    known = model.known_rows()
    confidences, places = model.probabilities(known, asked).max(dim=1)
    ids = project.classes.ids_by_name()
    by_place = [ids.get(name) for name in model.classes]
    project.suggestions.replace(
        run.id,
        (
            (row + 1, class_id, confidence)
            for row, place, confidence in zip(
                known.tolist(), places.tolist(), confidences.tolist(), strict=True
            )
            if (class_id := by_place[place]) is not None
        ),
    )
