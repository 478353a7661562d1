"""The open pool in groups that look alike, so that a key can answer for many images at once."""

import numpy as np
import torch

from labeller.core.errors import LabellerError
from labeller.core.run import Run
from labeller.learning.frozen_features import FrozenFeatures
from labeller.learning.learners import trains_network
from labeller.learning.linear_probe import centred_features
from labeller.loop.round_settings import round_settings
from labeller.loop.training_data import pool_of, rows_of
from labeller.project.project import Project
from labeller.selection.centres import nearest_to_centres
from labeller.selection.neighbours import nearest

GROUPS = 24
SHOWN = 48
"""So many images of a group are shown, those nearest to its middle."""
FEWEST = 4
"""Smaller groups are left out."""


def groups_of(
    project: Project,
    count: int = GROUPS,
    run: Run = Run(),
) -> list[list[int]]:
    """Ids of images that carry nothing and have been read, in groups around typical ones, the
    largest group first; in each the most typical image first.

    Raises:
        LabellerError: the learner has no frozen encoder, or too few images have been read.
        Cancelled: `run.should_stop` said so.
    """
    method = round_settings(project).method()
    if trains_network(method.learner):
        raise LabellerError(
            "Groups need a pretrained encoder. Choose such a learner for the rounds."
        )
    features = FrozenFeatures(method.encoder, pool_of(project, method.device))
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
        order = members[apart[members].argsort()][:SHOWN]
        if len(order) >= FEWEST:
            groups.append([int(row) + 1 for row in rows[order]])
    return groups
