import pytest
import torch

from labeller.selection.coreset import k_center_greedy


def brute_force(features: torch.Tensor, labelled: list[int], count: int) -> list[int]:
    """The algorithm as it is written down, in float64, with ties to the lowest row."""
    points = features.double().tolist()
    centres, picked = list(labelled), []
    for _ in range(count):
        best, best_distance = -1, -1.0
        for row, point in enumerate(points):
            if row in centres:
                continue
            distances = [
                sum((a - b) ** 2 for a, b in zip(point, points[c], strict=True)) for c in centres
            ]
            nearest = min(distances, default=float("inf"))
            if nearest > best_distance:
                best, best_distance = row, nearest
        centres.append(best)
        picked.append(best)
    return picked


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("labelled", [[], [3], [0, 7, 20, 31]])
def test_picks_are_those_of_the_plain_algorithm(seed, labelled):
    features = torch.randn(40, 6, generator=torch.Generator().manual_seed(seed))
    picked = k_center_greedy(features, torch.tensor(labelled, dtype=torch.long), 12)
    assert picked.tolist() == brute_force(features, labelled, 12)


def test_ties_go_to_the_lowest_row():
    square = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    assert k_center_greedy(square, torch.tensor([], dtype=torch.long), 4).tolist() == [0, 3, 1, 2]


def test_nothing_is_picked_twice_even_among_equal_points():
    picked = k_center_greedy(torch.zeros(10, 3), torch.tensor([2, 5]), 8)
    assert sorted(picked.tolist()) == [0, 1, 3, 4, 6, 7, 8, 9]


def test_more_centres_than_a_block():
    features = torch.randn(700, 4, generator=torch.Generator().manual_seed(1))
    labelled = torch.arange(600)
    expected = brute_force(features, labelled.tolist(), 3)
    assert k_center_greedy(features, labelled, 3).tolist() == expected


def test_too_many_picks_are_refused():
    with pytest.raises(ValueError, match="6 picks from 5"):
        k_center_greedy(torch.zeros(7, 2), torch.tensor([0, 1]), 6)
