"""Hidden labels: those of the pool for the oracle, and those of the held-out images.

They are stored in their own table, apart from annotators' labels. Training never calls `reveal`;
the oracle's answers reach training only as ordinary label events.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from sqlite_utils import Database

from labeller.store.database import of_ids, writing


class Oracle:
    def __init__(self, db: Database) -> None:
        self._db = db

    def hide(self, classes: Mapping[int, int]) -> None:
        """Store the true class ids of images (id → class id), replacing earlier ones."""
        with writing(self._db):
            self._db.conn.executemany("INSERT OR REPLACE INTO truth VALUES (?, ?)", classes.items())

    def reveal(self, image_ids: Sequence[int]) -> dict[int, int]:
        """The true class ids of these images; unknown ones are left out."""
        sql = "SELECT image_id, class_id FROM truth WHERE image_id IN ({ids})"
        found: dict[int, int] = dict(of_ids(self._db, sql, image_ids))
        counts_as = final_classes(self._db) if found else {}
        return {image_id: counts_as.get(c, c) for image_id, c in found.items()}

    def knows_pool(self) -> bool:
        """Whether there is a hidden label for any image of the pool."""
        row = self._db.execute(
            "SELECT 1 FROM truth JOIN image ON image.id = image_id "
            "JOIN source ON source.id = source_id WHERE split = 'pool' LIMIT 1"
        ).fetchone()
        return row is not None

    def test_set(self) -> tuple[np.ndarray, np.ndarray]:
        """Ids and class ids of the readable held-out images that models are measured on, both
        int64: the test images, or the validation images if there are no others."""
        rows = self._db.execute(
            "SELECT image_id, class_id FROM truth JOIN image ON image.id = image_id "
            "JOIN source ON source.id = source_id "
            "WHERE source_id IN (SELECT id FROM measuring_source) AND state = 'ready' "
            "ORDER BY image_id"
        ).fetchall()
        counts_as = final_classes(self._db)
        merged = [(image_id, counts_as.get(class_id, class_id)) for image_id, class_id in rows]
        table = np.array(merged, dtype=np.int64).reshape(-1, 2)
        return table[:, 0], table[:, 1]


def final_classes(db: Database) -> dict[int, int]:
    """Merged classes and the class that their images finally count as."""
    into = dict(
        db.execute("SELECT id, merged_into FROM class WHERE merged_into IS NOT NULL").fetchall()
    )
    ends = {}
    for class_id in into:
        end, seen = class_id, set()
        while end in into and end not in seen:  # a cycle would be damage
            seen.add(end)
            end = into[end]
        ends[class_id] = end
    return ends
