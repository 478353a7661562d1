"""Reconciles database and journal so that both have everything, without losing anything where they
diverge.

Both contain the same chain of actions, each with the digest of the previous one. If the journal
continues beyond the database (a lost write-ahead log, an older copy restored), the database follows
it. Gaps in the journal are filled. A branch that diverges from the database is kept and named, and
`restore --history` switches to it.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from labeller.store import edits
from labeller.store.database import writing
from labeller.store.entries import Entry, in_words
from labeller.store.journal import Contents, Journal
from labeller.store.ledger import Ledger
from labeller.store.log import broken_chain, digests, insert, last_digest
from labeller.store.rounds import RESTORED

LAST_AGREEMENT = "journal_alike"
"""Setting: the point up to which database and journal were last found to agree."""
SHORT = 12
"""Number of characters of a digest that name a history."""
_UNFIT = (sqlite3.Error, ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError)


@dataclass(frozen=True)
class History:
    """A branch of the journal that is not in the database.

    Attributes:
        end: digest of its newest action.
        length: how many of its actions the database lacks.
        settled: whether somebody has decided against it.
        newest_action: who did its newest action, and when.
    """

    end: str
    length: int
    settled: bool
    newest_action: str

    @property
    def name(self) -> str:
        return self.end[:SHORT]


class Reconciliation:
    """Keeps a database and its journal in step."""

    def __init__(self, db: Database, journal: Journal) -> None:
        self._db = db
        self._journal = journal

    def reconcile(self) -> list[str]:
        """Reconcile database and journal; return what a person should know."""
        db, journal = self._db, self._journal
        contents, after = _new_contents(db, journal)
        problems = [f"{problem}: see `check`" for problem in broken_chain(db, after)]
        followed = follow(db, journal, contents)
        if followed.actions:
            problems.append(
                f"Actions found only in {journal.path.name} and restored to the database: "
                f"{followed.actions}"
            )
        if followed.recorded:
            journal.record_reset(contents.last)  # so that it is not done twice
        journal.catch_up(db, contents)
        branches = [history for history in others(db, journal, contents) if not history.settled]
        tip = last_digest(db)
        if branches and not followed.recorded:
            problems.append(
                f"{journal.path.name} contains another history, which the database lacks: see "
                "`check`"
            )
        elif contents.last != tip and tip is not None and contents.holds(tip):
            journal.record_reset(tip)
        if not branches and not contents.bad and not problems and journal.trouble is None:
            _remember(db, journal)
        if journal.trouble is not None:
            problems.append(journal.trouble.rstrip("."))
        return problems

    def problems(self) -> list[str]:
        """Damage of the journal and differences from the database, as sentences."""
        db, journal = self._db, self._journal
        contents = journal.read()
        found = []
        missing = len(digests(db) - {None} - set(contents.places))
        if missing:
            found.append(
                f"{journal.path.name} lacks {missing} actions of the database; opening the project "
                "where it is writable adds them"
            )
        if contents.bad:
            found.append(
                f"{contents.bad} lines of {journal.path.name} cannot be read; `check --repair` "
                "removes them and keeps a copy"
            )
        for path, count in contents.others.items():
            found.append(
                f"{path.name} is a second copy of {journal.path.name}, probably made by a sync "
                f"client, with {count} actions that the original lacks; it is read too. "
                "`check --repair` combines the two and keeps the copy in backups"
            )
        ahead = _path_ahead(db, contents) or []
        for history in others(db, journal, contents):
            if history.end in ahead[-1:]:
                found.append(
                    f"{journal.path.name} is {history.length} actions ahead of the database (the "
                    f"last by {history.newest_action}), as happens when an older copy of the "
                    "database is put back; opening the project where it is writable adds them"
                )
            elif not history.settled:
                found.append(
                    f"{journal.path.name} contains another history of {history.length} actions "
                    f"(the last by {history.newest_action}), which the database lacks: "
                    f"`restore --history {history.name}` switches to it, `check --repair` keeps "
                    "the current one"
                )
        return found

    def bring_together(self, contents: Contents, keep_in: Path) -> None:
        """Rewrite the journal in order, with entries from other copies of it."""
        self._journal.bring_together(contents, last_digest(self._db), keep_in)

    def keep_this_history(self) -> None:
        """Declare the database right if the journal contains another history."""
        self._journal.record_reset(last_digest(self._db))


def others(db: Database, journal: Journal, contents: Contents) -> list[History]:
    """Branches of the journal missing from the database, the last written first."""
    known = digests(db)
    last_head = max(contents.heads, default=-1)
    found = []
    for end in contents.ends():
        if end in known:
            continue
        path = contents.path(end, known)
        length = len(path if path is not None else _loose(contents, end))
        (entry,) = journal.entries(contents, [end])
        settled = contents.mentions[end] < last_head
        found.append(History(end, length, settled, in_words(entry)))
    return found


def _new_contents(db: Database, journal: Journal) -> tuple[Contents, int]:
    """The journal's content since database and journal last agreed, or all of it; and the id of the
    action up to which they did. Reading everything takes a second for 30,000 labels."""
    row = db.execute("SELECT value FROM setting WHERE key = ?", [LAST_AGREEMENT]).fetchone()
    try:
        size, seal, tip = json.loads(row[0]) if row else (0, None, None)
        if not isinstance(tip, str) or journal.others():
            return journal.read(), 0
        found = db.execute("SELECT id FROM action WHERE digest = ?", [tip]).fetchone()
        if found and type(size) is int and size >= 0 and journal.seal(size) == seal:
            before = db.execute("SELECT digest FROM action WHERE id <= ?", [found[0]])
            known = Contents(mentions={tip: 0}, last=tip, skipped={row[0] for row in before})
            return journal.read(size, known), found[0]
    except (ValueError, TypeError, RecursionError):
        pass
    return journal.read(), 0


def _remember(db: Database, journal: Journal) -> None:
    """Remember that database and journal agree now."""
    tip = last_digest(db)
    seal = journal.seal(size := journal.size)
    if tip is not None and seal is not None:
        value = json.dumps([size, seal, tip])
        if db.execute("SELECT 1 FROM setting WHERE value = ?", [value]).fetchone() is None:
            db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", [LAST_AGREEMENT, value])


@dataclass(frozen=True)
class Followed:
    """`actions` were added; `recorded` tells whether some had to be recorded as new."""

    actions: int = 0
    recorded: bool = False


def follow(
    db: Database,
    journal: Journal,
    contents: Contents,
    goal: str | None = None,
    lost: bool = False,
) -> Followed:
    """Add the journal's actions after the database's last one.

    Args:
        lost: whether the database is a backup, so that whatever may have come later is wanted.
        goal: digest of the action to reach; by default the journal's last one or, if that does not
            continue the database, the most recently written end of a branch that does.
    """
    known, path = digests(db), _path_ahead(db, contents, goal, lost)
    if path is None:
        return Followed()
    done = _replay(db, journal.entries(contents, path))
    loose = path[done:]  # entries that do not fit unchanged
    if goal is None and contents.path(contents.last, digests(db)) is None:
        # A gap in the journal: what came after it is known, but not its predecessor.
        last_head = max(contents.heads, default=-1)
        for end in reversed(contents.ends()):
            unsettled = contents.mentions[end] > last_head
            if unsettled and contents.path(end, known) is None:
                loose += _loose(contents, end)
    recorded = _record_new(db, journal.entries(contents, dict.fromkeys(loose)))
    return Followed(done + recorded, bool(loose))


def _path_ahead(
    db: Database, contents: Contents, goal: str | None = None, lost: bool = False
) -> list[str] | None:
    """The digests of the actions after the database's last one, in the order `follow` adds them;
    None if there are none."""
    known, tip = digests(db), last_digest(db)
    if not contents.mentions:
        return None
    if goal is None and contents.last in known and not contents.scattered:
        return None
    if goal is None and contents.scattered and tip in contents.reset_targets and not lost:
        return None  # whether what follows was abandoned or came later is unknown
    goals = [contents.last, *contents.ends()] if goal is None else [goal]
    paths = (contents.path(each, {tip}) for each in goals if each not in known)
    return next((found for found in paths if found is not None), [])


def _loose(contents: Contents, end: str) -> list[str]:
    """The chain of entries leading to one, as far back as available."""
    path: list[str] = []
    at: str | None = end
    while at in contents.places and len(path) <= len(contents.places):
        path.append(at)
        at = contents.places[at][0]
    return path[::-1]


def _replay(db: Database, entries: Iterable[Entry]) -> int:
    """Add entries unchanged, up to the first that does not fit."""
    done = 0
    with writing(db):
        for entry in entries:
            try:
                with db.atomic():
                    _require_round(db, entry)
                    _require_references(db, entry)
                    insert(db, entry.digest, entry.columns, entry.events)
                    if entry.columns.edit is not None:
                        edits.apply(db, entry.columns.edit, entry.columns)
            except _UNFIT:
                break
            done += 1
    return done


def _record_new(db: Database, entries: Iterable[Entry]) -> int:
    """Record entries as new actions, skipping those that do not fit."""
    ledger = Ledger(db)
    known = digests(db)
    done = 0
    with writing(db):
        for entry in entries:
            if entry.digest in known:
                continue
            of = entry.columns
            try:
                with db.atomic():
                    _require_round(db, entry)
                    _require_references(db, entry)
                    ledger.record(
                        entry.events, of.annotator, "do", of.origin, of.round_id, None,
                        of.suggested_by, of.edit,
                    )  # fmt: skip
            except _UNFIT:
                continue
            done += 1
    return done


def _require_references(db: Database, entry: Entry) -> None:
    """Add rows for classes and runs missing from the backup, so that their labels are kept."""
    for class_id in {e.class_id for e in entry.events if e.class_id is not None}:
        db.execute(
            "INSERT OR IGNORE INTO class (id, name, position) "
            "VALUES (?1, 'restored class ' || ?1, (SELECT count(*) FROM class))",
            [class_id],
        )
    if entry.columns.suggested_by is not None:
        db.execute(
            "INSERT OR IGNORE INTO training_run "
            "(id, state, started_at, recipe, encoder, device, seed, labelled, message) "
            "VALUES (?, 'failed', ?, '{}', '', '', 0, 0, 'restored')",
            [entry.columns.suggested_by, entry.columns.at],
        )


def _require_round(db: Database, entry: Entry) -> None:
    """Add a round missing from the backup, with the images labelled in it."""
    round_id, at = entry.columns.round_id, entry.columns.at
    if round_id is None:
        return
    known = db.execute("SELECT strategy FROM round WHERE id = ?", [round_id]).fetchone()
    if known and known[0] != RESTORED:
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
