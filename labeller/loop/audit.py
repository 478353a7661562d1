"""Audits, random samples of the pool that are labelled blind and never trained on; and estimates of
a model's accuracy, from an audit or from the labels alone."""

from dataclasses import replace

from labeller.core.errors import LabellerError
from labeller.core.intervals import BY_AUDIT, Accuracy
from labeller.core.run import Run
from labeller.learning.judging import FEWEST, judge_by_audit, judge_by_labels, measured
from labeller.learning.model import TrainedModel
from labeller.learning.trainer import TrainingSet
from labeller.loop.estimates import SAMPLE
from labeller.loop.training_data import audited_rows
from labeller.project.project import Project
from labeller.selection.sampling import choose_at_random
from labeller.store.rounds import AUDIT, Round

MOST = 20_000
"""Predictions for at most this many random images represent those for the pool."""


def begin_audit(project: Project, seed: int, count: int = SAMPLE) -> Round:
    """Draw a random sample of all open images, whether in a batch or not.

    Raises:
        LabellerError: fewer than `FEWEST` are open.
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
) -> Accuracy | None:
    """The accuracy of a new model on the unlabelled images of `data`, per class by id; None if too
    little is known.

    Raises:
        Cancelled: `asked.should_stop` said so.
    """
    open_rows = data.unlabelled
    rows, labels = audited_rows(project, model.class_ids)
    found: Accuracy | None = None
    if len(open_rows) and model.oof_probabilities is not None:
        drawn = choose_at_random(len(open_rows), min(MOST, len(open_rows)), asked.seed)
        probabilities = model.probabilities(open_rows[drawn], asked)
        if len(rows) >= FEWEST:
            found = judge_by_audit(probabilities, model.probabilities(rows, asked), labels)
        else:
            found = judge_by_labels(probabilities, model.oof_probabilities, data.labels)
    elif len(rows) >= FEWEST:  # without calibration, probabilities are no help
        found = measured(model.probabilities(rows, asked), labels, BY_AUDIT)
    if found is None:
        return None
    by_id = {model.class_ids[place]: each for place, each in found.per_class.items()}
    return replace(found, per_class=by_id)
