"""Estimates of a model's accuracy."""

import pytest

from labeller.core.intervals import ANSWERS, HELD_OUT, Accuracy, wilson
from labeller.loop.estimates import estimates, hardly_rises, summary, trend


def history(*pairs: tuple[int, float], count: int = 200) -> list[Accuracy]:
    found = [(labels, wilson(share * count, count)) for labels, share in pairs]
    return [
        Accuracy(HELD_OUT, *each, run_id=place, labelled=labels)
        for place, (labels, each) in enumerate(found)
    ]


def test_a_trend_is_reported_if_intervals_are_clear():
    assert trend(history((50, 0.3), (100, 0.6))) == 1
    assert trend(history((50, 0.6), (100, 0.3))) == -1
    assert trend(history((50, 0.60), (100, 0.62))) == trend(history((50, 0.6))) == trend([]) == 0


def test_stagnating_accuracy_means_more_labels_hardly_help():
    assert hardly_rises(history((100, 0.8), (150, 0.805), (200, 0.803)))
    assert not hardly_rises(history((100, 0.8), (150, 0.83), (200, 0.803))), "it rose in between"
    assert not hardly_rises(history((100, 0.8), (105, 0.8), (110, 0.8))), (
        "hardly any labels were added"
    )
    assert not hardly_rises(history((100, 0.8), (200, 0.8)))


def test_estimates_prefer_held_out_images_to_answers(project):
    first = project.runs.start({}, "resnet-small", "cpu", 0, 9)
    project.runs.end(first, "finished", 1.0, "checkpoints/run-0001.safetensors", None)
    project.suggestions.replace(first, [(image, 1, 0.5) for image in range(1, 13)])
    for image in range(1, 10):
        project.labels.assign({image: 1}, "ann")
    assert estimates(project) == [], "too few for an estimate"
    for image in range(10, 13):
        project.labels.assign({image: 2}, "ann")
    (found,) = estimates(project)
    assert (found.run_id, found.labelled, found.accuracy, found.source) == (1, 9, 0.75, ANSWERS)
    assert (found.low, found.high) == pytest.approx((wilson(9, 12).low, wilson(9, 12).high))
    stored = Accuracy("labels", 0.8, 0.7, 0.9, {3: (0.5, 0.2, 0.8)})
    second = project.runs.start({}, "mean-colours", "cpu", 0, 12)
    project.runs.end(second, "finished", 1.0, "checkpoints/run-0002.safetensors", estimate=stored)
    (found,) = estimates(project)
    assert (found.run_id, found.source, found.low) == (2, "labels", 0.7)
    assert (
        found.per_class == {"red": (0.5, 0.2, 0.8)} and project.runs.get(second).estimate == stored
    )
    third = project.runs.start({}, "resnet-small", "cpu", 0, 12)
    project.runs.end(third, "finished", 1.0, "checkpoints/run-0003.safetensors", 0.5)
    (found,) = estimates(project)
    assert found.source == HELD_OUT and found.accuracy == 0.5 and found.high - found.low > 0


def test_the_summary_contains_the_estimate(project):
    assert summary(project) == {"estimate": None, "hardly_help": False}
    for labels, share in ((50, 0.6), (100, 0.7), (200, 0.775)):
        run = project.runs.start({}, "mean-colours", "cpu", 0, labels)
        found = Accuracy("labels", share, share - 0.1, share + 0.1, {})
        project.runs.end(run, "finished", 1.0, f"checkpoints/run-{run}", estimate=found)
    said = summary(project)
    assert said["estimate"]["accuracy"] == 0.775 and said["estimate"]["source"] == "labels"
    assert said["hardly_help"] is False
