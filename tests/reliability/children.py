"""Programs to be killed, starved or locked out: `python -m tests.reliability.children NAME ...`.

They print "ready" when the work begins; what they print afterwards was shown on screen.
"""

import json
import os
import random
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from labeller.core.errors import LabellerError
from labeller.project.project import Project

UNKNOWN = 54321
"""A user id that exists on no system."""
FAST = {"epochs": 3, "steps_per_epoch": 3, "batch_size": 32, "queue_size": 64}


def label(folder: str, seed: str) -> None:
    """Label, skip, clear, undo and redo as fast as possible. Each line lists the batch's labels at
    the moment the window is told to show them."""
    from PySide6.QtCore import QCoreApplication

    from labeller.window.labelling import actions  # noqa: F401  sentences name their keys
    from labeller.window.labelling.changes import Changes
    from labeller.window.labelling.session import Session

    QCoreApplication([])
    session = Session(Project(Path(folder)))
    changes = Changes(session)
    session.failed.connect(lambda sentence: say("failed", sentence))

    def shown(_: object) -> None:
        say("shown", {i: x.class_id for i, x in session.batch.labels.items()})

    session.labels_changed.connect(shown)
    rng = random.Random(int(seed))
    say("ready")
    while True:
        places = rng.sample(range(len(session.images)), rng.choice((1, 1, 1, 5)))
        rng.choice(
            [lambda: changes.label(places, rng.randrange(3))] * 6  # noqa: B023
            + [lambda: changes.skip(places), lambda: changes.clear(places)]  # noqa: B023
            + [changes.undo, changes.redo]
        )()


def label_in_order(folder: str, first: str, count: str) -> None:
    """Label one image after the other, then wait with the project open."""
    with Project(Path(folder)) as project:
        for image_id in range(int(first), int(first) + int(count)):
            project.labels.assign({image_id: image_id % 3 + 1}, "anna")
        say("done")
        sys.stdin.read()


def merge(folder: str) -> None:
    """Undo and redo a merge of classes forever."""
    with Project(Path(folder)) as project:
        say("ready")
        while True:
            if project.labels.can_redo:
                project.labels.redo("anna")
            project.labels.undo("anna")


def homeless(*arguments: str) -> None:
    """Run the command line as a user unknown to the system, without a home folder."""
    import mmap  # noqa: F401

    import click._termui_impl  # noqa: F401  that user may not be able to read the packages

    import labeller.core.log
    import labeller.project.project  # noqa: F401
    from labeller.cli import main
    from labeller.cli.main import program

    for name in program.list_commands(None):  # type: ignore[arg-type]
        program.get_command(None, name)  # type: ignore[arg-type]
    for name in ("HOME", "LABELLER_DATA", "USER", "LOGNAME", "LNAME", "USERNAME"):
        os.environ.pop(name, None)
    if os.getuid() == 0:
        os.setgid(UNKNOWN)
        os.setuid(UNKNOWN)
    sys.argv = ["labeller", *arguments]
    main()


def decode(image: str) -> None:
    """Decode an image and print its peak memory in MiB beyond that of the program."""
    from labeller.pool.decode import THUMBNAIL_SIDE, square
    from labeller.pool.decode import decode as read_picture

    def peak() -> int:
        status = Path("/proc/self/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line)

    before = peak()
    square(read_picture(Path(image).read_bytes(), at_least=THUMBNAIL_SIDE).picture, 32)
    say("peak", (peak() - before) / 1024)


def train(folder: str, batch_size: str = "32") -> None:
    from labeller.learning.recipe import recipe_named
    from labeller.loop import rounds

    recipe = recipe_named("quick", **{**FAST, "batch_size": int(batch_size)})
    options = rounds.Method(recipe, device="cpu", learner="mobyv2al")
    with Project(Path(folder)) as project:
        say("ready")
        rounds.train_round(project, options)


def read_features(folder: str) -> None:
    """Compute the features of all images from scratch, over and over."""
    import torch

    from labeller.core.run import Run
    from labeller.learning.batches import PoolImages
    from labeller.learning.frozen_features import FrozenFeatures
    from tests.frozen_encoder import add_mean_colours

    add_mean_colours()
    with Project(Path(folder)) as project:
        pool = PoolImages(project.tensors(), torch.device("cpu"), project.image_files())
        rows = torch.arange(len(pool))
        say("ready")
        while True:
            features = FrozenFeatures("mean-colours", pool)
            features.store.forget(rows)
            features.read(rows, Run())


def write_checkpoints(folder: str) -> None:
    """Write the same checkpoint over and over."""
    from labeller.learning.checkpoint import load_model, save_model

    with Project(Path(folder)) as project:
        path = project.checkpoint(1)
        model, info = load_model(path)
        say("ready")
        while True:
            save_model(path, model, info)


def make(folder: str, images: str) -> None:
    from labeller.project.creation import create
    from labeller.project.planning import Request

    say("ready")
    create(Path(folder), Request(images, truth="folders", resolution=16)).close()


def export(folder: str, output: str) -> None:
    """Export in two formats over and over, under new names."""
    from labeller.project.exporting import export as write

    with Project(Path(folder), read_only=True) as project:
        say("ready")
        for number in range(100_000):
            write(project, "imagefolder", Path(output) / f"folders-{number}")
            write(project, "csv", Path(output) / f"table-{number}.csv")


def migrate(folder: str) -> None:
    say("ready")
    Project(Path(folder)).close()


def restore(folder: str, name: str) -> None:
    from labeller.care.recovery import restore as put_back

    say("ready")
    put_back(Path(folder), name)


def add(folder: str, images: str) -> None:
    from labeller.project.growing import add_images
    from labeller.project.planning import Request

    say("ready")
    add_images(Path(folder), Request(images, labels="folders"))


def locate(folder: str, place: str) -> None:
    from labeller.project import moving

    with Project(Path(folder)) as project:
        say("ready")
        moving.locate(project, Path(place))


def split(folder: str, output: str) -> None:
    """Make copies of a project over and over, until killed."""
    from labeller.project import teams

    with Project(Path(folder)) as project:
        say("ready")
        for number in range(10_000):
            teams.split(project, ["anna", "ben", "cleo"], Path(f"{output}-{number}"), 0.2, True)


def merge_copies(folder: str, *others: str) -> None:
    from labeller.project import teams

    with Project(Path(folder)) as project:
        say("ready")
        for other in others:
            teams.merge(project, Path(other))


def read(folder: str) -> None:
    """Read the number of labels without writing anything."""
    with Project(Path(folder), read_only=True) as project:
        say("read", sum(project.labels.counts()))


def hold(folder: str) -> None:
    """Lock the database as another program might."""
    import sqlite3

    connection = sqlite3.connect(Path(folder) / "project.sqlite", isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    say("ready")
    sys.stdin.read()


def starve(kind: str, limit: str, name: str, *arguments: str) -> None:
    """Run another program with a limit: `file` (maximum file size in bytes), `memory` (bytes beyond
    current use) or `user` (id of an unprivileged user)."""
    if kind == "file":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    elif kind == "user":
        import labeller.loop.rounds

        if os.getuid() == 0:
            os.setgid(int(limit))
            os.setuid(int(limit))
    else:
        import torch

        import labeller.loop.rounds  # noqa: F401  imported first, so that only later use counts

        torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)  # triggers large imports
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + int(limit), used + int(limit)))
    run(name, *arguments)


def say(word: str, what: object = None) -> None:
    sys.stdout.write(f"{word}\n" if what is None else f"{word} {json.dumps(what)}\n")
    sys.stdout.flush()


PROGRAMS: dict[str, Callable[..., None]] = {
    program.__name__: program
    for program in (
        label,
        label_in_order,
        homeless,
        decode,
        merge,
        train,
        write_checkpoints,
        read_features,
        make,
        export,
        migrate,
        restore,
        split,
        add,
        locate,
        merge_copies,
        read,
        hold,
        starve,
    )
}


def run(name: str, *arguments: str) -> None:
    try:
        PROGRAMS[name](*arguments)
    except LabellerError as error:
        say("refused", str(error))
    else:
        say("done")


if __name__ == "__main__":
    run(*sys.argv[1:])
