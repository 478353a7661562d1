"""Commands for people who label one pool separately."""

from pathlib import Path

import click

from labeller.cli.project_commands import PROJECT
from labeller.cli.terminal import opened, running, say
from labeller.core.errors import LabellerError, quoted
from labeller.core.locations import user_name
from labeller.project import guidelines
from labeller.project.project import Project, explaining
from labeller.project.teams import Taken, merge, split


class Percent(click.ParamType):
    """`10%` or `0.1`."""

    name = "percent"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        text = str(value).strip()
        try:
            share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            self.fail(f"'{value}' is not a percentage such as 10%.", param, ctx)
        return share


@click.command("split")
@PROJECT
@click.option(
    "--among",
    required=True,
    metavar="A,B,...",
    help="Comma-separated names of the people who get a copy.",
)
@click.option(
    "--output", required=True, type=click.Path(path_type=Path), help="A new folder for the copies."
)
@click.option(
    "--overlap",
    type=Percent(),
    default="0%",
    show_default=True,
    help="Share of the images that everybody gets, to measure agreement.",
)
@click.option("--images", is_flag=True, help="Include the images in the copies.")
@click.option(
    "--pack", is_flag=True, help="Write a .zip for each person; `labeller open` unpacks it."
)
@click.option("--seed", default=0, show_default=True, help="Random seed of the assignment.")
def split_command(
    project: Path, among: str, output: Path, overlap: float, images: bool, pack: bool, seed: int
) -> None:
    """Make a copy of PROJECT for each of several people, each with part of the unlabelled
    images."""
    names = [name.strip() for name in among.split(",") if name.strip()]
    with running() as run, opened(project) as found:
        parts = split(found, names, output, overlap, images, pack, seed, run)
    for part in parts:
        say(f"{part.name}: {part.images} open images in {part.place}")


@click.command("merge")
@PROJECT
@click.argument("others", nargs=-1, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--undo", is_flag=True, help="Undo the last merge.")
@click.option("--annotator", default="", help="With --undo: name stored with the action.")
def merge_command(
    project: Path, others: tuple[Path, ...], dry_run: bool, undo: bool, annotator: str
) -> None:
    """Merge the labels of copies of PROJECT, with who gave them and when.

    Nothing is merged twice. Somebody who had seen a label and changed it wins, whatever the clocks
    say. If people disagree independently, the later label counts until somebody decides (*Go →
    Agreement* in the window). The project is backed up first; --undo removes everything that came
    with the last merge and keeps what was done since.
    """
    if undo == bool(others):
        raise click.UsageError("Name copies to merge, or give --undo without any.")
    with opened(project) as found:
        if undo:
            _undo(found, annotator)
            return
        for other in others:
            with explaining(other):
                taken = merge(found, other, dry_run)
            _tell(other, taken, dry_run)
    if taken.differing:
        click.echo(f"people disagree about {taken.differing} images", err=True)


def _undo(project: Project, annotator: str) -> None:
    changed = project.undo_merge(annotator)
    if changed is None:
        raise LabellerError("There is no merge to undo.")
    say(f"the last merge was undone; the labels of {len(changed)} images have changed")


def _tell(other: Path, taken: Taken, dry_run: bool) -> None:
    would = "would be merged" if dry_run else "merged"
    say(f"{other}: {taken.actions} actions about {taken.images} images {would}")
    for name, count in sorted(taken.people.items()):
        if name:
            say(f"  {quoted(name)}: {count} actions")
    counts = {
        "images labelled": taken.labelled,
        "labels changed": taken.changed,
        "labels removed": taken.emptied,
    }
    for what, count in counts.items():
        if count:
            say(f"  {what}: {count}")
    for what, names in (("new classes", taken.new_classes), ("archived", taken.archived)):
        if names:
            say(f"  {what}: {quoted(', '.join(names))}")
    for before, after in taken.renamed:
        say(f"  renamed: {quoted(before)} → {quoted(after)}")
    if taken.unknown:
        click.echo(f"{taken.unknown} labels are for images not in this project", err=True)


@click.command("guidelines")
@PROJECT
@click.option(
    "--set",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE.md",
    help="Use the text of this file; pictures that it shows are copied into the project.",
)
@click.option(
    "--annotator", default=user_name, metavar="NAME", help="Who writes them.  [default: you]"
)
def guidelines_command(project: Path, file: Path | None, annotator: str) -> None:
    """Print the guidelines of PROJECT as Markdown, or replace them.

    `export --guidelines` writes them with their pictures and a section for each class.
    """
    if file is None:
        with opened(project, read_only=True) as found:
            text = found.guidelines.get().rstrip()
        say(text or "There are no guidelines yet.", err=not text)
        return
    with opened(project) as found:
        found.guidelines.set(guidelines.read(found, file), annotator)
    say("The guidelines were replaced.", err=True)


COMMANDS = [split_command, merge_command, guidelines_command]
