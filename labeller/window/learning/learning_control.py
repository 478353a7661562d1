"""Train, stop, next batch: what the person asks of the model, and what becomes of it."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from labeller.core.progress import Progress
from labeller.learning.learners import WHOLE
from labeller.loop.estimates import BY_LABELS, SAMPLE, estimates
from labeller.loop.round_settings import RoundSettings, round_settings
from labeller.store.review import Question
from labeller.window.kit.actions import key_text
from labeller.window.kit.language import tr
from labeller.window.kit.quiet_timer import QuietTimer
from labeller.window.kit.worker import Job, Worker
from labeller.window.labelling.batch import Batch
from labeller.window.labelling.session import Session
from labeller.window.learning import jobs
from labeller.window.learning.training_panel import TrainingPanel

AUDIT_EVERY = 4
"""After so many models an audit is offered, where nothing else measures them."""
FOUND = jobs.SimilarFound | jobs.OddFound | jobs.GroupsFound
"""What a search for images ends with."""
MANY_LABELS = 500
"""So many are more than the quick recipe can learn: docs/guide.md, "Suggestions"."""


class LearningControl(QObject):
    """Sends a session's jobs to the worker and gives what they bring to the session.

    Signals: announced(sentence): news for the status bar; changed(): what can be done has changed;
    finished(sentence): a round has been learnt, which somebody may have waited for elsewhere;
    mapped(jobs.PoolMapped): the map of the pool that was asked for; group_shown(): images that look
    alike are in the place of the batch, to be labelled together; weighed(Answers): what the model
    says of all open images.
    """

    announced = Signal(str)
    group_shown = Signal()
    changed = Signal()
    mapped = Signal(object)
    finished = Signal(str)
    weighed = Signal(object)

    def __init__(self, session: Session, panel: TrainingPanel, worker: Worker) -> None:
        super().__init__(session)
        self._session, self._panel, self.worker = session, panel, worker
        self.doing = ""
        """What the worker does: training, choosing, mapping, searching, weighing, exporting or
        simulating."""
        self._odd_wanted: tuple[Question, str] | None = None
        self._searched_from: tuple[Batch, int] = (session.batch, 0)
        self._asked_at: int | None = None  # the changes before somebody asked for a batch
        self._next_wanted = False
        self._groups: list[tuple[int, ...]] = []  # those that come after the one that is shown
        self._shown_group: Batch | None = None
        self._changes_made = 0
        self._unfinished_asked: int | None = None
        self._quiet = QuietTimer(self, session.show_newest)
        session.selection_spent.connect(self._count_change)
        worker.progressed.connect(self._on_progress)
        worker.succeeded.connect(self._on_success)
        worker.failed.connect(self._on_end)
        worker.cancelled.connect(self._on_end)
        session.labels_changed.connect(self._train_by_itself)
        if self._session.round is None and not self._session.project.read_only:
            self._start("choosing", jobs.first_batch(self._session.project.folder))

    def _start(self, doing: str, job: Job) -> None:
        self.doing = doing
        if doing == "training":
            self._panel.begin()
        self.worker.start(job)
        self.changed.emit()

    def _search(self, job: Job) -> None:
        """Look for images that are then shown, unless the person has gone on meanwhile: keys that
        are meant for what is on screen must not reach others."""
        self._searched_from = (self._session.batch, self._changes_made)
        self._start("searching", job)

    @property
    def _has_gone_on(self) -> bool:
        batch, changes = self._searched_from
        return batch is not self._session.batch or changes != self._changes_made

    @property
    def can_train(self) -> bool:
        session = self._session
        writable = not session.project.read_only
        return not self.worker.busy and writable and session.summary.labelled > 0

    @property
    def can_show_next(self) -> bool:
        """A batch waits, or there is a newer model than the one that chose this batch, or there may
        be one as soon as the training has stopped."""
        if self.shows_groups:
            return bool(self._groups)
        if self._session.waiting_round is not None or self.worker.stopping:
            return True
        if self._session.project.read_only:
            return False
        run, shown = self._session.newest_model, self._session.round
        return (
            not self.worker.busy
            and run is not None
            and shown is not None
            and shown.training_run_id != run.id
        )

    def train(self) -> None:
        """Train; on an unfinished batch only when asked twice."""
        left, total = len(self._session.open_positions()), len(self._session.images)
        unfinished = left > 0 and not self._session.reviewing
        if unfinished and self.can_train and self._unfinished_asked != left:
            self._unfinished_asked = left
            self.announced.emit(
                tr("Train on {done} of {total}? {key} again trains.").format(
                    done=total - left, total=total, key=key_text("train")
                )
            )
            return
        self._unfinished_asked = None
        if self.can_train:
            self._start("training", jobs.train_and_select(self._session.project.folder))

    def export(self, wanted: jobs.Wanted) -> None:
        """Write labels or the model for other programs."""
        if not self.worker.busy:
            self._start("exporting", jobs.export(self._session.project.folder, wanted))

    def _train_by_itself(self, *_: object) -> None:
        """A batch is done, and the person wants no key for what follows."""
        done = not self._session.reviewing and self._session.batch_done
        newest = self._session.waiting_round is None
        if done and newest and self.can_train and self._settings.goes_on:
            self.train()

    @property
    def _settings(self) -> RoundSettings:
        return round_settings(self._session.project)

    def map_pool(self) -> None:
        """Lay the pool out as the newest model sees it."""
        if self.worker.busy:
            self.announced.emit(tr("The map has to wait until the model is trained."))
        else:
            self._start("mapping", jobs.map_pool(self._session.project.folder))

    def find_similar(self) -> None:
        """Show open images that are most like the current one, with it."""
        session = self._session
        if self.worker.busy:
            self.announced.emit(tr("Similar images have to wait until the model is trained."))
        elif session.images and not session.resting:
            image = session.images[session.cursor]
            self._search(jobs.find_similar(session.project.folder, image.id))

    def find_odd(self, question: Question, title: str) -> None:
        """Show likely mistakes, near-duplicates or outliers among the images that a question
        finds; likely mistakes by what earlier models said while the worker is busy."""
        if not self.worker.busy:
            self._search(jobs.find_odd(self._session.project.folder, question, title))
        elif self.doing == "searching":
            self._odd_wanted = (question, title)  # instead of what is searched now
        elif question.order == "mistakes":
            self._session.review(question, title)
        else:
            self.announced.emit(tr("Comparing images has to wait until the model is trained."))

    def audit(self) -> None:
        """Show a random sample, to be labelled blind."""
        if not self.worker.busy:
            self._asked_at = self._changes_made
            self._start("choosing", jobs.audit(self._session.project.folder))

    def weigh_rest(self) -> None:
        """Ask the model of all open images, to let it label the rest."""
        if not self.worker.busy:
            self._start("weighing", jobs.weigh_rest(self._session.project.folder))

    def run_experiments(self) -> None:
        """Simulate what the project's queue holds."""
        if not self.worker.busy:
            self._start("simulating", jobs.run_experiments(self._session.project.folder))

    @property
    def shows_groups(self) -> bool:
        """Whether images that look alike are looked through, group by group."""
        return self._session.batch is self._shown_group

    def find_groups(self) -> None:
        """Show open images that look alike, group by group."""
        if self.worker.busy:
            self.announced.emit(tr("Groups have to wait until the model is trained."))
        else:
            self._search(jobs.find_groups(self._session.project.folder))

    def _show_group(self) -> None:
        """The next group, without what has been labelled meanwhile."""
        project = self._session.project
        while self._groups:
            ids = self._groups.pop(0)
            done = project.labels.current(ids)
            left = [image_id for image_id in ids if image_id not in done]
            if left:
                self._session.look_through(left, tr("Images that look alike"))
                self._shown_group = self._session.batch
                self.group_shown.emit()
                return
        self.announced.emit(tr("That was the last group."))
        self._session.back_to_batch()

    def show_next(self) -> None:
        if self.shows_groups:
            self._show_group()
        elif self._session.waiting_round is not None:
            self._session.show_newest()
        elif self.worker.stopping:
            self._next_wanted = True  # as soon as it has stopped
            self.announced.emit(tr("The next batch is chosen as soon as the training has stopped."))
        elif self.can_show_next:
            self._asked_at = self._changes_made
            self._start("choosing", jobs.next_batch(self._session.project.folder))

    def pause(self) -> None:
        """Rest, or go on after a rest; nothing is lost by either."""
        if self.worker.busy:
            self.worker.pause(not self.worker.paused)

    def stop(self) -> None:
        if self.worker.busy:
            self.worker.stop()
            self.changed.emit()

    def _on_progress(self, progress: Progress) -> None:
        self._panel.show_progress(progress)

    def _on_success(self, result: object) -> None:
        self._session.look_for_rounds()
        self._panel.refresh()
        self._tell_of(result)
        if isinstance(result, jobs.ExperimentsEnded):
            self.finished.emit(tr("The experiments are done."))
        if isinstance(result, jobs.TrainingEnded) and not result.stopped:
            self.finished.emit(tr("A model is trained, and the next batch is ready."))
        self.changed.emit()
        self._go_on()

    def _tell_of(self, result: object) -> None:
        if isinstance(result, jobs.PoolMapped):
            self.mapped.emit(result)
        elif isinstance(result, FOUND) and self._odd_wanted is not None:
            pass  # something else is looked for by now
        elif isinstance(result, FOUND) and self._has_gone_on:
            self.announced.emit(
                tr("The images are found, but you have gone on meanwhile. Ask again to see them.")
            )
        elif isinstance(result, jobs.SimilarFound):
            self._show_similar(result)
        elif isinstance(result, jobs.OddFound):
            self._show_odd(result)
        elif isinstance(result, jobs.RestWeighed):
            self.weighed.emit(result.answers)
        elif isinstance(result, jobs.GroupsFound):
            self._groups = list(result.groups)
            self._show_group()
        elif isinstance(result, jobs.BatchChosen):
            self._show_or_offer()
        elif isinstance(result, jobs.TrainingEnded) and result.round_id is not None:
            self._session.offer_newest()
            if self._settings.shows_next:
                self._quiet.start()
            self._advise()
        elif isinstance(result, jobs.TrainingEnded) and result.stopped and not result.kept:
            self.announced.emit(tr("Stopped before the first epoch was over; nothing was learnt."))
        elif isinstance(result, jobs.TrainingEnded) and result.stopped:
            self.announced.emit(tr("Stopped. What was learnt is kept."))
        elif isinstance(result, jobs.TrainingEnded):
            self.announced.emit(
                tr("Trained. No image is left to choose: the whole pool is labelled.")
            )
        if isinstance(result, jobs.TrainingEnded) and result.batch_size is not None:
            self.announced.emit(
                tr("Memory was short: trained in batches of {batch_size}.").format(
                    batch_size=result.batch_size
                )
            )

    def _show_similar(self, found: jobs.SimilarFound) -> None:
        """The image itself stands first, if it is open."""
        session = self._session
        if not found.ids:
            self.announced.emit(tr("No open image has been read yet that could be compared."))
            return
        own = [] if session.project.labels.current([found.image_id]) else [found.image_id]
        session.look_through([*own, *found.ids], tr("Similar images, the most alike first"))

    def _show_odd(self, found: jobs.OddFound) -> None:
        ids, session = list(found.said), self._session
        if not ids and found.question.order == "mistakes":
            session.review(replace(found.question, order="newest"), tr("Review: the newest"))
            self.announced.emit(
                tr("No label differs from what the model would say without it. Newest first.")
            )
        elif not ids:
            self.announced.emit(tr("None of these images is like that."))
        else:
            said = {i: class_id for i, class_id in found.said.items() if class_id is not None}
            compared = said if found.question.order == "mistakes" else None
            session.look_through(ids, found.title, question=found.question, said=compared)

    def _advise(self) -> None:
        """The first rounds are quick; later ones have more to learn than that leaves time for. And
        after some rounds a sample would say how good the model is."""
        known = estimates(self._session.project)
        if len(known) % AUDIT_EVERY == 0 and known and known[-1].source == BY_LABELS:
            self.announced.emit(
                tr(
                    "{count} random images would say how good the model is: menu Model, Audit."
                ).format(count=SAMPLE)
            )
        many = self._session.summary.labelled >= MANY_LABELS
        chosen = self._settings
        if many and chosen.learner == WHOLE and chosen.recipe == RoundSettings.recipe:
            self.announced.emit(
                tr("With so many labels a thorough recipe learns far more: {key}, Recipe.").format(
                    key=key_text("rounds")
                )
            )

    def _show_or_offer(self) -> None:
        """A batch that was asked for: at once, unless the person has labelled on meanwhile."""
        if self._asked_at in (None, self._changes_made) or not self._session.images:
            self._session.show_newest()
        else:
            self._session.offer_newest()
        self._asked_at = None

    def _count_change(self) -> None:
        self._changes_made += 1

    def _go_on(self) -> None:
        """What was asked for while the training was being stopped."""
        odd, self._odd_wanted = self._odd_wanted, None
        if odd is not None:
            self.find_odd(*odd)
        wanted, self._next_wanted = self._next_wanted, False
        if wanted and self.can_show_next:
            self.show_next()

    def _on_end(self, *_: object) -> None:
        self._session.look_for_rounds()
        self._panel.refresh()
        self.changed.emit()
        self._go_on()
