"""How far off "about N more labels to 90 %" is, over simulated histories of labelling.

    python -m benchmarks.outlook HISTORIES [PROJECT ...] [--seeds 25] [--parts 4]

Each history has a model after 50, 100, ... 800 labels chosen by the default strategy, with its
estimated accuracy and the true one on all remaining images. They are simulated for each PROJECT with
hidden labels, for the last one again with each class divided into `--parts`, and for synthetic
points of 43 classes, and kept in the folder HISTORIES, where they are read the next time.

From every third model on, the forecast to the next goal is compared with the number of labels at
which the true accuracy reached it. Prints for each set how many forecasts were made, how often
the goal was reached already, the median error as a factor, and how often the 80 % interval held.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from benchmarks.estimates import _known, many_classes, trial
from labeller.core.intervals import BY_LABELS, Accuracy
from labeller.loop.estimates import outlook

LABELS = (50, 100, 150, 200, 250, 300, 400, 500, 650, 800)
Points = Callable[[int], tuple[Tensor, Tensor]]


def simulate(place: Path, name: str, points: Points, seeds: int) -> None:
    """Keep the histories of one set that are not there yet."""
    place.mkdir(parents=True, exist_ok=True)
    for seed in range(seeds):
        file = place / f"{name}-{seed:03d}.json"
        if not file.exists():
            rows = trial(*points(seed), list(LABELS), seed, chosen=True)
            found = [
                [count, truth, truth + error, half]
                for count, (truth, error, _, half, *_) in zip(LABELS, rows, strict=True)
            ]
            file.write_text(json.dumps(found))


def estimated(history: list[list[float]]) -> list[Accuracy]:
    return [
        Accuracy(BY_LABELS, accuracy, accuracy - half, accuracy + half, labelled=round(count))
        for count, _, accuracy, half in history
        if np.isfinite(accuracy)
    ]


def reached(history: list[list[float]], goal: float) -> float | None:
    """Labels at which the true accuracy reaches a goal for good; None if it does not."""
    counts, truths = (np.array(column) for column in list(zip(*history, strict=True))[:2])
    below = np.flatnonzero(truths < goal)
    if not len(below):
        return float(counts[0])
    last = below[-1]
    if last == len(counts) - 1:
        return None
    part = (goal - truths[last]) / (truths[last + 1] - truths[last])
    return float(counts[last] + part * (counts[last + 1] - counts[last]))


def forecasts(history: list[list[float]]) -> list[tuple[float, float, float, float]]:
    """For each that is made: what it says, its interval, and the labels it took; nan if the
    goal was not reached within the history, 0 if it had been already."""
    found = []
    for number in range(3, len(history)):
        known = estimated(history[:number])
        ahead = outlook(known)
        if ahead is None:
            continue
        took = reached(history, ahead.goal)
        more = np.nan if took is None else max(0.0, took - known[-1].labelled)
        found.append((ahead.labels, ahead.low, ahead.high, more))
    return found


def report(place: Path) -> None:
    sets: dict[str, list[list[list[float]]]] = {}
    for file in sorted(place.glob("*.json")):
        sets.setdefault(file.stem.rpartition("-")[0], []).append(json.loads(file.read_text()))
    print("set                histories  forecasts  reached  ahead  not within  median factor  held")
    everything = []
    for name, histories in sets.items():
        rows = np.array([row for each in histories for row in forecasts(each)]).reshape(-1, 4)
        everything.append(rows)
        _line(name, len(histories), rows)
    _line("all", sum(map(len, sets.values())), np.concatenate(everything))


def _line(name: str, histories: int, rows: np.ndarray) -> None:
    said, low, high, took = rows.T
    already, within = took == 0, np.isfinite(took)
    ahead = within & ~already
    factor = np.exp(np.median(np.abs(np.log(said[ahead] / took[ahead])))) if ahead.any() else np.nan
    # A goal that is not reached within the history holds if the interval ends beyond it.
    held = (low <= took) & (took <= high)
    held[~within] = True
    print(
        f"{name:18} {histories:9} {len(rows):10} {already.sum():8} {ahead.sum():6} "
        f"{(~within).sum():11} {factor:14.2f} {held[within].mean() if within.any() else np.nan:5.0%}"
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
            known = _known(folder, parts)
            name = folder.name if parts == 1 else f"{folder.name}-in-{parts}"
            simulate(asked.histories, name, lambda seed, known=known: known, asked.seeds)
    if asked.projects:
        simulate(asked.histories, "synthetic", many_classes, asked.seeds)
    report(asked.histories)


if __name__ == "__main__":
    main()
