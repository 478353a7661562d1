"""The frozen encoder with a linear head, on a project with hidden labels and a held-out set: speed
of feature extraction, time of a fit, accuracy and calibration.

    python -m benchmarks.frozen [PROJECT] [--labels 50 100 200 400 800] [--seeds 5]

The default project is the demo. ± is 1.96 standard errors over the seeds. The calibration error
uses fifteen bins of confidence (Guo et al., ICML 2017, equation 3) and all images without a label:
on the held-out ones alone, half of it would be noise.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from benchmarks.answers import answers_of, project_or_demo
from labeller.core.run import Run
from labeller.learning.device import FEATURES, _FromPixels, _torch, batch_size, runtime
from labeller.learning.feature_learners import mean_of, prepared
from labeller.learning.frozen_features import FrozenFeatures
from labeller.learning.logistic import Head, fit_head, oof_scores, temperature_for

BINS = 15
BATCHES = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path, nargs="?")
    parser.add_argument("--labels", type=int, nargs="+", default=[50, 100, 200, 400, 800])
    parser.add_argument("--seeds", type=int, default=5)
    asked = parser.parse_args()
    with project_or_demo(asked.project) as project:
        known = answers_of(project)
        rows, labels = known.rows, known.labels
        features = FrozenFeatures("efficientnet-lite0", known.pool)
        unread = int((~features.store.known(rows)).sum())
        began = time.perf_counter()
        features.read(rows, Run())
        seconds = time.perf_counter() - began
        print(f"read {unread} of {len(rows)} images at {features.side} pixels in {seconds:.1f} s")
        _compare_runtimes(features)
        centre = mean_of(features, rows, Run())
        seen = prepared(features.raw(rows, Run()), centre)
        test = prepared(features.raw(known.test, Run()), centre)
        print("labels  accuracy  calibration error, without temperature  a fit, one label more")
        for count in asked.labels:
            measured = [
                _once(seen, labels, test, known.test_labels, known.classes, count, seed)
                for seed in range(asked.seeds)
            ]
            mean, spread = np.mean(measured, axis=0), np.std(measured, axis=0, ddof=1)
            error = 1.96 * spread / len(measured) ** 0.5
            print(
                f"{count:6}  {mean[0]:.1%} ± {error[0]:.1%}  {mean[1]:.1%} ± {error[1]:.1%}, "
                f"{mean[2]:.1%}  {mean[3]:.2f} s, {mean[4]:.2f} s"
            )


def _compare_runtimes(features: FrozenFeatures) -> None:
    """Print images per second with ONNX Runtime and with torch, in batches of the same size."""
    cpu = torch.device("cpu")
    shape = (batch_size(cpu), features.side, features.side, 3)
    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    speeds = []
    for compute in (
        runtime(features.encoder, features.side, cpu),
        _torch(_FromPixels(features.encoder, features.side).eval(), cpu),
    ):
        compute(pixels, [FEATURES])
        began = time.perf_counter()
        for _ in range(BATCHES):
            compute(pixels, [FEATURES])
        speeds.append(BATCHES * len(pixels) / (time.perf_counter() - began))
    print(f"ONNX Runtime {speeds[0]:.0f} images a second, torch {speeds[1]:.0f}")


def _once(
    pool: Tensor,
    truth: Tensor,
    test: Tensor,
    test_truth: Tensor,
    classes: int,
    count: int,
    seed: int,
) -> tuple[float, ...]:
    """Accuracy, calibration error with and without a temperature, seconds of a fit and a refit."""
    order = torch.randperm(len(pool), generator=torch.Generator().manual_seed(seed))
    chosen = order[:count]
    began = time.perf_counter()
    head = fit_head(pool[chosen], truth[chosen], classes)
    cold = time.perf_counter() - began
    one_more = order[: count + 1]
    began = time.perf_counter()
    fit_head(pool[one_more], truth[one_more], classes, head)
    warm = time.perf_counter() - began
    oof = oof_scores(pool[chosen], truth[chosen], classes, seed)
    honest = Head(head.weight, head.bias, temperature_for(oof, truth[chosen]))
    right = float((head.scores(test).argmax(dim=1) == test_truth).float().mean())
    others = torch.cat([pool[order[count:]], test])
    truths = torch.cat([truth[order[count:]], test_truth])
    errors = [_calibration_error(h.scores(others).softmax(dim=1), truths) for h in (honest, head)]
    return (right, *errors, cold, warm)


def _calibration_error(probabilities: Tensor, truth: Tensor) -> float:
    confidence, said = probabilities.max(dim=1)
    right = (said == truth).float()
    place = (confidence * BINS).long().clamp(max=BINS - 1)
    total = 0.0
    for each in range(BINS):
        inside = place == each
        if bool(inside.any()):
            apart = (right[inside].mean() - confidence[inside].mean()).abs()
            total += float(apart * inside.float().mean())
    return total


if __name__ == "__main__":
    main()
