"""Commands for researchers: simulate a method over seeds, and compare results."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from labeller.cli.comparison_commands import check_outputs, report
from labeller.cli.learning_commands import PROJECT, STRATEGY, SUBSET, TRACK
from labeller.cli.recipe_options import options_from, training_options
from labeller.cli.terminal import ManySeeds, opened, running, say, warn_unmeasured
from labeller.core.errors import LabellerError
from labeller.core.files import require_different, require_output
from labeller.experiments.figures import check_format, write_figure
from labeller.experiments.paper import EXPERIMENTS as PAPER
from labeller.experiments.paper import paper_experiment
from labeller.experiments.plan import Plan
from labeller.experiments.queue import FOLDER as EXPERIMENTS
from labeller.experiments.result_tables import check_table, write_table
from labeller.experiments.results import (
    Outcome,
    as_text,
    read_results,
    require_same_images,
    unfinished,
    write_results,
)

FILE = click.Path(dir_okay=False, path_type=Path)
TABLE = click.option(
    "--table", type=FILE, help="A .csv, .json or .parquet file: a row for each seed and cycle."
)
FIGURE = click.option("--figure", type=FILE, help="A .png, .svg or .pdf file.")
FORCE = click.option("--force", is_flag=True, help="Overwrite existing files.")


@click.command("simulate", cls=ManySeeds)
@PROJECT
@click.option(
    "--protocol",
    type=click.Choice(list(PAPER)),
    hidden=True,  # `paper` runs them; earlier versions had them here
)
@click.option("--initial", type=click.IntRange(min=1), help="Labels in the first cycle.")
@click.option("--budget", type=click.IntRange(min=1), help="Images in each later cycle.")
@click.option("--cycles", type=click.IntRange(min=1), help="Number of trainings.")
@STRATEGY
@SUBSET
@training_options
@click.option("--seed", "seeds", type=int, multiple=True, default=[0], help="One or more seeds.")
@click.option(
    "--results",
    type=FILE,
    help="A JSON file for the results. An interrupted simulation is resumed.",
)
@TABLE
@FIGURE
@TRACK
@FORCE
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
def simulate_command(
    project: Path,
    protocol: str | None,
    strategy: str | None,
    seeds: tuple[int, ...],
    results: Path | None,
    table: Path | None,
    figure: Path | None,
    track: str | None,
    force: bool,
    as_json: bool,
    **values: Any,
) -> None:
    """Simulate labelling with the oracle, on a copy of PROJECT without its labels."""
    from labeller.experiments.simulation import simulate
    from labeller.experiments.trackers import tracking
    from labeller.learning.distributed import leading

    known = None if protocol is None else paper_experiment(protocol).plan
    numbers = {name: values[name] for name in ("initial", "budget", "cycles", "subset")}
    for name in ("initial", "budget", "cycles"):
        if known is None and numbers[name] is None:
            raise click.UsageError(f"Give --{name}.")
    _check_formats(table, figure)
    # Results of an unfinished simulation; its plan is compared later.
    goes_on = results is not None and unfinished(results).exists()
    _require_outputs(
        [(results, force or goes_on), (table, force), (figure, force)],
        experiments=project.resolve() / EXPERIMENTS,
    )
    given = {name: number for name, number in numbers.items() if number is not None}
    method = options_from({**values, "strategy": strategy}, base=known.method if known else None)
    plan = replace(known, **given) if known else Plan(**given)
    plan = replace(plan, method=method, seeds=seeds)
    with running() as run, leading() as leads:
        if not leads:
            return
        kept_in = None if results is None else unfinished(results)
        name = results.stem if results else method.strategy
        with (
            opened(project, lock=False) as found,
            tracking(track, name, plan.as_dict()) as tracked,
        ):
            warn_unmeasured(found)
            written = 0

            def on_cycle(outcome: Outcome) -> None:
                nonlocal written
                cycles = [(each.seed, cycle) for each in outcome.runs for cycle in each.cycles]
                for seed, cycle in cycles[written:]:
                    tracked.cycle(seed, cycle)
                written = len(cycles)
                if results is not None:
                    write_results(outcome, results)

            outcome = simulate(found, plan, tracked.of(run), kept_in, on_cycle)
    named = {name: outcome}
    _write(named, table, figure)
    say(json.dumps(outcome.as_dict(), indent=1) if as_json else as_text(named))


@click.command("compare")
@click.argument(
    "places", metavar="RESULTS ...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@TABLE
@FIGURE
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path),
    help="A folder for the joined results of folders, and a report on them.",
)  # fmt: skip
@FORCE
def compare_command(
    places: tuple[Path, ...],
    table: Path | None,
    figure: Path | None,
    output: Path | None,
    force: bool,
) -> None:
    """Compare results of `simulate`, named by their files, or join folders of `paper --protocol`.

    Folders must belong to one protocol: their fingerprints are compared, and what these cover.
    """
    if any(place.is_dir() for place in places):
        if not all(place.is_dir() for place in places):
            raise click.UsageError("Give either files or folders.")
        if output is None or table or figure:
            raise click.UsageError("Folders are joined into --output FOLDER, with all tables.")
        _join(places, output, force)
        return
    if output is not None:
        raise click.UsageError("--output is for folders of `paper --protocol`.")
    _check_formats(table, figure)
    _require_outputs([(table, force), (figure, force)], places)
    outcomes = read_results(places)
    require_same_images(outcomes)
    _write(outcomes, table, figure)
    say(as_text(outcomes))


def _join(folders: Sequence[Path], output: Path, force: bool) -> None:
    from labeller.experiments.bench import comparison_of, join

    check_outputs(output, None)
    if output.exists() and any(output.iterdir()) and not force:
        raise LabellerError("{output} is not empty. Choose a new folder.", output=output)
    if output.resolve() in [folder.resolve() for folder in folders]:
        raise LabellerError("{output} is one of the folders to be joined.", output=output)
    protocol, notes = join(folders, output)
    for note in notes:
        say(f"note: {note}.", err=True)
    joined = f"Joined from {', '.join(map(str, folders))}."
    report(comparison_of(protocol, output, [joined, *notes]), output, None)


def _check_formats(table: Path | None, figure: Path | None) -> None:
    """Check the formats of the outputs, before hours of work."""
    if table is not None:
        check_table(table)
    if figure is not None:
        check_format(figure)


def _write(outcomes: Mapping[str, Outcome], table: Path | None, figure: Path | None) -> None:
    if table is not None:
        write_table({"": outcomes}, table)
    if figure is not None:
        write_figure(outcomes, figure)


def _require_outputs(
    outputs: Sequence[tuple[Path | None, bool]],
    inputs: Sequence[Path] = (),
    experiments: Path | None = None,
) -> None:
    """Check that all files (and whether each may be replaced) can be written before spending hours
    on their content; `experiments` is the folder for results inside a project."""
    for path, replaces in outputs:
        if path is None:
            continue
        if not path.absolute().parent.is_dir():
            raise LabellerError("The folder for {path} does not exist. Create it first.", path=path)
        require_output(path, replaces, experiments, "--force")
    require_different([path for path, _ in outputs], inputs)


COMMANDS = [simulate_command, compare_command]
