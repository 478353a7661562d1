"""CoreSet on large pools: seconds against the size of the pool and the number of picks.

    python -m benchmarks.coreset_scale FIGURE.png

Takes some minutes and 5 GB of memory, so `make bench` leaves it out.
"""

import resource
import sys
import time

import torch
from matplotlib.figure import Figure

from benchmarks.coreset import DIM, clusters
from labeller.selection import coreset

POOLS = (62_500, 125_000, 250_000, 500_000, 1_000_000)
PICKS = 10_000


def picks_over_time(features: torch.Tensor) -> list[tuple[int, float]]:
    """The number of picks and the seconds elapsed, each time a front is used up."""
    began = time.perf_counter()
    search = coreset._Search(features, torch.arange(1), PICKS)
    result = []
    while search.wanted:
        search.draw_front()
        search.pick()
        result.append((PICKS - search.wanted, time.perf_counter() - began))
    return result


def main() -> None:
    all_features = clusters(POOLS[-1])
    figure = Figure(figsize=(11, 4), layout="constrained")
    by_pool, by_picks = figure.subplots(1, 2)
    totals = []
    for pool in POOLS:
        result = picks_over_time(all_features[:pool])
        totals.append(result[-1][1])
        by_picks.plot(*zip(*result, strict=True), label=f"{pool:,} points")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
        print(
            f"{pool:>9,} × {DIM}, {PICKS:,} picks: {totals[-1]:6.1f} s, {len(result)} fronts,"
            f" peak {peak:.1f} GiB",
            flush=True,
        )
    by_pool.plot([pool / 1e6 for pool in POOLS], totals, marker="o")
    by_pool.set_xlabel("million points")
    by_picks.set_xlabel("picks")
    for axes in (by_pool, by_picks):
        axes.set_ylabel("seconds")
        axes.grid(alpha=0.25)
    by_picks.legend(frameon=False)
    figure.savefig(sys.argv[1], dpi=100)


if __name__ == "__main__":
    main()
