"""Small plots in the theme's colours: learning curves, curves of experiments, sparklines."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import pyqtgraph
from pyqtgraph import PlotDataItem
from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from labeller.core.intervals import ANSWERS, BY_AUDIT, BY_LABELS, HELD_OUT, Accuracy
from labeller.core.run import EpochMetrics
from labeller.experiments.results import Outcome, points
from labeller.window.kit.language import mark, tr
from labeller.window.kit.theme import ACCENT, CLASS_COLOURS
from labeller.window.kit.widgets import PlainLabel

pyqtgraph.setConfigOptions(antialias=True)


class ThemedPlot(pyqtgraph.PlotWidget):
    """`bottom` and `left` name the axes."""

    def __init__(self, bottom: str, left: str) -> None:
        super().__init__()
        self._labels = {"bottom": bottom, "left": left}
        self.setMenuEnabled(False)
        for each in (self, self.viewport()):
            each.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it has no useful menu
        self.setAccessibleName(" / ".join(part for part in (left, bottom) if part))
        self.setMouseEnabled(False, False)
        self.hideButtons()
        self.legend = self.addLegend(offset=(-4, 4), labelTextSize="8pt", verSpacing=-6)
        self.getPlotItem().layout.setContentsMargins(0, 2, 8, 0)
        self.showGrid(y=True, alpha=0.15)
        for side in self._labels:
            # Show 0.4, not 400 thousandths. Called once while empty: it computes a scale even then.
            self.getAxis(side).enableAutoSIPrefix(False)
        self._recolour()

    def curve(self, name: str, place: int, points: bool = False) -> pyqtgraph.PlotDataItem:
        """A line in the colour with this index, optionally with a mark on each point."""
        colour = CLASS_COLOURS[place]
        marks = {"symbol": "o", "symbolSize": 6, "symbolBrush": colour} if points else {}
        return self.plot(name=escape(name), pen=pyqtgraph.mkPen(colour, width=2), **marks)

    def bars(self, place: int) -> pyqtgraph.ErrorBarItem:
        """Intervals in the colour with this index."""
        item = pyqtgraph.ErrorBarItem(pen=pyqtgraph.mkPen(CLASS_COLOURS[place], width=1))
        self.addItem(item)
        return item

    def name_axis(self, side: str, name: str) -> None:
        """Rename an axis (`bottom` or `left`)."""
        self._labels[side] = name
        self._recolour()

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


SIZE = QSize(72, 16)
MARGIN = 2.5
MOST = 60
"""Only the newest values up to this number are drawn."""


class Sparkline(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.values: list[float] = []
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        return SIZE

    def show_values(self, values: Sequence[float]) -> None:
        """Draw values, oldest first; a single value is a point."""
        self.values = list(values)[-MOST:]
        self.setAccessibleDescription(", ".join(f"{value:.2f}" for value in self.values))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.values:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ACCENT, 1.5))
        least, most = min(self.values), max(self.values)
        width, height = self.width() - 2 * MARGIN, self.height() - 2 * MARGIN
        steps = max(1, len(self.values) - 1)
        points = [
            QPointF(
                MARGIN + width * place / steps,
                MARGIN + height * (1 - (value - least) / (most - least) if most > least else 0.5),
            )
            for place, value in enumerate(self.values)
        ]
        painter.drawPolyline(points)
        painter.setBrush(ACCENT)
        painter.drawEllipse(points[-1], 1.8, 1.8)


BAND_ALPHA = 50


class ExperimentPlot(ThemedPlot):
    """The curves of several experiments in different colours."""

    def __init__(self) -> None:
        super().__init__(tr("labelled images"), tr("test accuracy"))
        self.legend.anchor((0, 0), (0, 0), offset=(8, 4))
        self.setAccessibleName(tr("Curves of the experiments"))
        self.shown: dict[str, list[tuple[int, float]]] = {}

    def show_outcomes(self, outcomes: Mapping[str, Outcome]) -> None:
        """Redraw the curves."""
        self.clear()
        self.shown = {}
        for place, (name, outcome) in enumerate(outcomes.items()):
            measured = [
                (p.labelled, p.mean, p.deviation)
                for p in points(outcome)
                if p.mean is not None and p.deviation is not None
            ]
            self.shown[name] = [(labelled, mean) for labelled, mean, _ in measured]
            if measured:
                self._draw(name, place % len(CLASS_COLOURS), measured)
        self._recolour()

    def _draw(self, name: str, place: int, measured: list[tuple[int, float, float]]) -> None:
        labels = [labelled for labelled, _, _ in measured]
        band = QColor(CLASS_COLOURS[place])
        band.setAlpha(BAND_ALPHA)
        edges = [
            pyqtgraph.PlotDataItem(labels, [mean + sign * dev for _, mean, dev in measured])
            for sign in (-1, 1)
        ]
        self.addItem(pyqtgraph.FillBetweenItem(*edges, brush=band))
        self.curve(name, place, points=True).setData(labels, [mean for _, mean, _ in measured])


AXES = {
    HELD_OUT: mark("test accuracy"),
    BY_AUDIT: mark("estimated accuracy"),
    BY_LABELS: mark("estimated accuracy"),
    ANSWERS: mark("suggestions correct"),
}
"""Names of the accuracy, by its source."""
LEAST_HEIGHT, HEIGHT = 190, 236


class EpochCurves(QWidget):
    """Losses and accuracies of one training, by epoch."""

    def __init__(self) -> None:
        super().__init__()
        self._losses = ThemedPlot("", tr("loss"))
        self._by_name: dict[str, PlotDataItem] = {}
        accuracies = ThemedPlot(tr("epoch"), tr("accuracy"))
        accuracies.setYRange(0, 1)
        self._train = accuracies.curve(tr("labelled"), 0)
        self._test = accuracies.curve(tr("held out"), 6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._losses)
        layout.addWidget(accuracies)

    def draw(self, epochs: Sequence[EpochMetrics]) -> None:
        names = {name for metrics in epochs for name in metrics.losses}
        for name in sorted(names - set(self._by_name)):
            self._by_name[name] = self._losses.curve(tr(name), len(self._by_name))
        series = [
            (curve, [(m.epoch, m.losses.get(name)) for m in epochs])
            for name, curve in self._by_name.items()
        ]
        series += [
            (self._train, [(m.epoch, m.train_accuracy) for m in epochs]),
            (self._test, [(m.epoch, m.test_accuracy) for m in epochs]),
        ]
        for curve, values in series:
            points = [(epoch, value) for epoch, value in values if value is not None]
            mark = "o" if len(points) == 1 else None  # a single point makes no line
            curve.setData([x for x, _ in points], [y for _, y in points], symbol=mark)


class RoundCurve(ThemedPlot):
    """The accuracy of each measured model with its interval."""

    def __init__(self) -> None:
        super().__init__(tr("labelled images"), "")
        self.setYRange(0, 1)
        self._intervals = self.bars(6)
        self._measured = self.curve("", 6, points=True)
        self.legend.hide()

    def draw(self, known: Sequence[Accuracy]) -> None:
        """Draw the estimates. Raises IndexError if there are none."""
        labels = [each.labelled for each in known]
        self._measured.setData(labels, [each.accuracy for each in known])
        self._intervals.setData(
            x=np.array(labels, dtype=float),
            y=np.array([each.accuracy for each in known]),
            top=np.array([each.high - each.accuracy for each in known]),
            bottom=np.array([each.accuracy - each.low for each in known]),
        )
        self.name_axis("left", tr(AXES[known[-1].source]))


class _Page(QStackedWidget):
    """Shows a message until there is something to draw: creating a plot takes 50 ms."""

    def __init__(self, make: Callable[[], EpochCurves | RoundCurve]) -> None:
        super().__init__()
        self._make = make
        self._plot: EpochCurves | RoundCurve | None = None
        nothing = PlainLabel(tr("No model has been measured yet."))
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.addWidget(nothing)

    def draw(self, data: list[Any]) -> None:
        if data and self._plot is None:
            self._plot = self._make()
            self.addWidget(self._plot)
        if data and self._plot is not None:
            self._plot.draw(data)
        self.setCurrentIndex(1 if data else 0)


class LearningPlot(QTabWidget):
    """One tab for the current round, one for all rounds."""

    def __init__(self, balance: QWidget) -> None:
        super().__init__()
        self.setDocumentMode(True)
        self.setAccessibleName(tr("Model details"))
        self.setMinimumHeight(LEAST_HEIGHT)
        self.setMaximumHeight(HEIGHT)
        self._this_round, self._all_rounds = _Page(EpochCurves), _Page(RoundCurve)
        self.addTab(self._this_round, tr("This round"))
        self.addTab(self._all_rounds, tr("All rounds"))
        self.addTab(balance, tr("Classes"))
        self._epochs: list[EpochMetrics] = []

    def show_epochs(self, epochs: list[EpochMetrics]) -> None:
        """Draw the curves of one run."""
        self._epochs = list(epochs)
        self._this_round.draw(self._epochs)

    def add_epoch(self, metrics: EpochMetrics) -> None:
        """Draw one more epoch; epoch 1 begins a new run."""
        self.show_epochs([*([] if metrics.epoch == 1 else self._epochs), metrics])

    def show_estimates(self, known: list[Accuracy]) -> None:
        """Draw the accuracy of each measured model."""
        self._all_rounds.draw(known)

    @property
    def epoch_count(self) -> int:
        return len(self._epochs)
