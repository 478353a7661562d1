"""Labels per class, what the last batch added, and the accuracy of each class."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from labeller.loop.estimates import RoundSummary, estimates, last_round_summary
from labeller.project.project import Project
from labeller.store.classes import ImageClass
from labeller.window.kit.language import tr
from labeller.window.kit.theme import class_colour, muted
from labeller.window.kit.widgets import PlainLabel

ROW, GAP, NAME_SHARE = 15, 6, 0.3
FADED = 0.45


class ClassBalance(QWidget):
    """A summary of the last batch, and a bar for each class."""

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._project = project
        self.words = PlainLabel()
        self.words.setWordWrap(True)
        self.bars = _Bars()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the images keep the keyboard
        scroll.setAccessibleName(tr("Labels of each class"))
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(self.bars)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addWidget(self.words)
        layout.addWidget(scroll, 1)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Read the stored state after opening a project and when a run has ended."""
        summary = last_round_summary(self._project)
        self.words.setText(
            tr("No batch has been trained on yet.") if summary is None else _words_of(summary)
        )
        known = estimates(self._project)
        self._learnt = {} if summary is None else summary.labels
        per_class = known[-1].per_class if known else {}
        self._accuracies = {name: each.share for name, each in per_class.items()}
        self.count(self._project.classes.all(), self._project.labels.counts_by_class())

    def count(self, classes: list[ImageClass], labels: dict[int, int]) -> None:
        """Show the number of labels per class id, after each change."""
        self.bars.show_counts(classes, labels, self._learnt, self._accuracies)


def _words_of(summary: RoundSummary) -> str:
    """The summary of the last batch, in two lines."""
    parts = [tr("Last batch: %n label(s)", None, sum(summary.labels.values()))]
    if summary.compared:
        parts.append(
            tr("{foreseen} of {compared} predicted by the previous model").format(
                foreseen=summary.foreseen, compared=summary.compared
            )
        )
    if summary.before is not None and summary.after is not None:
        parts.append(
            tr("held-out {before} → {after}").format(
                before=f"{summary.before:.1%}", after=f"{summary.after:.1%}"
            )
        )
    if summary.gains:
        best = max(summary.gains, key=lambda name: summary.gains[name])
        worst = min(summary.gains, key=lambda name: summary.gains[name])
        changed = (
            f"{name} {100 * summary.gains[name]:+.0f}" for name in dict.fromkeys((best, worst))
        )
        text = ", ".join(changed).replace("-", "−")
        parts.append(tr("{changes} points").format(changes=text))
    return "; ".join(parts) + "."


class _Bars(QWidget):
    """A row for each class: its name, a bar of its labels with the last batch in full colour, their
    number, and the accuracy, measured or estimated."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[ImageClass, int, int, float | None]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def show_counts(
        self,
        classes: list[ImageClass],
        counts: dict[int, int],
        new: dict[int, int],
        accuracies: dict[str, float],
    ) -> None:
        self.rows = [
            (c, counts.get(c.id, 0), min(new.get(c.id, 0), counts.get(c.id, 0)),
             accuracies.get(c.name))
            for c in classes
        ]  # fmt: skip
        parts = [f"{c.name}: {count}" for c, count, _, _ in self.rows]
        self.setAccessibleName(tr("Labels of each class"))
        self.setAccessibleDescription(", ".join(parts))
        self.setMinimumHeight(len(self.rows) * ROW)
        self.setToolTip(
            tr(
                "Labels of each class, the last batch in full colour; behind them the "
                "share of the class that the model recognises."
            )
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, len(self.rows) * ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        painter.setFont(font)
        text = painter.fontMetrics()
        names = int(self.width() * NAME_SHARE)
        shares = text.horizontalAdvance("100 %") + GAP
        numbers = max((text.horizontalAdvance(str(n)) for _, n, _, _ in self.rows), default=0) + GAP
        room = self.width() - names - numbers - shares - 2 * GAP
        most = max((count for _, count, _, _ in self.rows), default=0) or 1
        plain = self.palette().windowText().color()
        left, middle = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignVCenter
        for place, (image_class, count, new, share) in enumerate(self.rows):
            line = QRect(0, place * ROW, self.width(), ROW)
            painter.setPen(plain)
            name = text.elidedText(image_class.name, Qt.TextElideMode.ElideRight, names - GAP)
            painter.drawText(line, left | middle, name)
            bar = QRect(names, line.top() + 3, int(room * count / most), ROW - 6)
            colour = QColor(class_colour(image_class))
            faded = QColor(colour)
            faded.setAlphaF(FADED)
            painter.fillRect(bar, faded)
            fresh = QRect(bar)
            fresh.setLeft(bar.left() + int(bar.width() * (count - new) / count) if count else 0)
            if new:
                painter.fillRect(fresh, colour)
            painter.setPen(
                muted(self.palette())
            )  # pale colours would be invisible without an outline
            painter.drawRect(bar.adjusted(0, 0, -1, -1))
            painter.setPen(plain)
            beside = line.adjusted(names + bar.width() + GAP, 0, 0, 0)
            painter.drawText(beside, left | middle, str(count))
            if share is not None:
                painter.setPen(muted(self.palette()))
                painter.drawText(line, Qt.AlignmentFlag.AlignRight | middle, f"{share:.0%}")
