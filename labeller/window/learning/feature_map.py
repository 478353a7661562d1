"""The pool as the model sees it, one point per image: coloured in several ways, filtered by the
legend, and labelled by drawing around points or by keys."""

import logging
import os
from itertools import pairwise
from threading import Event
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QPixmap, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
)

from labeller.core.run import Run
from labeller.project.project import Project
from labeller.store.images import StoredImage
from labeller.window.kit.accessibility import Announcer
from labeller.window.kit.actions import key_of
from labeller.window.kit.language import tr
from labeller.window.kit.theme import swatch
from labeller.window.kit.widgets import PlainLabel
from labeller.window.kit.worker import Lookup, Operation
from labeller.window.labelling.class_panel import ClassKeys
from labeller.window.labelling.picture import Picture
from labeller.window.learning.map_colours import COLOURINGS, Colouring
from labeller.window.learning.map_view import MapView

if TYPE_CHECKING:
    from labeller.loop.pool_map import PoolMap
    from labeller.window.labelling.labelling_page import LabellingPage

SIDE_WIDTH = 230
PAUSE_MS = 500
"""Pause after the last label before the colours are read again."""
KIND, KEY = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


def map_pool(page: "LabellingPage") -> Operation:
    """Lay out the pool as the newest model sees it, and show the map beside the window."""

    def lay_out(project: Project, run: Run) -> "PoolMap":
        from labeller.loop.pool_map import begin_map

        return begin_map(project, run)

    def show(found: "PoolMap") -> None:
        if page.session.hides_answers:
            return
        for other in page.findChildren(FeatureMapDialog):
            if other.state == found.state:
                other.come_back()
                return
            other.close()
        FeatureMapDialog(page, found).show()

    wait = tr("The map has to wait until the current task has finished.")
    return Operation(tr("Drawing the map of the pool"), lay_out, show, wait)


class FeatureMapDialog(QDialog):
    """The map, its legend, and the picture of the current point."""

    def __init__(self, page: "LabellingPage", found: "PoolMap") -> None:
        super().__init__(page)
        pool = page.session.project.images.counts()["ready"]
        title = tr("Map of the pool: {count} of {total} images")
        self.setWindowTitle(title.format(count=f"{len(found.image_ids):,}", total=f"{pool:,}"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._page, self._session = page, page.session
        self._ids, self.state = found.image_ids, found.state
        self._images: dict[int, StoredImage] = {}
        self.view = MapView(self._pixmap)
        self.view.setAccessibleName(tr("Map of the pool"))
        self.colouring = QComboBox()
        for name in COLOURINGS:
            self.colouring.addItem(tr(name), name)
        label = QLabel(tr("&Colour by"))
        label.setBuddy(self.colouring)
        self.legend = QListWidget()
        self.legend.setAccessibleName(tr("Legend: unchecked images are hidden"))
        self.picture = Picture()
        self.caption = PlainLabel()
        self.caption.setWordWrap(True)
        self.words = PlainLabel(self._how_to())
        self.words.setWordWrap(True)
        self.show_button = QPushButton(tr("&Show the selection"))
        self.show_button.setAutoDefault(False)
        close = QPushButton(tr("Close"))
        close.setAutoDefault(False)
        side = QVBoxLayout()
        for widget in (label, self.colouring, self.legend, self.picture, self.caption):
            side.addWidget(widget)
            widget.setMaximumWidth(SIDE_WIDTH)
        side.setStretch(2, 1)
        upper = QHBoxLayout()
        upper.addWidget(self.view, 1)
        upper.addLayout(side)
        lower = QHBoxLayout()
        lower.addWidget(self.words, 1)
        lower.addWidget(self.show_button)
        lower.addWidget(close)
        layout = QVBoxLayout(self)
        layout.addLayout(upper, 1)
        layout.addLayout(lower)
        self.resize(980, 700)
        for before, after in pairwise(
            (self.view, self.colouring, self.legend, self.show_button, close)
        ):
            self.setTabOrder(before, after)

        self.view.place(found.places)
        self.view.moved.connect(self._describe)
        self.view.selection_changed.connect(self._tell_selection)
        self.view.wanted.connect(self.show_selection)
        self.show_button.clicked.connect(self.show_selection)
        close.clicked.connect(self.close)
        self.colouring.currentIndexChanged.connect(self._colour_anew)
        self.legend.itemChanged.connect(self._filter)
        self.legend.itemActivated.connect(self._select_kind)
        QShortcut(key_of("undo"), self, page.changes.undo)
        QShortcut(key_of("redo"), self, page.changes.redo)
        self._keys = ClassKeys(self, self._session, page.changes, self._bring_up)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._recolour)
        self._session.labels_changed.connect(self._recolour_soon)
        self._session.batch_changed.connect(self._close_where_answers_are_hidden)
        page.thumbnails.loaded.connect(self._on_loaded)
        self._announcer = Announcer(self)
        self._stop = Event()
        self._lookup = Lookup()
        self._lookup.told.connect(self._settle)
        self._colour_anew()
        self._tell_selection()
        self.view.setFocus()
        self._refine(found)

    # -- the layout, which a thread refines

    def _refine(self, found: "PoolMap") -> None:
        if found.settled:
            return
        stop, lookup = self._stop, self._lookup
        threads = max(1, (os.cpu_count() or 2) // 2)

        def compute() -> None:
            from labeller.loop.pool_map import refined

            try:
                for better in refined(found, Run(should_stop=stop.is_set), threads):
                    lookup.told.emit(better.places)
            except Exception:
                logging.getLogger(__name__).exception("the map stays as it is")

        lookup.start(compute)

    def _settle(self, places: np.ndarray | None) -> None:
        if places is not None:  # None at the end
            self.view.place(places)

    def _close_where_answers_are_hidden(self) -> None:
        if self._session.hides_answers:
            self.close()

    def _end(self) -> None:
        if not self._stop.is_set():
            self._stop.set()
            self._lookup.told.disconnect(self._settle)

    def done(self, result: int) -> None:
        self._end()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._end()  # a hidden one is closed without being done
        super().closeEvent(event)

    def come_back(self) -> None:
        """Show the map as it was left."""
        self.show()
        self.raise_()
        self.activateWindow()
        self._recolour()
        self.view.setFocus()

    # -- colours and legend

    def _colour_anew(self, *_: object) -> None:
        """Apply the chosen colouring and show everything."""
        self._hidden: set[str] = set()
        self._recolour()

    def _recolour_soon(self, *_: object) -> None:
        if self.isVisible():  # `come_back` reads them again
            self._pause.start()

    def _recolour(self) -> None:
        """Read colours and legend again; what is hidden stays hidden."""
        found = self._read_colours()
        counts = np.bincount(found.codes, minlength=len(found.kinds))
        self.legend.blockSignals(True)
        self.legend.clear()
        for number, kind in enumerate(found.kinds):
            if counts[number]:
                item = QListWidgetItem(swatch(kind.colour), f"{kind.name}  ({counts[number]:,})")
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                shown = kind.key not in self._hidden
                item.setCheckState(Qt.CheckState.Checked if shown else Qt.CheckState.Unchecked)
                item.setData(KIND, number)
                item.setData(KEY, kind.key)
                self.legend.addItem(item)
        self.legend.blockSignals(False)
        self._filter()

    def _read_colours(self) -> Colouring:
        session = self._session
        found = COLOURINGS[self.colouring.currentData()](session.project, self._ids.tolist())
        newest = session.project.rounds.newest()
        batch = np.array(newest.image_ids if newest else (), np.int64)
        self._codes = found.codes
        self.view.colour(
            found.codes, [each.colour for each in found.kinds], np.isin(self._ids, batch)
        )
        return found

    def _filter(self, *_: object) -> None:
        """Show only the kinds that are checked."""
        items = [self.legend.item(row) for row in range(self.legend.count())]
        shown = [item for item in items if item.checkState() == Qt.CheckState.Checked]
        self._hidden = {item.data(KEY) for item in items if item not in shown}
        self.view.show_only(np.isin(self._codes, [item.data(KIND) for item in shown]))

    def _select_kind(self, item: QListWidgetItem) -> None:
        """Enter or a double click on an entry of the legend selects its images."""
        self.view.select(self._codes == item.data(KIND))
        self.view.setFocus()

    # -- the current point

    def _image(self, number: int) -> StoredImage | None:
        image_id = int(self._ids[number])
        if image_id not in self._images:
            self._images |= {each.id: each for each in self._session.project.images.get([image_id])}
        return self._images.get(image_id)

    def _pixmap(self, number: int) -> QPixmap | None:
        image = self._image(number)
        return None if image is None else self._page.thumbnails.get(image)

    def _on_loaded(self, image_id: int) -> None:
        if image_id in self._images:
            self.view.update()
            if self.view.current >= 0 and image_id == self._ids[self.view.current]:
                self._describe(self.view.current)

    def _describe(self, number: int) -> None:
        """Show the current image with its name, label and suggestion, and announce them."""
        image = self._image(number) if number >= 0 else None
        if image is None:
            self.picture.show_pixmap(None)
            self.caption.clear()
            return
        project = self._session.project
        names = {each.id: each.name for each in project.classes.all(archived=True)}
        parts = [self._session.shown_name(image)]
        if (label := project.labels.current([image.id]).get(image.id)) is not None:
            parts.append(tr("put aside") if label.class_id is None else names[label.class_id])
        elif (said := project.suggestions.of([image.id]).get(image.id)) is not None:
            words = f"{names[said.class_id]} {said.confidence:.0%}"
            parts.append(tr("suggested: {words}").format(words=words))
        else:
            parts.append(tr("unlabelled"))
        if self.view.selected[number]:
            parts.append(tr("selected"))
        self.picture.show_pixmap(self._pixmap(number))
        self.caption.setText("\n".join(parts))
        self.view.setAccessibleName(", ".join(parts))  # a new name is read

    # -- the selection

    def _how_to(self) -> str:
        return tr(
            "Draw around images or press Space to select them, then a class key to label those "
            "that have no label, or Enter to see them. Wheel or + and − zoom, the right button or "
            "Shift with arrow keys moves, arrow keys go from image to image, Shift+Space selects "
            "neighbours."
        )

    def _tell_selection(self) -> None:
        count = int(self.view.selected.sum())
        self.show_button.setEnabled(count > 0)
        if count:
            said = tr(
                "%n image(s) selected. A class key labels those without a label; Enter shows them.",
                None,
                count,
            )
            self._announcer.say(said)
        self.words.setText(said if count else self._how_to())
        if self.view.current >= 0:
            self._describe(self.view.current)

    def _chosen(self) -> list[int]:
        """Ids of the selected images."""
        return [int(i) for i in self._ids[self.view.selected]]

    def show_selection(self) -> None:
        """Show the selected images in the window, and hide the map, which covers it."""
        self._session.look_through(self._chosen(), tr("Selected on the map"))
        self.hide()
        self._page.take_keyboard()
        self._page.activateWindow()

    def _bring_up(self) -> list[int]:
        """Show the selected images that carry no label, which a class key is about to label; their
        positions. Existing labels are changed only where they can be seen."""
        project, chosen = self._session.project, self._chosen()
        labelled = project.labels.current(chosen)
        unlabelled = [i for i in chosen if i not in labelled]
        if not unlabelled:
            self.words.setText(tr("All selected images have a label. Enter shows them."))
            return []
        there = [image.id for image in project.images.get(unlabelled) if image.file.is_file()]
        if missing := len(unlabelled) - len(there):
            self._session.announced.emit(
                tr("%n image(s) cannot be shown and were not labelled.", None, missing)
            )
        if there:
            self._session.look_through(there, tr("Selected on the map"))
        return list(range(len(there)))
