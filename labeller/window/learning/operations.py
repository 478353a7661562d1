"""Background operations of a session: training, choosing batches, and searches whose results are
looked through. torch is imported when an operation needs it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from labeller.core.errors import Cancelled
from labeller.core.intervals import BY_LABELS
from labeller.core.run import Run
from labeller.learning.learners import trains_network
from labeller.learning.recipe import QUICK
from labeller.loop.estimates import SAMPLE, estimates
from labeller.loop.round_settings import RoundSettings, round_settings
from labeller.project.project import Project
from labeller.store.review import Question
from labeller.store.runs import TrainingRun
from labeller.window.kit.actions import key_text
from labeller.window.kit.language import tr
from labeller.window.kit.worker import Operation

if TYPE_CHECKING:
    from labeller.learning.model import TrainedModel
    from labeller.window.learning.learning_control import LearningControl

FIRST_LOOK = 600
"""The first batch is chosen among this many images, which takes a few seconds."""
AUDIT_EVERY = 4
"""After this many models an audit is offered, where nothing else measures them."""
MANY_LABELS = 500
"""With more labels than this the thorough recipe is offered (see learning/recipe.py)."""


@dataclass(frozen=True)
class TrainingEnded:
    """The end of a training round.

    Attributes:
        round_id: of the next batch; None where none was chosen.
        batch_size: of the training, where memory was too short for that of the recipe.
        kept: whether there is a model of it.
    """

    run_id: int
    stopped: bool
    round_id: int | None
    batch_size: int | None = None
    kept: bool = True


def first_batch(control: "LearningControl") -> Operation:
    """Choose random images, without delay."""

    def choose(project: Project, run: Run) -> None:
        from labeller.loop import rounds

        rounds.begin(project, None, round_settings(project).method, run, first="random")

    def done(_: object) -> None:
        control.show_or_offer_newest()
        control.look_for_typical()

    return replace(_choosing(control, choose), done=done)


def typical_batch(control: "LearningControl") -> Operation:
    """Look for typical images while the person labels random ones."""

    def choose(project: Project, run: Run) -> None:
        from labeller.loop import rounds

        method = round_settings(project).method
        rounds.begin(project, None, method, run, most_read=FIRST_LOOK)

    def done(_: object) -> None:
        control.session.offer_newest(
            tr(
                "Typical images are ready, from which the model learns faster: {key} shows them."
            ).format(key=key_text("next_batch"))
        )

    return Operation(tr("Looking for typical images"), choose, done)


def next_batch(control: "LearningControl") -> Operation:
    """Choose the next batch with the newest model."""

    def choose(project: Project, run: Run) -> None:
        _select(project, _batch_size(project), run)

    return _choosing(control, choose)


def unlike_batch(control: "LearningControl", asked: bool) -> Operation:
    """Choose images unlike the labelled ones; no model is needed.

    Args:
        asked: by the person, who is shown the batch; otherwise it is offered.
    """

    def choose(project: Project, run: Run) -> None:
        from labeller.loop import rounds

        method = round_settings(project).method
        rounds.begin_unlike(project, _batch_size(project), method, run, most_read=FIRST_LOOK)

    choosing = _choosing(control, choose)
    return choosing if asked else replace(choosing, done=lambda _: control.offer_trained(True))


def audit(control: "LearningControl") -> Operation:
    """Draw a random sample that measures the model."""

    def choose(project: Project, run: Run) -> None:
        from labeller.loop.audit import begin_audit
        from labeller.loop.rounds import derived_seed

        begin_audit(project, derived_seed(project.seed, project.rounds.count(), "audit"))

    return _choosing(control, choose)


def train_and_select(control: "LearningControl") -> Operation:
    """Train on the labels there are now, then choose the next batch, if any image is left."""

    def train(project: Project, run: Run) -> TrainingEnded:
        from labeller.loop import rounds

        method = round_settings(project).method
        trained = rounds.learn(project, method, run, deeper=False)
        training = trained.run
        size = training.recipe["batch_size"]
        smaller = size if size < method.recipe.batch_size else None
        count = min(project.batch_size, len(project.images.candidates()))
        if training.state == "stopped" or count == 0:
            kept = training.checkpoint is not None
            return TrainingEnded(training.id, training.state == "stopped", None, smaller, kept)
        try:
            round_id = _select(project, count, run, trained.model)
        except Cancelled:
            return TrainingEnded(training.id, True, None, smaller)
        return TrainingEnded(training.id, False, round_id, smaller)

    def done(result: TrainingEnded) -> None:
        control.offer_trained(result.round_id is not None)
        for sentence in _news(result, control.settings, control.project):
            control.announced.emit(sentence)
        if not result.stopped:
            control.finished.emit(tr("A model has been trained, and the next batch is ready."))

    return Operation(tr("Training"), train, done)


def deepen(control: "LearningControl") -> Operation:
    """Train the encoder's last stages while the person keeps labelling."""

    def train(project: Project, run: Run) -> TrainingRun:
        from labeller.loop import rounds

        return rounds.deepen(project, round_settings(project).method, run)

    return Operation(tr("Fine-tuning"), train, control.tell_of_deeper)


def _choosing(control: "LearningControl", choose: Callable[[Project, Run], None]) -> Operation:
    return Operation(
        tr("Choosing the next batch"), choose, lambda _: control.show_or_offer_newest()
    )


def _batch_size(project: Project) -> int:
    """Size of the next batch; 1 if no image is left, so that the error says so."""
    return min(project.batch_size, max(1, len(project.images.candidates())))


def _select(project: Project, count: int, run: Run, model: "TrainedModel | None" = None) -> int:
    """Choose the next batch as the project's settings say; returns the round's id."""
    from labeller.loop import rounds

    method = round_settings(project).method
    chosen = rounds.select(
        project, count, method, run, keep_suggestions=True, model=model, reads_on=False
    )
    return chosen.id


def _news(result: TrainingEnded, chosen: RoundSettings, project: Project) -> list[str]:
    """Messages about a finished training; the last one stays in the status bar."""
    if result.round_id is not None:
        news = _advice(chosen, project)
    elif result.stopped and not result.kept:
        news = [tr("Stopped before the first epoch was finished; nothing was learnt.")]
    elif result.stopped:
        news = [tr("Stopped. What was learnt is kept.")]
    else:
        news = [tr("Trained. No image is left to choose: the whole pool is labelled.")]
    if result.batch_size is not None:
        news.append(
            tr(
                "Not enough memory for the usual batch size: trained in batches of {batch_size}."
            ).format(batch_size=result.batch_size)
        )
    return news


def _advice(chosen: RoundSettings, project: Project) -> list[str]:
    """Suggest a thorough recipe once there are many labels, and an audit after some rounds."""
    known, advice = estimates(project), []
    if len(known) % AUDIT_EVERY == 0 and known and known[-1].source == BY_LABELS:
        advice.append(
            tr("{count} random images would measure the model: menu Model, Audit.").format(
                count=SAMPLE
            )
        )
    many = project.labels.summary().labelled >= MANY_LABELS
    method = chosen.method
    if many and trains_network(method.encoder) and method.recipe.name == QUICK.name:
        advice.append(
            tr("With this many labels a thorough recipe learns far more: {key}, Recipe.").format(
                key=key_text("rounds")
            )
        )
    return advice


def similar(control: "LearningControl", image_ids: list[int], title: str) -> Operation:
    """Open images that are most like any of some others, the most similar first."""

    def find(project: Project, run: Run) -> list[int]:
        from labeller.loop.likeness import similar_images

        return similar_images(project, image_ids, run=run)

    def show(found: list[int]) -> None:
        session = control.session
        if not found:
            session.announced.emit(tr("No open image can be compared yet: none has been read."))
            return
        labelled = session.project.labels.current(image_ids)
        own = [image_id for image_id in image_ids if image_id not in labelled]
        session.look_through([*own, *found], title)

    wait = tr("Similar images have to wait until the current task has finished.")
    return _search(control, find, show, wait)


def groups(control: "LearningControl") -> Operation:
    """The open pool in groups that look alike, the largest group first."""

    def find(project: Project, run: Run) -> list[tuple[int, ...]]:
        from labeller.loop.likeness import groups_of

        return [tuple(group) for group in groups_of(project, run=run)]

    wait = tr("Groups have to wait until the current task has finished.")
    return _search(control, find, control.show_groups, wait)


def odd(control: "LearningControl", question: Question, title: str) -> Operation:
    """Likely mistakes, near-duplicates or outliers among the images that a question finds, with
    what a model that has not learnt them calls them."""

    def find(project: Project, run: Run) -> dict[int, int | None]:
        from labeller.loop.oddities import find

        ids = project.review.find(replace(question, order="newest")).tolist()
        return find(question.order, project, ids, run)

    def show(found: dict[int, int | None]) -> None:
        session, mistakes = control.session, question.order == "mistakes"
        if not found and mistakes:
            session.review(replace(question, order="newest"), tr("Review: the newest"))
            session.announced.emit(
                tr("The model agrees with every label when it is trained without it. Newest first.")
            )
        elif not found:
            session.announced.emit(tr("None of these images stands out."))
        else:
            said = {i: class_id for i, class_id in found.items() if class_id is not None}
            session.look_through(
                list(found), title, question=question, said=said if mistakes else None
            )

    wait = tr("Comparing images has to wait until the current task has finished.")
    return _search(control, find, show, wait, tr("Comparing images"))


def _search(
    control: "LearningControl",
    find: Callable[[Project, Run], Any],
    show: Callable[[Any], object],
    waits: str,
    title: str = "",
) -> Operation:
    """A search whose images are shown unless the person has moved on meanwhile: keys that are meant
    for what is on screen must not reach others."""
    before = control.place

    def done(found: Any) -> None:
        if control.has_queued:
            return  # something else is being searched for
        if control.place == before:
            show(found)
        else:
            control.announced.emit(
                tr("The images are found, but you have moved on meanwhile. Ask again to see them.")
            )

    return Operation(title or tr("Looking for similar images"), find, done, waits)
