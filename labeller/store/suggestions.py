"""What the newest model would call the images; not labels, and never trained on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from labeller.store.database import of_ids, writing


@dataclass(frozen=True)
class Suggestion:
    """`confidence` is the softmax share of the class, between 0 and 1; `run_id` the model's."""

    class_id: int
    confidence: float
    run_id: int


class Suggestions:
    def __init__(self, db: Database) -> None:
        self._db = db

    def replace(self, run_id: int, rows: Iterable[tuple[int, int, float]]) -> None:
        """Forget those of older models; `rows` are image, class and confidence."""
        with writing(self._db):
            self._db.execute("DELETE FROM suggestion")
            self._db.conn.executemany(
                "INSERT INTO suggestion (image_id, class_id, confidence, training_run_id) "
                "VALUES (?, ?, ?, ?)",
                ((image_id, class_id, share, run_id) for image_id, class_id, share in rows),
            )

    def update(self, run_id: int, rows: Sequence[tuple[int, int, float]]) -> None:
        """Say something else of some images: image, class and confidence of each."""
        with writing(self._db):
            self._db.conn.executemany(
                "INSERT OR REPLACE INTO suggestion "
                "(image_id, class_id, confidence, training_run_id) VALUES (?, ?, ?, ?)",
                ((image_id, class_id, share, run_id) for image_id, class_id, share in rows),
            )

    def forget(self, image_ids: Sequence[int]) -> None:
        """Images are others now."""
        with writing(self._db):
            self._db.conn.executemany(
                "DELETE FROM suggestion WHERE image_id = ?", ([int(i)] for i in image_ids)
            )

    def of(self, image_ids: Sequence[int]) -> dict[int, Suggestion]:
        """The suggestions for some images; those without one are left out."""
        sql = (
            "SELECT image_id, class_id, confidence, training_run_id FROM suggestion "
            "WHERE image_id IN ({ids})"
        )
        return {image_id: Suggestion(*rest) for image_id, *rest in of_ids(self._db, sql, image_ids)}
