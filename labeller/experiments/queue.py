"""Simulations that a person queues for a project: each has a name, and a file of results that the
command line could have written (`labeller simulate --results`), in the project's folder."""

import functools
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from labeller.core.errors import LabellerError
from labeller.core.progress import Report, ShouldStop
from labeller.experiments.results import Outcome, read_results, unfinished, write_results
from labeller.loop.round_settings import MethodChoice, simulate_command
from labeller.project.project import Project
from labeller.store.settings import damaged

KEY = "experiments"
FOLDER = "experiments"
WAITING, BEGUN, DONE = "waiting", "begun", "done"
LONGEST_NAME = 100


@dataclass(frozen=True)
class Experiment(MethodChoice):
    """`initial` random images, then `budget` more in each of the further `cycles`, for each of the
    `seeds`."""

    name: str
    initial: int
    budget: int
    cycles: int
    seeds: tuple[int, ...] = (0,)

    def __post_init__(self) -> None:
        """Raises LabellerError for what could not be simulated."""
        whole = (self.initial, self.budget, self.cycles, *self.seeds)
        if any(type(value) is not int or value < 0 for value in whole):
            raise LabellerError("Images, cycles and seeds are whole numbers.")
        if min(self.initial, self.budget, self.cycles) < 1:
            raise LabellerError("Images and cycles are at least 1.")
        if not self.seeds or len(set(self.seeds)) < len(self.seeds):
            raise LabellerError("Give one seed or several, each once.")
        if not self.offered:
            raise LabellerError("The experiment asks for something unknown.")
        named = type(self.name) is str and self.name.strip() and self.name.isprintable()
        if not named or self.name != Path(self.name).name or len(self.name) > LONGEST_NAME:
            raise LabellerError(
                "The name of an experiment becomes that of a file: letters, digits and blanks."
            )


def experiments(project: Project) -> list[Experiment]:
    """The queue of a project, in its order. Raises LabellerError where it is damaged."""
    stored: Any = project.settings.get(KEY, [])
    try:
        return [Experiment(**{**each, "seeds": tuple(each["seeds"])}) for each in stored]
    except (TypeError, KeyError, LabellerError):
        raise damaged(KEY) from None


def add(project: Project, experiment: Experiment) -> None:
    """Put an experiment at the end of the queue.

    Raises:
        LabellerError: its name is taken, by another one or by results that are still there, or the
            pool has too few images.
    """
    queue = experiments(project)
    counts = project.images.counts()
    available = counts["ready"] - counts["duplicates"]
    wanted = experiment.initial + experiment.budget * (experiment.cycles - 1)
    if wanted > available:
        raise LabellerError(f"That labels {wanted} images, but the pool has {available}.")
    if any(each.name == experiment.name for each in queue):
        raise LabellerError(f"There is an experiment “{experiment.name}” already.")
    if state(project, experiment) != WAITING:
        raise LabellerError(
            f"There are results called “{experiment.name}” already, in "
            f"{results_file(project, experiment).parent}. Take another name."
        )
    _keep(project, [*queue, experiment])


def forget(project: Project, name: str) -> None:
    """Take an experiment from the queue; its results stay where they are."""
    _keep(project, [each for each in experiments(project) if each.name != name])


def results_file(project: Project, experiment: Experiment) -> Path:
    """Where the results of an experiment are, or will be."""
    return project.folder / FOLDER / f"{experiment.name}.json"


def state(project: Project, experiment: Experiment) -> str:
    """`WAITING`, `BEGUN` (it goes on from there) or `DONE`."""
    file = results_file(project, experiment)
    if unfinished(file).exists():
        return BEGUN
    return DONE if file.exists() else WAITING


def outcomes(project: Project, queue: Sequence[Experiment]) -> dict[str, Outcome]:
    """What there is of each experiment by its name; those without a finished cycle are left out."""
    found: dict[str, Outcome] = {}
    for experiment in queue:
        try:
            (outcome,) = read_results([results_file(project, experiment)]).values()
        except LabellerError:  # not there yet, or no cycle of it
            continue
        found[experiment.name] = outcome
    return found


def as_command(project: Project, experiment: Experiment) -> str:
    """The command that gives the same results, and goes on with them if they are unfinished."""
    values: dict[str, Any] = asdict(experiment)
    del values["name"]
    values["seed"] = values.pop("seeds")
    return simulate_command(project, values | {"results": str(results_file(project, experiment))})


def run_queue(project: Project, report: Report, should_stop: ShouldStop) -> None:
    """Simulate what is not done, one after the other, and what is added meanwhile; results are
    written after every cycle.

    Raises:
        LabellerError: there is no oracle, or one asks for more images than there are.
        Cancelled: `should_stop` said so; what is done is kept and gone on from.
    """
    from labeller.experiments.simulation import Plan, simulate  # torch takes seconds to load

    while waiting := [e for e in experiments(project) if state(project, e) != DONE]:
        experiment = waiting[0]
        plan = Plan(
            experiment.initial, experiment.budget, experiment.cycles, experiment.method(),
            experiment.seeds,
        )  # fmt: skip
        file = results_file(project, experiment)
        file.parent.mkdir(exist_ok=True)
        write = functools.partial(write_results, file=file)
        simulate(project, plan, report, should_stop, unfinished(file), write)


def _keep(project: Project, queue: Sequence[Experiment]) -> None:
    project.settings.choose(KEY, [asdict(each) for each in queue])
