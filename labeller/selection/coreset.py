"""CoreSet: greedy k-centre (Sener and Savarese, "Active Learning for Convolutional Neural
Networks: A Core-Set Approach", ICLR 2018, algorithm 1)."""

import torch
from torch import Tensor

BLOCK = 256
"""Centres that are held against all the points at once."""


@torch.no_grad()
def k_center_greedy(features: Tensor, labelled: Tensor, count: int) -> Tensor:
    """Pick points one by one, each the furthest from all the centres so far.

    Distances are Euclidean. Of points equally far, the one with the lowest row is taken; without
    any centre the first pick is row 0.

    Args:
        features: float [N, d], on any device.
        labelled: long, rows that are centres from the start; may be empty.
        count: how many rows to pick.

    Returns:
        long [count], rows in the order of picking, none of them labelled.

    Raises:
        ValueError: there are fewer than `count` rows that are not labelled.
    """
    centres = torch.unique(labelled.to(features.device))
    if count > len(features) - len(centres):
        raise ValueError(f"{count} picks from {len(features) - len(centres)} unlabelled rows")
    features = features.float()
    squares = (features * features).sum(dim=1)
    nearest = torch.full((len(features),), torch.inf, device=features.device)
    for start in range(0, len(centres), BLOCK):
        block = centres[start : start + BLOCK]
        distances = squares[block] - 2 * (features @ features[block].T)
        torch.minimum(nearest, distances.amin(dim=1) + squares, out=nearest)
    nearest.clamp_(min=0)
    nearest[centres] = -1  # below any distance, so that it is never picked
    picked = torch.empty(count, dtype=torch.long, device=features.device)
    for place in range(count):
        row = torch.argmax(nearest)
        picked[place] = row
        distances = (features - features[row]).square_().sum(dim=1)
        torch.minimum(nearest, distances, out=nearest)
        nearest[row] = -1
    return picked
