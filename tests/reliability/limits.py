"""Lack of disk space, memory or permission, or a lock held by another program."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from labeller.experiments.plan import Plan
from labeller.experiments.simulation import simulate
from labeller.learning.frozen_features import FrozenFeatures
from labeller.loop import rounds
from labeller.loop.method import Method
from labeller.loop.pool_prediction import write_rest
from labeller.loop.training_data import pool_of
from labeller.project.creation import create, open_beside
from labeller.project.planning import Request
from labeller.project.project import DATABASE, Project, ProjectLocked
from tests.conftest import fill
from tests.frozen_encoder import add_mean_colours
from tests.reliability.outcome import (
    Outcome,
    child,
    copies,
    label_some,
    make_project,
    require_intact,
    state,
    wait_for,
)

NOBODY = 65534
WANTED = 512
"""A batch size that needs a few hundred megabytes."""


def disk_full_while_labelling(folder: Path, times: int, seed: int) -> Outcome:
    """Files cannot grow (`RLIMIT_FSIZE`): labels are refused, and everything shown is there."""
    outcome = Outcome("disk full while labelling")
    original = make_project(folder)
    with Project(original) as project:
        rounds.begin(project)
    rng = random.Random(seed)
    size = (original / DATABASE).stat().st_size
    shown = 0
    for number, copy in copies(original, folder, times):
        limit = size + rng.randrange(0, 2 * size)
        with child("starve", "file", limit, "label", copy, number) as process:
            assert process.stdout is not None
            last, refused = {}, False
            for line in process.stdout:
                if line.startswith("shown "):
                    shown += 1
                    last = {int(i): c for i, c in json.loads(line[6:]).items()}
                if refused := line.startswith(("failed ", "refused ")):
                    break
        outcome.tried += 1
        outcome.expect(refused, f"try {number}: nobody was informed")
        with Project(copy) as project:
            outcome.expect(state(project) == last, f"try {number}: the labels differ")
        require_intact(outcome, copy, None, f"try {number}")
    outcome.note = f"{shown:,} changes were shown before"
    return outcome


def disk_full_elsewhere(folder: Path, times: int, seed: int) -> Outcome:
    """The disk is full while importing, training (its checkpoint) and exporting: one line, and
    success once there is room."""
    outcome = Outcome("disk full while importing, training, exporting")
    images = fill(folder / "images", 30)
    original = make_project(folder / "made")
    expected = label_some(original)
    for number in range(times):
        for limit in (30_000, 120_000):
            target = folder / "new"
            _expect_refusal(outcome, "starve", "file", limit, "make", target, images)
            with create(target, Request(str(images), truth="folders", resolution=16)) as project:
                outcome.expect(not project.labels.counts()[0], f"try {number}")
            require_intact(outcome, target, {}, f"try {number}, import")
            shutil.rmtree(target)
        _expect_refusal(outcome, "starve", "file", 200_000, "train", original)
        require_intact(outcome, original, expected, f"try {number}, training")
        output = folder / "out"
        output.mkdir()
        _expect_refusal(outcome, "starve", "file", 2_000, "export", original, output)
        left = [p.name for p in output.iterdir() if not p.name.startswith(".")]
        outcome.expect(not left, f"try {number}: a part of an export stayed: {left}")
        shutil.rmtree(output)
        require_intact(outcome, original, expected, f"try {number}, export")
    return outcome


def _expect_refusal(outcome: Outcome, *arguments: object) -> None:
    """Expect the program to end with one sentence, not a traceback."""
    outcome.tried += 1
    with child(*map(str, arguments)) as process:
        result, errors = process.communicate(timeout=120)
    outcome.expect(
        "refused" in result and "Traceback" not in errors,
        f"{arguments}: {result.splitlines()[-1:]} {errors.splitlines()[-1:]}",
    )


def memory_short_while_training(folder: Path, times: int, seed: int) -> Outcome:
    """Less address space than training needs: smaller batches or one line; the labels are kept."""
    outcome = Outcome("low memory while training")
    project = make_project(folder)
    expected = label_some(project)
    refused = crashed = 0
    for number in range(times):
        limit = (40 + 45 * number) << 20
        with child("starve", "memory", limit, "train", project, WANTED) as process:
            result, errors = process.communicate(timeout=300)
        outcome.tried += 1
        refused += "refused" in result
        crashed += process.returncode < 0
        ended = result.endswith("done\n") and "Traceback" not in errors
        outcome.expect(ended or process.returncode < 0, f"try {number}: {result} {errors[-200:]}")
        require_intact(outcome, project, expected, f"try {number}")
    with Project(project) as opened:
        sizes = [run.recipe["batch_size"] for run in opened.runs.all() if run.state == "finished"]
    halved = sum(size < WANTED for size in sizes)
    outcome.note = (
        f"{refused} refused, {halved} with smaller batches, {len(sizes) - halved} as asked, "
        f"{crashed} crashes inside torch"
    )
    return outcome


def read_only(folder: Path, times: int, seed: int) -> Outcome:
    """A folder without write permission for a user other than root: it can be read, and writing is
    refused in one line."""
    outcome = Outcome("read-only project")
    project = make_project(folder)
    expected = label_some(project)
    for path in (project, *project.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    for parent in project.parents:
        if os.access(parent, os.W_OK) and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o055)
    for number in range(times):
        outcome.tried += 1
        with child("starve", "user", NOBODY, "train", project) as process:
            result, errors = process.communicate(timeout=60)
        outcome.expect("refused" in result and not errors, f"try {number}: {result}{errors[-300:]}")
        with child("starve", "user", NOBODY, "read", project) as process:
            result, errors = process.communicate(timeout=60)
        outcome.expect(
            result.startswith(f"read {len(expected)}"), f"try {number}: {result}{errors}"
        )
    for path in (project, *project.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    require_intact(outcome, project, expected, "after all")
    return outcome


def read_only_use(folder: Path, times: int, seed: int) -> Outcome:
    """`predict` and `simulate` work in a read-only project, write nothing to it, and use existing
    features."""
    outcome = Outcome("predicting and simulating from a project that may only be read")
    add_mean_colours()
    project = make_project(folder, each=6)
    label_some(project)
    with Project(project) as found:
        method = Method(learner="frozen", encoder="mean-colours", device="cpu")
        rounds.train_round(found, method)
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*")}
    with unwritable(project) as shut:
        if not shut:
            outcome.tried += times
            outcome.note = "could not be tried: a folder has to be mounted for it"
        for number in range(times if shut else 0):
            with open_beside(project) as found:
                outcome.expect(found.read_only, f"try {number}: it is thought to be writable")
                store = FrozenFeatures("mean-colours", pool_of(found, "cpu")).store
                known = len(store.all_known())
                outcome.expect(known >= 18, f"try {number}: {known} features are there")
                written, _ = write_rest(found, folder / f"{number}.csv")
                outcome.expect(written > 0, f"try {number}: nothing is predicted")
                plan = Plan(6, 3, 1, method=replace(method, strategy="margin"))
                cycles = simulate(found, plan).runs[0].cycles
                outcome.expect(len(cycles) == 1, f"try {number}: {len(cycles)} cycles")
            outcome.tried += 1
    after = {path: path.stat().st_mtime_ns for path in project.rglob("*")}
    outcome.expect(before == after, "something was written")
    return outcome


@contextmanager
def unwritable(project: Path) -> Iterator[bool]:
    """Make a folder unwritable by permissions or, for root, by a read-only mount; yields whether
    that was possible."""
    if os.getuid():
        modes = {path: path.stat().st_mode for path in (project, *project.rglob("*"))}
        for path, mode in modes.items():
            path.chmod(mode & ~0o222)
        yield True
        for path, mode in modes.items():
            path.chmod(mode)
        return
    shut = _mounted("--bind", str(project), str(project))
    if shut:
        _mounted("-o", "remount,ro,bind", str(project))
    try:
        yield shut
    finally:
        if shut:
            subprocess.run(["umount", "-l", str(project)], check=False)


def _mounted(*options: str) -> bool:
    try:
        return not subprocess.run(["mount", *options], capture_output=True, check=False).returncode
    except OSError:
        return False


@contextmanager
def small_disk(place: Path, kilobytes: int) -> Iterator[bool]:
    """Mount a disk of this size if the system allows it; yields whether it does."""
    place.mkdir(exist_ok=True)
    options = ("-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(place))
    try:
        mounted = (
            os.getuid() == 0
            and not subprocess.run(["mount", *options], capture_output=True, check=False).returncode
        )
    except OSError:
        mounted = False
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(place)], check=False)


def disk_full_for_commands(folder: Path, times: int, seed: int) -> Outcome:
    """Almost no disk space for `create`, `add`, `check --repair` and `simulate`: one sentence says
    so, and the project is unchanged."""
    outcome = Outcome("disk full for create, add, check --repair, simulate")
    images, more = fill(folder / "images", 12), fill(folder / "more", 12, start=100)
    original = make_project(folder / "made", each=12)
    expected = label_some(original)
    rng = random.Random(seed)
    place = folder / "disk"
    unmounted = 0
    for number in range(times):
        name = ("create", "add", "repair", "simulate")[number % 4]
        free = rng.choice((0, 16, 64, 64, 130, 200))
        with small_disk(place, 6000) as mounted:
            outcome.tried += 1
            if not mounted:
                unmounted += 1
                continue
            copy = place / "project"
            shutil.copytree(original, copy)
            if name == "repair":
                (copy / "cache" / "tensors.npy").unlink()
            left = shutil.disk_usage(place).free - (free << 10)
            (place / "filler").write_bytes(bytes(max(0, left)))
            words = {
                "create": ["create", place / "new", "--images", images, "--truth", "folders"],
                "add": ["add", copy, "--images", more],
                "repair": ["check", copy, "--repair"],
                "simulate": ["simulate", copy, "--initial", 6, "--budget", 3, "--cycles", 1,
                             "--learner", "mobyv2al", "--epochs", 1, "--batch-size", 8],
            }[name]  # fmt: skip
            done = subprocess.run(
                [sys.executable, "main.py", *map(str, words)],
                capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2],
                env={**os.environ, "TMPDIR": str(place)},
            )  # fmt: skip
            last = (done.stderr.splitlines() or [""])[-1]
            fits = done.returncode == 0 or ("disk" in last and "went wrong" not in last)
            outcome.expect(fits, f"try {number}, {name} with {free} kB: {last[:200]}")
            (place / "filler").unlink()
            with Project(copy) as project:
                outcome.expect(project.complete, f"try {number}, {name}: left interrupted")
                outcome.expect(state(project) == expected, f"try {number}: the labels differ")
    if unmounted:
        outcome.note = f"{unmounted} could not be tried: a disk has to be mounted for it"
    return outcome


def locked(folder: Path, times: int, seed: int) -> Outcome:
    """Another program locks the database for longer than the timeout."""
    from labeller.store import database

    outcome = Outcome("database locked by another program")
    project = make_project(folder)
    expected = label_some(project)
    patience, database.BUSY_TIMEOUT_SECONDS = database.BUSY_TIMEOUT_SECONDS, 0.2
    try:
        for number in range(times):
            with child("hold", project) as process:
                wait_for(process, "ready")
                try:
                    Project(project).close()
                    outcome.expect(False, f"try {number}: it was opened")
                except Exception as error:
                    outcome.expect("locked by another" in str(error), f"try {number}: {error}")
            outcome.tried += 1
            require_intact(outcome, project, expected, f"try {number}")
    finally:
        database.BUSY_TIMEOUT_SECONDS = patience
    return outcome


def two_programs(folder: Path, times: int, seed: int) -> Outcome:
    """The second program is told, can read, and changes nothing."""
    outcome = Outcome("a second program on the same project")
    project = make_project(folder)
    with Project(project) as opened:
        rounds.begin(opened)
    for number in range(times):
        with child("label", project, number) as process:
            wait_for(process, "ready")
            try:
                Project(project).close()
                outcome.expect(False, f"try {number}: both could write")
            except ProjectLocked:
                pass
            with Project(project, read_only=True) as reader:
                state(reader)
                outcome.expect(not reader.labels.log_problems(), f"try {number}: the log")
                try:
                    reader.labels.assign({1: 1}, "second")
                    outcome.expect(False, f"try {number}: a reader wrote")
                except Exception as error:
                    outcome.expect("readonly" in str(error), f"try {number}: {error}")
        outcome.tried += 1
    require_intact(outcome, project, None, "after all")
    return outcome


LIMITS = (
    (disk_full_while_labelling, 20),
    (disk_full_elsewhere, 5),
    (memory_short_while_training, 10),
    (read_only, 5),
    (read_only_use, 3),
    (disk_full_for_commands, 24),
    (locked, 10),
    (two_programs, 10),
)
