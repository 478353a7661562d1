"""Commands that run many simulations: methods by name, and the paper's tables and figures."""

import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from labeller_models.registry import Registry

from labeller.cli.learning_commands import PROJECT, SUBSET
from labeller.cli.recipe_options import options_from, training_options
from labeller.cli.terminal import opened, running, say
from labeller.core.errors import LabellerError
from labeller.core.extras import require_extra
from labeller.core.files import require_output
from labeller.experiments.cells import FAILED, cells_of, gathered
from labeller.experiments.clusters import BACKENDS, Workers
from labeller.experiments.paper import NAMES, paper_table, scaled
from labeller.experiments.plan import Imbalance, Plan
from labeller.experiments.protocol import read_protocol
from labeller.learning.learners import LEARNERS, WHOLE, trains_network
from labeller.pool.known_sets import SETS
from labeller.selection.strategies import STRATEGIES


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
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.command("compare-methods")
@PROJECT
@click.option(
    "--strategies", required=True, type=_Names(STRATEGIES),
    help="Comma-separated; 'all' for every one.",
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
    _run(project, "Comparison of methods", plans, facts, output, workers, part, levels, baseline)


@click.command("paper")
@click.argument("project", type=click.Path(path_type=Path), required=False)
@click.argument("table", type=click.Choice(NAMES), required=False)
@click.option(
    "--protocol", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.toml",
    help="Run this protocol instead: sets, methods and seeds of your own (docs/protocols.md).",
)  # fmt: skip
@click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path),
    help="Where --protocol keeps the projects of its sets.  [default: `sets` in --output]",
)  # fmt: skip
@click.option(
    "--scale", type=click.FloatRange(0, 1, min_open=True), default=1.0, show_default=True,
    help="Fraction of the paper's images, labels, epochs, batch and queue sizes.",
)  # fmt: skip
@click.option(
    "--seeds", type=click.IntRange(min=1), default=1, show_default=True,
    help="Simulations of each method.",
)  # fmt: skip
@training_options
@running_options
@click.pass_context
def paper_command(
    context: click.Context,
    project: Path | None,
    table: str | None,
    protocol: Path | None,
    data: Path | None,
    scale: float,
    seeds: int,
    output: Path,
    backend: str,
    scheduler: str,
    jobs: int,
    part: tuple[int, int] | None,
    **values: Any,
) -> None:
    """Reproduce a table or figure of the paper with all its methods on PROJECT, or one experiment.

    Training options override its values for every method. Existing runs are resumed.

    With --protocol, run a protocol from a file instead, on the sets that it names.
    """
    workers = Workers(jobs, backend, scheduler)
    if protocol is not None:
        _only_with_protocol(context)
        _run_protocol(protocol, output, data, workers, part)
        return
    if project is None or table is None or data is not None:
        raise click.UsageError("Give PROJECT and TABLE, or --protocol.")
    wanted = scaled(paper_table(table), scale)
    plans = {
        name: replace(
            plan,
            method=options_from({**values, "strategy": plan.method.strategy}, base=plan.method),
            seeds=tuple(range(seeds)),
        )
        for name, plan in wanted.plans.items()
    }
    some = next(iter(plans.values()))
    facts = [
        f"The paper's data set: {wanted.data}. A project does not say which one it has.",
        f"Encoder {some.method.encoder}, {some.method.recipe.epochs} epochs, batches of "
        f"{some.method.recipe.batch_size}; {some.initial or 'all'} labels at first, {some.cycles} "
        f"cycles with {some.budget} more in each; seeds 0 to {seeds - 1}.",
    ]
    if scale < 1:
        facts.insert(
            0,
            f"**Scaled to {scale:g}**: a pool of {some.pool} images, and that share of the "
            "labels, epochs, batches and queues. Not comparable with the paper's figures, only "
            "with each other.",
        )
    _run(
        project, wanted.title, plans, facts, output, workers, part, (), wanted.baseline,
        wanted.published,
    )  # fmt: skip


def _only_with_protocol(context: click.Context) -> None:
    """Raises UsageError if something was given that a protocol says itself."""
    own = {"protocol", "data", "output", "backend", "scheduler", "jobs", "part"}
    for name in context.params.keys() - own:
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--protocol says itself what to run; leave out '{name}'.")


def _run_protocol(
    file: Path, output: Path, data: Path | None, workers: Workers, part: tuple[int, int] | None
) -> None:
    """Run a protocol, and write a report on all results."""
    from labeller.experiments.bench import comparison_of, run_protocol
    from labeller.experiments.report import REPORT, write_report

    found = read_protocol(file)
    require_extra("matplotlib")  # before hours of work
    require_output(output / REPORT, force=True)
    with running() as run:
        failed = run_protocol(found, output, data, workers, part, run)
    for task, each in failed:
        say(f"note: {task}, {each.cell.name}, seed {each.cell.seed}: {each.why}", err=True)
    say(write_report(comparison_of(found, output, [_command()], failed), output))
    if failed:
        raise LabellerError("{count} simulations failed; the report names them.", count=len(failed))


@click.command("sets")
def sets_command() -> None:
    """List the data sets that `create --images` and protocols know by name."""
    for name, known in SETS.items():
        pool, test = known.images
        numbers = ", ".join(f"{key} {value}" for key, value in known.plan.items())
        click.echo(f"{name:>12}  {known.title} ({known.source})")
        click.echo(f"{'':>12}  {pool:,} and {test:,} images; licence: {known.licence}; {numbers}")


def _without_recipe(values: Mapping[str, Any]) -> dict[str, Any]:
    """The options that apply to a learner on a pretrained encoder when it is compared with
    networks."""
    return {name: values[name] for name in ("encoder", "weights", "device")}


def _run(
    project: Path,
    title: str,
    plans: Mapping[str, Plan],
    facts: Sequence[str],
    output: Path,
    workers: Workers,
    part: tuple[int, int] | None,
    reach: Sequence[float],
    baseline: str,
    published: Mapping[str, str] | None = None,
) -> None:
    """Run the simulations of the plans, and write a report on all results."""
    from labeller.experiments.bench import part_of, run_task
    from labeller.experiments.report import REPORT, Comparison, write_report

    cells = cells_of(plans)
    mine = part_of(cells, part)
    require_extra("matplotlib")  # before hours of work
    require_output(output / REPORT, force=True)
    output.mkdir(parents=True, exist_ok=True)
    with running() as run:
        with opened(project, lock=False) as found:
            counts, name = found.images.counts(), found.folder.name
        ended = run_task(project, cells, mine, output, workers, run)
    failed = [each for each in ended if each.state == FAILED]
    for each in failed:
        say(f"note: {each.cell.name}, seed {each.cell.seed}: {each.why}", err=True)
    outcomes = gathered(cells, output)
    if not outcomes:
        raise LabellerError("No simulation has finished a cycle.")
    about = [f"Project: {name}, {counts['ready']} images.", *facts, _command()]
    comparison = Comparison(
        title, {"": outcomes}, about, baseline, reach, [("", each) for each in failed],
        {"": published or {}},
    )  # fmt: skip
    say(write_report(comparison, output))
    if failed:
        raise LabellerError(
            "{count} of {all} simulations failed; the report names them.",
            count=len(failed),
            all=len(mine),
        )


def _command() -> str:
    return f"Command: `{shlex.join(['labeller', *sys.argv[1:]])}`"


def _leave_out(command: click.Command, *names: str) -> None:
    """Remove training options that do not apply."""
    command.params = [each for each in command.params if each.name not in names]


_leave_out(compare_methods_command, "learner")  # use --learners
_leave_out(paper_command, "learner", "recipe")  # given by the table
COMMANDS = [compare_methods_command, paper_command, sets_command]
