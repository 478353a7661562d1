"""Commands that make a project, tell of it, and move labels in and out."""

import getpass
import json
from pathlib import Path

import click

from labeller.checking import check
from labeller.cli.terminal import interruptible, progress_bars
from labeller.creation import Request, create, open_complete, rebuild_cache
from labeller.pool.torchvision_sets import NAMES
from labeller.project import DEFAULT_BATCH_SIZE, DEFAULT_RESOLUTION, Project
from labeller.transfer import TITLES, export, import_labels

PROJECT = click.argument("project", type=click.Path(path_type=Path))
SHOWN_UNREADABLE = 20


@click.command("create")
@PROJECT
@click.option(
    "--images",
    required=True,
    metavar="PATH",
    help=f"A folder, a .zip, a .csv with the column 'path', or one of {', '.join(NAMES)}.",
)
@click.option("--classes", metavar="A,B,C", help="Class names in their order.")
@click.option(
    "--truth",
    type=click.Choice(["folders", "csv"]),
    help="Take folder names, or the manifest's column 'label', as hidden truth for the oracle.",
)
@click.option(
    "--labels", type=click.Choice(["folders", "csv"]), help="Take them as labels instead."
)
@click.option("--test", metavar="PATH", help="A labelled held-out set: folder, .zip or .csv.")
@click.option("--root", metavar="PATH", help="Where a torchvision data set lies already.")
@click.option(
    "--resolution",
    default=DEFAULT_RESOLUTION,
    show_default=True,
    help="Side of the images that the model is trained on, in pixels.",
)
@click.option(
    "--batch-size",
    default=DEFAULT_BATCH_SIZE,
    show_default=True,
    help="How many images a round shows.",
)
@click.option("--seed", default=0, show_default=True, help="For everything that is drawn.")
def create_command(project: Path, images: str, classes: str | None, **values: object) -> None:
    """Make a project in the folder PROJECT out of images, which stay where they are.

    An interrupted import goes on when the same command is given again.
    """
    names = () if classes is None else tuple(classes.split(","))
    request = Request(images=images, classes=names, **values)  # type: ignore[arg-type]
    with progress_bars() as report, interruptible() as should_stop:
        made = create(project, request, report, should_stop)
    with made:
        unreadable = made.images.unreadable()
        for path, reason in unreadable[:SHOWN_UNREADABLE]:
            click.echo(f"skipped {path}: {reason}", err=True)
        if len(unreadable) > SHOWN_UNREADABLE:
            more = len(unreadable) - SHOWN_UNREADABLE
            click.echo(f"... and {more} more: see `status --unreadable`", err=True)
        _print_status(made)


@click.command("status")
@PROJECT
@click.option("--json", "as_json", is_flag=True, help="One object, for machines.")
@click.option("--unreadable", is_flag=True, help="List the files that could not be read, and why.")
def status_command(project: Path, as_json: bool, unreadable: bool) -> None:
    """Tell where PROJECT stands."""
    with open_complete(project, lock=False) as opened:
        if unreadable:
            for path, reason in opened.images.unreadable():
                click.echo(f"{path}: {reason}")
        elif as_json:
            click.echo(json.dumps(opened.status().as_dict()))
        else:
            _print_status(opened)


@click.command("check")
@PROJECT
@click.option("--repair-cache", is_flag=True, help="First make the image cache anew.")
def check_command(project: Path, repair_cache: bool) -> None:
    """Check the database, the images and the cache of PROJECT; exit 1 if something is wrong."""
    with (
        progress_bars() as report,
        interruptible() as should_stop,
        open_complete(project, lock=repair_cache) as opened,
    ):
        if repair_cache:
            rebuild_cache(opened, report, should_stop)
        problems = check(opened, report)
    for problem in problems:
        click.echo(problem)
    if problems:
        raise click.exceptions.Exit(1)
    click.echo("No problems found.")


@click.command("import-labels")
@PROJECT
@click.argument("table", metavar="FILE.csv", type=click.Path(path_type=Path))
@click.option("--annotator", default=getpass.getuser, help="Who gave the labels.")
def import_labels_command(project: Path, table: Path, annotator: str) -> None:
    """Take labels from a table with the columns 'path' and 'label'; all of them or none."""
    with open_complete(project) as opened:
        count = import_labels(opened, table, annotator)
    click.echo(f"{count} labels imported")


@click.command("export")
@PROJECT
@click.option("--format", "format_name", type=click.Choice(list(TITLES)), required=True)
@click.option("--output", type=click.Path(path_type=Path), required=True, help="A new name.")
def export_command(project: Path, format_name: str, output: Path) -> None:
    """Write the labels of PROJECT as a table or as folders of images, or its newest model."""
    with open_complete(project, lock=False) as opened:
        told = export(opened, format_name, output)
    click.echo(told)


def _print_status(project: Project) -> None:
    status = project.status()
    names = ", ".join(image_class.name for image_class in project.classes.all())
    accuracy = "not measured"
    if status.test_accuracy is not None:
        accuracy = f"{status.test_accuracy:.1%} on {project.images.counts()['test']} images"
    for title, value in (
        ("project", project.folder),
        ("images", status.images),
        ("classes", f"{status.classes} ({names})"),
        ("labelled", status.labelled),
        ("skipped", status.skipped),
        ("unreadable", status.unreadable),
        ("duplicates", status.duplicates),
        ("rounds", status.rounds),
        ("test accuracy", accuracy),
    ):
        click.echo(f"{title:>14}  {value}")


COMMANDS = [
    create_command,
    status_command,
    check_command,
    import_labels_command,
    export_command,
]
