"""Draws one thumbnail: the picture, its class on a coloured strip, and the selection."""

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QPainterPath,
    QPalette,
    QPen,
    QPixmap,
    QPixmapCache,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from labeller.pool.decode import THUMBNAIL_SIDE
from labeller.store.classes import ImageClass
from labeller.window.kit.language import tr
from labeller.window.kit.theme import ACCENT, class_colour, draw_swatch, muted, text_on
from labeller.window.labelling.batch_model import (
    ASIDE,
    CHECKED,
    CLASS_COLOUR,
    CLASS_NAME,
    FORESEEN,
    PICTURE,
    SHARP_PICTURE,
    SUGGESTED,
)

MARGIN = 5
STRIP = 20
SECOND = 18
RADIUS = 6.0
TINT = QColor(ACCENT)
TINT.setAlphaF(0.35)
"""Background of selected images."""


class ThumbnailDelegate(QStyledItemDelegate):
    """`side` is the picture's side in device-independent pixels."""

    side = 112
    compares = False
    """Whether there is a second line for the model's suggestion."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return self.cell(self.side)

    def cell(self, side: int) -> QSize:
        """The size of a cell for pictures of this side."""
        lines = STRIP + SECOND * self.compares
        return QSize(side + 2 * MARGIN, side + lines + 2 * MARGIN)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        cell = QRect(option.rect).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        if self.compares:
            second = cell.adjusted(0, cell.height() - SECOND, 0, 0)
            cell.setBottom(second.top() - 1)
        palette: QPalette = option.palette
        state = option.state
        picture: QPixmap | None = index.data(self._role())
        aside: str | None = index.data(ASIDE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected, current = self._marks(bool(state & QStyle.StateFlag.State_Selected), index)
        if selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(TINT)
            painter.drawRoundedRect(QRectF(cell).adjusted(-3, -3, 3, 3), RADIUS + 2, RADIUS + 2)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPixmap(
            cell.topLeft(), self._face(cell.size(), picture, aside is not None, palette)
        )
        if picture is not None and picture.isNull():
            painter.setPen(muted(palette))
            above = cell.adjusted(0, 0, 0, -STRIP)
            painter.drawText(above, Qt.AlignmentFlag.AlignCenter, tr("unreadable"))
        self._draw_strip(painter, cell, index, aside, palette)
        if self.compares and (foreseen := index.data(FORESEEN)):
            self._draw_foreseen(painter, second, foreseen, index.data(CLASS_NAME), palette)
        self._draw_rings(painter, cell, selected, current)
        painter.restore()

    def _role(self) -> int:
        """Small pictures suffice for small thumbnails, except on high-resolution screens."""
        widget = self.parent()
        ratio = widget.devicePixelRatioF() if isinstance(widget, QWidget) else 1.0
        return SHARP_PICTURE if self.side * ratio > THUMBNAIL_SIDE else PICTURE

    def _marks(
        self, selected: bool, index: QModelIndex | QPersistentModelIndex
    ) -> tuple[bool, bool]:
        """Whether the image is selected, and whether it is current."""
        current = False
        if isinstance(view := self.parent(), QAbstractItemView):
            current = view.currentIndex() == index
            selected |= current and not view.selectionModel().hasSelection()
        return selected, current

    def _draw_rings(self, painter: QPainter, cell: QRect, selected: bool, current: bool) -> None:
        """A ring around selected images, which also have a tinted background; a second one around
        the current image."""
        if selected:
            painter.setPen(QPen(ACCENT, 2.5))
            painter.drawRoundedRect(QRectF(cell).adjusted(-3, -3, 3, 3), RADIUS + 2, RADIUS + 2)
        if current:
            painter.setPen(QPen(ACCENT, 2))
            painter.drawRoundedRect(QRectF(cell).adjusted(1, 1, -1, -1), RADIUS - 1, RADIUS - 1)

    def _face(
        self, size: QSize, picture: QPixmap | None, skipped: bool, palette: QPalette
    ) -> QPixmap:
        """The rounded background with the picture, scaled and clipped only once."""
        widget = self.parent()
        ratio = widget.devicePixelRatioF() if isinstance(widget, QWidget) else 1.0
        ground = palette.color(QPalette.ColorRole.WindowText)
        ground.setAlphaF(0.1)
        shown = picture if picture is not None and not picture.isNull() else QPixmap()
        key = f"{shown.cacheKey()} {size.width()} {size.height()} {ratio} {skipped} {ground.rgba()}"
        face = QPixmap()
        if QPixmapCache.find(key, face):
            return face
        face = QPixmap(size * ratio)
        face.setDevicePixelRatio(ratio)
        face.fill(Qt.GlobalColor.transparent)
        painter = QPainter(face)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(QRect(QPoint(), size)), RADIUS, RADIUS)
        painter.setClipPath(outline)
        painter.fillPath(outline, ground)
        if not shown.isNull():
            place = QRect(0, 0, size.width(), size.height() - STRIP)
            scaled = shown.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRect(QPoint(), scaled)
            target.moveCenter(place.center())
            painter.setOpacity(0.3 if skipped else 1.0)
            painter.drawPixmap(target, shown)
        painter.end()
        QPixmapCache.insert(key, face)
        return face

    def _draw_strip(
        self,
        painter: QPainter,
        cell: QRect,
        index: QModelIndex | QPersistentModelIndex,
        aside: str | None,
        palette: QPalette,
    ) -> None:
        strip = QRect(cell.left(), cell.bottom() - STRIP + 1, cell.width(), STRIP)
        name = index.data(CLASS_NAME)
        font = QFont(painter.font())
        font.setPointSizeF(font.pointSizeF() * 0.9)
        painter.setFont(font)
        inner = strip.adjusted(6, 0, -6, 0)
        if name is None:
            painter.setPen(muted(palette))
            texts = [aside or ""]
            if suggested := index.data(SUGGESTED):
                self._draw_suggestion(painter, strip, suggested[0], palette)
                texts = [suggested[1], f"{suggested[0].name}?"]
                inner.setLeft(inner.left() + STRIP - 6)
        else:
            colour: QColor = index.data(CLASS_COLOUR)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.setClipRect(strip)
            painter.drawRoundedRect(QRectF(strip.adjusted(0, -STRIP, 0, 0)), RADIUS, RADIUS)
            painter.setClipping(False)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(text_on(colour))
            texts = [f"{name}  ✓" if index.data(CHECKED) else name]
        painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, _fitting(painter, inner, *texts))

    def _draw_foreseen(
        self,
        painter: QPainter,
        line: QRect,
        foreseen: ImageClass,
        name: str | None,
        palette: QPalette,
    ) -> None:
        """The model's suggestion below the label, shorter if they agree."""
        differs = name != foreseen.name
        painter.setPen(palette.color(QPalette.ColorRole.WindowText) if differs else muted(palette))
        texts = [tr("model: {name}").format(name=foreseen.name), f"≠ {foreseen.name}"]
        painter.drawText(
            line, Qt.AlignmentFlag.AlignCenter, _fitting(painter, line, *texts[: 1 + differs])
        )

    def _draw_suggestion(
        self, painter: QPainter, strip: QRect, image_class: ImageClass, palette: QPalette
    ) -> None:
        """A dashed frame, unlike labels, and a swatch of the class: a thin line in a pale colour
        would be invisible."""
        frame = QPen(muted(palette), 1.2, Qt.PenStyle.DashLine)
        painter.setPen(frame)
        painter.drawRoundedRect(QRectF(strip).adjusted(1, 1, -1, -1), RADIUS - 2, RADIUS - 2)
        square = QRect(strip.left() + 5, strip.top() + 4, STRIP - 9, STRIP - 9)
        draw_swatch(painter, square, class_colour(image_class), palette)
        painter.setPen(muted(palette))


def _fitting(painter: QPainter, room: QRect, *texts: str) -> str:
    """The first of these texts that fits, or else the last one, elided."""
    metrics = painter.fontMetrics()
    for text in texts[:-1]:
        if metrics.horizontalAdvance(text) <= room.width():
            return text
    return metrics.elidedText(texts[-1], Qt.TextElideMode.ElideRight, room.width())
