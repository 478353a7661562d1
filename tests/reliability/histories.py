"""Database and journal each lose something: whatever either still contains must be recovered."""

import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from labeller.care.checking import check
from labeller.care.recovery import change_history, repair, restore
from labeller.core.errors import LabellerError
from labeller.loop import rounds
from labeller.loop.method import Method
from labeller.loop.round_settings import RoundSettings, keep_round_settings
from labeller.project.curation import merge_classes
from labeller.project.project import DATABASE, Project
from labeller.store.backups import backups
from labeller.store.entries import Entry
from labeller.store.histories import LAST_AGREEMENT
from labeller.store.log import Columns, digest
from tests.reliability.outcome import (
    Outcome,
    State,
    child,
    copies,
    make_project,
    read_state,
    require_intact,
    state,
    wait_for,
)

JOURNAL = "labels.jsonl"
HOSTILE = (
    b'[1,[],[],"x"]', b"[" * 100_000, b"null", b"[]", b'{"a": 1}', b"[NaN,1e999]", b"\xff\xfe",
    b'["head", 7]', b'["head"]', b'[null,["do",null,"person","a",null,"x"],[[1e400,"a",1]],"y"]',
    b'[null,["do",null,"person","a",null,"x",null,"[[[["],[],"' + b"0" * 64 + b'"]',
    b'"' + b"x" * 1_000_000 + b'"', b'[null,null,null,null]', b'[{},{},{},{}]', b"-",
)  # fmt: skip


def of_the_write_ahead_log(folder: Path, times: int, seed: int) -> Outcome:
    """The program is killed and its write-ahead log is truncated, overwritten or deleted; or an
    older copy of the database is put back."""
    outcome = Outcome("write-ahead log truncated, overwritten or deleted; older database restored")
    original = make_project(folder)
    label(original, 1, 5)
    rng = random.Random(seed)
    for number, copy in copies(original, folder, times):
        database, log = copy / DATABASE, copy / f"{DATABASE}-wal"
        if number % 4 == 3:
            label(copy, 6, 30)
            shutil.copy(original / DATABASE, database)
        else:
            with child("label_in_order", copy, 6, 30) as process:
                wait_for(process, "done")
            data = bytearray(log.read_bytes())
            if number % 4 == 0:
                log.write_bytes(data[: rng.randrange(len(data))])
            elif number % 4 == 1:
                at = rng.randrange(len(data) - 64)
                data[at : at + 64] = rng.randbytes(64)
                log.write_bytes(data)
            else:
                log.unlink()
        outcome.tried += 1
        expected = answers(35)
        with Project(copy) as project:
            outcome.expect(state(project) == expected, f"try {number}: not brought back")
        _lose_the_database(outcome, copy, f"try {number}")
    return outcome


def of_the_journal(folder: Path, times: int, seed: int) -> Outcome:
    """The journal is damaged in one of many ways, the project is opened, and then the database is
    lost."""
    outcome = Outcome("journal damaged or deleted, then the database lost")
    original = make_project(folder)
    label(original, 1, 35)
    rng = random.Random(seed)

    def flip(data: bytes) -> bytes:
        at = rng.randrange(len(data))
        return data[:at] + bytes([data[at] ^ 1 << rng.randrange(7)]) + data[at + 1 :]

    def without_some(data: bytes) -> bytes:
        return b"".join(line for line in data.splitlines(True) if rng.random() < 0.7)

    damages: list[Callable[[bytes], bytes | None]] = [
        flip, without_some, lambda data: None, lambda data: b"",
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data[len(data) // 2 :], lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"\n", b"\r\n"), lambda data: data + data,
        lambda data: b"".join(rng.sample(data.splitlines(True), data.count(b"\n"))),
    ]  # fmt: skip
    for number, copy in copies(original, folder, times):
        journal = copy / JOURNAL
        damaged = damages[number % len(damages)](journal.read_bytes())
        journal.unlink()
        if damaged is not None:
            journal.write_bytes(damaged)
        outcome.tried += 1
        if number % 20 < 10:
            _lose_the_database(outcome, copy, f"try {number}", label_more=True)
        else:  # `check` opens the project read-only
            with Project(copy, read_only=True) as project:
                harmless = number % len(damages) in (4, 7, 8, 9)
                found = check(project)
                outcome.expect(bool(found) != harmless, f"try {number}: check says {found}")
    return outcome


def of_a_journal_line_and_the_database(folder: Path, times: int, seed: int) -> Outcome:
    """A journal line is damaged and the database lost: everything but that line is recovered."""
    outcome = Outcome("a journal line damaged and the database lost at the same time")
    original = make_project(folder)
    label(original, 1, 35)
    rng = random.Random(seed)
    for number, copy in copies(original, folder, times):
        lines = (copy / JOURNAL).read_bytes().splitlines(True)
        place = rng.randrange(1, len(lines))
        lines[place] = lines[place][:20] + b"#" + lines[place][21:]
        (copy / JOURNAL).write_bytes(b"".join(lines))
        _overwrite(copy, rng)
        restore(copy, backups(copy)[-1].name)
        outcome.tried += 1
        with Project(copy) as project:
            found = state(project)
            lost = {i: c for i, c in answers(35).items() if found.get(i) != c}
            outcome.expect(len(lost) <= 1, f"try {number}: {len(lost)} labels are lost")
            again = state(project)
        with Project(copy) as project:
            outcome.expect(state(project) == again, f"try {number}: brought back twice")
    return outcome


def of_the_full_disk(folder: Path, times: int, seed: int) -> Outcome:
    """The database can still be written but the journal cannot: the user is told, the next label is
    refused, and afterwards both are complete."""
    outcome = Outcome("disk full for the journal alone")
    original = make_project(folder)
    with Project(original) as project:
        rounds.begin(project)
    limit = 5 << 20
    for number, copy in copies(original, folder, times):
        journal = copy / JOURNAL
        _lengthen(journal, limit - 200 * (number + 2))
        with child("starve", "file", limit, "label", copy, seed + number) as process:
            assert process.stdout is not None
            last: State = {}
            result = []
            for line in process.stdout:
                if line.startswith("shown "):
                    last = {int(i): c for i, c in json.loads(line[6:]).items()}
                elif line.startswith("failed "):
                    result.append(line)
                    if "Nothing was changed" in line:
                        break
        outcome.tried += 1
        outcome.expect(any("second copy" in line for line in result), f"try {number}: {result}")
        with Project(copy) as project:
            outcome.expect(state(project) == last, f"try {number}: not what was shown")
        _lose_the_database(outcome, copy, f"try {number}", last)
    return outcome


def of_two_branches(folder: Path, times: int, seed: int) -> Outcome:
    """An older database is put back and labelling continues without reconciling: both histories are
    kept and named, and either can be switched to."""
    outcome = Outcome("two histories: labelling continued on an older database")
    original = make_project(folder)
    label(original, 1, 5)
    for number, copy in copies(original, folder, times):
        label(copy, 6, 10 + number)
        long = answers(15 + number)
        shutil.copy(original / DATABASE, copy / DATABASE)
        with Project(copy, lock=False) as blind:
            blind.labels.assign({50: 1, 51: 2}, "bert")
        short = answers(5) | {50: 1, 51: 2}
        outcome.tried += 1
        with Project(copy) as project:
            outcome.expect(state(project) == short, f"try {number}: the present one changed")
            outcome.expect(bool(project.notices), f"try {number}: nobody is informed")
            found = " ".join(check(project))
            outcome.expect("another history of" in found, f"try {number}: {found}")
        name = found.split("--history ")[1].split("`")[0]
        change_history(copy, name)
        require_intact(outcome, copy, long, f"try {number}, the other one")
        with Project(copy) as project:
            repair(project)
        kept = next(b for b in backups(copy) if b.reason == "before-restore")
        restore(copy, kept.name)
        require_intact(outcome, copy, short, f"try {number}, back again")
    return outcome


def of_hostile_lines(folder: Path, times: int, seed: int) -> Outcome:
    """Malicious lines in the journal of a project that is used further and then restored."""
    outcome = Outcome("malicious journal lines")
    original = make_project(folder)
    label(original, 1, 5)
    for number, copy in copies(original, folder, times):
        with (copy / JOURNAL).open("ab") as file:
            file.write(HOSTILE[number % len(HOSTILE)] + b"\n")
        outcome.tried += 1
        with Project(copy) as project:
            outcome.expect(any("1 lines" in p for p in check(project)), f"try {number}: check")
        _lose_the_database(outcome, copy, f"try {number}", answers(5))
        with Project(copy) as project:
            done = repair(project)
            outcome.expect(any("lines removed" in each for each in done), f"try {number}: {done}")
        require_intact(outcome, copy, None, f"try {number}, mended")
    return outcome


def of_scattered_lines(folder: Path, times: int, seed: int) -> Outcome:
    """Journal lines are reordered, or a sync client has moved some to files of its own; then the
    database is lost."""
    outcome = Outcome("journal reordered, or spread over several files")
    original = make_project(folder)
    with Project(original) as project:
        for image_id in range(1, 25):
            project.labels.assign({image_id: 1}, "anna")
            project.labels.assign({image_id: image_id % 3 + 1}, "anna")
        project.labels.clear([24], "anna")
        project.labels.assign({23: 1}, "anna")
        project.labels.undo("anna")
    expected = answers(23)
    rng = random.Random(seed)
    names = ("labels (conflicted copy).jsonl", "labels (1).jsonl", "Labels (2026-11-28).JSONL",
             "labels.sync-conflict-20261128-101500-ABCDEF.jsonl")  # fmt: skip
    for number, copy in copies(original, folder, times):
        lines = (copy / JOURNAL).read_bytes().splitlines(True)
        other = copy / names[number // 5 % len(names)]
        kept, apart = list(lines), []
        if number % 5 == 0:
            rng.shuffle(kept)
        elif number % 5 == 1:
            kept, apart = lines[:20], lines[20:]
        elif number % 5 == 2:
            apart = rng.sample(lines, len(lines) // 2)
            kept = [line for line in lines if line not in apart]
        elif number % 5 == 3:
            kept.reverse()
            apart = lines[len(lines) // 2 :]
        else:
            kept, apart = [], lines
        (copy / JOURNAL).write_bytes(b"".join(kept))
        if apart:
            other.write_bytes(b"".join(apart))
        outcome.tried += 1
        if number % 2:  # the database is intact: nothing changes, and the file is named
            with Project(copy) as project:
                outcome.expect(state(project) == expected, f"try {number}: changed by opening")
                found = " ".join(check(project))
                named = not apart or other.name in found
                outcome.expect(named, f"try {number}: {other.name} is not named: {found}")
                repair(project)
                outcome.expect(check(project) == [], f"try {number}: {check(project)}")
                outcome.expect(not other.exists(), f"try {number}: {other.name} is still there")
        _overwrite(copy, rng)
        said = restore(copy, backups(copy)[-1].name)
        named = number % 2 == 1 or not apart or other.name in said
        outcome.expect(named, f"try {number}: {said}")
        with Project(copy) as project:
            repair(project)
        require_intact(outcome, copy, expected, f"try {number}")
    return outcome


def of_notes_classes_and_settings(folder: Path, times: int, seed: int) -> Outcome:
    """Notes, decisions, classes, examples and settings are recovered like labels."""
    outcome = Outcome("notes, decisions, classes and settings after the database is lost")
    original = make_project(folder)
    tables = ("class", "note", "decision", "example", "current_label", "setting")
    for number, copy in copies(original, folder, times):
        with Project(copy) as project:
            project.labels.assign({1: 1, 2: 2, 3: 3}, "anna")
            project.labels.assign({1: 2}, "bert")
            project.agreement.decide([1], "carla")
            project.notes.set(2, f"note {number}", "anna")
            project.classes.add(["fourth", "fifth"])
            named = {c.name: c for c in project.classes.all()}
            fifth = named["fifth"]
            project.classes.change(type(fifth)(**{**vars(fifth), "name": "5th", "shortcut": "f"}))
            project.classes.order([5, 4, 3, 2, 1])
            project.classes.change_examples({2: 2, 3: 3}, add=True)
            project.classes.change_examples({3: 3}, add=False)
            project.classes.change_examples({1: 3}, add=True, wrong=True)
            project.guidelines.set(f"guidelines {number}", "anna")
            merge_classes(project, 3, 2, "anna")
            if number % 2:
                project.labels.undo("anna")
            keep_round_settings(project, RoundSettings(Method(strategy="random")), 17)
            expected = _rows(project, tables)
        _overwrite(copy, random.Random(seed + number))
        restore(copy, backups(copy)[-1].name)
        outcome.tried += 1
        with Project(copy) as project:
            for table, rows in _rows(project, tables).items():
                outcome.expect(rows == expected[table], f"try {number}: {table} differs")
            outcome.expect(not check(project), f"try {number}: {check(project)[:1]}")
    return outcome


def of_full_disk_while_restoring(folder: Path, times: int, seed: int) -> Outcome:
    """The disk is full while a backup is restored: nothing is changed and no files are left."""
    outcome = Outcome("disk full while restoring")
    original = make_project(folder)
    label(original, 1, 30)
    size = (original / DATABASE).stat().st_size
    for number, copy in copies(original, folder, times):
        before = sorted(p.relative_to(copy) for p in copy.rglob("*"))
        limit = size * (number + 1) // (times + 2)
        with child("starve", "file", limit, "restore", copy, backups(copy)[-1].name) as process:
            result, errors = process.communicate(timeout=60)
        outcome.tried += 1
        refused = "refused" in result and "Traceback" not in errors
        outcome.expect(refused, f"try {number}: {result} {errors[-300:]}")
        after = sorted(p.relative_to(copy) for p in copy.rglob("*"))
        outcome.expect(after == before, f"try {number}: {set(after) ^ set(before)}")
        require_intact(outcome, copy, answers(30), f"try {number}")
    return outcome


# -- shared helpers


def label(folder: Path, first: int, count: int) -> None:
    """Label images in order, one by one."""
    with Project(folder) as project:
        for image_id in range(first, first + count):
            project.labels.assign({image_id: image_id % 3 + 1}, "anna")


def answers(count: int) -> State:
    """The labels that `label` gives to the first images."""
    return {image_id: image_id % 3 + 1 for image_id in range(1, count + 1)}


def _lengthen(journal: Path, size: int) -> None:
    """Grow a journal to `size` with a long action that is not part of the history."""
    lines = journal.read_bytes()
    *_, last = (json.loads(line)[3] for line in lines.splitlines())
    head = json.dumps(["head", last]).encode() + b"\n"
    columns = Columns("do", None, "person", "", None, "2026")

    def line() -> bytes:
        return Entry(None, columns, [], digest(None, columns, [])).line()

    columns = columns._replace(annotator="x" * (size - len(lines) - len(head) - len(line())))
    journal.write_bytes(lines + line() + head)


def _rows(project: Project, tables: tuple[str, ...]) -> dict[str, list]:
    with closing(sqlite3.connect(project.folder / DATABASE)) as connection:
        return {
            table: sorted(
                repr(row)
                for row in connection.execute(f"SELECT * FROM {table}")
                if row[0] != LAST_AGREEMENT
            )
            for table in tables
        }


def _overwrite(folder: Path, rng: random.Random) -> None:
    database = folder / DATABASE
    database.write_bytes(rng.randbytes(database.stat().st_size))


def _lose_the_database(
    outcome: Outcome,
    folder: Path,
    time: str,
    expected: State | None = None,
    label_more: bool = True,
) -> None:
    """Add three labels, overwrite the database with noise and restore its first backup."""
    try:
        with Project(folder) as project:
            if label_more:
                for image_id in (50, 51, 52):
                    project.labels.assign({image_id: 2}, "anna")
        expected = (answers(35) if expected is None else dict(expected)) | {50: 2, 51: 2, 52: 2}
        _overwrite(folder, random.Random(time))
        restore(folder, backups(folder)[-1].name)
        found = read_state(folder)
        missing = sum(found.get(i) != c for i, c in expected.items())
        outcome.expect(not missing, f"{time}: {missing} of {len(expected)} labels are lost")
        with Project(folder) as project:
            problems = [p for p in check(project) if "cannot be read" not in p]
            outcome.expect(not problems, f"{time}: {problems[:1]}")
    except LabellerError as error:
        outcome.expect(False, f"{time}: {error}")


HISTORIES = (
    (of_the_write_ahead_log, 60),
    (of_the_journal, 100),
    (of_a_journal_line_and_the_database, 20),
    (of_the_full_disk, 10),
    (of_two_branches, 10),
    (of_hostile_lines, 2 * len(HOSTILE)),
    (of_scattered_lines, 60),
    (of_notes_classes_and_settings, 10),
    (of_full_disk_while_restoring, 10),
)
