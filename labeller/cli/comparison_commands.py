"""The command that compares methods by name, and the parts shared by all comparisons."""

import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from labeller_models.registry import Registry

from labeller.cli.learning_commands import PROJECT, SUBSET, TRACK
from labeller.cli.recipe_options import options_from, training_options
from labeller.cli.terminal import opened, running, say, warn_unmeasured
from labeller.core.errors import LabellerError, require_extra
from labeller.core.files import require_output
from labeller.experiments.cells import FAILED, cells_of, gathered
from labeller.experiments.clusters import BACKENDS, Workers
from labeller.experiments.plan import Imbalance, Plan
from labeller.learning.learners import LEARNERS, WHOLE, trains_network
from labeller.selection.strategies import STRATEGIES

if TYPE_CHECKING:
    from labeller.experiments.cells import Ended
    from labeller.experiments.report import Comparison


class _Names(click.ParamType):
    """Comma-separated names of a registry, or `all`."""

    name = "a,b"

    def __init__(self, known: Registry) -> None:
        self._known = known

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, tuple):
            return value
        names = tuple(self._known) if value == "all" else tuple(str(value).split(","))
        for name in names:
            if name not in self._known:
                self.fail(f"'{name}' is not one of {', '.join(self._known)}.", param, ctx)
        return tuple(dict.fromkeys(names))


class _Pair(click.ParamType):
    """Two integers with a separator."""

    def __init__(self, name: str, sign: str) -> None:
        self.name, self._sign = name, sign

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, tuple):
            return value
        first, sign, second = str(value).partition(self._sign)
        if not (sign and first.isdecimal() and second.isdecimal()):
            self.fail(f"'{value}' is not two numbers such as {self.name}.", param, ctx)
        return int(first), int(second)


def running_options(command: Any) -> Any:
    """Options for where simulations run and where their results go."""
    options = (
        click.option(
            "--output", required=True, type=click.Path(file_okay=False, path_type=Path),
            help="A folder for results and report. Existing runs are resumed.",
        ),
        click.option(
            "--backend", type=click.Choice(BACKENDS), default=BACKENDS[0], show_default=True,
            help="joblib backend: processes on this machine, or a cluster.",
        ),
        click.option("--scheduler", default="", metavar="ADDRESS", help="Address of the cluster."),
        click.option(
            "--jobs", type=click.IntRange(min=-1), default=1, show_default=True,
            help="Simulations in parallel; -1 for one per core or worker.",
        ),
        click.option(
            "--part", type=_Pair("2/10", "/"),
            help="Run one part of the simulations, such as 2/10, for job arrays.",
        ),
        TRACK,
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.command("compare-methods")
@PROJECT
@click.option(
    "--strategies", required=True, type=_Names(STRATEGIES),
    help="Comma-separated names, or 'all'.",
)  # fmt: skip
@click.option(
    "--learners", type=_Names(LEARNERS), default=(LEARNERS.default,), show_default=True,
    help="Every strategy is tried under each of them.",
)  # fmt: skip
@click.option(
    "--seeds", type=click.IntRange(min=1), default=5, show_default=True,
    help="Simulations of each method.",
)  # fmt: skip
@click.option(
    "--initial", type=click.IntRange(min=1), default=50, show_default=True,
    help="Images in the first cycle.",
)  # fmt: skip
@click.option(
    "--budget", type=click.IntRange(min=1), default=50, show_default=True,
    help="Images in each further cycle.",
)  # fmt: skip
@click.option(
    "--cycles", type=click.IntRange(min=1), default=5, show_default=True,
    help="Number of trainings.",
)  # fmt: skip
@click.option(
    "--first", type=click.Choice(["random", "centres"]), default="random", show_default=True,
    help="How the first batch is chosen; the same for all methods of a seed.",
)  # fmt: skip
@SUBSET
@click.option(
    "--imbalance", type=_Pair("5:500", ":"),
    help="5:500 keeps 500 images in each of the first five classes.",
)  # fmt: skip
@click.option(
    "--noise", type=click.FloatRange(0, 1, max_open=True), default=0.0,
    help="Give this share of the pool's images a wrong hidden label, such as 0.1.",
)  # fmt: skip
@click.option(
    "--long-tail", type=click.FloatRange(min=1), default=None, metavar="RATIO",
    help="Cut the classes to an exponential tail: the last keeps 1/RATIO of its images.",
)  # fmt: skip
@click.option(
    "--reach", multiple=True, type=click.FloatRange(0, 100, min_open=True),
    help="Report the labels needed for this accuracy in %; can be repeated.",
)  # fmt: skip
@click.option("--baseline", default="random", show_default=True, help="The baseline method.")
@training_options
@running_options
def compare_methods_command(
    project: Path,
    strategies: tuple[str, ...],
    learners: tuple[str, ...],
    seeds: int,
    first: str,
    imbalance: tuple[int, int] | None,
    noise: float,
    long_tail: float | None,
    reach: tuple[float, ...],
    baseline: str,
    output: Path,
    backend: str,
    scheduler: str,
    jobs: int,
    part: tuple[int, int] | None,
    track: str | None,
    **values: Any,
) -> None:
    """Simulate every strategy with every learner, and write a report.

    The report has means, paired differences from random with confidence intervals, areas under the
    curves, wins and losses, seconds and memory. Repeat the command to resume an interrupted
    comparison.
    """
    numbers = {name: values.pop(name) for name in ("initial", "budget", "cycles", "subset")}
    plans: dict[str, Plan] = {}
    for learner in learners:
        own = values if learner == WHOLE else _without_recipe(values)
        for strategy in strategies:
            method = options_from({**own, "learner": learner, "strategy": strategy})
            name = f"{learner}/{strategy}" if len(learners) > 1 else strategy
            plans[name] = Plan(
                **numbers, method=method, seeds=tuple(range(seeds)), first=first,
                imbalance=Imbalance(*imbalance) if imbalance else None, noise=noise,
                long_tail=long_tail or 0.0,
            )  # fmt: skip
    start = "at random" if first == "random" else "at the centres of clusters"
    facts = [
        f"{numbers['initial']} labels at first, {start} and the same for all methods of a seed; "
        f"{numbers['budget']} more in each of {numbers['cycles'] - 1} further cycles; seeds 0 to "
        f"{seeds - 1}."
    ]
    if imbalance:
        facts.append(f"The first {imbalance[0]} classes keep {imbalance[1]} images each.")
    if noise:
        facts.append(f"{noise:.0%} of the pool's images have a wrong hidden label.")
    if long_tail:
        facts.append(f"A long tail: the last class keeps 1/{long_tail:g} of its images.")
    long = any(trains_network(plan.method.encoder) for plan in plans.values())
    threads = 1 if jobs != 1 and not long else None
    workers = Workers(jobs, backend, scheduler, threads)
    levels = [accuracy / 100 for accuracy in reach]
    run_plans(
        project, "Comparison of methods", plans, facts, output, workers, part, track, levels,
        baseline,
    )  # fmt: skip


def _without_recipe(values: Mapping[str, Any]) -> dict[str, Any]:
    """The options that apply to a learner on a pretrained encoder when it is compared with
    networks."""
    return {name: values[name] for name in ("encoder", "weights", "device")}


def run_plans(
    project: Path,
    title: str,
    plans: Mapping[str, Plan],
    facts: Sequence[str],
    output: Path,
    workers: Workers,
    part: tuple[int, int] | None,
    track: str | None,
    reach: Sequence[float],
    baseline: str,
    published: Mapping[str, str] | None = None,
) -> None:
    """Run the simulations of the plans, and write a report on all results."""
    from labeller.experiments.bench import part_of, run_task
    from labeller.experiments.report import Comparison

    cells = cells_of(plans)
    mine = part_of(cells, part)
    check_outputs(output, track)
    output.mkdir(parents=True, exist_ok=True)
    with running() as run:
        with opened(project, lock=False) as found:
            warn_unmeasured(found)
            counts, name = found.images.counts(), found.folder.name
        ended = run_task(project, cells, mine, output, workers, run)
    failed = [("", each) for each in ended if each.state == FAILED]
    outcomes = gathered(cells, output)
    say_failed(failed)
    if not outcomes:
        raise LabellerError("No simulation has finished a cycle.")
    about = [f"Project: {name}, {counts['ready']} images.", *facts, command_line()]
    comparison = Comparison(
        title, {"": outcomes}, about, baseline, reach, failed, {"": published or {}}
    )
    report(comparison, output, track)


def check_outputs(output: Path, track: str | None) -> None:
    """Check that results can be written and tracked, before hours of work."""
    from labeller.experiments.report import REPORT
    from labeller.experiments.trackers import tracker_named

    require_extra("matplotlib")
    require_output(output / REPORT, force=True)
    if track is not None:
        tracker_named(track)


def report(comparison: "Comparison", output: Path, track: str | None) -> None:
    """Write the report, track the results, and fail if a simulation did."""
    from labeller.experiments.report import write_report
    from labeller.experiments.trackers import track_outcomes

    say(write_report(comparison, output))
    if track is not None:
        track_outcomes(track, comparison.tasks)
    if (count := len(comparison.failed)) == 1:
        raise LabellerError("A simulation failed; the report names it.")
    if count:
        raise LabellerError("{count} simulations failed; the report names them.", count=count)


def say_failed(failed: Sequence[tuple[str, "Ended"]]) -> None:
    """Say why simulations have no results."""
    for task, each in failed:
        where = ", ".join(part for part in (task, each.cell.name) if part)
        say(f"note: {where}, seed {each.cell.seed}: {each.why}", err=True)


def command_line() -> str:
    """The command line, as a fact for the report."""
    return f"Command: `{shlex.join(['labeller', *sys.argv[1:]])}`"


def leave_out(command: click.Command, *names: str) -> None:
    """Remove training options that do not apply."""
    command.params = [each for each in command.params if each.name not in names]


leave_out(compare_methods_command, "learner")  # use --learners
COMMANDS = [compare_methods_command]
