"""The only way to add to the log: database first, then the journal."""

import json
from collections.abc import Sequence
from typing import Any

from sqlite_utils import Database

from labeller.core.names import require_name_of_person
from labeller.store import edits, predictions
from labeller.store.database import after_commit, now, require_file, writing
from labeller.store.entries import Entry
from labeller.store.journal import Journal
from labeller.store.log import Columns, Event, digest, insert, last_digest


class Ledger:
    """Records actions: each is one thing that somebody did, stored completely or not at all.

    Args:
        journal: the second copy of the log; None to keep none.
    """

    def __init__(self, db: Database, journal: Journal | None = None) -> None:
        self._db = db
        self._journal = journal
        self.newest: int | None = None
        """The id of the action last recorded through this ledger."""
        self.newest_at = ""

    def require(self) -> None:
        """Write missing journal entries before a transaction.

        Raises:
            LabellerError: they cannot be written.
        """
        if self._journal is not None and not self._db.conn.in_transaction:
            require_file(self._db)
            self._journal.require(self._db)

    def record(
        self,
        events: Sequence[Sequence[Any]] = (),
        annotator: str = "",
        kind: str = "do",
        origin: str = "person",
        round_id: int | None = None,
        target: int | None = None,
        suggested_by: int | None = None,
        edit: edits.Edit | str | None = None,
    ) -> None:
        """Store an action durably.

        Args:
            events: what it does to images: image, kind, class, reason.
            kind: `do`, or `undo` and `redo` of the action `target`.
            suggested_by: the run whose suggestion was accepted.
            edit: what else it changes (labeller/store/edits.py).

        Raises:
            LabellerError: an earlier action could not be written to the journal and still cannot
                be, or `annotator` is not a valid name.
        """
        require_name_of_person(annotator)
        self.require()
        text = edit if edit is None or isinstance(edit, str) else json.dumps(edit)
        with writing(self._db):
            columns = Columns(kind, target, origin, annotator, round_id, now(), suggested_by, text)
            self._store(columns, events)
            if origin != "import":
                predictions.keep(self._db, events, suggested_by)
            if text is not None:
                edits.apply(self._db, text, columns)

    def take(
        self,
        events: Sequence[Sequence[Any]],
        annotator: str,
        kind: str,
        origin: str,
        target: int | None,
        at: str,
        edit: edits.Edit,
    ) -> None:
        """Store an action of another copy of the project, with its own time."""
        self.require()
        text = json.dumps(edit)
        with writing(self._db):
            columns = Columns(kind, target, origin, annotator, None, at, None, text)
            self._store(columns, events)
            edits.apply(self._db, text, columns)

    def time(self) -> str:
        """The current time as stored."""
        return now()

    def _store(self, columns: Columns, given: Sequence[Sequence[Any]]) -> None:
        before, events = last_digest(self._db), [Event(*event) for event in given]
        self.newest_at = columns.at
        own = digest(before, columns, events)
        self.newest = insert(self._db, own, columns, events)
        if self._journal is not None:
            entry = Entry(before, columns, events, own)
            journal = self._journal
            after_commit(self._db, lambda: journal.append(entry))
