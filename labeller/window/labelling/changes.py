"""Every change a person makes to labels and notes: stored, read back and reported in one place.
Undo, saving and redrawing follow from here."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from labeller.core.errors import LabellerError
from labeller.core.names import spelling
from labeller.loop.pool_prediction import Answers
from labeller.project.curation import forget_images
from labeller.project.project import explaining
from labeller.store.images import StoredImage
from labeller.store.labels import Label
from labeller.window.kit.actions import key_text
from labeller.window.kit.language import spoken, tr
from labeller.window.labelling.session import Session


class Changes(QObject):
    """Changes to a session's batch. A change is shown only once it is in the database; if it cannot
    be stored, `Session.failed` says why.

    Signal: given(class id): images have this class now.
    """

    given = Signal(int)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.cannot_be_seen: Callable[[StoredImage], bool] = lambda image: False
        self._unseen = ""  # the message about images that the last key left out

    def label(self, positions: list[int], class_position: int) -> None:
        """Label images with the class at this position, then go to the next open one."""
        positions = self._seen(positions)
        if class_position < len(self._session.classes):
            chosen = self._session.classes[class_position]
            ids = self._session.batch.ids(positions)
            others = sum(self._session.class_of(place) != chosen for place in positions)
            stored = self._change(
                lambda: self._session.project.labels.assign(
                    dict.fromkeys(ids, chosen.id), self._session.annotator, round_id=self._round_id
                ),
                positions,
            )
            if stored:
                self.given.emit(chosen.id)
                self._echo(len(positions), chosen.name, others)

    def label_as_new(self, positions: list[int], name: str) -> None:
        """Make a class, and label the images with it if there are any."""
        session = self._session
        if self._refuses_changes():
            return
        try:
            with explaining(session.project.folder):
                session.project.classes.require_offered([name])
                session.project.classes.add([name])
        except (LabellerError, OSError) as error:
            session.failed.emit(spoken(error))
            return
        session.reload_classes()
        wanted = session.project.classes.ids_by_spelling()[spelling(name)]
        place = next(at for at, each in enumerate(session.classes) if each.id == wanted)
        if positions:
            self.label(positions, place)

    def label_by_oracle(self, limit: int | None = None) -> int:
        """Label the open images of the round with the hidden labels, at most `limit` of them;
        return how many."""
        positions = self._session.open_positions()
        answers = self._session.project.oracle.reveal(self._session.batch.ids(positions))
        known = [p for p in positions if self._session.images[p].id in answers][:limit]
        chosen = {i: answers[i] for i in self._session.batch.ids(known)}
        if not chosen or self._refuses_changes():
            return 0
        stored = self._change(
            lambda: self._session.project.labels.assign(
                chosen, annotator="oracle", origin="oracle", round_id=self._round_id
            ),
            known,
        )
        return len(chosen) if stored else 0

    def skip(self, positions: list[int], reason: str | None = None) -> None:
        """Put images aside, then go to the next open one; see labeller/store for the reasons."""
        self._unseen = ""
        ids = self._session.batch.ids(positions)
        others = sum(self._session.put_aside(place) is None for place in positions)
        stored = self._change(
            lambda: self._session.project.labels.skip(
                ids, self._session.annotator, self._round_id, reason
            ),
            positions,
        )
        if stored:
            self._echo(len(positions), tr("put aside"), others)

    def _seen(self, positions: list[int]) -> list[int]:
        """Leave out images that cannot be shown, since nobody has seen them."""
        images = self._session.images
        seen = [place for place in positions if not self.cannot_be_seen(images[place])]
        self._unseen = ""
        if unseen := len(positions) - len(seen):
            self._unseen = tr("%n image(s) cannot be shown and were not labelled.", None, unseen)
            self._session.announced.emit(self._unseen)
        return seen

    def _echo(self, count: int, became: str, changed: int) -> None:
        """Announce what one key did to several images."""
        if count > 1:
            echo = tr("{count} → {name}, {changed} changed · {undo}").format(
                count=count, name=became, changed=changed, undo=key_text("undo")
            )
            self._session.announced.emit(" · ".join(filter(None, (echo, self._unseen))))

    def accept(self, positions: list[int]) -> None:
        """Accept the suggestions for these images, one action per model; while reviewing, confirm
        their labels instead."""
        if self._session.batch.question is not None:
            carried = [p for p in positions if self._session.batch.label_at(p) is not None]
            if carried or not positions:
                self._confirm(carried)
                return
        taken = [p for p in self._seen(positions) if self._session.suggested(p) is not None]
        if not taken:
            self._session.announced.emit(tr("There is no suggestion to accept here."))
            return
        found = [self._session.batch.suggestions[i] for i in self._session.batch.ids(taken)]
        classes = {
            i: f.class_id for i, f in zip(self._session.batch.ids(taken), found, strict=True)
        }
        stored = self._change(
            lambda: self._session.project.labels.assign(
                classes,
                self._session.annotator,
                round_id=self._round_id,
                suggested_by=found[0].run_id,
            ),
            taken,
        )
        for class_id in set(classes.values()) if stored else ():
            self.given.emit(class_id)

    def _confirm(self, positions: list[int]) -> None:
        """Confirm the labels of images by labelling them the same again."""
        session = self._session
        carried = {place: found for place in positions if (found := session.class_of(place))}
        if not carried:
            session.announced.emit(tr("There is no label here to confirm."))
            return
        classes = {session.images[place].id: found.id for place, found in carried.items()}
        stored = self._change(
            lambda: session.project.labels.assign(classes, session.annotator), list(carried)
        )
        if stored and len(carried) > 1:
            session.announced.emit(
                tr("%n label(s) checked. {undo} undoes this.", None, len(carried)).format(
                    undo=key_text("undo")
                )
            )

    def accept_together(self, positions: list[int]) -> None:
        """Accept the suggestions for all of these images as one action."""
        self.accept(positions)
        self._session.announced.emit(
            tr("%n suggestion(s) accepted. {undo} undoes this.", None, len(positions)).format(
                undo=key_text("undo")
            )
        )

    def let_model_label(self, answers: Answers, count: int) -> None:
        """Store a model's most confident predictions for unlabelled images as one action."""
        if self._refuses_changes():
            return
        session = self._session
        rows = answers.rows(count)
        if not self._try(lambda: session.project.labels.let_model_label(rows, session.annotator)):
            return
        session.read_labels()
        session.labels_changed.emit([])
        session.announced.emit(
            tr("%n image(s) labelled by the model. {undo} undoes this.", None, count).format(
                undo=key_text("undo")
            )
        )

    def make_examples(self, positions: list[int]) -> None:
        """Make labelled images examples of their classes; if all of them are already, stop using
        them."""
        session = self._session
        chosen = {
            session.images[position].id: image_class.id
            for position in positions
            if (image_class := session.class_of(position)) is not None
        }
        if not chosen:
            session.announced.emit(
                tr("Label the image first; then it can be an example of its class.")
            )
            return
        now = tr("%n image(s) now serve as examples of their class.", None, len(chosen))
        self._switch_examples(chosen, now)

    def make_wrong_examples(self, positions: list[int], class_id: int) -> None:
        """Make images show what a class is not; if all of them do already, stop using them."""
        chosen = dict.fromkeys(self._session.batch.ids(positions), class_id)
        name = next(each.name for each in self._session.classes if each.id == class_id)
        now = tr("%n image(s) now show what {name} is not.", None, len(chosen)).format(name=name)
        self._switch_examples(chosen, now, wrong=True)

    def _switch_examples(self, chosen: dict[int, int], now: str, wrong: bool = False) -> None:
        """Make images (id → class id) examples, or stop using them if all of them are already.

        Args:
            now: what to say of new ones.
        """
        session, classes = self._session, self._session.project.classes
        if not chosen or self._refuses_changes():
            return
        known = classes.examples(wrong)
        again = all(i in known.get(class_id, []) for i, class_id in chosen.items())
        if not self._try(lambda: classes.change_examples(chosen, add=not again, wrong=wrong)):
            return
        no_longer = tr("%n image(s) no longer serve as examples.", None, len(chosen))
        session.announced.emit(no_longer if again else now)
        session.classes_changed.emit()

    def write_guidelines(self, text: str) -> bool:
        """Store the project's guidelines; return whether that worked."""
        session = self._session
        return not self._refuses_changes() and self._try(
            lambda: session.project.guidelines.set(text, session.annotator)
        )

    def write_note(self, position: int, text: str) -> None:
        """Store a note on the image at this position."""
        if self._refuses_changes():
            return
        session, text = self._session, text.strip()
        image_id = session.images[position].id
        if self._try(lambda: session.project.notes.set(image_id, text, session.annotator)):
            session.batch.notes[image_id] = text
            session.labels_changed.emit([position])

    def clear(self, positions: list[int]) -> None:
        """Remove labels and skips; stay at the same image."""
        if self._session.blind:
            self._session.announced.emit(
                tr("{undo} undoes your answer; those of others stay.").format(undo=key_text("undo"))
            )
            return
        positions = [p for p in positions if self._session.batch.label_at(p) is not None]
        ids = self._session.batch.ids(positions)
        cleared = self._change(
            lambda: self._session.project.labels.clear(
                ids, self._session.annotator, self._round_id
            ),
            positions,
            advance=False,
        )
        if cleared and self._session.resting:
            self._session.move(min(positions))  # there is something to redo

    def forget(self, positions: list[int]) -> None:
        """Remove images from the project and the batch."""
        if not positions or self._refuses_changes(positions):
            return
        session = self._session
        ids = session.batch.ids(positions)
        if self._try(lambda: forget_images(session.project, ids, session.annotator)):
            session.reread_batch()
            session.announced.emit(
                tr("%n image(s) forgotten. {undo} brings them back.", None, len(ids)).format(
                    undo=key_text("undo")
                )
            )

    def undo(self) -> None:
        undo = self._session.project.labels.undo
        self._revert(undo, self._session.summary.can_undo, tr("Undone"))

    def redo(self) -> None:
        redo = self._session.project.labels.redo
        self._revert(redo, self._session.summary.can_redo, tr("Redone"))

    @property
    def _round_id(self) -> int | None:
        return None if self._session.round is None else self._session.round.id

    def _change(
        self,
        store: Callable[[], dict[int, Label] | None],
        positions: list[int],
        advance: bool = True,
    ) -> bool:
        """Store a change, show and report it; return whether it was stored. `store` returns the new
        labels, or None to have them read."""
        if not positions or self._refuses_changes(positions):
            return False
        session = self._session
        disputed = [i for i in session.batch.ids(positions) if i in session.batch.opinions]

        given: dict[int, Label] | None = None

        def store_it() -> None:
            nonlocal given
            given = store()

        def store_and_decide() -> None:
            with session.project.transaction():
                store_it()
                session.project.agreement.decide(disputed, session.annotator)

        if not self._try(store_and_decide if disputed else store_it):
            return False
        if given is None or session.batch.question is not None:
            session.read_labels()
        else:
            session.take_labels(given)
        self._session.labels_changed.emit(positions)
        if advance:
            self._session.advance(max(positions))
            self._session.selection_spent.emit()
        return True

    def _try(self, store: Callable[[], object]) -> bool:
        """Store something, or report why that failed."""
        try:
            with explaining(self._session.project.folder):
                store()
        except LabellerError as error:
            self._session.failed.emit(spoken(error))
            return False
        for notice in self._session.project.journal.newest_notices():
            self._session.failed.emit(notice)
        return True

    def _refuses_changes(self, positions: Sequence[int] = ()) -> bool:
        """Whether nothing, or none of these images, may be changed; the reason is reported."""
        batch = self._session.batch
        if self._session.project.read_only:
            why = tr("This project is open read-only: nothing was changed.")
        elif batch.held_out.intersection(batch.ids(positions)):
            why = tr("Held-out images measure the model: nothing was changed.")
        else:
            return False
        self._session.announced.emit(why)
        return True

    def _revert(self, revert: Callable[[str], list[int]], possible: bool, word: str) -> None:
        if self._refuses_changes():
            return
        if not possible:
            self._session.announced.emit(tr("There is nothing left to undo or redo."))
            return
        changed: list[int] = []
        more = 0

        def store() -> None:
            nonlocal more
            more -= self._session.project.model_labels.count()
            changed.extend(revert(self._session.annotator))
            more += self._session.project.model_labels.count()

        if not self._try(store):
            return
        if self._session.classes_were_changed():
            self._session.reload_classes()  # a merge was undone or redone
        self._session.read_labels()
        own = set(self._session.batch.asked)
        shown = {i for i in changed if self._session.place_of(i) is not None}
        if own.intersection(changed) - shown or shown.intersection(
            self._session.project.images.forgotten()
        ):
            self._session.reread_batch()  # images were forgotten or restored
        places = (self._session.place_of(image_id) for image_id in changed)
        positions = [place for place in places if place is not None]
        self._session.labels_changed.emit(positions)
        if positions:
            self._session.move(positions[0])
            text = tr("%n image(s)", None, len(changed))
        elif changed:
            text = tr("%n image(s) of an earlier batch", None, len(changed))
        else:
            text = tr("no images")
        said = f"{word}: {text}."
        if more and not changed:
            said = (
                tr("Removed %n model label(s).", None, -more)
                if more < 0
                else tr("Restored %n model label(s).", None, more)
            )
        if kept := self._session.project.labels.kept:
            said += " " + tr(
                "%n image(s) keep a label given since by others or an import.", None, len(kept)
            )
        self._session.announced.emit(said)
