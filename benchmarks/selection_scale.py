"""Weighted CoreSet and the centres of clusters on a million made-up features: seconds and memory.

python -m benchmarks.selection_scale [--points 1000000] [--dimensions 384]
"""

import argparse
import resource
import time

import torch
from torch import Tensor

from labeller.core.run import Run
from labeller.selection.centres import nearest_to_centres
from labeller.selection.strategies import Query
from labeller.selection.weighted_coreset import WeightedCoreSet

LABELLED, COUNT, CLASSES = 1000, 50, 10


class _Model:
    """Features that were made up, and a linear head on them."""

    def __init__(self, features: Tensor) -> None:
        self._features = features
        self._head = torch.randn(
            features.shape[1], CLASSES, generator=torch.Generator().manual_seed(1)
        )

    def features(self, rows: Tensor, run: Run) -> Tensor:
        return self._features[rows]

    def probabilities(self, rows: Tensor, run: Run) -> Tensor:
        return torch.cat(
            [(self._features[part] @ self._head).softmax(1) for part in rows.split(65536)]
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--dimensions", type=int, default=384)
    asked = parser.parse_args()
    rng = torch.Generator().manual_seed(0)
    features = torch.randn(asked.points, asked.dimensions, generator=rng)
    torch.nn.functional.normalize(features, dim=1, out=features)
    rows = torch.arange(asked.points)
    query = Query(
        rows[:LABELLED], torch.zeros(LABELLED, dtype=torch.long), rows[LABELLED:], COUNT,
        _Model(features), Run(0),  # type: ignore[arg-type]
    )  # fmt: skip
    for name, work in (
        ("weighted CoreSet", lambda: WeightedCoreSet().choose(query)),
        ("centres", lambda: nearest_to_centres(features, COUNT, 0)),
    ):
        began = time.perf_counter()
        work()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(
            f"{name}: {time.perf_counter() - began:.1f} s, {peak:.1f} GB at most so far", flush=True
        )


if __name__ == "__main__":
    main()
