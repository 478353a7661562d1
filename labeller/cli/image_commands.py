"""Commands about the images of a project: listing, moving and forgetting them."""

import json
from pathlib import Path

import click

from labeller.cli.project_commands import PROJECT
from labeller.cli.terminal import opened, running, say
from labeller.core.locations import user_name
from labeller.project.curation import bring_back, forget_images, missing_images
from labeller.project.moving import locate
from labeller.store.review import ALL, ORDERS, Question


@click.command("images", context_settings={"ignore_unknown_options": True})
@PROJECT
@click.argument("filters", nargs=-1, metavar="[FILTER]...")
@click.option(
    "--order",
    type=click.Choice(ORDERS),
    default="imported",
    show_default=True,
    help="Order of the list.",
)
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Print at most N images.")
@click.option("--count", is_flag=True, help="Print only how many there are.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object for each image.")
def images_command(
    project: Path,
    filters: tuple[str, ...],
    order: str,
    limit: int | None,
    count: bool,
    as_json: bool,
) -> None:
    """List the images of PROJECT that meet all filters.

    A filter is part of a file name, or one of name, folder, class, suggested, is, source, by, date,
    round, confidence, note, width, height, size and split with a value: class:cat,dog is:unlabelled
    "confidence<0.6" "size>1MB". A minus negates: -is:checked
    """
    for each in filters:
        if each.startswith("--"):  # unknown options arrive as filters
            raise click.NoSuchOption(each)
    with opened(project, read_only=True) as found:
        question = Question(ALL, order=order, text=" ".join(filters))
        if count:
            click.echo(found.review.count(question))
            return
        ids = [int(image_id) for image_id in found.review.find(question, limit)]
        images = found.images.get(ids)
        if not as_json:
            for image in images:
                say(image.path)
            return
        labels = found.labels.current(ids)
        names = {each.id: each.name for each in found.classes.all(archived=True)}
        for image in images:
            label = labels.get(image.id)
            click.echo(
                json.dumps(
                    {
                        "path": image.path,
                        "file": str(image.file),
                        "label": names.get(label.class_id or 0) if label else None,
                        "annotator": label.annotator if label else None,
                        "width": image.width,
                        "height": image.height,
                    }
                )
            )


@click.command("locate")
@PROJECT
@click.option(
    "--images",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Where the images are now.",
)
def locate_command(project: Path, images: Path) -> None:
    """Find moved images of PROJECT by their content and names, even if only some of them moved."""
    with running() as run, opened(project) as found:
        done = locate(found, images, run)
    if not done.found and not done.missing:
        click.echo("no image is missing")
        return
    rest = f"; still missing: {done.missing}" if done.missing else ""
    click.echo(f"{done.found} images found{rest}")


@click.command("forget")
@PROJECT
@click.argument("paths", nargs=-1, metavar="[IMAGE]...")
@click.option("--missing", is_flag=True, help="All images whose files are missing.")
@click.option("--restore", "back", is_flag=True, help="Bring forgotten images back instead.")
@click.option("--annotator", default=user_name, help="Name stored with the action.")
def forget_command(
    project: Path, paths: tuple[str, ...], missing: bool, back: bool, annotator: str
) -> None:
    """Remove images from PROJECT by their paths: they are no longer offered, trained on, checked or
    exported, and lose their labels. No file is touched.

    Ctrl+Z in the window undoes this with the labels; --restore brings images back without them.
    """
    if bool(paths) == missing:
        raise click.UsageError("Name images, or give --missing.")
    if back and missing:
        raise click.UsageError("Give either --missing or --restore.")
    with opened(project) as found:
        if missing:
            ids = missing_images(found)
        else:
            finder = found.images.finder(("pool", "test"), found.images.forgotten() if back else ())
            ids = [finder.find(path, Path.cwd()) for path in paths]
        count = (bring_back if back else forget_images)(found, ids, annotator)
    images = "1 image" if count == 1 else f"{count} images"
    click.echo(f"{images} {'brought back' if back else 'forgotten'}")


COMMANDS = [images_command, locate_command, forget_command]
