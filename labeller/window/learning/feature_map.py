"""The pool as the model sees it, one point per image; draw around some to label them."""

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPalette, QPolygonF
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from labeller.core.run import Run
from labeller.project.project import Project
from labeller.window.kit.actions import key_text
from labeller.window.kit.language import tr
from labeller.window.kit.theme import ACCENT, class_colour
from labeller.window.kit.widgets import PlainLabel
from labeller.window.kit.worker import Operation
from labeller.window.labelling.session import Session

if TYPE_CHECKING:
    from labeller.loop.likeness import FeatureMap
    from labeller.window.labelling.labelling_page import LabellingPage

POINT, BATCH_POINT = 7, 12


class _LassoBox(pyqtgraph.ViewBox):
    """Dragging draws a line; the wheel zooms. Signal: drawn(QPolygonF in map coordinates)."""

    drawn = Signal(object)

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self._line = pyqtgraph.PlotCurveItem(pen=pyqtgraph.mkPen(ACCENT, width=2))
        self._path: list[QPointF] = []

    def begin(self) -> None:
        self.addItem(self._line, ignoreBounds=True)

    def mouseDragEvent(self, event, axis=None) -> None:  # type: ignore[no-untyped-def]
        event.accept()
        if event.isStart():
            self._path = [self.mapToView(event.buttonDownPos())]
        self._path.append(self.mapToView(event.pos()))
        self._line.setData([p.x() for p in self._path], [p.y() for p in self._path])
        if event.isFinish():
            self._line.setData([], [])
            self.drawn.emit(QPolygonF(self._path))


def map_pool(page: "LabellingPage") -> Operation:
    """Lay out the pool as the newest model sees it, and show the map beside the window."""

    def lay_out(project: Project, run: Run) -> "FeatureMap":
        from labeller.loop.likeness import feature_map

        return feature_map(project, run)

    def show(found: "FeatureMap") -> None:
        dialog = FeatureMapDialog(page.session, found.image_ids, found.places, page)

        def look(image_ids: list[int]) -> None:
            page.session.look_through(image_ids, tr("Selected on the map"))
            page.take_keyboard()

        dialog.chosen.connect(look)
        dialog.show()

    wait = tr("The map has to wait until the current task has finished.")
    return Operation(tr("Drawing the map of the pool"), lay_out, show, wait)


class FeatureMapDialog(QDialog):
    """Points in the colours of their labels, grey if unlabelled, ringed if in the batch.

    Signals: chosen(image ids): the images inside the drawn line.
    """

    chosen = Signal(list)

    def __init__(
        self, session: Session, image_ids: np.ndarray, places: np.ndarray, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Map of the pool"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._ids, self._places = session, image_ids, places
        self.box = _LassoBox()
        self.plot = pyqtgraph.PlotWidget(viewBox=self.box)
        self.plot.setBackground(self.palette().color(QPalette.ColorRole.Base))
        self.plot.hideAxis("left")
        self.plot.hideAxis("bottom")
        self.plot.setAccessibleName(tr("Map of the pool"))
        self.points = pyqtgraph.ScatterPlotItem(pxMode=True)
        self.plot.addItem(self.points)
        self.box.begin()
        self.words = PlainLabel(
            tr(
                "Draw around images with the mouse to review and label them. Shown are "
                "two principal components of the newest model's features; the current "
                "batch is ringed."
            )
        )
        self.words.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.words)
        layout.addWidget(buttons)
        self.resize(760, 640)
        self.box.drawn.connect(self._take)
        session.labels_changed.connect(self.refresh)
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "plot"):
            self.plot.setBackground(self.palette().color(QPalette.ColorRole.Base))
            self.refresh()

    def refresh(self, *_: object) -> None:
        """Colour the points by their current labels."""
        session = self._session
        labels = session.project.labels.current(self._ids.tolist())
        colours = {c.id: class_colour(c) for c in session.project.classes.all(archived=True)}
        newest = session.project.rounds.newest()
        batch = set(newest.image_ids) if newest else set()
        grey = self.palette().color(QPalette.ColorRole.WindowText)
        grey.setAlphaF(0.25)
        ring = pyqtgraph.mkPen(ACCENT, width=2)
        none = pyqtgraph.mkPen(None)

        def colour(image_id: int) -> QColor:
            label = labels.get(image_id)
            known = label is not None and label.class_id is not None
            return colours[label.class_id] if known else grey  # type: ignore[union-attr,index]

        # Labelled images and the batch are drawn above the rest.
        above = [i in batch or i in labels for i in self._ids.tolist()]
        order = np.argsort(above, kind="stable")
        ids = self._ids[order].tolist()
        self.points.setData(
            x=self._places[order, 0],
            y=self._places[order, 1],
            size=[BATCH_POINT if i in batch else POINT for i in ids],
            brush=[colour(i) for i in ids],
            pen=[ring if i in batch else none for i in ids],
        )

    def _take(self, outline: QPolygonF) -> None:
        inside = [
            int(image_id)
            for image_id, (x, y) in zip(self._ids, self._places, strict=True)
            if outline.containsPoint(QPointF(float(x), float(y)), Qt.FillRule.OddEvenFill)
        ]
        if inside:
            self.words.setText(
                tr("{count} images are now in the window; {key} goes back.").format(
                    key=key_text("back"), count=len(inside)
                )
            )
            self.chosen.emit(inside)
        else:
            self.words.setText(tr("There are no images inside that line."))
