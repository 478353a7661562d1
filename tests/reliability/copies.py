"""Malicious copies of a project: merging takes nothing from them, and one sentence names what is
wrong."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from labeller.core.errors import LabellerError
from labeller.project.curation import merge_classes
from labeller.project.project import DATABASE, Project
from labeller.project.teams import merge, split
from labeller.store.log import TRIGGERS, digest
from tests.reliability.outcome import (
    Outcome,
    child,
    kill_after,
    make_project,
    random_times,
    require_intact,
    state,
    wait_for,
)

Row = dict[str, object]
Craft = Callable[[list[Row], sqlite3.Connection], None]


def rewrite_log(folder: Path, craft: Craft) -> None:
    """Change the rows of a log and recompute its digests, as an attacker would."""
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        db.row_factory = sqlite3.Row
        triggers = [
            row["sql"]
            for row in db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            if row["name"] in TRIGGERS
        ]
        for name in TRIGGERS:
            db.execute(f"DROP TRIGGER IF EXISTS {name}")
        rows: list[Row] = [dict(row) for row in db.execute("SELECT * FROM action ORDER BY id")]
        craft(rows, db)
        before = None
        columns = (
            "kind", "target_id", "origin", "annotator", "round_id", "at", "suggested_by", "edit",
        )  # fmt: skip
        for row in rows:
            events = db.execute(
                "SELECT image_id, kind, class_id, reason FROM label_event WHERE action_id = ? "
                "ORDER BY id",
                [row["id"]],
            ).fetchall()
            before = digest(before, [row[c] for c in columns], [list(event) for event in events])
            values = [row[c] for c in columns]
            db.execute("INSERT OR REPLACE INTO action (id, kind, target_id, origin, annotator, "
                       "round_id, at, suggested_by, edit, digest) "
                       "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                       [row["id"], *values, before])  # fmt: skip
        for sql in triggers:
            db.execute(sql)
        db.commit()


def last(**values: object) -> Craft:
    """Change the newest action."""

    def craft(rows: list[Row], db: sqlite3.Connection) -> None:
        rows[-1] |= {key: json.dumps(v) if key == "edit" else v for key, v in values.items()}

    return craft


def more(*edits: object) -> Craft:
    """Add actions with these edits."""

    def craft(rows: list[Row], db: sqlite3.Connection) -> None:
        for edit in edits:
            text = edit if isinstance(edit, str) else json.dumps(edit)
            rows.append(
                {**rows[-1], "id": len(rows) + 1, "edit": text, "kind": "do", "target_id": None}
            )

    return craft


def named(name: str) -> Craft:
    """Give a class this name, in its table and in the log."""
    values = {"name": name, "colour": None, "shortcut": None, "description": "", "archived": 0}

    def craft(rows: list[Row], db: sqlite3.Connection) -> None:
        db.execute("UPDATE class SET name = ? WHERE id = 3", [name])
        more(["class", 3, values])(rows, db)

    return craft


def statement(sql: str) -> Craft:
    def craft(rows: list[Row], db: sqlite3.Connection) -> None:
        db.execute(sql)

    return craft


def all_archived(rows: list[Row], db: sqlite3.Connection) -> None:
    db.execute("UPDATE class SET archived = 1")
    for class_id, name in ((1, "red"), (2, "green"), (3, "blue")):
        values = {"name": name, "colour": None, "shortcut": None, "description": "", "archived": 1}
        more(["class", class_id, values])(rows, db)


def _long(length: int) -> str:
    return "x" * length


A, B = "a" * 64, "b" * 64
HARMFUL: dict[str, tuple[Craft, str]] = {
    "the year 9999": (last(at="9999-12-31T23:59:59.999+00:00"), "an impossible time"),
    "the year 0001": (last(at="0001-01-01T00:00:00.000+00:00"), "an impossible time"),
    "the 31st of February": (last(at="2026-02-31T00:00:00.000+00:00"), "an impossible time"),
    "no time": (last(at="yesterday"), "an impossible time"),
    "a time of another form": (last(at="20260101T000000Z"), "an impossible time"),
    "a time with another offset": (last(at="2026-01-01T00:00:00.000+14:00"), "an impossible time"),
    "an empty time": (last(at=""), "an impossible time"),
    "an empty class name": (named(""), "not a valid name"),
    "a blank class name": (named("  "), "not a valid name"),
    "a class name of a megabyte": (named(_long(1 << 20)), "not a valid name"),
    "a class name with NUL": (named("a\0b"), "not a valid name"),
    "a class name of two lines": (named("a\nb"), "not a valid name"),
    "a class name with an escape sequence": (named("\x1b[31mred"), "not a valid name"),
    "a class name that turns around": (named("red\u202eeulb"), "not a valid name"),
    "a class name with blanks around": (named(" red "), "not a valid name"),
    "a class name that is not composed": (named("e\u0301"), "not a valid name"),
    "all classes archived": (all_archived, "archive every class"),
    "a circle of merged classes": (
        statement("UPDATE class SET archived = 1, merged_into = 1 + id % 3"), "in a circle",
    ),
    "a class merged with itself": (more(["merge", 1, 1, None, False]), "not written by Labeller"),
    "a person's name of a megabyte": (last(annotator=_long(1 << 20)), "not a valid name"),
    "a person's name with an escape sequence": (last(annotator="\x1b]0;x\x07"), "not a valid name"),
    "an edit that is no JSON": (more("[oops"), "not written by Labeller|is damaged"),
    "an edit of no known kind": (more(["explode", 1]), "not written by Labeller"),
    "an edit of brackets": (more("[" * 50_000), "not written by Labeller|is damaged"),
    "a note of ten megabytes": (more(["note", 1, _long(10 << 20)]), "not written by Labeller"),
    "a note that is a number": (more(["note", 1, 7]), "not written by Labeller"),
    "a class edit without a name": (more(["class", 1, {}]), "not written by Labeller"),
    "classes that are no rows": (more(["classes", [1, 2]]), "not written by Labeller"),
    "a decision about words": (more(["decision", ["one"]]), "not written by Labeller"),
    "a merged action of no origin": (more(["merged", "x", None, []]), "not written by Labeller"),
    "a merged action of odd parents": (more(["merged", A, None, [1]]), "not written by Labeller"),
    "a merged action with an odd edit": (
        more(["merged", A, ["note", 1], []]), "not written by Labeller",
    ),
    "a label of a class that is not there": (
        statement("UPDATE label_event SET class_id = 77 WHERE id = 1"), "is damaged",
    ),
    "an undo of what comes later": (last(kind="undo", target_id=10_000), "is damaged"),
    "a number too large": (more(["note", 1 << 70, "x"]), "not written by Labeller"),
}  # fmt: skip
"""Description: how the copy is crafted, and what the error message contains."""

HARMLESS: dict[str, Craft] = {
    "actions that follow on each other in a circle": more(
        ["merged", A, None, [B]], ["merged", B, None, [A]]
    ),
    "an action that follows on itself": more(["merged", A, None, [A]]),
    "an action that follows on nothing known": more(["merged", A, None, [B]]),
    "the same action a hundred times": more(*[["merged", A, None, []]] * 100),
    "the end of merges that never began": more(["joined"], ["parted"], ["joined"]),
    "settled by nobody": more(["settled", A], ["settled", None, [1, 2]]),
}
"""Odd entries on which no label depends."""


def of_crafted_copies(folder: Path, times: int, seed: int) -> Outcome:
    """Each malicious copy is refused with one line that names the reason, and nothing of it is
    merged; merely odd copies are merged without harm."""
    outcome = Outcome("merging a malicious copy")
    original = make_project(folder, each=4)
    with Project(original) as project:
        project.labels.assign({1: 1, 2: 2, 3: 3}, "anna")
    crafts = [(name, craft, says) for name, (craft, says) in HARMFUL.items()]
    crafts += [(name, craft, "") for name, craft in HARMLESS.items()]
    for number in range(times):
        name, craft, says = crafts[number % len(crafts)]
        ours, theirs = folder / f"ours-{number}", folder / f"theirs-{number}"
        shutil.copytree(original, ours)
        shutil.copytree(original, theirs)
        with Project(theirs) as copy:
            merge_classes(copy, 2, 1, "ben")
            copy.labels.undo("ben")
            copy.labels.assign({4: 1, 1: 2}, "ben")
        rewrite_log(theirs, craft)
        outcome.tried += 1
        with Project(ours) as project:
            before, log = state(project), project.table_sizes()["action"]
            try:
                merge(project, theirs)
                outcome.expect(not says, f"{name}: it was taken")
                after = before | {4: 1, 1: 2}
                outcome.expect(state(project) == after, f"{name}: {state(project)}")
            except LabellerError as error:
                sentence = str(error)
                fits = bool(says) and any(part in sentence for part in says.split("|"))
                outcome.expect(fits, f"{name}: {sentence[:200]}")
                short = len(sentence) < 1000 and "\n" not in sentence and sentence.isprintable()
                outcome.expect(short, f"{name}: no sentence for a person")
                outcome.expect(state(project) == before, f"{name}: labels changed")
                same = project.table_sizes()["action"] == log
                outcome.expect(same, f"{name}: something was taken")
            except Exception as error:  # any other error would show the user a traceback
                outcome.expect(False, f"{name}: {type(error).__name__}: {str(error)[:200]}")
        require_intact(outcome, ours, None, name)
        shutil.rmtree(ours)
        shutil.rmtree(theirs)
    return outcome


def of_killed_splits(folder: Path, times: int, seed: int) -> Outcome:
    """The program is killed while making copies: complete copies are intact, the next split removes
    leftovers of the others, and splits in progress are not touched."""
    outcome = Outcome("`kill -9` while making copies for several people")
    project = make_project(folder, each=10)
    place = folder / "out"
    for number, moment in enumerate(random_times(seed, times, 0.5)):
        with child("split", project, place / f"copies-{number}") as process:
            wait_for(process, "ready")
            kill_after(process, moment)
        outcome.tried += 1
        with Project(project) as opened:
            made = split(opened, ["anna", "ben"], place / f"last-{number}")
        left = [each.name for each in place.iterdir() if each.name.startswith(".")]
        outcome.expect(not left, f"try {number}: {left} is left")
        for part in [*place.glob(f"copies-{number}-*/*"), *(each.place for each in made)]:
            require_intact(outcome, part, {}, f"try {number}: {part.name}")
        shutil.rmtree(place)
    return outcome


def of_two_names(folder: Path, times: int, seed: int) -> Outcome:
    """Two projects share a file by a hard link: neither is written to, the file is named, and
    replacing it by a copy fixes both."""
    outcome = Outcome("files shared by two projects (hard links)")
    original = make_project(folder, each=4)
    with Project(original) as project:
        project.labels.assign({1: 1, 2: 2}, "anna")
    for number in range(times):
        ours, theirs = folder / f"ours-{number}", folder / f"theirs-{number}"
        shutil.copytree(original, ours)
        shutil.copytree(original, theirs)
        name = (DATABASE, "labels.jsonl", "cache/tensors.npy")[number % 3]
        (theirs / name).unlink()
        os.link(ours / name, theirs / name)
        outcome.tried += 1
        for place in (ours, theirs):
            try:
                with Project(place) as project:
                    project.labels.assign({1: 3}, "ben")
                outcome.expect(False, f"try {number}: {place.name} was written to")
            except LabellerError as error:
                outcome.expect(name in str(error), f"try {number}: {error}")
            with Project(place, read_only=True) as project:
                outcome.expect(state(project) == {1: 1, 2: 2}, f"try {number}: labels changed")
        shutil.copy(theirs / name, theirs / "own")
        (theirs / "own").replace(theirs / name)
        for place in (ours, theirs):
            require_intact(outcome, place, {1: 1, 2: 2}, f"try {number}")
        shutil.rmtree(ours)
        shutil.rmtree(theirs)
    return outcome


COPIES = (
    (of_killed_splits, 20),
    (of_two_names, 12),
    (of_crafted_copies, 2 * (len(HARMFUL) + len(HARMLESS))),
)
