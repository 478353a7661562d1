"""Every strategy on a million synthetic features: seconds and memory, each in its own process.

python -m benchmarks.selection_scale [--points 1000000] [--dimensions 384] [--only NAME ...]
"""

import argparse
import subprocess
import sys
from pathlib import Path

import torch
from torch import Tensor, nn

from labeller.core.run import Run, measured
from labeller.selection.sampling import nearest_to_centres
from labeller.selection.strategies import STRATEGIES, Query, companion_named, strategy_named
from labeller.selection.uncertainty import feature_dropout

LABELLED, COUNT, CLASSES = 1000, 50, 10
CENTRES = "centres"
"""Not a strategy, but the method that chooses the first batch."""


class _Model:
    """Synthetic features with a random linear head."""

    is_network = has_dropout = False

    def __init__(self, features: Tensor) -> None:
        self._features = features
        self._head = torch.randn(
            features.shape[1], CLASSES, generator=torch.Generator().manual_seed(1)
        )

    def features(self, rows: Tensor, run: Run) -> Tensor:
        return self._features[rows]

    def scores(self, features: Tensor) -> Tensor:
        return features @ self._head

    def probabilities(self, rows: Tensor, run: Run) -> Tensor:
        return torch.cat(
            [self.scores(self._features[part]).softmax(1) for part in rows.split(65536)]
        )

    def views(self, rows: Tensor, count: int, run: Run) -> Tensor:
        rng = torch.Generator().manual_seed(run.seed)
        features = self._features[rows]
        seen = (self.scores(feature_dropout(features, 0.2, rng)) for _ in range(count))
        return torch.stack([each.softmax(dim=1) for each in seen])

    def companion(self, name: str) -> nn.Module:
        wanted = companion_named(name)
        assert wanted is not None
        return wanted.build(self._features.shape[1])


@torch.no_grad()
def measure(name: str, points: int, dimensions: int) -> str:
    """Run a strategy and return its row of the table."""
    rng = torch.Generator().manual_seed(0)
    features = torch.randn(points, dimensions, generator=rng)
    torch.nn.functional.normalize(features, dim=1, out=features)
    rows = torch.arange(points)
    query = Query(
        rows[:LABELLED], torch.zeros(LABELLED, dtype=torch.long), rows[LABELLED:], COUNT,
        _Model(features), Run(0),  # type: ignore[arg-type]
    )  # fmt: skip
    with measured() as cost:
        if name == CENTRES:
            nearest_to_centres(features, COUNT, 0)
        else:
            strategy_named(name).choose(query)
    return f"| {name} | {cost.seconds:.1f} | {cost.bytes / 1e9:.2f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--dimensions", type=int, default=384)
    parser.add_argument("--only", nargs="+", default=[CENTRES, *STRATEGIES])
    asked = parser.parse_args()
    if len(asked.only) == 1:
        print(measure(asked.only[0], asked.points, asked.dimensions), flush=True)
        return
    print(f"{asked.points:,} × {asked.dimensions} features, {COUNT} picks")
    print("| strategy | seconds | GB beside the features |\n| --- | --- | --- |", flush=True)
    sizes = ["--points", str(asked.points), "--dimensions", str(asked.dimensions)]
    for name in asked.only:
        command = [sys.executable, "-m", "benchmarks.selection_scale", *sizes, "--only", name]
        subprocess.run(command, check=True, cwd=Path(__file__).parents[1])


if __name__ == "__main__":
    main()
