"""The open images of the pool that are most like one, so that they can be labelled together."""

import torch

from labeller.core.run import Run
from labeller.loop.likeness import features_now
from labeller.loop.training_data import rows_of
from labeller.project.project import Project

SHOWN = 60


def similar_images(
    project: Project,
    image_id: int,
    count: int = SHOWN,
    run: Run = Run(),
) -> list[int]:
    """Ids of images that carry nothing, the most similar first; of a frozen encoder's, those that
    have been read so far.

    Raises:
        LabellerError: the learner is another one, and there is no model yet.
        Cancelled: `run.should_stop` said so.
    """
    run = run.seeded(project.seed)
    own = torch.tensor([image_id - 1])
    others = project.images.open()
    rows = torch.cat([own, rows_of(others[others != image_id])])
    rows, points = features_now(project, rows, run, surely=own)
    order = torch.cdist(points[:1], points[1:]).squeeze(0).argsort()[:count]
    return [int(row) + 1 for row in rows[1:][order]]
