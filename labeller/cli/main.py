"""The group of commands, and error handling."""

import logging
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from labeller import __version__
from labeller.core.errors import LabellerError, unforeseen

PROGRAM = "labeller"
MODULES = {
    "window_commands": ("open", "demo"),
    "project_commands": (
        "create", "read-again", "add", "status", "check", "restore", "report",
    ),
    "image_commands": ("images", "locate", "forget"),
    "exchange_commands": ("import-labels", "export", "formats"),
    "team_commands": ("split", "merge", "guidelines"),
    "learning_commands": ("train", "select", "predict", "label-rest", "recipes"),
    "experiment_commands": ("simulate", "compare"),
    "comparison_commands": ("compare-methods",),
    "paper_commands": ("paper", "sets"),
}  # fmt: skip
"""Modules of the commands, imported when a command is used."""


class Program(click.Group):
    """Finds commands, and turns errors meant for people into one line and exit code 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(name for names in MODULES.values() for name in names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = next((m for m, names in MODULES.items() if cmd_name in names), None)
        if module is None:
            return None
        known = import_module(f"labeller.cli.{module}").COMMANDS
        command: click.Command = next(each for each in known if each.name == cmd_name)
        if not any(each.name == "debug" for each in command.params):
            command.params.append(_debug_option())
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            # The reader of our output has exited (`labeller select … | head`).
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(1) from None
        except Exception as error:
            if ctx.find_root().meta.get("debug"):
                raise
            from labeller.cli.terminal import say

            say(f"{PROGRAM}: {_sentence(error)}", err=True)
            raise click.exceptions.Exit(1) from None


def _sentence(error: Exception) -> str:
    if isinstance(error, LabellerError):
        text = str(error)
        stopped = text if text.endswith((".", "!", "?", "…")) else f"{text}."
        return f"{stopped}{_options(error.settings)}"
    from labeller.project.project import explain_database_error

    if explained := explain_database_error(error):
        return str(explained)
    logging.getLogger(__name__).error("a command failed", exc_info=error)
    return str(unforeseen(error))


def _options(settings: Sequence[str]) -> str:
    """The options for the settings that an error names, in brackets to follow its message."""
    if not settings:
        return ""
    from labeller.cli.recipe_options import settable

    flags = [
        f"--set {name}=..." if name in settable() else f"--{name.replace('_', '-')}"
        for name in settings
    ]
    return f" ({' or '.join(flags)})"


def _require_streams() -> None:
    """Replace closed standard streams: the next opened file would get their number, and output
    would go into it."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number
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
        help="Show tracebacks of errors.",
    )


@click.group(cls=Program, invoke_without_command=True, params=[_debug_option()])
@click.version_option(__version__, prog_name=PROGRAM)
@click.pass_context
def program(ctx: click.Context) -> None:
    """Label images while a model learns beside you and picks the ones worth labelling.

    Without a command, the window opens on its welcome page.
    """
    if ctx.invoked_subcommand is None:
        from labeller.cli.window_commands import show

        show()


def main() -> None:
    """Run the program with its command-line arguments."""
    from labeller.core import log

    _require_streams()
    log.start()
    program(prog_name=PROGRAM)
