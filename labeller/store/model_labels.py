"""Labels given by a model because a person asked it to label the rest. Never trained on or compared
with, and overruled by any label from a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from labeller.store.database import of_ids

IN_FORCE = "model_label WHERE image_id NOT IN (SELECT image_id FROM current_label)"
"""Those of images without any other label."""


@dataclass(frozen=True)
class ModelLabel:
    """`confidence` is the class probability at the time of prediction."""

    class_id: int
    confidence: float


class ModelLabels:
    """Reads model labels; they are changed through `Labels.let_model_label`, which can be
    undone."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def count(self) -> int:
        """Number of current model labels."""
        return int(self._db.execute(f"SELECT count(*) FROM {IN_FORCE}").fetchone()[0])

    def all(self) -> dict[int, ModelLabel]:
        """Those in force by image id, ascending."""
        rows = self._db.execute(
            f"SELECT image_id, class_id, confidence FROM {IN_FORCE} ORDER BY image_id"
        )
        return {image_id: ModelLabel(*rest) for image_id, *rest in rows}

    def of(self, image_ids: Sequence[int]) -> dict[int, ModelLabel]:
        """The current model labels of some images."""
        sql = f"SELECT image_id, class_id, confidence FROM {IN_FORCE} AND image_id IN ({{ids}})"
        return {image_id: ModelLabel(*rest) for image_id, *rest in of_ids(self._db, sql, image_ids)}
