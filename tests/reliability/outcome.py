"""The outcome of trying a fault, and helpers shared by the faults."""

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from labeller.care.checking import check
from labeller.project.creation import create
from labeller.project.planning import Request
from labeller.project.project import Project
from tests.conftest import fill
from tests.reliability.nursery import ROOT, Child

State = dict[int, int | None]
Process = subprocess.Popen[str] | Child


@dataclass
class Outcome:
    """`lost` has a sentence for each thing that should not have happened."""

    fault: str
    tried: int = 0
    lost: list[str] = field(default_factory=list)
    note: str = ""

    def expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.lost.append(otherwise)

    def row(self) -> str:
        lost = "nothing" if not self.lost else f"**{len(self.lost)}**: {self.lost[0]}"
        return f"| {self.fault} | {self.tried} | {lost} | {self.note} |"


def make_project(folder: Path, each: int = 20) -> Path:
    """A project of three classes with hidden labels and a held-out set, in `folder/project`."""
    images = fill(folder / "images", each)
    test = fill(folder / "held-out", 3, start=500)
    request = Request(str(images), truth="folders", test=str(test), resolution=16, batch_size=30)
    create(folder / "project", request).close()
    return folder / "project"


def label_some(folder: Path) -> State:
    """Label two thirds of a new project; returns its labels."""
    with Project(folder) as project:
        ids = project.images.candidates().tolist()
        truth = project.oracle.reveal(ids)
        for image_id in ids[: 2 * len(ids) // 3]:
            project.labels.assign({image_id: truth[image_id]}, "anna")
        return state(project)


def state(project: Project) -> State:
    """The class of each labelled or skipped (None) image."""
    current = project.labels.current(range(1, project.images.count() + 1))
    return {image_id: label.class_id for image_id, label in current.items()}


def read_state(folder: Path) -> State:
    """The state of a project that is not open."""
    with Project(folder) as project:
        return state(project)


def require_intact(outcome: Outcome, folder: Path, expected: State | None, time: str) -> None:
    """Expect the project to open, `check` to find nothing, and the labels to be as expected."""
    try:
        with Project(folder) as project:
            problems = check(project)
            outcome.expect(not problems, f"{time}: {problems[:1]}")
            if expected is not None:
                outcome.expect(state(project) == expected, f"{time}: the labels differ")
    except Exception as error:  # any error counts as a loss
        outcome.expect(False, f"{time}: {type(error).__name__}: {error}")


@contextmanager
def child(name: str, *arguments: object, env: dict[str, str] | None = None) -> Iterator[Process]:
    """Run a program of tests/reliability/children.py and kill it at the end if it still runs. With
    `env` it runs in a fresh interpreter."""
    words = [name, *map(str, arguments)]
    process: Process
    if env is None:
        process = Child(words)
    else:
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", "tests.reliability.children", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=env,
        )
    try:
        yield process
    finally:
        process.kill()
        if process.stdout is not None and not process.stdout.closed:
            process.communicate()


def kill_after(process: Process, seconds: float) -> bool:
    """`kill -9` after this time; returns whether the process was still running."""
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def wait_for(process: Process, word: str) -> None:
    assert process.stdout is not None
    line = process.stdout.readline()
    if line.strip() != word:
        process.kill()
        raise AssertionError(f"expected {word!r}, got {line!r}: {process.communicate()[1]}")


def copies(original: Path, folder: Path, times: int) -> Iterator[tuple[int, Path]]:
    """A fresh copy of a project for each try, removed again."""
    for number in range(times):
        copy = folder / f"try-{number}"
        shutil.copytree(original, copy)
        yield number, copy
        shutil.rmtree(copy)


def random_times(seed: int, times: int, longest: float) -> list[float]:
    """Random times between 0 and `longest` seconds."""
    rng = random.Random(seed)
    return [rng.uniform(0, longest) for _ in range(times)]
