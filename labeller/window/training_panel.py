"""How learning goes: the bar, the numbers, the curves."""

from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from labeller.progress import EpochMetrics, Progress
from labeller.project import Project
from labeller.window.class_balance import ClassBalance
from labeller.window.language import tr
from labeller.window.learning_plot import LearningPlot
from labeller.window.plain_text import PlainLabel


class TrainingPanel(QWidget):
    def __init__(self, project: Project) -> None:
        super().__init__()
        self._project = project
        self._title = PlainLabel(tr("Model"))
        self._title.setStyleSheet("font-weight: 600;")
        self._news = PlainLabel()
        self._news.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress of training"))
        self.balance = ClassBalance(project)
        self.plot = LearningPlot(self.balance)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self._title, self._news, self.bar):
            layout.addWidget(widget)
        layout.addWidget(self.plot, 1)
        self._epoch: EpochMetrics | None = None
        self.refresh()

    def refresh(self) -> None:
        """Show what is stored: after opening a project, and when a run has ended."""
        self.bar.hide()
        runs = self._project.runs.all()
        self.plot.setVisible(bool(runs))
        self.plot.show_runs(runs)
        self.balance.refresh()
        if not runs:
            self._news.setText(tr("Not trained yet. Label a batch, then press T."))
            return
        run = runs[-1]
        epochs = self._project.runs.epochs(run.id)
        self.plot.show_epochs(epochs)
        told = {
            "finished": tr("Trained on %n label(s)", None, run.labelled),
            "stopped": tr("Stopped; there were %n label(s)", None, run.labelled),
            "failed": tr("Failed; there were %n label(s)", None, run.labelled),
            "running": tr("Training on %n label(s)", None, run.labelled),
        }[run.state]
        if run.seconds is not None:
            told += tr(", {seconds} s").format(seconds=round(run.seconds))
        if run.test_accuracy is not None:
            told += tr(", held-out {accuracy}").format(accuracy=f"{run.test_accuracy:.1%}")
        self._news.setText(f"{told}.")

    def show_progress(self, progress: Progress) -> None:
        """Follow the work that is running."""
        if progress.metrics is not None:
            self._epoch = progress.metrics
            self.plot.show()
            self.plot.add_epoch(progress.metrics)
        self.bar.setMaximum(progress.total)
        self.bar.setValue(progress.done)
        self.bar.show()
        self._news.setText(self._told(progress))

    def _told(self, progress: Progress) -> str:
        if progress.stage != "Training":
            self._epoch = None
            return f"{tr(progress.stage)} ..."
        parts = [tr("Training")] if self._epoch is None else _words(self._epoch)
        if progress.seconds_left is not None:
            parts.append(tr("{duration} left").format(duration=_duration(progress.seconds_left)))
        return " · ".join(parts)


def _words(epoch: EpochMetrics) -> list[str]:
    """What an epoch gave, in a few words."""
    parts = [tr("Epoch {epoch}").format(epoch=epoch.epoch)]
    if epoch.losses:
        losses = " + ".join(f"{loss:.2f}" for loss in epoch.losses)
        parts.append(tr("loss {losses}").format(losses=losses))
    if epoch.train_accuracy is not None:
        parts.append(tr("accuracy {accuracy}").format(accuracy=f"{epoch.train_accuracy:.0%}"))
    return parts


def _duration(seconds: float) -> str:
    if seconds < 90:
        return tr("{seconds} s").format(seconds=max(1, round(seconds)))
    if seconds < 5400:
        return tr("{minutes} min").format(minutes=round(seconds / 60))
    return tr("{hours} h").format(hours=f"{seconds / 3600:.1f}")
