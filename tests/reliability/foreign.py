"""Untrusted projects: opening, labelling, checking and exporting them must not touch the user's
files, run code or hang."""

import json
import os
import pickle
import shutil
import signal
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from labeller.care.checking import check
from labeller.care.recovery import repair, restore
from labeller.core.chosen_encoders import choose
from labeller.core.errors import LabellerError
from labeller.core.files import replacing
from labeller.core.run import Run
from labeller.learning.recipe import recipe_named
from labeller.loop import rounds
from labeller.loop.live import keep_suggesting
from labeller.loop.round_settings import round_settings
from labeller.loop.suggestion_requests import SuggestionRequests
from labeller.project.creation import interrupted_request
from labeller.project.exporting import export
from labeller.project.project import DATABASE, DATABASE_FILES, OWN_FILES, OWN_FOLDERS, Project
from labeller.store.backups import back_up, backups
from tests.reliability.children import FAST
from tests.reliability.outcome import (
    Outcome,
    copies,
    label_some,
    make_project,
    require_intact,
    state,
)

SECRET = b"the user's own\n"
PATIENCE = 20
"""Seconds after which an operation counts as hanging."""


class TooLong(Exception):
    """An operation hangs."""


def of_links(folder: Path, times: int, seed: int) -> Outcome:
    """Each file and folder of a project is a link to a file of the user's: nothing is written
    through it, and the user gets one sentence."""
    outcome = Outcome("a foreign project's files are links to the user's")
    original = make_project(folder)
    with Project(original) as project:
        project.labels.assign({1: 1, 2: 2}, "$(touch /tmp/obeyed)")
    places = [*OWN_FILES, *OWN_FOLDERS, "cache/thumbnails/aa"]
    for number, copy in copies(original, folder, times):
        target = folder / f"users-{number}"
        name = places[number % len(places)]
        own = copy / name
        if name in OWN_FOLDERS or name.endswith("aa"):
            if own.is_dir():
                shutil.copytree(own, target)
                shutil.rmtree(own)
            target.mkdir(exist_ok=True)
            (target / "run-0001.safetensors").write_bytes(SECRET)
        else:
            target.write_bytes(own.read_bytes() if own.exists() else SECRET)
            own.unlink(missing_ok=True)
        own.parent.mkdir(parents=True, exist_ok=True)
        own.symlink_to(target)
        before = _contents(target)
        result = []
        for use in (_open_and_label, _repair, _train, _restore, _export(folder / "out")):
            with suppress(LabellerError):
                try:
                    use(copy)
                except LabellerError as error:
                    result.append(str(error))
                    raise
        outcome.tried += 1
        outcome.expect(_contents(target) == before, f"try {number}: {name} was written through")
        if not name.endswith("aa"):
            outcome.expect(any("is a link" in t for t in result), f"try {number}: {name}: {result}")
        outcome.expect(all(len(t.splitlines()) == 1 for t in result), f"try {number}: {result}")
        shutil.rmtree(folder / "out", ignore_errors=True)
    return outcome


def of_temporary_names(folder: Path, times: int, seed: int) -> Outcome:
    """In a folder writable by others, links are planted under the names of temporary files."""
    outcome = Outcome("links planted under temporary names")
    for number in range(times):
        target, written = folder / "users", folder / f"out-{number}.csv"
        target.write_bytes(SECRET)
        prepared = [f".{written.name}.{os.getpid()}.tmp", f".{written.name}.tmp"]
        for name in prepared:
            (folder / name).symlink_to(target)
        with replacing(written) as temporary:
            again = temporary
            temporary.write_bytes(b"new")
        with replacing(written) as temporary:
            outcome.expect(temporary != again, f"try {number}: the name could be foreseen")
            temporary.write_bytes(b"new")
        outcome.tried += 1
        outcome.expect(target.read_bytes() == SECRET, f"try {number}: written through a link")
        for name in prepared:
            (folder / name).unlink()
    return outcome


def of_paths(folder: Path, times: int, seed: int) -> Outcome:
    """Image paths lead outside the folder, to pipes, devices and other files: none is exported, and
    nothing hangs."""
    outcome = Outcome("image paths to other files, pipes and devices")
    original = make_project(folder)
    label_some(original)
    secret = folder / "id_rsa"
    secret.write_bytes(SECRET)
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    link = folder / "link"
    link.symlink_to("/dev/zero")
    paths = [
        "../../id_rsa", str(secret), str(pipe), "/dev/zero", str(link), "/dev/tty", str(folder),
        "/proc/self/mem", "../../pipe", "/proc/kmsg",
    ]  # fmt: skip
    for number, copy in copies(original, folder, times):
        path = paths[number % len(paths)]
        with closing(sqlite3.connect(copy / DATABASE)) as connection, connection:
            connection.execute("UPDATE image SET path = ? WHERE id = 1", [path])
        out = folder / "out"
        with _time_limit(outcome, f"try {number}: {path}"), Project(copy) as project:
            found = check(project)
            outcome.expect(len(found) == 1, f"try {number}: check says {found}")
            image = project.images.get([1])[0]
            with suppress(Exception):
                project.thumbnails.load("f" * 64, image.file)
            done = export(project, "imagefolder", out)
            left_out = {*done.missing, *done.changed}
            outcome.expect(left_out == {path}, f"try {number}: {left_out} was left out")
            files = [file for file in out.rglob("*") if not file.is_dir()]
            kinds = all(file.is_file() and not file.is_symlink() for file in files)
            outcome.expect(kinds, f"try {number}: {path} was exported")
            leaked = any(SECRET in file.read_bytes() for file in files if file.is_file())
            outcome.expect(not leaked, f"try {number}: {path} was exported")
            shutil.rmtree(out)
        outcome.tried += 1
    return outcome


def of_other_kinds_of_file(folder: Path, times: int, seed: int) -> Outcome:
    """A pipe or a folder is in the place of a project file."""
    outcome = Outcome("pipes and folders in place of a project's files")
    original = make_project(folder)
    expected = label_some(original)
    with Project(original) as project:
        options = rounds.Method(recipe_named("quick", **FAST), device="cpu", learner="mobyv2al")
        checkpoint = rounds.train_round(project, options).checkpoint
    names = [*OWN_FILES, str(checkpoint), "cache/thumbnails/aa/" + "a" * 64 + ".jpg",
             f"backups/{backups(original)[0].name}", ".x.tmp", ".a.0123456789abcdef.tmp",
             "checkpoints/.a.0123456789abcdef.tmp"]  # fmt: skip
    for number, copy in copies(original, folder, times):
        name = names[number // 2 % len(names)]
        own = copy / name
        own.unlink(missing_ok=True)
        own.parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(own) if number % 2 else own.mkdir()
        with _time_limit(outcome, f"try {number}: {name}"):
            trains = (_train,) if name.startswith(("cache", "checkpoints", "project")) else ()
            for use in (_open_and_label, _check, _repair, *trains, _restore):
                try:
                    use(copy)
                except LabellerError as error:
                    outcome.expect(len(str(error).splitlines()) == 1, f"try {number}: {error}")
        outcome.tried += 1
        own.rmdir() if own.is_dir() else own.unlink(missing_ok=True)
        if name not in DATABASE_FILES[:1]:
            with Project(copy) as project:
                repair(project)
                found = {i: c for i, c in state(project).items() if i in expected and i != 2}
                kept = {i: c for i, c in expected.items() if i != 2}
                outcome.expect(found == kept, f"try {number}: {name}: labels differ")
    return outcome


def of_statements(folder: Path, times: int, seed: int) -> Outcome:
    """A database with foreign triggers or views is not opened, so they never run."""
    outcome = Outcome("a foreign database with its own triggers and views")
    original = make_project(folder)
    label_some(original)
    harmful = [
        "CREATE TRIGGER x AFTER INSERT ON label_event BEGIN UPDATE setting SET value = 0; END",
        "CREATE TRIGGER x AFTER UPDATE ON setting BEGIN DELETE FROM note; END",
        "DROP VIEW current_label; CREATE VIEW current_label AS WITH RECURSIVE a(b) AS "
        "(SELECT 1 UNION ALL SELECT b + 1 FROM a) SELECT b AS image_id, 1 AS id FROM a",
        "CREATE VIEW another AS SELECT * FROM action",
    ]
    for number, copy in copies(original, folder, times):
        with closing(sqlite3.connect(copy / DATABASE)) as connection, connection:
            connection.executescript(harmful[number % len(harmful)])
        outcome.tried += 1
        for options in ({}, {"read_only": True}):
            with _time_limit(outcome, f"try {number}"):
                try:
                    Project(copy, **options).close()  # type: ignore[arg-type]
                    outcome.expect(False, f"try {number}: it was opened")
                except LabellerError as error:
                    outcome.expect(
                        "that Labeller did not create" in str(error), f"try {number}: {error}"
                    )
    return outcome


def of_stored_requests(folder: Path, times: int, seed: int) -> Outcome:
    """Opening a foreign project with an interrupted import neither resumes the import nor deletes
    the project."""
    outcome = Outcome("an interrupted import in a foreign project")
    original = make_project(folder)
    with closing(sqlite3.connect(original / DATABASE)) as connection, connection:
        request = {"images": "cifar10", "root": "/nowhere", "classes": []}
        for key, value in (("complete", False), ("request", request)):
            connection.execute("REPLACE INTO setting VALUES (?, ?)", [key, json.dumps(value)])
        connection.execute("DELETE FROM truth")
        connection.execute("DELETE FROM image")
    for number, copy in copies(original, folder, times):
        before = _contents(copy)
        asked = interrupted_request(copy)
        outcome.expect(asked is not None and asked.images == "cifar10", f"try {number}: {asked}")
        for use in (_check_complete, _export(folder / "out")):
            with suppress(LabellerError):
                use(copy)
        outcome.tried += 1
        lost = set(before) - set(_contents(copy))
        outcome.expect(not lost, f"try {number}: {lost} was deleted")
    return outcome


def of_foreign_backups(folder: Path, times: int, seed: int) -> Outcome:
    """A backup of another project among the backups is not restored."""
    outcome = Outcome("a backup of another project")
    original = make_project(folder / "one")
    expected = label_some(original)
    other = make_project(folder / "two", each=5)
    with Project(other) as project:
        foreign = back_up(project._db.conn, other, "daily")
    for number, copy in copies(original, folder, times):
        name = f"{900 + number:06d}-{foreign.name.split('-', 1)[1]}"
        shutil.copy(foreign, copy / "backups" / name)
        if number % 2:
            (copy / DATABASE).unlink()
        try:
            restore(copy, name)
            outcome.expect(False, f"try {number}: it was restored")
        except LabellerError as error:
            outcome.expect("another project" in str(error), f"try {number}: {error}")
        outcome.tried += 1
        if number % 2:
            restore(copy, backups(original)[0].name)
        require_intact(outcome, copy, expected, f"try {number}")
    return outcome


# -- operations on a project


def _open_and_label(folder: Path) -> None:
    with Project(folder) as project:
        project.labels.assign({2: 1}, "$(touch /tmp/obeyed)")


def _check(folder: Path) -> None:
    with Project(folder, read_only=True) as project:
        check(project)


def _check_complete(folder: Path) -> None:
    from labeller.project.creation import open_complete

    open_complete(folder).close()


def _repair(folder: Path) -> None:
    with Project(folder) as project:
        repair(project)


def _train(folder: Path) -> None:
    with Project(folder) as project:
        project.labels.assign({1: 1, 21: 2}, "anna")
        options = rounds.Method(recipe_named("quick", **FAST), device="cpu", learner="mobyv2al")
        rounds.train_round(project, options)


def _restore(folder: Path) -> None:
    for backup in backups(folder)[-1:]:
        restore(folder, backup.name)


def _export(output: Path) -> Callable[[Path], None]:
    def run(folder: Path) -> None:
        with Project(folder, read_only=True) as project:
            export(project, "csv", output / "labels.csv")

    return run


def _contents(place: Path) -> dict[str, bytes]:
    """The contents of every file of a folder, or of one file."""
    files = sorted(place.rglob("*")) if place.is_dir() else [place]
    return {str(p.relative_to(place)): p.read_bytes() for p in files if p.is_file()}


@contextmanager
def _time_limit(outcome: Outcome, what: str) -> Iterator[None]:
    """Record a loss if the block takes longer than PATIENCE."""

    def ring(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(PATIENCE)
    try:
        yield
    except TooLong:
        outcome.expect(False, f"{what}: it waits for ever")
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


class Trap:
    """Creates a file when unpickled."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple:
        return Path.touch, (self._mark,)


@contextmanager
def no_network(asked: list[str]) -> Iterator[None]:
    """Record and refuse all network access."""

    def refuse(*arguments: object, **_: object) -> None:
        asked.append(str(arguments))
        raise OSError("no network")

    usual = socket.getaddrinfo, socket.socket.connect
    socket.getaddrinfo = socket.socket.connect = refuse  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        socket.getaddrinfo, socket.socket.connect = usual  # type: ignore[method-assign]


def of_encoders(folder: Path, times: int, seed: int) -> Outcome:
    """A project names an encoder that would be downloaded or loaded from a pickle: suggesting and
    training with it use no network and unpickle nothing."""
    outcome = Outcome("a foreign project whose encoder is on the network, or a pickle")
    original = make_project(folder, each=4)
    label_some(original)
    trap, mark = folder / "trap", folder / "sprung"
    trap.mkdir()
    config = {"architecture": "test_resnet", "num_classes": 2, "num_features": 512}
    (trap / "config.json").write_text(json.dumps(config))
    (trap / "pytorch_model.bin").write_bytes(pickle.dumps({"w": Trap(mark)}))
    names = (
        "timm:resnet18", "timm:hf-hub:somebody/something", "timm:hf_hub:somebody/something",
        f"timm:local-dir:{trap}", f"timm:local-dir:{trap}@{trap}/pytorch_model.bin",
        f"timm:test_resnet@{trap}/pytorch_model.bin",
    )  # fmt: skip
    for number, copy in copies(original, folder, times):
        name = names[number % len(names)]
        asked: list[str] = []
        with Project(copy) as project:
            project.settings.set("rounds", {"learner": "frozen", "encoder": name})
        settled = number >= len(names) and ":" in name.removeprefix("timm:")
        if settled:  # by a user who trusts it
            choose(name)
        with no_network(asked):
            for use in (_suggests, _trains):
                try:
                    use(copy)
                    outcome.expect(False, f"try {number}: {name} was used")
                except LabellerError as error:
                    text = str(error)
                    outcome.expect(len(text.splitlines()) == 1, f"try {number}: {text}")
                    sound = settled or "nobody has chosen" in text
                    outcome.expect(sound, f"try {number}: {text[:200]}")
        outcome.expect(not mark.exists(), f"try {number}: {name} was unpickled")
        outcome.expect(not asked, f"try {number}: {name} asked {asked[:1]}")
        outcome.tried += 1
    return outcome


def _suggests(folder: Path) -> None:
    requests = SuggestionRequests()
    requests.want((1, 2, 3))
    errors: list[Exception] = []
    done = lambda: errors.append(AssertionError("it was used"))  # noqa: E731
    stopping = Run(should_stop=lambda: bool(errors))
    keep_suggesting(folder, requests, stopping, done, errors.append)
    raise errors[0]


def _trains(folder: Path) -> None:
    with Project(folder) as project:
        rounds.train_round(project, round_settings(project).method)


FOREIGN = (
    (of_links, 30),
    (of_temporary_names, 10),
    (of_paths, 20),
    (of_other_kinds_of_file, 34),
    (of_statements, 8),
    (of_stored_requests, 5),
    (of_foreign_backups, 10),
    (of_encoders, 12),
)
