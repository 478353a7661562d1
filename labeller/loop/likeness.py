"""What images look like to the project's encoder or its newest model, to compare them."""

import torch
from torch import Tensor

from labeller.core.errors import LabellerError
from labeller.core.run import Run
from labeller.learning.frozen_features import FrozenFeatures
from labeller.learning.learners import trains_network
from labeller.learning.linear_probe import mean_of, prepared
from labeller.loop.predicting import model_of
from labeller.loop.round_settings import round_settings
from labeller.loop.training_data import pool_of
from labeller.project.project import Project


def features_now(
    project: Project, rows: Tensor, run: Run, surely: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Features of images, as far as they can be had without a long wait.

    Args:
        rows: of images, long [N].
        surely: rows that are read now if they have not been.

    Returns:
        The rows among these whose features are known, long [K], and these, float32 [K, d]: of a
        frozen encoder those that have been read so far, of a network all.

    Raises:
        LabellerError: the learner trains a network, and there is no model yet.
        Cancelled: `run.should_stop` said so.
    """
    method = round_settings(project).method()
    if trains_network(method.learner):
        newest = project.runs.newest_usable()
        if newest is None:
            raise LabellerError(
                "Comparing images needs a trained model. Label a batch and train first."
            )
        return rows, model_of(project, newest, method.device).features(rows, run)
    features = FrozenFeatures(method.encoder, pool_of(project, method.device))
    if surely is not None:
        features.read(surely, run)
    rows = rows[features.store.known(rows)]
    if not len(rows):
        return rows, torch.zeros(0, features.encoder.dim)
    centre = mean_of(features, features.store.all_known(), run)
    return rows, prepared(features.raw(rows, run), centre)
