"""What many simulations of one project need, made once before they begin."""

from collections.abc import Iterable

import numpy as np

from labeller.core.run import Run
from labeller.experiments.plan import Plan
from labeller.learning.frozen_features import FrozenFeatures
from labeller.learning.learners import trains_network
from labeller.loop.training_data import pool_of, rows_of
from labeller.project.project import Project


def read_features(project: Project, plans: Iterable[Plan], run: Run) -> None:
    """Read the features of all images by the frozen encoders of these plans, so that no two
    simulations read or write them at a time.

    Raises:
        Cancelled: `run.should_stop` said so; what was read is kept.
    """
    wanted = {
        (plan.method.encoder, plan.method.device)
        for plan in plans
        if not trains_network(plan.method.learner)
    }
    ids = np.concatenate([project.images.candidates(), project.oracle.test_set()[0]])
    for encoder, device in sorted(wanted):
        features = FrozenFeatures(encoder, pool_of(project, device))
        features.read(rows_of(np.unique(ids)), run.seeded(0))
