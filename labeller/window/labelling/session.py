"""The state of labelling a project: the batch on screen and the current image.

Widgets hold no state of their own; they redraw from the session when its signals say so. Changes go
through labeller/window/labelling/changes.py.
"""

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from labeller.core.errors import LabellerError
from labeller.project.project import Project, explaining
from labeller.store.agreement import Disputed
from labeller.store.classes import ImageClass
from labeller.store.images import StoredImage
from labeller.store.labels import Label
from labeller.store.review import Question
from labeller.store.rounds import Round
from labeller.window.kit.actions import key_text
from labeller.window.kit.language import spoken, tr
from labeller.window.kit.preferences import annotator
from labeller.window.labelling.batch import Batch

CURSOR_DELAY_MS = 250
FOUND_LIMIT = 500
PAGE = 5000
"""Images of a review that are shown at once."""
WATCH_MS = 1000


class Session(QObject):
    """The state of labelling one project.

    Signals:
        batch_changed(): another batch is shown.
        labels_changed(positions): the state of the images at these places has changed.
        cursor_changed(position): another image is current.
        rested(): nothing is left to do; no image is current until the person goes to one.
        selection_spent(): a key has changed the selected images; the next one is for others.
        classes_changed(): classes were added, removed, renamed or recoloured.
        waiting_changed(): whether another batch waits has changed.
        annotator_changed(): another person labels now.
        changed_elsewhere(): the window that has the project open for writing has changed something.
        announced(sentence): a message for the status bar; "" clears the last one.
        failed(sentence): a change could not be stored; nothing was changed.
    """

    batch_changed = Signal()
    labels_changed = Signal(list)
    cursor_changed = Signal(int)
    rested = Signal()
    selection_spent = Signal()
    classes_changed = Signal()
    waiting_changed = Signal()
    annotator_changed = Signal()
    changed_elsewhere = Signal()
    announced = Signal(str)
    failed = Signal(str)

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = project
        self.annotator = annotator()
        self.batch = Batch()
        self.cursor = 0
        self.resting = False
        self.suggests = True
        self.has_oracle = project.oracle.knows_pool()
        self.has_merged = project.can_undo_merge
        self._hides_labels = project.hides_labels
        self.look_for_rounds()
        self.summary = project.labels.summary()
        self._read_classes()
        self._cursor_timer = QTimer(self)
        self._cursor_timer.setSingleShot(True)
        self._cursor_timer.setInterval(CURSOR_DELAY_MS)
        self._cursor_timer.timeout.connect(self._store_cursor)
        self._show_stored_round()
        if project.read_only:
            self._seen = project.version()
            watch = QTimer(self)
            watch.timeout.connect(self._follow_the_other_window)
            watch.start(WATCH_MS)

    # -- what is shown

    def class_of(self, position: int) -> ImageClass | None:
        """The class of the image at this position."""
        label = self.batch.label_at(position)
        return None if label is None or label.class_id is None else self._by_id[label.class_id]

    def suggested(self, position: int) -> tuple[ImageClass, float] | None:
        """The suggested class and confidence of an open image, while suggestions are shown."""
        suggestion = self.batch.suggestion_at(position) if self.suggests else None
        if suggestion is None or suggestion.class_id not in self._by_id:
            return None
        return self._by_id[suggestion.class_id], suggestion.confidence

    def put_aside(self, position: int) -> str | None:
        """Why the image at this position was put aside ("skipped" without a reason); else None."""
        label = self.batch.label_at(position)
        return None if label is None or not label.skipped else label.reason or "skipped"

    def note_of(self, position: int) -> str:
        """The note on the image at this position; "" without one."""
        return self.batch.notes.get(self.images[position].id, "")

    def likeness_of(self, position: int) -> tuple[StoredImage, ImageClass] | None:
        """The labelled image that the model found most similar when this one was chosen."""
        reason = self.batch.reasons.get(self.images[position].id)
        found = self.batch.likened.get(reason.nearest or 0) if reason else None
        known = self._by_id.get(found.class_id) if found else None
        return (found.image, known) if found and known else None

    def score_of(self, position: int) -> float | None:
        """The strategy's score of this image, if it scores images."""
        reason = self.batch.reasons.get(self.images[position].id)
        return None if reason is None else reason.score

    def opinions_of(self, position: int) -> str:
        """The answers of people who disagree about the image at this position; "" unless
        disagreements are being resolved."""
        given = self.batch.opinions.get(self.images[position].id, {})
        said = {
            name: tr("put aside") if class_id is None else self._by_id[class_id].name
            for name, class_id in given.items()
        }
        return ", ".join(f"{name}: {word}" for name, word in said.items())

    def open_positions(self) -> list[int]:
        """Positions in the batch without a label or skip."""
        return self.batch.open_places()

    @property
    def batch_done(self) -> bool:
        return bool(self.images) and not self.open_positions()

    @property
    def waiting_round(self) -> Round | None:
        """A newer batch than the one on screen, as of the last `look_for_rounds`."""
        newest = self._newest
        if newest is None or self.reviewing:
            return newest
        return newest if self.round and newest.id != self.round.id else None

    def look_for_rounds(self) -> None:
        """Read which batch and model are the newest: after an operation, or when another window
        writes."""
        self._newest = self.project.rounds.newest()
        self.newest_model = self.project.runs.newest_usable()

    @property
    def reviewing(self) -> bool:
        """Whether other images than the batch are on screen."""
        return self.round is None and self.batch.title != ""

    @property
    def blind(self) -> bool:
        """Whether other people's answers are hidden."""
        return self.batch.blind_for is not None

    @property
    def hides_answers(self) -> bool:
        """Whether somebody labels without seeing what others or the model say: blind, or in an
        audit."""
        return self.blind or (self.round is not None and self.round.is_audit)

    def name_of(self, position: int) -> str:
        """The name of an image of the batch."""
        return self.shown_name(self.images[position])

    def shown_name(self, image: StoredImage) -> str:
        """The name of an image that may be shown: folders may reveal hidden labels."""
        return image.file.name if self._hides_labels else image.path

    def place_of(self, image_id: int) -> int | None:
        """The position of an image in the batch."""
        return self.batch.place_of(image_id)

    @property
    def round(self) -> Round | None:
        return self.batch.round

    @property
    def images(self) -> list[StoredImage]:
        """The images of the batch in display order."""
        return self.batch.images

    # -- moving

    def move(self, position: int) -> None:
        if 0 <= position < len(self.images) and (position != self.cursor or self.resting):
            self.cursor, self.resting = position, False
            self._cursor_timer.start()
            self.cursor_changed.emit(position)

    def go_to_open(self) -> None:
        """Go to the next unlabelled image."""
        self.advance(self.cursor)

    def go_back_to_open(self) -> None:
        """Go to the previous unlabelled image, wrapping around at the start."""
        waiting = self.open_positions()
        if waiting:
            self.move(next((p for p in reversed(waiting) if p < self.cursor), waiting[-1]))

    def go_to(self, wanted: str) -> bool:
        """Go to an image by its number in the batch (from 1) or part of its name; return whether
        one was found. The next match after this image is taken; if there is none, matches from the
        whole pool are shown."""
        if wanted.isdecimal() and 1 <= int(wanted) <= len(self.images):
            self.move(int(wanted) - 1)
            return True
        after = range(self.cursor + 1, len(self.images))
        for position in (*after, *range(min(self.cursor + 1, len(self.images)))):
            if wanted.strip() and wanted.casefold() in self.name_of(position).casefold():
                self.move(position)
                return True
        if self.blind:
            return False
        found = self.project.images.named(wanted.strip(), FOUND_LIMIT, self._hides_labels)
        if found:
            self.look_through(found, tr("Images called “{name}”").format(name=wanted.strip()))
        return bool(found)

    def show_newest(self) -> None:
        """Show the newest batch."""
        self.look_for_rounds()
        newest = self._newest
        if newest is not None:
            if self.images:
                self.announced.emit("")  # the last message was about the previous batch
            self._show(newest)
            if not self.project.read_only:
                self.project.settings.set("shown_round", newest.id)
            self.waiting_changed.emit()

    def offer_newest(self, sentence: str = "") -> None:
        """Announce a new batch, by a sentence if it is not the usual one. It waits until the person
        asks for it: a key meant for this batch must not label another image."""
        self.look_for_rounds()
        self.batch.read_remarks(self.project)  # the new model has other suggestions
        self.labels_changed.emit(list(range(len(self.images))))
        if not self.images:
            self.show_newest()
            return
        self.waiting_changed.emit()
        usual = tr("The next batch is ready: {key} shows it.")
        self.announced.emit(sentence or usual.format(key=key_text("next_batch")))

    # -- how it is shown

    def show_suggestions(self, on: bool) -> None:
        """Show or hide suggestions, which might bias the person."""
        self.suggests = on
        self.labels_changed.emit(list(range(len(self.images))))

    def group(self, on: bool) -> None:
        """Order the batch by suggested class or as chosen; the current image stays current."""
        if self.round is not None and self.images and on != self.batch.grouped:
            here = self.images[self.cursor].id
            self.batch = Batch.read(self.project, self.round, on)
            self.cursor = self.batch.place_of(here) or 0
            self.batch_changed.emit()
            self.cursor_changed.emit(self.cursor)

    def look_through(
        self,
        ids: list[int],
        title: str,
        blind: bool = False,
        question: Question | None = None,
        said: Mapping[int, int] | None = None,
    ) -> None:
        """Show any images of the project instead of the batch; with `blind`, without other people's
        answers. With a `question`, their labels are reviewed beside the predictions `said` (class
        ids by image) or, without these, the suggestions made before they were labelled."""
        blind_for = self.annotator if blind else None
        self._look(
            Batch.of_images(
                self.project, ids, title, blind_for=blind_for, question=question, said=said
            )
        )

    def review(self, question: Question, title: str, start: int = 0) -> None:
        """Show the images that a question finds, from a place in the list on, beside what the model
        suggested before they were labelled; there may be none.

        Raises:
            LabellerError: its text is not understood.
        """
        review = self.project.review
        ids = [int(image_id) for image_id in review.find(question, PAGE, start)]
        found = start + len(ids) if len(ids) < PAGE else review.count(question)
        batch = Batch.of_images(self.project, ids, title, question=question)
        batch.start, batch.found = start, found
        self._look(batch)

    def examples_of(self, image_class: ImageClass, most: int) -> tuple[list[int], bool]:
        """Images that show a class: its examples, or else at most `most` of those labelled last;
        and whether they are examples."""
        if chosen := self.project.classes.examples().get(image_class.id):
            return chosen, True
        question = Question(state="labelled", class_id=image_class.id)
        return self.project.review.find(question, most).tolist(), False

    def foreseen(self, position: int) -> ImageClass | None:
        """While reviewing: the model's suggestion from before the image was labelled."""
        class_id = self.batch.foreseen.get(self.images[position].id)
        return None if class_id is None else self._by_id.get(class_id)

    def is_checked(self, position: int) -> bool:
        """While reviewing: whether this label has been checked."""
        return self.images[position].id in self.batch.checked

    def decide(self, opinions: Disputed, title: str) -> None:
        """Show images that people disagree about, with everybody's answers; labels given here
        resolve the disagreement."""
        batch = Batch.of_images(self.project, list(opinions), title)
        batch.opinions = opinions
        self._look(batch)

    def back_to_batch(self) -> None:
        """Return to the batch, to the image that was current."""
        if self.reviewing:
            self.batch = Batch()
            self._show_stored_round()
            self.waiting_changed.emit()

    def reread_batch(self) -> None:
        """Reload the batch after images were forgotten or restored, keeping the current image."""
        here = self.images[self.cursor].id if self.images else 0
        if self.round is not None:
            self.batch = Batch.read(self.project, self.round, self.batch.grouped)
        else:
            before = self.batch
            self.batch = Batch.of_images(
                self.project, before.asked, before.title,
                blind_for=before.blind_for, question=before.question,
                said=before.foreseen if before.compared else None,
            )  # fmt: skip
            self.batch.opinions = before.opinions
            self.batch.start = before.start
            self.batch.found = before.found + len(self.batch.images) - len(before.images)
        self.summary = self.project.labels.summary()
        place = self.batch.place_of(here)
        self.cursor = min(self.cursor, max(0, len(self.images) - 1)) if place is None else place
        self.batch_changed.emit()
        if self.images and not self.resting:
            self.cursor_changed.emit(self.cursor)

    def reload_classes(self) -> None:
        """Reload the classes after a change."""
        self._read_classes()
        self.read_labels()
        self.batch.read_remarks(self.project)
        self.classes_changed.emit()
        self.labels_changed.emit(list(range(len(self.images))))

    def close(self) -> None:
        """Store the position and close the project."""
        self._store_cursor()
        self.project.close()

    # --

    def advance(self, position: int) -> None:
        """Go to the next open image after `position`, wrapping around; while reviewing, simply to
        the next one. After the last one nothing is current, so that one key too many changes
        nothing."""
        if self.reviewing and not self.blind:
            if position + 1 < len(self.images):
                self.move(position + 1)
            else:
                self._rest()
            return
        waiting = self.open_positions()
        if not waiting:
            self.announced.emit(
                tr(
                    "All images have been labelled again. Agreement, in the menu Go, shows "
                    "where you differ."
                )
                if self.blind
                else tr("This batch is finished.")
            )
            self._rest()
            return
        self.move(next((p for p in waiting if p > position), waiting[0]))

    def _rest(self) -> None:
        self.resting = True
        self.rested.emit()

    def _look(self, batch: Batch) -> None:
        self._store_cursor()
        self.batch, self.cursor, self.resting = batch, 0, False
        self.batch_changed.emit()
        self.cursor_changed.emit(0)

    def _show_stored_round(self) -> None:
        shown = self.project.settings.get("shown_round")
        rounds = self.project.rounds.all()
        found = next((r for r in rounds if r.id == shown and r.image_ids), None) or self._newest
        if found is not None:
            self._show(found)

    def _show(self, round_: Round) -> None:
        self._store_cursor()
        self.batch = Batch.read(self.project, round_, self.batch.grouped)
        stored = round_.image_ids[min(round_.cursor, len(round_.image_ids) - 1)]
        self.cursor = self.batch.place_of(stored) or 0
        self.resting = self.batch_done
        self.batch_changed.emit()
        if not self.resting:
            self.cursor_changed.emit(self.cursor)

    def read_labels(self) -> None:
        """Read the batch's labels and the totals again."""
        self.batch.read_labels(self.project)
        self.summary = self.project.labels.summary()

    def take_labels(self, given: dict[int, Label]) -> None:
        """Show labels that have just been stored, without reading them again."""
        self.batch.labels |= given
        self.summary = self.project.labels.summary()

    def _follow_the_other_window(self) -> None:
        """Follow the changes of the window that has the project open for writing."""
        try:
            with explaining(self.project.folder):
                if (now := self.project.version()) == self._seen:
                    return
                self._seen = now
                self.look_for_rounds()
                self.reload_classes()
        except LabellerError as error:  # the next attempt may succeed
            self.announced.emit(spoken(error))
            return
        self.waiting_changed.emit()
        self.changed_elsewhere.emit()

    def classes_were_changed(self) -> bool:
        """Whether the stored classes differ from those shown."""
        return {c.id: c for c in self.project.classes.all(archived=True)} != self._by_id

    def _read_classes(self) -> None:
        everything = self.project.classes.all(archived=True)
        self.classes: list[ImageClass] = [c for c in everything if not c.archived]
        self._by_id = {image_class.id: image_class for image_class in everything}

    def _store_cursor(self) -> None:
        self._cursor_timer.stop()
        if self.round is None or not self.images or self.project.read_only:
            return
        try:
            with explaining(self.project.folder):
                place = self.batch.place_in_round(self.cursor)
                self.project.rounds.set_cursor(self.round.id, place)
        except LabellerError as error:  # losing the position does no harm
            self.announced.emit(spoken(error))
