"""The user's own files beside those of the program, and backups: nothing of value is deleted or
overwritten."""

import random
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner, Result

from labeller.care.checking import check
from labeller.care.recovery import restore
from labeller.cli.main import program
from labeller.core.errors import LabellerError
from labeller.core.run import Run
from labeller.project.creation import create
from labeller.project.curation import merge_classes
from labeller.project.exporting import export
from labeller.project.importing import import_labels
from labeller.project.planning import Request
from labeller.project.project import DATABASE, Project
from labeller.store import backups as store_backups
from labeller.store.backups import backups
from tests.conftest import fill
from tests.reliability.outcome import (
    Outcome,
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

FAST = ("--epochs", "1", "--steps-per-epoch", "1", "--batch-size", "8", "--device", "cpu")
PRECIOUS = "a thesis"


def of_a_failed_import(folder: Path, times: int, seed: int) -> Outcome:
    """`create` is killed, the user puts files into its folder, the images vanish, and the same
    `create` runs again: the user's files are kept."""
    outcome = Outcome("the user's own files in the folder of a failing import")
    for number, moment in enumerate(random_times(seed, times, 0.3)):
        target, images = folder / f"try-{number}", fill(folder / "images", 40)
        with child("make", target, images) as process:
            wait_for(process, "ready")
            kill_after(process, moment)
        own = [target / "thesis" / "notes.txt", target / "images" / "mine.png",
               target / "cache" / "x.npy", target / "notes.txt"]  # fmt: skip
        for path in own:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(PRECIOUS)
        if number % 2:
            for image in images.rglob("*.png"):
                image.write_bytes(b"noise")
        else:
            shutil.rmtree(images)
        result = _call("create", target, "--images", images, "--truth", "folders")
        outcome.tried += 1
        outcome.expect("Traceback" not in result.output, f"try {number}: {result.output}")
        for path in own:
            there = path.is_file() and path.read_text() == PRECIOUS
            outcome.expect(there, f"try {number}: {path.relative_to(target)} is gone")
        shutil.rmtree(images, ignore_errors=True)
    return outcome


def of_images_that_move(folder: Path, times: int, seed: int) -> Outcome:
    """The images are moved away while being read: once they are back, the same command
    continues."""
    outcome = Outcome("images moved away while `create` runs")
    rng = random.Random(seed)
    for number in range(times):
        images, away = fill(folder / f"images-{number}", 60), folder / f"away-{number}"
        target, moved = folder / f"try-{number}", rng.randrange(1, 100)

        def report(progress: object, images=images, away=away, moved=moved) -> None:
            if getattr(progress, "done", 0) >= moved and images.exists():
                images.rename(away)

        request = Request(str(images), truth="folders", resolution=16)
        try:
            create(target, request, Run(report=report)).close()
        except LabellerError as error:
            outcome.expect("Bring them back" in str(error), f"try {number}: {error}")
        if away.exists():
            away.rename(images)
        outcome.tried += 1
        if not _is_complete(target):
            create(target, request).close()
        with Project(target) as project:
            counts = project.images.counts()
            outcome.expect(counts["unreadable"] == 0, f"try {number}: {counts}")
            outcome.expect(counts["ready"] == 180, f"try {number}: {counts['ready']} of 180")
        require_intact(outcome, target, {}, f"try {number}")
    return outcome


def _is_complete(folder: Path) -> bool:
    with Project(folder) as project:
        return project.complete


def of_outputs(folder: Path, times: int, seed: int) -> Outcome:
    """Results, tables, figures and exports are directed onto existing files."""
    outcome = Outcome("outputs onto existing files, onto inputs, and into projects")
    project = make_project(folder)
    expected = label_some(project)
    results = folder / "a.json"
    plan = ("simulate", project, "--initial", 6, "--budget", 3, "--cycles", 1, *FAST)
    made = _call(*plan, "--results", results)
    outcome.expect(made.exit_code == 0, made.output)
    (folder / "there.csv").write_text(PRECIOUS)
    (folder / "there.png").write_text(PRECIOUS)
    (folder / "there.zip").write_text(PRECIOUS)
    (folder / "link.csv").symlink_to(folder / "there.csv")
    database = project / DATABASE
    cases: list[tuple[object, ...]] = [
        (*plan, "--results", database), (*plan, "--table", database), (*plan, "--results", results),
        (*plan, "--results", folder / "s.json", "--table", folder / "s.json"),
        (*plan, "--table", folder / "s.csv", "--figure", folder / "x" / ".." / "s.csv"),
        (*plan, "--figure", folder / "there.png"), (*plan, "--table", project / "new.csv"),
        (*plan, "--results", project / "backups" / "new.json"),
        ("compare", results, "--table", database), ("compare", results, "--table", results),
        ("compare", results, "--table", folder / "there.csv"),
        ("compare", results, "--table", folder / "link.csv"),
        ("compare", results, "--figure", folder / "there.png"),
        ("compare", results, "--table", project / "experiments" / "new.csv"),
        ("export", project, "--format", "csv", "--output", database),
        ("export", project, "--format", "csv", "--output", folder / "there.csv"),
        ("export", project, "--format", "imagefolder", "--output", project / "images" / "new"),
        ("report", folder / "there.zip"), ("report", project / "cache" / "new.zip"),
    ]  # fmt: skip
    for number in range(times):
        case = cases[number % len(cases)]
        files = [p for p in folder.rglob("*") if p.is_file() and not p.name.endswith("-shm")]
        before = {path: path.read_bytes() for path in files}
        result = _call(*case)
        outcome.tried += 1
        words = " ".join(map(str, case[-4:]))
        outcome.expect(result.exit_code != 0, f"try {number}: {words}: exit 0")
        one_line = len(result.output.strip().splitlines()) == 1
        outcome.expect(one_line, f"try {number}: {words}: {result.output[-300:]}")
        for path, content in before.items():
            same = path.is_file() and path.read_bytes() == content
            outcome.expect(same, f"try {number}: {words}: {path.name} was changed")
    require_intact(outcome, project, expected, "after all")
    forced = _call("compare", results, "--table", folder / "there.csv", "--force")
    outcome.expect(forced.exit_code == 0, f"--force: {forced.output}")
    return outcome


def of_retention(folder: Path, times: int, seed: int) -> Outcome:
    """The clock jumps between backups: the newest are kept in the order they were made, and the
    named one exists."""
    outcome = Outcome("backups while the clock jumps")
    original = make_project(folder)
    expected = label_some(original)
    rng = random.Random(seed)
    true_clock = store_backups.datetime
    for number, copy in copies(original, folder, times):
        made: list[str] = []
        try:
            for _ in range(12):
                jump = timedelta(days=rng.choice([0, 0, 400, -400, 16 * 365, -16 * 365]))

                class Jumping(datetime):
                    @classmethod
                    def now(cls, tz=None, jump=jump):
                        return true_clock.now(tz) + jump

                store_backups.datetime = Jumping  # type: ignore[misc]
                with Project(copy) as project:
                    made.append(project.back_up("daily").name)
                there = [b.name for b in backups(copy) if b.reason == "daily"]
                outcome.expect(made[-1] in there, f"try {number}: the newest copy is gone")
                wanted = ["first", *made][::-1][: len(there)]
                same = [n for n in there if n in made] == [n for n in wanted if n != "first"]
                outcome.expect(same and len(there) <= 7, f"try {number}: {there}, not {wanted}")
                result = restore(copy, rng.choice(there))
                named = result.split("previous data is in ")[1]
                there_too = (copy / "backups" / named).is_file()
                outcome.expect(there_too, f"try {number}: {named} does not exist")
        finally:
            store_backups.datetime = true_clock  # type: ignore[misc]
        outcome.tried += 1
        outcome.expect(backups(copy)[0].at.tzinfo is UTC, "times are UTC")
        require_intact(outcome, copy, expected, f"try {number}")
    return outcome


def of_merging(folder: Path, times: int, seed: int) -> Outcome:
    """`kill -9` while merging classes and undoing it: the class, its hidden labels, its key and its
    labels change together or not at all, and undo restores them."""
    outcome = Outcome("`kill -9` while merging classes and undoing it")
    project = make_project(folder)
    label_some(project)
    with Project(project) as opened:
        first = opened.classes.all()[0]
        opened.classes.change(type(first)(**{**vars(first), "shortcut": "q"}))
        apart = _of_classes(opened)
        merge_classes(opened, 1, 2, "anna")
        merged = _of_classes(opened)
        outcome.expect(merged != apart, "nothing was merged")
        export(opened, "csv", folder / "merged.csv")
        outcome.expect(
            import_labels(opened, folder / "merged.csv", "anna").unchanged > 0, "its own export"
        )
    for number, moment in enumerate(random_times(seed, times, 0.4)):
        with child("merge", project) as process:
            wait_for(process, "ready")
            kill_after(process, moment)
        outcome.tried += 1
        with Project(project) as opened:
            found = _of_classes(opened)
            outcome.expect(found in (apart, merged), f"try {number}: half a merge")
            outcome.expect(not check(opened), f"try {number}: {check(opened)[:1]}")
    return outcome


def _of_classes(project: Project) -> tuple:
    ids = range(1, project.images.count() + 1)
    return state(project), project.classes.all(archived=True), project.oracle.reveal(ids)


def _call(*arguments: object) -> Result:
    run: Callable[..., Result] = CliRunner().invoke
    return run(program, [str(a) for a in arguments], prog_name="labeller")


OWN = (
    (of_a_failed_import, 20),
    (of_images_that_move, 10),
    (of_outputs, 19),
    (of_retention, 10),
    (of_merging, 30),
)
