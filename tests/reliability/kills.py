"""`kill -9` at random moments."""

import json
import random
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from labeller.core.run import Run
from labeller.learning.batches import PoolImages
from labeller.learning.checkpoint import load_model
from labeller.learning.frozen_features import FrozenFeatures
from labeller.learning.recipe import recipe_named
from labeller.loop import rounds
from labeller.project.creation import create, resume
from labeller.project.planning import Request
from labeller.project.project import DATABASE, Project
from labeller.store.backups import backups
from tests.conftest import fill
from tests.frozen_encoder import add_mean_colours
from tests.reliability.children import FAST
from tests.reliability.outcome import (
    Outcome,
    State,
    child,
    copies,
    kill_after,
    label_some,
    make_project,
    random_times,
    require_intact,
    state,
    wait_for,
)

SAMPLES = Path(__file__).parents[1] / "samples"


def while_labelling(folder: Path, times: int, seed: int) -> Outcome:
    """Everything shown must be there; one more change may be stored but not yet shown."""
    outcome = Outcome("`kill -9` while labelling at full speed")
    project = make_project(folder)
    with Project(project) as opened:
        rounds.begin(opened)
    shown = 0
    for number, moment in enumerate(random_times(seed, times, 0.5)):
        with child("label", project, seed + number) as process:
            wait_for(process, "ready")
            outcome.expect(kill_after(process, moment), f"try {number}: it ended by itself")
            assert process.stdout is not None
            result = process.stdout.read().split("\n")[:-1]
        states = [_shown(line) for line in result if line.startswith("shown ")]
        outcome.tried += 1
        shown += len(states)
        outcome.expect(len(states) == len(result), f"try {number}: {result[-1:]}")
        with Project(project) as opened:
            outcome.expect(not opened.labels.log_problems(), f"try {number}: the log is damaged")
            if states and state(opened) != states[-1]:
                opened.labels.undo("judge") if not _is_undo(opened) else opened.labels.redo("judge")
                outcome.expect(state(opened) == states[-1], f"try {number}: a shown label is gone")
    require_intact(outcome, project, None, "after all")
    outcome.note = f"{shown:,} changes were shown"
    return outcome


def _shown(line: str) -> State:
    return {int(image_id): class_id for image_id, class_id in json.loads(line[6:]).items()}


def _is_undo(project: Project) -> bool:
    last = project._db.execute("SELECT kind FROM action ORDER BY id DESC LIMIT 1").fetchone()
    return bool(last and last[0] == "undo")


def while_training(folder: Path, times: int, seed: int) -> Outcome:
    outcome = Outcome("`kill -9` while training")
    project = make_project(folder)
    expected = label_some(project)
    for number, moment in enumerate(random_times(seed, times, 1.5)):
        with child("train", project) as process:
            wait_for(process, "ready")
            kill_after(process, moment)
        outcome.tried += 1
        require_intact(outcome, project, expected, f"try {number}")
    with Project(project) as opened:
        running = [run for run in opened.runs.all() if run.state == "running"]
        outcome.expect(not running, "a run is still said to be running")
    return outcome


def while_reading_features(folder: Path, times: int, seed: int) -> Outcome:
    """Features recorded as read are correct, and the missing ones are read."""
    outcome = Outcome("`kill -9` while reading features")
    project = make_project(folder)
    expected = label_some(project)
    add_mean_colours()
    with Project(project) as opened:
        pool = PoolImages(opened.tensors(), torch.device("cpu"), opened.image_files())
        assert pool.files is not None and pool.files.by_row, (
            "loads the table while the project is open"
        )
        in_memory = replace(pool.files, features=None)
        rows = torch.arange(len(pool))
        right = FrozenFeatures(
            "mean-colours", PoolImages(opened.tensors(), torch.device("cpu"), in_memory)
        ).raw(rows, Run())
    for number, moment in enumerate(random_times(seed, times, 0.3)):
        with child("read_features", project) as process:
            wait_for(process, "ready")
            kill_after(process, moment)
        outcome.tried += 1
        kept = FrozenFeatures("mean-colours", pool).store
        known = kept.all_known()
        outcome.expect(torch.equal(kept.get(known), right[known]), f"try {number}: wrong features")
        outcome.note = f"{len(known)} of {len(rows)} had been read at the last one"
    again = FrozenFeatures("mean-colours", pool).raw(rows, Run())
    outcome.expect(torch.equal(again, right), "the rest is not read")
    require_intact(outcome, project, expected, "after all")
    return outcome


def while_writing_a_checkpoint(folder: Path, times: int, seed: int) -> Outcome:
    outcome = Outcome("`kill -9` while writing a checkpoint")
    project = make_project(folder)
    expected = label_some(project)
    with Project(project) as opened:
        options = rounds.Method(recipe_named("quick", **FAST), device="cpu", learner="mobyv2al")
        checkpoint = project / str(rounds.train_round(opened, options).checkpoint)
    for moment in random_times(seed, times, 0.2):
        with child("write_checkpoints", project) as process:
            wait_for(process, "ready")
            kill_after(process, moment)
        outcome.tried += 1
        load_model(checkpoint)
    require_intact(outcome, project, expected, "after all")
    return outcome


def while_importing(folder: Path, times: int, seed: int) -> Outcome:
    """Running the same command again must give the project of an undisturbed import."""
    outcome = Outcome("`kill -9` while importing")
    images = fill(folder / "images", 150)
    request = Request(str(images), truth="folders", resolution=16)
    create(folder / "whole", request).close()
    with Project(folder / "whole") as whole:
        expected = np.asarray(whole.tensors())
    interrupted = 0
    for number, moment in enumerate(random_times(seed, times, 0.4)):
        target = folder / f"try-{number}"
        with child("make", target, images) as process:
            wait_for(process, "ready")
            kill_after(process, moment)
        outcome.tried += 1
        try:
            with create(target, request) as project:
                interrupted += 1
                same = np.array_equal(project.tensors(), expected)
                outcome.expect(same, f"try {number}: the cache differs")
        except Exception as error:
            done = "already holds a project" in str(error)
            outcome.expect(done, f"try {number}: {error}")
        require_intact(outcome, target, {}, f"try {number}")
        shutil.rmtree(target)
    outcome.note = f"{interrupted} of them unfinished, and resumed"
    return outcome


def while_exporting(folder: Path, times: int, seed: int) -> Outcome:
    """Files under their final name are complete; the project is unchanged."""
    outcome = Outcome("`kill -9` while exporting")
    project = make_project(folder)
    expected = label_some(project)
    found = 0
    for number, moment in enumerate(random_times(seed, times, 0.5)):
        output = folder / "out"
        output.mkdir()
        with child("export", project, output) as process:
            wait_for(process, "ready")
            kill_after(process, moment)
        outcome.tried += 1
        for path in output.iterdir():
            if path.name.startswith("."):
                continue  # hidden file left by the killed program
            found += 1
            if path.is_dir():
                count = sum(1 for file in path.rglob("*/*") if file.is_file())
            else:
                count = len(path.read_text().splitlines()) - 1
            outcome.expect(count == len(expected), f"try {number}: {path.name} has {count}")
        shutil.rmtree(output)
    require_intact(outcome, project, expected, "after all")
    outcome.note = f"{found:,} finished exports, all whole"
    return outcome


def while_migrating(folder: Path, times: int, seed: int) -> Outcome:
    """A project of the first version, large enough that there is time to kill."""
    outcome = Outcome("`kill -9` while migrating from schema 1")
    old = folder / "old"
    old.mkdir()
    shutil.copy(SAMPLES / "schema-1.sqlite", old / DATABASE)
    connection = sqlite3.connect(old / DATABASE)
    with connection:
        for number in range(3000):
            action = connection.execute(
                "INSERT INTO action (kind, origin, annotator, at) VALUES ('do', 'person', 'a', 'x')"
            ).lastrowid
            connection.execute(
                "INSERT INTO label_event (action_id, image_id, kind, class_id, replaces) VALUES "
                "(?1, ?2, 'label', 1, (SELECT max(id) FROM label_event WHERE image_id = ?2))",
                [action, number % 16 + 1],
            )
    connection.close()
    with Project(_copied(old, folder / "expected")) as project:
        expected = state(project)
    migrated = 0
    for (number, copy), moment in zip(
        copies(old, folder, times), random_times(seed, times, 0.12), strict=True
    ):
        with child("migrate", copy) as process:
            wait_for(process, "ready")
            kill_after(process, moment)
        outcome.tried += 1
        version = sqlite3.connect(copy / DATABASE).execute("PRAGMA user_version").fetchone()[0]
        migrated += version > 1
        with Project(copy) as project:
            outcome.expect(state(project) == expected, f"try {number}: the labels differ")
            problems = project.labels.log_problems() + project.integrity_problems()
            outcome.expect(not problems, f"try {number}: {problems[:1]}")
        first = [b for b in backups(copy) if b.reason == "before-migration"]
        outcome.expect(bool(first), f"try {number}: there is no backup of before")
    outcome.note = f"{times - migrated} before its end"
    return outcome


def while_restoring(folder: Path, times: int, seed: int) -> Outcome:
    """Restoring again must recover everything."""
    outcome = Outcome("`kill -9` while restoring a backup")
    original = make_project(folder)
    expected = label_some(original)
    name = backups(original)[0].name
    for (number, copy), moment in zip(
        copies(original, folder, times), random_times(seed, times, 0.08), strict=True
    ):
        (copy / DATABASE).write_bytes(random.Random(number).randbytes(20_000))
        with child("restore", copy, name) as process:
            wait_for(process, "ready")
            kill_after(process, moment)
        outcome.tried += 1
        _again(copy, name)
        require_intact(outcome, copy, expected, f"try {number}")
    return outcome


def while_growing(folder: Path, times: int, seed: int) -> Outcome:
    """Reopened, the project has all new images or none, and every label."""
    outcome = Outcome("`kill -9` while adding images")
    original = make_project(folder)
    expected = label_some(original)
    more = fill(folder / "more", 60, start=600)
    grown = 0
    for (number, copy), moment in zip(
        copies(original, folder, times), random_times(seed, times, 0.8), strict=True
    ):
        with child("add", copy, more) as process:
            wait_for(process, "ready")
            kill_after(process, moment)
        outcome.tried += 1
        with resume(copy) as project:
            found = project.images.count()
            added = found > 69
            grown += added
            outcome.expect(found == (69 + 180 if added else 69), f"try {number}: {found} images")
            kept = {i: c for i, c in state(project).items() if i in expected}
            outcome.expect(kept == expected, f"try {number}: labels differ")
            labelled = project.labels.counts()[0] - len(expected)
            outcome.expect(labelled == (180 if added else 0), f"try {number}: {labelled} given")
            whole = np.asarray(project.tensors()).any(axis=(1, 2, 3)).all()
            outcome.expect(bool(whole), f"try {number}: the cache has holes")
            outcome.expect(not project.labels.log_problems(), f"try {number}: the log")
    outcome.note = f"{grown} of them grown"
    return outcome


def while_locating(folder: Path, times: int, seed: int) -> Outcome:
    """All images are located or none."""
    outcome = Outcome("`kill -9` while locating images")
    original = make_project(folder)
    expected = label_some(original)
    with Project(original):
        pass
    (folder / "images").rename(folder / "elsewhere")
    for (number, copy), moment in zip(
        copies(original, folder, times), random_times(seed, times, 0.1), strict=True
    ):
        with child("locate", copy, folder / "elsewhere") as process:
            wait_for(process, "ready")
            kill_after(process, moment)
        outcome.tried += 1
        with Project(copy) as project:
            there = {image.file.is_file() for image in project.images.whereabouts()
                     if "held-out" not in str(image.file)}  # fmt: skip
            outcome.expect(len(there) == 1, f"try {number}: a part was moved")
        require_intact_log(outcome, copy, expected, f"try {number}")
    return outcome


def while_merging(folder: Path, times: int, seed: int) -> Outcome:
    """A copy is merged completely or not at all, and merging again gives the full result."""
    outcome = Outcome("`kill -9` while merging copies")
    original = make_project(folder)
    others = []
    for who in ("ben", "cleo"):
        other = shutil.copytree(original, folder / who)
        with Project(other) as project:
            for image_id in range(1, 40):
                project.labels.assign({image_id: 1 + (image_id + len(who)) % 3}, who)
        others.append(other)
    expected = label_some(original)
    whole = shutil.copytree(original, folder / "whole")
    with child("merge_copies", whole, *others) as process:
        process.wait()
    with Project(whole) as project:
        wanted = state(project)
    for (number, copy), moment in zip(
        copies(original, folder, times), random_times(seed, times, 0.25), strict=True
    ):
        with child("merge_copies", copy, *others) as process:
            wait_for(process, "ready")
            kill_after(process, moment)
        outcome.tried += 1
        with Project(copy) as project:
            kept = state(project)
            outcome.expect(set(expected) <= set(kept), f"try {number}: labels are gone")
        with child("merge_copies", copy, *others) as process:
            process.wait()
        with Project(copy) as project:
            outcome.expect(state(project) == wanted, f"try {number}: another state")
            problems = [*project.labels.log_problems(), *project.reconciliation.problems()]
            outcome.expect(not problems, f"try {number}: {problems}")
    return outcome


def require_intact_log(outcome: Outcome, folder: Path, expected: State, name: str) -> None:
    """Check labels and log of a project whose images are missing."""
    with Project(folder) as project:
        outcome.expect(state(project) == expected, f"{name}: labels differ")
        outcome.expect(not project.labels.log_problems(), f"{name}: the log is damaged")


def _again(folder: Path, name: str) -> None:
    with child("restore", folder, name) as process:
        process.wait()


def _copied(folder: Path, target: Path) -> Path:
    shutil.copytree(folder, target)
    return target


KILLS = (
    (while_labelling, 200),
    (while_training, 20),
    (while_reading_features, 50),
    (while_writing_a_checkpoint, 50),
    (while_importing, 50),
    (while_exporting, 30),
    (while_migrating, 50),
    (while_restoring, 50),
    (while_growing, 20),
    (while_locating, 20),
    (while_merging, 20),
)
