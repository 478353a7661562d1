import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from labeller.selection import coreset
from labeller.selection.coreset import k_center_greedy


def brute_force(features: torch.Tensor, labelled: list[int], count: int) -> list[int]:
    """The published algorithm in float64, with ties going to the lowest row."""
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
def test_picks_match_the_plain_algorithm(seed, labelled):
    features = torch.randn(40, 6, generator=torch.Generator().manual_seed(seed))
    picked = k_center_greedy(features, torch.tensor(labelled, dtype=torch.long), 12)
    assert picked.tolist() == brute_force(features, labelled, 12)


def test_ties_go_to_the_lowest_row():
    square = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    assert k_center_greedy(square, torch.tensor([], dtype=torch.long), 4).tolist() == [0, 3, 1, 2]


def test_no_row_is_picked_twice_even_among_equal_points():
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


@pytest.mark.parametrize("front", [1, 7, 64])
@pytest.mark.parametrize("labelled", [0, 1, 40, 300])
def test_lazy_evaluation_picks_the_same(monkeypatch, front, labelled):
    """Fronts much smaller than the pool, clustered points, centres in many blocks."""
    monkeypatch.setattr(coreset, "FRONT", front)
    monkeypatch.setattr(coreset, "BLOCK", 8)
    rng = torch.Generator().manual_seed(labelled)
    clusters = 3 * torch.randn(9, 12, generator=rng)
    spread = torch.rand(900, 1, generator=rng)
    features = clusters[torch.randint(9, (900,), generator=rng)] + spread * torch.randn(
        900, 12, generator=rng
    )
    rows = torch.randperm(900, generator=rng)[:labelled]
    expected = in_float64(features, rows, 120)
    assert k_center_greedy(features, rows, 120).tolist() == expected


@pytest.mark.parametrize("seed", range(4))
def test_rounding_of_the_bounds_does_not_change_picks(monkeypatch, seed):
    """Small differences far from the origin, which float32 squares cannot resolve."""
    monkeypatch.setattr(coreset, "FRONT", 8)
    noise = torch.randn(600, 12, generator=torch.Generator().manual_seed(seed))
    features = 1000 + 0.05 * noise
    rows = torch.arange(20)
    assert k_center_greedy(features, rows, 60).tolist() == in_float64(features, rows, 60)
    huge = 1e25 * noise  # their squares overflow float32
    assert k_center_greedy(huge, rows, 60).tolist() == in_float64(huge, rows, 60)


def in_float64(features: torch.Tensor, labelled: torch.Tensor, count: int) -> list[int]:
    """The plain loop in float64, with differences instead of products."""
    points = features.double()
    nearest = torch.full((len(points),), torch.inf, dtype=torch.double)
    picked: list[int] = []
    for centre in [*labelled.tolist(), *[None] * count]:
        row = centre
        if row is None:
            row = int(nearest.argmax())
            picked.append(row)
        nearest = torch.minimum(nearest, (points - points[row]).square().sum(dim=1))
        nearest[row] = -1
    return picked


def test_the_full_search_for_accelerators_picks_the_same():
    features = torch.randn(400, 8, generator=torch.Generator().manual_seed(3))
    labelled = torch.arange(0, 40, 4)
    expected = k_center_greedy(features, labelled, 50)
    assert torch.equal(coreset._in_full(features, labelled, 50), expected)


def test_equal_points_and_whole_pools(monkeypatch):
    monkeypatch.setattr(coreset, "FRONT", 4)
    twice = torch.randn(30, 3, generator=torch.Generator().manual_seed(2)).repeat(2, 1)
    picked = k_center_greedy(twice, torch.tensor([0]), 59).tolist()
    assert sorted(picked) == list(range(1, 60))
    assert sorted(row % 30 for row in picked[:29]) == list(range(1, 30)), "copies come last"
    assert k_center_greedy(twice, torch.tensor([5]), 0).tolist() == []


def test_memory_stays_far_below_a_matrix_of_distances():
    features = torch.randn(20_000, 64, generator=torch.Generator().manual_seed(0))
    largest = 0

    class SizeRecorder(TorchDispatchMode):
        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            nonlocal largest
            out = func(*args, **(kwargs or {}))
            if isinstance(out, torch.Tensor):
                largest = max(largest, out.numel() * out.element_size())
            return out

    with SizeRecorder():
        k_center_greedy(features, torch.arange(2000), 200)
    assert largest <= 1.5 * features.numel() * 4, (
        "20,000 × 2,000 distances would take 32 times as much"
    )


def test_features_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="finite"):
        k_center_greedy(torch.tensor([[0.0], [torch.nan], [1.0]]), torch.tensor([0]), 1)
