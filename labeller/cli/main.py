"""The group of commands, and what becomes of errors."""

import logging
import os
import sys
from collections.abc import Sequence

import click

from labeller import __version__
from labeller.cli import (
    experiment_commands,
    learning_commands,
    project_commands,
    window_commands,
)
from labeller.cli.terminal import say
from labeller.core import log
from labeller.core.errors import LabellerError, unforeseen
from labeller.project.project import explain_database_error

PROGRAM = "labeller"


class Program(click.Group):
    """Turns the errors that are meant for people into one line and exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            # The reader of our output has gone (`labeller select … | head`).
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(1) from None
        except Exception as error:
            if ctx.find_root().meta.get("debug"):
                raise
            say(f"{PROGRAM}: {_sentence(error)}", err=True)
            raise click.exceptions.Exit(1) from None


def _sentence(error: Exception) -> str:
    if isinstance(error, LabellerError):
        return f"{error}{_options(error.settings)}"
    if explained := explain_database_error(error):
        return str(explained)
    logging.getLogger(__name__).error("a command failed", exc_info=error)
    return str(unforeseen(error))


def _options(settings: Sequence[str]) -> str:
    """The options that stand for settings which an error names."""
    flags = [f"--{name.replace('_', '-')}" for name in settings]
    return f" ({' or '.join(flags)})" if flags else ""


def _require_streams() -> None:
    """Where a standard stream was closed, the next file that is opened would take its number, and
    what is printed would go into it."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, closefd=False))  # noqa: SIM115 it stays open


def _remember_debug(ctx: click.Context, option: click.Parameter, value: bool) -> None:
    if value:
        ctx.find_root().meta["debug"] = True


def _debug_option() -> click.Option:
    return click.Option(
        ["--debug"],
        is_flag=True,
        expose_value=False,
        callback=_remember_debug,
        help="Show the traceback of an error.",
    )


@click.group(cls=Program, invoke_without_command=True, params=[_debug_option()])
@click.version_option(__version__, prog_name=PROGRAM)
@click.pass_context
def program(ctx: click.Context) -> None:
    """Label images while a model learns beside you and picks the ones worth labelling.

    Without a command, the window opens on its welcome page.
    """
    if ctx.invoked_subcommand is None:
        window_commands.show()


for _module in (window_commands, project_commands, learning_commands, experiment_commands):
    for _command in _module.COMMANDS:
        _command.params.append(_debug_option())
        program.add_command(_command)


def main() -> None:
    """Run the program with the arguments it was started with."""
    _require_streams()
    log.start()
    program(prog_name=PROGRAM)
