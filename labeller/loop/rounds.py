"""The active-learning loop (section 3 of the paper), the same for the window, the command line
and simulations: train on what is labelled → read features → select a batch → it is labelled."""

import time
from dataclasses import dataclass, replace

import numpy as np
import torch
from labeller_models.encoders import ENCODERS

from labeller.core.errors import Cancelled, LabellerError
from labeller.core.run import Progress, Run, yield_to_others
from labeller.learning.checkpoint import CheckpointInfo, save_model
from labeller.learning.device import free_memory, out_of_memory
from labeller.learning.distributed import this_team
from labeller.learning.feature_learners import FeatureModel, LinearProbe, centred_features
from labeller.learning.fine_tuning import FineTunedModel, FineTuning
from labeller.learning.learners import require_encoder, trains_network
from labeller.learning.model import TrainedModel
from labeller.learning.trainer import TrainingSet
from labeller.loop.audit import estimate
from labeller.loop.method import LEARNERS, STRATEGIES, Method
from labeller.loop.predicting import frozen_features, model_of, suggest
from labeller.loop.training_data import labelled_rows, offered, pool_of, rows_of, training_set
from labeller.project.project import Project
from labeller.selection.coreset import k_center_greedy
from labeller.selection.sampling import choose_at_random, nearest, nearest_to_centres
from labeller.selection.strategies import Query, Strategy, chosen_by
from labeller.store.rounds import Reason, Round
from labeller.store.runs import TrainingRun

SMALLEST_BATCH = 8
MOST_CANDIDATES = 50_000
"""Maximum number of images to choose a batch among, so that a round in a huge pool takes no longer
than in a large one."""
# The most used modules are imported now: imports that run out of memory later fail strangely.
USUAL = [registry[name] for registry in (LEARNERS, STRATEGIES) for name in registry.own()] + [
    ENCODERS[ENCODERS.default]
]


@dataclass(frozen=True)
class Trained:
    """A recorded training and its model (None if it left none).

    Attributes:
        right: whether the model is right about each held-out image, in the order of
            `Oracle.test_set`; empty if not measured.
    """

    run: TrainingRun
    model: TrainedModel | None
    right: tuple[bool, ...] = ()


def begin(
    project: Project,
    count: int | None = None,
    method: Method | None = None,
    run: Run = Run(),
    most_read: int | None = None,
    first: str = "",
) -> Round:
    """Round 0: with a frozen encoder, images at cluster centres (labeller/selection/sampling.py);
    otherwise, or with the strategy `random`, uniformly at random, as in section 3.

    Args:
        first: `random` or `centres`, overriding the method; centres need a frozen encoder.
        most_read: number of random images to find the centres among; None reads all.

    Raises:
        LabellerError: fewer than `count` images are left.
        Cancelled: `run.should_stop` said so while features were read.
    """
    seed, method = project.seed, method or Method()
    candidates = project.images.candidates()
    count = min(project.batch_size, len(candidates)) if count is None else count
    _require_candidates(count, len(candidates))
    usual = "random" if method.strategy == "random" else "centres"
    by_chance = trains_network(method.encoder) or (first or usual) == "random"
    if by_chance or count == len(candidates):
        places = choose_at_random(len(candidates), count, derived_seed(seed, 0)).numpy()
        return project.rounds.add("random", seed, [int(i) for i in candidates[places]])
    candidates = _some(candidates, most_read, count, derived_seed(seed, 0))
    features = frozen_features(project, method)
    asked = run.seeded(derived_seed(seed, 0, "selection"))
    points = centred_features(features, rows_of(candidates), asked)
    places = nearest_to_centres(points, count, asked.seed).numpy()
    return project.rounds.add("centres", seed, [int(i) for i in candidates[places]])


def begin_unlike(
    project: Project, count: int, method: Method, run: Run = Run(), most_read: int | None = None
) -> Round:
    """A batch that needs no model: images unlike the labelled ones and unlike each other (k-centre
    on the features of a pretrained encoder); with any other encoder, random ones.

    Args:
        most_read: number of random images to choose among; None reads all.

    Raises:
        LabellerError: fewer than `count` images are left.
        Cancelled: `run.should_stop` said so while features were read.
    """
    candidates = project.images.candidates()
    _require_candidates(count, len(candidates))
    asked = run.seeded(derived_seed(project.seed, project.rounds.count(), "selection"))
    if trains_network(method.encoder):
        drawn = choose_at_random(len(candidates), count, asked.seed).numpy()
        return project.rounds.add("random", asked.seed, candidates[drawn].tolist())
    candidates = _some(candidates, most_read, count, asked.seed)
    labelled = project.labels.labelled()[0]
    rows = rows_of(np.concatenate([labelled, candidates]))
    points = centred_features(frozen_features(project, method), rows, asked)
    places = k_center_greedy(points, torch.arange(len(labelled)), count) - len(labelled)
    return project.rounds.add("coreset", asked.seed, candidates[places.numpy()].tolist())


def train_round(project: Project, method: Method, run: Run = Run()) -> TrainingRun:
    """Like `learn`, but return only the run."""
    return learn(project, method, run).run


def learn(project: Project, method: Method, run: Run = Run(), deeper: bool = True) -> Trained:
    """Train a new model on the current labels, evaluate it, and keep its checkpoint.

    A stopped training leaves a checkpoint too, once an epoch is over. A failed one is recorded as
    failed. If memory runs out, another run follows with half the batch size, as its recipe shows.

    Args:
        deeper: whether the stages of a pretrained encoder may be trained; otherwise only a head is
            fitted, to the features available, so that nobody waits until all images are read.

    Raises:
        LabellerError: too little is labelled, or training failed.
    """
    while True:
        size = method.recipe.batch_size
        try:
            return _learn_once(project, method, run, deeper)
        except (MemoryError, RuntimeError) as error:
            if not out_of_memory(error) or this_team().size > 1:
                raise
        # Outside the handler, so that the error no longer holds references to tensors.
        if size // 2 < SMALLEST_BATCH:
            raise LabellerError(
                "There is not enough memory to train, even with batches of {size}. Close "
                "other programs, or choose a smaller encoder.",
                size=size,
            )
        free_memory()
        run.report(Progress("Not enough memory: continuing with smaller batches", 0, 1))
        method = replace(method, recipe=replace(method.recipe, batch_size=size // 2))


def _learn_once(project: Project, method: Method, run: Run, deeper: bool) -> Trained:
    started = time.perf_counter()
    require_encoder(method.learner, method.encoder)
    learner, companions = method.make_learner(), method.companions()
    if not deeper and isinstance(learner, FineTuning):
        learner = learner.head_only()
    if not deeper and isinstance(learner, LinearProbe):
        learner.reads_on = False
    data = training_set(project)
    seed = method.seed
    if seed is None:
        seed = derived_seed(project.seed, len(project.runs.all()) + 1)
    pool = pool_of(project, method.device)
    device = pool.device
    before = project.runs.newest_usable() if learner.wants_previous else None
    previous = None if before is None else model_of(project, before, device.type)
    names = {c.id: c.name for c in project.classes.all(archived=True)}
    taught = [data.class_ids[place] for place in data.labels.unique().tolist()]
    run_id = project.runs.start(
        method.recipe.as_dict(), method.encoder, device.type, seed, len(data.labelled),
        {class_id: names[class_id] for class_id in taught},
    )  # fmt: skip

    epochs = 0

    def listen(progress: Progress) -> None:
        nonlocal epochs
        if progress.metrics is not None:
            epochs += 1
            project.runs.add_epoch(run_id, progress.metrics)
        run.report(progress)

    try:
        model = learner.fit(data, pool, Run(seed, listen, run.should_stop), companions, previous)
        model.class_ids = data.class_ids
        if not deeper and isinstance(model, FeatureModel):
            data = _as_far_as_read(data, model)
        elif isinstance(model, FineTunedModel):
            data = _as_far_as_mapped(data, model)
        if isinstance(model, FeatureModel) and model.compared is not None:
            project.runs.compare(run_id, model.compared.fine_tuned, model.compared.linear)
        stopped, accuracy, per_class, judged = model.stopped, None, None, None
        right: tuple[bool, ...] = ()
        path = None
        if epochs or not stopped:  # without a finished epoch there is no model
            path = project.checkpoint(run_id)
            info = CheckpointInfo(
                method.encoder, pool.side, [names[i] for i in data.class_ids], method.recipe,
                model.statistics, method.learner, list(data.class_ids),
            )  # fmt: skip
            save_model(path, model, info)
        if len(data.test) and not stopped:
            try:
                measured = model.accuracy(data.test, data.test_labels, run.seeded(seed))
            except Cancelled:
                stopped = True
            else:
                accuracy, right = measured.accuracy, measured.right
                per_class = {
                    data.class_ids[place]: each.share for place, each in measured.per_class.items()
                }
        if path is not None and not stopped:
            try:
                judged = estimate(project, model, data, run.seeded(seed))
            except Cancelled:
                stopped = True
        if deeper and isinstance(model, FineTunedModel) and not stopped:
            try:  # now, so that nobody has to wait for features later
                model.features(data.unlabelled, run.seeded(seed))
            except Cancelled:
                stopped = True
    except BaseException as error:
        state = "stopped" if isinstance(error, Cancelled) else "failed"
        project.runs.end(run_id, state, time.perf_counter() - started, message=str(error))
        raise
    if deeper and isinstance(model, FineTunedModel):
        model.frozen.base.keep_only(model.frozen.encoder)
    project.runs.end(
        run_id,
        "stopped" if stopped else "finished",
        time.perf_counter() - started,
        None if path is None else path.relative_to(project.folder).as_posix(),
        accuracy,
        per_class,
        estimate=judged,
    )
    return Trained(project.runs.get(run_id), None if path is None else model, right)


def deepen(project: Project, method: Method, run: Run = Run()) -> TrainingRun:
    """Train the stages of the pretrained encoder in the background, with low priority, while a
    person keeps labelling; if that improves the model, it suggests classes for the newest batch.

    Raises:
        LabellerError, Cancelled: as `learn`.
    """
    yield_to_others()
    trained = learn(project, method, run)
    if trained.run.is_fine_tuned and trained.model is not None:
        asked = run.seeded(trained.run.seed)
        newest = project.rounds.newest()
        ids = () if newest is None else newest.image_ids
        suggest(project, trained.run, trained.model, rows_of(np.array(ids, dtype=np.int64)), asked)
    return trained.run


def select(
    project: Project,
    count: int,
    method: Method | None = None,
    run: Run = Run(),
    subset: int | None = None,
    keep_suggestions: bool = False,
    model: TrainedModel | None = None,
    reads_on: bool = True,
) -> Round:
    """Choose the next batch with the newest model; a project's first batch comes from `begin`.

    Args:
        method: its strategy chooses; a model that has to be loaded is put on its device.
        subset: number of random images to choose among; None takes the whole pool, but at most
            `MOST_CANDIDATES` images.
        keep_suggestions: also store the model's suggestions (labeller/loop/predicting.py).
        model: the newest training's model, if at hand; otherwise its checkpoint is loaded.
        reads_on: whether to read images whose features have not been read yet; otherwise the choice
            is among the others, if there are enough.

    Raises:
        LabellerError: there is no model yet, or fewer than `count` images are left.
    """
    method = method or Method()
    strategy = method.make_strategy()
    if project.rounds.newest() is None and not project.labels.counts()[0]:
        return begin(project, count, method, run)
    candidates = project.images.candidates()
    _require_candidates(count, len(candidates))
    newest = project.runs.newest_usable()
    if newest is None and strategy.needs_model:
        raise LabellerError(
            "There is no trained model yet, and '{strategy}' needs one. Train first, "
            "or choose the strategy 'random'.",
            strategy=method.strategy,
        )
    asked = run.seeded(derived_seed(project.seed, project.rounds.count(), "selection"))
    if newest is not None and model is None and (strategy.needs_model or keep_suggestions):
        model = model_of(project, newest, method.device)
    if not reads_on and isinstance(model, FeatureModel):
        candidates = _read_ones(candidates, model, count, asked.seed)
    candidates = _some(candidates, subset or MOST_CANDIDATES, count, asked.seed)
    rows = rows_of(candidates)
    class_ids = offered(project) if model is None else model.class_ids
    labelled = labelled_rows(project, class_ids)
    query = Query(*labelled, rows, count, model, asked, pool=rows)
    with torch.no_grad():
        found, scores = chosen_by(method.strategy, strategy, query)
        places = found.numpy()
        reasons = _reasons(strategy, query, found, scores)
    run.report(Progress("Selecting", 1, 1))
    before = project.rounds.newest()
    chosen = project.rounds.add(
        method.strategy,
        asked.seed,
        [int(i) for i in candidates[places]],
        newest.id if newest else None,
    )
    project.rounds.explain(chosen.id, reasons)
    if keep_suggestions and newest is not None and model is not None:
        # The person may still be working on the previous batch.
        ids = [*chosen.image_ids, *(before.image_ids if before else ())]
        suggest(project, newest, model, rows_of(np.unique(np.array(ids, dtype=np.int64))), asked)
        said = project.suggestions.of(chosen.image_ids)
        project.prior_predictions.keep_for_round(
            chosen.id, {i: one.class_id for i, one in said.items()}
        )
    return chosen


def _reasons(
    strategy: Strategy, query: Query, places: torch.Tensor, scores: torch.Tensor | None
) -> dict[int, Reason]:
    """Why each image was chosen, by its id."""
    rows, near = query.candidates[places], None
    if query.model is not None and strategy.needs_model and len(query.labelled):
        _, found = nearest(query.features(rows), query.features(query.labelled))
        near = query.labelled[found]
    return {
        int(row) + 1: Reason(
            None if scores is None or not torch.isfinite(scores[at]) else float(scores[at]),
            None if near is None else int(near[at]) + 1,
        )
        for at, row in enumerate(rows)
    }


def label_by_oracle(project: Project, round_: Round) -> list[int]:
    """Let the oracle label the open images of a batch, as one action; returns their ids.

    Raises:
        LabellerError: the project has no hidden labels.
    """
    if not project.oracle.knows_pool():
        raise LabellerError(
            "This project has no hidden labels for an oracle. Create one that has some.",
            settings=["truth"],
        )
    done = project.labels.current(round_.image_ids)
    answers = project.oracle.reveal([i for i in round_.image_ids if i not in done])
    if answers:
        project.labels.assign(answers, annotator="oracle", origin="oracle", round_id=round_.id)
    return list(answers)


def _some(candidates: np.ndarray, most: int | None, count: int, seed: int) -> np.ndarray:
    """At most `most` of the candidates at random, ascending, but never fewer than `count`; None
    keeps all."""
    if most is None or most >= len(candidates):
        return candidates
    drawn = choose_at_random(len(candidates), max(most, count), seed).numpy()
    return np.sort(candidates[drawn])


FEWEST_READ = 10
"""Number of images with known features, for each image of a batch, that suffice to choose among."""


def _read_ones(candidates: np.ndarray, model: FeatureModel, count: int, seed: int) -> np.ndarray:
    """The candidates whose features are known, plus some that have to be read if these are too
    few."""
    known = np.isin(candidates, model.known_rows().numpy() + 1)
    fewest = FEWEST_READ * count
    if known.sum() >= fewest:
        return candidates[known]
    rest = candidates[~known]
    more = choose_at_random(len(rest), min(len(rest), fewest - int(known.sum())), seed).numpy()
    return np.sort(np.concatenate([candidates[known], rest[more]]))


def _as_far_as_read(data: TrainingSet, model: FeatureModel) -> TrainingSet:
    """The data without images whose features would have to be read; held-out images are measured
    all together or not at all."""
    known = model.known_rows()
    unlabelled = data.unlabelled[torch.isin(data.unlabelled, known)]
    if bool(torch.isin(data.test, known).all()):
        return replace(data, unlabelled=unlabelled)
    return replace(
        data, unlabelled=unlabelled, test=data.test[:0], test_labels=data.test_labels[:0]
    )


def _as_far_as_mapped(data: TrainingSet, model: FineTunedModel) -> TrainingSet:
    """The data without unlabelled images whose feature maps are not stored, if there is no room for
    all: reading such a pool again after each training would take longer than the training."""
    base, rows = model.frozen.base, data.unlabelled
    return data if base.keeps_all_maps else replace(data, unlabelled=rows[base.maps.known(rows)])


def _require_candidates(count: int, available: int) -> None:
    if count < 1:
        raise LabellerError("A batch needs at least one image.")
    if count > available:
        if not available:
            raise LabellerError("There are no images left to choose from: the pool is labelled.")
        raise LabellerError(
            "{count} images were asked for, but only {available} are left to choose from.",
            count=count,
            available=available,
        )


def derived_seed(seed: int, number: int, purpose: str = "training") -> int:
    """A different seed for each round and purpose, so that no two of them draw the same numbers.

    Args:
        purpose: any word; "training" adds nothing, which gives the seeds of earlier versions.
    """
    entropy = [seed, number]
    if purpose != "training":
        entropy += purpose.encode()
    return int(np.random.SeedSequence(entropy).generate_state(1)[0])
