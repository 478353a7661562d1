"""Below one large image: the previous and the next ones."""

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from labeller.window.kit.language import tr
from labeller.window.labelling.batch_model import BatchModel
from labeller.window.labelling.session import Session
from labeller.window.labelling.thumbnail_delegate import ThumbnailDelegate

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
