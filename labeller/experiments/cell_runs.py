"""Running the cells of a comparison. joblib distributes them to processes of this machine or to a
cluster; methods that differ in their strategy alone share the first cycle."""

import hashlib
import json
import os
import shutil
import signal
import threading
import traceback
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import joblib

from labeller.core.chosen_encoders import choose
from labeller.core.errors import Cancelled, LabellerError
from labeller.core.files import write_text
from labeller.core.run import Progress, Run
from labeller.experiments.cells import DONE, FAILED, STOPPED, Cell, Ended, is_done, locked
from labeller.experiments.clusters import Workers, cluster
from labeller.experiments.plan import Plan
from labeller.experiments.results import Outcome, unfinished, write_results
from labeller.project.creation import open_beside
from labeller.project.project import Project

FIRST_CYCLES = ".first"
"""Folder for first cycles that several methods share."""
LOOK_EVERY = 0.2
"""Seconds between checks for Ctrl+C."""


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
    """The folder of the first cycle that this plan shares with others; it is run by the first that
    needs it. None if it shares none."""
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
    """Remove the shared first cycles once all cells are done."""
    if all(is_done(cell, folder) for cell in cells):
        shutil.rmtree(folder / FIRST_CYCLES, ignore_errors=True)


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
