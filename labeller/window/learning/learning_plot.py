"""Learning curves: losses and accuracy of a round, and accuracy against labels."""

import numpy as np
from pyqtgraph import PlotDataItem
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from labeller.core.intervals import ANSWERS, BY_AUDIT, BY_LABELS, HELD_OUT, Accuracy
from labeller.core.progress import EpochMetrics
from labeller.loop.estimates import outlook
from labeller.window.kit.language import mark, tr
from labeller.window.kit.plain_text import PlainLabel
from labeller.window.learning.themed_plot import ThemedPlot

AXES = {
    HELD_OUT: mark("test accuracy"),
    BY_AUDIT: mark("estimated accuracy"),
    BY_LABELS: mark("estimated accuracy"),
    ANSWERS: mark("suggestions correct"),
}
"""Names of the accuracy, by its source."""
LEAST_HEIGHT, HEIGHT = 190, 236


class LearningPlot(QTabWidget):
    """One tab for the current round, one for all rounds."""

    def __init__(self, balance: QWidget) -> None:
        super().__init__()
        self.setDocumentMode(True)
        self.setMinimumHeight(LEAST_HEIGHT)
        self.setMaximumHeight(HEIGHT)
        self._losses = ThemedPlot("", tr("loss"))
        self._by_name: dict[str, PlotDataItem] = {}
        self._accuracies = ThemedPlot(tr("epoch"), tr("accuracy"))
        self._accuracies.setYRange(0, 1)
        self._train = self._accuracies.curve(tr("labelled"), 0)
        self._test = self._accuracies.curve(tr("held out"), 6)
        self._rounds = ThemedPlot(tr("labelled images"), tr("test accuracy"))
        self._rounds.setYRange(0, 1)
        self._ahead = self._rounds.dashes(6)
        self._intervals = self._rounds.bars(6)
        self._by_labels = self._rounds.curve("", 6, points=True)
        self._rounds.legend.hide()
        self._nothing = PlainLabel(tr("No model has been measured yet."))
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._all = QStackedWidget()
        self._all.addWidget(self._nothing)
        self._all.addWidget(self._rounds)
        epochs = QWidget()
        layout = QVBoxLayout(epochs)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._losses)
        layout.addWidget(self._accuracies)
        self.addTab(epochs, tr("This round"))
        self.addTab(self._all, tr("All rounds"))
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

    def show_estimates(self, known: list[Accuracy]) -> None:
        """Draw the accuracy of each measured model with its interval, and the forecast for more
        labels."""
        self._all.setCurrentWidget(self._rounds if known else self._nothing)
        self._by_labels.setData(
            [each.labelled for each in known], [each.accuracy for each in known]
        )
        self._intervals.setData(
            x=np.array([each.labelled for each in known], dtype=float),
            y=np.array([each.accuracy for each in known]),
            top=np.array([each.high - each.accuracy for each in known]),
            bottom=np.array([each.accuracy - each.low for each in known]),
        )
        ahead = outlook(known)
        self._ahead.setData(
            [] if ahead is None else [known[-1].labelled, known[-1].labelled + ahead.labels],
            [] if ahead is None else [known[-1].accuracy, ahead.goal],
        )
        name = AXES[known[-1].source] if known else AXES[HELD_OUT]
        self._rounds.name_axis("left", tr(name))

    @property
    def epoch_count(self) -> int:
        return len(self._epochs)

    def _draw(self) -> None:
        names = {name for metrics in self._epochs for name in metrics.losses}
        for name in sorted(names - set(self._by_name)):
            self._by_name[name] = self._losses.curve(tr(name), len(self._by_name))
        series = [
            (curve, [(m.epoch, m.losses.get(name)) for m in self._epochs])
            for name, curve in self._by_name.items()
        ]
        series += [
            (self._train, [(m.epoch, m.train_accuracy) for m in self._epochs]),
            (self._test, [(m.epoch, m.test_accuracy) for m in self._epochs]),
        ]
        for curve, values in series:
            points = [(epoch, value) for epoch, value in values if value is not None]
            mark = "o" if len(points) == 1 else None  # a single point makes no line
            curve.setData([x for x, _ in points], [y for _, y in points], symbol=mark)
