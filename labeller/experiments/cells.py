"""The cells of a comparison. Each is one method with one seed and has its own file of results, so
that interrupted cells are resumed and finished ones not repeated."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock

from labeller.core.errors import LabellerError, Word
from labeller.experiments.origin import SAME, Origin, foreign, origin_of
from labeller.experiments.plan import Plan, as_now
from labeller.experiments.results import Outcome, read_results, unfinished, write_results
from labeller.project.project import Project

DONE, STOPPED, FAILED = "done", "stopped", "failed"
NO_PROTOCOL = Word("none")


@dataclass(frozen=True)
class Cell:
    """One method with one seed: `plan` has a single seed, `name` is the method's, and `protocol`
    its description in results (`Protocol.describe`)."""

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
    if plan != cell.plan.as_dict() or [run.seed for run in outcome.runs] != [cell.seed]:
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
    """Each method's results so far, over its seeds."""
    outcomes: dict[str, Outcome] = {}
    for cell, found in results_of(cells, folder):
        empty = Outcome([], found.plan, found.of, found.protocol)
        ours = outcomes.setdefault(cell.name, empty)
        ours.runs.extend(found.runs)
    return outcomes


def results_of(cells: Sequence[Cell], folder: Path) -> Iterator[tuple[Cell, Outcome]]:
    """The cells that have results, and these results."""
    for cell in cells:
        if cell.file(folder).exists():
            (found,) = read_results([cell.file(folder)]).values()
            yield cell, found


def require_ours(project: Project, cells: Sequence[Cell], folder: Path) -> int | None:
    """Check that all results in the folder are of this project.

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
    for cell, found in results_of(cells, folder):
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


@contextmanager
def locked(folder: Path, name: str) -> Iterator[None]:
    """A block that one process at a time may enter, of all that see the folder."""
    locks = folder / ".locks"
    locks.mkdir(exist_ok=True)
    with FileLock(locks / f"{name}.lock"):
        yield
