"""Report of a comparison: accuracies, statistics and costs of methods on one or several tasks, as
Markdown, LaTeX, figures and tables."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
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
    bootstrapped,
    compared,
    holm,
    label_counts,
    labels_needed,
    record,
    selection_costs,
)
from labeller.experiments.document import Section, as_latex, as_markdown
from labeller.experiments.figures import write_figure, write_rank_figure
from labeller.experiments.ranking import Ranking, finished, of_common_seeds, overall_ranking
from labeller.experiments.result_tables import FORMATS, write_table
from labeller.experiments.results import Outcome, points

REPORT, LATEX = "report.md", "report.tex"
TABLE, CURVES, RANKS = "results", "curves", "ranks"
VECTOR = (".svg", ".pdf")
NOTHING = "–"
FEW_SEEDS = 5


@dataclass(frozen=True)
class Comparison:
    """The contents of a report.

    Attributes:
        title: of the report.
        tasks: by name, the outcomes by the name of the method; "" for a task that needs no name.
        facts: introductory lines on what was done.
        baseline: the method that others are compared with, if present.
        reach: accuracies, between 0 and 1, to report the labels needed for.
        failed: simulations without results, with their tasks.
        published: figures of others by task and method, as text.
    """

    title: str
    tasks: Mapping[str, Mapping[str, Outcome]]
    facts: Sequence[str] = ()
    baseline: str = "random"
    reach: Sequence[float] = ()
    failed: Sequence[tuple[str, Ended]] = ()
    published: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def write_report(comparison: Comparison, folder: Path) -> Path:
    """Write the report, its figures, and tables of all cycles into a folder, replacing earlier
    ones; returns the report's path."""
    for at, outcomes in enumerate(comparison.tasks.values()):
        for suffix in VECTOR:
            write_figure(outcomes, folder / f"{_curves(at)}{suffix}")
    ranks = overall_ranking(comparison.tasks.values())
    if ranks is not None and ranks.critical is not None:
        for suffix in VECTOR:
            write_rank_figure(ranks, folder / f"{RANKS}{suffix}")
    for suffix in FORMATS:
        if suffix != ".parquet" or find_spec("pyarrow") is not None:
            write_table(comparison.tasks, folder / f"{TABLE}{suffix}")
    contents = sections(comparison, ranks)
    facts = [*comparison.facts, *_machines(comparison)]
    write_text(folder / LATEX, as_latex(comparison.title, facts, contents))
    write_text(folder / REPORT, as_markdown(comparison.title, facts, contents))
    return folder / REPORT


def sections(comparison: Comparison, ranks: Ranking | None) -> list[Section]:
    """The report's sections; ranks are those over all tasks."""
    several = len(comparison.tasks) > 1
    found: list[Section] = []
    if several and ranks is not None:
        found.append(_ranks(comparison, ranks))
    for at, (name, outcomes) in enumerate(comparison.tasks.items()):
        if several:
            found.append(Section(name))
        found += _of_task(comparison, name, outcomes, _curves(at), 1 if several else 0)
    if comparison.failed:
        rows = [[task, e.cell.name, str(e.cell.seed), e.why] for task, e in comparison.failed]
        found.append(Section("Not done", head=["task", "method", "seed", "why"], rows=rows))
    return found


def _curves(at: int) -> str:
    return CURVES if at == 0 else f"{CURVES}-{at + 1}"


def _of_task(
    comparison: Comparison, task: str, outcomes: Mapping[str, Outcome], figure: str, depth: int
) -> list[Section]:
    counts = label_counts(outcomes)
    published = comparison.published.get(task, {})
    found = [_accuracy(outcomes, counts, published, figure, depth)]
    done = finished(outcomes)
    if comparison.baseline in done and len(done) > 1:
        found.append(_paired(done, comparison.baseline, counts, depth))
    if counts:
        found.append(_standing(done, comparison.reach, counts, depth))
    if left := _unfinished(outcomes, done):
        found[-1] = replace(found[-1], text=f"{found[-1].text} Not finished, and left out: {left}.")
    found.append(_cost(outcomes, depth))
    if any(c.pool_per_class for o in outcomes.values() for r in o.runs for c in r.cycles):
        found.append(_shift(outcomes, depth))
    return found


def _unfinished(outcomes: Mapping[str, Outcome], done: Mapping[str, Outcome]) -> str:
    """The methods that lack runs, and how many they have."""
    lacking = []
    for name, outcome in outcomes.items():
        have = len(done[name].runs) if name in done else 0
        if have < len(outcome.runs):
            lacking.append(f"{name} ({have} of {len(outcome.runs)} seeds finished)")
    return ", ".join(lacking)


def _machines(comparison: Comparison) -> list[str]:
    """Where the results were computed, and how far they can be reproduced."""
    gpu = f", {torch.cuda.get_device_name()}" if torch.cuda.is_available() else ""
    lines = [
        f"Report by Labeller {__version__}, torch {torch.__version__}, {platform.machine()}, "
        f"{os.cpu_count()} cores{gpu}."
    ]
    seeds = [len(o.runs) for outcomes in comparison.tasks.values() for o in outcomes.values()]
    if any(1 < count < FEW_SEEDS for count in seeds):
        lines.append(f"Fewer than {FEW_SEEDS} seeds: take the intervals as a rough guide.")
    origins = [o.of for outcomes in comparison.tasks.values() for o in outcomes.values() if o.of]
    places = {(of.get("processor", ""), of.get("device", "")) for of in origins}
    named = sorted(f"{processor or 'a processor not recorded'}, {on}" for processor, on in places)
    if named:
        lines.append(
            f"Computed on {'; '.join(named)}. The same seed gives the same results again on the "
            "same processor, whatever the number of processes; on another kind, sums are rounded "
            "differently, and near-ties of a selection may be decided differently."
        )
    return lines


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


def _ranks(comparison: Comparison, ranks: Ranking) -> Section:
    tasks = [of_common_seeds(task) for task in comparison.tasks.values()]
    rows = [
        [name, f"{rank:.2f}", *(_spread(list(areas(task[name]).values())) for task in tasks)]
        for name, rank in ranks.ranks.items()
    ]
    methods = {name for task in comparison.tasks.values() for name in task}
    missing = sorted(methods - set(ranks.ranks))
    left_out = f" Not finished on all tasks, and left out: {', '.join(missing)}." if missing else ""
    friedman = "" if ranks.p is None else f" Friedman's test that all are alike: p = {ranks.p:.3g}."
    differ = ""
    if ranks.critical is not None:
        differ = (
            f" Two methods differ at 5 % if their mean ranks lie {ranks.critical:.2f} apart "
            "(Nemenyi); the figure joins those that do not."
        )
    text = (
        f"Mean rank over {ranks.sets} tasks by the area under the curve, 1 for the best (Demšar, "
        f"2006), and the areas in %, mean ± sample standard deviation over the seeds that all "
        f"methods have finished.{friedman}"
        f"{differ}{left_out}"
    )
    figure = RANKS if ranks.critical is not None else ""
    head = ["method", "mean rank", *comparison.tasks]
    return Section(f"Ranks over {ranks.sets} tasks", text, head, rows, figure)


def _accuracy(
    outcomes: Mapping[str, Outcome],
    counts: Sequence[int],
    published: Mapping[str, str],
    figure: str,
    depth: int,
) -> Section:
    rows = []
    for name in _ordered(outcomes):
        found = [_spread(list(accuracies(outcomes[name], count).values())) for count in counts]
        rows.append([name, *found, *([published.get(name, NOTHING)] if published else [])])
    head = ["method", *map(str, counts), *(["published"] if published else [])]
    text = "Test accuracy in % by labelled images: mean ± sample standard deviation over the seeds."
    return Section("Accuracy", text, head, rows, figure, depth)


def _paired(
    outcomes: Mapping[str, Outcome], baseline: str, counts: Sequence[int], depth: int
) -> Section:
    base = outcomes[baseline]
    names = [name for name in _ordered(outcomes) if name != baseline]
    columns = []
    for labelled in (*counts, None):
        found = [compared(outcomes[name], base, labelled) for name in names]
        corrected = holm([None if each is None else each.p for each in found])
        columns.append([_shown(*pair) for pair in zip(found, corrected, strict=True)])
    known = all(c.right for o in outcomes.values() for run in o.runs for c in run.cycles)
    over = "seeds and held-out images" if known else "seeds"
    text = (
        f"Paired differences in points: the mean over the seeds and its {CONFIDENCE:.0%} "
        f"confidence interval (Student's t, over {over}). Bold where there is a difference at "
        f"{1 - CONFIDENCE:.0%} after Holm's correction for the number of methods."
    )
    head = ["method", *map(str, counts), "area"]
    if known and len(counts) > 1:
        intervals = [bootstrapped(outcomes[name], base) for name in names]
        if any(intervals):
            columns.append([_interval(each) for each in intervals])
            head.append("area, bootstrap")
            text += (
                " The last column resamples seeds and held-out images 2,000 times; with few seeds "
                "it is too narrow."
            )
    rows = [[name, *cells] for name, *cells in zip(names, *columns, strict=True)]
    return Section(f"Compared with {baseline}", text, head, rows, depth=depth)


def _interval(found: tuple[float, float] | None) -> str:
    return NOTHING if found is None else f"{100 * found[0]:+.1f} to {100 * found[1]:+.1f}"


def _shown(found: Difference | None, corrected: float | None) -> str:
    if found is None:
        return NOTHING
    if found.low is None or found.high is None:
        return f"{100 * found.mean:+.1f}"
    text = f"{100 * found.mean:+.1f} ({_interval((found.low, found.high))})"
    certain = corrected is not None and corrected < 1 - CONFIDENCE
    return f"**{text}**" if certain else text


def _standing(
    outcomes: Mapping[str, Outcome], reach: Sequence[float], counts: Sequence[int], depth: int
) -> Section:
    rows = []
    for name in _ordered(outcomes):
        others = [record(outcomes[name], outcomes[o], counts) for o in outcomes if o != name]
        needed = [_needed(outcomes[name], accuracy) for accuracy in reach]
        won, lost = sum(each.wins for each in others), sum(each.losses for each in others)
        rows.append(
            [name, _spread(list(areas(outcomes[name]).values())), *needed, f"{won} · {lost}"]
        )
    head = ["method", "area", *(f"labels to {100 * a:g}%" for a in reach), "wins · losses"]
    text = (
        "Area: the mean accuracy over the label counts, in %. Labels to an accuracy: the median "
        "over the seeds, interpolated, those that never reached it counted as censored (Kaplan "
        "and Meier); in brackets how many reached it, where not all did. Wins and losses: against "
        "every other method at every label count, where the interval of the paired difference "
        "leaves out 0 (not corrected for their number)."
    )
    return Section("Areas, labels needed, wins and losses", text, head, rows, depth=depth)


def _needed(outcome: Outcome, accuracy: float) -> str:
    found = labels_needed(outcome, accuracy)
    if found is None:
        return NOTHING
    labels = f"over {found.beyond}" if found.median is None else f"{found.median:.0f}"
    return (
        labels if found.reached == found.seeds else f"{labels} ({found.reached} of {found.seeds})"
    )


def _cost(outcomes: Mapping[str, Outcome], depth: int) -> Section:
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
    text = (
        "Seconds of a selection (the median), the most memory in MB that one took beside what was "
        "in use, and seconds of a whole round, with whatever else ran at the same time."
    )
    head = ["method", "a selection, s", "a selection, MB", "a round, s"]
    return Section("Cost", text, head, rows, depth=depth)


def _shift(outcomes: Mapping[str, Outcome], depth: int) -> Section:
    """The accuracy of each class over the pool after the first and the last cycle."""
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
    text = (
        "Accuracy in % on all of the pool's images of each class after the first and the last "
        "cycle (section 4.2 of the paper), and how far the classes lie apart: the less, the less "
        "the distribution has shifted to some of them."
    )
    head = ["method", "cycle", *classes, "mean", "deviation between classes"]
    return Section("Each class over the whole pool", text, head, rows, depth=depth)
