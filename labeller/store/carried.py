"""Streams all labels for exports, so that a million of them never have to be in memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from sqlite_utils import Database

from labeller.store.images import WITHDRAWN, Images
from labeller.store.predictions import IN_FORCE

_IMAGE = "image.path, source.root, image.sha256, image.width, image.height"
_JOINED = "JOIN image ON image.id = image_id JOIN source ON source.id = source_id"

_KNOWN = f"(image.state <> 'unreadable' OR ifnull(image.reason, '') NOT IN {WITHDRAWN})"
"""Leaves out forgotten images and images whose files changed: their labels exist only in the
log."""


@dataclass(frozen=True)
class Carried:
    """An image and its label: a class, or a reason for being put aside (None for none).

    `origin` is `person`, `oracle` or `import`, `model` for labels given only by a model, `truth`
    for held-out images; `suggested_by` is the run whose suggestion a person accepted.
    """

    image_id: int
    path: str
    file: Path
    sha256: str
    width: int
    height: int
    class_id: int | None
    reason: str | None = None
    origin: str = "person"
    annotator: str = ""
    at: str = ""
    suggested_by: int | None = None
    confidence: float | None = None
    part: str | None = None


class LabelReader:
    """Reads labels.

    Args:
        images: of the same project.
    """

    def __init__(self, db: Database, images: Images) -> None:
        self._db, self._file = db, images.file

    def labels(self, aside: bool = False) -> Iterator[Carried]:
        """The pool's labels in the order they were given, and images put aside."""
        wanted = "TRUE" if aside else "event.kind = 'label'"
        rows = self._db.execute(
            f"SELECT event.image_id, {_IMAGE}, event.class_id, event.reason, origin, annotator, "
            f"at, suggested_by FROM current_label AS event {_JOINED} "
            f"JOIN action ON action.id = event.action_id WHERE {wanted} AND {_KNOWN} "
            "ORDER BY event.id"
        )
        for image_id, path, root, sha256, width, height, *rest in rows:
            yield Carried(
                image_id, path, self._file(root, path), sha256 or "", width or 0, height or 0,
                *rest,
            )  # fmt: skip

    def by_model(self) -> Iterator[Carried]:
        """Labels given only by a model, in pool order."""
        rows = self._db.execute(
            f"SELECT image_id, {_IMAGE}, class_id, confidence FROM (SELECT * FROM {IN_FORCE}) "
            f"{_JOINED} WHERE {_KNOWN} ORDER BY image_id"
        )
        for image_id, path, root, sha256, width, height, class_id, confidence in rows:
            yield Carried(
                image_id, path, self._file(root, path), sha256 or "", width or 0, height or 0,
                class_id, origin="model", confidence=confidence,
            )  # fmt: skip

    def held_out(self) -> Iterator[Carried]:
        """The labels of held-out images, with the name of their split."""
        rows = self._db.execute(
            f"SELECT image_id, {_IMAGE}, ifnull(merged_into, class_id), source.name FROM truth "
            f"{_JOINED} JOIN class ON class.id = class_id "
            "WHERE split = 'test' AND state = 'ready' ORDER BY image_id"
        )
        for image_id, path, root, sha256, width, height, class_id, name in rows:
            yield Carried(
                image_id, path, self._file(root, path), sha256 or "", width or 0, height or 0,
                class_id, origin="truth", part=name,
            )  # fmt: skip

    def classes(self) -> tuple[np.ndarray, np.ndarray]:
        """Image and class ids of `labels` without images put aside, then of `by_model`:
        both int64."""
        rows = chain(
            self._db.execute(
                f"SELECT image_id, class_id FROM current_label AS event {_JOINED} "
                f"WHERE event.kind = 'label' AND {_KNOWN} ORDER BY event.id"
            ),
            self._db.execute(
                f"SELECT image_id, class_id FROM (SELECT * FROM {IN_FORCE}) {_JOINED} "
                f"WHERE {_KNOWN} ORDER BY image_id"
            ),
        )
        # As tuples, a million rows would take 200 MB.
        table = np.fromiter(chain.from_iterable(rows), dtype=np.int64).reshape(-1, 2)
        return table[:, 0], table[:, 1]
