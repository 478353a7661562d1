"""The batch as a Qt item model: one row per image."""

from html import escape

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from labeller.window.kit.language import mark, tr
from labeller.window.kit.theme import class_colour
from labeller.window.labelling.session import Session
from labeller.window.labelling.suggestion_bar import BulkAcceptPolicy
from labeller.window.labelling.thumbnails import Size, Thumbnails

PICTURE = Qt.ItemDataRole.UserRole
CLASS_NAME = Qt.ItemDataRole.UserRole + 1
CLASS_COLOUR = Qt.ItemDataRole.UserRole + 2
ASIDE = Qt.ItemDataRole.UserRole + 3
"""Why an image was put aside, in a word; None if it was not."""
SUGGESTED = Qt.ItemDataRole.UserRole + 4
"""The suggested class and how to show it; None without a suggestion."""
FORESEEN = Qt.ItemDataRole.UserRole + 5
"""While reviewing labels: the class the model had suggested; else None."""
CHECKED = Qt.ItemDataRole.UserRole + 6
"""While reviewing: whether this label has been checked."""
SHARP_PICTURE = Qt.ItemDataRole.UserRole + 7
"""Like `PICTURE`, in higher resolution once it has been loaded."""
ASIDE_WORDS = {
    "skipped": mark("skipped"),
    "unsure": mark("unsure"),
    "not-any-class": mark("not any class"),
    "bad-image": mark("bad image"),
}
Index = QModelIndex | QPersistentModelIndex


class BatchModel(QAbstractListModel):
    def __init__(self, session: Session, thumbnails: Thumbnails, trust: BulkAcceptPolicy) -> None:
        super().__init__(session)
        self._session, self._trust = session, trust
        self._thumbnails = thumbnails
        session.batch_changed.connect(self._reset)
        session.labels_changed.connect(self._redraw)
        thumbnails.loaded.connect(self._on_loaded)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._session.images)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        position = index.row()
        if not index.isValid() or position >= len(self._session.images):
            return None
        image_class = self._session.class_of(position)
        if role == PICTURE:
            return self._thumbnails.get(self._session.images[position])
        if role == SHARP_PICTURE:
            return self._thumbnails.best(self._session.images[position], Size.MIDDLE)
        if role == CLASS_NAME:
            return None if image_class is None else image_class.name
        if role == CLASS_COLOUR:
            return QColor() if image_class is None else class_colour(image_class)
        if role == ASIDE:
            aside = self._session.put_aside(position)
            return None if aside is None else tr(ASIDE_WORDS[aside])
        if role == SUGGESTED:
            suggested = self._session.suggested(position)
            return None if suggested is None else (suggested[0], self._trust.words(*suggested))
        if role == FORESEEN:
            return self._session.foreseen(position)
        if role == CHECKED:
            return self._session.is_checked(position)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"<qt>{escape(self._session.name_of(position))}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.words(position)
        return None

    def state(self, position: int) -> str:
        """The class of an image, or that it has none."""
        if (image_class := self._session.class_of(position)) is not None:
            return image_class.name
        aside = self._session.put_aside(position)
        return tr("open") if aside is None else tr(ASIDE_WORDS[aside])

    def words(self, position: int) -> str:
        """Everything shown of an image, for screen readers: what may change comes first."""
        session = self._session
        parts = [self.state(position)]
        if suggested := session.suggested(position):
            parts.append(tr("suggested: {words}").format(words=self._trust.words(*suggested)))
        if foreseen := session.foreseen(position):
            agrees = foreseen == session.class_of(position)
            said = tr("model: {name}") if agrees else tr("unlike the model: {name}")
            parts.append(said.format(name=foreseen.name))
        if session.is_checked(position):
            parts.append(tr("checked"))
        if self._thumbnails.cannot_show(session.images[position]):
            parts.append(tr("unreadable"))
        parts += [session.opinions_of(position), session.note_of(position)]
        parts.append(session.name_of(position))
        return tr("Image {place} of {total}, {name}").format(
            place=position + 1,
            total=len(session.images),
            name=", ".join(part for part in parts if part),
        )

    def _reset(self) -> None:
        self.beginResetModel()
        self.endResetModel()

    def _redraw(self, positions: list[int]) -> None:
        for position in positions:
            index = self.index(position)
            self.dataChanged.emit(index, index)

    def _on_loaded(self, image_id: int) -> None:
        if (place := self._session.place_of(image_id)) is not None:
            self._redraw([place])
