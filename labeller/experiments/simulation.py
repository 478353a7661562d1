"""Simulations, in which the oracle labels instead of a person, over several seeds.

Each run works on a copy of the project's state without labels, and goes through the same loop
(labeller/loop/rounds.py) that the window drives. A copy that is kept in a folder can be resumed
after an interruption.
"""

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from labeller.core.errors import Cancelled, LabellerError, NewerFormat
from labeller.core.files import read_regular, write_text
from labeller.core.run import Cycle, Progress, Run, measured
from labeller.experiments.changed_pool import change_pool
from labeller.experiments.origin import Origin, origin_of
from labeller.experiments.plan import Plan, as_now
from labeller.experiments.results import CycleResult, Outcome, SeedResult, packed
from labeller.learning.frozen_features import FrozenFeatures
from labeller.learning.learners import WHOLE, trains_network
from labeller.learning.model import TrainedModel
from labeller.loop import rounds
from labeller.loop.predicting import model_of
from labeller.loop.training_data import pool_of, rows_of, training_set
from labeller.project.project import Project

LARGEST_PLAN = 1 << 20


def simulate(
    project: Project,
    plan: Plan,
    run: Run = Run(),
    kept_in: Path | None = None,
    on_cycle: Callable[[Outcome], None] = lambda outcome: None,
    begun: Path | None = None,
    keep: bool = False,
) -> Outcome:
    """Run the plan once for each seed.

    Args:
        kept_in: a folder for the copies, from which the same plan resumes. It is removed at the
            end.
        on_cycle: called after every cycle with the results so far.
        begun: `kept_in` of a simulation of `first_cycle(plan)` to begin with.
        keep: whether to leave `kept_in`, to begin others with.

    Raises:
        LabellerError: there is no oracle, the plan needs more images than there are, or
            `kept_in` belongs to another plan or origin.
        Cancelled: `run.should_stop` said so.
    """
    require_possible(project, plan)
    origin = origin_of(project, plan.method)
    if kept_in is not None:
        _claim(kept_in, plan, project, origin)
    outcome = Outcome([], plan.as_dict(), origin.as_dict())
    try:
        for seed in plan.seeds:
            method = plan.method
            result = SeedResult(seed, method.strategy, method.encoder, method.recipe.name, [])
            outcome.runs.append(result)
            copy = None if kept_in is None else kept_in / f"seed-{seed}"
            if copy is not None and begun is not None and not copy.exists():
                _copy_folder(begun / copy.name, copy)
            for cycles in _run(project, plan, seed, copy, run):
                result.cycles[:] = cycles
                on_cycle(outcome)
    except BaseException:
        if kept_in is not None and not any(kept_in.glob("seed-*")):
            shutil.rmtree(kept_in)  # there is nothing to resume
        raise
    if kept_in is not None and not keep:
        shutil.rmtree(kept_in)
    return outcome


def first_cycle(plan: Plan) -> Plan | None:
    """The plan of the first cycle, which is the same for all strategies; None where it is not, or
    where there is no other cycle."""
    if plan.cycles == 1 or not plan.first or plan.method.companions():
        return None
    return replace(plan, cycles=1, budget=1, method=replace(plan.method, strategy="random"))


def _copy_folder(source: Path, target: Path) -> None:
    """Copy a folder; the copy appears only once it is complete."""
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as name:
        shutil.copytree(source, Path(name) / "copy").rename(target)


def require_possible(project: Project, plan: Plan) -> None:
    """Raises LabellerError if the plan is invalid or there is no oracle."""
    plan.check()
    if not project.oracle.knows_pool():
        raise LabellerError(
            "A simulation needs hidden labels. Create a project that has some.", settings=["truth"]
        )


def _claim(folder: Path, plan: Plan, project: Project, origin: Origin) -> None:
    """Claim a folder for this plan, or check that it holds the same plan, interrupted."""
    description = {"plan": plan.as_dict(), "project": str(project.folder)}
    note = folder / "plan.json"
    try:
        found = _read_plan(note)
        begun_with = found.pop("of", None)  # earlier versions did not write it
        ours = found == description
        if ours and begun_with is not None:
            origin.require_same(begun_with, folder)
    except FileNotFoundError:
        ours = not folder.is_symlink() and (
            not folder.exists() or all(p.name.startswith(".") for p in folder.iterdir())
        )
        if ours:
            folder.mkdir(exist_ok=True)
            write_text(note, json.dumps({**description, "of": origin.as_dict()}))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, NewerFormat):
        ours = False
    if not ours:
        raise LabellerError(
            "{folder} holds an interrupted simulation with other settings. Resume "
            "that one, or remove the folder.",
            folder=folder,
        )


def _read_plan(note: Path) -> dict[str, Any]:
    """Read a plan. Raises one of several errors if no version could have written it."""
    description = json.loads(read_regular(note, LARGEST_PLAN))
    return {**description, "plan": as_now(description["plan"])}


def _run(
    project: Project, plan: Plan, seed: int, folder: Path | None, run: Run
) -> Iterator[list[CycleResult]]:
    """Run one seed; yields the cycles so far after each of them."""
    with _copy(project, plan, seed, folder) as copy:
        cycles = [CycleResult.from_dict(each) for each in copy.settings.get("cycles", [])]
        if cycles:
            yield cycles
        model: TrainedModel | None = None
        for cycle in range(len(cycles), plan.cycles):
            if run.should_stop():  # a linear probe is too quick to ask
                raise Cancelled("The simulation was stopped.")

            def tell(progress: Progress, cycle: int = cycle) -> None:
                run.report(replace(progress, cycle=Cycle(seed, cycle + 1, plan.cycles)))

            told = replace(run, report=tell)
            if cycle and model is None:
                model = _loaded(copy, plan, cycle, told)
            started = time.perf_counter()
            with measured() as cost:
                batch, is_new = _batch(copy, plan, cycle, model, told)
            rounds.label_by_oracle(copy, batch)
            trained = _train(copy, plan, seed, cycle, told)
            model = trained.model
            known = set(copy.labels.labelled()[0].tolist())
            labelled = [i for each in copy.rounds.all() for i in each.image_ids if i in known]
            cycles.append(
                CycleResult(
                    len(labelled),
                    [image.path for image in copy.images.get(labelled)],
                    trained.run.test_accuracy,
                    copy.classes.named(trained.run.per_class) if trained.run.per_class else None,
                    round(time.perf_counter() - started, 3),
                    round(cost.seconds, 3) if is_new else None,
                    cost.bytes if is_new else None,
                    _over_the_pool(copy, trained, told) if plan.measures_pool else None,
                    packed(trained.right) if trained.right else None,
                )
            )
            copy.settings.set("cycles", [asdict(each) for each in cycles])
            yield cycles


def _loaded(copy: Project, plan: Plan, cycle: int, run: Run) -> TrainedModel | None:
    """The model for a selection, which was trained before an interruption or for several methods;
    with features read as after its training, which is not a cost of the selection. None if the
    batch has been chosen, or needs no model."""
    newest, trained = copy.rounds.newest(), copy.runs.newest_usable()
    chosen = newest is not None and newest.number >= cycle
    if chosen or trained is None or not plan.method.make_strategy().needs_model:
        return None
    model = model_of(copy, trained, plan.method.device)
    if not model.is_network:
        model.features(rows_of(copy.images.candidates()), run)
    return model


def _copy(
    project: Project, plan: Plan, seed: int, folder: Path | None
) -> AbstractContextManager[Project]:
    """The copy that a seed works on: the one left in `folder`, or a new one."""

    def prepare(copy: Project) -> None:
        copy.settings.set("seed", seed)
        copy.settings.set("cycles", [])
        change_pool(copy, plan, seed)
        plan.check_size(len(copy.images.candidates()))

    return project.scratch(prepare, folder)


def _batch(
    copy: Project, plan: Plan, cycle: int, model: TrainedModel | None, run: Run
) -> tuple[rounds.Round, bool]:
    """The batch of a cycle, and whether it was chosen now instead of before an interruption."""
    newest = copy.rounds.newest()
    if newest is not None and newest.number == cycle:
        return newest, False
    if cycle == 0:
        count = plan.initial or len(copy.images.candidates())
        first = rounds.begin(copy, count, plan.method, run, first=plan.first)
        return first, False
    chosen = rounds.select(copy, plan.budget, plan.method, run, plan.subset, model=model)
    return chosen, True


def _train(copy: Project, plan: Plan, seed: int, cycle: int, run: Run) -> rounds.Trained:
    """The training of a cycle; one that ended before an interruption is reused."""
    finished = [each for each in copy.runs.all() if each.state == "finished"]
    if len(finished) > cycle:
        ended, data = finished[cycle], training_set(copy)
        right: tuple[bool, ...] = ()
        if len(data.test):
            model = model_of(copy, ended)
            right = model.accuracy(data.test, data.test_labels, run.seeded(ended.seed)).right
        return rounds.Trained(ended, None, right)
    method = replace(plan.method, seed=rounds.derived_seed(seed, cycle + 1))
    trained = rounds.learn(copy, method, run)
    if trained.run.state == "stopped":
        copy.runs.discard(trained.run.id)  # so that the next attempt starts as this one did
        raise Cancelled("The simulation was stopped.")
    return trained


def _over_the_pool(copy: Project, trained: rounds.Trained, run: Run) -> dict[str, float]:
    """The accuracy of each class over the whole pool, as section 4.2 of the paper measures the
    distribution shift; hidden labels are used for this figure only."""
    model = trained.model or model_of(copy, trained.run)
    places = {class_id: place for place, class_id in enumerate(model.class_ids)}
    everything = np.concatenate([copy.labels.labelled()[0], copy.images.candidates()])
    truth = copy.oracle.reveal(everything.tolist())
    ids = np.array(sorted(i for i, label in truth.items() if label in places), dtype=np.int64)
    labels = torch.tensor([places[truth[i]] for i in ids.tolist()])
    found = model.accuracy(rows_of(ids), labels, run.seeded(0))
    return copy.classes.named(
        {model.class_ids[place]: each.share for place, each in found.per_class.items()}
    )


def read_features(project: Project, plans: Iterable[Plan], run: Run) -> None:
    """Read all images' features under the frozen encoders of these plans in advance, so that
    simulations do not read or write them concurrently.

    Raises:
        Cancelled: `run.should_stop` said so; what was read is kept.
    """
    wanted = {
        (plan.method.encoder, plan.method.device, plan.method.learner)
        for plan in plans
        if not trains_network(plan.method.encoder)
    }
    ids = np.concatenate([project.images.candidates(), project.oracle.test_set()[0]])
    for encoder, device, learner in sorted(wanted):
        features = FrozenFeatures(encoder, pool_of(project, device), learner == WHOLE)
        features.read(rows_of(np.unique(ids)), run.seeded(0))
