"""What is known about a project's models: estimated accuracies, and what each batch improved."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from labeller.core.intervals import ANSWERS, HELD_OUT, Accuracy, Share, accuracy_of, wilson
from labeller.project.project import Project
from labeller.store.rounds import Round
from labeller.store.runs import TrainingRun

SAMPLE = 50
"""Default number of images in an audit."""
FEWEST = 10
"""With fewer answers nothing is estimated."""
FLAT_RUNS, FLAT_GAIN, FLAT_LABELS = 3, 0.01, 1.25
"""More labels hardly help if the last `FLAT_RUNS` models gained less than `FLAT_GAIN` in accuracy
while their labels grew by a factor of `FLAT_LABELS` or more."""


def estimates(project: Project) -> list[Accuracy]:
    """Accuracies of a project's models, oldest first, all measured alike, per class by name.

    Accuracy on held-out images is preferred, then estimates stored with the models, then people's
    answers to suggestions. Models about which nothing is known are left out, as are those that
    never saw a class in use.
    """
    runs = [
        run
        for run in project.runs.all()
        if run.checkpoint is not None and not project.is_outdated(run)
    ]
    tested = project.images.counts()["test"]
    if tested and any(run.test_accuracy is not None for run in runs):
        found = [(run, _measured(run, tested)) for run in runs if run.test_accuracy is not None]
    elif any(run.estimate is not None for run in runs):
        found = [(run, run.estimate) for run in runs if run.estimate is not None]
    else:
        records = project.prior_predictions.by_run()
        found = [
            (run, accuracy_of(ANSWERS, wilson(record.right, record.compared)))
            for run in runs
            if (record := records.get(run.id)) and record.compared >= FEWEST
        ]
    named = project.classes.named
    return [
        replace(each, run_id=run.id, labelled=run.labelled, per_class=named(each.per_class))
        for run, each in found
    ]


def _measured(run: TrainingRun, tested: int) -> Accuracy:
    """A run's accuracy from its stored accuracies on held-out images; those of classes have no
    interval."""
    assert run.test_accuracy is not None
    per_class = {i: Share(each, each, each) for i, each in (run.per_class or {}).items()}
    return accuracy_of(HELD_OUT, wilson(run.test_accuracy * tested, tested), per_class)


def summary(project: Project) -> dict[str, Any]:
    """What is known about the newest model: its `estimate`, as a dictionary or None, and whether
    more labels `hardly_help`."""
    known = estimates(project)
    return {
        "estimate": _as_dict(known[-1]) if known else None,
        "hardly_help": hardly_rises(known),
    }


def _as_dict(known: Accuracy) -> dict[str, Any]:
    names = ("run_id", "labelled", "accuracy", "low", "high", "source")
    per_class = {name: each.share for name, each in known.per_class.items()}
    return {name: getattr(known, name) for name in names} | {"per_class": per_class}


def trend(known: Sequence[Accuracy]) -> int:
    """1 if the last model is better than the one before, -1 if it is worse, 0 if neither is
    certain because one lies within the other's interval."""
    if len(known) < 2:
        return 0
    before, last = known[-2:]
    if last.low <= before.accuracy <= last.high or before.low <= last.accuracy <= before.high:
        return 0
    return 1 if last.accuracy > before.accuracy else -1


def hardly_rises(known: Sequence[Accuracy]) -> bool:
    """Whether more labels have hardly helped recently."""
    if len(known) < FLAT_RUNS:
        return False
    first, last = known[-FLAT_RUNS], known[-1]
    grown = last.labelled >= FLAT_LABELS * first.labelled
    return grown and max(each.accuracy for each in known[-FLAT_RUNS:]) - first.accuracy < FLAT_GAIN


@dataclass(frozen=True)
class RoundSummary:
    """The newest batch that a model was trained on, and its effect.

    Attributes:
        round_number: number of the batch's round.
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
    """The summary of the newest batch trained on; None before the first training."""
    run = project.runs.newest_usable()
    if run is None:
        return None
    round_ = project.rounds.newest(
        before_run=run.id
    )  # the batch that it chose has not been trained on yet
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
