"""The curves of learning: losses and accuracy of a round, and accuracy against labels."""

import pyqtgraph
from PySide6.QtCore import QEvent
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from labeller.progress import EpochMetrics
from labeller.store.runs import TrainingRun
from labeller.window.theme import CLASS_COLOURS

pyqtgraph.setConfigOptions(antialias=True)
HEIGHT = 236


class _Plot(pyqtgraph.PlotWidget):
    """A small plot that takes the colours of the theme."""

    def __init__(self, bottom: str, left: str) -> None:
        super().__init__()
        self._labels = {"bottom": bottom, "left": left}
        self.setMenuEnabled(False)
        self.setMouseEnabled(False, False)
        self.hideButtons()
        self.legend = self.addLegend(offset=(-4, 4), labelTextSize="8pt", verSpacing=-6)
        self.getPlotItem().layout.setContentsMargins(0, 2, 8, 0)
        self.showGrid(y=True, alpha=0.15)
        self._recolour()

    def curve(self, name: str, place: int, points: bool = False) -> pyqtgraph.PlotDataItem:
        colour = CLASS_COLOURS[place]
        marks = {"symbol": "o", "symbolSize": 6, "symbolBrush": colour} if points else {}
        return self.plot(name=name, pen=pyqtgraph.mkPen(colour, width=2), **marks)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_labels"):
            self._recolour()

    def _recolour(self) -> None:
        palette = self.palette()
        text = palette.color(QPalette.ColorRole.WindowText)
        self.setBackground(palette.color(QPalette.ColorRole.Window))
        for side, title in self._labels.items():
            axis = self.getAxis(side)
            axis.setPen(text)
            axis.setTextPen(text)
            axis.setLabel(title, color=text.name())
        self.legend.setLabelTextColor(text)
        for _, label in self.legend.items:
            label.setText(label.text, color=text.name())


class LearningPlot(QTabWidget):
    """One tab for the round that is being trained, one for all the rounds."""

    def __init__(self) -> None:
        super().__init__()
        self.setDocumentMode(True)
        self.setFixedHeight(HEIGHT)
        self._losses = _Plot("", "loss")
        self._classification = self._losses.curve("classification", 0)
        self._contrastive = self._losses.curve("contrastive", 1)
        self._accuracies = _Plot("epoch", "accuracy")
        self._accuracies.setYRange(0, 1)
        self._train = self._accuracies.curve("labelled", 0)
        self._test = self._accuracies.curve("held out", 6)
        self._rounds = _Plot("labelled images", "held-out accuracy")
        self._rounds.setYRange(0, 1)
        self._by_labels = self._rounds.curve("", 6, points=True)
        self._rounds.legend.hide()
        epochs = QWidget()
        layout = QVBoxLayout(epochs)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._losses)
        layout.addWidget(self._accuracies)
        self.addTab(epochs, "This round")
        self.addTab(self._rounds, "All rounds")
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
