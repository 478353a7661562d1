"""Commands for people who label one pool apart."""

from pathlib import Path

import click

from labeller.cli.project_commands import PROJECT
from labeller.cli.terminal import opened, progress_bars, say
from labeller.project.project import explaining
from labeller.project.teams import merge, split


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
            self.fail(f"'{value}' is no percentage, such as 10%.", param, ctx)
        return share


@click.command("split")
@PROJECT
@click.option("--among", required=True, metavar="A,B,...", help="Who gets a copy.")
@click.option(
    "--output", required=True, type=click.Path(path_type=Path), help="A new folder for the copies."
)
@click.option(
    "--overlap",
    type=Percent(),
    default="0%",
    show_default=True,
    help="Share of the open images that everybody gets, to see how far they agree.",
)
@click.option("--images", is_flag=True, help="Put the images into the copies.")
@click.option("--pack", is_flag=True, help="One .zip for each; `labeller open` unpacks it.")
@click.option("--seed", default=0, show_default=True, help="Of who gets which images.")
def split_command(
    project: Path, among: str, output: Path, overlap: float, images: bool, pack: bool, seed: int
) -> None:
    """Make a copy of PROJECT for each of several people, each with a share of the open images."""
    names = [name.strip() for name in among.split(",") if name.strip()]
    with progress_bars() as report, opened(project) as found:
        parts = split(found, names, output, overlap, images, pack, seed, report)
    for part in parts:
        say(f"{part.name}: {part.images} open images in {part.place}")


@click.command("merge")
@PROJECT
@click.argument("others", nargs=-1, required=True, type=click.Path(path_type=Path))
def merge_command(project: Path, others: tuple[Path, ...]) -> None:
    """Take the labels of copies of PROJECT in, with who gave them and when.

    What is known already is not taken twice. Where people differ, the newest label counts until
    somebody decides (*Go → Agreement* in the window).
    """
    with opened(project) as found:
        for other in others:
            with explaining(other):
                taken = merge(found, other)
            say(f"{other}: {taken.actions} actions about {taken.images} images taken in")
            if taken.unknown:
                click.echo(f"{taken.unknown} labels are of images that are not here", err=True)
    if taken.differing:
        click.echo(f"people differ about {taken.differing} images", err=True)


COMMANDS = [split_command, merge_command]
