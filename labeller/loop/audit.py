"""An audit: a random sample of the pool that is labelled blind and never trained on, so that it
says how good each model is; and the estimate of a model, from an audit or from the labels alone."""

import torch

from labeller.core.errors import LabellerError
from labeller.core.intervals import wilson
from labeller.core.run import Run
from labeller.learning.judging import (
    FEWEST,
    Judgement,
    judge_by_audit,
    judge_by_labels,
)
from labeller.learning.model import TrainedModel
from labeller.learning.trainer import TrainingSet
from labeller.loop.estimates import BY_AUDIT, BY_LABELS, SAMPLE
from labeller.loop.training_data import audited_rows, rows_of
from labeller.project.project import Project
from labeller.selection.random import choose_at_random
from labeller.store.rounds import AUDIT, Round
from labeller.store.runs import StoredEstimate

MOST = 20_000
"""What a model says of the pool is asked of so many images, drawn at random."""


def begin_audit(project: Project, seed: int, count: int = SAMPLE) -> Round:
    """Draw a sample among all images that carry nothing, whether in a batch or not.

    Raises:
        LabellerError: there are too few of them.
    """
    ids = project.images.open()
    if len(ids) < FEWEST:
        raise LabellerError(
            "An audit needs at least {fewest} unlabelled images, and only {count} are left.",
            fewest=FEWEST,
            count=len(ids),
        )
    count = min(count, len(ids))
    drawn = choose_at_random(len(ids), count, seed).numpy()
    newest = project.runs.newest_usable()
    chosen = [int(image_id) for image_id in ids[drawn]]
    return project.rounds.add(AUDIT, seed, chosen, newest.id if newest else None)


def estimate(
    project: Project, model: TrainedModel, data: TrainingSet, asked: Run
) -> StoredEstimate | None:
    """How often a new model is right about what carries no label; None where too little is known.

    Raises:
        Cancelled: `asked.should_stop` said so.
    """
    open_rows = rows_of(project.images.unlabelled())
    rows, labels = audited_rows(project, model.class_ids)
    found: Judgement | None = None
    if len(open_rows) and model.oof_probabilities is not None:
        drawn = choose_at_random(len(open_rows), min(MOST, len(open_rows)), asked.seed)
        probabilities = model.probabilities(open_rows[drawn], asked)
        if len(rows) >= FEWEST:
            found = judge_by_audit(probabilities, model.probabilities(rows, asked), labels)
        else:
            found = judge_by_labels(probabilities, model.oof_probabilities, data.labels)
    elif len(rows) >= FEWEST:  # probabilities that nothing has calibrated are no help
        found = _counted(model.probabilities(rows, asked), labels)
    if found is None:
        return None
    overall = found.overall
    return StoredEstimate(
        BY_AUDIT if len(rows) >= FEWEST else BY_LABELS,
        overall.share,
        overall.low,
        overall.high,
        {
            class_id: (each.share, each.low, each.high)
            for class_id, each in zip(model.class_ids, found.per_class, strict=True)
            if each is not None
        },
    )


def _counted(probabilities: torch.Tensor, labels: torch.Tensor) -> Judgement:
    """The share of an audit that a model calls right, of all images and of each class."""
    right = probabilities.argmax(dim=1) == labels
    overall = wilson(int(right.sum()), len(labels))
    counts = torch.bincount(labels, minlength=probabilities.shape[1]).tolist()
    per_class = [
        wilson(int(right[labels == c].sum()), count) if count else None
        for c, count in enumerate(counts)
    ]
    return Judgement(overall, tuple(per_class))
