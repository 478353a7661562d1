"""Running the tasks of a comparison, and joining results from several machines."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from labeller.core.errors import Cancelled, LabellerError
from labeller.core.files import write_text
from labeller.core.run import Run
from labeller.experiments.cell_runs import forget_first_cycles, run_cells
from labeller.experiments.cells import (
    FAILED,
    Cell,
    Ended,
    cells_of,
    gathered,
    is_done,
    locked,
    require_ours,
    results_of,
)
from labeller.experiments.clusters import Workers
from labeller.experiments.origin import SAME, foreign
from labeller.experiments.plan import Plan
from labeller.experiments.protocol import Protocol, Source, Task
from labeller.experiments.protocol_file import read_protocol
from labeller.experiments.report import Comparison
from labeller.experiments.results import Outcome, read_results
from labeller.experiments.simulation import read_features, require_possible
from labeller.learning.device import choose_device
from labeller.pool.known_sets import SET
from labeller.project.creation import create, interrupted_request, open_beside, resume
from labeller.project.planning import Request
from labeller.project.project import DATABASE, Project

PROTOCOL = "protocol.toml"
"""The copy of the protocol beside its results."""
SETS = "sets"
"""Default folder for the projects of a protocol's sets."""


def run_task(
    project: Path, cells: Sequence[Cell], mine: Sequence[Cell], output: Path, workers: Workers,
    run: Run,
) -> list[Ended]:  # fmt: skip
    """Run some of the cells of a task.

    Args:
        cells, mine: all of them, and those to run here.
        output: for their results.

    Raises:
        LabellerError: the project has no oracle, or the folder holds other results.
        Cancelled: `run.should_stop` said so; progress is kept.
    """
    with open_beside(project) as found:
        _require_fitting(found, [cell.plan for cell in cells])
        threads = require_ours(found, cells, output)
        with locked(output, "features"):
            read_features(found, [cell.plan for cell in cells], run)
    if cells[0].protocol is not None and threads not in (None, workers.threads):
        raise foreign(output, SAME["threads"])
    workers = replace(workers, threads=threads or workers.threads)
    ended = run_cells(project, mine, output, workers, run)
    forget_first_cycles(cells, output)
    return ended


def run_protocol(
    protocol: Protocol, output: Path, data: Path | None, workers: Workers,
    part: tuple[int, int] | None, run: Run,
) -> list[tuple[str, Ended]]:  # fmt: skip
    """Run all simulations of a protocol, or one part of each task's; existing ones are kept.

    Args:
        output: a folder for each task's results, and a copy of the protocol.
        data: folder for the projects of its sets, which several outputs may share.

    Returns:
        The simulations that failed, with their tasks.

    Raises:
        LabellerError: `output` holds results of another protocol, or a set could not be loaded.
        Cancelled: as `run_task`.
    """
    require_part(part)
    cells = {task.name: cells_of(task.plans, protocol.describe()) for task in protocol.tasks}
    output.mkdir(parents=True, exist_ok=True)
    with locked(output, "protocol"):
        _require_free(protocol, output)
        projects = {}
        for name, source in protocol.sources.items():
            try:
                projects[name] = _project_of(source, (data or output / SETS) / name, run)
                with open_beside(projects[name]) as found:
                    for task in (task for task in protocol.tasks if task.set == name):
                        _require_fitting(found, task.plans.values())
            except LabellerError as error:
                if isinstance(error, Cancelled):
                    raise
                raise LabellerError("The set '{name}': {error}", name=name, error=error) from error
        for task in protocol.tasks:
            for cell in cells[task.name]:
                is_done(cell, output / task.folder)  # raises if its results are another's
        write_text(output / PROTOCOL, protocol.text)
    failed = []
    for task in protocol.tasks:
        folder = output / task.folder
        folder.mkdir(exist_ok=True)
        all_cells = cells[task.name]
        mine, with_threads = part_of(all_cells, part), replace(workers, threads=protocol.threads)
        ended = run_task(projects[task.set], all_cells, mine, folder, with_threads, run)
        failed += [(task.name, each) for each in ended if each.state == FAILED]
    return failed


def _require_free(protocol: Protocol, output: Path) -> None:
    """Raises LabellerError if a folder holds results of another protocol."""
    copy = output / PROTOCOL
    if copy.exists() and any(output.glob("*/*.seed-*.json")):
        require_same_protocol(read_protocol(copy), copy, protocol)


def _require_fitting(project: Project, plans: Iterable[Plan]) -> None:
    """Raises LabellerError if plans cannot be carried out on a project."""
    available = project.images.pool_size()
    for plan in plans:
        require_possible(project, plan)
        choose_device(plan.method.device)
        pool = available if plan.pool is None else min(plan.pool, available)
        plan.check_size(pool)


def require_same_protocol(found: Protocol, where: Path, ours: Protocol) -> None:
    """Raises LabellerError if two protocols do not have one fingerprint."""
    if found.fingerprint != ours.fingerprint:
        raise LabellerError(
            "{where} is the protocol {theirs}, not {ours}. Choose another folder.",
            where=where,
            theirs=found.describe(),
            ours=ours.describe(),
        )


def require_part(part: tuple[int, int] | None) -> None:
    """Raises LabellerError unless it is a part such as the second of ten, or None."""
    if part is not None and not 1 <= part[0] <= part[1]:
        number, of = part
        raise LabellerError(
            "There are {of} parts; {number} is not one of them.",
            settings=["part"],
            of=of,
            number=number,
        )


def part_of(cells: Sequence[Cell], part: tuple[int, int] | None) -> Sequence[Cell]:
    """A part of the cells, such as the second of ten; all of them if None."""
    require_part(part)
    return cells if part is None else cells[part[0] - 1 :: part[1]]


def _project_of(source: Source, folder: Path, run: Run) -> Path:
    """The project of a set, created or finished if need be."""
    if source.project is not None:
        return source.project
    if (folder / DATABASE).exists():
        if interrupted_request(folder) is not None:
            resume(folder, run).close()
        with Project(folder, read_only=True) as project:
            made_of = project.settings.get("request", {}).get("images")
        if made_of != (source.known or str(source.images)):
            raise LabellerError(
                "{folder} was made of {images}. Remove it, or keep the projects elsewhere.",
                settings=["data"],
                folder=folder,
                images=made_of,
            )
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    test, root = (None if each is None else str(each) for each in (source.test, source.root))
    images = f"{SET}{source.known}" if source.images is None else str(source.images)
    truth = None if source.known else source.truth
    create(folder, Request(images, truth=truth, test=test, root=root), run).close()
    return folder


def comparison_of(
    protocol: Protocol,
    folder: Path,
    facts: Sequence[str] = (),
    failed: Sequence[tuple[str, Ended]] = (),
) -> Comparison:
    """The comparison of a protocol's results in a folder. Raises LabellerError if there are
    none."""
    tasks = {
        task.name: found
        for task in protocol.tasks
        if (found := gathered(cells_of(task.plans), folder / task.folder))
    }
    if not tasks:
        raise LabellerError("No simulation has finished a cycle.")
    known = [
        f"Protocol: {protocol.describe()} (name, version, fingerprint).",
        *(f"{task.name}: {_described(task, tasks[task.name])}" for task in protocol.tasks
          if task.name in tasks),
    ]  # fmt: skip
    return Comparison(
        protocol.title, tasks, [*known, *facts], protocol.baseline, protocol.reach, failed,
        protocol.published,
    )  # fmt: skip


def _described(task: Task, found: Mapping[str, Outcome]) -> str:
    plan = next(iter(task.plans.values()))
    seeds = ", ".join(map(str, plan.seeds))
    cycles = "1 cycle" if plan.cycles == 1 else f"{plan.cycles} cycles"
    done = sum(len(run.cycles) == plan.cycles for each in found.values() for run in each.runs)
    return (
        f"{plan.initial or 'all'} labels at first, then {plan.budget} more each time; {cycles}; "
        f"seeds {seeds}; {plan.method.encoder}; {done} of {len(task.plans) * len(plan.seeds)} "
        "simulations are done."
    )


def join(folders: Sequence[Path], output: Path) -> tuple[Protocol, list[str]]:
    """Copy the results of a protocol from several folders into one.

    Returns:
        The protocol, and notes on simulations that several folders have with other picks.

    Raises:
        LabellerError: one is no folder of a protocol's results, they are of several protocols, or
            of several images, labels or weights.
    """
    protocol, *others = [_protocol_in(folder) for folder in folders]
    for other, folder in zip(others, folders[1:], strict=True):
        require_same_protocol(other, folder, protocol)
    notes: list[str] = []
    output.mkdir(parents=True, exist_ok=True)
    for task in protocol.tasks:
        cells = cells_of(task.plans)
        _require_same_origin(task, cells, folders)
        (output / task.folder).mkdir(exist_ok=True)
        for cell in cells:
            notes += _copy_cell(cell, task, folders, output)
    write_text(output / PROTOCOL, protocol.text)
    return protocol, notes


def _require_same_origin(task: Task, cells: Sequence[Cell], folders: Sequence[Path]) -> None:
    """Raises LabellerError if results of a task in several folders do not belong together."""
    first: Mapping[str, Any] = {}
    weights: dict[str, Any] = {}
    for folder in folders:
        for cell, found in results_of(cells, folder / task.folder):
            of = found.of or {}
            first = first or of
            known = weights.setdefault(cell.plan.method.encoder, of.get("weights"))
            for part, what in SAME.items():
                if of.get(part) != (known if part == "weights" else first.get(part)):
                    raise foreign(cell.file(folder / task.folder), what)


def _protocol_in(folder: Path) -> Protocol:
    if not (folder / PROTOCOL).is_file():
        raise LabellerError("{folder} has no results of a protocol.", folder=folder)
    return read_protocol(folder / PROTOCOL)


def _copy_cell(cell: Cell, task: Task, folders: Sequence[Path], output: Path) -> list[str]:
    """Copy a cell's longest results; return a note if shorter ones differ from their beginning."""
    files = [file for each in folders if (file := cell.file(each / task.folder)).exists()]
    if not files:
        return []
    runs = {file: next(iter(read_results([file]).values())).runs[0] for file in files}
    longest = max(files, key=lambda file: len(runs[file].cycles))
    shutil.copyfile(longest, cell.file(output / task.folder))
    chosen = [cycle.selected for cycle in runs[longest].cycles]
    return [
        f"{task.name}, {cell.name}, seed {cell.seed}: {file} chose other images than {longest}, "
        "which is used"
        for file, run in runs.items()
        if [cycle.selected for cycle in run.cycles] != chosen[: len(run.cycles)]
    ]
