"""Markdown report of a comparison: settings, accuracies, statistics and costs of the methods."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, stdev

import torch

from labeller import __version__
from labeller.core.files import write_text
from labeller.experiments.cells import Ended
from labeller.experiments.comparison import (
    CONFIDENCE,
    Difference,
    accuracies,
    areas,
    compared,
    holm,
    label_counts,
    mean_labels_to_reach,
    record,
    selection_costs,
)
from labeller.experiments.figures import write_figure
from labeller.experiments.results import Outcome, points, write_table

REPORT, FIGURE, TABLE = "report.md", "figure.png", "results.csv"
NOTHING = "–"


@dataclass(frozen=True)
class Comparison:
    """The contents of a report.

    Attributes:
        title: of the report.
        outcomes: by the name of the method.
        facts: introductory lines on what was done.
        baseline: the method that others are compared with, if present.
        reach: accuracies, between 0 and 1, to report the labels needed for.
        failed: cells without results.
        published: the paper's figures by method, as text.
    """

    title: str
    outcomes: Mapping[str, Outcome]
    facts: Sequence[str]
    baseline: str = "random"
    reach: Sequence[float] = ()
    failed: Sequence[Ended] = ()
    published: Mapping[str, str] = field(default_factory=dict)


def write_report(comparison: Comparison, folder: Path) -> Path:
    """Write the report, its figure and a table of all cycles into a folder, replacing earlier ones;
    returns the report's path."""
    write_figure(comparison.outcomes, folder / FIGURE)
    write_table(comparison.outcomes, folder / TABLE)
    path = folder / REPORT
    write_text(path, as_markdown(comparison))
    return path


def as_markdown(comparison: Comparison) -> str:
    """The report."""
    outcomes = comparison.outcomes
    counts = label_counts(outcomes)
    parts = [f"# {comparison.title}", *(f"- {fact}" for fact in comparison.facts), _machine(), ""]
    parts += ["## Accuracy", "", _accuracy(comparison, counts), "", f"![Curves]({FIGURE})", ""]
    if comparison.baseline in outcomes and len(outcomes) > 1:
        parts += [f"## Compared with {comparison.baseline}", "", _paired(comparison, counts), ""]
    if counts:
        parts += ["## Areas, labels needed, wins and losses", "", _standing(comparison, counts), ""]
    parts += ["## Cost", "", _cost(outcomes), ""]
    if any(c.pool_per_class for o in outcomes.values() for r in o.runs for c in r.cycles):
        parts += ["## Each class over the whole pool", "", _shift(outcomes), ""]
    if comparison.failed:
        parts += ["## Not done", ""]
        parts += [f"- {e.cell.name}, seed {e.cell.seed}: {e.why}" for e in comparison.failed]
        parts += [""]
    return "\n".join(parts)


def _machine() -> str:
    gpu = f", {torch.cuda.get_device_name()}" if torch.cuda.is_available() else ""
    return (
        f"- Labeller {__version__}, torch {torch.__version__}, {platform.machine()}, "
        f"{os.cpu_count()} cores{gpu}."
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows)]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _spread(values: Sequence[float]) -> str:
    """Mean ± sample standard deviation in per cent."""
    if not values:
        return NOTHING
    if len(values) < 2:
        return f"{100 * values[0]:.1f}"
    return f"{100 * mean(values):.1f} ± {100 * stdev(values):.1f}"


def _ordered(outcomes: Mapping[str, Outcome]) -> list[str]:
    """Names by area, the best first."""

    def rank(name: str) -> float:
        return -mean(areas(outcomes[name]).values() or [0.0])

    return sorted(outcomes, key=rank)


def _accuracy(comparison: Comparison, counts: Sequence[int]) -> str:
    rows = []
    for name in _ordered(comparison.outcomes):
        found = [
            _spread(list(accuracies(comparison.outcomes[name], count).values())) for count in counts
        ]
        published = [comparison.published.get(name, NOTHING)] if comparison.published else []
        rows.append([name, *found, *published])
    head = ["method", *map(str, counts), *(["the paper"] if comparison.published else [])]
    note = "Test accuracy in % by labelled images: mean ± sample standard deviation over the seeds."
    return f"{note}\n\n{_table(head, rows)}"


def _paired(comparison: Comparison, counts: Sequence[int]) -> str:
    outcomes, base = comparison.outcomes, comparison.outcomes[comparison.baseline]
    names = [name for name in _ordered(outcomes) if name != comparison.baseline]
    columns = []
    for labelled in (*counts, None):
        found = [compared(outcomes[name], base, labelled) for name in names]
        corrected = holm([None if each is None else each.p for each in found])
        columns.append([_shown(*pair) for pair in zip(found, corrected, strict=True)])
    known = all(c.right for o in outcomes.values() for run in o.runs for c in run.cycles)
    over = "seeds and held-out images" if known else "seeds"
    note = (
        f"Paired differences in points: the mean over the seeds and its {CONFIDENCE:.0%} "
        f"confidence interval (Student's t, over {over}). Bold where there is a difference at "
        f"{1 - CONFIDENCE:.0%} after Holm's correction for the number of methods."
    )
    rows = [[name, *cells] for name, *cells in zip(names, *columns, strict=True)]
    return f"{note}\n\n{_table(['method', *map(str, counts), 'area'], rows)}"


def _shown(found: Difference | None, corrected: float | None) -> str:
    if found is None:
        return NOTHING
    if found.low is None or found.high is None:
        return f"{100 * found.mean:+.1f}"
    text = f"{100 * found.mean:+.1f} ({100 * found.low:+.1f} to {100 * found.high:+.1f})"
    certain = corrected is not None and corrected < 1 - CONFIDENCE
    return f"**{text}**" if certain else text


def _standing(comparison: Comparison, counts: Sequence[int]) -> str:
    outcomes = comparison.outcomes
    rows = []
    for name in _ordered(outcomes):
        others = [record(outcomes[name], outcomes[o], counts) for o in outcomes if o != name]
        needed = [_needed(outcomes[name], accuracy) for accuracy in comparison.reach]
        won, lost = sum(each.wins for each in others), sum(each.losses for each in others)
        rows.append(
            [name, _spread(list(areas(outcomes[name]).values())), *needed, f"{won} · {lost}"]
        )
    head = ["method", "area", *(f"labels to {a:.0%}" for a in comparison.reach), "wins · losses"]
    note = (
        "Area: the mean accuracy over the label counts, in %. Labels are interpolated; in brackets "
        "how many seeds reached the accuracy, where not all did. Wins and losses: against every "
        "other method at every label count, where a paired t-test (5 %, two-sided, not corrected "
        "for their number) finds a difference."
    )
    return f"{note}\n\n{_table(head, rows)}"


def _needed(outcome: Outcome, accuracy: float) -> str:
    labels, reached = mean_labels_to_reach(outcome, accuracy)
    if labels is None:
        return "not reached"
    of_all = "" if reached == len(outcome.runs) else f" ({reached} of {len(outcome.runs)})"
    return f"{labels:.0f}{of_all}"


def _cost(outcomes: Mapping[str, Outcome]) -> str:
    rows = []
    for name, outcome in outcomes.items():
        seconds, most = selection_costs(outcome)
        a_round = mean(point.seconds for point in points(outcome)) if points(outcome) else None
        rows.append(
            [
                name,
                NOTHING if seconds is None else f"{seconds:.2f}",
                NOTHING if most is None else f"{most / 1e6:.0f}",
                NOTHING if a_round is None else f"{a_round:.1f}",
            ]
        )
    note = (
        "Seconds of a selection (the median), the most memory in MB that one took beside what was "
        "in use, and seconds of a whole round, with whatever else ran at the same time."
    )
    head = ["method", "a selection, s", "a selection, MB", "a round, s"]
    return f"{note}\n\n{_table(head, rows)}"


def _shift(outcomes: Mapping[str, Outcome]) -> str:
    """The accuracy of each class over the pool, after the first and the last cycle."""
    classes = list(
        dict.fromkeys(
            name
            for outcome in outcomes.values()
            for run in outcome.runs
            for cycle in run.cycles
            for name in cycle.pool_per_class or {}
        )
    )
    rows = []
    for method, outcome in outcomes.items():
        for when, place in (("first", 0), ("last", -1)):
            found = [run.cycles[place].pool_per_class or {} for run in outcome.runs if run.cycles]
            shares = [[each[name] for each in found if name in each] for name in classes]
            overall = [mean(each.values()) for each in found if each]
            spread = [stdev(each.values()) for each in found if len(each) > 1]
            rows.append([method, when, *map(_spread, shares), _spread(overall), _spread(spread)])
    note = (
        "Accuracy in % on all of the pool's images of each class after the first and the last "
        "cycle (section 4.2 of the paper), and how far the classes lie apart: the less, the less "
        "the distribution has shifted to some of them."
    )
    head = ["method", "cycle", *classes, "mean", "deviation between classes"]
    return f"{note}\n\n{_table(head, rows)}"
