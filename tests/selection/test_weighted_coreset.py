"""Weighted CoreSet and cluster centres, on points with an obvious answer."""

from dataclasses import replace

import pytest
import torch

from labeller.core.run import Run
from labeller.selection import coreset
from labeller.selection.coreset import WeightedCoreSet, typicality
from labeller.selection.sampling import nearest_to_centres
from labeller.selection.strategies import Query


class Known:
    """A model that returns the features and probabilities it was given."""

    def __init__(self, features: torch.Tensor, probabilities: torch.Tensor) -> None:
        self._features, self._probabilities = features, probabilities

    def features(self, rows, run):
        return self._features[rows]

    def probabilities(self, rows, run):
        return self._probabilities[rows]


def query(features, probabilities, labelled, count) -> Query:
    rest = torch.tensor([row for row in range(len(features)) if row not in labelled])
    known = torch.tensor(labelled, dtype=torch.long)
    model = Known(features, probabilities)
    return Query(known, torch.zeros(len(known), dtype=torch.long), rest, count, model, Run(0))


def cloud(count: int, at: float, seed: int = 0) -> torch.Tensor:
    return at + 0.1 * torch.randn(count, 2, generator=torch.Generator().manual_seed(seed))


def test_picks_match_a_plain_loop():
    features = torch.cat([cloud(30, 0.0), cloud(30, 3.0, 1), cloud(3, 9.0, 2)])
    probabilities = torch.rand(63, 4, generator=torch.Generator().manual_seed(3)).softmax(dim=1)
    asked = query(features, probabilities, [0, 1, 30], 8)
    rows = asked.candidates
    best = probabilities[rows].topk(2, dim=1).values
    weights = (1 - (best[:, 0] - best[:, 1])) ** 2 * typicality(
        features[rows], features[rows]
    ).sqrt()
    centres, expected = [features[i] for i in (0, 1, 30)], []
    for _ in range(8):
        far = torch.stack([(features[rows] - c).norm(dim=1) for c in centres]).amin(dim=0)
        worth = far * weights
        worth[expected] = -1
        expected.append(int(worth.argmax()))
        centres.append(features[rows[expected[-1]]])
    assert WeightedCoreSet().choose(asked).tolist() == expected


def test_outliers_and_confident_images_are_not_taken():
    features = torch.cat([cloud(40, 0.0), cloud(40, 2.0, 1), torch.tensor([[50.0, 50.0]])])
    probabilities = torch.full((81, 2), 0.5)
    probabilities[40:60] = torch.tensor([0.999, 0.001])
    picks = WeightedCoreSet().choose(query(features, probabilities, [0], 10))
    rows = [row for row in range(81) if row != 0]
    picked = {rows[place] for place in picks.tolist()}
    assert len(picked) == 10 and 80 not in picked and not picked & set(range(40, 60))


def test_duplicates_of_a_pick_are_not_chosen():
    features = torch.cat([cloud(20, 0.0), cloud(20, 3.0, 1)])
    features = torch.cat([features, features])  # every point twice
    probabilities = torch.full((80, 2), 0.5)
    picks = WeightedCoreSet().choose(query(features, probabilities, [], 20))
    assert len({place % 40 for place in picks.tolist()}) == 20


def test_the_score_of_a_pick_is_its_weighted_distance():
    features = cloud(30, 0.0)
    probabilities = torch.rand(30, 3, generator=torch.Generator().manual_seed(1)).softmax(dim=1)
    asked = query(features, probabilities, [4], 1)
    assert int(WeightedCoreSet().scores(asked).argmax()) == int(WeightedCoreSet().choose(asked)[0])


def test_scores_of_picks_do_not_depend_on_the_other_candidates():
    features = torch.cat([cloud(40, 0.0), cloud(40, 2.0, 1)])
    probabilities = torch.rand(80, 3, generator=torch.Generator().manual_seed(1)).softmax(dim=1)
    asked = query(features, probabilities, [4], 5)
    asked = replace(asked, pool=asked.candidates)
    among_all = WeightedCoreSet().scores(asked)
    places = WeightedCoreSet().choose(asked)
    alone = WeightedCoreSet().scores(replace(asked, candidates=asked.candidates[places]))
    assert torch.allclose(alone, among_all[places])


def test_only_the_least_certain_of_a_large_pool_are_considered(monkeypatch):
    monkeypatch.setattr(coreset, "WEIGHTED_MOST", 20)
    features = torch.cat([cloud(40, 0.0), cloud(40, 2.0, 1)])
    probabilities = torch.full((80, 2), 0.5)
    probabilities[30:] = torch.tensor([0.99, 0.01])
    asked = query(features, probabilities, [], 15)
    assert max(WeightedCoreSet().choose(asked).tolist()) < 30


def test_typicality_is_lowest_for_the_most_isolated_point():
    points = torch.cat([cloud(50, 0.0), torch.tensor([[9.0, 9.0]])])
    found = typicality(points, points)
    assert float(found.min()) == 0 == float(found[-1]) and float(found.max()) == 1
    assert typicality(points[:1], points[:1]).tolist() == [1.0]
    torch.testing.assert_close(typicality(points[7:9], points), found[7:9])  # as among all


@pytest.mark.parametrize("seed", range(5))
def test_the_image_nearest_to_each_cluster_centre_is_chosen(seed):
    clusters = [cloud(20 + 10 * k, 10.0 * k, k) for k in range(4)]
    points = torch.cat(clusters)
    owner = torch.repeat_interleave(torch.arange(4), torch.tensor([len(c) for c in clusters]))
    rows = nearest_to_centres(points, 4, seed)
    assert sorted(owner[rows].tolist()) == [0, 1, 2, 3]
    assert owner[rows].tolist()[0] == 3, "the largest first"
    for row in rows.tolist():
        mean = clusters[owner[row]].mean(dim=0)
        assert float((points[row] - mean).norm()) < 0.1
    assert len(set(nearest_to_centres(points, 100, seed).tolist())) == 100
