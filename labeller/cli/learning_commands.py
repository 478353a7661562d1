"""Commands that train, select and simulate. torch is imported only when one of them runs."""

import json
from pathlib import Path
from statistics import mean, stdev
from typing import TYPE_CHECKING, Any

import click

from labeller.cli.terminal import LateChoice, ManySeeds, interruptible, progress_bars
from labeller.creation import open_complete
from labeller.errors import LabellerError
from labeller.files import write_text
from labeller.learning.recipe import RECIPES, recipe_named

if TYPE_CHECKING:
    from labeller.rounds import TrainingOptions

PROJECT = click.argument("project", type=click.Path(path_type=Path))


def _encoders() -> list[str]:
    from models.encoders import ENCODERS

    return list(ENCODERS)


def _strategies() -> list[str]:
    from labeller.selection.strategies import STRATEGIES

    return list(STRATEGIES)


DEVICE = click.option(
    "--device",
    type=click.Choice(["auto", "cpu", "cuda", "mps"]),
    default="auto",
    show_default=True,
)
STRATEGY = click.option(
    "--strategy", type=LateChoice(_strategies), default="coreset", show_default=True
)


def _training_options(command: Any) -> Any:
    for option in reversed(
        (
            click.option(
                "--recipe", type=click.Choice(list(RECIPES)), default="quick", show_default=True
            ),
            click.option(
                "--encoder",
                type=LateChoice(_encoders),
                default="resnet-small",
                show_default=True,
            ),
            click.option("--epochs", type=click.IntRange(min=1)),
            click.option("--batch-size", type=click.IntRange(min=2)),
            click.option("--learning-rate", type=click.FloatRange(min=0, min_open=True)),
            DEVICE,
        )
    ):
        command = option(command)
    return command


def _options(values: dict[str, Any], seed: int | None = None) -> "TrainingOptions":
    from labeller.rounds import TrainingOptions

    names = ("epochs", "batch_size", "learning_rate")
    recipe = recipe_named(values["recipe"], **{name: values[name] for name in names})
    return TrainingOptions(recipe, values["encoder"], values["device"], seed)


@click.command("train")
@PROJECT
@_training_options
@click.option("--seed", type=int, help="Follows from the project's seed where left out.")
@click.option("--json", "as_json", is_flag=True)
def train_command(project: Path, seed: int | None, as_json: bool, **values: Any) -> None:
    """Train a model on the labels of PROJECT. Ctrl+C stops and keeps what it has learnt."""
    from labeller import rounds

    with (
        open_complete(project) as opened,
        progress_bars() as report,
        interruptible() as should_stop,
    ):
        run = rounds.train_round(opened, _options(values, seed), report, should_stop)
    if as_json:
        click.echo(json.dumps(vars(run)))
        return
    click.echo(f"{run.state} after {run.seconds:.0f} s on {run.labelled} labelled images")
    if run.test_accuracy is not None:
        click.echo(f"test accuracy {run.test_accuracy:.1%}")


@click.command("select")
@PROJECT
@click.option("--count", type=click.IntRange(min=1), required=True)
@STRATEGY
@DEVICE
@click.option("--json", "as_json", is_flag=True)
def select_command(project: Path, count: int, strategy: str, device: str, as_json: bool) -> None:
    """Choose the next images to label; prints their paths and makes them PROJECT's batch."""
    from labeller import rounds

    with (
        open_complete(project) as opened,
        progress_bars() as report,
        interruptible() as should_stop,
    ):
        chosen = rounds.select(opened, count, strategy, device, report, should_stop)
        paths = [image.path for image in opened.images.get(chosen.image_ids)]
    if chosen.strategy != strategy:
        click.echo("This is the first round, so the images were chosen at random.", err=True)
    if as_json:
        click.echo(json.dumps({"round": chosen.number, "selected": paths}))
    else:
        click.echo("\n".join(paths))


@click.command("simulate", cls=ManySeeds)
@PROJECT
@click.option("--initial", type=click.IntRange(min=1), required=True, help="Random images first.")
@click.option("--budget", type=click.IntRange(min=1), required=True, help="Images a cycle.")
@click.option("--cycles", type=click.IntRange(min=1), required=True, help="Trainings in all.")
@STRATEGY
@_training_options
@click.option("--seed", "seeds", type=int, multiple=True, default=[0], help="One or several.")
@click.option("--results", type=click.Path(dir_okay=False, path_type=Path), help="A JSON file.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
def simulate_command(
    project: Path,
    initial: int,
    budget: int,
    cycles: int,
    strategy: str,
    seeds: tuple[int, ...],
    results: Path | None,
    as_json: bool,
    **values: Any,
) -> None:
    """Let the oracle label in place of a person, on a copy of PROJECT without its labels."""
    from labeller.simulation import Plan, simulate

    if results is not None and not results.absolute().parent.is_dir():
        raise LabellerError(f"The folder for {results} does not exist. Make it first.")
    plan = Plan(initial, budget, cycles, strategy, _options(values), seeds)
    with (
        open_complete(project, lock=False) as opened,
        progress_bars() as report,
        interruptible() as should_stop,
    ):
        outcome = simulate(opened, plan, report, should_stop)
    text = json.dumps(outcome, indent=1)
    if results is not None:
        write_text(results, text + "\n")
    click.echo(text if as_json else _table(outcome))


def _table(outcome: dict[str, Any]) -> str:
    """Labels, mean accuracy and its standard deviation over the seeds, and seconds."""
    lines = ["labelled  test accuracy        seconds"]
    for cycles in zip(*(run["cycles"] for run in outcome["runs"]), strict=True):
        accuracies = [c["test_accuracy"] for c in cycles if c["test_accuracy"] is not None]
        shown = "not measured"
        if accuracies:
            spread = stdev(accuracies) if len(accuracies) > 1 else 0.0
            shown = f"{mean(accuracies):6.2%} ± {100 * spread:.2f}"
        seconds = mean(c["seconds"] for c in cycles)
        lines.append(f"{cycles[0]['labelled']:8}  {shown:<18} {seconds:9.1f}")
    return "\n".join(lines)


COMMANDS = [train_command, select_command, simulate_command]
