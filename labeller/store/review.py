"""Reviewing labels: which images, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlite_utils import Database

from labeller.store.database import of_ids
from labeller.store.predictions import COMPARED, IN_FORCE, OWN, SAID

ORDERS = ("newest", "mistakes", "unsure", "sure")
CELL = "cell"
"""The order of images found by `Review.of_cell`."""
STATES = (
    "labelled", "skipped", "unsure", "not-any-class", "bad-image", "noted", "suggested", "model",
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """The filters of a review; None means any.

    Attributes:
        state: one of `STATES`. `skipped`: skipped without a reason; `noted`: has a note;
            `suggested`: an accepted suggestion; `model`: labelled by a model alone, with neither
            annotator nor round, least confident first by default.
        order: one of `ORDERS`, or another search. `mistakes`: unreviewed labels that contradict the
            model's earlier prediction, most confident first; `unsure` and `sure`: by the confidence
            of that prediction.
    """

    state: str | None = None
    class_id: int | None = None
    annotator: str | None = None
    round_id: int | None = None
    order: str = "newest"


CHECKED = """
    action.kind <> 'undo' AND action.round_id IS NULL AND action.origin = 'person'
    AND action.edit IS NULL AND EXISTS (
        SELECT 1 FROM label_event WHERE id = event.replaces AND kind = 'label'
    )
"""
"""The label was confirmed or changed during a review."""


class Review:
    """Finds images by their labels. Models are represented by their predictions before the first
    label (labeller/store/predictions.py)."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def find(self, question: Question, limit: int | None = None) -> np.ndarray:
        """Ids of the matching images, in order, at most `limit`: int64."""
        if question.state == "model":
            return self._by_model(question, limit)
        conditions = ["TRUE"]
        values: list[int | str] = []
        if question.state == "labelled":
            conditions.append("event.kind = 'label'")
        elif question.state == "skipped":
            conditions.append("event.kind = 'skip' AND event.reason IS NULL")
        elif question.state == "noted":
            conditions.append(
                "(SELECT text FROM note WHERE note.image_id = event.image_id "
                "ORDER BY id DESC LIMIT 1) <> ''"
            )
        elif question.state == "suggested":
            conditions.append("action.suggested_by IS NOT NULL")
        elif question.state is not None:
            conditions.append("event.reason = ?")
            values.append(question.state)
        for column, value in (
            ("event.class_id", question.class_id),
            ("action.annotator", question.annotator),
            ("action.round_id", question.round_id),
        ):
            if value is not None:
                conditions.append(f"{column} = ?")
                values.append(value)
        if question.order == "mistakes":
            conditions.append(f"{SAID} <> event.class_id AND NOT ({CHECKED})")
        order = {
            "newest": "event.id DESC",
            "mistakes": "foreseen.confidence DESC, event.id",
            "unsure": "foreseen.confidence IS NULL, foreseen.confidence, event.id",
            "sure": "foreseen.confidence DESC, event.id",
        }[question.order]
        rows = self._db.execute(
            "SELECT event.image_id FROM current_label AS event "
            "JOIN action ON action.id = event.action_id "
            f"LEFT JOIN {OWN} AS foreseen ON foreseen.image_id = event.image_id "
            "LEFT JOIN class AS said ON said.id = foreseen.class_id "
            f"WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT ?",
            [*values, -1 if limit is None else limit],
        )
        return np.array([row[0] for row in rows], dtype=np.int64)

    def _by_model(self, question: Question, limit: int | None) -> np.ndarray:
        order = "DESC" if question.order == "sure" else "ASC"
        rows = self._db.execute(
            f"SELECT image_id FROM {IN_FORCE} AND (?1 IS NULL OR class_id = ?1) "
            f"AND ?2 IS NULL AND ?3 IS NULL ORDER BY confidence {order}, image_id LIMIT ?4",
            [
                question.class_id, question.annotator, question.round_id,
                -1 if limit is None else limit,
            ],
        )  # fmt: skip
        return np.array([row[0] for row in rows], dtype=np.int64)

    def annotators(self) -> list[str]:
        """Everybody who has labelled something, in alphabetical order."""
        return [
            row[0]
            for row in self._db.execute(
                "SELECT DISTINCT annotator FROM action "
                "WHERE id IN (SELECT action_id FROM label_event) ORDER BY 1"
            )
        ]

    def checked(self, image_ids: Sequence[int]) -> set[int]:
        """Those of these images whose label has been confirmed or changed in a review."""
        sql = (
            "SELECT event.image_id FROM current_label AS event "
            "JOIN action ON action.id = event.action_id "
            f"WHERE event.kind = 'label' AND {CHECKED} AND event.image_id IN ({{ids}})"
        )
        return {row[0] for row in of_ids(self._db, sql, image_ids)}

    def confusion(self) -> dict[tuple[int, int], int]:
        """Number of images by label (first) and the class predicted before (second)."""
        rows = self._db.execute(f"SELECT event.class_id, {SAID}, count(*) {COMPARED} GROUP BY 1, 2")
        return {(label, said): count for label, said, count in rows}

    def of_cell(self, label: int, said: int) -> np.ndarray:
        """The images of a cell of `confusion`, most confident first: int64."""
        rows = self._db.execute(
            f"SELECT event.image_id {COMPARED} WHERE event.class_id = ? AND {SAID} = ? "
            "ORDER BY foreseen.confidence DESC, event.id",
            [label, said],
        )
        return np.array([row[0] for row in rows], dtype=np.int64)
