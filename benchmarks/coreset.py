"""CoreSet: `k_center_greedy` against the plain loop, which reads every point after each pick.

The plain loop is timed on a few picks and counted up: each of them costs the same.
"""

import time

import torch

from labeller.selection.coreset import k_center_greedy

ROWS, DIM, PICKS = 50_000, 512, 1_000
LABELLED = (1_000, 5_000)
TIMED_PICKS = 20


def clusters() -> torch.Tensor:
    """Features as an encoder gives them: not negative, in clusters of unequal spread."""
    rng = torch.Generator().manual_seed(0)
    centres = 2 * torch.randn(100, DIM, generator=rng)
    spread = 0.3 + torch.rand(100, 1, generator=rng)
    place = torch.randint(100, (ROWS,), generator=rng)
    return (centres[place] + spread[place] * torch.randn(ROWS, DIM, generator=rng)).relu()


def noise() -> torch.Tensor:
    """The hard case: no structure, nearly equal distances."""
    return torch.randn(ROWS, DIM, generator=torch.Generator().manual_seed(0))


def plain_loop(features: torch.Tensor, labelled: torch.Tensor, count: int) -> list[int]:
    """Distances to the labelled rows as matrix products, then one pass over the pool a pick."""
    parts = features.split(4096)
    nearest = torch.cat([torch.cdist(part, features[labelled]).amin(dim=1) for part in parts])
    picked = []
    for _ in range(count):
        row = int(nearest.argmax())
        picked.append(row)
        distances = (features - features[row]).square().sum(dim=1).sqrt()
        nearest = torch.minimum(nearest, distances)
    return picked


def main() -> None:
    print(f"CoreSet, {ROWS:,} × {DIM}, {PICKS:,} picks, seconds   ours   plain loop   ratio   same")
    for name, features in (("clusters", clusters()), ("noise", noise())):
        for count in LABELLED:
            labelled = torch.arange(count)
            began = time.perf_counter()
            ours = k_center_greedy(features, labelled, PICKS)
            ended = time.perf_counter()
            plain_loop(features, labelled, 0)
            start = time.perf_counter()
            theirs = plain_loop(features, labelled, TIMED_PICKS)
            stop = time.perf_counter()
            before = start - ended
            peer = before + (stop - start - before) * PICKS / TIMED_PICKS
            seconds = ended - began
            print(
                f"  {name:>8}, {count:>5,} labelled {seconds:25.2f} {peer:12.2f}"
                f" {peer / seconds:7.1f}   {ours[:TIMED_PICKS].tolist() == theirs}"
            )


if __name__ == "__main__":
    main()
