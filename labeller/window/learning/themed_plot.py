"""A small plot that takes the colours of the theme."""

from html import escape

import pyqtgraph
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette

from labeller.window.kit.theme import CLASS_COLOURS

pyqtgraph.setConfigOptions(antialias=True)


class ThemedPlot(pyqtgraph.PlotWidget):
    """`bottom` and `left` name the axes."""

    def __init__(self, bottom: str, left: str) -> None:
        super().__init__()
        self._labels = {"bottom": bottom, "left": left}
        self.setMenuEnabled(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it has no useful menu
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

    def dashes(self, place: int) -> pyqtgraph.PlotDataItem:
        """A dashed line in the colour with this index, for forecasts."""
        return self.plot(
            pen=pyqtgraph.mkPen(CLASS_COLOURS[place], width=2, style=Qt.PenStyle.DashLine)
        )

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
