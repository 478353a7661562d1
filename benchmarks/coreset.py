"""CoreSet: `k_center_greedy` against common implementations.

The peers read every point after each pick, so they are timed on 50 picks and extrapolated.
"""

import time
from collections.abc import Callable

import numpy as np
import torch
from skactiveml.pool import CoreSet
from sklearn.metrics import pairwise_distances

from labeller.selection.coreset import k_center_greedy

ROWS, DIM, PICKS = 50_000, 512, 1_000
LABELLED = (1_000, 5_000)
TIMED_PICKS = 50

Pick = Callable[[torch.Tensor, torch.Tensor, int], list[int]]


def clusters(rows: int = ROWS) -> torch.Tensor:
    """Features like those of an encoder: non-negative, in clusters of unequal spread."""
    rng = torch.Generator().manual_seed(0)
    centres = 2 * torch.randn(100, DIM, generator=rng)
    spread = 0.3 + torch.rand(100, 1, generator=rng)
    place = torch.randint(100, (rows,), generator=rng)
    features = torch.randn(rows, DIM, generator=rng)
    for part, where in zip(features.split(4096), place.split(4096), strict=True):
        part.mul_(spread[where]).add_(centres[where]).relu_()
    return features


def noise() -> torch.Tensor:
    """The hard case: no structure, nearly equal distances."""
    return torch.randn(ROWS, DIM, generator=torch.Generator().manual_seed(0))


def ours(features: torch.Tensor, labelled: torch.Tensor, count: int) -> list[int]:
    return k_center_greedy(features, labelled, count).tolist()


def plain_loop(features: torch.Tensor, labelled: torch.Tensor, count: int) -> list[int]:
    """Distances to the labelled rows by matrix products, then one pass over the pool per pick."""
    parts = features.split(4096)
    nearest = torch.cat([torch.cdist(part, features[labelled]).amin(dim=1) for part in parts])
    picked = []
    for _ in range(count):
        row = int(nearest.argmax())
        picked.append(row)
        distances = (features - features[row]).square().sum(dim=1).sqrt()
        nearest = torch.minimum(nearest, distances)
    return picked


def scikit_learn_loop(features: torch.Tensor, labelled: torch.Tensor, count: int) -> list[int]:
    """The loop around `pairwise_distances` that CoreSet was published with."""
    points = features.numpy()
    centres = points[labelled.numpy()]
    nearest = np.concatenate(
        [pairwise_distances(part, centres).min(axis=1) for part in np.array_split(points, 16)]
    )
    picked = []
    for _ in range(count):
        row = int(nearest.argmax())
        picked.append(row)
        nearest = np.minimum(nearest, pairwise_distances(points, points[row : row + 1])[:, 0])
    return picked


def scikit_activeml(features: torch.Tensor, labelled: torch.Tensor, count: int) -> list[int]:
    known = np.full(len(features), np.nan)
    known[labelled.numpy()] = 0
    strategy = CoreSet(random_state=0)
    return [int(row) for row in strategy.query(features.numpy(), known, batch_size=count)]


PEERS: dict[str, Pick] = {
    "plain torch loop": plain_loop,
    "scikit-learn loop": scikit_learn_loop,
    "scikit-activeml": scikit_activeml,
}


def seconds(pick: Pick, *arguments: object) -> tuple[float, list[int]]:
    began = time.perf_counter()
    picked = pick(*arguments)
    return time.perf_counter() - began, picked


def main() -> None:
    print(f"CoreSet, {PICKS:,} picks from {ROWS:,} × {DIM}, seconds (ratio to ours)")
    names = "".join(f"{name:>22}" for name in PEERS)
    print(f"  {'features, labelled':<22}{'ours':>8}{names}")
    for name, features in (("clusters", clusters()), ("noise", noise())):
        for count in LABELLED:
            labelled = torch.arange(count)
            own, picked = seconds(ours, features, labelled, PICKS)
            line = f"  {f'{name}, {count:,}':<22}{own:8.2f}"
            for peer in PEERS.values():
                first, _ = seconds(peer, features, labelled, 1)
                some, theirs = seconds(peer, features, labelled, 1 + TIMED_PICKS)
                whole = first + (some - first) / TIMED_PICKS * (PICKS - 1)
                same = "" if theirs == picked[: len(theirs)] else " (other picks)"
                line += f"{f'{whole:.1f} ({whole / own:.0f} ×){same}':>22}"
            print(line, flush=True)


if __name__ == "__main__":
    main()
