"""CoreSet: `k_center_greedy` against the loop of the published code (all distances at once)."""

import time

import torch

from labeller.selection.coreset import k_center_greedy

CASES = ((5_000, 128, 250, 250), (20_000, 128, 500, 500))


def published_loop(features: torch.Tensor, labelled: torch.Tensor, count: int) -> torch.Tensor:
    """Distances to all centres as one matrix, then one more column a pick."""
    nearest = torch.cdist(features, features[labelled]).amin(dim=1)
    picked = []
    for _ in range(count):
        row = int(nearest.argmax())
        picked.append(row)
        distances = torch.cdist(features, features[row : row + 1]).squeeze(1)
        nearest = torch.minimum(nearest, distances)
    return torch.tensor(picked)


def main() -> None:
    print("CoreSet, seconds           ours    published loop   ratio   same picks")
    for rows, dim, labelled, count in CASES:
        rng = torch.Generator().manual_seed(0)
        features = torch.randn(rows, dim, generator=rng)
        centres = torch.arange(labelled)
        began = time.perf_counter()
        ours = k_center_greedy(features, centres, count)
        middle = time.perf_counter()
        theirs = published_loop(features, centres, count)
        end = time.perf_counter()
        seconds, peer = middle - began, end - middle
        print(
            f"  {rows:>6} × {dim}, {count:>4} picks {seconds:8.2f} {peer:12.2f}"
            f" {peer / seconds:11.1f}   {torch.equal(ours, theirs)}"
        )


if __name__ == "__main__":
    main()
