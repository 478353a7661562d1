"""Starts the operations that a person asks of the model, and passes their results to the
session."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from labeller.core.run import Progress
from labeller.learning.learners import trains_network
from labeller.loop.round_settings import (
    WORTH,
    RoundSettings,
    round_settings,
    seconds_of_training,
    wants_deeper,
)
from labeller.project.project import Project
from labeller.store.classes import ImageClass
from labeller.store.review import Question
from labeller.store.runs import TrainingRun
from labeller.window.kit.actions import key_text
from labeller.window.kit.language import tr
from labeller.window.kit.preferences import remember_costs
from labeller.window.kit.widgets import QuietTimer
from labeller.window.kit.worker import Operation, Worker
from labeller.window.labelling.batch import Batch
from labeller.window.labelling.session import Session
from labeller.window.learning import operations
from labeller.window.learning.training_panel import TrainingPanel, compared_words

TYPICAL_AMONG = 4
"""Other images for each one on screen, from which typical ones are looked for."""
LIKENED = 50
"""Most labelled images that others of their class are compared with."""


class LearningControl(QObject):
    """Sends a session's operations to the worker.

    Signals: announced(sentence): news for the status bar; changed(): what can be done has changed;
    finished(sentence): something has ended that somebody may have waited for elsewhere;
    improved(): a fine-tuned model answers from now on;
    group_shown(): images that look alike have replaced the batch, to be labelled together.
    """

    announced = Signal(str)
    improved = Signal()
    group_shown = Signal()
    changed = Signal()
    finished = Signal(str)

    def __init__(self, session: Session, panel: TrainingPanel, worker: Worker) -> None:
        super().__init__(session)
        self.session, self._panel, self.worker = session, panel, worker
        self._asked_at: int | None = None  # the changes before somebody asked for a batch
        self._queued: Callable[[], object] | None = None  # to start when the worker is free
        self._groups: list[tuple[int, ...]] = []  # those that come after the one on screen
        self._shown_group: Batch | None = None
        self._changes_made = 0
        self._unfinished_asked: int | None = None
        self._quiet = QuietTimer(self, session.show_newest)
        self.deeper = Worker(self)
        self._given_up_at = -WORTH  # labels, when fine-tuning was last stopped or failed
        self._made_way = False  # whether fine-tuning rests because the worker is busy
        session.selection_spent.connect(self._count_change)
        worker.progressed.connect(panel.show_progress)
        worker.succeeded.connect(self._read_back)
        worker.failed.connect(self._read_back)
        worker.cancelled.connect(self._read_back)
        worker.ended.connect(self._on_end)
        worker.busy_changed.connect(self._make_way)
        session.labels_changed.connect(self._train_by_itself)
        self.deeper.progressed.connect(self._show_deeper)
        self.deeper.failed.connect(self.announced)
        for each in (self.deeper.failed, self.deeper.cancelled):
            each.connect(self._read_back)
        self.deeper.busy_changed.connect(lambda _: self.changed.emit())
        self.deeper.ended.connect(self._deepen)
        self.deeper.ended.connect(self._remember_costs)
        if session.round is None and not session.project.read_only:
            self.start(operations.first_batch(self))
        else:
            self._deepen()

    @property
    def project(self) -> Project:
        return self.session.project

    @property
    def settings(self) -> RoundSettings:
        return round_settings(self.project)

    def close(self) -> None:
        """Stop everything that runs in the background, or is about to."""
        self._quiet.stop()
        self.deeper.shut_down()

    def start(self, operation: Operation) -> bool:
        """Start an operation, or say what it has to wait for; return whether it was started."""
        if self.worker.busy:
            if operation.waits:
                self.announced.emit(operation.waits)
            return False
        self.worker.start(operation, self.project.folder)
        self.changed.emit()
        return True

    def look_for_typical(self) -> None:
        """Look for typical images instead of the random ones on screen, where they are found by a
        pretrained encoder and there are others to choose among."""
        method, left = self.settings.method, len(self.project.images.candidates())
        chosen = trains_network(method.encoder) or method.strategy == "random"
        if not chosen and left >= TYPICAL_AMONG * len(self.session.images):
            self.start(operations.typical_batch(self))

    # -- training

    @property
    def can_train(self) -> bool:
        writable = not self.project.read_only
        return not self.worker.busy and writable and self.session.summary.labelled > 0

    def train(self) -> None:
        """Train; on an unfinished batch only when asked twice."""
        left, total = len(self.session.open_positions()), len(self.session.images)
        unfinished = left > 0 and not self.session.reviewing
        if unfinished and self.can_train and self._unfinished_asked != left:
            self._unfinished_asked = left
            self.announced.emit(
                tr(
                    "This batch isn't finished ({done} of {total}). Press {key} again to "
                    "train anyway."
                ).format(done=total - left, total=total, key=key_text("train"))
            )
            return
        self._unfinished_asked = None
        if self.can_train and self.has_one_class:
            self.look_elsewhere()
        elif self.can_train and self.start(operations.train_and_select(self)):
            self._panel.begin()

    @property
    def has_one_class(self) -> bool:
        """Whether all labels are of one class, from which nothing can be learnt yet."""
        return len(self.project.labels.counts_by_class()) == 1

    def look_elsewhere(self, asked: bool = True) -> None:
        """Show a batch of images unlike the labelled ones, or only offer it where nobody asked."""
        if self.start(operations.unlike_batch(self, asked)):
            self._asked_at = self._changes_made
            if self.has_one_class:
                self.announced.emit(
                    tr(
                        "All labels so far are of one class. The next images are chosen to be "
                        "unlike these."
                    )
                )

    def _train_by_itself(self, *_: object) -> None:
        """Train when a batch is finished, if the settings say so."""
        done = not self.session.reviewing and self.session.batch_done
        newest = self.session.waiting_round is None
        if done and newest and self.can_train and self.settings.continues_automatically:
            self.look_elsewhere(asked=False) if self.has_one_class else self.train()

    def audit(self) -> None:
        """Show a random sample, to be labelled blind."""
        if self.start(operations.audit(self)):
            self._asked_at = self._changes_made

    @property
    def running(self) -> Worker | None:
        """The worker whose operation a person can pause or stop."""
        for each in (self.worker, self.deeper):
            if each.operation is not None and each.operation.stoppable:
                return each
        return None

    def pause(self) -> None:
        """Pause or resume; neither loses anything."""
        if running := self.running:
            self._made_way = False
            running.pause(not running.paused)
            self._panel.show_paused(running.paused)
            if running is self.deeper and running.paused:
                self.announced.emit(
                    tr("Fine-tuning is paused: {key} resumes it.").format(key=key_text("pause"))
                )

    def stop(self) -> None:
        if running := self.running:
            running.stop()
            self.changed.emit()

    # -- fine-tuning, behind everything else

    def _deepen(self) -> None:
        """Train the encoder's last stages, if enough has been labelled since."""
        if self.project.read_only or self.deeper.busy:
            return
        labelled = self.session.summary.labelled
        if labelled < self._given_up_at + WORTH:
            return
        if wants_deeper(self.project, self.settings.method):
            self._given_up_at = labelled  # unless it ends well
            self.deeper.start(operations.deepen(self), self.project.folder)

    def _make_way(self, busy: bool) -> None:
        """Pause fine-tuning while the worker computes what the person waits for."""
        if busy and self.deeper.busy and not self.deeper.paused:
            self._made_way = True
            self.deeper.pause(True)
        elif not busy and self._made_way:
            self._made_way = False
            self.deeper.pause(False)

    def _show_deeper(self, progress: Progress) -> None:
        if not self.worker.busy:
            self._panel.show_progress(progress)

    def tell_of_deeper(self, run: TrainingRun) -> None:
        """Report the result of a fine-tuning."""
        self._given_up_at = -WORTH
        self._read_back()
        if run.is_fine_tuned:
            self.improved.emit()
        if (found := compared_words(run)) is not None:
            self.announced.emit(found)

    # -- batches

    @property
    def can_show_next(self) -> bool:
        """A batch waits, or there is a newer model than the one that chose this batch, or there may
        be one as soon as the training has stopped."""
        if self.shows_groups:
            return bool(self._groups)
        if self.session.waiting_round is not None or self.worker.stopping:
            return True
        if self.project.read_only:
            return False
        run, shown = self.session.newest_model, self.session.round
        if self.worker.busy:
            return False
        if run is None and self.session.batch_done and self.has_one_class:
            return True
        return run is not None and shown is not None and shown.training_run_id != run.id

    def show_next(self) -> None:
        if self.shows_groups:
            self._show_group()
        elif self.session.waiting_round is not None:
            self.session.show_newest()
        elif self.worker.stopping:
            self._queued = self.show_next
            self.announced.emit(
                tr("The next batch will be chosen as soon as training has stopped.")
            )
        elif self.session.newest_model is None and self.can_show_next:
            self.look_elsewhere()
        elif self.can_show_next:
            self.start(operations.next_batch(self))
            self._asked_at = self._changes_made

    def show_or_offer_newest(self) -> None:
        """Show a batch that was asked for, or only offer it if the person has kept labelling
        meanwhile."""
        if self._asked_at in (None, self._changes_made) or not self.session.images:
            self.session.show_newest()
        else:
            self.session.offer_newest()
        self._asked_at = None

    def offer_trained(self, chosen: bool) -> None:
        """Offer the batch that was chosen after a training."""
        if chosen:
            self.session.offer_newest()
            if self.settings.shows_next:
                self._quiet.start()

    # -- searches

    @property
    def place(self) -> tuple[Batch, int]:
        """Identifies what is on screen: changes with the batch and with each key that changes
        labels."""
        return self.session.batch, self._changes_made

    @property
    def has_queued(self) -> bool:
        """Whether an operation starts once the worker is free."""
        return self._queued is not None

    def find_similar(self) -> None:
        """Show open images that are most like the current one, with it."""
        session = self.session
        if session.images and not session.resting:
            title = tr("Similar images, most similar first")
            self.start(operations.similar(self, [session.images[session.cursor].id], title))

    def find_more(self, image_class: ImageClass) -> None:
        """Show open images that are most like the examples of a class, or else like those labelled
        last."""
        ids, _ = self.session.examples_of(image_class, LIKENED)
        if not ids:
            said = tr("Label an image as “{name}” first.").format(name=image_class.name)
            self.announced.emit(said)
            return
        title = tr("More like “{name}”, most similar first").format(name=image_class.name)
        self.start(operations.similar(self, ids, title))

    def find_groups(self) -> None:
        """Show open images that look alike, group by group."""
        self.start(operations.groups(self))

    def find_odd(self, question: Question, title: str) -> None:
        """Show likely mistakes, near-duplicates or outliers among the images that a question
        finds; likely mistakes by what earlier models said while the worker is busy."""
        search = operations.odd(self, question, title)
        running = self.worker.operation
        if running is not None and running.title == search.title:
            self._queued = lambda: self.find_odd(question, title)  # instead of that one
        elif running is not None and question.order == "mistakes":
            self.session.review(question, title)
        else:
            self.start(search)

    @property
    def shows_groups(self) -> bool:
        """Whether images that look alike are looked through, group by group."""
        return self.session.batch is self._shown_group

    def show_groups(self, groups: list[tuple[int, ...]]) -> None:
        self._groups = groups
        self._show_group()

    def _show_group(self) -> None:
        """Show the next group, without images labelled meanwhile."""
        while self._groups:
            ids = self._groups.pop(0)
            done = self.project.labels.current(ids)
            left = [image_id for image_id in ids if image_id not in done]
            if left:
                self.session.look_through(left, tr("Images that look alike"))
                self._shown_group = self.session.batch
                self.group_shown.emit()
                return
        self.announced.emit(tr("That was the last group."))
        self.session.back_to_batch()

    # -- the worker

    def _count_change(self) -> None:
        self._changes_made += 1

    def _read_back(self, *_: object) -> None:
        self.session.look_for_rounds()
        self._panel.refresh()

    def _remember_costs(self) -> None:
        remember_costs(seconds_of_training(self.project))

    def _on_end(self) -> None:
        self.changed.emit()
        self._remember_costs()
        self._deepen()
        queued, self._queued = self._queued, None
        if queued is not None:
            queued()
