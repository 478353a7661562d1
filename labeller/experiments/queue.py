"""The queue of simulations that a person plans for a project: each has a name, and a results file
that the command line could have written."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labeller.core.errors import LabellerError
from labeller.core.run import Run
from labeller.experiments.plan import Plan
from labeller.experiments.results import Outcome, read_results, unfinished, write_results
from labeller.learning.learners import WHOLE
from labeller.loop.method import method_named
from labeller.loop.round_settings import simulate_command
from labeller.project.project import Project
from labeller.store.settings import damaged

KEY = "experiments"
FOLDER = "experiments"
WAITING, BEGUN, DONE = "waiting", "begun", "done"
LONGEST_NAME = 100
NUMBERS = ("initial", "budget", "cycles")


@dataclass(frozen=True)
class Experiment:
    """A named plan; only the names of its method are stored."""

    name: str
    plan: Plan

    def __post_init__(self) -> None:
        """Raises LabellerError if the plan or the name is invalid."""
        self.plan.check()
        named = type(self.name) is str and self.name.strip() and self.name.isprintable()
        if not named or self.name != Path(self.name).name or len(self.name) > LONGEST_NAME:
            raise LabellerError(
                "The name of an experiment becomes a file name: use letters, digits and spaces."
            )

    def as_dict(self) -> dict[str, Any]:
        """As it is stored; these are also the options of `simulate`."""
        plan = self.plan
        numbers = {"initial": plan.initial, "budget": plan.budget, "cycles": plan.cycles}
        seeds = tuple(plan.seeds)
        return {"name": self.name, **numbers, "seeds": seeds, **plan.method.names()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Experiment":
        """The inverse of `as_dict`.

        Raises:
            KeyError, TypeError, LabellerError: it is something else.
        """
        if not isinstance(values, Mapping):
            raise TypeError("an experiment is an object")
        chosen = {"learner": WHOLE, **values}
        name, numbers = chosen.pop("name"), [chosen.pop(key) for key in NUMBERS]
        seeds = tuple(chosen.pop("seeds"))
        try:
            method = method_named(chosen)
        except ValueError:
            raise LabellerError("The experiment names something unknown.") from None
        if any(type(number) is not int for number in numbers):
            raise LabellerError("Images and cycles are whole numbers.")
        initial, budget, cycles = numbers
        return cls(name, Plan(initial, budget, cycles, method, seeds))


def experiments(project: Project) -> list[Experiment]:
    """A project's queue, in order. Raises LabellerError if it is damaged."""
    stored: Any = project.settings.get(KEY, [])
    try:
        return [Experiment.from_dict(each) for each in stored]
    except (TypeError, KeyError, LabellerError):
        raise damaged(KEY) from None


def add(project: Project, experiment: Experiment) -> None:
    """Append an experiment to the queue.

    Raises:
        LabellerError: its name is taken, by another one or by existing results, or the pool has too
            few images.
    """
    queue = experiments(project)
    experiment.plan.check_size(project.images.pool_size())
    if any(each.name == experiment.name for each in queue):
        raise LabellerError("There is already an experiment “{name}”.", name=experiment.name)
    if state(project, experiment) != WAITING:
        raise LabellerError(
            "There are already results called “{name}” in {parent}. Choose another name.",
            name=experiment.name,
            parent=results_file(project, experiment).parent,
        )
    _keep(project, [*queue, experiment])


def forget(project: Project, name: str) -> None:
    """Remove an experiment from the queue, but not its results."""
    _keep(project, [each for each in experiments(project) if each.name != name])


def results_file(project: Project, experiment: Experiment) -> Path:
    """The file of an experiment's results, whether it exists or not."""
    return project.folder / FOLDER / f"{experiment.name}.json"


def state(project: Project, experiment: Experiment) -> str:
    """`WAITING`, `BEGUN` (and will be resumed) or `DONE`."""
    file = results_file(project, experiment)
    if unfinished(file).exists():
        return BEGUN
    return DONE if file.exists() else WAITING


def outcomes(project: Project, queue: Sequence[Experiment]) -> dict[str, Outcome]:
    """Results of each experiment by name; those without a finished cycle are left out."""
    found: dict[str, Outcome] = {}
    for experiment in queue:
        try:
            (outcome,) = read_results([results_file(project, experiment)]).values()
        except LabellerError:  # no finished cycle yet
            continue
        found[experiment.name] = outcome
    return found


def as_command(project: Project, experiment: Experiment) -> str:
    """The command that gives the same results, or resumes unfinished ones."""
    values = experiment.as_dict()
    del values["name"]
    values["seed"] = values.pop("seeds")
    return simulate_command(project, values | {"results": str(results_file(project, experiment))})


def run_queue(project: Project, run: Run) -> None:
    """Simulate what is not done, in order, including what is added meanwhile. Results are written
    after every cycle.

    Raises:
        LabellerError: there is no oracle, or a plan needs more images than there are.
        Cancelled: `run.should_stop` said so; progress is kept, and resumed next time.
    """
    from labeller.experiments.simulation import simulate  # torch takes seconds to load

    while waiting := [e for e in experiments(project) if state(project, e) != DONE]:
        experiment = waiting[0]
        file = results_file(project, experiment)
        file.parent.mkdir(exist_ok=True)
        write = functools.partial(write_results, file=file)
        simulate(project, experiment.plan, run, unfinished(file), write)


def _keep(project: Project, queue: Sequence[Experiment]) -> None:
    project.settings.choose(KEY, [each.as_dict() for each in queue])
