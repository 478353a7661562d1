"""Seconds of k-means, folds and Cohen's kappa: ours and scikit-learn's on the same data.
`python -m benchmarks.scikit_learn`."""

import statistics
import time
import warnings
from collections.abc import Callable

import numpy as np
import torch
from sklearn.cluster import KMeans
from sklearn.metrics import cohen_kappa_score
from sklearn.model_selection import StratifiedKFold

from labeller.learning.logistic import FOLDS, stratified_folds
from labeller.selection.sampling import ROUNDS, k_means, nearest
from labeller.store.agreement import cohens_kappa

POINTS, WIDTH, CENTRES, LABELS, CLASSES, TIMES = 20_000, 1280, 50, 300, 20, 5


def seconds(function: Callable[[], object]) -> float:
    function()
    found = []
    for _ in range(TIMES):
        began = time.perf_counter()
        function()
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def main() -> None:
    rng = torch.Generator().manual_seed(0)
    groups = torch.randn(CENTRES, WIDTH, generator=rng)
    owner = torch.randint(CENTRES, (POINTS,), generator=rng)
    points = groups[owner] + torch.randn(POINTS, WIDTH, generator=rng)
    array = points.numpy()
    theirs = KMeans(CENTRES, n_init=1, max_iter=ROUNDS, tol=0, random_state=0)

    def spread(centres: torch.Tensor) -> float:
        return float(nearest(points, centres)[0].square().mean())

    labels = torch.randint(CLASSES, (LABELS,), generator=rng)
    pairs = [(int(a), int(b)) for a, b in zip(labels, labels.roll(1), strict=True)]
    first, second = np.array(pairs).T
    splitter = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    rows = {
        "k-means": (lambda: k_means(points, CENTRES, 0), lambda: theirs.fit(array)),
        "folds": (
            lambda: stratified_folds(labels, 0, FOLDS),
            lambda: list(splitter.split(labels, labels)),
        ),
        "kappa": (lambda: cohens_kappa(pairs), lambda: cohen_kappa_score(first, second)),
    }
    warnings.simplefilter("ignore")  # of classes with fewer labels than folds
    for name, (ours, other) in rows.items():
        print(f"{name:8} ours {1000 * seconds(ours):9.2f} ms  "
              f"scikit-learn {1000 * seconds(other):9.2f} ms")  # fmt: skip
    centres = torch.from_numpy(theirs.fit(array).cluster_centers_)
    print(f"mean squared distance: ours {spread(k_means(points, CENTRES, 0)):.2f}, "
          f"scikit-learn {spread(centres):.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
