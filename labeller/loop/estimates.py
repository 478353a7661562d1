"""How good a project's models are, as far as is known: with an interval, a trend, and what more
labels would bring."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from labeller.core.intervals import wilson
from labeller.project.project import Project
from labeller.store.runs import TrainingRun

HELD_OUT, BY_AUDIT, BY_LABELS, ANSWERS = "held-out", "audit", "labels", "answers"
"""Where an estimate is from."""
SAMPLE = 50
"""So many images make an audit."""
FEWEST = 10
"""Fewer answers tell nothing."""
FLAT_RUNS, FLAT_GAIN, FLAT_LABELS = 3, 0.01, 1.25
"""More labels hardly help where, over so many models in a row, the accuracy rose by less than this
while the labels grew by this factor or more."""
GOALS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99)
GROWN = 2.0
"""A curve goes on beyond its end only where its labels grew by this factor or more."""
FARTHEST = 10
"""Nothing is said of more than so many times as many labels."""


@dataclass(frozen=True)
class Estimate:
    """The accuracy of a model.

    Attributes:
        run_id, labelled: of its training; so many labels went into it.
        accuracy, low, high: between 0 and 1; low to high is a 90 % interval.
        source: "held-out": measured on held-out images; "audit": on a random sample that was
            labelled and not learnt; "labels": by cross-validation on the labels; "answers": how
            often people gave the label that the model had suggested. Where a strategy looks for
            hard images, such answers are about harder images than the pool's.
        per_class: accuracy of each class by name, as far as it is known.
    """

    run_id: int
    labelled: int
    accuracy: float
    low: float
    high: float
    source: str
    per_class: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Outlook:
    """About `labels` more labels would bring the accuracy to `goal` (between 0 and 1)."""

    goal: float
    labels: int


def estimates(project: Project) -> list[Estimate]:
    """Those of the models of one project, from the first; models of which nothing is known yet are
    left out, and those that never saw some of the classes that images carry. Held-out images are
    asked where there are any, then what is stored with the models, then the answers of people; all
    models are measured alike."""
    runs = [
        run
        for run in project.runs.all()
        if run.checkpoint is not None and not project.is_outdated(run)
    ]
    named = project.classes.named
    tested = project.images.counts()["test"]
    if tested and any(run.test_accuracy is not None for run in runs):
        return [
            _counted(run, run.test_accuracy * tested, tested, HELD_OUT, named(run.per_class or {}))
            for run in runs
            if run.test_accuracy is not None
        ]
    if any(run.estimate is not None for run in runs):
        return [_stored(run, named) for run in runs if run.estimate is not None]
    records = project.prior_predictions.by_run()
    return [
        _counted(run, record.right, record.compared, ANSWERS, {})
        for run in runs
        if (record := records.get(run.id)) and record.compared >= FEWEST
    ]


def _counted(
    run: TrainingRun, right: float, count: int, source: str, per_class: dict[str, float]
) -> Estimate:
    found = wilson(right, count)
    return Estimate(run.id, run.labelled, found.share, found.low, found.high, source, per_class)


def _stored(run: TrainingRun, named: Callable[[Mapping[int, float]], dict[str, float]]) -> Estimate:
    known = run.estimate
    assert known is not None
    per_class = named({i: share for i, (share, _, _) in known.per_class.items()})
    return Estimate(
        run.id, run.labelled, known.accuracy, known.low, known.high, known.source, per_class
    )


def summary(project: Project) -> dict[str, Any]:
    """What is known of the newest model: `estimate` and `outlook` as dictionaries or None, and
    whether more labels `hardly_help`."""
    known = estimates(project)
    ahead = outlook(known)
    return {
        "estimate": asdict(known[-1]) if known else None,
        "outlook": asdict(ahead) if ahead else None,
        "hardly_help": hardly_rises(known),
    }


def trend(known: Sequence[Estimate]) -> int:
    """1 where the last model is better than the one before, -1 where it is worse, 0 where neither
    is certain: where each lies within the other's interval."""
    if len(known) < 2:
        return 0
    before, last = known[-2:]
    if last.low <= before.accuracy <= last.high or before.low <= last.accuracy <= before.high:
        return 0
    return 1 if last.accuracy > before.accuracy else -1


def hardly_rises(known: Sequence[Estimate]) -> bool:
    """Whether more labels have hardly helped lately."""
    if len(known) < FLAT_RUNS:
        return False
    first, last = known[-FLAT_RUNS], known[-1]
    grown = last.labelled >= FLAT_LABELS * first.labelled
    return grown and max(each.accuracy for each in known[-FLAT_RUNS:]) - first.accuracy < FLAT_GAIN


def rounded(labels: int) -> int:
    """A number of labels as precise as a forecast is: to one place below a hundred, else to two."""
    step = 10 ** max(1, len(str(labels)) - 2)
    return max(step, round(labels / step) * step)


def outlook(known: Sequence[Estimate]) -> Outlook | None:
    """How many more labels the next goal takes, if errors go on falling as a power of the number of
    labels (Hestness et al., "Deep Learning Scaling is Predictable, Empirically", 2017); None where
    there are too few models, or where it would take very many."""
    if len(known) < FLAT_RUNS or known[-1].labelled < GROWN * known[0].labelled:
        return None
    x = [math.log(each.labelled) for each in known]
    y = [math.log(max(1 - each.accuracy, 1e-3)) for each in known]
    middle_x, middle_y = sum(x) / len(x), sum(y) / len(y)
    spread = sum((a - middle_x) ** 2 for a in x)
    slope = sum((a - middle_x) * (b - middle_y) for a, b in zip(x, y, strict=True)) / spread
    goal = next((goal for goal in GOALS if goal > known[-1].accuracy + FLAT_GAIN), None)
    if goal is None or slope >= 0:
        return None
    # From where the last model stands, along the slope of them all.
    far = (math.log(1 - goal) - y[-1]) / slope
    if far > math.log(FARTHEST):
        return None
    return Outlook(goal, max(1, round(known[-1].labelled * (math.exp(far) - 1))))
