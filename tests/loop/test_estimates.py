"""What is said of a model's accuracy."""

import pytest

from labeller.loop.estimates import Estimate, estimates, hardly_rises, trend, wilson


def known(*pairs: tuple[int, float], count: int = 200) -> list[Estimate]:
    return [
        Estimate(place, labels, share, *wilson(share * count, count), held_out=True)
        for place, (labels, share) in enumerate(pairs)
    ]


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (15, 20, 0.5313, 0.8881)],  # by R's prop.test
)
def test_wilsons_interval(right, count, low, high):
    assert wilson(right, count) == pytest.approx((low, high), abs=1e-4)


def test_a_trend_is_reported_where_intervals_allow_it():
    assert trend(known((50, 0.3), (100, 0.6))) == 1
    assert trend(known((50, 0.6), (100, 0.3))) == -1
    assert trend(known((50, 0.60), (100, 0.62))) == trend(known((50, 0.6))) == trend([]) == 0


def test_more_labels_hardly_help_where_nothing_rises_though_they_grow():
    assert hardly_rises(known((100, 0.8), (150, 0.805), (200, 0.803)))
    assert not hardly_rises(known((100, 0.8), (150, 0.83), (200, 0.803))), "it rose in between"
    assert not hardly_rises(known((100, 0.8), (105, 0.8), (110, 0.8))), "hardly any were added"
    assert not hardly_rises(known((100, 0.8), (200, 0.8)))


def test_held_out_images_are_preferred_and_answers_do_else(project):
    first = project.runs.start({}, "resnet-small", "cpu", 0, 9)
    project.runs.end(first, "finished", 1.0, "checkpoints/run-0001.safetensors", None)
    project.suggestions.replace(first, [(image, 1, 0.5) for image in range(1, 13)])
    for image in range(1, 10):
        project.labels.assign({image: 1}, "ann")
    assert estimates(project) == [], "too few to tell"
    for image in range(10, 13):
        project.labels.assign({image: 2}, "ann")
    (found,) = estimates(project)
    assert (found.run_id, found.labelled, found.accuracy, found.held_out) == (1, 9, 0.75, False)
    assert (found.low, found.high) == pytest.approx(wilson(9, 12))
    second = project.runs.start({}, "resnet-small", "cpu", 0, 12)
    project.runs.end(second, "finished", 1.0, "checkpoints/run-0002.safetensors", 0.5)
    (found,) = estimates(project)
    assert found.held_out and found.accuracy == 0.5 and found.high - found.low > 0
