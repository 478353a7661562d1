"""Curves of experiments: mean accuracy over the seeds with a band of one standard deviation."""

from collections.abc import Mapping

import pyqtgraph
from PySide6.QtGui import QColor

from labeller.experiments.results import Outcome, points
from labeller.window.kit.language import tr
from labeller.window.kit.theme import CLASS_COLOURS
from labeller.window.learning.themed_plot import ThemedPlot

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
