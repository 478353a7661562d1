"""A second copy of the label log as text, a line for each action, beside the database.

A backup may be a day old; the journal has what came since, and the chain of digests (log.py) shows
what follows on what. It is written after the database and without waiting for the disk: the
database alone says what counts.
"""

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from labeller.store.database import writing
from labeller.store.log import actions, digest, insert, last_digest

FILE = "labels.jsonl"
END_BYTES = 200
RESTORED = "restored"
"""The strategy of rounds of which only the labels are left."""


@dataclass(frozen=True)
class Entry:
    """An action with its events (image, kind, class), and the digests before and of it."""

    before: str | None
    columns: Sequence[Any]
    events: Sequence[Sequence[Any]]
    digest: str

    def line(self) -> str:
        """With the digest at its end, where it is found without reading a long line."""
        return json.dumps([self.before, self.columns, self.events, self.digest])

    @property
    def whole(self) -> bool:
        return self.digest == digest(self.before, self.columns, self.events)


class Journal:
    """The file of a project. Nothing here raises OSError: the journal is a help, no condition."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    def append(self, *entries: Entry) -> None:
        self._write(entry.line() for entry in entries)

    def _write(self, lines: Iterable[str]) -> None:
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in lines)
        except OSError as error:
            logging.getLogger(__name__).warning("%s: %s", self.path, error)

    def entries(self) -> Iterator[Entry]:
        """Every line that is whole; those that a crash or noise has broken are left out."""
        try:
            with self.path.open(encoding="utf-8", errors="replace") as file:
                for line in file:
                    try:
                        entry = Entry(*json.loads(line))
                        if entry.whole:
                            yield entry
                    except (ValueError, TypeError):
                        continue
        except OSError:
            return

    def _end(self) -> str:
        """The last bytes of the file, with the digest of the last action; "" after half a line."""
        try:
            with self.path.open("rb") as file:
                file.seek(max(0, self.path.stat().st_size - END_BYTES))
                last = file.read().decode(errors="replace")
                return last.rstrip("\n").rpartition("\n")[2] if last.endswith("\n") else ""
        except OSError:
            return ""

    def catch_up(self, db: Database) -> None:
        """Write down what the database has and the journal has not, after a crash between the two
        or from an older version."""
        newest = last_digest(db)
        if newest is None or f'"{newest}"' in self._end():
            return
        last = None
        for entry in self.entries():
            last = entry.digest
        found = db.execute("SELECT id, digest FROM action WHERE digest = ?", [last]).fetchone()
        after, before = found or (0, None)
        missing = []
        for action in actions(db, after):
            missing.append(Entry(before, action.columns, action.events, action.digest))
            before = action.digest
        # A line that was cut off in the crash must not run into the next one.
        self._write(["", *(entry.line() for entry in missing)])

    def replay(self, db: Database) -> int:
        """Add the actions that follow on the database's last one, on the branch that was written
        last; returns how many."""
        goal = last_digest(db)
        by_digest: dict[str, Entry] = {}
        for entry in self.entries():
            by_digest.pop(entry.digest, None)
            by_digest[entry.digest] = entry
        for tip in reversed(list(by_digest.values())):
            branch: list[Entry] = []
            at: Entry | None = tip
            while at is not None and at.digest != goal:
                branch.append(at)
                if at.before == goal:
                    break
                at = by_digest.get(at.before or "")
            else:
                continue
            with writing(db):
                for entry in reversed(branch):
                    _require_round(db, entry)
                    _require_references(db, entry)
                    insert(db, entry.digest, entry.columns, entry.events)
            return len(branch)
        return 0


def _require_references(db: Database, entry: Entry) -> None:
    """Classes and runs that the backup does not know get a row, so that their labels are kept."""
    for class_id in {event[2] for event in entry.events if event[2] is not None}:
        db.execute(
            "INSERT OR IGNORE INTO class (id, name, position) "
            "VALUES (?1, 'restored class ' || ?1, (SELECT count(*) FROM class))",
            [class_id],
        )
    if len(entry.columns) > 6 and entry.columns[6] is not None:
        db.execute(
            "INSERT OR IGNORE INTO training_run "
            "(id, state, started_at, recipe, encoder, device, seed, labelled, message) "
            "VALUES (?, 'failed', ?, '{}', '', '', 0, 0, 'restored')",
            [entry.columns[6], entry.columns[5]],
        )


def _require_round(db: Database, entry: Entry) -> None:
    """A round that the backup does not know gets the images that were labelled in it."""
    round_id, at = entry.columns[4], entry.columns[5]
    known = db.execute("SELECT strategy FROM round WHERE id = ?", [round_id]).fetchone()
    if round_id is None or (known and known[0] != RESTORED):
        return
    if not known:
        db.execute(
            "INSERT INTO round (id, number, strategy, seed, created_at) "
            "VALUES (?, (SELECT coalesce(max(number), -1) + 1 FROM round), ?, 0, ?)",
            [round_id, RESTORED, at],
        )
    db.conn.executemany(
        "INSERT OR IGNORE INTO batch_item (round_id, position, image_id) VALUES "
        "(?1, (SELECT count(*) FROM batch_item WHERE round_id = ?1), ?2)",
        ((round_id, image_id) for image_id, *_ in entry.events),
    )
