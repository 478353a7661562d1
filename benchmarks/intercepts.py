"""How strongly the class counts should influence the intercepts of the linear head.

    python -m benchmarks.intercepts [PROJECT] [--labels 20 50 100 250 800] [--seeds 8]

PROJECT has hidden labels; the default is the demo. Labels are random, and the accuracy is measured
on all other images, including the held-out ones, with the gain over free intercepts ± 1.96 standard
errors. The same is done for two classes, the rarest against all others. Rows: `free` intercepts,
the program's `prior`, and `none`.
"""

import argparse
from pathlib import Path
from unittest import mock

import numpy as np
import torch
from torch import Tensor

from benchmarks.answers import answers_of, project_or_demo
from labeller.core.run import Run
from labeller.learning import logistic
from labeller.learning.feature_learners import mean_of, prepared
from labeller.learning.frozen_features import FrozenFeatures
from labeller.learning.logistic import fit_head

PRIORS = {"free": 0.0, "prior": logistic.PRIOR, "none": None}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path, nargs="?")
    parser.add_argument("--labels", type=int, nargs="+", default=[20, 50, 100, 250, 800])
    parser.add_argument("--seeds", type=int, default=8)
    asked = parser.parse_args()
    with project_or_demo(asked.project) as project:
        known = answers_of(project)
        features = FrozenFeatures("efficientnet-lite0", known.pool)
        centre = mean_of(features, known.rows, Run())
        rows = torch.cat([known.rows, known.test])
        labels = torch.cat([known.labels, known.test_labels])
        seen = prepared(features.raw(rows, Run()), centre)
    rarest = int(torch.bincount(known.labels).argmin())
    tasks = {
        "all classes": (labels, known.classes),
        "the rarest against all others": ((labels == rarest).long(), 2),
    }
    for task, (truth, classes) in tasks.items():
        print(task)
        for count in asked.labels:
            results = {name: [] for name in PRIORS}  # type: dict[str, list[float]]
            for seed in range(asked.seeds):
                rng = torch.Generator().manual_seed(seed)
                order = torch.randperm(len(known.rows), generator=rng)
                for name, right in _once(seen, truth, classes, order, count).items():
                    results[name].append(right)
            parts = []
            for name, values in results.items():
                gains = np.array(values) - np.array(results["free"])
                error = 1.96 * gains.std(ddof=1) / len(gains) ** 0.5
                parts.append(
                    f"{name} {np.mean(values):.1%} ({100 * gains.mean():+.1f} ± {100 * error:.1f})"
                )
            print(f"{count:5} labels: {', '.join(parts)}", flush=True)


def _once(seen: Tensor, truth: Tensor, classes: int, order: Tensor, count: int) -> dict[str, float]:
    """Accuracy on all unlabelled images, by kind of intercept."""
    chosen = order[:count]
    others = torch.ones(len(seen), dtype=torch.bool)
    others[chosen] = False
    found = {}
    for name, prior in PRIORS.items():
        with mock.patch.object(logistic, "PRIOR", prior or 0.0):
            head = fit_head(seen[chosen], truth[chosen], classes, intercept=prior is not None)
        said = head.scores(seen[others]).argmax(dim=1)
        found[name] = float((said == truth[others]).float().mean())
    return found


if __name__ == "__main__":
    main()
