"""The default learner on a project with hidden labels: calibration, precision of *Label the rest*,
and the best strategy for its fine-tuned features.

    python -m benchmarks.fine_tuned PROJECT [--labels 200] [--seeds 20] [--caution 1 1.1 1.2]
    python -m benchmarks.fine_tuned PROJECT --labels 100 --more 100 --seeds 10
        --strategies random weighted-coreset margin

Labels are random. The first form prints for each seed, and as means: the accuracy and the expected
calibration error (15 bins; Guo et al., ICML 2017, equation 3) on all unlabelled images; the error
of the accuracy estimated from the labels, and whether its 90 % interval contains the truth; and, at
a target precision of 95 %, the share of images that would be labelled and the share of those labels
that are right. It repeats this for each `--caution`, which replaces the program's temperature
factor. The second form lets each strategy choose `--more` images with the first model, retrains,
and prints the accuracy on the held-out images and on those that no strategy chose. ± is the sample
standard deviation, or 1.96 standard errors for gains over random selection.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from benchmarks.answers import Answers, answers_of
from benchmarks.frozen import _calibration_error as calibration_error
from labeller.core.run import Run
from labeller.learning.feature_learners import FeatureModel
from labeller.learning.fine_tuning import CAUTION, FineTunedModel, FineTuning
from labeller.learning.judging import judge_by_labels
from labeller.learning.recipe import QUICK
from labeller.learning.trainer import TrainingSet
from labeller.loop.pool_prediction import most_confident
from labeller.project.project import Project
from labeller.selection.strategies import Query, strategy_named

PRECISION = 0.95
ENCODER = "efficientnet-lite0"


class _Learning:
    def __init__(self, known: Answers) -> None:
        self.known = known
        self._learner = FineTuning(ENCODER, QUICK)
        self._features = self._learner.features_of(known.pool)
        self._features.read(torch.cat([known.rows, known.test]), Run(), maps=True)

    def learn(self, labelled: Tensor, seed: int) -> FeatureModel:
        """Train a model on some labels, given as indices into `known.rows`."""
        known, rest = self.known, self.rest(labelled)
        data = TrainingSet(
            known.rows[labelled], known.labels[labelled], known.rows[rest],
            known.rows[:0], known.labels[:0], known.classes,
        )  # fmt: skip
        return self._learner.fit_to(self._features, data, Run(seed))

    def rest(self, labelled: Tensor) -> Tensor:
        free = torch.ones(len(self.known.rows), dtype=torch.bool)
        free[labelled] = False
        return free.nonzero().flatten()

    def start(self, count: int, seed: int) -> Tensor:
        rng = torch.Generator().manual_seed(seed)
        return torch.randperm(len(self.known.rows), generator=rng)[:count]


def calibration_of(
    learning: _Learning, count: int, seed: int, cautions: list[float]
) -> list[tuple[float, ...]]:
    """For each temperature factor: accuracy, calibration error, error of the estimate, whether its
    interval contains the truth, share that would be labelled and its precision, and whether the
    model is fine-tuned."""
    known, labelled = learning.known, learning.start(count, seed)
    model, rest = learning.learn(labelled, seed), learning.rest(labelled)
    probabilities = model.probabilities(known.rows[rest], Run())
    assert model.oof_probabilities is not None
    tuned, found = isinstance(model, FineTunedModel), []
    for caution in cautions:
        milder, oof = (
            (each.log() * (CAUTION if tuned else 1.0) / caution).softmax(dim=1)
            for each in (probabilities, model.oof_probabilities)
        )
        found.append((
            *_quality(milder, known.labels[rest], oof, known.labels[labelled]),
            float(tuned),
        ))  # fmt: skip
    return found


def _quality(
    probabilities: Tensor, truth: Tensor, oof: Tensor, labels: Tensor
) -> tuple[float, ...]:
    confidences, said = probabilities.max(dim=1)
    right = (said == truth).numpy()
    accuracy = float(right.mean())
    judged = judge_by_labels(probabilities, oof, labels)
    assert judged is not None
    order = confidences.argsort(descending=True).numpy()
    taken = most_confident(confidences.numpy()[order].astype(np.float64), PRECISION)
    return (
        accuracy,
        calibration_error(probabilities, truth),
        judged.accuracy - accuracy,
        float(judged.low <= accuracy <= judged.high),
        taken / len(truth),
        float(right[order[:taken]].mean()) if taken else float("nan"),
    )


def compare_strategies(
    learning: _Learning, count: int, more: int, seed: int, names: list[str]
) -> dict[str, tuple[float, float]]:
    """Accuracies on held-out images and on those that no strategy chose, by strategy."""
    known, labelled = learning.known, learning.start(count, seed)
    model, rest = learning.learn(labelled, seed), learning.rest(labelled)
    chosen = {}
    for name in names:
        asked = Query(
            known.rows[labelled], known.labels[labelled], known.rows[rest], more, model,
            Run(seed), known.rows[rest],
        )  # fmt: skip
        chosen[name] = rest[strategy_named(name).choose(asked)]
    others = learning.rest(torch.cat([labelled, *chosen.values()]))
    found = {}
    for name, picked in chosen.items():
        learnt = learning.learn(torch.cat([labelled, picked]), seed)
        found[name] = (
            _accuracy(learnt, known.test, known.test_labels),
            _accuracy(learnt, known.rows[others], known.labels[others]),
        )
    return found


def _accuracy(model: FeatureModel, rows: Tensor, truth: Tensor) -> float:
    return float((model.probabilities(rows, Run()).argmax(dim=1) == truth).float().mean())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("project", type=Path)
    parser.add_argument("--labels", type=int, default=200)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0, help="the first seed; default 0")
    parser.add_argument("--more", type=int, default=100)
    parser.add_argument("--strategies", nargs="+", default=[])
    parser.add_argument("--caution", type=float, nargs="+", default=[CAUTION])
    asked = parser.parse_args()
    with Project(asked.project, lock=False) as project:
        learning = _Learning(answers_of(project))
        if asked.strategies:
            _print_strategies(learning, asked)
        else:
            _print_calibration(learning, asked)


def _print_calibration(learning: _Learning, asked: argparse.Namespace) -> None:
    print("seed  accuracy  calibration error  estimate − truth, held  labelled, right  tuned")
    rows = []
    for seed in range(asked.first, asked.first + asked.seeds):
        rows.append(calibration_of(learning, asked.labels, seed, asked.caution))
        for caution, row in zip(asked.caution, rows[-1], strict=True):
            _print_row(f"{seed:4} × {caution}", row)
    for at, caution in enumerate(asked.caution):
        values = np.array([row[at] for row in rows])
        _print_row(f"mean × {caution}", np.nanmean(values, axis=0))
        _print_row(f"   ± × {caution}", np.nanstd(values, axis=0, ddof=1))


def _print_row(name: str, row: "tuple[float, ...] | np.ndarray") -> None:
    print(
        f"{name}  {row[0]:8.1%}  {row[1]:17.1%}  {row[2]:+16.1%}, {row[3]:.2f}  "
        f"{row[4]:8.1%}, {row[5]:5.1%}  {row[6]:.2f}",
        flush=True,
    )


def _print_strategies(learning: _Learning, asked: argparse.Namespace) -> None:
    found = {name: np.zeros((0, 2)) for name in asked.strategies}
    for seed in range(asked.first, asked.first + asked.seeds):
        once = compare_strategies(learning, asked.labels, asked.more, seed, asked.strategies)
        for name, row in once.items():
            found[name] = np.vstack([found[name], row])
        shown = "  ".join(f"{name} {row[0]:.3f} {row[1]:.3f}" for name, row in once.items())
        print(f"seed {seed}: {shown}", flush=True)
    base = found.get("random")
    for name, rows in found.items():
        mean, spread = rows.mean(axis=0), rows.std(axis=0, ddof=1)
        line = f"{name:>18}  {mean[0]:.1%} ± {spread[0]:.1%}  {mean[1]:.1%} ± {spread[1]:.1%}"
        if base is not None:
            gain = rows[:, 1] - base[:, 1]
            error = 1.96 * gain.std(ddof=1) / len(gain) ** 0.5
            line += f"  {100 * gain.mean():+.1f} ± {100 * error:.1f}"
        print(line, flush=True)


if __name__ == "__main__":
    main()
