"""The tamper-evident label log: each action has a digest of itself and the previous action, so that
any change, removal or insertion is detected."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from sqlite_utils import Database

TRIGGERS = {
    f"no_{change}_of_{table}"
    for table in ("action", "label_event")
    for change in ("update", "delete")
}


class Columns(NamedTuple):
    """The columns of an action, in the order of its digest: its kind (`do`, `undo`, `redo`), the
    action it reverts, the origin of its labels, who did it, in which round and when (UTC, ISO
    8601), the run whose suggestion was accepted, and its edit (JSON, labeller/store/edits.py)."""

    kind: str
    target: int | None
    origin: str
    annotator: str
    round_id: int | None
    at: str
    suggested_by: int | None = None
    edit: str | None = None


class Event(NamedTuple):
    """What an action did to an image: `label`, `skip` or `clear`, with its class or reason."""

    image_id: int
    kind: str
    class_id: int | None = None
    reason: str | None = None


def digest(before: str | None, action: Iterable[Any], events: Iterable[Iterable[Any]]) -> str:
    """SHA-256 (hexadecimal) of the previous digest, an action's `Columns` and its `Event`s.

    Trailing None values are left out, as before these columns existed.
    """
    hashed = hashlib.sha256((before or "").encode())
    hashed.update(json.dumps(_trimmed(action, 6)).encode())
    for event in events:
        hashed.update(json.dumps(_trimmed(event, 3)).encode())
    return hashed.hexdigest()


def _trimmed(values: Iterable[Any], always: int) -> list[Any]:
    """The values without trailing Nones, but at least the first `always`."""
    kept = list(values)
    while len(kept) > always and kept[-1] is None:
        kept.pop()
    return kept


def problems(db: Database) -> Iterator[str]:
    """Problems of the log as sentences."""
    present = {
        row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    }
    if missing := sorted(TRIGGERS - present):
        yield f"the log is not protected: trigger {missing[0]} is missing"
    for table in ("action", "label_event"):
        count, last = db.execute(f"SELECT count(*), coalesce(max(id), 0) FROM {table}").fetchone()
        if count != last:
            yield f"{last - count} rows of {table} are missing"
    wrong = db.execute("""
        SELECT count(*) FROM (
            SELECT replaces, lag(id) OVER (PARTITION BY image_id ORDER BY id) AS before
            FROM label_event
        ) WHERE replaces IS NOT before
    """).fetchone()[0]
    if wrong:
        yield f"{wrong} label events do not refer to the event before them"
    yield from _broken_history(db)
    yield from broken_chain(db)


UNDOABLE = (
    "origin <> 'import' AND (edit IS NULL OR edit LIKE '[\"merge\"%' "
    "OR edit LIKE '[\"model_labels\"%' OR edit LIKE '[\"forget\"%' OR (kind <> 'do' "
    "AND edit NOT LIKE '[\"merged\"%' AND edit NOT LIKE '[\"parted\"%'))"
)
"""SQL condition for actions in the undo history: labels, class merges, model labels and forgotten
images, and their undos."""


def _broken_history(db: Database) -> Iterator[str]:
    """Undo must revert the newest action that was not undone; redo the reverse."""
    done: list[int] = []
    undone: list[int] = []
    for action, kind, target in db.execute(
        f"SELECT id, kind, target_id FROM action WHERE {UNDOABLE} ORDER BY id"
    ):
        source, goal = (undone, done) if kind == "redo" else (done, undone)
        if kind == "do":
            done.append(action)
            undone.clear()
        elif source and source[-1] == target:
            goal.append(source.pop())
        else:
            yield f"action {action} reverts an action that was not the last"
            return


def broken_chain(db: Database, after: int = 0) -> Iterator[str]:
    """The first action (after a given id) whose digest does not match its content and
    predecessors."""
    row = db.execute("SELECT digest FROM action WHERE id = ?", [after]).fetchone()
    before: str | None = row[0] if row else None
    for action in actions(db, after):
        if action.digest != digest(before, action.columns, action.events):
            yield f"the log was changed at or before action {action.id}"
            return
        before = action.digest


@dataclass(frozen=True)
class Action:
    """A row of `action` with its events."""

    id: int
    digest: str
    columns: Columns
    events: Sequence[Event]


def actions(db: Database, after: int = 0) -> Iterator[Action]:
    """The actions after a given id, in order."""
    events = db.execute(
        "SELECT action_id, image_id, kind, class_id, reason FROM label_event WHERE action_id > ? "
        "ORDER BY action_id, id",
        [after],
    )
    by_action = groupby(events, key=lambda row: row[0])
    at, rows = next(by_action, (None, iter(())))
    for action, stored, *columns in db.execute(
        "SELECT id, digest, kind, target_id, origin, annotator, round_id, at, suggested_by, edit "
        "FROM action WHERE id > ? ORDER BY id",
        [after],
    ):
        own: list[Event] = []
        if at == action:
            own = [Event(*row[1:]) for row in rows]
            at, rows = next(by_action, (None, iter(())))
        yield Action(action, stored, Columns(*columns), own)


def digests(db: Database) -> set[str | None]:
    """The digests of all actions, and None for the state before the first."""
    return {None, *(row[0] for row in db.execute("SELECT digest FROM action"))}


def last_digest(db: Database) -> str | None:
    """The digest of the newest action; None for an empty log."""
    row = db.execute("SELECT digest FROM action ORDER BY id DESC LIMIT 1").fetchone()
    return row[0] if row else None


def insert(db: Database, digest: str, columns: Columns, events: Sequence[Event]) -> int:
    """Insert an action with its events; return its id."""
    action = db.execute(
        "INSERT INTO action "
        "(kind, target_id, origin, annotator, round_id, at, suggested_by, edit, digest) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [*columns, digest],
    ).lastrowid
    db.conn.executemany(
        "INSERT INTO label_event (action_id, image_id, kind, class_id, reason, replaces) VALUES "
        "(?1, ?2, ?3, ?4, ?5, (SELECT max(id) FROM label_event WHERE image_id = ?2))",
        ((action, *event) for event in events),
    )
    assert action is not None
    return action
