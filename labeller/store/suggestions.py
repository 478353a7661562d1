"""What the newest model would call the images; not labels, and never trained on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from labeller.store.database import writing


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

    def of(self, image_ids: Sequence[int]) -> dict[int, Suggestion]:
        """The suggestions for some images; those without one are left out."""
        found: dict[int, Suggestion] = {}
        for start in range(0, len(image_ids), 500):
            part = [int(image_id) for image_id in image_ids[start : start + 500]]
            rows = self._db.execute(
                "SELECT image_id, class_id, confidence, training_run_id FROM suggestion "
                f"WHERE image_id IN ({', '.join('?' * len(part))})",
                part,
            )
            found.update({image_id: Suggestion(*rest) for image_id, *rest in rows})
        return found
