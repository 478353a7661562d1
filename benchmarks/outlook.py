"""Errors of the forecast "about N more labels to 90 %", over simulated labelling histories.

    python -m benchmarks.outlook HISTORIES [PROJECT ...] [--seeds 25] [--parts 4]

Each history has a model after 50, 100, ... 750 labels chosen by the default strategy. It records
the accuracy of each model by cross-validation, on a held-out third of the images, and on all
remaining images (the truth). Histories are simulated for each PROJECT with hidden labels, for the
last one again with each class split into `--parts`, and for synthetic points of 43 classes. They
are saved in the folder HISTORIES and reused the next time.

From the third model on, the forecast of the next goal is compared with the number of labels at
which the goal was reached. Prints for each set the number of forecasts, how often the goal had
already been reached, the median error as a factor, and how often an interval whose ends differ by a
factor of three contained the truth.
"""

import argparse
import json
from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from benchmarks.estimates import labelling, many_classes, points_of
from labeller.core.intervals import BY_LABELS, HELD_OUT, Accuracy, Z, wilson
from labeller.core.run import Run
from labeller.learning.judging import judge_by_labels

GOALS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99)
FARTHEST = 10
"""Forecasts of more than this multiple of the current number of labels are not made."""
LABELS = (50, 100, 150, 200, 300, 400, 550, 750)
SOURCES = (BY_LABELS, HELD_OUT)
History = list[dict[str, list[float]]]
Rule = Callable[[list[Accuracy]], float]
Points = Callable[[int], tuple[Tensor, Tensor]]


def simulate(place: Path, name: str, points: Points, seeds: int) -> None:
    """Simulate and save the missing histories of one set."""
    place.mkdir(parents=True, exist_ok=True)
    for seed in range(seeds):
        file = place / f"{name}-{seed:03d}.json"
        if not file.exists():
            file.write_text(json.dumps(history(*points(seed), seed)))


def history(points: Tensor, truth: Tensor, seed: int) -> History:
    """For each number of labels: accuracy and interval by each source, and the true accuracy."""
    order = torch.randperm(len(points), generator=torch.Generator().manual_seed(1000 + seed))
    tested, pool = order[: len(order) // 3], order[len(order) // 3 :].sort().values
    found = []
    for round_ in labelling(points, truth, LABELS, seed, True, pool):
        left, test = (round_.model.probabilities(rows, Run()) for rows in (round_.rest, tested))
        by_labels = judge_by_labels(left, round_.oof, truth[round_.labelled])
        right = int((test.argmax(dim=1) == truth[tested]).sum())
        true = float((left.argmax(dim=1) == truth[round_.rest]).float().mean())
        row = {HELD_OUT: list(wilson(right, len(tested))), "truth": [true]}
        if by_labels is not None:
            row[BY_LABELS] = [by_labels.accuracy, by_labels.low, by_labels.high]
        found.append({"count": [float(len(round_.labelled))], **row})
    return found


def estimated(history: History, source: str) -> list[Accuracy]:
    return [
        Accuracy(source, *row[source], labelled=round(row["count"][0]))
        for row in history
        if source in row
    ]


def reached(history: History, goal: float, key: str) -> float | None:
    """The number of labels from which an accuracy stays at the goal, or None."""
    counts, truths = (np.array([row[each][0] for row in history]) for each in ("count", key))
    below = np.flatnonzero(truths < goal)
    if not len(below):
        return float(counts[0])
    last = below[-1]
    if last == len(counts) - 1:
        return None
    part = (goal - truths[last]) / (truths[last + 1] - truths[last])
    return float(counts[last] + part * (counts[last + 1] - counts[last]))


def slope_of_all(known: list[Accuracy]) -> float:
    """Slope of log error against log labels over all models (Hestness et al., "Deep Learning
    Scaling is Predictable, Empirically", 2017)."""
    x, y, _ = _curve(known)
    return float(-np.polyfit(x, y, 1)[0])


def slope_of_last_three(known: list[Accuracy]) -> float:
    """The slope over the last three models, with a prior on usual slopes."""
    x, y, weight = (column[-3:] for column in _curve(known))
    x = x - np.average(x, weights=weight)
    return float((PRIOR / SPREAD**2 - weight @ (x * y)) / (1 / SPREAD**2 + weight @ (x * x)))


PRIOR, SPREAD = 0.35, 0.1
RULES = {"all models": slope_of_all, "the last three": slope_of_last_three}


def _curve(known: list[Accuracy]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Logarithms of labels and errors, and the errors' precision."""
    labels = np.array([each.labelled for each in known])
    errors = np.maximum([1 - each.accuracy for each in known], 1e-3)
    spread = np.array([(each.high - each.low) / 2 / Z for each in known]) / errors
    return np.log(labels), np.log(errors), 1 / np.maximum(0.4 * spread, 0.02) ** 2


def outlook(known: list[Accuracy], rule: Rule) -> tuple[float, float] | None:
    """The next goal and the estimated number of further labels; None if that is unknown or very
    large."""
    last = known[-1]
    slope = rule(known)
    goal = next((goal for goal in GOALS if goal > last.accuracy + 0.01), None)
    if len(known) < 3 or last.labelled < 2 * known[0].labelled or goal is None or slope <= 0:
        return None
    far = np.log((1 - last.accuracy) / (1 - goal)) / slope
    return None if far > np.log(FARTHEST) else (goal, last.labelled * (np.exp(far) - 1))


def forecasts(history: History, source: str, rule: Rule) -> list[tuple[float, float]]:
    """For each forecast, the number of labels it gives and the number that it took: NaN if the goal
    was not reached within the history, 0 if it had already been reached. Measurements on held-out
    images are compared with later ones, estimates with the truth."""
    found = []
    for number in range(3, len(history)):
        known = estimated(history[:number], source)
        if len(known) < 3 or source not in history[number - 1]:
            continue
        if (ahead := outlook(known, rule)) is not None:
            took = reached(history, ahead[0], HELD_OUT if source == HELD_OUT else "truth")
            more = np.nan if took is None else max(0.0, took - known[-1].labelled)
            found.append((ahead[1], more))
    return found


def report(place: Path) -> None:
    sets: dict[str, list[History]] = {}
    for file in sorted(place.glob("*.json")):
        sets.setdefault(file.stem.rpartition("-")[0], []).append(json.loads(file.read_text()))
    for source, (rule_name, rule) in product(SOURCES, RULES.items()):
        print(f"accuracy by {source}, slope of {rule_name}")
        print("set            histories  said  reached already  ahead  factor, too far  within √3")
        everything = []
        for name, histories in sets.items():
            found = [row for each in histories for row in forecasts(each, source, rule)]
            everything.append(np.array(found).reshape(-1, 2))
            _print_row(name, len(histories), everything[-1])
        _print_row("all", sum(map(len, sets.values())), np.concatenate(everything))


def _print_row(name: str, histories: int, rows: np.ndarray) -> None:
    """Print a row. `factor` is the median error of goals still ahead, `too far` the median ratio of
    forecast to truth, and `within √3` how often an interval whose ends differ by a factor of three
    contains the truth."""
    said, took = rows.T
    already = int((took == 0).sum())
    ahead = took > 0
    ratios = np.log(said[ahead] / took[ahead])
    told = np.isfinite(took).sum()
    factor, far = (
        np.exp(np.median(each)) if len(each) else np.nan for each in (abs(ratios), ratios)
    )
    held = (abs(ratios) <= np.log(3) / 2).sum() / told if told else np.nan
    print(
        f"{name:14} {histories:9} {len(rows):5} {already:16} {ahead.sum():6} {factor:7.2f} "
        f"{far:8.2f} {held:10.0%}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("histories", type=Path)
    parser.add_argument("projects", type=Path, nargs="*")
    parser.add_argument("--seeds", type=int, default=25)
    parser.add_argument("--parts", type=int, default=4)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    for number, folder in enumerate(asked.projects):
        for parts in (1, asked.parts) if number == len(asked.projects) - 1 else (1,):
            known = points_of(folder, parts)
            name = folder.name if parts == 1 else f"{folder.name}-in-{parts}"
            simulate(asked.histories, name, lambda seed, known=known: known, asked.seeds)
    if asked.projects:
        simulate(asked.histories, "synthetic", many_classes, asked.seeds)
    report(asked.histories)


if __name__ == "__main__":
    main()
