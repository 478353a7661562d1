"""One class is rare: how each strategy finds it.

    python -m benchmarks.imbalanced PROJECT [--kept 15] [--seeds 10] [--strategies ...]

The first class of PROJECT keeps so many images of its pool, about 5 % of what others have on the
photos of clothing. Labels: 50 at first, then 50 a round. Printed are the accuracy on all held-out
images, and on those of the rare class, as means ± 1.96 standard errors over the seeds.
"""

import argparse
from pathlib import Path

import numpy as np

from labeller.experiments.plan import Imbalance, Plan
from labeller.experiments.simulation import simulate
from labeller.loop.method import Method
from labeller.project.project import Project

STRATEGIES = ("weighted-coreset", "cluster-margin", "margin", "badge", "coreset", "random")
CYCLES = 5


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("project", type=Path)
    parser.add_argument("--kept", type=int, default=15)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--strategies", nargs="+", default=STRATEGIES)
    asked = parser.parse_args()
    with Project(asked.project, read_only=True) as project:
        rare = project.classes.all()[0].name
        for strategy in asked.strategies:
            plan = Plan(
                50, 50, CYCLES, Method(strategy=strategy), tuple(range(asked.seeds)),
                imbalance=Imbalance(1, asked.kept),
            )  # fmt: skip
            runs = simulate(project, plan).runs
            cells = []
            for cycle in range(CYCLES):
                at = [run.cycles[cycle] for run in runs]
                overall = [100 * (each.test_accuracy or 0) for each in at]
                of_rare = [100 * (each.per_class or {}).get(rare, 0) for each in at]
                cells.append(f"{_mean(overall)} · {_mean(of_rare)}")
            print(f"| {strategy} | {' | '.join(cells)} |", flush=True)


def _mean(values: list[float]) -> str:
    return f"{np.mean(values):.1f} ± {1.96 * np.std(values, ddof=1) / len(values) ** 0.5:.1f}"


if __name__ == "__main__":
    main()
