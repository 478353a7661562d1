"""The open images of the pool that are most like one, so that they can be labelled together."""

import torch

from labeller.core.errors import LabellerError
from labeller.core.progress import Report, ShouldStop, ignore, never
from labeller.core.run import Run
from labeller.learning.frozen import mean_of, prepared
from labeller.learning.frozen_features import FrozenFeatures
from labeller.learning.learners import trains_network
from labeller.loop.predicting import model_of
from labeller.loop.round_settings import round_settings
from labeller.loop.seen import pool_of, rows_of
from labeller.project.project import Project

SHOWN = 60


def similar_images(
    project: Project,
    image_id: int,
    count: int = SHOWN,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> list[int]:
    """Ids of images that carry nothing, the most similar first; of a frozen encoder's, those that
    have been read so far.

    Raises:
        LabellerError: the learner is another one, and there is no model yet.
        Cancelled: `should_stop` said so.
    """
    run = Run(project.seed, report, should_stop)
    own, rows = torch.tensor([image_id - 1]), rows_of(project.images.open())
    points, others, rows = _features(project, own, rows, run)
    order = torch.cdist(points, others).squeeze(0).argsort()
    found = [int(row) + 1 for row in rows[order].tolist() if row + 1 != image_id]
    return found[:count]


def _features(
    project: Project, own: torch.Tensor, rows: torch.Tensor, run: Run
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Of the one image and of the others, and the rows that these are of."""
    method = round_settings(project).method()
    if not trains_network(method.learner):
        features = FrozenFeatures(method.encoder, pool_of(project, method.device))
        features.read(own, run)
        rows = rows[features.store.known(rows)]
        centre = mean_of(features, features.store.all_known(), run)
        here, there = (prepared(features.raw(each, run), centre) for each in (own, rows))
        return here, there, rows
    newest = project.runs.newest_usable()
    if newest is None:
        raise LabellerError("Similar images need a trained model. Label a batch and train first.")
    model = model_of(project, newest, method.device)
    return model.features(own, run), model.features(rows, run), rows
