"""A view of many points that can be zoomed, panned and selected.

All points are drawn into one picture by NumPy, which takes some 30 ms for 100,000 points; while the
map is dragged that picture is moved, so that it keeps up with the screen.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from labeller.window.kit.theme import ACCENT

if TYPE_CHECKING:
    from scipy.spatial import KDTree

RADIUS, RINGED = 2.5, 4.5
"""Of a point, and of one with a ring, in device-independent pixels."""
MARGIN = 0.3
"""Part of the view that is drawn on each side, so that there is something to drag in."""
CLOSEST, FARTHEST, STEP = 4000.0, 0.5, 1.2
"""Zoom: 1 shows the whole map."""
NEAR = 60
"""With at most this many points in view, pictures are drawn instead."""
PICTURE = 96
REACH = 12
"""A point this many pixels from the pointer counts as under it."""
REST_MS = 90
"""Pause after dragging or zooming before the map is redrawn."""
GROWN_BY = 10
"""Neighbours that one key adds to the selection."""
ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}  # fmt: skip


class MapView(QWidget):
    """Points that are hidden are neither drawn nor found.

    Signals:
        moved(number): the current point, under the pointer or chosen by a key; -1 for none.
        selection_changed().
        wanted(): the selection, by the key for it.
    """

    moved = Signal(int)
    selection_changed = Signal()
    wanted = Signal()

    def __init__(self, picture: Callable[[int], QPixmap | None]) -> None:
        super().__init__()
        self._picture = picture
        self._places = np.zeros((0, 2), np.float32)
        self._tree: KDTree | None = None
        self._codes = np.zeros(0, np.int64)
        self._colours: list[QColor] = []
        self.shown = np.zeros(0, bool)
        self.selected = np.zeros(0, bool)
        self._ringed = np.zeros(0, bool)
        self.current = -1
        self._middle: np.ndarray = np.zeros(2)
        self.zoom = 1.0
        self._drawn: QImage | None = None
        self._drawn_at, self._drawn_zoom = np.zeros(2), 1.0
        self._path: list[QPointF] = []
        self._grabbed: QPointF | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.redraw)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(320, 240)

    # -- what is shown

    def place(self, places: np.ndarray) -> None:
        """Move the points to places, float32 [N, 2], keeping selection and view."""
        if len(places) != len(self._places):
            self.shown, self.selected = np.ones(len(places), bool), np.zeros(len(places), bool)
            self._ringed, self._codes = self.selected.copy(), np.zeros(len(places), np.int64)
            self._colours = [self.palette().color(QPalette.ColorRole.WindowText)]
        least, most = places.min(axis=0), places.max(axis=0)
        extent = float(max((most - least).max(), 1e-9))
        self._places = (places - (least + most) / 2) / extent  # within -0.5 and 0.5
        self._tree = None
        self.redraw()

    def colour(self, codes: np.ndarray, colours: list[QColor], ringed: np.ndarray) -> None:
        """Draw the points in `colours` by their codes (int64 [N]); those `ringed` with a ring."""
        self._codes, self._colours, self._ringed = codes, colours, ringed
        self.redraw()

    def show_only(self, shown: np.ndarray) -> None:
        """Hide the other points, bool [N], and take them out of the selection."""
        self.shown = shown
        self._tree = None
        self.select(self.selected & shown)
        if self.current >= 0 and not shown[self.current]:
            self.go_to(-1)

    def select(self, selected: np.ndarray) -> None:
        self.selected = selected & self.shown
        self.redraw()
        self.selection_changed.emit()

    def go_to(self, number: int) -> None:
        """Make a point the current one, and bring it into view."""
        self.current = number
        if number >= 0 and not self.rect().adjusted(20, 20, -20, -20).contains(self._at(number)):
            self._middle = self._places[number].astype(float)
            self.redraw()
        self.update()
        self.moved.emit(number)

    def whole(self) -> None:
        """Show the whole map."""
        self._middle, self.zoom = np.zeros(2), 1.0
        self.redraw()

    def redraw(self) -> None:
        """Have the points redrawn."""
        self._drawn = None
        self.update()

    # -- between map and screen

    @property
    def _scale(self) -> float:
        """Pixels of the map's width or height."""
        return 0.94 * min(self.width(), self.height()) * self.zoom

    def _on_screen(self, places: np.ndarray) -> np.ndarray:
        """Pixels from the top left, float [N, 2]; the map's second axis points up."""
        middle = np.array([self.width() / 2, self.height() / 2])
        return (places - self._middle) * np.array([self._scale, -self._scale]) + middle

    def _at(self, number: int) -> QPoint:
        x, y = self._on_screen(self._places[number : number + 1])[0]
        return QPoint(round(float(x)), round(float(y)))

    def _under(self, point: QPointF) -> np.ndarray:
        """The place on the map."""
        from_middle = (point.x() - self.width() / 2, self.height() / 2 - point.y())
        return self._middle + np.array(from_middle) / self._scale

    def in_view(self) -> np.ndarray:
        """Numbers of the shown points in view."""
        at = self._on_screen(self._places)
        inside = (at >= 0).all(axis=1) & (at < (self.width(), self.height())).all(axis=1)
        return np.flatnonzero(inside & self.shown)

    def near(self, place: np.ndarray, count: int) -> np.ndarray:
        """Numbers of the shown points nearest to a place of the map, nearest first."""
        shown = np.flatnonzero(self.shown)
        if not len(shown):
            return shown
        if self._tree is None:
            from scipy.spatial import KDTree  # takes a while, which starting the window needs not

            self._tree = KDTree(self._places[shown])
        _, found = self._tree.query(place, k=min(count, len(shown)))
        return shown[np.atleast_1d(found)]

    # -- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._drawn is None:
            self._drawn, self._drawn_at, self._drawn_zoom = self._points(), self._middle, self.zoom
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        factor = self.zoom / self._drawn_zoom
        size = QRectF(
            0, 0, self.width() * (1 + 2 * MARGIN) * factor,
            self.height() * (1 + 2 * MARGIN) * factor,
        )  # fmt: skip
        x, y = self._on_screen(self._drawn_at[None])[0]
        size.moveCenter(QPointF(float(x), float(y)))
        painter.drawImage(size, self._drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._draw_pictures(painter)
        if self.current >= 0:
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(self._at(self.current), 8, 8)
        if self._path:
            painter.setPen(QPen(ACCENT, 2))
            painter.drawPolyline(QPolygonF(self._path))

    def _points(self) -> QImage:
        """The picture of all points in and around the view."""
        ratio = self.devicePixelRatioF()
        width, height = (
            round(side * (1 + 2 * MARGIN) * ratio) for side in (self.width(), self.height())
        )
        edge = round(RINGED * ratio) + 1
        pixels = np.zeros((height + 2 * edge, width + 2 * edge), np.uint32)
        shift = np.array([self.width(), self.height()]) * MARGIN
        at = np.rint((self._on_screen(self._places) + shift) * ratio).astype(np.int64)
        inside = self.shown & (at >= 0).all(axis=1) & (at < (width, height)).all(axis=1)
        cells = (at[:, 1] + edge) * pixels.shape[1] + at[:, 0] + edge
        flat = pixels.reshape(-1)

        def dots(numbers: np.ndarray, radius: float, colours: np.ndarray | int) -> None:
            for offset in _disc(radius * ratio, pixels.shape[1]):
                flat[cells[numbers] + offset] = colours

        palette = np.array([c.rgba() for c in self._colours] or [0], np.uint32)
        marked = self.selected | self._ringed
        for above in (False, True):  # what is marked lies above
            numbers = np.flatnonzero(inside & (marked == above))
            numbers = numbers[np.argsort(-self._codes[numbers], kind="stable")]
            if above:
                text = self.palette().color(QPalette.ColorRole.WindowText).rgba()
                dots(numbers, RINGED, np.where(self.selected[numbers], ACCENT.rgba(), text))
            dots(numbers, RADIUS, palette[self._codes[numbers]])
        data = np.ascontiguousarray(pixels[edge : edge + height, edge : edge + width])
        image = QImage(data.data, width, height, 4 * width, QImage.Format.Format_ARGB32)
        return image.copy()  # its own memory

    def _draw_pictures(self, painter: QPainter) -> None:
        """Pictures instead of points, where there are few."""
        if self._grabbed is not None or self._path:
            return
        numbers = self.in_view()
        if len(numbers) > NEAR:
            return
        for number in sorted(numbers.tolist(), key=lambda n: n == self.current):
            pixmap = self._picture(number)
            if pixmap is None or pixmap.isNull():
                continue
            size = pixmap.size().scaled(PICTURE, PICTURE, Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(0, 0, size.width(), size.height())
            place.moveCenter(QPointF(self._at(number)))
            frame = ACCENT if self.selected[number] else self._colours[self._codes[number]]
            painter.fillRect(place.adjusted(-3, -3, 3, 3), frame)
            painter.drawPixmap(place, pixmap, QRectF(pixmap.rect()))

    # -- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._path = [event.position()]
        else:
            self._grabbed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        here = event.position()
        if self._grabbed is not None:
            moved = here - self._grabbed
            self._grabbed = here
            self._drag(moved.x(), moved.y())
        elif self._path:
            self._path.append(here)
            self.update()
        else:
            self._point_at(here)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None
        path, self._path = self._path, []
        if event.button() != Qt.MouseButton.LeftButton or not path:
            self.update()
            return
        adds = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        around = QPolygonF(path).boundingRect()
        if around.width() + around.height() < 6:
            self._point_at(path[0])
            chosen = np.zeros(len(self._places), bool)
            if self.current >= 0:
                chosen[self.current] = True
            self.select(self.selected ^ chosen if adds else chosen)
            return
        chosen = self.shown & inside_of(np.array([self._under(p) for p in path]), self._places)
        self.select(self.selected | chosen if adds else chosen)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._zoom(event.angleDelta().y() / 120, event.position())

    def _point_at(self, here: QPointF) -> None:
        found = self.near(self._under(here), 1)
        close = len(found) and (QPointF(self._at(int(found[0]))) - here).manhattanLength() < REACH
        number = int(found[0]) if close else -1
        if number != self.current and (close or not self.hasFocus()):
            self.current = number
            self.update()
            self.moved.emit(number)

    def _drag(self, x: float, y: float) -> None:
        """Move the map by pixels."""
        self._middle = self._middle - np.array([x, -y]) / self._scale
        beyond = np.abs(self._middle - self._drawn_at) * self._scale
        if (beyond > np.array([self.width(), self.height()]) * MARGIN).any():
            self._drawn = None
        self._rest.start()
        self.update()

    def _zoom(self, steps: float, at: QPointF) -> None:
        """Zoom about a point of the screen."""
        before = self._under(at)
        self.zoom = min(max(self.zoom * STEP**steps, FARTHEST), CLOSEST)
        self._middle = self._middle + before - self._under(at)
        self._rest.start()
        self.update()

    # -- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        with_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        middle = QPointF(self.rect().center() if self.current < 0 else self._at(self.current))
        if key in ARROWS and with_shift:
            x, y = ARROWS[key]
            self._drag(-x * self.width() / 6, y * self.height() / 6)
        elif key in ARROWS:
            self._step(np.array(ARROWS[key], float))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._zoom(2, middle)
        elif key == Qt.Key.Key_Minus:
            self._zoom(-2, middle)
        elif key == Qt.Key.Key_Home:
            self.whole()
        elif key == Qt.Key.Key_Space and self.current >= 0:
            chosen = self.selected.copy()
            if with_shift:
                count = int(chosen.sum()) + GROWN_BY
                chosen[self.near(self._places[self.current], count)] = True
            else:
                chosen[self.current] ^= True
            self.select(chosen)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.selected.any():
            self.wanted.emit()
        elif key == Qt.Key.Key_Escape and self.selected.any():
            self.select(np.zeros_like(self.selected))
        else:
            super().keyPressEvent(event)

    def _step(self, direction: np.ndarray) -> None:
        """Go to the nearest point in a direction, within 45° of it."""
        if self.current < 0:
            found = self.near(self._middle, 1)
            self.go_to(int(found[0]) if len(found) else -1)
            return
        apart = self._places - self._places[self.current]
        ahead = apart @ direction
        aside = np.abs(apart @ direction[::-1])
        ways = np.where(self.shown & (ahead > 0) & (aside <= ahead), ahead + aside, np.inf)
        nearest = int(ways.argmin())
        if np.isfinite(ways[nearest]):
            self.go_to(nearest)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.redraw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.redraw()


def _disc(radius: float, stride: int) -> list[int]:
    """Offsets of the pixels of a filled circle in a picture with rows of `stride` pixels."""
    reach = int(radius)
    return [
        y * stride + x
        for y in range(-reach, reach + 1)
        for x in range(-reach, reach + 1)
        if x * x + y * y <= radius * radius
    ]


def inside_of(outline: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Which points lie inside a closed outline, by the even-odd rule: float [M, 2], float [N, 2] →
    bool [N]."""
    found = np.zeros(len(points), bool)
    least, most = outline.min(axis=0), outline.max(axis=0)
    near = np.flatnonzero(((points >= least) & (points <= most)).all(axis=1))
    x, y = points[near].astype(float).T
    crossed = np.zeros(len(near), bool)
    for (ax, ay), (bx, by) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        between = (ay > y) != (by > y)
        if between.any():
            at = ax + (y[between] - ay) / (by - ay) * (bx - ax)
            crossed[between] ^= x[between] < at
    found[near] = crossed
    return found
