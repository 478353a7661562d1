"""The curves of learning: losses and accuracy of a round, and accuracy against labels."""

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from labeller.progress import EpochMetrics
from labeller.store.runs import TrainingRun
from labeller.window.language import tr
from labeller.window.themed_plot import ThemedPlot

HEIGHT = 236


class LearningPlot(QTabWidget):
    """One tab for the round that is being trained, one for all the rounds."""

    def __init__(self, balance: QWidget) -> None:
        super().__init__()
        self.setDocumentMode(True)
        self.setFixedHeight(HEIGHT)
        self._losses = ThemedPlot("", tr("loss"))
        self._classification = self._losses.curve(tr("classification"), 0)
        self._contrastive = self._losses.curve(tr("contrastive"), 1)
        self._accuracies = ThemedPlot(tr("epoch"), tr("accuracy"))
        self._accuracies.setYRange(0, 1)
        self._train = self._accuracies.curve(tr("labelled"), 0)
        self._test = self._accuracies.curve(tr("held out"), 6)
        self._rounds = ThemedPlot(tr("labelled images"), tr("held-out accuracy"))
        self._rounds.setYRange(0, 1)
        self._by_labels = self._rounds.curve("", 6, points=True)
        self._rounds.legend.hide()
        epochs = QWidget()
        layout = QVBoxLayout(epochs)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._losses)
        layout.addWidget(self._accuracies)
        self.addTab(epochs, tr("This round"))
        self.addTab(self._rounds, tr("All rounds"))
        self.addTab(balance, tr("Classes"))
        self._epochs: list[EpochMetrics] = []

    def show_epochs(self, epochs: list[EpochMetrics]) -> None:
        """Draw the curves of one run."""
        self._epochs = list(epochs)
        self._draw()

    def add_epoch(self, metrics: EpochMetrics) -> None:
        """Draw one more epoch; epoch 1 begins a new run."""
        if metrics.epoch == 1:
            self._epochs = []
        self._epochs.append(metrics)
        self._draw()

    def show_runs(self, runs: list[TrainingRun]) -> None:
        """Draw the accuracy of each run that was measured."""
        measured = [run for run in runs if run.test_accuracy is not None]
        self._by_labels.setData(
            [run.labelled for run in measured], [run.test_accuracy for run in measured]
        )

    @property
    def epoch_count(self) -> int:
        return len(self._epochs)

    def _draw(self) -> None:
        for curve, name in (
            (self._classification, "classification_loss"),
            (self._contrastive, "contrastive_loss"),
            (self._train, "train_accuracy"),
            (self._test, "test_accuracy"),
        ):
            points = [
                (metrics.epoch, value)
                for metrics in self._epochs
                if (value := getattr(metrics, name)) is not None
            ]
            curve.setData([x for x, _ in points], [y for _, y in points])
