"""Hidden labels: what the oracle knows of the pool, and the labels of the held-out images.

They live in a table of their own, apart from annotators' labels. Training never reads this file's
`reveal`; what the oracle answers reaches training only as a label event like any other.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from sqlite_utils import Database

from labeller.store.database import of_ids, writing


class Oracle:
    def __init__(self, db: Database) -> None:
        self._db = db

    def hide(self, classes: Mapping[int, int]) -> None:
        """Keep the true class ids of images (id → class id)."""
        with writing(self._db):
            self._db.conn.executemany("INSERT INTO truth VALUES (?, ?)", classes.items())

    def merge(self, source: int, target: int) -> None:
        """From now on one class's images belong to another one."""
        self._db.execute("UPDATE truth SET class_id = ? WHERE class_id = ?", [target, source])

    def reveal(self, image_ids: Sequence[int]) -> dict[int, int]:
        """The class ids of these images; images that the oracle does not know are left out."""
        sql = "SELECT image_id, class_id FROM truth WHERE image_id IN ({ids})"
        return dict(of_ids(self._db, sql, image_ids))

    def knows_pool(self) -> bool:
        """Whether there is a hidden label for any image of the pool."""
        row = self._db.execute(
            "SELECT 1 FROM truth JOIN image ON image.id = image_id "
            "JOIN source ON source.id = source_id WHERE split = 'pool' LIMIT 1"
        ).fetchone()
        return row is not None

    def test_set(self) -> tuple[np.ndarray, np.ndarray]:
        """Ids and class ids of the held-out images that can be read: int64 both."""
        rows = self._db.execute(
            "SELECT image_id, class_id FROM truth JOIN image ON image.id = image_id "
            "JOIN source ON source.id = source_id "
            "WHERE split = 'test' AND state = 'ready' ORDER BY image_id"
        ).fetchall()
        table = np.array(rows, dtype=np.int64).reshape(-1, 2)
        return table[:, 0], table[:, 1]
