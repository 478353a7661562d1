"""When people labelled, and how long an image took them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from statistics import median
from typing import TypeVar

from sqlite_utils import Database

K = TypeVar("K")
PAUSE_SECONDS = 60.0
"""A longer gap between two actions is a pause."""


@dataclass(frozen=True)
class Pace:
    """What people did by day and hour of the local calendar, and the median seconds an image took.

    Attributes:
        by_day: images labelled on each day, by annotator.
        by_hour: images labelled in each hour of the day, 24 numbers.
        by_annotator, by_class: median seconds, by name and by class id.
        seconds: the median of all; None if nothing is known.
    """

    by_day: dict[date, Counter[str]] = field(default_factory=dict)
    by_hour: list[int] = field(default_factory=lambda: [0] * 24)
    by_annotator: dict[str, float] = field(default_factory=dict)
    by_class: dict[int, float] = field(default_factory=dict)
    seconds: float | None = None


def pace_of(db: Database) -> Pace:
    """The pace of all labels that people gave. An image's seconds are those since the same person's
    previous action, divided by the number of images labelled at once; pauses do not count."""
    rows = db.execute(
        "SELECT annotator, at, count(*), min(class_id), min(class_id) = max(class_id) "
        "FROM action JOIN label_event AS event ON event.action_id = action.id "
        "WHERE action.kind = 'do' AND origin = 'person' AND event.kind = 'label' "
        "AND edit IS NULL GROUP BY action.id ORDER BY annotator, action.id"
    ).fetchall()
    by_day: dict[date, Counter[str]] = {}
    by_hour = [0] * 24
    times = [datetime.fromisoformat(at).astimezone() for _, at, *_ in rows]
    for (annotator, _, count, *_), time in zip(rows, times, strict=True):
        by_day.setdefault(time.date(), Counter())[annotator] += count
        by_hour[time.hour] += count
    taken: list[tuple[str, int | None, float]] = []
    for (before, at), (after, then) in pairwise(zip(rows, times, strict=True)):
        annotator, _, count, class_id, alike = after
        gap = (then - at).total_seconds()
        if before[0] == annotator and 0 < gap <= PAUSE_SECONDS:
            taken.append((annotator, class_id if alike else None, gap / count))
    return Pace(
        dict(sorted(by_day.items())),
        by_hour,
        _medians((name, seconds) for name, _, seconds in taken),
        _medians((class_id, seconds) for _, class_id, seconds in taken if class_id is not None),
        median(seconds for *_, seconds in taken) if taken else None,
    )


def _medians(pairs: Iterable[tuple[K, float]]) -> dict[K, float]:
    grouped: dict[K, list[float]] = {}
    for key, seconds in pairs:
        grouped.setdefault(key, []).append(seconds)
    return {key: median(each) for key, each in grouped.items()}
