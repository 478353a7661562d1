"""Labels from merges, imports and backups, with wrong clocks."""

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from labeller.care.recovery import restore
from labeller.loop.audit import begin_audit
from labeller.loop.training_data import labelled_rows, offered
from labeller.project.exporting import export
from labeller.project.importing import REPLACE, ImportOptions, import_labels
from labeller.project.project import DATABASE, Project
from labeller.project.teams import merge
from labeller.store.backups import backups
from tests.reliability.outcome import Outcome, copies, make_project, require_intact, state

IMAGES = range(1, 21)
JUMPS = (0, 0, -1, -120_000, 86_400_000, -86_400_000)
"""Milliseconds by which a clock moves between two actions; 0 is the same millisecond."""


class Clock:
    """The clock of all copies, moved by a test."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC).replace(microsecond=0)

    def __call__(self) -> str:
        return self.at.isoformat(timespec="milliseconds")

    def jump(self, milliseconds: int) -> None:
        self.at += timedelta(milliseconds=milliseconds)


@contextmanager
def clock() -> Iterator[Clock]:
    found = Clock()
    with mock.patch("labeller.store.ledger.now", found):
        yield found


def change(project: Project, image_id: int, kind: int) -> None:
    """Correct, clear, skip or undo a label."""
    if kind == 0:
        project.labels.assign({image_id: 2}, "anna")
    elif kind == 1:
        project.labels.clear([image_id], "anna")
    elif kind == 2:
        project.labels.skip([image_id], "anna", reason="unsure")
    else:
        project.labels.assign({image_id: 3}, "anna")
        project.labels.undo("anna")


def of_clocks_and_merges(folder: Path, times: int, seed: int) -> Outcome:
    """Labels, including those of a colleague with a wrong clock, are corrected, cleared and undone
    while the clock jumps; then unrelated copies are merged."""
    outcome = Outcome("clock jumps between a label and its correction, then merges")
    rng = random.Random(seed)
    with clock() as now:
        original = make_project(folder)
        for number, ours in copies(original, folder, times):
            ben = shutil.copytree(original, folder / f"ben-{number}")
            cleo = shutil.copytree(original, folder / f"cleo-{number}")
            now.jump(rng.choice(JUMPS))
            with Project(ben) as project:
                project.labels.assign(dict.fromkeys(IMAGES, 1), "ben")
            with Project(cleo) as project:
                project.labels.assign({50: 3}, "cleo")
            now.jump(rng.choice(JUMPS))
            with Project(ours) as project:
                if number % 2:
                    merge(project, ben)
                else:
                    for image_id in IMAGES:
                        project.labels.assign({image_id: 1}, "anna")
                for image_id in IMAGES:
                    now.jump(rng.choice(JUMPS))
                    change(project, image_id, rng.randrange(4))
                expected = state(project) | {50: 3}
                now.jump(rng.choice(JUMPS))
                merge(project, cleo)
                outcome.expect(state(project) == expected, f"try {number}: labels differ")
            with Project(cleo) as project:  # and if the copies are merged in another order
                for other in (ours, ben) if number % 2 else (ours,):
                    merge(project, other)
                outcome.expect(state(project) == expected, f"try {number}: differ elsewhere")
            outcome.tried += 1
            require_intact(outcome, ours, expected, f"try {number}")
            shutil.rmtree(ben)
            shutil.rmtree(cleo)
    return outcome


def of_undo(folder: Path, times: int, seed: int) -> Outcome:
    """Undo and redo everything after a merge or an import: labels that came from elsewhere are kept
    and reported."""
    outcome = Outcome("undo after a merge, and after an import that replaces labels")
    rng = random.Random(seed)
    with clock() as now:
        original = make_project(folder)
        for number, ours in copies(original, folder, times):
            theirs = sorted(rng.sample(IMAGES, 8))
            with Project(ours) as project:
                for image_id in IMAGES:
                    project.labels.assign({image_id: 1}, "anna")
            if number % 2:
                other = shutil.copytree(ours, folder / f"other-{number}")
                now.jump(rng.choice(JUMPS))
                with Project(other) as project:
                    project.labels.assign(dict.fromkeys(theirs, 2), "ben")
                with Project(ours) as project:
                    merge(project, other)
                shutil.rmtree(other)
            else:
                with Project(ours) as project:
                    names = {c.id: c.name for c in project.classes.all()}
                    paths = [image.path for image in project.images.get(theirs)]
                    table = folder / f"labels-{number}.csv"
                    rows = "".join(f"{path},{names[2]}\n" for path in paths)
                    table.write_text(f"path,label\n{rows}", encoding="utf-8")
                    import_labels(project, table, "table", None, ImportOptions(conflicts=REPLACE))
            wanted = dict.fromkeys(theirs, 2)
            with Project(ours) as project:
                told = []
                for _ in range(len(IMAGES)):
                    project.labels.undo("anna")
                    told += project.labels.kept
                outcome.expect(state(project) == wanted, f"try {number}: undo took labels away")
                outcome.expect(sorted(told) == theirs, f"try {number}: not told: {told}")
                while project.labels.can_redo:
                    project.labels.redo("anna")
                again = dict.fromkeys(IMAGES, 1) | wanted
                outcome.expect(state(project) == again, f"try {number}: redo overrides")
            outcome.tried += 1
            require_intact(outcome, ours, again, f"try {number}")
    return outcome


def of_audits(folder: Path, times: int, seed: int) -> Outcome:
    """Audit labels that arrive by a merge, a file, or a backup and the journal are never trained
    on."""
    outcome = Outcome("an audit merged, exported and imported, or restored")
    original = make_project(folder)
    audited = shutil.copytree(original, folder / "audited")
    with Project(audited) as project:
        audit = begin_audit(project, seed, count=20)
        in_audit = set(audit.image_ids)
        project.labels.assign({i: i % 3 + 1 for i in audit.image_ids}, "anna", round_id=audit.id)
        usual = [i for i in IMAGES if i not in in_audit]
        project.labels.assign({i: i % 3 + 1 for i in usual}, "anna")
        for format_name in ("csv", "jsonl", "parquet"):
            export(project, format_name, folder / f"labels.{format_name}")
    ways = ("merge", "csv", "jsonl", "parquet", "restore")
    for number, copy in copies(original, folder, times):
        way = ways[number % len(ways)]
        if way == "restore":
            shutil.rmtree(copy)
            shutil.copytree(audited, copy)
            (copy / DATABASE).unlink()
            shutil.copy(next((original / "backups").glob("*.sqlite")), copy / "backups")
            restore(copy, backups(copy)[-1].name)
        with Project(copy) as project:
            if way == "merge":
                merge(project, audited)
            elif way != "restore":
                import_labels(project, folder / f"labels.{way}", "table", way)
            learnt = set((labelled_rows(project, offered(project))[0] + 1).tolist())
            count = project.labels.counts()[0]
            outcome.expect(count == len(in_audit) + len(usual), f"try {number}, {way}: {count}")
            outcome.expect(learnt == set(usual), f"try {number}, {way}: learnt {learnt & in_audit}")
        outcome.tried += 1
        require_intact(outcome, copy, None, f"try {number}, {way}")
    return outcome


ELSEWHERE = ((of_clocks_and_merges, 60), (of_undo, 40), (of_audits, 15))
