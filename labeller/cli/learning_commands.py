"""Commands that train and select. torch is imported only when one of them runs."""

import json
import sys
from pathlib import Path
from typing import Any

import click
from labeller_models.encoders import ENCODERS
from labeller_models.frozen import FROZEN

from labeller.cli.recipe_options import DEVICE, options_from, recipes_command, training_options
from labeller.cli.terminal import LateChoice, opened, printable, running
from labeller.core.locations import user_name
from labeller.learning.learners import default_strategy
from labeller.loop.method import STRATEGIES, Method

PROJECT = click.argument("project", type=click.Path(path_type=Path))


STRATEGY = click.option(
    "--strategy",
    type=LateChoice(lambda: list(STRATEGIES)),
    help=f"One of {', '.join(STRATEGIES)}.  [default: {default_strategy(FROZEN.default)} with a "
    f"pretrained encoder, {default_strategy(ENCODERS.default)} where one is trained from scratch]",
)
SUBSET = click.option(
    "--subset",
    type=click.IntRange(min=1),
    metavar="N",
    help="Choose among N images drawn at random.  [default: the whole pool, up to 50,000]",
)


TRACK = click.option(
    "--track", metavar="NAME[:PLACE]",
    help="Record the run with tensorboard, mlflow or wandb, in a folder or at a URI.",
)  # fmt: skip


@click.command("train")
@PROJECT
@STRATEGY
@training_options
@click.option(
    "--seed",
    type=int,
    help="Random seed; by default derived from the project's seed and the number of the run.",
)
@TRACK
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def train_command(
    project: Path, seed: int | None, track: str | None, as_json: bool, **values: Any
) -> None:
    """Train a model on the labels of PROJECT. Ctrl+C stops training and keeps the model."""
    from labeller.experiments.trackers import tracking
    from labeller.learning.distributed import leading
    from labeller.loop import rounds

    with running() as run, leading() as leads:
        if not leads:
            return
        method = options_from(values, seed)
        name, settings = project.resolve().name, {**method.names(), **method.recipe.as_dict()}
        with opened(project) as found, tracking(track, name, settings) as tracked:
            trained = rounds.train_round(found, method, tracked.of(run))
            if trained.test_accuracy is not None:
                tracked.log({"accuracy of the model": trained.test_accuracy}, trained.labelled)
    if as_json:
        click.echo(json.dumps(vars(trained)))
        return
    if trained.recipe["batch_size"] < method.recipe.batch_size:
        click.echo(f"memory ran short: trained in batches of {trained.recipe['batch_size']}")
    click.echo(
        f"{trained.state} after {trained.seconds:.0f} s on {trained.labelled} labelled images"
    )
    if trained.compared is not None:
        fine_tuned, linear = trained.compared
        answers = "fine-tuned model" if trained.is_fine_tuned else "linear head"
        click.echo(
            f"expected accuracy: fine-tuned {fine_tuned:.1%}, linear {linear:.1%}; the {answers} "
            "is used"
        )
    if trained.test_accuracy is not None:
        click.echo(f"test accuracy {trained.test_accuracy:.1%}")


@click.command("select")
@PROJECT
@click.option("--count", type=click.IntRange(min=1), required=True, help="Images to choose.")
@STRATEGY
@SUBSET
@DEVICE
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def select_command(
    project: Path, count: int, strategy: str | None, subset: int | None, device: str, as_json: bool
) -> None:
    """Choose the next images to label, print their paths and make them PROJECT's next batch."""
    from labeller.loop import rounds

    with opened(project) as found, running() as run:
        method = Method(device=device, strategy=strategy or "")
        chosen = rounds.select(found, count, method, run, subset)
        paths = [image.path for image in found.images.get(chosen.image_ids)]
    if chosen.strategy == "random" and method.strategy != "random":
        click.echo("This is the first round, so the images were chosen at random.", err=True)
    if as_json:
        click.echo(json.dumps({"round": chosen.number, "selected": paths}))
    else:
        lines = "\n".join(paths)
        click.echo(printable(lines) if sys.stdout.isatty() else lines)


@click.command("predict")
@PROJECT
@click.option(
    "--images",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Other images: a folder, or a .csv with the column 'path'.",
)
@click.option("--output", type=click.Path(path_type=Path), required=True, help="A new .csv file.")
@DEVICE
@click.option(
    "--least",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Minimum confidence.",
)
def predict_command(
    project: Path, images: Path | None, output: Path, device: str, least: float
) -> None:
    """Write the newest model's predictions for unlabelled images of PROJECT, or for other
    images.

    The table has the columns path, label and confidence, most confident first; other images keep
    their order. Nothing is labelled.
    """
    from labeller.loop.external_prediction import predict_images
    from labeller.loop.pool_prediction import write_rest

    with opened(project, lock=False) as found, running() as run:
        if images is not None:
            done = predict_images(found, images, output, device, run)
            bad = f", {done.unreadable} could not be read" if done.unreadable else ""
            click.echo(f"{done.written} images written to {output}{bad}")
            return
        written, rest = write_rest(found, output, least, run)
    click.echo(f"{written} of {rest} images without a label written to {output}")


@click.command("label-rest")
@PROJECT
@click.option(
    "--precision",
    type=click.FloatRange(0.5, 1),
    default=0.95,
    show_default=True,
    help="Target precision of the labels.",
)
@click.option("--annotator", default=user_name, help="Name stored with the action.")
def label_rest_command(project: Path, precision: float, annotator: str) -> None:
    """Let the newest model label the images of PROJECT it is most confident about.

    Its labels are kept separate from people's: exported as the model's with their confidence, never
    trained on, and replaced by any label from a person. One undo removes them all.
    """
    from labeller.loop.pool_prediction import label_rest

    with opened(project) as found, running() as run:
        count, left = label_rest(found, precision, annotator, run)
    click.echo(f"{count} images labelled by the model, {left} left open")


COMMANDS = [
    train_command,
    select_command,
    predict_command,
    label_rest_command,
    recipes_command,
]
