"""Commands that create, inspect and repair a project."""

import json
from dataclasses import replace
from pathlib import Path

import click

from labeller.care.checking import check, write_report
from labeller.care.progress import write_progress
from labeller.care.recovery import change_history, repair, restore
from labeller.cli.terminal import opened, running, say
from labeller.core.errors import LabellerError
from labeller.core.intervals import ANSWERS, BY_AUDIT, BY_LABELS, HELD_OUT
from labeller.exchange.formats import FORMATS
from labeller.loop.estimates import estimates, hardly_rises, summary
from labeller.pool.decode import MEGAPIXELS as DEFAULT_MEGAPIXELS
from labeller.project.creation import create, read_again
from labeller.project.growing import add_images, add_new
from labeller.project.image_reading import ACCEPT, LEAVE_OUT
from labeller.project.planning import Request
from labeller.project.project import DEFAULT_BATCH_SIZE, DEFAULT_RESOLUTION, Project
from labeller.store.backups import backups

PROJECT = click.argument("project", type=click.Path(path_type=Path))
SHOWN_UNREADABLE = 20
GREY = click.option(
    "--grey",
    type=(float, float),
    metavar="BLACK WHITE",
    help="Values shown as black and white in images with more than 8 bits.  "
    "[default: each file's own range]",
)
MEGAPIXELS = click.option(
    "--megapixels",
    type=int,
    metavar="N",
    help=f"Read images of up to this many million pixels.  [default: {DEFAULT_MEGAPIXELS}]",
)
CHANNELS = click.option(
    "--channels",
    metavar="LIST",
    help="Channels of TIFFs to show: 3,2,1 for red, green and blue, or with colours and ranges, "
    "1=red:0:4095,2=cyan.  [default: files of one, three or four channels as they are]",
)
PAGES = click.option(
    "--pages",
    type=click.Choice(["first", "all"]),
    default="first",
    show_default=True,
    help="Which pages or frames of a file become images.",
)
UNSORTED = click.option(
    "--unsorted",
    multiple=True,
    metavar="NAME",
    help="A folder, or value in the column 'label', that is not a class: its "
    "images are unlabelled.",
)
COPIES = " (copies are not offered, and a label counts only for its own image)"
ESTIMATED_FROM = {
    BY_AUDIT: "measured by an audit",
    BY_LABELS: "by cross-validation on the labels",
    ANSWERS: "by how often suggestions became the label",
}


@click.command("create")
@PROJECT
@click.option(
    "--images",
    required=True,
    metavar="PATH",
    help="A folder, a .zip, a .csv with the column 'path', or a set that `labeller sets` lists.",
)
@click.option(
    "--classes",
    metavar="A,B,C",
    help="Comma-separated class names, in order.  [default: names of folders, or none yet]",
)
@click.option(
    "--class",
    "named",
    multiple=True,
    metavar="NAME",
    help="A class name; repeat for each. Use this for names with commas.",
)
@click.option(
    "--truth",
    type=click.Choice(["folders", "csv"]),
    help="Use folder names, or the table's column 'label', as hidden labels for the oracle.",
)
@click.option("--labels", type=click.Choice(["folders", "csv"]), help="Use them as labels instead.")
@click.option("--test", metavar="PATH", help="A labelled held-out set: folder, .zip or .csv.")
@click.option(
    "--root", metavar="PATH", help="Where a data set of that list has already been downloaded."
)
@click.option(
    "--resolution",
    default=DEFAULT_RESOLUTION,
    show_default=True,
    help="Side length in pixels of the images that a whole network is trained on.",
)
@click.option(
    "--batch-size", default=DEFAULT_BATCH_SIZE, show_default=True, help="Images per round."
)
@click.option("--seed", default=0, show_default=True, help="Random seed.")
@click.option(
    "--zip-encoding",
    metavar="NAME",
    help="Encoding of file names in a .zip, such as gbk or shift_jis.  [default: guessed]",
)
@click.option(
    "--splits/--no-splits",
    default=True,
    help="Hold out folders called test and validation, or treat them as classes.  "
    "[default: hold them out]",
)
@UNSORTED
@PAGES
@click.option(
    "--format",
    type=click.Choice([name for name, one in FORMATS.items() if one.reads]),
    help="Read --images as another program's data set (see `labeller formats`).",
)
@GREY
@MEGAPIXELS
@CHANNELS
@click.option(
    "--skip-missing",
    is_flag=True,
    help="Leave out images that have disappeared since the import began, instead "
    "of waiting for them.",
)
def create_command(
    project: Path,
    images: str,
    classes: str | None,
    named: tuple[str, ...],
    skip_missing: bool,
    pages: str,
    grey: tuple[float, float] | None,
    megapixels: int | None,
    channels: str | None,
    **values: object,
) -> None:
    """Create a project in the folder PROJECT from images, which stay where they are.

    Run the same command again to resume an interrupted import.
    """
    names = (*(() if classes is None else classes.split(",")), *named)
    request = Request(
        images=images,
        classes=names,
        all_pages=pages == "all",
        grey=grey,
        megapixels=DEFAULT_MEGAPIXELS if megapixels is None else megapixels,
        channels=channels or "",
        **values,  # type: ignore[arg-type]
    )
    with running() as run:
        made = create(project, request, run, skip_missing)
    with made:
        unreadable = made.images.unreadable()
        for path, reason in unreadable[:SHOWN_UNREADABLE]:
            say(f"skipped {path}: {reason}", err=True)
        if len(unreadable) > SHOWN_UNREADABLE:
            more = len(unreadable) - SHOWN_UNREADABLE
            click.echo(f"... and {more} more: see `status --unreadable`", err=True)
        for note in made.import_notes:
            say(f"note: {note}", err=True)
        _print_status(made)


@click.command("read-again")
@PROJECT
@GREY
@click.option("--grey-by-file", is_flag=True, help="Show each file in its own range.")
@MEGAPIXELS
@CHANNELS
@click.option(
    "--changed",
    type=click.Choice([ACCEPT, LEAVE_OUT]),
    help="Accept images whose files changed after the import and ask for their "
    "labels again, or leave them out until the files are restored.",
)
def read_again_command(
    project: Path,
    grey: tuple[float, float] | None,
    grey_by_file: bool,
    megapixels: int | None,
    channels: str | None,
    changed: str | None,
) -> None:
    """Retry the images of PROJECT that could not be read, and reread those affected by changed
    settings. Labels, batches and models stay, except for images that --changed accepts."""
    if grey is not None and grey_by_file:
        raise click.UsageError("Give either --grey or --grey-by-file.")
    with opened(project, read_only=True) as found:
        reading = found.reading
    reading = replace(reading, true_colour=True)
    if grey is not None or grey_by_file:
        reading = replace(reading, grey=grey)
    if megapixels is not None:
        reading = replace(reading, megapixels=megapixels)
    if channels is not None:
        reading = replace(reading, channels=channels.strip())
    with running() as run:
        count = read_again(project, reading, run, changed)
    with opened(project, read_only=True) as found:
        for path, reason in found.images.unreadable()[:SHOWN_UNREADABLE]:
            say(f"skipped {path}: {reason}", err=True)
    click.echo(f"images read again: {count}")


@click.command("add")
@PROJECT
@click.option("--images", metavar="PATH", help="A folder, a .zip or a .csv, as for `create`.")
@click.option("--new", is_flag=True, help="Add images that have appeared in its folders.")
@click.option(
    "--truth", type=click.Choice(["folders", "csv"]), help="Hidden labels of the new images."
)
@click.option(
    "--labels", type=click.Choice(["folders", "csv"]), help="Given labels of the new images."
)
@click.option("--zip-encoding", metavar="NAME", help="As for `create`.")
@click.option("--splits/--no-splits", default=True, help="As for `create`.")
@UNSORTED
@PAGES
def add_command(
    project: Path,
    images: str | None,
    new: bool,
    truth: str | None,
    labels: str | None,
    zip_encoding: str | None,
    splits: bool,
    unsorted: tuple[str, ...],
    pages: str,
) -> None:
    """Add images to PROJECT. Labels and batches stay; existing images are not added again."""
    if (images is None) != new:
        raise click.UsageError("Give either --images or --new.")
    if truth and labels:
        raise click.UsageError("Give either --truth or --labels.")
    with running() as run:
        if images is None:
            done = add_new(project, run)
        else:
            request = Request(
                images, truth=truth, labels=labels, zip_encoding=zip_encoding, splits=splits,
                all_pages=pages == "all", unsorted=unsorted,
            )  # fmt: skip
            done = add_images(project, request, run)
    known = f", {done.known} already in the project" if done.known else ""
    click.echo(f"{done.added} images added{known}")
    with opened(project, read_only=True) as found:
        for note in found.import_notes if done.added else []:
            say(f"note: {note}", err=True)
        for path, reason in found.images.unreadable()[:SHOWN_UNREADABLE]:
            say(f"skipped {path}: {reason}", err=True)


@click.command("status")
@PROJECT
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--unreadable", is_flag=True, help="List the files that could not be read, and why.")
def status_command(project: Path, as_json: bool, unreadable: bool) -> None:
    """Show the state of PROJECT."""
    with opened(project, read_only=True) as found:
        if unreadable:
            for path, reason in found.images.unreadable():
                say(f"{path}: {reason}")
        elif as_json:
            click.echo(json.dumps(found.status().as_dict() | summary(found)))
        else:
            _print_status(found)


@click.command("check")
@PROJECT
@click.option("--repair", "mend", is_flag=True, help="First rebuild what can be rebuilt.")
def check_command(project: Path, mend: bool) -> None:
    """Check the database, the log of labels, the images and the caches of PROJECT.

    Exits with 1 if something is wrong. --repair rebuilds indexes, the image cache and thumbnails
    and says what it did; it never touches labels.
    """
    with running() as run, opened(project, lock=mend, read_only=not mend) as found:
        done = repair(found, run) if mend else []
        problems = check(found, run)
    for sentence in (*done, *problems):
        say(sentence)
    if problems:
        raise click.exceptions.Exit(1)
    click.echo("No problems found.")


@click.command("restore")
@PROJECT
@click.option("--backup", "name", metavar="NAME", help="The backup to restore.")
@click.option("--exactly", is_flag=True, help="Do not add the labels given since then.")
@click.option(
    "--history", metavar="ID", help="Switch to a history in the journal, as named by `check`."
)
@click.option(
    "--force", is_flag=True, help="Restore a backup even if it belongs to another project."
)
def restore_command(
    project: Path, name: str | None, exactly: bool, history: str | None, force: bool
) -> None:
    """List the backups of PROJECT, or restore one of them.

    Labels given since then are added from the journal. The current database is kept as a backup.
    """
    if name is not None and history is not None:
        raise click.UsageError("Give either --backup or --history.")
    if name is not None:
        say(restore(project, name, exactly, force))
        return
    if history is not None:
        say(change_history(project, history))
        return
    found = backups(project)
    if not found:
        raise LabellerError("{project} has no backups.", project=project)
    for backup in found:
        size = backup.path.stat().st_size / 1e6
        click.echo(f"{backup.name}  {backup.at:%Y-%m-%d %H:%M} UTC  {size:.1f} MB")


@click.command("report")
@click.argument("output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--project",
    type=click.Path(path_type=Path),
    help="The project. An archive contains only its schema and the sizes of its tables.",
)
@click.option("--html", is_flag=True, help="Write a page about the progress of the project.")
@click.option("--force", is_flag=True, help="Overwrite the file.")
def report_command(output: Path, project: Path | None, html: bool, force: bool) -> None:
    """Bundle versions, logs and a schema in an archive for a bug report, without images or labels;
    or, with --html, write a page about a project's progress for people waiting for its labels."""
    if html and project is None:
        raise click.UsageError("--html needs --project.")
    if project is None:
        write_report(output, replace=force)
    else:
        with Project(project, read_only=True) as found:
            if html:
                write_progress(output, found, force)
            else:
                write_report(output, found, force)
    if html:
        click.echo(f"written to {output}")
    else:
        click.echo(f"written to {output}; check its contents before you send it")


def _print_status(project: Project) -> None:
    status = project.status()
    names = ", ".join(image_class.name for image_class in project.classes.all())
    accuracy = "not measured"
    if status.test_accuracy is not None:
        accuracy = f"{status.test_accuracy:.1%} on {project.images.counts()['test']} images"
    lines = [
        ("project", project.folder),
        ("images", status.images),
        ("classes", f"{status.classes} ({names})" if names else "none yet"),
        ("labelled", status.labelled),
        ("skipped", status.skipped),
        ("unreadable", status.unreadable),
        ("duplicates", f"{status.duplicates}{COPIES if status.duplicates else ''}"),
        ("rounds", status.rounds),
        ("test accuracy", accuracy),
    ]
    if status.by_model:
        lines.append(("by the model", status.by_model))
    known = estimates(project)
    if known and known[-1].source != HELD_OUT:
        last = known[-1]
        lines.append(
            ("accuracy about", f"{last.accuracy:.0%} ({last.low:.0%} to {last.high:.0%}, 90 % "
             f"interval), {ESTIMATED_FROM[last.source]}")
        )  # fmt: skip
    if hardly_rises(known):
        lines.append(("more labels", "hardly help any more"))
    for title, value in lines:
        say(f"{title:>14}  {value}")


COMMANDS = [
    create_command,
    read_again_command,
    add_command,
    status_command,
    check_command,
    restore_command,
    report_command,
]
