"""Summary of the last batch: its labels, the model's predictions for them, the gain in accuracy."""

from collections import Counter
from dataclasses import dataclass

from labeller.project.project import Project
from labeller.store.rounds import Round
from labeller.store.runs import TrainingRun


@dataclass(frozen=True)
class RoundSummary:
    """The newest batch that a model was trained on.

    Attributes:
        round_number: of the batch.
        labels: number of its images with each class (by id).
        foreseen, compared: how many of the compared labels the model that chose the batch had
            predicted; both 0 if no model chose it.
        before, after: held-out accuracy of that model and of the one trained with the batch,
            between 0 and 1; None if not measured.
        gains: change in accuracy of each class, by name, between -1 and 1.
    """

    round_number: int
    labels: dict[int, int]
    foreseen: int
    compared: int
    before: float | None
    after: float | None
    gains: dict[str, float]


def last_round_summary(project: Project) -> RoundSummary | None:
    """None before the first training."""
    run = project.runs.newest_usable()
    if run is None:
        return None
    round_ = project.rounds.newest(
        before_run=run.id
    )  # the batch that it chose has not been learnt yet
    return None if round_ is None else _summary(project, round_, run)


def _summary(project: Project, round_: Round, run: TrainingRun) -> RoundSummary:
    given = {
        image_id: label.class_id
        for image_id, label in project.labels.current(round_.image_ids).items()
        if label.class_id is not None
    }
    expected = project.prior_predictions.of_round(round_.id)
    compared = [image_id for image_id in given if image_id in expected]
    before = None if round_.training_run_id is None else project.runs.get(round_.training_run_id)
    gains: dict[int, float] = {}
    if before is not None and before.per_class and run.per_class:
        gains = {
            class_id: share - before.per_class[class_id]
            for class_id, share in run.per_class.items()
            if class_id in before.per_class
        }
    return RoundSummary(
        round_.number,
        dict(Counter(given.values())),
        sum(given[image_id] == expected[image_id] for image_id in compared),
        len(compared),
        None if before is None else before.test_accuracy,
        run.test_accuracy,
        project.classes.named(gains),
    )
