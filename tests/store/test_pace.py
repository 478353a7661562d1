"""Pace: when people labelled and how long each image took."""

from datetime import UTC, datetime, timedelta

import pytest

from labeller.store import ledger
from labeller.store.pace import Pace


@pytest.fixture
def set_time(monkeypatch):
    """Set the clock of the log, in seconds after a fixed noon."""
    start = datetime(2026, 11, 2, 12, tzinfo=UTC)

    def set_clock(seconds: float) -> None:
        then = (start + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")
        monkeypatch.setattr(ledger, "now", lambda: then)

    return set_clock


def test_an_empty_project_has_no_pace(project):
    assert project.pace() == Pace()


def test_seconds_count_from_the_same_persons_previous_action(project, set_time):
    for seconds, image, class_id, who in [
        (0, 1, 1, "Ann"), (2, 2, 1, "Ann"), (3, 3, 1, "Ben"), (6, 4, 2, "Ann"), (8, 5, 2, "Ben"),
        (500, 6, 3, "Ann"), (86_400, 7, 3, "Ann"),
    ]:  # fmt: skip
        set_time(seconds)
        project.labels.assign({image: class_id}, who)
    pace = project.pace()
    assert pace.by_annotator == {"Ann": 3.0, "Ben": 5.0}, "2 and 4; 5"
    assert pace.by_class == {1: 2.0, 2: 4.5}, "the third class was only labelled after pauses"
    assert pace.seconds == 4.0
    first, second = pace.by_day
    assert second - first == timedelta(days=1)
    assert pace.by_day[first] == {"Ann": 4, "Ben": 2} and pace.by_day[second] == {"Ann": 1}
    assert sum(pace.by_hour) == 7 and max(pace.by_hour) == 7


def test_the_time_of_a_bulk_label_is_divided_among_its_images(project, set_time):
    set_time(0)
    project.labels.assign({1: 1}, "Ann")
    set_time(10)
    project.labels.assign({2: 1, 3: 1, 4: 2, 5: 1}, "Ann")
    pace = project.pace()
    assert pace.by_annotator == {"Ann": 2.5} and pace.by_class == {}


def test_only_peoples_labels_count(project, set_time):
    set_time(0)
    project.labels.assign({1: 1}, "oracle", origin="oracle")
    project.labels.assign({2: 1}, "file", origin="import")
    project.labels.skip([3], "Ann")
    project.labels.undo("Ann")
    assert project.pace() == Pace()
