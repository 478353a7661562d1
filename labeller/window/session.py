"""A person labelling a project: the batch in front of them, where they are, and every change.

All changes of labels go through here, and are in the database before anything shows them. Widgets
hold no state of their own; they draw what the session says when its signals tell them to.
"""

import getpass
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from labeller.errors import LabellerError
from labeller.project import Project, explaining
from labeller.store.classes import ImageClass
from labeller.store.images import StoredImage
from labeller.store.labels import Label
from labeller.store.rounds import Round

CURSOR_DELAY_MS = 250


class Session(QObject):
    """The state of labelling one project.

    Signals:
        batch_changed(): another batch is shown.
        labels_changed(positions): these places of the batch carry something else now.
        cursor_changed(position): the person is at another image.
        waiting_changed(): whether another batch waits has changed.
        told(sentence): news for the status bar.
        failed(sentence): a change could not be stored; nothing was changed.
    """

    batch_changed = Signal()
    labels_changed = Signal(list)
    cursor_changed = Signal(int)
    waiting_changed = Signal()
    told = Signal(str)
    failed = Signal(str)

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = project
        self.annotator = getpass.getuser()
        self.oracle = False
        self.classes: list[ImageClass] = project.classes.all()
        self.round: Round | None = None
        self.images: list[StoredImage] = []
        self._place_by_id: dict[int, int] = {}
        self.labels: dict[int, Label] = {}
        self.cursor = 0
        self._hides_labels = project.hides_labels
        self._places = {c.id: c.position for c in self.classes}
        self._cursor_timer = QTimer(self)
        self._cursor_timer.setSingleShot(True)
        self._cursor_timer.setInterval(CURSOR_DELAY_MS)
        self._cursor_timer.timeout.connect(self._store_cursor)
        self._show_stored_round()

    # -- what is shown

    def class_of(self, position: int) -> ImageClass | None:
        """The class that the image at this place carries."""
        label = self.labels.get(self.images[position].id)
        if label is None or label.class_id is None:
            return None
        return self.classes[self._places[label.class_id]]

    def is_skipped(self, position: int) -> bool:
        label = self.labels.get(self.images[position].id)
        return label is not None and label.skipped

    def open_positions(self) -> list[int]:
        """Places of the batch without a label or skip."""
        return [i for i, image in enumerate(self.images) if image.id not in self.labels]

    @property
    def batch_done(self) -> bool:
        return bool(self.images) and not self.open_positions()

    @property
    def waiting_round(self) -> Round | None:
        """A newer batch than the one that is shown."""
        newest = self.project.rounds.newest()
        return newest if newest and self.round and newest.id != self.round.id else None

    @property
    def has_oracle(self) -> bool:
        return self.project.oracle.knows_pool()

    def name_of(self, position: int) -> str:
        """What an image may be called on screen: folders may be the hidden truth."""
        image = self.images[position]
        return image.file.name if self._hides_labels else image.path

    def place_of(self, image_id: int) -> int | None:
        """Where an image stands in the batch."""
        return self._place_by_id.get(image_id)

    # -- moving

    def move(self, position: int) -> None:
        if 0 <= position < len(self.images) and position != self.cursor:
            self.cursor = position
            self._cursor_timer.start()
            self.cursor_changed.emit(position)

    def go_to_open(self) -> None:
        """To the next image without a label."""
        self._advance(self.cursor)

    def show_newest(self) -> None:
        """Show the newest batch; with the oracle on, let it label."""
        newest = self.project.rounds.newest()
        if newest is not None:
            self._show(newest)
            if not self.project.read_only:
                self.project.settings.set("shown_round", newest.id)
            self.waiting_changed.emit()
            if self.oracle:
                self.label_by_oracle()

    def offer_newest(self) -> None:
        """A new batch is there: show it if this one is done, else let it wait."""
        if self.round is None or self.batch_done:
            self.show_newest()
        else:
            self.waiting_changed.emit()
            left = len(self.open_positions())
            self.told.emit(f"The next batch is ready; {left} images are open in this one.")

    # -- changing

    def label(self, positions: list[int], class_position: int) -> None:
        """Give images the class at this place in the order, then go to the next open one."""
        if class_position < len(self.classes):
            chosen = self.classes[class_position]
            ids = self._ids(positions)
            self._change(
                lambda: self.project.labels.assign(
                    dict.fromkeys(ids, chosen.id), self.annotator, round_id=self._round_id
                ),
                positions,
            )

    def skip(self, positions: list[int]) -> None:
        """Put images aside, then go to the next open one."""
        ids = self._ids(positions)
        self._change(
            lambda: self.project.labels.skip(ids, self.annotator, self._round_id), positions
        )

    def clear(self, positions: list[int]) -> None:
        """Take labels and skips away; stay where the person is."""
        positions = [p for p in positions if self.images[p].id in self.labels]
        ids = self._ids(positions)
        self._change(
            lambda: self.project.labels.clear(ids, self.annotator, self._round_id),
            positions,
            advance=False,
        )

    def label_by_oracle(self) -> None:
        """Let the hidden labels answer what is open in the batch."""
        positions = self.open_positions()
        answers = self.project.oracle.reveal(self._ids(positions))
        if not answers or self._refuses_changes():
            return
        self._change(
            lambda: self.project.labels.assign(
                answers, annotator="oracle", origin="oracle", round_id=self._round_id
            ),
            positions,
        )
        self.told.emit(f"The oracle labelled {len(answers)} images.")

    def switch_oracle(self, on: bool) -> None:
        """While it is on, the oracle labels this batch and every further one."""
        self.oracle = on
        if on:
            self.label_by_oracle()

    def undo(self) -> None:
        self._turn_over(self.project.labels.undo, "Undone")

    def redo(self) -> None:
        self._turn_over(self.project.labels.redo, "Done again")

    def close(self) -> None:
        """Keep the place and close the project."""
        self._store_cursor()
        self.project.close()

    # --

    @property
    def _round_id(self) -> int | None:
        return None if self.round is None else self.round.id

    def _ids(self, positions: list[int]) -> list[int]:
        return [self.images[position].id for position in positions]

    def _change(
        self, store: Callable[[], None], positions: list[int], advance: bool = True
    ) -> None:
        if not positions or self._refuses_changes():
            return
        try:
            with explaining(self.project.folder):
                store()
        except LabellerError as error:
            self.failed.emit(str(error))
            return
        self._read_labels()
        self.labels_changed.emit(positions)
        if advance:
            self._advance(max(positions))

    def _advance(self, position: int) -> None:
        """To the next open image after `position`, from the start again if need be."""
        waiting = self.open_positions()
        if not waiting:
            self.told.emit("This batch is done. Press T to train on it.")
            return
        self.move(next((p for p in waiting if p > position), waiting[0]))

    def _refuses_changes(self) -> bool:
        if self.project.read_only:
            self.told.emit("This project is open read-only: nothing was changed.")
        return self.project.read_only

    def _turn_over(self, turn: Callable[[str], list[int]], word: str) -> None:
        if self._refuses_changes():
            return
        try:
            with explaining(self.project.folder):
                changed = turn(self.annotator)
        except LabellerError as error:
            self.failed.emit(str(error))
            return
        if not changed:
            self.told.emit("There is nothing left to undo or redo that way.")
            return
        self._read_labels()
        places = (self.place_of(image_id) for image_id in changed)
        positions = [place for place in places if place is not None]
        self.labels_changed.emit(positions)
        if positions:
            self.move(positions[0])
            self.told.emit(f"{word}: {len(changed)} image{'s' if len(changed) > 1 else ''}.")
        else:
            self.told.emit(f"{word}: {len(changed)} images of an earlier batch.")

    def _show_stored_round(self) -> None:
        shown = self.project.settings.get("shown_round")
        found = next((r for r in self.project.rounds.all() if r.id == shown), None)
        found = found or self.project.rounds.newest()
        if found is not None:
            self._show(found)

    def _show(self, round_: Round) -> None:
        self._store_cursor()
        self.round = round_
        self.images = self.project.images.get(round_.image_ids)
        self._place_by_id = {image.id: place for place, image in enumerate(self.images)}
        self.cursor = min(round_.cursor, max(0, len(self.images) - 1))
        self._read_labels()
        self.batch_changed.emit()
        self.cursor_changed.emit(self.cursor)

    def _read_labels(self) -> None:
        self.labels = self.project.labels.current([image.id for image in self.images])

    def _store_cursor(self) -> None:
        self._cursor_timer.stop()
        if self.round is None or self.project.read_only:
            return
        try:
            with explaining(self.project.folder):
                self.project.rounds.set_cursor(self.round.id, self.cursor)
        except LabellerError as error:  # a place that is forgotten is no loss
            self.told.emit(str(error))
