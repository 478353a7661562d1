"""One image at a time, as large as possible, above a strip of its neighbours: a key labels it
and shows the next one."""

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QVBoxLayout, QWidget

from labeller.window.kit.actions import key_text
from labeller.window.kit.language import tr
from labeller.window.kit.theme import class_colour, text_on
from labeller.window.kit.widgets import ElidedLabel, PlainLabel
from labeller.window.labelling.batch_model import ASIDE_WORDS, BatchModel
from labeller.window.labelling.session import Session
from labeller.window.labelling.suggestion_bar import BulkAcceptPolicy
from labeller.window.labelling.thumbnail_delegate import ThumbnailDelegate
from labeller.window.labelling.thumbnails import Size, Thumbnails
from labeller.window.labelling.zoom import CurrentPicture

BESIDE = 5
"""Images shown on either side of the current one."""
SIDE = 64


class FilmStrip(QListView):
    """The batch as a row around the current image; a click goes to another image."""

    def __init__(self, session: Session, model: BatchModel) -> None:
        super().__init__()
        self._session = session
        delegate = ThumbnailDelegate(self)
        delegate.side = SIDE
        self._cell = delegate.cell(SIDE)
        self.setItemDelegate(delegate)
        self.setModel(model)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the large image keeps the keyboard
        self.setAccessibleName(tr("Images around the current one"))
        self.setFixedHeight(self._cell.height())
        self.setMaximumWidth(self._cell.width() * (2 * BESIDE + 1))
        self.clicked.connect(lambda index: session.move(index.row()))
        session.cursor_changed.connect(self._follow)
        session.rested.connect(self._let_go)
        model.modelReset.connect(self._follow)

    def sizeHint(self) -> QSize:
        return QSize(self.maximumWidth(), self._cell.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(3 * self._cell.width(), self._cell.height())

    def _follow(self, *_: object) -> None:
        """Scroll the current image to the middle."""
        if self.isVisible() and not self._session.resting:
            index = self.model().index(self._session.cursor, 0)
            self.setCurrentIndex(index)
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def _let_go(self) -> None:
        self.setCurrentIndex(QModelIndex())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._follow()


AHEAD = 4
"""Images after this one that are read ahead."""


class SingleView(QWidget):
    """Shows the current image with its label or suggestion."""

    def __init__(
        self, session: Session, model: BatchModel, thumbnails: Thumbnails, trust: BulkAcceptPolicy
    ) -> None:
        super().__init__()
        self._session, self._thumbnails, self._trust = session, thumbnails, trust
        self._model = model
        self.picture = CurrentPicture(session, thumbnails)
        self.picture.setAccessibleName(tr("The current image"))
        self.state = PlainLabel()
        self.state.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.state.setMinimumHeight(40)
        self._caption = ElidedLabel(middle=True)
        self._caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self.state)
        layout.addWidget(self._caption)
        self.strip = FilmStrip(session, model)
        layout.addWidget(self.strip, 0, Qt.AlignmentFlag.AlignHCenter)
        session.cursor_changed.connect(self.refresh)
        session.rested.connect(self._name)
        session.batch_changed.connect(self.refresh)
        session.labels_changed.connect(self.refresh)
        thumbnails.loaded.connect(self._on_loaded)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Draw the current image and its state."""
        session = self._session
        if not session.images or not self.isVisible():
            return
        here = session.cursor
        self.picture.show_current()
        for following in session.images[here + 1 : here + 1 + AHEAD]:
            self._thumbnails.best(following, Size.LARGE)
        place = tr("{place} of {total}").format(place=here + 1, total=len(session.images))
        parts = (place, session.name_of(here), session.opinions_of(here), session.note_of(here))
        self._caption.setText("  ·  ".join(part for part in parts if part))
        self._show_state(here)
        self._name()

    def _name(self) -> None:
        """A new name is read by screen readers, since this view has the keyboard."""
        words = tr("No image is selected; press an arrow key.")
        if not self._session.resting:
            words = self._model.words(self._session.cursor)
        if words != self.accessibleName():
            self.setAccessibleName(words)

    def _show_state(self, here: int) -> None:
        ground, text = "transparent", "palette(window-text)"
        if image_class := self._session.class_of(here):
            words = image_class.name
            if self._session.is_checked(here):
                words += "  ✓"
            if foreseen := self._session.foreseen(here):
                words += "  ·  " + tr("model: {name}").format(name=foreseen.name)
            colour = class_colour(image_class)
            ground, text = colour.name(), text_on(colour).name()
        elif (aside := self._session.put_aside(here)) is not None:
            words = tr(ASIDE_WORDS[aside])
        elif suggested := self._session.suggested(here):
            words = f"{self._trust.words(*suggested)}  ·  "
            words += tr("{key} accepts").format(key=key_text("accept"))
        else:
            words = tr("open")
        self.state.setText(words)
        self.state.setStyleSheet(
            f"font-size: 17px; border-radius: 6px; background: {ground}; color: {text};"
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Space: 1,
            Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1,
        }  # fmt: skip
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(self._session.images) - 1}
        key = Qt.Key(event.key())
        if self._session.resting and key in steps:
            self._session.move(self._session.cursor)
        elif key in steps:
            self._session.move(self._session.cursor + steps[key])
        elif key in ends:
            self._session.move(ends[key])
        else:
            super().keyPressEvent(event)

    def _on_loaded(self, image_id: int) -> None:
        if self._session.place_of(image_id) == self._session.cursor:
            self.refresh()
