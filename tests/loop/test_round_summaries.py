"""Summaries of what a batch contributed, on hand-made rounds."""

import pytest

from labeller.loop import rounds
from labeller.loop.estimates import last_round_summary
from tests.loop.test_rounds import FAST


def train(project, accuracy: float, **per_class: float) -> int:
    run = project.runs.start({}, "resnet-small", "cpu", 0, project.labels.counts()[0])
    ids = project.classes.ids_by_name()
    by_id = {ids[name]: share for name, share in per_class.items()}
    project.runs.end(run, "finished", 1.0, f"checkpoints/{run}", accuracy, by_id)
    return run


def test_the_summary_covers_the_last_batch_the_newest_model_was_trained_on(project):
    assert last_round_summary(project) is None
    first = project.rounds.add("random", 0, [1, 2, 3])
    project.labels.assign({1: 1, 2: 2}, "anna", round_id=first.id)
    run = train(project, 0.4, red=0.5, green=0.3)
    summary = last_round_summary(project)
    assert (summary.round_number, summary.labels, summary.compared) == (0, {1: 1, 2: 1}, 0)
    assert summary.before is None and summary.after == 0.4 and summary.gains == {}

    second = project.rounds.add("coreset", 0, [4, 5, 6, 7], run)
    project.prior_predictions.keep_for_round(second.id, {4: 1, 5: 1, 6: 1})
    project.labels.assign({4: 1, 5: 2, 7: 1}, "anna", round_id=second.id)
    assert last_round_summary(project).round_number == 0, "no model was trained on the second batch"
    train(project, 0.45, red=0.4, green=0.6)
    summary = last_round_summary(project)
    assert (summary.round_number, summary.labels) == (1, {1: 2, 2: 1})
    assert (summary.foreseen, summary.compared) == (1, 2), "7 has no prediction, 6 no label"
    assert (summary.before, summary.after) == (0.4, 0.45)
    assert summary.gains == pytest.approx({"red": -0.1, "green": 0.3})


def test_predictions_for_the_next_batch_are_stored(project):
    rounds.label_by_oracle(project, rounds.begin(project))
    run = rounds.train_round(project, FAST)
    chosen = rounds.select(project, 5, keep_suggestions=True)
    said = project.suggestions.of(chosen.image_ids)
    assert {one.run_id for one in said.values()} == {run.id}
    kept = project.prior_predictions.of_round(chosen.id)
    assert kept == {i: one.class_id for i, one in said.items()} and len(kept) == 5
    project.suggestions.replace(run.id, [])
    assert project.prior_predictions.of_round(chosen.id) == kept, "a newer model does not change it"
