"""Progress bars, Ctrl+C and option types shared by the commands."""

import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from labeller.core.run import Progress, Report, Run, ShouldStop

if TYPE_CHECKING:
    from labeller.project.project import Project

_CONTROL = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff]"
)


def say(text: object, err: bool = False) -> None:
    """Print text that may contain names of files and classes, without the terminal escape sequences
    that somebody else's names could contain."""
    click.echo(printable(str(text)), err=err)


def printable(text: str) -> str:
    """The text without control sequences, but with its lines and tabs."""
    return _CONTROL.sub("\ufffd", text)


@contextmanager
def opened(project: Path, lock: bool = True, read_only: bool = False) -> "Iterator[Project]":
    """An open project whose import is finished; notices go to stderr. Without `lock`, a project
    that cannot be written is opened for reading."""
    from labeller.project.creation import open_beside, open_complete

    beside = not lock and not read_only
    with open_beside(project) if beside else open_complete(project, lock, read_only) as found:
        for notice in found.notices:
            say(f"note: {notice}.", err=True)
        yield found
        for notice in found.journal.newest_notices():
            say(f"note: {notice}", err=True)


def warn_unmeasured(project: "Project") -> None:
    """Warn before a simulation if its accuracy cannot be measured."""
    if not len(project.oracle.test_set()[0]):
        say("note: without held-out images no accuracy is measured (`create --test`).", err=True)


@contextmanager
def running() -> Iterator[Run]:
    """A `Run` that draws progress bars and ends at Ctrl+C."""
    with _progress_bars() as report, _interruptible() as should_stop:
        yield Run(report=report, should_stop=should_stop)


@contextmanager
def _progress_bars() -> Iterator[Report]:
    """A `Report` that draws a progress bar per stage on stderr, or prints plain lines if stderr is
    a file."""
    shown: dict[str, Any] = {}
    interactive = sys.stderr is not None and sys.stderr.isatty()

    def finish() -> None:
        if shown and interactive:
            shown["bar"].render_finish()
        shown.clear()

    def report(progress: Progress) -> None:
        if shown.get("title") != progress.title:
            finish()
            bar = click.progressbar(
                length=progress.total, label=progress.title, file=sys.stderr, show_pos=True,
                item_show_func=lambda note: note,
            )  # fmt: skip
            shown.update(title=progress.title, bar=bar, note=None)
            if not interactive:
                click.echo(f"{progress.title} ...", err=True)
        if (metrics := progress.metrics) is not None:
            shown["note"] = metrics.summary()
            if not interactive:
                click.echo(f"  {shown['note']}", err=True)
        if interactive:
            bar = shown["bar"]
            bar.update(progress.done - bar.pos, shown["note"])

    try:
        yield report
    finally:
        finish()


@contextmanager
def _interruptible() -> Iterator[ShouldStop]:
    """A `ShouldStop` set by Ctrl+C, so that work ends cleanly; a second Ctrl+C ends at once."""
    pressed = threading.Event()

    def press(number: int, frame: FrameType | None) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()
        click.echo("\nStopping ... (Ctrl+C again ends at once)", err=True)

    before = signal.signal(signal.SIGINT, press)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)


class LateChoice(click.ParamType):
    """A choice whose names are looked up only when the option is used, to start quickly."""

    name = "name"

    def __init__(self, names: Callable[[], list[str]]) -> None:
        self._names = names

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        names = self._names()
        if value not in names:
            self.fail(f"'{value}' is not one of {', '.join(names)}.", param, ctx)
        return str(value)


class ManySeeds(click.Command):
    """Accepts `--seed 0 1 2` for `--seed 0 --seed 1 --seed 2`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        spread: list[str] = []
        in_seeds = False
        for argument in args:
            if in_seeds and argument.isdecimal() and spread[-1] != "--seed":
                spread.append("--seed")
            elif argument == "--seed":
                in_seeds = True
            elif not argument.isdecimal():
                in_seeds = False
            spread.append(argument)
        return super().parse_args(ctx, spread)
