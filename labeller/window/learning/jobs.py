"""The long work that the window asks for, as functions without Qt for the worker's thread.

torch is imported in here, when the first job needs it.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from labeller.core.errors import Cancelled, LabellerError, quoted
from labeller.core.progress import Progress
from labeller.core.remarks import Remark
from labeller.core.run import Run
from labeller.loop import model_files
from labeller.loop.pool_prediction import Answers
from labeller.loop.round_settings import round_settings
from labeller.loop.suggestion_requests import SuggestionRequests
from labeller.pool.decode import Reading
from labeller.project import creation, demo, exporting, growing, moving, teams
from labeller.project.planning import Request
from labeller.project.project import Project, explaining
from labeller.store.review import Question
from labeller.window.kit.worker import Job

if TYPE_CHECKING:
    from labeller.learning.model import TrainedModel


@dataclass(frozen=True)
class TrainingEnded:
    """The end of a training round.

    `round_id` is of the next batch, None where none was chosen; `batch_size` is text where memory
    was too short for that of the recipe; `kept` tells whether there is a model of it.
    """

    run_id: int
    stopped: bool
    round_id: int | None
    batch_size: int | None = None
    kept: bool = True


@dataclass(frozen=True)
class BatchChosen:
    """A batch was chosen without training."""

    round_id: int


@dataclass(frozen=True)
class ExperimentsEnded:
    """The queue of experiments is done; results are in files (labeller/experiments/queue.py)."""


@dataclass(frozen=True)
class ProjectReady:
    """A project was made or finished; `notes` say what the import guessed or passed over."""

    folder: Path
    notes: tuple[Remark, ...] = ()


def make_project(folder: Path, request: Request) -> Job:
    def run(run: Run) -> ProjectReady:
        with creation.create(folder, request, run) as project:
            return ProjectReady(project.folder, tuple(project.import_notes))

    return run


def finish_project(folder: Path) -> Job:
    """Go on with an import that was interrupted."""

    def run(run: Run) -> ProjectReady:
        with creation.resume(folder, run) as project:
            return ProjectReady(project.folder)

    return run


def read_again(folder: Path, reading: Reading) -> Job:
    """Read images otherwise, and those that could not be read once more."""

    def run(run: Run) -> ProjectReady:
        creation.read_again(folder, reading, run)
        with creation.open_complete(folder, lock=False, read_only=True) as project:
            return ProjectReady(project.folder, tuple(project.import_notes))

    return run


def add_images(folder: Path, request: Request | None) -> Job:
    """Let a project grow by what is asked for; None takes what has appeared in its own folders."""

    def run(run: Run) -> ProjectReady:
        if request is None:
            added = growing.add_new(folder, run)
        else:
            added = growing.add_images(folder, request, run)
        remarks = [Remark("Images added: {count}.", count=added.added)]
        if added.known:
            remarks.append(Remark("Images that were there already: {count}.", count=added.known))
        with creation.open_complete(folder, lock=False, read_only=True) as project:
            notes = project.import_notes if added.added else []
            return ProjectReady(project.folder, (*remarks, *notes))

    return run


def locate(folder: Path, place: Path) -> Job:
    """Find images that were moved."""

    def run(run: Run) -> ProjectReady:
        with explaining(folder), Project(folder) as project:
            found = moving.locate(project, place, run)
        remarks = [Remark("Images found: {count}.", count=found.found)]
        if found.missing:
            remarks.append(Remark("Images that are still missing: {count}.", count=found.missing))
        return ProjectReady(folder, tuple(remarks))

    return run


@dataclass(frozen=True)
class CopyLookedAt:
    """What merging another copy would change."""

    folder: Path
    other: Path
    notes: tuple[Remark, ...]


def look_at_copy(folder: Path, other: Path) -> Job:
    """See what taking the labels of another copy in would change."""

    def run(run: Run) -> CopyLookedAt:
        with explaining(folder), Project(folder) as project:
            taken = teams.merge(project, other, dry_run=True)
        known = Remark(
            "Actions that are new: {actions}, about {images} images.",
            actions=taken.actions,
            images=taken.images,
        )
        return CopyLookedAt(folder, other, (known, *_changes(taken)))

    return run


def merge(folder: Path, other: Path) -> Job:
    """Take the labels of another copy in."""

    def run(run: Run) -> ProjectReady:
        with explaining(folder), Project(folder) as project:
            taken = teams.merge(project, other)
        done = Remark(
            "Actions merged: {actions}, about {images} images.",
            actions=taken.actions,
            images=taken.images,
        )
        return ProjectReady(folder, (done, *_changes(taken)))

    return run


def undo_merge(folder: Path, annotator: str) -> Job:
    """Undo the last merge."""

    def run(run: Run) -> ProjectReady:
        with explaining(folder), Project(folder) as project:
            changed = project.undo_merge(annotator) or []
        remark = Remark("The merge was undone. Images that changed: {count}.", count=len(changed))
        return ProjectReady(folder, (remark,))

    return run


def _changes(taken: teams.Taken) -> Iterator[Remark]:
    """What a copy brings, in words."""
    yield Remark(
        "Images labelled: {labelled}; labels changed: {changed}; taken away: {emptied}.",
        labelled=taken.labelled,
        changed=taken.changed,
        emptied=taken.emptied,
    )
    if taken.new_classes:
        yield Remark("New classes: {names}.", names=quoted(", ".join(taken.new_classes)))
    if taken.archived:
        yield Remark("Classes archived: {names}.", names=quoted(", ".join(taken.archived)))
    if taken.renamed:
        pairs = ", ".join(f"{before} → {after}" for before, after in taken.renamed)
        yield Remark("Classes renamed: {names}.", names=quoted(pairs))
    if taken.unknown:
        yield Remark("Labels of images that are not here: {count}.", count=taken.unknown)
    if taken.differing:
        yield Remark(
            "Images about which people differ: {count}. Agreement shows them.",
            count=taken.differing,
        )


@dataclass(frozen=True)
class Exported:
    """Something was written for other programs: so many labels, or a model; without images (by
    path) whose files were `changed`."""

    path: Path
    labels: int | None = None
    contradictions: tuple[tuple[str, ...], ...] = ()
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """An export that was asked for; `choices` is None for a model. `keeps_alike`: near-duplicates
    come into the same split."""

    format_name: str
    output: Path
    choices: exporting.Choices | None
    replace: bool
    keeps_alike: bool = False


def export(folder: Path, wanted: Wanted) -> Job:
    """Write labels or the newest model."""

    def run(run: Run) -> Exported:
        name, output = wanted.format_name, wanted.output
        with explaining(folder), Project(folder, read_only=True) as project:
            if wanted.choices is None:
                model_files.export_model(project, name, output, wanted.replace)
                return Exported(output)
            choices = wanted.choices
            if wanted.keeps_alike and choices.shares is not None:
                from labeller.loop.oddities import groups_alike

                carrying = project.label_reader.classes()[0].tolist()
                choices = replace(choices, alike=groups_alike(project, carrying, run))
            done = exporting.export(project, name, output, choices, wanted.replace, run)
        return Exported(output, done.labels, done.contradictions, done.missing, done.changed)

    return run


def make_demo() -> Job:
    def run(run: Run) -> ProjectReady:
        with demo.open_demo(run) as project:
            return ProjectReady(project.folder)

    return run


@dataclass(frozen=True)
class PoolMapped:
    """The pool in two dimensions: see labeller/loop/likeness.py."""

    image_ids: np.ndarray
    places: np.ndarray


def map_pool(folder: Path) -> Job:
    def run(run: Run) -> PoolMapped:
        from labeller.loop.likeness import feature_map

        with Project(folder, lock=False) as project:
            found = feature_map(project, run)
        return PoolMapped(found.image_ids, found.places)

    return run


def run_experiments(folder: Path) -> Job:
    """Simulate what the project's queue holds and is not done."""

    def run(run: Run) -> ExperimentsEnded:
        from labeller.experiments.queue import run_queue

        def tell(progress: Progress) -> None:
            run.report(
                replace(progress, metrics=None)
            )  # the curves are those of the project's model

        with Project(folder, lock=False) as project:
            run_queue(project, replace(run, report=tell))
        return ExperimentsEnded()

    return run


def back_up(folder: Path) -> None:
    """Copy the database of a project, the first time on a day; for a thread of its own."""
    try:
        with explaining(folder), Project(folder, lock=False) as project:
            creation.back_up_daily(project)
    except LabellerError as error:  # the next opening tries again
        logging.getLogger(__name__).warning("no backup: %s", error)


@dataclass(frozen=True)
class SimilarFound:
    """Open images that are most like one, the most similar first."""

    image_id: int
    ids: tuple[int, ...]


def keep_suggesting(
    folder: Path,
    requests: SuggestionRequests,
    run: Run,
    suggested: Callable[[], object],
    failed: Callable[[Exception], object],
) -> None:
    """Suggest for the images on screen until asked to stop; for a thread of its own."""
    from labeller.loop import live

    live.keep_suggesting(folder, requests, run, suggested, failed)


def find_similar(folder: Path, image_id: int) -> Job:
    """The open images that are most like one."""

    def run(run: Run) -> SimilarFound:
        from labeller.loop.likeness import similar_images

        with Project(folder, lock=False) as project:
            found = similar_images(project, image_id, run=run)
        return SimilarFound(image_id, tuple(found))

    return run


@dataclass(frozen=True)
class GroupsFound:
    """Open images in groups that look alike, the largest group first."""

    groups: tuple[tuple[int, ...], ...]


def find_groups(folder: Path) -> Job:
    """The open pool in groups that look alike."""

    def run(run: Run) -> GroupsFound:
        from labeller.loop.likeness import groups_of

        with Project(folder, lock=False) as project:
            found = groups_of(project, run=run)
        return GroupsFound(tuple(map(tuple, found)))

    return run


@dataclass(frozen=True)
class OddFound:
    """Images that stand out among those that were looked through, in order, with what a model that
    has not learnt them calls them (class ids; empty where none was asked)."""

    said: dict[int, int | None]
    question: Question
    title: str


def find_odd(folder: Path, question: Question, title: str) -> Job:
    """Likely mistakes, near-duplicates or outliers among the images that a question finds."""

    def run(run: Run) -> OddFound:
        from labeller.loop.oddities import find

        with Project(folder, lock=False) as project:
            ids = project.review.find(replace(question, order="newest")).tolist()
            found = find(question.order, project, ids, run)
            return OddFound(found, question, title)

    return run


def audit(folder: Path) -> Job:
    """Draw a random sample to measure the model by."""

    def run(run: Run) -> BatchChosen:
        from labeller.loop.audit import begin_audit
        from labeller.loop.rounds import derived_seed

        with Project(folder, lock=False) as project:
            seed = derived_seed(project.seed, project.rounds.count(), "audit")
            return BatchChosen(begin_audit(project, seed).id)

    return run


@dataclass(frozen=True)
class RestWeighed:
    """What the newest model says of all images that carry nothing."""

    answers: Answers


def weigh_rest(folder: Path) -> Job:
    """Ask the newest model of all images that carry nothing."""

    def run(run: Run) -> RestWeighed:
        from labeller.loop.pool_prediction import require_calibrated, weigh_rest

        with Project(folder, lock=False) as project:
            require_calibrated(project)
            return RestWeighed(weigh_rest(project, run))

    return run


FIRST_LOOK = 600
"""The first batch is chosen among so many images, which a person waits for some seconds."""


def first_batch(folder: Path) -> Job:
    def run(run: Run) -> BatchChosen:
        from labeller.loop import rounds

        with Project(folder, lock=False) as project:
            method = round_settings(project).method
            chosen = rounds.begin(project, None, method, run, most_read=FIRST_LOOK)
            return BatchChosen(chosen.id)

    return run


def next_batch(folder: Path) -> Job:
    """Choose with the network that there is."""

    def run(run: Run) -> BatchChosen:
        with Project(folder, lock=False) as project:
            count = min(project.batch_size, max(1, len(project.images.candidates())))
            return BatchChosen(_select(project, count, run))

    return run


def train_and_select(folder: Path) -> Job:
    """Train on the labels that there are now, then choose the next batch, if any image is left."""

    def run(run: Run) -> TrainingEnded:
        from labeller.loop import rounds

        with Project(folder, lock=False) as project:
            method = round_settings(project).method
            trained = rounds.learn(project, method, run)
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

    return run


def _select(
    project: Project,
    count: int,
    run: Run,
    model: "TrainedModel | None" = None,
) -> int:
    """Choose the next batch as the project's settings say; returns the round."""
    from labeller.loop import rounds

    method = round_settings(project).method
    return rounds.select(project, count, method, run, keep_suggestions=True, model=model).id


def warm_up() -> None:
    """Load all that jobs need and pay for torch's first use, behind the splash screen."""
    import labeller.loop.rounds  # noqa: F401
    from labeller.learning.device import warm_up

    warm_up()
