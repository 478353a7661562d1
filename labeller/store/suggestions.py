"""The newest model's suggestions; not labels, and never trained on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from labeller.store.database import of_ids, writing


@dataclass(frozen=True)
class Suggestion:
    """`confidence` is the class probability, between 0 and 1; `run_id` is the model's."""

    class_id: int
    confidence: float
    run_id: int


class Suggestions:
    def __init__(self, db: Database) -> None:
        self._db = db

    def replace(self, run_id: int, rows: Iterable[tuple[int, int, float]]) -> None:
        """Replace the suggestions of older models by `rows` of image, class and confidence."""
        with writing(self._db):
            self._db.execute("DELETE FROM suggestion")
            self._db.conn.executemany(
                "INSERT INTO suggestion (image_id, class_id, confidence, training_run_id) "
                "VALUES (?, ?, ?, ?)",
                ((image_id, class_id, share, run_id) for image_id, class_id, share in rows),
            )

    def update(self, run_id: int, rows: Sequence[tuple[int, int, float]]) -> None:
        """Update the suggestions for some images: image, class and confidence each."""
        with writing(self._db):
            self._db.conn.executemany(
                "INSERT OR REPLACE INTO suggestion "
                "(image_id, class_id, confidence, training_run_id) VALUES (?, ?, ?, ?)",
                ((image_id, class_id, share, run_id) for image_id, class_id, share in rows),
            )

    def withdraw(self, run_id: int) -> bool:
        """Delete a model's suggestions; return whether there were any."""
        with writing(self._db):
            gone = self._db.execute("DELETE FROM suggestion WHERE training_run_id = ?", [run_id])
        return bool(gone.rowcount)

    def forget(self, image_ids: Sequence[int]) -> None:
        """Forget images whose content has changed."""
        with writing(self._db):
            self._db.conn.executemany(
                "DELETE FROM suggestion WHERE image_id = ?", ([int(i)] for i in image_ids)
            )

    def of(self, image_ids: Sequence[int]) -> dict[int, Suggestion]:
        """The suggestions for some images, without those of archived classes. Merged classes count
        as what they were merged into."""
        sql = (
            "SELECT image_id, target.id, confidence, training_run_id FROM suggestion "
            "JOIN class AS said ON said.id = class_id "
            "JOIN class AS target ON target.id = coalesce(said.merged_into, said.id) "
            "WHERE NOT target.archived AND image_id IN ({ids})"
        )
        return {image_id: Suggestion(*rest) for image_id, *rest in of_ids(self._db, sql, image_ids)}
