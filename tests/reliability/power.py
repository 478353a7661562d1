"""Simulated power loss: the writes of a program are recorded in order, and at the cut, unsynced
writes are dropped completely or in part and in any order, as a disk may do."""

import json
import os
import random
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from labeller.care.checking import check
from labeller.care.recovery import repair
from labeller.loop import rounds
from labeller.project.project import Project
from tests.reliability.outcome import (
    Outcome,
    State,
    child,
    kill_after,
    make_project,
    state,
    wait_for,
)

SOURCE = Path(__file__).with_name("recorder.c")
SECTOR = 512
SECONDS = 2.5
"""Seconds for which the program labels at full speed."""


@dataclass(frozen=True)
class Operation:
    """`kind` is write, truncate, sync, create, unlink, rename or say (`data` was printed)."""

    kind: str
    path: str
    offset: int
    data: bytes


@dataclass
class File:
    """The synced content of a file, and the writes since its last sync."""

    content: bytearray = field(default_factory=bytearray)
    waiting: list[Operation] = field(default_factory=list)

    def settle(self) -> None:
        for operation in self.waiting:
            _apply(self.content, operation)
        self.waiting.clear()


class Disk:
    """A folder as it is on disk (`names`) and as the program sees it (`seen`)."""

    def __init__(self, folder: Path) -> None:
        self.names = {str(p): File(bytearray(p.read_bytes())) for p in _files(folder)}
        self.seen = dict(self.names)

    def do(self, operation: Operation) -> None:
        path = operation.path
        if operation.kind in ("write", "truncate"):
            self.seen.setdefault(path, File()).waiting.append(operation)
        elif operation.kind == "create":
            self.seen[path] = File()
        elif operation.kind == "unlink":
            self.seen.pop(path, None)
        elif operation.kind == "rename":
            self.seen[operation.data.decode()] = self.seen.pop(path)
        elif path in self.seen:
            self.seen[path].settle()
            self.names[path] = self.seen[path]  # a synced file has its name
        else:  # a synced folder has the names the program sees
            for name in {*self.names, *self.seen}:
                if os.path.dirname(name) == path:  # noqa: PTH120
                    self.names.pop(name, None)
                    if name in self.seen:
                        self.names[name] = self.seen[name]

    def after_a_cut(self, rng: random.Random) -> dict[str, bytes]:
        """The files after power returns, with none or some of the unsynced writes."""
        kept = rng.choice((0.0, 0.0, 0.5, 0.9))
        names = dict(self.names)
        if rng.random() < kept:
            names = dict(self.seen)
        found = {}
        for name, file in names.items():
            content = bytearray(file.content)
            for operation in file.waiting:
                if rng.random() < kept:
                    _apply(content, _torn(operation, rng))
            found[name] = bytes(content)
        return found


def _apply(content: bytearray, operation: Operation) -> None:
    end = operation.offset + len(operation.data)
    if operation.kind == "truncate":
        end = operation.offset
        del content[end:]
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    content[operation.offset : operation.offset + len(operation.data)] = operation.data


def _torn(operation: Operation, rng: random.Random) -> Operation:
    """Sometimes only the first sectors of a write reach the disk."""
    if operation.kind == "truncate" or rng.random() < 0.7:
        return operation
    sectors = rng.randrange(len(operation.data) // SECTOR + 1)
    return Operation("write", operation.path, operation.offset, operation.data[: sectors * SECTOR])


def of_power(folder: Path, times: int, seed: int) -> Outcome:
    """The power fails during labelling: everything shown is there afterwards."""
    outcome = Outcome("power loss while labelling (simulated: unsynced writes dropped)")
    project = make_project(folder)
    with Project(project) as opened:
        rounds.begin(opened)
    library = folder / "recorder.so"
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-O1", "-o", library, SOURCE, "-ldl", "-lpthread"], check=True
    )
    before, log = folder / "before", folder / "log"
    shutil.copytree(project, before)
    recorded = {"LD_PRELOAD": library, "RECORDED_FOLDER": project, "RECORDED_LOG": log}
    environment = {**os.environ, **{key: str(value) for key, value in recorded.items()}}
    with child("label", project, seed, env=environment) as process:
        wait_for(process, "ready")
        drain = threading.Thread(target=process.stdout.read)  # type: ignore[union-attr]
        drain.start()
        kill_after(process, SECONDS)
        drain.join()
    operations = list(_read(log))
    shutil.rmtree(project)
    shutil.copytree(before, project)
    rng = random.Random(seed)
    begun = next(n for n, each in enumerate(operations) if each.data == b"ready\n")
    cuts = sorted(rng.randrange(begun, len(operations)) for _ in range(times))
    shown: list[State] = [{}]
    result = [json.loads(o.data[6:]) for o in operations if o.data.startswith(b"shown ")]
    all_shown = [{}, *({int(i): c for i, c in each.items()} for each in result)]
    disk, done = Disk(project), 0
    for number, cut in enumerate(cuts):
        for operation in operations[done:cut]:
            if operation.kind != "say":
                disk.do(operation)
            elif operation.data.startswith(b"shown "):
                shown.append(all_shown[len(shown)])
        done = cut
        _write(project, disk.after_a_cut(rng))
        outcome.tried += 1
        at = len(shown) - 1
        try:
            with Project(project) as opened:
                found = state(opened)
                allowed = all_shown[at : at + 2]
                outcome.expect(found in allowed, f"try {number}: not what was shown at {cut}")
                repair(opened)  # torn lines of the journal, which is not synced
                problems = check(opened)
                outcome.expect(not problems, f"try {number}: {problems[:1]}")
        except Exception as error:
            outcome.expect(False, f"try {number}: {type(error).__name__}: {error}")
    syncs = sum(operation.kind == "sync" for operation in operations)
    outcome.note = f"{len(result):,} changes were shown, {syncs:,} syncs"
    return outcome


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _write(folder: Path, contents: dict[str, bytes]) -> None:
    """Write these files to a folder, except SQLite's shared memory, which is rebuilt."""
    for path in _files(folder):
        if str(path) not in contents or path.name.endswith("-shm"):
            path.unlink()
    for name, content in contents.items():
        path = Path(name)
        if not name.endswith("-shm") and not (path.is_file() and path.read_bytes() == content):
            path.write_bytes(content)


def _read(log: Path) -> Iterator[Operation]:
    """The records of recorder.c; the last one may be cut off."""
    with log.open("rb") as file:
        while head := file.readline():
            kind, offset, length, path = head[:-1].decode().split(" ", 3)
            data = file.read(int(length))
            if file.read(1) != b"\n":
                return
            yield Operation(kind, path, int(offset), data)


POWER = ((of_power, 500),)
