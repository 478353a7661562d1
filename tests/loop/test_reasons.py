"""Why images were chosen: the strategy's scores and the most similar labelled images."""

import pytest
import torch

from labeller.core.run import Run
from labeller.loop import predicting, rounds
from labeller.selection.sampling import nearest
from labeller.selection.strategies import ByScore
from tests.loop.test_rounds import FAST


def test_nearest_matches_a_loop_over_all_points():
    rng = torch.Generator().manual_seed(0)
    points, among = torch.rand(50, 4, generator=rng), torch.rand(9, 4, generator=rng)
    distances, rows = nearest(points, among)
    for point, distance, row in zip(points, distances, rows, strict=True):
        every = [float((point - other).norm()) for other in among]
        assert int(row) == every.index(min(every))
        assert float(distance) == pytest.approx(min(every), abs=1e-5)
    assert [len(each) for each in nearest(points[:0], among)] == [0, 0]


def test_a_batch_stores_scores_and_nearest_labelled_images(project):
    rounds.label_by_oracle(project, rounds.begin(project))
    trained = rounds.learn(project, FAST)
    labelled = project.labels.labelled()[0]
    chosen = rounds.select(project, 5, FAST, model=trained.model)
    reasons = project.rounds.reasons(chosen.id)
    assert list(reasons) == list(chosen.image_ids)
    model = predicting.model_of(project, trained.run, "cpu")
    for image_id, reason in reasons.items():
        own, others = (
            model.features(torch.tensor(ids) - 1, Run()) for ids in ([image_id], labelled.tolist())
        )
        distances = (others - own).norm(dim=1)
        assert reason.nearest == labelled[int(distances.argmin())]
        assert reason.score == pytest.approx(float(distances.min()), rel=1e-3)
    assert reasons[chosen.image_ids[0]].score == max(each.score for each in reasons.values())


def test_random_batches_have_no_reasons(project):
    first = rounds.begin(project)
    rounds.label_by_oracle(project, first)
    rounds.learn(project, FAST)
    drawn = rounds.select(project, 5, rounds.Method(FAST.recipe, device="cpu", strategy="random"))
    assert project.rounds.reasons(first.id) == project.rounds.reasons(drawn.id) == {}


def test_the_highest_scores_are_chosen_and_ties_go_to_the_first():
    class Known(ByScore):
        def scores(self, query):
            return torch.tensor([0.2, 0.9, 0.5, 0.9, 0.9])

    class Two:
        count = 2

    assert Known().choose(Two()).tolist() == [1, 3]
