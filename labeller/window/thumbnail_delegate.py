"""Draws one thumbnail: the picture, its class on a coloured strip, and where the person is."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from labeller.window.batch_model import CLASS_COLOUR, CLASS_NAME, PICTURE, SKIPPED
from labeller.window.theme import ACCENT, muted, text_on

MARGIN = 5
STRIP = 20
RADIUS = 6.0


class ThumbnailDelegate(QStyledItemDelegate):
    """`side` is the picture's side in device-independent pixels."""

    side = 112

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(self.side + 2 * MARGIN, self.side + STRIP + 2 * MARGIN)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        cell = QRect(option.rect).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        palette: QPalette = option.palette
        state = option.state
        picture_rect = QRect(cell.topLeft(), QSize(cell.width(), cell.height() - STRIP))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(cell), RADIUS, RADIUS)
        painter.setClipPath(outline)
        ground = palette.color(QPalette.ColorRole.WindowText)
        ground.setAlphaF(0.1)
        painter.fillPath(outline, ground)
        skipped = bool(index.data(SKIPPED))
        self._draw_picture(painter, picture_rect, index.data(PICTURE), skipped, palette)
        self._draw_strip(painter, cell, index, skipped, palette)
        painter.setClipping(False)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        current = bool(state & QStyle.StateFlag.State_HasFocus)
        if selected or current:
            painter.setPen(QPen(ACCENT, 3))
            painter.drawRoundedRect(QRectF(cell).adjusted(-2, -2, 2, 2), RADIUS + 1, RADIUS + 1)
        painter.restore()

    def _draw_picture(
        self,
        painter: QPainter,
        rect: QRect,
        pixmap: QPixmap | None,
        skipped: bool,
        palette: QPalette,
    ) -> None:
        if pixmap is None:
            return  # it is being loaded; the ground stands for it
        if pixmap.isNull():
            painter.setPen(muted(palette))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, "not readable")
            return
        size = pixmap.size().scaled(rect.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(rect.center())
        painter.setOpacity(0.3 if skipped else 1.0)
        painter.drawPixmap(place, pixmap)
        painter.setOpacity(1.0)

    def _draw_strip(
        self,
        painter: QPainter,
        cell: QRect,
        index: QModelIndex | QPersistentModelIndex,
        skipped: bool,
        palette: QPalette,
    ) -> None:
        strip = QRect(cell.left(), cell.bottom() - STRIP + 1, cell.width(), STRIP)
        name = index.data(CLASS_NAME)
        font = QFont(painter.font())
        font.setPointSizeF(font.pointSizeF() * 0.9)
        painter.setFont(font)
        if name is None:
            painter.setPen(muted(palette))
            text = "skipped" if skipped else ""
        else:
            colour: QColor = index.data(CLASS_COLOUR)
            painter.fillRect(strip, colour)
            painter.setPen(text_on(colour))
            text = name
        inner = strip.adjusted(6, 0, -6, 0)
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, text)
