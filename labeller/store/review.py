"""Looking through what has been labelled: which images, and in which order."""

from dataclasses import dataclass

import numpy as np
from sqlite_utils import Database

ORDERS = ("newest", "mistakes", "unsure", "sure")
STATES = (
    "labelled", "skipped", "unsure", "not-any-class", "bad-image", "noted", "suggested",
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """What is looked for; None means any.

    Attributes:
        state: one of `STATES`. `skipped` was put aside without a reason, `noted` carries a note, in
            `suggested` somebody accepted a suggestion.
        order: one of `ORDERS`. `mistakes` leaves out images where the newest model agrees with the
            label; the surest disagreement comes first. `unsure` and `sure` go by its confidence.
    """

    state: str | None = None
    class_id: int | None = None
    annotator: str | None = None
    round_id: int | None = None
    order: str = "newest"


class Review:
    def __init__(self, db: Database) -> None:
        self._db = db

    def find(self, question: Question) -> np.ndarray:
        """Ids of the images that fit, in order: int64."""
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
            conditions.append("suggestion.class_id <> event.class_id")
        order = {
            "newest": "event.id DESC",
            "mistakes": "suggestion.confidence DESC, event.id",
            "unsure": "suggestion.confidence IS NULL, suggestion.confidence, event.id",
            "sure": "suggestion.confidence DESC, event.id",
        }[question.order]
        rows = self._db.execute(
            "SELECT event.image_id FROM current_label AS event "
            "JOIN action ON action.id = event.action_id "
            "LEFT JOIN suggestion ON suggestion.image_id = event.image_id "
            f"WHERE {' AND '.join(conditions)} ORDER BY {order}",
            values,
        )
        return np.array([row[0] for row in rows], dtype=np.int64)

    def annotators(self) -> list[str]:
        """Everybody who has labelled something, in the order of the alphabet."""
        return [
            row[0]
            for row in self._db.execute(
                "SELECT DISTINCT annotator FROM action "
                "WHERE id IN (SELECT action_id FROM label_event) ORDER BY 1"
            )
        ]

    def confusion(self) -> dict[tuple[int, int], int]:
        """How many images carry a class (first) and are one (second) to the newest model."""
        rows = self._db.execute(
            "SELECT event.class_id, suggestion.class_id, count(*) FROM current_label AS event "
            "JOIN suggestion ON suggestion.image_id = event.image_id "
            "WHERE event.kind = 'label' GROUP BY 1, 2"
        )
        return {(label, suggested): count for label, suggested, count in rows}

    def of_cell(self, label: int, suggested: int) -> np.ndarray:
        """The images behind a count of `confusion`, the surest first: int64."""
        rows = self._db.execute(
            "SELECT event.image_id FROM current_label AS event "
            "JOIN suggestion ON suggestion.image_id = event.image_id "
            "WHERE event.class_id = ? AND suggestion.class_id = ? "
            "ORDER BY confidence DESC, event.id",
            [label, suggested],
        )
        return np.array([row[0] for row in rows], dtype=np.int64)
