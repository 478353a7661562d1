"""Rounds: the batches selected for labelling, in order."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sqlite_utils import Database

from labeller.store.database import now, writing
from labeller.store.edits import AUDIT, RESTORED

if TYPE_CHECKING:
    from labeller.store.ledger import Ledger

__all__ = ["AUDIT", "RESTORED", "Reason", "Round", "Rounds"]


@dataclass(frozen=True)
class Round:
    """`image_ids` is the batch in order; `cursor` the person's position in it."""

    id: int
    number: int
    strategy: str
    seed: int
    training_run_id: int | None
    cursor: int
    image_ids: tuple[int, ...]

    @property
    def is_audit(self) -> bool:
        """Whether it is a random sample, labelled blind to measure the models."""
        return self.strategy == AUDIT


@dataclass(frozen=True)
class Reason:
    """Why an image was selected.

    Attributes:
        score: the strategy's score, on a scale of its own; None if it does not score images.
        nearest: the id of the labelled image that the model considers most similar; None if there
            is none.
    """

    score: float | None = None
    nearest: int | None = None


class Rounds:
    def __init__(self, db: Database, ledger: "Ledger") -> None:
        self._db = db
        self._ledger = ledger

    def drop_from_batches(self, image_ids: Iterable[int]) -> None:
        """Remove images from all batches of a copy that will not label them."""
        with writing(self._db):
            self._db.conn.executemany(
                "DELETE FROM batch_item WHERE image_id = ?", ([int(i)] for i in image_ids)
            )

    def count(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM round").fetchone()[0])

    def declare_audits(self) -> None:
        """Record in the log which rounds are audits if an earlier version did not, so that the
        journal restores them and other copies know."""
        audits = self._db.execute(
            "SELECT id, created_at FROM round WHERE strategy = ? ORDER BY id", [AUDIT]
        ).fetchall()
        if not audits:
            return
        edits = self._db.execute("SELECT edit FROM action WHERE edit LIKE '[\"audit\"%'")
        declared = {json.loads(row[0])[1] for row in edits}
        for round_id, at in audits:
            if round_id not in declared:
                self._declare(round_id, at)

    def _declare(self, round_id: int, at: str) -> None:
        items = self._db.execute(
            "SELECT image_id FROM batch_item WHERE round_id = ? ORDER BY position", [round_id]
        )
        edit = [AUDIT, round_id, [row[0] for row in items]]
        self._ledger.take([], "", "do", "person", None, at, edit)

    def add(
        self, strategy: str, seed: int, image_ids: Sequence[int], training_run_id: int | None = None
    ) -> Round:
        """Append a round with its batch; numbers start at 0. An audit is also recorded in
        the log."""
        if strategy == AUDIT:
            self._ledger.require()
        with writing(self._db):
            round_id = self._db.execute(
                "INSERT INTO round (number, strategy, seed, training_run_id, created_at) "
                "VALUES ((SELECT coalesce(max(number), -1) + 1 FROM round), ?, ?, ?, ?)",
                [strategy, seed, training_run_id, now()],
            ).lastrowid
            self._db.conn.executemany(
                "INSERT INTO batch_item (round_id, position, image_id) VALUES (?, ?, ?)",
                ((round_id, place, int(image_id)) for place, image_id in enumerate(image_ids)),
            )
            if strategy == AUDIT and round_id is not None:
                self._declare(round_id, self._ledger.time())
        newest = self.newest()
        assert newest is not None
        return newest

    def newest(self, before_run: int | None = None) -> Round | None:
        """The current round; None before the first one. Rounds whose images are all labelled by
        others, in their copies of the project, are skipped."""
        row = self._db.execute(
            "SELECT id, number, strategy, seed, training_run_id, cursor FROM round "
            "WHERE (?1 IS NULL OR (coalesce(training_run_id, 0) < ?1 AND strategy <> ?2)) "
            "AND EXISTS (SELECT 1 FROM batch_item WHERE round_id = round.id) "
            "ORDER BY id DESC LIMIT 1",
            [before_run, AUDIT],
        ).fetchone()
        return None if row is None else self._with_batch(row)

    def all(self) -> list[Round]:
        """All rounds, oldest first."""
        rows = self._db.execute(
            "SELECT id, number, strategy, seed, training_run_id, cursor FROM round ORDER BY id"
        ).fetchall()
        return [self._with_batch(row) for row in rows]

    def audited(self) -> np.ndarray:
        """Ids of images labelled in an audit, here or in another copy of the project: int64,
        ascending. Correcting a label later does not change that."""
        rows = self._db.execute(
            "SELECT event.image_id FROM label_event AS event "
            "JOIN action ON action.id = event.action_id JOIN round ON round.id = action.round_id "
            "WHERE round.strategy = ? AND event.kind = 'label' "
            "UNION SELECT image_id FROM audited ORDER BY image_id",
            [AUDIT],
        )
        return np.array([row[0] for row in rows], dtype=np.int64)

    def keep_from_learning(self, image_ids: Iterable[int]) -> None:
        """Exclude images labelled in an audit elsewhere from training."""
        new = sorted({int(i) for i in image_ids} - set(self.audited().tolist()))
        if new:
            self._ledger.record(edit=["audited", new])

    def set_cursor(self, round_id: int, position: int) -> None:
        self._db.execute("UPDATE round SET cursor = ? WHERE id = ?", [position, round_id])

    def explain(self, round_id: int, reasons: Mapping[int, Reason]) -> None:
        """Store why each image of a batch was selected, by id."""
        with writing(self._db):
            self._db.conn.executemany(
                "UPDATE batch_item SET score = ?, nearest_image_id = ? "
                "WHERE round_id = ? AND image_id = ?",
                ((r.score, r.nearest, round_id, image_id) for image_id, r in reasons.items()),
            )

    def reasons(self, round_id: int) -> dict[int, Reason]:
        """The reasons stored by `explain`, by image id."""
        rows = self._db.execute(
            "SELECT image_id, score, nearest_image_id FROM batch_item WHERE round_id = ? "
            "AND (score IS NOT NULL OR nearest_image_id IS NOT NULL)",
            [round_id],
        )
        return {image_id: Reason(score, nearest) for image_id, score, nearest in rows}

    def _with_batch(self, row: tuple) -> Round:
        items = self._db.execute(
            "SELECT image_id FROM batch_item WHERE round_id = ? ORDER BY position", [row[0]]
        )
        number, strategy, seed, run_id, cursor = row[1:]
        batch = tuple(item[0] for item in items)
        return Round(row[0], number, strategy, seed, run_id, cursor, batch)
