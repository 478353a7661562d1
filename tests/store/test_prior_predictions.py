"""Predictions made before a label was given, and the record kept of them."""

import pytest

from labeller.project.curation import merge_classes
from labeller.store.predictions import Record
from labeller.store.review import Question


@pytest.fixture
def suggested(project):
    """Images 1–6 with suggestions of one run: class 1, half of them confident."""
    run = project.runs.start({}, "resnet-small", "cpu", 0, 0)
    rows = [(image, 1, 0.95 if image <= 3 else 0.55) for image in range(1, 7)]
    project.suggestions.replace(run, rows)
    return project


def mistakes(project) -> list[int]:
    return project.review.find(Question(order="mistakes")).tolist()


def test_a_label_is_compared_with_the_prior_prediction(suggested):
    suggested.labels.assign({1: 1}, "ann")
    suggested.labels.assign({2: 2}, "ann")
    suggested.labels.assign({4: 1}, "ann")
    assert suggested.prior_predictions.record() == Record(2, 3)
    assert suggested.prior_predictions.record(least=0.9) == Record(1, 2)
    assert suggested.prior_predictions.of([1, 2, 3]) == {1: 1, 2: 1}
    assert suggested.review.confusion() == {(1, 1): 2, (2, 1): 1}
    assert suggested.review.of_cell(2, 1).tolist() == [2] == mistakes(suggested)


def test_predictions_by_models_trained_on_the_label_do_not_count(suggested):
    suggested.labels.assign({1: 2, 9: 2}, "ann")
    learnt = suggested.runs.start({}, "resnet-small", "cpu", 0, 2)
    suggested.suggestions.replace(learnt, [(1, 2, 1.0), (9, 2, 1.0), (2, 3, 0.8)])
    suggested.labels.assign({9: 1}, "ann")  # without a prediction in time
    assert suggested.prior_predictions.of([1, 9]) == {1: 1}
    assert mistakes(suggested) == [1]
    assert suggested.prior_predictions.record() == Record(0, 1)


def test_suggestions_accepted_in_bulk_do_not_count(suggested):
    suggested.labels.assign({1: 1, 2: 1}, "ann", suggested_by=1)
    assert suggested.prior_predictions.record() == Record(0, 0)
    suggested.labels.assign({3: 1}, "ann", suggested_by=1)
    assert suggested.prior_predictions.record() == Record(1, 1)
    suggested.labels.assign({4: 2, 5: 1}, "ann")  # a group labelled with one key
    assert suggested.prior_predictions.record() == Record(2, 3)


def test_undone_and_skipped_images_are_not_compared(suggested):
    suggested.labels.assign({1: 2}, "ann")
    suggested.labels.undo("ann")
    suggested.labels.skip([2], "ann")
    assert suggested.prior_predictions.record() == Record(0, 0) and not mistakes(suggested)
    suggested.labels.redo("ann")
    assert suggested.prior_predictions.record() == Record(0, 0), "the skip ended the redo"
    suggested.labels.assign({1: 1}, "ann")
    assert suggested.prior_predictions.record() == Record(1, 1), "the first prediction stays"


def test_a_checked_label_is_no_likely_mistake_until_the_check_is_undone(suggested):
    round_ = suggested.rounds.add("random", 0, [1, 2])
    suggested.labels.assign({1: 2}, "ann", round_id=round_.id)
    suggested.labels.assign({2: 3}, "ann", round_id=round_.id)
    assert mistakes(suggested) == [1, 2]
    suggested.labels.assign({1: 2}, "ann")  # confirmed on review
    assert mistakes(suggested) == [2] and suggested.review.checked([1, 2]) == {1}
    suggested.labels.undo("ann")
    assert set(mistakes(suggested)) == {1, 2} and suggested.review.checked([1, 2]) == set()
    suggested.labels.redo("ann")
    assert mistakes(suggested) == [2]


def test_prior_predictions_follow_a_merge(suggested):
    suggested.labels.assign({1: 2, 2: 1}, "ann")
    assert suggested.prior_predictions.record() == Record(1, 2)
    merge_classes(suggested, 1, 2, "ann")
    assert suggested.prior_predictions.record() == Record(2, 2) and not mistakes(suggested)


def test_only_the_newest_comparisons_count(suggested, monkeypatch):
    monkeypatch.setattr("labeller.store.predictions.RECENT", 2)
    for image, class_id in ((1, 2), (2, 1), (3, 1)):
        suggested.labels.assign({image: class_id}, "ann")
    assert suggested.prior_predictions.record() == Record(2, 2)
