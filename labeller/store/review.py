"""Finds the images to look through, by their labels and other properties, and orders them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlite_utils import Database

from labeller.core.names import spelling
from labeller.store import filters
from labeller.store.agreement import Agreement
from labeller.store.database import of_ids
from labeller.store.filters import CHECKED, FILTERS, Condition, Known, conditions, folded
from labeller.store.oracle import final_classes
from labeller.store.predictions import COMPARED, SAID
from labeller.store.settings import Settings

REVIEW_ORDERS = ("newest", "mistakes", "unsure", "sure")
POOL_ORDERS = ("imported", "name", "largest", "smallest")
ORDERS = REVIEW_ORDERS + POOL_ORDERS
CELL = "cell"
"""The order of images found by `Review.of_cell`."""
ALL = "all"
"""A state that stands for every image of the pool."""
OF_POOL = (ALL, "unlabelled")
"""States that include images without a label."""
STATES = (
    *OF_POOL, "labelled", "skipped", "unsure", "not-any-class", "bad-image", "noted", "suggested",
    "model",
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """The filters of a review; None means any.

    Attributes:
        state: None: labelled or put aside by a person; `all`: every image of the pool; otherwise
            one of `filters.STATES`. `model`: labelled only by a model, by default least confident
            first.
        text: further filters (labeller/store/filters.py).
        order: one of `ORDERS`, or another search. `mistakes`: unreviewed labels that contradict the
            model's earlier prediction, most confident first; `unsure` and `sure`: by the confidence
            of that prediction, or of the suggestion for an image without a label.
    """

    state: str | None = None
    class_id: int | None = None
    annotator: str | None = None
    round_id: int | None = None
    order: str = "newest"
    text: str = ""


class Review:
    """Finds images by their labels, and by anything else known about them. Models are
    represented by their predictions before the first label (labeller/store/predictions.py)."""

    def __init__(self, db: Database, agreement: Agreement, settings: Settings) -> None:
        self._db = db
        self._agreement, self._settings = agreement, settings
        self._counted: tuple[object, int] = (None, 0)
        db.conn.create_function("match", 2, _contains, deterministic=True)

    def find(self, question: Question, limit: int | None = None, start: int = 0) -> np.ndarray:
        """Ids of the matching images, in order, at most `limit` from place `start` on: int64.

        Raises:
            LabellerError: the text of the question is not understood.
        """
        where, values = self._where(question)
        joined, order = self._order(question)
        rows = self._db.execute(
            f"SELECT image.id FROM image JOIN source ON source.id = source_id {joined} "
            f"WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?",
            [*values, -1 if limit is None else limit, start],
        )
        return np.array([row[0] for row in rows], dtype=np.int64)

    def count(self, question: Question) -> int:
        """The number of matching images. Raises as `find`."""
        where, values = self._where(question)
        state = (self._db.conn.total_changes, self._db.execute("PRAGMA data_version").fetchone())
        asked = (where, values, state)
        if self._counted[0] == asked:  # another order or part of a list has the same count
            return self._counted[1]
        sql = f"SELECT count(*) FROM image JOIN source ON source.id = source_id WHERE {where}"
        found = int(self._db.execute(sql, values).fetchone()[0])
        if not self._db.conn.in_transaction:  # which may be rolled back
            self._counted = (asked, found)
        return found

    def _where(self, question: Question) -> tuple[str, list[Any]]:
        """The condition of a question, and the values of its question marks."""
        terms = conditions(question.text, self._known())
        if question.state not in (None, ALL):
            terms.append(Condition(filters.STATES[question.state]))
        for condition, value in (
            (FILTERS["class"].condition, question.class_id),
            (FILTERS["by"].condition, question.annotator),
            (filters.IN_ROUND, question.round_id),
        ):
            if value is not None:
                values = (value,) * condition.count("{0}")
                terms.append(Condition(condition.format("= ?"), values))
        if question.order == "mistakes":
            terms.append(Condition(filters.STATES["mistake"]))
        if question.state in OF_POOL:
            whole = " ".join(each.sql for each in terms)
            terms.append(Condition("image.state = 'ready'"))
            if "source.split" not in whole:
                terms.append(Condition(filters.SPLITS["pool"]))
            if "duplicate_of" not in whole:
                terms.append(Condition("image.duplicate_of IS NULL"))
        elif question.state != "model":
            terms.append(Condition(filters.ANSWERED))
        where = " AND ".join(f"({each.sql})" for each in terms)
        return where, [value for each in terms for value in each.values]

    def _order(self, question: Question) -> tuple[str, str]:
        """The additional join that an order needs, and its ORDER BY terms."""
        path, place = "image.path", "image.id"
        if self._hides_folders:  # images next to each other would give away their folder
            path, place = filters.FILE, "image.sha256, image.id"
        if question.order == "mistakes":  # of labelled images only
            place = "image.id"
        joined = ""
        if question.order in ("unsure", "sure", "mistakes"):
            joined = f"LEFT JOIN {filters.CONFIDENCES} AS model ON model.image_id = image.id"
        elif question.order == "newest":
            joined = "LEFT JOIN current_label AS event ON event.image_id = image.id"
        first = {
            "newest": "event.id DESC, ",
            "mistakes": "model.confidence DESC, ",
            "unsure": "model.confidence IS NULL, model.confidence, ",
            "sure": "model.confidence DESC, ",
            "imported": "",
            "name": f"{path}, ",
            "largest": "image.width * image.height DESC, ",
            "smallest": "image.width * image.height, ",
        }[question.order]
        return joined, first + place

    def _known(self) -> Known:
        final = final_classes(self._db)
        classes = self._db.execute("SELECT name, id FROM class")
        return Known(
            {spelling(name): final.get(class_id, class_id) for name, class_id in classes},
            self._hides_folders,
            lambda: json.dumps(list(self._agreement.disputed())),
        )

    @property
    def _hides_folders(self) -> bool:
        return bool(self._settings.get("truth_in_paths", False))

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
        """The images among these whose label has been confirmed or changed in a review."""
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


def _contains(part: str, text: object) -> bool:
    """SQL's `text MATCH part`."""
    return part in folded(str(text or ""))
