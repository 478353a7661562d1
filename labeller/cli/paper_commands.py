"""Commands for the paper's tables and figures, for protocols, and for known data sets."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from labeller.cli.comparison_commands import (
    check_outputs,
    command_line,
    leave_out,
    report,
    run_plans,
    running_options,
    say_failed,
)
from labeller.cli.recipe_options import options_from, training_options
from labeller.cli.terminal import running
from labeller.experiments.clusters import Workers
from labeller.experiments.paper import NAMES, paper_table, scaled
from labeller.experiments.protocol_file import read_protocol
from labeller.pool.known_sets import SETS


@click.command("paper", epilog=f"TABLE is one of {', '.join(NAMES)}.")
@click.argument("project", type=click.Path(path_type=Path), required=False)
@click.argument("table", metavar="[TABLE]", type=click.Choice(NAMES), required=False)
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
    track: str | None,
    **values: Any,
) -> None:
    """Run one of the paper's tables, figures or experiments on PROJECT, and write a report.

    Training options override its values for every method. Existing runs are resumed.

    With --protocol, run a protocol from a file instead, on the sets that it names.
    """
    workers = Workers(jobs, backend, scheduler)
    if protocol is not None:
        _only_with_protocol(context)
        _run_protocol(protocol, output, data, workers, part, track)
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
    run_plans(
        project, wanted.title, plans, facts, output, workers, part, track, (), wanted.baseline,
        wanted.published,
    )  # fmt: skip


def _only_with_protocol(context: click.Context) -> None:
    """Raises UsageError if an option was given that the protocol sets itself."""
    own = {"protocol", "data", "output", "backend", "scheduler", "jobs", "part", "track"}
    for name in (each.name or "" for each in context.command.params if each.name not in own):
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            said = name.upper() if name in ("project", "table") else f"--{name.replace('_', '-')}"
            raise click.UsageError(f"The protocol sets this; leave out {said}.")


def _run_protocol(
    file: Path,
    output: Path,
    data: Path | None,
    workers: Workers,
    part: tuple[int, int] | None,
    track: str | None,
) -> None:
    """Run a protocol, and write a report on all results."""
    from labeller.experiments.bench import comparison_of, run_protocol

    found = read_protocol(file)
    check_outputs(output, track)
    with running() as run:
        failed = run_protocol(found, output, data, workers, part, run)
    say_failed(failed)
    report(comparison_of(found, output, [command_line()], failed), output, track)


@click.command("sets")
def sets_command() -> None:
    """List the data sets that `create --images` and protocols know by name."""
    for name, known in SETS.items():
        pool, test = known.images
        numbers = ", ".join(f"{key} {value}" for key, value in known.plan.items())
        click.echo(f"{name:>12}  {known.title} ({known.source})")
        click.echo(f"{'':>12}  {pool:,} and {test:,} images; licence: {known.licence}; {numbers}")


leave_out(paper_command, "learner", "recipe")  # given by the table
COMMANDS = [paper_command, sets_command]
