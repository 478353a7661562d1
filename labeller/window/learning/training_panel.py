"""The state of the model: a line, or curves and figures for those who want them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QToolButton, QVBoxLayout, QWidget

from labeller.core.intervals import ANSWERS, BY_AUDIT, BY_LABELS, HELD_OUT, Accuracy
from labeller.core.run import EpochMetrics, Progress
from labeller.loop.estimates import estimates, hardly_rises, trend
from labeller.project.project import Project
from labeller.store.runs import TrainingRun
from labeller.window.kit.language import mark, tr
from labeller.window.kit.preferences import settings
from labeller.window.kit.widgets import ElidedLabel, PlainLabel
from labeller.window.learning.class_balance import ClassBalance
from labeller.window.learning.plots import LearningPlot, Sparkline

SOURCES = {
    HELD_OUT: mark("Accuracy on the held-out images, with its 90 % interval."),
    BY_AUDIT: mark(
        "Estimated accuracy on the unlabelled images, with its 90 % interval: "
        "from an audit, a random sample labelled blind and not trained on."
    ),
    BY_LABELS: mark(
        "Estimated accuracy on the unlabelled images, with its 90 % interval: "
        "from cross-validation on the labels. An audit (menu Model) measures it."
    ),
    ANSWERS: mark(
        "How often the model's suggestion became the label, with the 90 % "
        "interval. Images chosen by a strategy are harder than the others."
    ),
}
"""What the accuracy means, by its source."""
ARROWS = {1: " ↗", 0: "", -1: " ↘"}


def shows_details() -> bool:
    """Whether the person wants to see details."""
    return bool(settings().value("model_details", False, bool))


class TrainingPanel(QWidget):
    """Signal: details_wanted(): show details, or hide them."""

    details_wanted = Signal()

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._project = project
        self.arrow = QToolButton()
        self.arrow.setArrowType(Qt.ArrowType.RightArrow)
        self.arrow.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click does not take the focus
        self.arrow.setAccessibleName(tr("Model details"))
        self.arrow.setStyleSheet("padding: 1px;")
        self.arrow.clicked.connect(self.details_wanted)
        title = PlainLabel(tr("Model"))
        title.setStyleSheet("font-weight: 600;")
        self.accuracy = PlainLabel()
        self.spark = Sparkline(tr("Accuracy of the models so far"))
        self.news = ElidedLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress of training"))
        policy = self.bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # nothing moves when a training begins
        self.bar.setSizePolicy(policy)
        self.balance = ClassBalance(project)
        self.plot = LearningPlot(self.balance)
        line = QHBoxLayout()
        line.setSpacing(6)
        for widget in (self.arrow, title, self.accuracy):
            line.addWidget(widget)
        line.addStretch()
        line.addWidget(self.spark)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addLayout(line)
        for each in (self.news, self.bar, self.plot):
            layout.addWidget(each)
        self._epoch: EpochMetrics | None = None
        self._paused = False
        self.show_details(shows_details())
        self.refresh()

    def show_details(self, on: bool) -> None:
        """Show or hide the curves below the line."""
        settings().setValue("model_details", on)
        self.arrow.setArrowType(Qt.ArrowType.DownArrow if on else Qt.ArrowType.RightArrow)
        self.plot.setVisible(on)

    def begin(self) -> None:
        """Clear the curves when a training begins."""
        self._epoch = None
        self.plot.show_epochs([])

    def refresh(self) -> None:
        """Show the stored state after opening a project and when a run has ended."""
        self._paused = False
        self.bar.hide()
        runs = self._project.runs.all()
        known = estimates(self._project)
        self.plot.show_estimates(known)
        self.spark.show_values([each.accuracy for each in known])
        self._show_accuracy(known, bool(runs) and runs[-1].state == "finished")
        self.balance.refresh()
        if not runs:
            self._say(tr("Not trained yet."))
            return
        run = runs[-1]
        self.plot.show_epochs(self._project.runs.epochs(run.id))
        text = {
            "finished": tr("Trained on %n label(s)", None, run.labelled),
            "stopped": tr("Stopped; there were %n label(s)", None, run.labelled),
            "failed": tr("Failed; there were %n label(s)", None, run.labelled),
            "running": tr("Training on %n label(s)", None, run.labelled),
        }[run.state]
        if run.seconds is not None:
            text += tr(", {seconds} s").format(seconds=round(run.seconds))
        tuned = next((each for each in reversed(runs) if each.compared), None)
        if run.state == "finished" and tuned is not None and (words := compared_words(tuned)):
            text = words  # there is no room for more
        self._say(f"{text}.")
        if known and run.id == known[-1].run_id and hardly_rises(known):
            self._say(f"{text}. " + tr("More labels hardly help now."))

    def show_progress(self, progress: Progress) -> None:
        """Show the progress of running work."""
        if progress.metrics is not None:
            self._epoch = progress.metrics
            self.plot.add_epoch(progress.metrics)
        self.bar.setMaximum(progress.total)
        self.bar.setValue(progress.done)
        self.bar.show()
        if not self._paused:  # the step that was under way still tells of itself
            self._say(self._words_of(progress))

    def show_paused(self, on: bool) -> None:
        """Show that the work is paused instead of the time left, until it is resumed."""
        self._paused = on
        self._say(tr("Paused") if on else "")

    def _say(self, news: str) -> None:
        """Show a message; screen readers read it at the arrow, which Tab reaches."""
        self.news.setText(news)
        parts = (self.accuracy.text(), news)
        self.arrow.setAccessibleDescription(". ".join(part for part in parts if part))

    def _show_accuracy(self, known: list[Accuracy], trained: bool) -> None:
        if not known:
            self.accuracy.setText(tr("accuracy unknown") if trained else "")
            self.accuracy.setToolTip(tr("Too few labels to tell") if trained else "")
            return
        last = known[-1]
        self.accuracy.setText(
            tr("{accuracy} ({low}–{high})").format(
                accuracy=f"{last.accuracy:.0%}",
                low=f"{100 * last.low:.0f}",
                high=f"{last.high:.0%}",
            )
            + ARROWS[trend(known)]
        )
        self.accuracy.setToolTip(tr(SOURCES[last.source]))

    def _words_of(self, progress: Progress) -> str:
        if progress.stage != "Training":
            self._epoch = None
            return f"{tr(progress.stage)} ..."
        parts = [tr("Training")] if self._epoch is None else _words(self._epoch)
        if progress.seconds_left is not None:
            parts.append(tr("{duration} left").format(duration=duration(progress.seconds_left)))
        return " · ".join(parts)


def compared_words(run: TrainingRun) -> str | None:
    """Which model is used after a fine-tuning, and why, without a full stop."""
    if run.compared is None:
        return None
    fine_tuned, linear = (f"{share:.0%}" for share in run.compared)
    if run.is_fine_tuned:
        said = tr("Fine-tuned on %n label(s): {fine_tuned}, linear {linear}", None, run.labelled)
    else:
        said = tr(
            "The linear head answers: {linear}, fine-tuned on %n label(s) {fine_tuned}",
            None,
            run.labelled,
        )
    return said.format(fine_tuned=fine_tuned, linear=linear)


def _words(epoch: EpochMetrics) -> list[str]:
    """The result of an epoch in a few words."""
    parts = [tr("Epoch {epoch}").format(epoch=epoch.epoch)]
    if epoch.losses:
        losses = " + ".join(f"{loss:.2f}" for loss in epoch.losses.values())
        parts.append(tr("loss {losses}").format(losses=losses))
    if epoch.train_accuracy is not None:
        parts.append(tr("accuracy {accuracy}").format(accuracy=f"{epoch.train_accuracy:.0%}"))
    return parts


def duration(seconds: float) -> str:
    if seconds < 90:
        return tr("{seconds} s").format(seconds=max(1, round(seconds)))
    if seconds < 5400:
        return tr("{minutes} min").format(minutes=round(seconds / 60))
    return tr("{hours} h").format(hours=f"{seconds / 3600:.1f}")
