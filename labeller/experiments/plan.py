"""What a simulation does, and the queue of simulations that a person plans for a project: each
has a name, and a results file that the command line could have written."""

import functools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from labeller.core.errors import LabellerError
from labeller.core.run import Run
from labeller.experiments.results import Outcome, read_results, unfinished, write_results
from labeller.learning.learners import WHOLE, trains_network
from labeller.learning.recipe import recipe_from
from labeller.loop.method import Method, method_named
from labeller.loop.round_settings import simulate_command
from labeller.project.project import Project
from labeller.store.settings import damaged


@dataclass(frozen=True)
class Imbalance:
    """Of the first classes, in the project's order, `classes` keep only `kept` pool images each:
    every `every`-th one."""

    classes: int
    kept: int
    every: int = 1


@dataclass(frozen=True)
class Plan:
    """A simulation over one or several seeds.

    Attributes:
        initial: number of labels in the first cycle; None labels the whole pool.
        budget: labels added in each further cycle.
        cycles: number of cycles.
        subset: random candidates for each selection; None takes the whole pool, up to
            `rounds.MOST_CANDIDATES`.
        first: how the first batch is chosen: `random`, `centres` of clusters, or "" for the default
            of learner and strategy.
        pool: size of a random subset, drawn by the seed, to use as the pool; None takes all.
        measures_pool: whether to measure each class's accuracy over the pool, by hidden labels.
        noise: share of the pool's hidden labels that are replaced by a wrong class, drawn by the
            seed; held-out labels stay.
        long_tail: the last class, in the project's order, keeps only 1 / `long_tail` of its pool
            images, those between first and last exponentially falling shares; 0 keeps all.
    """

    initial: int | None
    budget: int
    cycles: int
    method: Method = field(default_factory=Method)
    seeds: Sequence[int] = (0,)
    subset: int | None = None
    imbalance: Imbalance | None = None
    first: str = ""
    pool: int | None = None
    measures_pool: bool = False
    noise: float = 0.0
    long_tail: float = 0.0

    def check(self) -> None:
        """Raises LabellerError if the plan is invalid."""
        whole = (self.initial, self.budget, self.cycles, *self.seeds)
        if any(type(value) is not int for value in whole if value is not None):
            raise LabellerError("Images, cycles and seeds are whole numbers.")
        if min(self.initial or 1, self.budget, self.cycles) < 1 or self.initial == 0:
            raise LabellerError("Images and cycles are at least 1.")
        if not self.seeds or len(set(self.seeds)) < len(self.seeds) or min(self.seeds) < 0:
            raise LabellerError("Give one or more different seeds, 0 or higher.")
        if not 0 <= self.noise < 1:
            raise LabellerError("Noise must be at least 0 and below 1.", settings=["noise"])
        if self.long_tail and not 1 <= self.long_tail < math.inf:
            raise LabellerError("A long tail needs a ratio of at least 1.", settings=["long_tail"])
        if self.imbalance and self.long_tail:
            raise LabellerError("Give either an imbalance or a long tail.", settings=["long_tail"])
        if self.noise and self.measures_pool:
            raise LabellerError("Accuracy over the pool cannot be measured on noisy labels.")
        if self.first == "centres" and trains_network(self.method.encoder):
            raise LabellerError(
                "A first batch at cluster centres needs a pretrained encoder. Start at random.",
                settings=["first"],
            )

    def check_size(self, available: int) -> None:
        """Raises LabellerError if a pool of this size is too small."""
        wanted = (available if self.initial is None else self.initial) + self.added
        if wanted > available:
            raise LabellerError(
                "That would label {wanted} images, but the pool has only {available}.",
                wanted=wanted,
                available=available,
            )

    @property
    def added(self) -> int:
        """Labels added after the first cycle."""
        return self.budget * (self.cycles - 1)

    def as_dict(self) -> dict[str, Any]:
        """Everything that determines the results except the seeds, JSON-compatible."""
        values = asdict(self)
        options = values.pop("method")
        strategy = options.pop("strategy")
        if options["learner"] == WHOLE:
            del options["learner"]  # as when there was no other
        if not options["budget_seconds"]:
            del options["budget_seconds"]  # as before there was one
        del values["seeds"]
        for name in ("first", "pool", "measures_pool", "noise", "long_tail"):
            if not values[name]:
                del values[name]  # as before there were any
        if self.imbalance and self.imbalance.every == 1:
            del values["imbalance"]["every"]
        return json.loads(json.dumps({**values, "strategy": strategy, "options": options}))


def as_now(written: dict[str, Any]) -> dict[str, Any]:
    """An earlier version's `Plan.as_dict` as this version writes it.

    Raises:
        KeyError, TypeError, NewerFormat: it is not a plan, or of a later version.
    """
    options = written["options"]
    recipe = json.loads(json.dumps(recipe_from(options["recipe"]).as_dict()))
    return {**written, "options": {**options, "recipe": recipe}}


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
    counts = project.images.counts()
    experiment.plan.check_size(counts["ready"] - counts["duplicates"])
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
