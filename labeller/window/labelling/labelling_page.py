"""The labelling page: the grid on the left; image, classes and model on the right."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from labeller.core.run import Progress
from labeller.window.kit.accessibility import BY_KEY
from labeller.window.kit.actions import key_text
from labeller.window.kit.language import tr
from labeller.window.kit.preferences import settings
from labeller.window.kit.worker import Worker
from labeller.window.labelling.batch_card import BatchCard
from labeller.window.labelling.batch_grid import BatchGrid
from labeller.window.labelling.batch_header import BatchBanner, BatchHeader
from labeller.window.labelling.batch_model import BatchModel
from labeller.window.labelling.changes import Changes
from labeller.window.labelling.class_panel import ClassKeys, ClassPanel
from labeller.window.labelling.oracle_control import OracleControl
from labeller.window.labelling.picture import Tone
from labeller.window.labelling.preview import ClassCard, Preview
from labeller.window.labelling.review_strip import ReviewStrip
from labeller.window.labelling.session import Session
from labeller.window.labelling.single_view import SingleView
from labeller.window.labelling.suggestion_bar import BulkAcceptPolicy, SuggestionBar
from labeller.window.labelling.surroundings import SurroundingsLine
from labeller.window.labelling.thumbnails import Thumbnails
from labeller.window.labelling.zoom import ZoomPicture
from labeller.window.learning.learning_control import LearningControl
from labeller.window.learning.live_suggestions import LiveSuggestions
from labeller.window.learning.training_panel import TrainingPanel

SIDE_BAR_WIDTH = 360


class LabellingPage(QWidget):
    """Arranges the widgets of one session.

    Signals: grid_wanted(): the grid has to be visible, since something in it is marked;
    offered(sentence, more, button, call): something to do next.
    """

    grid_wanted = Signal()
    offered = Signal(str, str, str, object)

    def __init__(self, session: Session, worker: Worker) -> None:
        super().__init__()
        self.session = session
        self.thumbnails = Thumbnails(session.project.thumbnails, self)
        self.changes = Changes(session)
        self.changes.cannot_be_seen = self.thumbnails.cannot_show
        self.trust = BulkAcceptPolicy(session)
        self.oracle = OracleControl(session, self.changes)
        self.model = BatchModel(session, self.thumbnails, self.trust)
        self.grid = BatchGrid(session, self.model)
        self.single = SingleView(session, self.model, self.thumbnails, self.trust)
        self.views = QStackedWidget()
        self.views.addWidget(self.grid)
        self.views.addWidget(self.single)
        self.suggestions = SuggestionBar(session, self.trust)
        self.preview = Preview(session, self.thumbnails)
        self.class_card = ClassCard(session, self.thumbnails)
        self.classes = ClassPanel(session)
        self.changes.given.connect(self.classes.flash)
        self.training = TrainingPanel(session.project)
        self.learning = LearningControl(session, self.training, worker)
        self.live = LiveSuggestions(session, worker)
        self.live.progressed.connect(self._show_reading)
        self.live.failed.connect(self.learning.announced)
        self.learning.improved.connect(self.live.start)
        self.header = BatchHeader(session)
        self.banner = BatchBanner(session)
        self.banner.wanted.connect(self.learning.show_next)
        self.surroundings = SurroundingsLine(session.project)
        self.reviewing = ReviewStrip(session)
        self.reviewing.left.connect(self.take_keyboard)
        self.suggestions.left.connect(self.take_keyboard)
        self.suggestions.all_wanted.connect(self.accept_sure)
        self.reviewing.odd_wanted.connect(self.learning.find_odd)
        self._ringed: list[int] = []
        self._lay_out()
        self.learning.group_shown.connect(
            lambda: self.grid.select(list(range(len(session.images))))
        )
        self.classes.chosen.connect(lambda place: self.changes.label(self.chosen(), place))
        self.class_keys = ClassKeys(self, session, self.changes, self.chosen)
        session.changed_elsewhere.connect(self.training.refresh)
        for signal in (session.labels_changed, session.classes_changed):
            signal.connect(self._count_classes)
        self.card = BatchCard(session, self.learning, self.views)
        self.grid.selectionModel().selectionChanged.connect(self._show_selection)
        self.model.modelReset.connect(
            self._show_selection
        )  # a reset does not signal a change of the selection
        self.suggestions.refresh()
        self.banner.refresh()
        self.grid.setFocus()

    def chosen(self) -> list[int]:
        """Positions of the images that the next key applies to."""
        if self.views.currentWidget() is self.grid:
            return self.grid.chosen()
        return [self.session.cursor] if self.session.images and not self.session.resting else []

    def select_alike(self) -> None:
        """Select all open images with the suggestion of the current one, in the grid."""
        session = self.session
        here = session.suggested(session.cursor) if session.images else None
        if here is None:
            session.announced.emit(tr("The current image has no suggestion."))
            return
        found = [session.suggested(place) for place in range(len(session.images))]
        alike = [p for p, each in enumerate(found) if each is not None and each[0] == here[0]]
        self.grid.select(alike)
        session.announced.emit(
            tr("%n image(s) selected: {name}?", None, len(alike)).format(name=here[0].name)
        )

    def accept_sure(self) -> None:
        """Select what would be accepted; accept it when asked again while it is still selected."""
        session = self.session
        if (problem := self.trust.problem(self.trust.record())) is not None:
            session.announced.emit(problem)
            return
        positions = self.trust.positions()
        ids = session.batch.ids(positions)
        if self._ringed == ids and self.grid.isVisible() and self.grid.chosen() == positions:
            self._ringed = []
            self.changes.accept_together(positions)
            return
        self.grid_wanted.emit()
        self._ringed = ids
        self.grid.select(positions)
        said = tr(
            "%n image(s) selected, {share} expected to be correct. Press {key} again to accept.",
            None,
            len(ids),
        ).format(share=f"{self.trust.expected():.0%}", key=key_text("accept_sure"))
        if hidden := self.grid.out_of_view(positions):
            said += " " + tr(
                "%n of them are out of view; {key} makes all fit.", None, hidden
            ).format(key=key_text("fit"))
        session.announced.emit(said)

    @property
    def picture(self) -> ZoomPicture:
        """The visible large picture: the single view or the preview beside the grid."""
        return self.single.picture if self.single.isVisible() else self.preview.picture

    def keep_zoom(self, on: bool) -> None:
        """Show the next image at the same zoom, or whole."""
        self.single.picture.keeps = self.preview.picture.keeps = on

    def change_tone(self, brightness: int = 0, contrast: int = 0) -> None:
        """Change brightness or contrast of the large pictures by a number of steps; without any,
        reset them."""
        shown = self.picture.tone
        tone = shown.moved(brightness, contrast) if brightness or contrast else Tone()
        for picture in (self.single.picture, self.preview.picture):
            picture.set_tone(tone)

    def review(self) -> None:
        """Show likely mistakes, with filters."""
        self.reviewing.open()
        self.take_keyboard()

    def look_through_pool(self) -> None:
        """Show all images, with filters."""
        self.reviewing.open_pool()

    def deselect(self) -> None:
        """Select only the current image, and return the focus to the images."""
        self.grid.collapse()
        self.take_keyboard()

    def show_one_by_one(self, on: bool) -> None:
        """Switch between one large image and the grid."""
        self.views.setCurrentWidget(self.single if on else self.grid)
        self.preview.setVisible(not on)
        self.class_card.setVisible(on)
        self.single.refresh()
        self._show_selection()
        self.card.refresh()
        self.take_keyboard()

    def has_keyboard(self) -> bool:
        """Whether keys go to the images."""
        focused = self.focusWidget()
        return focused is not None and self.views.isAncestorOf(focused) and focused.hasFocus()

    def switch_pane(self) -> None:
        """Move the focus to the side panel, or back."""
        side = (*self.classes.buttons, self.classes.new, self.training.arrow)
        if self.has_keyboard():
            first = next(each for each in side if each.isVisible())
            first.setFocus(Qt.FocusReason.TabFocusReason)
            self.window().setAttribute(BY_KEY)
        else:
            self.take_keyboard()

    def take_keyboard(self) -> None:
        shown = self.views.currentWidget()
        if shown is not None:
            shown.setFocus()

    def close_session(self) -> None:
        for dialog in self.findChildren(QDialog):
            dialog.close()
        self.learning.close()
        self.live.stop()
        self.surroundings.stop()
        self.thumbnails.close()
        self.session.close()

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(12, 6, 4, 8)
        column.addWidget(self.header)
        column.addWidget(self.banner)
        column.addWidget(self.surroundings)
        column.addWidget(self.suggestions)
        column.addWidget(self.reviewing)
        column.addWidget(self.views, 1)
        side = QFrame()
        panels = QVBoxLayout(side)
        panels.setContentsMargins(8, 6, 12, 8)
        panels.setSpacing(10)
        panels.addWidget(self.preview, 1)
        self.class_card.hide()  # it takes the preview's place beside one large image
        panels.addWidget(self.class_card, 1)
        panels.addWidget(self.classes)
        panels.addWidget(self.training)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(left)
        splitter.addWidget(side)
        splitter.setStretchFactor(0, 1)
        splitter.setCollapsible(0, False)
        splitter.setCollapsible(1, False)
        splitter.setSizes([10_000, SIDE_BAR_WIDTH])
        if (widths := settings().value("side_bar")) is not None:
            splitter.restoreState(widths)
        splitter.splitterMoved.connect(
            lambda *_: settings().setValue("side_bar", splitter.saveState())
        )
        side.setMinimumWidth(280)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def _count_classes(self, *_: object) -> None:
        session = self.session
        self.training.balance.count(session.classes, session.summary.by_class)

    def _show_reading(self, progress: Progress) -> None:
        """Show how far reading is, and the stored state once it is done. What the thread still
        reported when the page was closed comes too late."""
        if not self.live.reads_features:
            return
        self.training.show_progress(progress)
        if progress.done >= progress.total and not self.learning.worker.busy:
            self.training.refresh()

    def _show_selection(self, *_: object) -> None:
        """Only the grid can have more than one image selected."""
        selected = len(self.grid.selectionModel().selectedIndexes())
        self.header.show_selected(selected if self.views.currentWidget() is self.grid else 0)
