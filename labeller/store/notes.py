"""Notes on images. Nothing is overwritten: the last note of an image counts."""

from collections.abc import Sequence

from sqlite_utils import Database

from labeller.store.database import of_ids
from labeller.store.ledger import Ledger


class Notes:
    def __init__(self, db: Database, ledger: Ledger) -> None:
        self._db = db
        self._ledger = ledger

    def get(self, image_id: int) -> str:
        """The note on an image; empty if there is none."""
        row = self._db.execute(
            "SELECT text FROM note WHERE image_id = ? ORDER BY id DESC LIMIT 1", [image_id]
        ).fetchone()
        return row[0] if row else ""

    def of(self, image_ids: Sequence[int]) -> dict[int, str]:
        """The notes on some images; those without one are left out."""
        sql = "SELECT image_id, text FROM note WHERE image_id IN ({ids}) ORDER BY id"
        found = dict(of_ids(self._db, sql, image_ids))
        return {image_id: text for image_id, text in found.items() if text}

    def set(self, image_id: int, text: str, annotator: str) -> None:
        """Write a note; an empty one removes it."""
        if text != self.get(image_id):
            self._ledger.record(annotator=annotator, edit=["note", int(image_id), text])
