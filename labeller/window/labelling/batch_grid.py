"""The grid of the batch's thumbnails: arrows, mouse, Shift and Ctrl as in any grid."""

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from labeller.window.kit.accessibility import tell_changed
from labeller.window.kit.language import tr
from labeller.window.kit.preferences import settings
from labeller.window.labelling.batch_model import BatchModel
from labeller.window.labelling.session import Session
from labeller.window.labelling.thumbnail_delegate import ThumbnailDelegate

SIDES = (64, 80, 96, 112, 144, 184, 240, 320)
"""Steps of the thumbnails' side, in device-independent pixels."""
SLACK = 4
"""Pixels of a row that Qt leaves empty rather than fill to the last one."""


class BatchGrid(QListView):
    """Shows the model and keeps the current item in step with the session's cursor."""

    def __init__(self, session: Session, model: BatchModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._batch = session, model
        self._read = ""  # what a screen reader has said of the current image
        self._delegate = ThumbnailDelegate(self)
        side = str(settings().value("thumbnail_side"))
        if side.isdecimal() and SIDES[0] <= int(side) <= SIDES[-1]:
            self._delegate.side = int(side)
        self._fits = settings().value("thumbnails_fit", False, bool)
        self.setItemDelegate(self._delegate)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Images of this batch"))
        self.setModel(model)
        session.cursor_changed.connect(self._follow_cursor)
        session.rested.connect(self._let_go)
        session.selection_spent.connect(self.collapse)
        session.labels_changed.connect(self._tell_of_labels)
        session.batch_changed.connect(self._fit_lines)
        model.modelReset.connect(lambda: self._follow_cursor(session.cursor))
        self._follow_cursor(session.cursor)

    def chosen(self) -> list[int]:
        """Places of the selected images, or of the current one; ascending. None while the session
        rests and nothing is selected."""
        selected = sorted(index.row() for index in self.selectedIndexes())
        here = self._session.images and not self._session.resting
        return selected or ([self._session.cursor] if here else [])

    def collapse(self) -> None:
        """Select only the current image."""
        index = self.currentIndex()
        if index.isValid():
            self.selectionModel().select(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        else:
            self.clearSelection()

    def select(self, positions: list[int]) -> None:
        """Select these images; the current one stays current."""
        chosen = QItemSelection()
        for position in positions:
            index = self.model().index(position, 0)
            chosen.select(index, index)
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def out_of_view(self, positions: list[int]) -> int:
        """How many of these images are not on screen, not even in part."""
        seen = self.viewport().rect()
        rects = (self.visualRect(self.model().index(position, 0)) for position in positions)
        return sum(not rect.intersects(seen) for rect in rects)

    def zoom(self, steps: int) -> None:
        """Make the thumbnails larger (1) or smaller (-1)."""
        self._set_fits(False)
        here = self._delegate.side
        larger = [side for side in SIDES if side > here] or [SIDES[-1]]
        smaller = [side for side in SIDES if side < here] or [SIDES[0]]
        self._set_side(larger[0] if steps > 0 else smaller[-1])

    def fit(self) -> None:
        """Use the largest thumbnails at which the whole batch is visible, until the size is
        changed; if it never fits, show as many images as possible."""
        self._set_fits(True)
        self._fit()

    def _fit(self) -> None:
        room, count = self.maximumViewportSize(), self.model().rowCount()
        extra = self._delegate.cell(0)
        for side in range(SIDES[-1], SIDES[0] - 1, -4):
            across = (room.width() - SLACK) // (side + extra.width())
            if across and -(-count // across) * (side + extra.height()) <= room.height():
                break
        self._set_side(side)

    def _set_fits(self, on: bool) -> None:
        self._fits = on
        settings().setValue("thumbnails_fit", on)

    def _set_side(self, side: int) -> None:
        if side != self._delegate.side:
            self._delegate.side = side
            settings().setValue("thumbnail_side", side)
            self.scheduleDelayedItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fits:
            self._fit()

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Left and right wrap around at the end of a row. If no image is current, any arrow returns
        to the last one."""
        ends = {
            QAbstractItemView.CursorAction.MoveHome: 0,
            QAbstractItemView.CursorAction.MoveEnd: self.model().rowCount() - 1,
        }
        if not self.currentIndex().isValid():
            return self.model().index(ends.get(action, self._session.cursor), 0)
        steps = {
            QAbstractItemView.CursorAction.MoveRight: 1,
            QAbstractItemView.CursorAction.MoveLeft: -1,
        }
        if action in steps:
            last = self.model().rowCount() - 1
            row = max(0, min(self.currentIndex().row() + steps[action], last))
            return self.model().index(row, 0)
        return super().moveCursor(action, modifiers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters and digits trigger actions instead of searching."""
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.selectAll()
        elif event.text().isprintable() and event.text() and event.key() != Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: object
    ) -> None:
        super().currentChanged(current, previous)  # type: ignore[arg-type]
        if current.isValid():
            self._session.move(current.row())
            self._read = self._batch.words(current.row())
            self.scrollTo(current)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Keep Qt from making an image current that nobody selected."""
        if self._session.resting:
            QWidget.focusInEvent(self, event)
            self.viewport().update()
        else:
            super().focusInEvent(event)

    def _fit_lines(self) -> None:
        """Make room for a second line while labels are compared with suggestions."""
        compares = bool(self._session.batch.foreseen)
        if compares != self._delegate.compares:
            self._delegate.compares = compares
            self.scheduleDelayedItemsLayout()
        if self._fits:
            self._fit()

    def _tell_of_labels(self, positions: list[int]) -> None:
        here = self._session.cursor
        if here not in positions or not self.hasFocus():
            return
        if (words := self._batch.words(here)) != self._read:
            self._read = words
            tell_changed(self, here)

    def _let_go(self) -> None:
        """Clear the current image."""
        self.selectionModel().clear()
        self.viewport().update()

    def _follow_cursor(self, position: int) -> None:
        if self._session.resting:
            return
        index = self.model().index(position, 0)
        if index.isValid() and index != self.currentIndex():
            self.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
