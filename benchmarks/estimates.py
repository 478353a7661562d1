"""Errors of the estimates of a model's accuracy, for labels chosen by the default strategy or at
random.

    python -m benchmarks.estimates [PROJECT] [--trials 20] [--labels 50 100 150 200 300] [--parts 4]

PROJECT has hidden labels. Each trial labels images chosen by the default strategy or at random, and
compares two estimates of the model's accuracy (from the labels alone and from an audit of 50
images) with its accuracy on all remaining images. Prints the mean true accuracy, the mean error and
standard deviation of each estimate, how often its 90 % interval contains the truth, and the
half-width of the interval. `told` counts the trials with enough labels for an estimate.

Without PROJECT, each trial draws 3,000 points of 43 synthetic classes of unequal frequency. With
--parts, each class of a project is split into that many classes by clustering its features.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from labeller.core.intervals import Accuracy
from labeller.core.run import Run
from labeller.learning.batches import PoolImages
from labeller.learning.feature_learners import centred_features
from labeller.learning.frozen_features import FrozenFeatures
from labeller.learning.judging import judge_by_audit, judge_by_labels
from labeller.learning.logistic import Head, fit_head, oof_scores, temperature_for
from labeller.project.project import Project
from labeller.selection.coreset import WeightedCoreSet
from labeller.selection.sampling import nearest_to_centres
from labeller.selection.strategies import Query

AUDIT = 50
CLASSES = 43


class _Model:
    def __init__(self, points: Tensor, head: Head) -> None:
        self._points, self._head = points, head

    def features(self, rows: Tensor, run: Run) -> Tensor:
        return self._points[rows]

    def probabilities(self, rows: Tensor, run: Run) -> Tensor:
        return self._head.scores(self._points[rows]).softmax(dim=1)


@dataclass(frozen=True)
class Round:
    """A model with the rows it was trained on and the remaining ones (int64), and its calibrated
    out-of-fold probabilities of the training rows, float32 [N, classes]."""

    labelled: Tensor
    rest: Tensor
    model: _Model
    oof: Tensor


def labelling(
    points: Tensor, truth: Tensor, labels: Sequence[int], seed: int, chosen: bool, pool: Tensor
) -> Iterator[Round]:
    """Yield a round for each number of labels. Images of `pool` (rows, int64) are picked by the
    default strategy or, if not `chosen`, at random."""
    classes = int(truth.max()) + 1
    rng = torch.Generator().manual_seed(seed)
    if chosen:
        labelled = pool[nearest_to_centres(points[pool], labels[0], seed)]
    else:
        labelled = pool[torch.randperm(len(pool), generator=rng)[: labels[0]]]
    for place, count in enumerate(labels):
        head = fit_head(points[labelled], truth[labelled], classes)
        oof = oof_scores(points[labelled], truth[labelled], classes, seed)
        head = Head(head.weight, head.bias, temperature_for(oof, truth[labelled]))
        model = _Model(points, head)
        free = torch.zeros(len(points), dtype=torch.bool)
        free[pool] = True
        free[labelled] = False
        rest = free.nonzero().flatten()
        yield Round(labelled, rest, model, (oof / head.temperature).softmax(dim=1))
        if place + 1 < len(labels):
            more = labels[place + 1] - count
            if not chosen:
                picked = rest[torch.randperm(len(rest), generator=rng)[:more]]
            else:
                asked = Query(
                    labelled, truth[labelled], rest, more, model, Run(100 * seed + count), rest
                )  # type: ignore[arg-type]  # fmt: skip
                picked = rest[WeightedCoreSet().choose(asked)]
            labelled = torch.cat([labelled, picked])


def trial(
    points: Tensor, truth: Tensor, labels: list[int], seed: int, chosen: bool
) -> list[tuple[float, ...]]:
    """For each number of labels, the true accuracy and the errors of both estimates."""
    rng = torch.Generator().manual_seed(seed)
    found = []
    for round_ in labelling(points, truth, labels, seed, chosen, torch.arange(len(points))):
        rest = round_.rest
        probabilities = round_.model.probabilities(rest, Run())
        right = (probabilities.argmax(dim=1) == truth[rest]).float()
        by_labels = judge_by_labels(probabilities, round_.oof, truth[round_.labelled])
        audit = torch.randperm(len(rest), generator=rng)[:AUDIT]
        others = torch.ones(len(rest), dtype=torch.bool)
        others[audit] = False
        by_audit = judge_by_audit(probabilities[others], probabilities[audit], truth[rest[audit]])
        found.append(
            (float(right.mean()), *_errors(by_labels, float(right.mean())),
             *_errors(by_audit, float(right[others].mean())))
        )  # fmt: skip
    return found


def many_classes(seed: int) -> tuple[Tensor, Tensor]:
    """Unit vectors in overlapping clusters of unequal frequency, and their classes."""
    rng = torch.Generator().manual_seed(seed)
    frequencies = 1 / torch.arange(1, CLASSES + 1).float() ** 0.7
    truth = torch.multinomial(frequencies, 3000, True, generator=rng)
    middles = torch.randn(CLASSES, 64, generator=rng)
    points = middles[truth] + 1.6 * torch.randn(3000, 64, generator=rng)
    return torch.nn.functional.normalize(points, dim=1), truth


def split_classes(points: Tensor, truth: Tensor, parts: int) -> Tensor:
    """Split each class of `truth` into clusters; returns the new classes, int64 [N]."""
    finer = truth * parts
    for each in truth.unique():
        members = (truth == each).nonzero().flatten()
        centres = points[members[nearest_to_centres(points[members], parts, 0)]]
        finer[members] += torch.cdist(points[members], centres).argmin(dim=1)
    return finer


def _errors(judged: Accuracy | None, truth: float) -> tuple[float, float, float]:
    """Error, coverage and half-width of an estimate; NaN without an estimate."""
    if judged is None:
        return (float("nan"),) * 3
    return (
        judged.accuracy - truth,
        float(judged.low <= truth <= judged.high),
        (judged.high - judged.low) / 2,
    )


def points_of(folder: Path, parts: int) -> tuple[Tensor, Tensor]:
    """Features of a project's unlabelled images, and their hidden classes."""
    with Project(folder, lock=False) as project:
        places = {c.id: place for place, c in enumerate(project.classes.all())}
        ids = project.images.unlabelled()
        known = project.oracle.reveal(ids.tolist())
        truth = torch.tensor([places[known[i]] for i in ids.tolist()])
        pool = PoolImages(project.tensors(), torch.device("cpu"), project.image_files())
        features = FrozenFeatures("efficientnet-lite0", pool)
        points = centred_features(features, torch.from_numpy(ids - 1), Run())
    return points, split_classes(points, truth, parts)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("project", type=Path, nargs="?")
    parser.add_argument("--trials", type=int, default=20)
    parser.add_argument("--labels", type=int, nargs="+", default=[50, 100, 150, 200, 300])
    parser.add_argument("--parts", type=int, default=1)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    known = None if asked.project is None else points_of(asked.project, asked.parts)
    print("labels  chosen by  truth  from labels: error, held, half width  from an audit: the same")
    for chosen in (True, False):
        trials = [
            trial(*(known or many_classes(seed)), asked.labels, seed, chosen)
            for seed in range(asked.trials)
        ]
        for place, count in enumerate(asked.labels):
            rows = np.array([each[place] for each in trials])
            told = int(np.isfinite(rows[:, 1]).sum())
            mean, spread = np.nanmean(rows, axis=0), np.nanstd(rows, axis=0, ddof=1)
            print(
                f"{count:6}  {'strategy' if chosen else 'chance':9}  {mean[0]:.3f}  "
                f"{mean[1]:+.3f} ± {spread[1]:.3f}, {mean[2]:.2f}, {mean[3]:.3f}  "
                f"{mean[4]:+.3f} ± {spread[4]:.3f}, {mean[5]:.2f}, {mean[6]:.3f}  {told} told",
                flush=True,
            )


if __name__ == "__main__":
    main()
