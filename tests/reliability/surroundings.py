"""Unusual names, environments and sizes."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
from PIL import Image

from labeller.care.recovery import DamagedBackup, restore
from labeller.core.errors import LabellerError
from labeller.project.creation import create
from labeller.project.planning import Request
from labeller.project.project import DATABASE, Project
from labeller.store.backups import backups
from tests.conftest import fill
from tests.reliability.outcome import (
    Outcome,
    child,
    copies,
    label_some,
    make_project,
    require_intact,
    state,
)
from tests.reliability.own_files import _call

ROOT = Path(__file__).parents[2]
NAMES = (
    "50%41 done",
    "cats #2",
    "what?",
    "it's mine",
    "a;b&c=d",
    "ümläut 猫",
    "x.sqlite",
    "-n",
    "~",
)
UNDOS = 10_000
LARGE = 13_300
"""Side of a large 16-bit image, in pixels."""


def of_folder_names(folder: Path, times: int, seed: int) -> Outcome:
    """The project's folder has a name that would change the meaning of a URI."""
    outcome = Outcome("project folders with % # ? ' in the name")
    original = make_project(folder)
    expected = label_some(original)
    for number in range(times):
        project = folder / f"in-{number}" / NAMES[number % len(NAMES)]
        shutil.copytree(original, project)
        name = backups(project)[0].name
        (project / DATABASE).write_bytes(b"noise" * 1000)
        restore(project, name)
        require_intact(outcome, project, expected, f"try {number}: {project.name}")
        with Project(project, read_only=True) as reader:
            outcome.expect(state(reader) == expected, f"try {number}: reading")
        with Project(project) as opened, opened.scratch() as copy:
            outcome.expect(copy.images.count() > 0, f"try {number}: a copy")
        damaged = next(b for b in backups(project) if b.name == name)
        damaged.path.write_bytes(damaged.path.read_bytes()[:30_000])
        try:
            restore(project, name)
            outcome.expect(False, f"try {number}: a damaged backup was restored")
        except DamagedBackup:
            pass
        outcome.tried += 1
        require_intact(outcome, project, expected, f"try {number}: {project.name}, in the end")
    return outcome


def of_file_names(folder: Path, times: int, seed: int) -> Outcome:
    """File names that are not valid text are skipped and listed; the others are imported."""
    outcome = Outcome("file names that are not UTF-8")
    for number in range(times):
        images = fill(folder / f"images-{number}", 5)
        picture = (images / "red" / "00.png").read_bytes()
        for name in (b"caf\xe9.png", b"\xff\xfe.png", b"caf\\xe9.png"):
            Path(os.fsdecode(os.fsencode(images / "red") + b"/" + name)).write_bytes(picture)
        with create(folder / f"p-{number}", Request(str(images), truth="folders")) as project:
            left_out = project.images.unreadable()
            outcome.expect(len(left_out) == 2, f"try {number}: {left_out}")
            outcome.expect(project.images.counts()["ready"] == 16, f"try {number}: images")
        outcome.tried += 1
    return outcome


def of_closed_streams(folder: Path, times: int, seed: int) -> Outcome:
    """Standard streams are closed; the next opened file must not take their place."""
    outcome = Outcome("standard input, output and errors closed")
    original = make_project(folder)
    table = folder / "labels.csv"
    with Project(original) as project:
        paths = [image.path for image, _ in project.images.each_file()][:20]
    table.write_text("\n".join(["path,label", *(f"{p},red" for p in paths)]))
    for number, copy in copies(original, folder, times):
        closed = ("2>&-", ">&-", "<&-", ">&- 2>&-", "<&- >&- 2>&-")[number % 5]
        command = f'"{sys.executable}" main.py import-labels "{copy}" "{table}" {closed}'
        done = subprocess.run(
            ["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60
        )
        outcome.tried += 1
        outcome.expect(done.returncode == 0, f"try {number}: {closed}: exit {done.returncode}")
        if closed in ("2>&-", "<&-"):
            outcome.expect("20 labels" in done.stdout, f"try {number}: {closed}: {done.stdout}")
        require_intact(outcome, copy, dict.fromkeys(_first(copy, 20), 3), f"try {number}: {closed}")
    return outcome


def _first(folder: Path, count: int) -> list[int]:
    with Project(folder, read_only=True) as project:
        return [image.id for image, _ in project.images.each_file()][:count]


def of_no_home(folder: Path, times: int, seed: int) -> Outcome:
    """A user without a home folder or a name."""
    outcome = Outcome("no HOME, and a user unknown to the system")
    project = make_project(folder)
    expected = label_some(project)
    for place in (project, *project.rglob("*")):
        place.chmod(0o777)
    for parent in project.parents:
        if os.access(parent, os.W_OK) and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o055)
    for number in range(times):
        command = ("status", "check", "export")[number % 3]
        more = ("--format", "csv", "--output", "/dev/full/x") if command == "export" else ()
        with child("homeless", command, project, *more) as process:
            result, errors = process.communicate(timeout=60)
        outcome.tried += 1
        in_words = "Traceback" not in errors and "Something went wrong" not in errors
        outcome.expect(in_words, f"try {number}: {command}: {result} {errors[-300:]}")
        outcome.expect(not (ROOT / "~").exists(), "a folder called ~ was made")
    require_intact(outcome, project, expected, "after all")
    return outcome


def of_moving(folder: Path, times: int, seed: int) -> Outcome:
    """The project's folder is renamed while open: no second folder appears, and nothing is lost."""
    outcome = Outcome("a project's folder renamed while it is open")
    original = make_project(folder)
    for number, copy in copies(original, folder, times):
        moved = copy.with_name(f"moved-{number}")
        expected = label_some(copy)
        with Project(copy) as project:
            project.labels.assign({1: 3}, "anna")
            expected[1] = 3
            copy.rename(moved)
            for use in (
                lambda p: p.labels.assign({2: 3}, "anna"), lambda p: p.notes.set(1, "x", "anna"),
                lambda p: p.back_up("daily"), lambda p: p.checkpoint(1),
                lambda p: p.tensor_cache.create(3, 16),
                lambda p: p.thumbnails.add("a" * 64, Image.new("RGB", (300, 300))),
            ):  # fmt: skip
                try:
                    use(project)
                    outcome.expect(False, f"try {number}: written to a folder that is gone")
                except LabellerError as error:
                    outcome.expect("was moved" in str(error), f"try {number}: {error}")
                except OSError:
                    pass
        outcome.tried += 1
        outcome.expect(not copy.exists(), f"try {number}: a second folder appeared")
        copy.mkdir()
        require_intact(outcome, moved, expected, f"try {number}")
        shutil.rmtree(moved)
    return outcome


def of_many_undos(folder: Path, times: int, seed: int) -> Outcome:
    """The time to read a history with thousands of undone actions grows linearly."""
    outcome = Outcome(f"{UNDOS:,} undone actions")
    for number in range(times):
        project = make_project(folder / str(number), each=4)
        steps = []
        for _ in range(2):  # the second time with twice as many
            _undo_often(project, UNDOS // 2)
            steps.append(_history_query_steps(project, outcome))
        outcome.tried += 1
        few, many = steps
        outcome.expect(many < 3 * few, f"try {number}: {few} steps, then {many}")  # quadratic: 4
    return outcome


def _undo_often(project: Path, times: int) -> None:
    with Project(project) as opened, opened.transaction():
        for number in range(times):
            opened.labels.assign({1: number % 3 + 1}, "anna")
        for _ in range(times):
            opened.labels.undo("anna")


def _history_query_steps(project: Path, outcome: Outcome) -> int:
    """SQLite instructions, in thousands, needed to query the history."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    with Project(project) as opened:
        opened._db.conn.set_progress_handler(count, 1000)
        outcome.expect(not opened.labels.can_undo and opened.labels.can_redo, "the history")
        opened._db.conn.set_progress_handler(None, 0)
    return steps


def of_large_pictures(folder: Path, times: int, seed: int) -> Outcome:
    """A small file with many 16-bit pixels needs little more memory than its pixels."""
    outcome = Outcome(f"a PNG of {LARGE:,} × {LARGE:,} pixels with 16 bits")
    picture = folder / "large.png"
    Image.fromarray(np.zeros((LARGE, LARGE), dtype=np.uint16)).save(picture)
    most = 0.0
    for number in range(times):
        with child("decode", picture) as process:
            result, errors = process.communicate(timeout=300)
        outcome.tried += 1
        peak = float(result.split()[1]) if "peak" in result else float("inf")
        most = max(most, peak)
        outcome.expect(peak < 2000, f"try {number}: {peak} MiB {errors[-200:]}")
    outcome.note = f"{most:.0f} MiB at most"
    return outcome


def of_names_in_outputs(folder: Path, times: int, seed: int) -> Outcome:
    """Names that a spreadsheet would evaluate, a terminal would execute, or a figure would parse as
    a formula."""
    outcome = Outcome("formulas and control sequences in names")
    hostile = ['=HYPERLINK("http://x")', "\x1b]0;obeyed\x07\x1b[2J", "$\\frac{1}{$", "_hidden",
               "<img src='/any/pipe'>", "@SUM(1)", "\u202egnp"]  # fmt: skip
    project = make_project(folder)
    cycle = {"labelled": 10, "selected": [], "test_accuracy": 0.5, "seconds": 1}
    for number in range(times):
        name = hostile[number % len(hostile)]
        with closing(sqlite3.connect(project / DATABASE)) as connection, connection:
            connection.execute("UPDATE class SET name = ? WHERE id = 1", [name])
        results = folder / f"={number}.json"
        run = {"seed": 0, "strategy": name, "encoder": name, "recipe": name,
               "cycles": [cycle | {"per_class": {name: 0.5}}]}  # fmt: skip
        results.write_text(json.dumps({"runs": [run], "plan": {}}))
        table, figure = folder / f"{number}.csv", folder / f"{number}.png"
        result = _call("compare", results, "--table", table, "--figure", figure)
        outcome.expect(result.exit_code == 0, f"try {number}: {result.output}")
        cells = table.read_text(encoding="utf-8").replace("\n", ",").split(",")
        formulas = [c for c in cells if c.strip('"').startswith(("=", "@", "+"))]
        outcome.expect(not formulas, f"try {number}: {formulas}")
        for command in (("status", project), ("check", project)):
            result = _call(*command)
            obeyed = any(letter in result.output for letter in "\x1b\x07\u202e")
            outcome.expect(not obeyed, f"try {number}: {command[0]} prints {result.output!r}")
        outcome.tried += 1
    return outcome


def of_odd_results(folder: Path, times: int, seed: int) -> Outcome:
    """Infinite numbers, deep nesting and special files in place of results."""
    outcome = Outcome("results with 1e999, 100,000 brackets, or that are not a file")
    whole = {"labelled": 10, "selected": [], "test_accuracy": 0.5, "per_class": {"a": 1},
             "seconds": 1}  # fmt: skip
    run = {"seed": 0, "strategy": "s", "encoder": "x", "recipe": "quick"}
    for number in range(times):
        file = folder / f"r-{number}.json"
        if number % 5 == 0:
            file.write_text("[" * 100_000)
        elif number % 5 == 1:
            os.mkfifo(file)
        elif number % 5 == 2:
            file.symlink_to("/dev/zero")
        else:
            key = ("labelled", "test_accuracy", "seconds")[number // 5 % 3]
            value = "1e999" if number % 5 == 3 else "-1e999"
            text = json.dumps({"runs": [{**run, "cycles": [whole | {key: "@"}]}], "plan": {}})
            file.write_text(text.replace('"@"', value))
        result = _call("compare", file, "--figure", folder / f"r-{number}.png")
        outcome.tried += 1
        one_line = result.exit_code == 1 and len(result.output.strip().splitlines()) == 1
        known = "Something went wrong" not in result.output
        outcome.expect(one_line and known, f"try {number}: {result.output[-300:]}")
    return outcome


SURROUNDINGS = (
    (of_folder_names, 8),
    (of_file_names, 3),
    (of_closed_streams, 10),
    (of_no_home, 6),
    (of_moving, 10),
    (of_many_undos, 3),
    (of_large_pictures, 1),
    (of_names_in_outputs, 14),
    (of_odd_results, 15),
)
