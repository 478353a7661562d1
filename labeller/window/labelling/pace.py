"""How much somebody has labelled today and how fast."""

import time
from collections import deque
from datetime import UTC, datetime
from itertools import pairwise

from labeller.window.labelling.session import Session

WINDOW_SECONDS = 300.0
PAUSE_SECONDS = 60.0
"""Longer gaps do not count as work."""
FEWEST_ANSWERS, FEWEST_SECONDS = 6, 10.0
"""Too little to tell a pace below this."""


class Pace:
    """Counts the labels of the last minutes; times are seconds since any fixed moment."""

    def __init__(self) -> None:
        self._answers: deque[tuple[float, int]] = deque()

    def add(self, count: int, at: float) -> None:
        """Record images that were labelled just now."""
        self._answers.append((at, count))
        while self._answers[0][0] < at - WINDOW_SECONDS:
            self._answers.popleft()

    def a_minute(self) -> float | None:
        """Labels per minute of work; None while there is too little to tell."""
        times = [at for at, _ in self._answers]
        gaps = [later - before for before, later in pairwise(times)]
        worked = sum(gap for gap in gaps if gap <= PAUSE_SECONDS)
        # Nobody knows how long the first one took.
        count = sum(count for _, count in list(self._answers)[1:])
        if count < FEWEST_ANSWERS - 1 or worked < FEWEST_SECONDS:
            return None
        return 60 * count / worked


class Today:
    """The images that the session's annotator has labelled since midnight, and the pace."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.pace = Pace()
        self.read()
        session.batch_changed.connect(self.read)
        session.labels_changed.connect(self._follow)

    @property
    def count(self) -> int:
        return len(self._answered)

    def read(self) -> None:
        """Count again from the database."""
        midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        self._midnight = midnight.astimezone(UTC).isoformat(timespec="milliseconds")
        found = self._session.project.labels.given_since(self._midnight, self._session.annotator)
        self._answered = set(found)

    def _follow(self, positions: list[int]) -> None:
        session, new = self._session, 0
        for place in positions:
            image_id, label = session.images[place].id, session.batch.label_at(place)
            own = label is not None and label.annotator == session.annotator
            if label is None or not own or label.at < self._midnight:
                self._answered.discard(image_id)
            elif image_id not in self._answered:
                self._answered.add(image_id)
                new += 1
        if new:
            self.pace.add(new, time.monotonic())
