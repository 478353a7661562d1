"""The active-learning loop (section 3 of the paper), the same for the window, the command line
and simulations: train on what is labelled → read features → select a batch → it is labelled."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import torch

from labeller.errors import Cancelled, LabellerError
from labeller.learning.batches import Pool
from labeller.learning.checkpoint import CheckpointInfo, load_checkpoint, save_checkpoint
from labeller.learning.device import choose_device, free_memory, out_of_memory
from labeller.learning.inference import evaluate
from labeller.learning.recipe import QUICK, Recipe
from labeller.learning.subset import contrastive_losses, lowest
from labeller.learning.team import this_team
from labeller.learning.together import train
from labeller.learning.trainer import TrainingSet
from labeller.predicting import Model, checkpoint_file
from labeller.progress import Progress, Report, ShouldStop, ignore, never
from labeller.project import Project
from labeller.selection.random import choose_at_random
from labeller.selection.strategies import NEED_NO_MODEL, Situation, strategy_named
from labeller.store.rounds import Round
from labeller.store.runs import TrainingRun
from models.encoders import ENCODERS

DEFAULT_ENCODER = "resnet-small"
DEFAULT_STRATEGY = "coreset"
SMALLEST_BATCH = 8


@dataclass(frozen=True)
class TrainingOptions:
    """How to train; `seed` None takes one that follows from the project's and the run's number."""

    recipe: Recipe = field(default=QUICK)
    encoder: str = DEFAULT_ENCODER
    device: str = "auto"
    seed: int | None = None


def begin(project: Project, count: int | None = None, seed: int | None = None) -> Round:
    """Round 0: images chosen uniformly at random, as section 3 begins.

    Raises:
        LabellerError: fewer than `count` images are left.
    """
    seed = project.seed if seed is None else seed
    candidates = project.images.candidates()
    count = min(project.batch_size, len(candidates)) if count is None else count
    _require_candidates(count, len(candidates))
    places = choose_at_random(len(candidates), count, derived_seed(seed, 0)).numpy()
    return project.rounds.add("random", seed, [int(i) for i in candidates[places]])


def train_round(
    project: Project,
    options: TrainingOptions,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> TrainingRun:
    """Train a new network on what is labelled now, evaluate it, and keep its checkpoint.

    Stopping leaves a checkpoint too, once an epoch is over. If training fails, the run is recorded
    as failed. Where memory does not suffice, another run with half the batch size follows, which
    the run's recipe tells.

    Raises:
        LabellerError: too little is labelled, or training failed.
    """
    while True:
        size = options.recipe.batch_size
        try:
            return _train_once(project, options, report, should_stop)
        except (MemoryError, RuntimeError) as error:
            if not out_of_memory(error) or this_team().size > 1:
                raise
        # Here, where the error no longer holds on to what it was computed from.
        if size // 2 < SMALLEST_BATCH:
            raise LabellerError(
                f"There is not enough memory to train, even with batches of {size}. Close other "
                "programs, or choose a smaller encoder."
            )
        free_memory()
        report(Progress("Memory is short: going on with smaller batches", 0, 1))
        options = replace(options, recipe=replace(options.recipe, batch_size=size // 2))


def _train_once(
    project: Project, options: TrainingOptions, report: Report, should_stop: ShouldStop
) -> TrainingRun:
    started = time.perf_counter()
    if options.encoder not in ENCODERS:
        known = ", ".join(ENCODERS)
        raise LabellerError(f"There is no encoder '{options.encoder}'. Choose one of {known}.")
    device = choose_device(options.device)
    data = _training_set(project)
    seed = options.seed
    if seed is None:
        seed = derived_seed(project.seed, len(project.runs.all()) + 1)
    pool = Pool(project.tensors(), device)
    if options.recipe.unlabelled == "lowest-loss":
        chosen = _lowest_loss(project, pool, data, options.recipe, seed, report, should_stop)
        data = replace(data, unlabelled=chosen)
    run_id = project.runs.start(
        options.recipe.as_dict(), options.encoder, device.type, seed, len(data.labelled)
    )

    epochs = 0

    def listen(progress: Progress) -> None:
        nonlocal epochs
        if progress.metrics is not None:
            epochs += 1
            project.runs.add_epoch(run_id, progress.metrics)
        report(progress)

    try:
        trained = train(pool, data, options.encoder, options.recipe, seed, listen, should_stop)
        names = [image_class.name for image_class in project.classes.all()]
        stopped, accuracy, per_class = trained.stopped, None, None
        path = None
        if epochs or not stopped:  # a network without one finished epoch is no model
            path = project.checkpoint(run_id)
            statistics = trained.network.encoder.statistics.name
            info = CheckpointInfo(options.encoder, pool.side, names, options.recipe, statistics)
            save_checkpoint(path, trained.network, info)
        if len(data.test) and not stopped:
            try:
                measured = evaluate(
                    trained.network, pool, data.test, data.test_labels, report, should_stop
                )
            except Cancelled:
                stopped = True
            else:
                accuracy = measured.overall
                per_class = {
                    name: share
                    for name, share in zip(names, measured.per_class, strict=True)
                    if share is not None
                }
    except BaseException as error:
        project.runs.end(run_id, "failed", time.perf_counter() - started, message=str(error))
        raise
    project.runs.end(
        run_id,
        "stopped" if stopped else "finished",
        time.perf_counter() - started,
        None if path is None else path.relative_to(project.folder).as_posix(),
        accuracy,
        per_class,
    )
    return project.runs.get(run_id)


def select(
    project: Project,
    count: int,
    strategy: str = DEFAULT_STRATEGY,
    device: str = "auto",
    report: Report = ignore,
    should_stop: ShouldStop = never,
    subset: int | None = None,
    suggest: bool = False,
) -> Round:
    """Choose the next batch with the newest network; the first one of a project is random.

    Args:
        subset: choose among so many images, drawn at random, instead of the whole pool.
        suggest: also keep what the network says of the images (labeller/predicting.py).

    Raises:
        LabellerError: there is no network yet, or fewer than `count` images are left.
    """
    chosen_by = strategy_named(strategy)
    if project.rounds.newest() is None and not project.labels.counts()[0]:
        return begin(project, count)
    candidates = project.images.candidates()
    _require_candidates(count, len(candidates))
    run = project.runs.newest_usable()
    if run is None and strategy not in NEED_NO_MODEL:
        raise LabellerError(
            f"There is no trained model yet, and '{strategy}' needs one. "
            "Train first, or choose the strategy 'random'."
        )
    labelled = _distinct_labelled(project)[0]
    seed = derived_seed(project.seed, project.rounds.count(), "selection")
    if subset is not None and subset < len(candidates):
        drawn = choose_at_random(len(candidates), max(subset, count), seed).numpy()
        candidates = np.sort(candidates[drawn])

    model = None if run is None else Model(project, run, device)

    def features() -> torch.Tensor:
        assert model is not None
        return model.features(np.concatenate([labelled, candidates]), report, should_stop)

    situation = Situation(len(labelled), len(candidates), features, seed)
    places = chosen_by(situation, count).cpu().numpy()
    report(Progress("Selecting", 1, 1))
    before = project.rounds.newest()
    chosen = project.rounds.add(
        strategy, seed, [int(i) for i in candidates[places]], run.id if run else None
    )
    if suggest and model is not None:
        # The person may still be at the batch before.
        ids = [*chosen.image_ids, *(before.image_ids if before else ())]
        model.suggest(np.unique(np.array(ids, dtype=np.int64)), report, should_stop)
        said = project.suggestions.of(chosen.image_ids)
        project.rounds.expect(chosen.id, {i: one.class_id for i, one in said.items()})
    return chosen


def label_by_oracle(project: Project, round_: Round) -> list[int]:
    """Let the oracle label what is open in a batch, as one action; returns the labelled images.

    Raises:
        LabellerError: the project has no hidden labels.
    """
    if not project.oracle.knows_pool():
        raise LabellerError(
            "This project has no hidden labels for an oracle. Make it with --truth folders or csv."
        )
    done = project.labels.current(round_.image_ids)
    answers = project.oracle.reveal([i for i in round_.image_ids if i not in done])
    if answers:
        project.labels.assign(answers, annotator="oracle", origin="oracle", round_id=round_.id)
    return list(answers)


def _lowest_loss(
    project: Project,
    pool: Pool,
    data: TrainingSet,
    recipe: Recipe,
    seed: int,
    report: Report,
    should_stop: ShouldStop,
) -> torch.Tensor:
    """Unlabelled rows of the lowest loss under the network before; all where there is none, of
    which the trainer then draws at random."""
    before = project.runs.newest_usable()
    if before is None or before.checkpoint is None:
        return data.unlabelled
    network, _ = load_checkpoint(checkpoint_file(project, before))
    network.to(pool.device).to(memory_format=torch.channels_last)
    losses = contrastive_losses(
        network, pool, data.unlabelled, recipe.temperature, seed, report, should_stop
    )
    return lowest(losses, data.unlabelled, len(data.labelled))


def _training_set(project: Project) -> TrainingSet:
    """What the learner may see, as rows of the tensor cache."""
    classes = project.classes.all()
    if len(classes) < 2:
        raise LabellerError("A model needs at least two classes. Add another class.")
    places = {image_class.id: place for place, image_class in enumerate(classes)}
    labelled, labels = _of_classes(places, *_distinct_labelled(project))
    if not len(labelled):
        raise LabellerError("There are no labels yet. Label some images first.")
    if len(set(labels.tolist())) < 2:
        raise LabellerError(
            "All labels so far are of one class. Label images of at least two classes first."
        )
    test, test_labels = _of_classes(places, *project.oracle.test_set())

    def rows(ids: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(ids - 1)

    def as_places(ids: np.ndarray) -> torch.Tensor:
        return torch.tensor([places[i] for i in ids.tolist()], dtype=torch.long)

    return TrainingSet(
        rows(labelled),
        as_places(labels),
        rows(project.images.unlabelled()),
        rows(test),
        as_places(test_labels),
        len(classes),
    )


def _of_classes(
    places: Mapping[int, int], images: np.ndarray, labels: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Those whose class is trained on; an archived one is not."""
    kept = np.isin(labels, list(places))
    return images[kept], labels[kept]


def _distinct_labelled(project: Project) -> tuple[np.ndarray, np.ndarray]:
    """Ids and classes of the labelled images without copies: those of the test least of all."""
    labelled, labels = project.labels.labelled()
    kept = ~np.isin(labelled, project.images.duplicates())
    return labelled[kept], labels[kept]


def _require_candidates(count: int, available: int) -> None:
    if count < 1:
        raise LabellerError("A batch needs at least one image.")
    if count > available:
        raise LabellerError(
            f"{count} images were asked for, but only {available} are left to choose from."
            if available
            else "There are no images left to choose from: the pool is labelled."
        )


def derived_seed(seed: int, number: int, purpose: str = "training") -> int:
    """A seed for each round and purpose, so that no two of them draw the same numbers.

    Args:
        purpose: any word; that of training counts as none, as it did when there was no purpose.
    """
    entropy = [seed, number]
    if purpose != "training":
        entropy += purpose.encode()
    return int(np.random.SeedSequence(entropy).generate_state(1)[0])
