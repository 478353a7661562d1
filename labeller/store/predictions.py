"""What models said about images: suggestions (never trained on), predictions made before an image
was labelled (the only fair measure of a model, since one trained on a label repeats it), and labels
that a person let a model give to the rest (overruled by any label from a person)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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


RECENT = 200
"""Number of newest comparisons that count: older ones are about models that knew less."""

OWN = """(
    SELECT * FROM foreseen WHERE training_run_id IS NULL OR training_run_id NOT IN (
        SELECT id FROM training_run WHERE json_extract(recipe, '$.name') IS 'import'
    )
)"""
"""Predictions of the project's own models: other programs' models may have been trained on these
images."""
COMPARED = f"""
    FROM {OWN} AS foreseen JOIN class AS said ON said.id = foreseen.class_id
    JOIN current_label AS event ON event.image_id = foreseen.image_id AND event.kind = 'label'
"""
"""Images with their earlier prediction and current label."""
SAID = "coalesce(said.merged_into, said.id)"
"""The class that was predicted."""


@dataclass(frozen=True)
class Record:
    """How good suggestions have been: `right` of the `compared` ones became the label."""

    right: int
    compared: int


def keep(db: Database, events: Sequence[Sequence[Any]], suggested_by: int | None) -> None:
    """Store the suggestions for images that were just labelled for the first time; to be called
    within a transaction.

    Suggestions accepted in bulk were not checked, and are not stored.

    Args:
        events: as in `Ledger.record`: image, kind, class, reason.
        suggested_by: the run whose suggestions were accepted.
    """
    if suggested_by is not None and len(events) > 1:
        return
    db.conn.executemany(
        "INSERT OR IGNORE INTO foreseen "
        "(label_event_id, image_id, class_id, confidence, training_run_id) "
        "SELECT event.id, event.image_id, suggestion.class_id, confidence, training_run_id "
        "FROM label_event AS event JOIN suggestion ON suggestion.image_id = event.image_id "
        "WHERE event.image_id = ?1 AND event.kind = 'label' "
        "GROUP BY event.image_id HAVING count(*) = 1",
        ([event[0]] for event in events if event[1] == "label"),
    )


class PriorPredictions:
    """Predictions made before the labels: those of every image that was labelled, and those of
    each batch when it was chosen."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def forget(self, image_ids: Sequence[int]) -> None:
        """Forget images whose content has changed."""
        with writing(self._db):
            self._db.conn.executemany(
                "DELETE FROM foreseen WHERE image_id = ?", ([int(i)] for i in image_ids)
            )

    def record(self, least: float = 0.0) -> Record:
        """How many suggestions of at least this confidence (0 to 1) were correct, among the newest
        comparisons with labels given by people."""
        right, compared = self._db.execute(
            f"SELECT coalesce(sum({SAID} = event.class_id), 0), count(*) {COMPARED} "
            "WHERE foreseen.label_event_id IN (SELECT label_event_id FROM foreseen "
            "WHERE confidence >= ? ORDER BY label_event_id DESC LIMIT ?)",
            [least, RECENT],
        ).fetchone()
        return Record(right, compared)

    def by_run(self) -> dict[int, Record]:
        """How good each training run's suggestions were, whatever their confidence."""
        rows = self._db.execute(
            f"SELECT training_run_id, sum({SAID} = event.class_id), count(*) {COMPARED} "
            "WHERE training_run_id IS NOT NULL GROUP BY training_run_id"
        )
        return {run: Record(right, compared) for run, right, compared in rows}

    def of(self, image_ids: Sequence[int]) -> dict[int, int]:
        """The predicted class id of each of these images, if any."""
        sql = (
            f"SELECT foreseen.image_id, {SAID} FROM {OWN} AS foreseen "
            "JOIN class AS said ON said.id = foreseen.class_id WHERE foreseen.image_id IN ({ids})"
        )
        return dict(of_ids(self._db, sql, image_ids))

    def keep_for_round(self, round_id: int, classes: Mapping[int, int]) -> None:
        """Keep what the model that chose a batch predicts for its images (image id → class id)."""
        with writing(self._db):
            self._db.conn.executemany(
                "UPDATE batch_item SET expected_class_id = ? WHERE round_id = ? AND image_id = ?",
                ((class_id, round_id, image_id) for image_id, class_id in classes.items()),
            )

    def of_round(self, round_id: int) -> dict[int, int]:
        """The predicted class (by id) of each image of a batch; images without one are left out."""
        rows = self._db.execute(
            "SELECT image_id, expected_class_id FROM batch_item "
            "WHERE round_id = ? AND expected_class_id IS NOT NULL",
            [round_id],
        )
        return dict(rows.fetchall())


IN_FORCE = "model_label WHERE image_id NOT IN (SELECT image_id FROM current_label)"
"""The model labels in force: those of images without any other label."""


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
        """The current model labels by image id, ascending."""
        rows = self._db.execute(
            f"SELECT image_id, class_id, confidence FROM {IN_FORCE} ORDER BY image_id"
        )
        return {image_id: ModelLabel(*rest) for image_id, *rest in rows}

    def of(self, image_ids: Sequence[int]) -> dict[int, ModelLabel]:
        """The current model labels of some images."""
        sql = f"SELECT image_id, class_id, confidence FROM {IN_FORCE} AND image_id IN ({{ids}})"
        return {image_id: ModelLabel(*rest) for image_id, *rest in of_ids(self._db, sql, image_ids)}
