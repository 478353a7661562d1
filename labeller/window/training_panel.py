"""How learning goes: the bar, the numbers, the curves."""

from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout, QWidget

from labeller.progress import EpochMetrics, Progress
from labeller.project import Project
from labeller.window.learning_plot import LearningPlot


class TrainingPanel(QWidget):
    def __init__(self, project: Project) -> None:
        super().__init__()
        self._project = project
        self._title = QLabel("Model")
        self._title.setStyleSheet("font-weight: 600;")
        self._news = QLabel()
        self._news.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of training")
        self.plot = LearningPlot()
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
        if not runs:
            self._news.setText("Not trained yet. Label a batch, then press T.")
            return
        run = runs[-1]
        epochs = self._project.runs.epochs(run.id)
        self.plot.show_epochs(epochs)
        accuracy = "" if run.test_accuracy is None else f", held-out {run.test_accuracy:.1%}"
        seconds = "" if run.seconds is None else f" in {run.seconds:.0f} s"
        told = {"finished": "Trained", "stopped": "Stopped", "failed": "Failed"}[run.state]
        self._news.setText(f"{told} on {run.labelled} labels{seconds}{accuracy}.")

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
            return f"{progress.stage} ..."
        left = ""
        if progress.seconds_left is not None:
            left = f", {_duration(progress.seconds_left)} left"
        if self._epoch is None:
            return f"Training{left}"
        told = self._epoch.told().replace(", ", " · ")
        return f"{told[0].upper()}{told[1:]}{left}"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"
