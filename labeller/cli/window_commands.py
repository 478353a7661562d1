"""Commands that open the window."""

from pathlib import Path

import click

from labeller.cli.terminal import running
from labeller.project.creation import open_demo


def show(project: Path | None = None, demo: bool = False, read_only: bool = False) -> None:
    """Open the window; imported late so that the other commands need no Qt."""
    from labeller.window.shell.application import require_display, run

    require_display()
    raise SystemExit(run(project, demo, read_only))


@click.command("open")
@click.argument("project", type=click.Path(path_type=Path))
@click.option(
    "--read-only", is_flag=True, help="Open read-only; another program may have the project open."
)
def open_command(project: Path, read_only: bool) -> None:
    """Open PROJECT in the window; a copy packed by `split` is unpacked beside it first."""
    from labeller.project.project import Project
    from labeller.project.teams import PACKED, unpack_project

    if project.suffix.lower() == PACKED and project.is_file():
        folder = project.with_suffix("")
        project = folder if folder.is_dir() else unpack_project(project, folder)
    # A project that cannot be opened is reported here in one line.
    Project(project, read_only=read_only).close()
    show(project, read_only=read_only)


@click.command("demo")
@click.option("--no-window", is_flag=True, help="Only create the project and print its path.")
def demo_command(no_window: bool) -> None:
    """Open the demo project; the first time, draw its 2,500 images."""
    if no_window:
        with running() as run:
            project = open_demo(run)
        click.echo(project.folder)
        project.close()
    else:
        show(demo=True)


COMMANDS = [open_command, demo_command]
