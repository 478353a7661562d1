"""How images compare under the project's encoder or newest model: similar ones, and groups that
look alike."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from labeller.core.errors import LabellerError
from labeller.core.run import Run
from labeller.learning.feature_learners import centred_features, mean_of, prepared
from labeller.learning.learners import trains_network
from labeller.loop.predicting import frozen_features, model_of, newest_on_features
from labeller.loop.round_settings import round_settings
from labeller.loop.training_data import rows_of
from labeller.project.project import Project
from labeller.selection.sampling import nearest, nearest_to_centres


def features_now(
    project: Project,
    rows: Tensor,
    run: Run,
    compute: Tensor | None = None,
    pretrained: bool = True,
) -> tuple[Tensor, Tensor]:
    """Features of images, as far as they are available without a long wait; see `readable`.

    Returns:
        The rows whose features are known, long [K], and the features, float32 [K, d].
    """
    rows, read = readable(project, rows, run, compute, pretrained)
    return rows, read(rows)


def readable(
    project: Project,
    rows: Tensor,
    run: Run,
    compute: Tensor | None = None,
    pretrained: bool = True,
) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
    """Which images have features without a long wait, and how to read them.

    Args:
        rows: the images' rows, long [N].
        compute: rows whose features are computed now if they are missing.
        pretrained: whether to use the features from before fine-tuning, which the labels have not
            shaped.

    Returns:
        The rows, long [K]: with a frozen encoder those read so far, with a network all. And a
        function that returns the features of some of them, float32 [k, d].

    Raises:
        LabellerError: the learner trains a network, and there is no model yet.
        Cancelled: `run.should_stop` said so.
    """
    method = round_settings(project).method
    if trains_network(method.encoder):
        newest = project.runs.newest_usable()
        if newest is None:
            raise LabellerError(
                "Comparing images needs a trained model. Label a batch and train first."
            )
        model = model_of(project, newest, method.device)
        return rows, lambda some: model.features(some, run)
    tuned = None if pretrained else newest_on_features(project, method)
    features = frozen_features(project, method) if tuned is None else tuned.frozen
    if compute is not None:
        features.read(compute, run)
    centre = mean_of(features, features.store.all_known(), run)
    return rows[features.store.known(rows)], lambda some: prepared(features.raw(some, run), centre)


SHOWN = 60


def similar_images(
    project: Project, image_ids: Sequence[int], count: int = SHOWN, run: Run = Run()
) -> list[int]:
    """Ids of open images, most similar to any of `image_ids` first; with a frozen encoder, only
    images read so far.

    Raises:
        LabellerError: the learner trains a network, and there is no model yet.
        Cancelled: `run.should_stop` said so.
    """
    run = run.seeded(project.seed)
    own = torch.tensor(list(image_ids)) - 1
    others = project.images.open()
    rows = torch.cat([own, rows_of(others[~np.isin(others, list(image_ids))])])
    rows, points = features_now(project, rows, run, compute=own, pretrained=False)
    distances, _ = nearest(points[len(own) :], points[: len(own)])
    return [int(row) + 1 for row in rows[len(own) :][distances.argsort()[:count]]]


GROUPS = 24
SHOWN_OF_GROUP = 48
"""Number of images shown of a group, those nearest to its centre."""
FEWEST = 4
"""Smaller groups are dropped."""


def groups_of(project: Project, count: int = GROUPS, run: Run = Run()) -> list[list[int]]:
    """Ids of open images that have been read, in groups around typical ones; the largest group
    first, and in each the most typical images.

    Raises:
        LabellerError: the learner has no frozen encoder, or too few images have been read.
        Cancelled: `run.should_stop` said so.
    """
    method = round_settings(project).method
    if trains_network(method.encoder):
        raise LabellerError(
            "Groups need a pretrained encoder. Choose such a learner for the rounds."
        )
    newest = newest_on_features(project, method)
    features = frozen_features(project, method) if newest is None else newest.frozen
    ids = project.images.candidates().astype(np.int64)
    rows = rows_of(ids)
    rows = rows[features.store.known(rows)]
    count = min(count, len(rows) // FEWEST)
    if count < 2:
        raise LabellerError("Too few images have been read yet. Try again in a moment.")
    run = run.seeded(project.seed)
    points = centred_features(features, rows, run)
    middles = nearest_to_centres(points, count, run.seed)
    apart, owner = nearest(points, points[middles])
    groups = []
    for group in torch.bincount(owner, minlength=count).argsort(descending=True).tolist():
        members = (owner == group).nonzero().flatten()
        order = members[apart[members].argsort()][:SHOWN_OF_GROUP]
        if len(order) >= FEWEST:
            groups.append([int(row) + 1 for row in rows[order]])
    return groups
