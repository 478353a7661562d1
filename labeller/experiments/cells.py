"""Many simulations at once. Each cell is one method with one seed and has its own file of results,
so that interrupted cells are resumed and finished ones not repeated. Methods that differ in their
strategy alone share the first cycle. joblib distributes the cells to processes of this machine or
to a cluster."""

import hashlib
import json
import os
import shutil
import signal
import threading
import traceback
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import joblib
from filelock import FileLock

from labeller.core.chosen_encoders import choose
from labeller.core.errors import Cancelled, LabellerError, Word
from labeller.core.files import write_text
from labeller.core.run import Progress, Run
from labeller.experiments.clusters import Workers, cluster
from labeller.experiments.origin import SAME, Origin, foreign, origin_of
from labeller.experiments.plan import Plan, as_now
from labeller.experiments.results import Outcome, read_results, unfinished, write_results
from labeller.project.creation import open_beside
from labeller.project.project import Project

DONE, STOPPED, FAILED = "done", "stopped", "failed"
NO_PROTOCOL = Word("none")
FIRST_CYCLES = ".first"
"""Folder for first cycles that several methods begin with."""
LOOK_EVERY = 0.2
"""Seconds between checks for Ctrl+C."""


@dataclass(frozen=True)
class Cell:
    """One method with one seed: `plan` has a single seed, `name` is the method's, and `protocol`
    what results carry of it (`Protocol.describe`)."""

    name: str
    plan: Plan
    protocol: str | None = None

    @property
    def seed(self) -> int:
        return self.plan.seeds[0]

    def file(self, folder: Path) -> Path:
        """The file of its results, whether it exists or not."""
        return folder / f"{self.name.replace('/', '.')}.seed-{self.seed}.json"


@dataclass(frozen=True)
class Ended:
    """How a cell ended: `DONE`, `STOPPED`, or `FAILED` and why."""

    cell: Cell
    state: str
    why: str = ""


def cells_of(plans: Mapping[str, Plan], protocol: str | None = None) -> list[Cell]:
    """A cell for each seed of each plan, seed by seed, so that all methods advance together."""
    cells = [
        Cell(name, replace(plan, seeds=(seed,)), protocol)
        for name, plan in plans.items()
        for seed in plan.seeds
    ]
    return sorted(cells, key=lambda cell: cell.seed)


def run_cells(
    project: Path, cells: Sequence[Cell], folder: Path, workers: Workers, run: Run = Run()
) -> list[Ended]:
    """Run the cells that are not done, in any order; one that fails does not affect the others.

    Args:
        project: each cell works on a copy of it; all workers must see it under this path.
        folder: for the results, a file for each cell.

    Raises:
        LabellerError: a file there belongs to another plan, or a backend is missing.
        Cancelled: `run.should_stop` said so; progress is kept, and resumed next time.
    """
    project, folder = (
        project.resolve(),
        folder.resolve(),
    )  # workers may have another working directory
    waiting = [cell for cell in cells if not is_done(cell, folder)]
    done = len(cells) - len(waiting)
    run.report(Progress("Comparing", done, len(cells)))
    if not waiting:
        return []
    if workers.jobs == 1 and workers.backend == "loky":
        with _threads(workers.threads):
            return _one_after_the_other(project, waiting, folder, done, run)
    stop, ended = folder / f".stop-{uuid.uuid4().hex}", []
    with cluster(workers), _stopping(stop, run):
        tasks = (
            joblib.delayed(run_cell)(project, cell, folder, workers.threads, stop, os.getpid())
            for cell in waiting
        )
        as_they_end = workers.backend != "ray"  # which returns all results at the end
        parallel = joblib.Parallel(
            n_jobs=workers.jobs, return_as="generator_unordered" if as_they_end else "list"
        )
        for each in parallel(tasks):
            ended.append(each)
            run.report(Progress("Comparing", done + len(ended), len(cells)))
    if run.should_stop():
        raise Cancelled("The comparison was stopped.")
    return ended


def is_done(cell: Cell, folder: Path) -> bool:
    """Whether a cell's results are complete. Those of the same plan outside a protocol become the
    protocol's.

    Raises:
        LabellerError: its file belongs to another plan or protocol.
    """
    file = cell.file(folder)
    if not file.exists():
        return False
    (outcome,) = read_results([file]).values()
    plan = outcome.plan
    with suppress(KeyError, TypeError, LabellerError):
        plan = as_now(dict(plan or {}))
    if plan != cell.plan.as_dict():
        raise LabellerError(
            "{file} holds results with other settings. Choose another folder, or remove the file.",
            file=file,
        )
    if cell.protocol is not None and outcome.protocol is None:
        write_results(replace(outcome, protocol=cell.protocol), file)
    elif outcome.protocol != cell.protocol:
        raise LabellerError(
            "{file} holds results of the protocol {theirs}, not {ours}. Choose another folder.",
            file=file,
            theirs=outcome.protocol,
            ours=cell.protocol or NO_PROTOCOL,
        )
    return len(outcome.runs[0].cycles) == cell.plan.cycles and not unfinished(file).exists()


def gathered(cells: Sequence[Cell], folder: Path) -> dict[str, Outcome]:
    """The results so far of each method, over its seeds."""
    outcomes: dict[str, Outcome] = {}
    for cell, found in _found(cells, folder):
        empty = Outcome([], found.plan, found.of, found.protocol)
        ours = outcomes.setdefault(cell.name, empty)
        ours.runs.extend(found.runs)
    return outcomes


def _found(cells: Sequence[Cell], folder: Path) -> Iterator[tuple[Cell, Outcome]]:
    """The cells that have results, with these."""
    for cell in cells:
        if cell.file(folder).exists():
            (found,) = read_results([cell.file(folder)]).values()
            yield cell, found


def require_ours(project: Project, cells: Sequence[Cell], folder: Path) -> int | None:
    """See that all results in the folder are of this project.

    Returns:
        The number of torch's threads with which they were computed, which the others need too;
        None where it is not known.

    Raises:
        LabellerError: some are of other images, labels, held-out images, or weights, or of several
            numbers of threads.
    """
    origins: dict[str, Origin] = {}
    paths: set[str] = set()
    threads: int | None = None
    for cell, found in _found(cells, folder):
        if found.of is None:  # by an earlier version: at least the images' names have to be known
            paths = paths or {image.path for image, _ in project.images.each_file()}
            if not paths.issuperset(map(str, found.runs[0].cycles[-1].selected)):
                raise foreign(cell.file(folder), SAME["images"])
            continue
        method = cell.plan.method
        if method.encoder not in origins:
            origins[method.encoder] = origin_of(project, method)
        ours = origins[method.encoder]
        if threads is None:
            known = found.of.get("threads")
            threads = known if type(known) is int and known > 0 else ours.threads
        replace(ours, threads=threads).require_same(found.of, cell.file(folder))
    return threads


def run_cell(
    project: Path,
    cell: Cell,
    folder: Path,
    threads: int | None = None,
    stop: Path | None = None,
    asked_by: int | None = None,
) -> Ended:
    """Run one cell, in any process that sees the folders. If another process is running it, wait
    for that one instead.

    Args:
        threads: for torch.
        stop: a file; as soon as it exists, the cell stops cleanly.
        asked_by: id of the process that waits for it.
    """
    choose(cell.plan.method.encoder)  # whoever runs the comparison has, perhaps on another machine
    is_worker = asked_by not in (None, os.getpid())
    if is_worker and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the process that waits for us
    run = Run() if stop is None else Run(should_stop=stop.exists)
    with _threads(threads):
        return _run(project, cell, folder, run)


def _run(project: Path, cell: Cell, folder: Path, run: Run) -> Ended:
    from labeller.experiments.simulation import simulate  # as torch

    file = cell.file(folder)
    with locked(folder, file.stem):
        try:
            if not is_done(cell, folder):
                with open_beside(project) as opened:
                    begun = _first_cycle(opened, cell.plan, folder, run)
                    simulate(opened, cell.plan, run, unfinished(file), _writer(cell, file), begun)
        except Cancelled:
            return Ended(cell, STOPPED)
        except LabellerError as error:
            return Ended(cell, FAILED, str(error))
        except Exception as error:
            write_text(file.with_suffix(".error.txt"), traceback.format_exc())
            return Ended(cell, FAILED, f"{type(error).__name__}: {error}")
    return Ended(cell, DONE)


def _first_cycle(project: Project, plan: Plan, folder: Path, run: Run) -> Path | None:
    """The folder of the first cycle that this plan shares with others, run by whoever comes first;
    None if it shares none."""
    from labeller.experiments.simulation import first_cycle, simulate

    first = first_cycle(plan)
    if first is None:
        return None
    name = hashlib.sha256(json.dumps(first.as_dict(), sort_keys=True).encode()).hexdigest()[:16]
    kept = folder / FIRST_CYCLES / f"{name}.seed-{plan.seeds[0]}"
    kept.parent.mkdir(exist_ok=True)
    with locked(folder, f"first-{kept.name}"):
        simulate(project, first, run, kept, keep=True)
    return kept


def forget_first_cycles(cells: Sequence[Cell], folder: Path) -> None:
    """Remove what is kept for cells to begin with, once all of them are done."""
    if all(is_done(cell, folder) for cell in cells):
        shutil.rmtree(folder / FIRST_CYCLES, ignore_errors=True)


@contextmanager
def locked(folder: Path, name: str) -> Iterator[None]:
    """A block for one process at a time, of all that see the folder."""
    locks = folder / ".locks"
    locks.mkdir(exist_ok=True)
    with FileLock(locks / f"{name}.lock"):
        yield


def _writer(cell: Cell, file: Path) -> Callable[[Outcome], None]:
    def write(outcome: Outcome) -> None:
        write_results(replace(outcome, protocol=cell.protocol), file)

    return write


def _one_after_the_other(
    project: Path, cells: Sequence[Cell], folder: Path, done: int, run: Run
) -> list[Ended]:
    """Run the cells in this process, with detailed progress."""
    ended = []
    for cell in cells:
        each = _run(project, cell, folder, run)
        if each.state == STOPPED:
            raise Cancelled("The comparison was stopped.")
        ended.append(each)
        run.report(Progress("Comparing", done + len(ended), done + len(cells)))
    return ended


@contextmanager
def _threads(count: int | None) -> Iterator[None]:
    """A block in which torch uses this number of threads; None keeps it."""
    if count is None:
        yield
        return
    import torch  # it takes seconds to load

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def _stopping(stop: Path, run: Run) -> Iterator[None]:
    """Tell the workers to stop, by a file."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(LOOK_EVERY):
            if run.should_stop():
                stop.touch()
                return

    watcher = threading.Thread(target=look, name="stopping", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
        stop.unlink(missing_ok=True)
