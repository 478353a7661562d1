"""The line above the images: what they are, the progress of batch and pool, the pace, and whether
the next batch is ready."""

import time
from collections import deque
from datetime import UTC, datetime
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from labeller.store.pace import PAUSE_SECONDS
from labeller.store.review import OF_POOL
from labeller.store.rounds import AUDIT
from labeller.window.kit.actions import key_text
from labeller.window.kit.language import tr
from labeller.window.kit.widgets import ElidedLabel, PlainLabel
from labeller.window.labelling.session import Session

WINDOW_SECONDS = 300.0
FEWEST_ANSWERS, FEWEST_SECONDS = 6, 10.0
"""Below this there is too little to estimate a pace."""


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
        """Labels per minute of work; None while there are too few to estimate it."""
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


SEPARATOR = "  ·  "


class BatchHeader(QWidget):
    """Hides the least important parts where space is short."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._today = Today(session)
        self._pool = session.project.images.pool_size()
        self._parts: list[str] = []
        self.title = ElidedLabel()
        self.title.setStyleSheet("font-size: 15px; font-weight: 600;")
        self.chip = PlainLabel()
        self.chip.setStyleSheet(
            "background: palette(highlight); color: palette(highlighted-text);"
            "border-radius: 8px; padding: 1px 9px; font-weight: 600;"
        )
        self.chip.hide()
        self.count = PlainLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress of this batch"))
        line = QHBoxLayout()
        line.addWidget(self.title, 1)
        line.addWidget(self.chip)
        line.addWidget(self.count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(line)
        layout.addWidget(self.bar)
        for signal in (session.labels_changed, session.batch_changed, session.cursor_changed):
            signal.connect(self.refresh)
        self.refresh()

    def show_selected(self, count: int) -> None:
        """Show how many images the next key applies to, if more than one."""
        self.chip.setText(tr("{count} selected").format(count=count))
        self.chip.setVisible(count > 1)

    def refresh(self, *_: object) -> None:
        session = self._session
        if session.reviewing:
            self._show_look_through()
        elif session.round is None:
            self.title.setText(tr("Choosing the first images ..."))
            self._show([], 0, 1)
        else:
            self._show_round()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_parts()

    def _show_look_through(self) -> None:
        session = self._session
        done, total = session.cursor + 1, len(session.images)
        text = tr("{done} of {total}")
        if session.blind:
            done = total - len(session.open_positions())
        elif session.batch.question is not None and session.batch.question.state in OF_POOL:
            done, total = session.batch.start + done, max(session.batch.found, total)
        elif session.batch.question is not None:
            done = len(session.batch.checked)
            text = tr("{done} of {total} checked")
        self.title.setText(session.batch.title)
        back = tr("{key}: back to the batch").format(key=key_text("back"))
        self._show([text.format(done=done, total=total), back], done, total)

    def _show_round(self) -> None:
        session = self._session
        assert session.round is not None
        how = {
            "random": tr("chosen at random"),
            "coreset": tr("chosen by CoreSet"),
            "weighted-coreset": tr("chosen by weighted CoreSet"),
            "centres": tr("typical images"),
            AUDIT: tr("audit: a random sample, labelled blind"),
        }
        name = session.round.strategy
        chosen = how.get(name, tr("chosen by {strategy}").format(strategy=name))
        self.title.setText(
            tr("Round {number}, {chosen}").format(number=session.round.number, chosen=chosen)
        )
        total = len(session.images)
        done = total - len(session.open_positions())
        labelled = session.summary.labelled
        parts = [
            tr("Batch {done}/{total}").format(done=done, total=total),
            tr("Pool {done}/{total}").format(done=f"{labelled:,}", total=f"{self._pool:,}"),
            tr("today {count}").format(count=f"{self._today.count:,}"),
        ]
        if (pace := self._today.pace.a_minute()) is not None:
            parts.append(tr("{count} a minute").format(count=round(pace)))
        self._show(parts, done, total)

    def _show(self, parts: list[str], done: int, total: int) -> None:
        self._parts = parts
        self._show_parts()
        self.bar.setMaximum(max(1, total))
        self.bar.setValue(done)

    def _show_parts(self) -> None:
        """Show as many parts as fit beside the title, but at least the first."""
        title = self.title.fontMetrics().horizontalAdvance(self.title.text())
        room = self.width() - title - self.chip.sizeHint().width() * self.chip.isVisible() - 24
        shown = list(self._parts)
        while len(shown) > 1:
            if self.count.fontMetrics().horizontalAdvance(SEPARATOR.join(shown)) <= room:
                break
            shown.pop()
        self.count.setText(SEPARATOR.join(shown))


class BatchBanner(QFrame):
    """Signal: wanted(): show the next batch."""

    wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._text = PlainLabel()
        self.button = QPushButton()
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click does not take the focus
        self.button.clicked.connect(self.wanted)
        self.setObjectName("banner")
        self.setStyleSheet("#banner { border: 1px solid palette(highlight); border-radius: 6px; }")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 4, 6, 4)
        layout.addWidget(self._text, 1)
        layout.addWidget(self.button)
        for signal in (session.waiting_changed, session.batch_changed, session.labels_changed):
            signal.connect(self.refresh)
        self.hide()  # until it is laid out: without a parent it would be a window

    def refresh(self, *_: object) -> None:
        """Show while another batch waits, with how many images of this one are left."""
        waiting = None if self._session.reviewing else self._session.waiting_round
        self.setVisible(waiting is not None)
        if waiting is None:
            return
        text = tr("Next batch ready: %n image(s)", None, len(waiting.image_ids))
        if left := len(self._session.open_positions()):
            text += tr(" · {left} open in this one").format(left=left)
        self._text.setText(text)
        self.button.setText(tr("Show it ({key})").format(key=key_text("next_batch")))
