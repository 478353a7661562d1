"""Damaged, deleted or changed files."""

import random
import shutil
from pathlib import Path

from labeller.care.checking import check
from labeller.care.recovery import repair, restore
from labeller.core.errors import LabellerError
from labeller.learning.recipe import recipe_named
from labeller.loop import rounds
from labeller.project.exporting import export
from labeller.project.project import DATABASE, Project, explaining
from labeller.store import ledger
from labeller.store.backups import backups
from tests.reliability.children import FAST
from tests.reliability.outcome import (
    Outcome,
    copies,
    label_some,
    make_project,
    require_intact,
    state,
)


def of_the_database(folder: Path, times: int, seed: int) -> Outcome:
    """The database is truncated, partly or completely overwritten with noise, or deleted, with its
    write-ahead log. Whether that is noticed at once or not, restoring must recover every label."""
    outcome = Outcome("database truncated, overwritten with noise or deleted")
    original = make_project(folder)
    rng = random.Random(seed)
    with Project(original) as project:
        rounds.begin(project)
    expected = label_some(original)  # all labels are newer than the only backup
    unopened = 0
    for number, copy in copies(original, folder, times):
        database = copy / DATABASE
        data = bytearray(database.read_bytes())
        kind = number % 4
        if kind == 0:
            del data[rng.randrange(len(data)) :]
        elif kind == 1:
            for _ in range(20):
                at = rng.randrange(len(data) - 512)
                data[at : at + 512] = rng.randbytes(512)
        elif kind == 2:
            data[:] = rng.randbytes(len(data))
        if kind == 3:
            database.unlink()
        else:
            database.write_bytes(data)
        outcome.tried += 1
        try:
            with explaining(copy), Project(copy) as project:
                problems = check(project)
            damaged = bool(problems) or state_of(copy) != expected
        except LabellerError as error:
            damaged = True
            unopened += 1
            outcome.expect(len(str(error).splitlines()) == 1, f"try {number}: {error}")
        if damaged:
            restore(copy, backups(copy)[-1].name)
        require_intact(outcome, copy, expected, f"try {number}")
    outcome.note = f"{unopened} could not be opened, one line each; all restored"
    return outcome


def state_of(folder: Path) -> dict:
    with Project(folder, read_only=True) as project:
        return state(project)


def of_the_open_database(folder: Path, times: int, seed: int) -> Outcome:
    """The database is deleted or replaced during labelling: the next label is refused, earlier ones
    are kept."""
    outcome = Outcome("database deleted or replaced while it is open")
    original = make_project(folder)
    for number, copy in copies(original, folder, times):
        expected = label_some(copy)
        with Project(copy) as project:
            project.labels.assign({1: 1}, "anna")
            expected[1] = 1
            if number % 2:
                shutil.copy(original / DATABASE, copy / "other")
                (copy / "other").replace(copy / DATABASE)
            else:
                (copy / DATABASE).unlink()
            try:
                project.labels.assign({2: 2}, "anna")
                outcome.expect(False, f"try {number}: a label was taken that cannot last")
            except LabellerError as error:
                outcome.expect("restore" in str(error), f"try {number}: {error}")
        outcome.tried += 1
        rescued = next(b for b in backups(copy) if b.reason == "rescued")
        restore(copy, rescued.name)
        require_intact(outcome, copy, expected, f"try {number}")
    return outcome


def of_derived_files(folder: Path, times: int, seed: int) -> Outcome:
    """The image cache, thumbnails or checkpoints are overwritten with noise or deleted."""
    outcome = Outcome("image cache, thumbnail or checkpoint damaged or deleted")
    original = make_project(folder)
    expected = label_some(original)
    with Project(original) as project:
        options = rounds.Method(recipe_named("quick", **FAST), device="cpu", learner="mobyv2al")
        rounds.train_round(project, options)
        project.thumbnails.folder.joinpath("aa").mkdir(parents=True)
        project.thumbnails.folder.joinpath("aa", f"{'a' * 64}.jpg").write_bytes(b"noise")
    rng = random.Random(seed)
    for number, copy in copies(original, folder, times):
        files = [copy / "cache" / "tensors.npy", *copy.glob("checkpoints/*")]
        file = files[number % 2]
        if number % 3 == 0:
            file.unlink()
        else:
            data = bytearray(file.read_bytes())
            at = rng.randrange(len(data) - 64)
            if number % 2:
                del data[at:]
            else:
                data[at : at + 64] = rng.randbytes(64)
            file.write_bytes(data)
        with Project(copy) as project:
            outcome.expect(len(check(project)) >= 2, f"try {number}: not noticed")
            outcome.expect(len(repair(project)) >= 2, f"try {number}: nothing mended")
        outcome.tried += 1
        require_intact(outcome, copy, expected, f"try {number}")
    return outcome


def of_the_images(folder: Path, times: int, seed: int) -> Outcome:
    """Image files vanish, change or grow after the import."""
    outcome = Outcome("images vanish, change or grow after the import")
    for number in range(times):
        place = folder / f"try-{number}"
        project_folder = make_project(place, each=6)
        expected = label_some(project_folder)
        with Project(project_folder) as project:
            images = [image for image, _ in project.images.each_file()]
            images[0].file.unlink()
            images[1].file.write_bytes(images[2].file.read_bytes())
            with images[3].file.open("ab") as file:
                file.truncate(1 << 30)
            found = check(project)
            outcome.expect(len(found) == 3, f"try {number}: {found}")
            options = rounds.Method(recipe_named("quick", **FAST), device="cpu", learner="mobyv2al")
            run = rounds.train_round(project, options)
            outcome.expect(run.state == "finished", f"try {number}: {run.state}")
            export(project, "csv", place / "labels.csv")
            done = export(project, "imagefolder", place / "folders")
            wrong = {image.path for image in (images[0], images[1], images[3])}
            wrong &= {image.path for image in project.images.get(list(expected))}
            named = {*done.missing, *done.changed}
            outcome.expect(named == wrong, f"try {number}: left out are {named}, not {wrong}")
            written = sum(p.suffix == ".png" for p in (place / "folders").rglob("*"))
            outcome.expect(written == done.labels, f"try {number}: {written} images written")
            outcome.expect(state(project) == expected, f"try {number}: the labels differ")
        outcome.tried += 1
        shutil.rmtree(place)
    return outcome


def of_the_clock(folder: Path, times: int, seed: int) -> Outcome:
    """The clock jumps back by years while somebody labels."""
    outcome = Outcome("clock set back while labelling")
    original = make_project(folder)
    rng = random.Random(seed)
    true_now = ledger.now
    for number, copy in copies(original, folder, times):
        try:
            with Project(copy) as project:
                for image_id in range(1, 21):
                    year = rng.randrange(1990, 2040)
                    ledger.now = lambda year=year: f"{year}-01-01T00:00:00.000+00:00"
                    project.labels.assign({image_id: image_id % 3 + 1}, "anna")
                project.labels.undo("anna")
                expected = {i: i % 3 + 1 for i in range(1, 20)}
                outcome.expect(state(project) == expected, f"try {number}: the order was lost")
        finally:
            ledger.now = true_now
        outcome.tried += 1
        require_intact(outcome, copy, expected, f"try {number}")
    return outcome


DAMAGES = (
    (of_the_database, 100),
    (of_the_open_database, 20),
    (of_derived_files, 24),
    (of_the_images, 5),
    (of_the_clock, 10),
)
