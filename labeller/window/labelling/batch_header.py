"""Above the images: what they are, and the progress in the batch and the pool."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from labeller.store.rounds import AUDIT
from labeller.window.kit.actions import key_text
from labeller.window.kit.elided_label import ElidedLabel
from labeller.window.kit.language import tr
from labeller.window.kit.plain_text import PlainLabel
from labeller.window.labelling.pace import Today
from labeller.window.labelling.session import Session

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
