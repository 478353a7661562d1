"""Training runs and their curves."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from labeller.core.intervals import Accuracy, Share
from labeller.core.run import EpochMetrics
from labeller.store.database import now

LIVE = "ifnull(json_extract(recipe, '$.name'), '') IN ('live', 'import')"
"""Records that are not trainings: heads trained live between two labels, imported suggestions."""


@dataclass(frozen=True)
class TrainingRun:
    """`recipe` contains every value that was used; `checkpoint` is relative to the project.

    `state` is running, finished, stopped (by the user; its checkpoint is usable) or failed.
    Accuracies lie between 0 and 1 and are None without held-out images; those in `per_class` are by
    class id. `estimate` is the accuracy estimated without held-out images, None if that was not
    possible. `classes` are those that the model has seen labels of: ids, with their names then.
    """

    id: int
    state: str
    seconds: float | None
    recipe: dict[str, Any]
    encoder: str
    device: str
    seed: int
    labelled: int
    checkpoint: str | None
    test_accuracy: float | None
    per_class: dict[int, float] | None
    estimate: Accuracy | None = None
    classes: dict[int, str] = field(default_factory=dict)

    @property
    def compared(self) -> tuple[float, float] | None:
        """The accuracies given to `TrainingRuns.compare`; None if nothing was fine-tuned."""
        if "fine_tuned" not in self.recipe:
            return None
        return self.recipe["fine_tuned"], self.recipe["linear"]

    @property
    def is_fine_tuned(self) -> bool:
        """Whether its model is the fine-tuned one, because that was better."""
        return self.compared is not None and self.compared[0] > self.compared[1]


class TrainingRuns:
    def __init__(self, db: Database) -> None:
        self._db = db

    def start(
        self,
        recipe: dict[str, Any],
        encoder: str,
        device: str,
        seed: int,
        labelled: int,
        classes: Mapping[int, str] | None = None,
    ) -> int:
        """Record the start of a training for these classes (id → name); return the run's id."""
        run_id = self._db.execute(
            "INSERT INTO training_run "
            "(state, started_at, recipe, encoder, device, seed, labelled, classes) "
            "VALUES ('running', ?, ?, ?, ?, ?, ?, ?)",
            [
                now(), json.dumps(recipe), encoder, device, seed, labelled,
                json.dumps(list((classes or {}).items())),
            ],
        ).lastrowid  # fmt: skip
        assert run_id is not None
        return run_id

    def live(self, encoder: str, labelled: int) -> int:
        """The id of the one record for all live heads on an encoder's features; not included in
        lists of runs."""
        found = self._db.execute(
            "SELECT id FROM training_run WHERE json_extract(recipe, '$.name') IS 'live' "
            "AND encoder = ?",
            [encoder],
        ).fetchone()
        if found is not None:
            return int(found[0])
        run_id = self.start({"name": "live"}, encoder, "auto", 0, labelled)
        self.end(run_id, "finished", 0.0)
        return run_id

    def imported(self, count: int) -> int:
        """The id of a new record for another program's suggestions; not included in lists of
        runs."""
        run_id = self.start({"name": "import"}, "", "auto", 0, count)
        self.end(run_id, "finished", 0.0)
        return run_id

    def add_epoch(self, run_id: int, metrics: EpochMetrics) -> None:
        self._db.execute(
            "INSERT INTO epoch_metric (training_run_id, epoch, losses, train_accuracy, "
            "test_accuracy, learning_rate, seconds) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                run_id,
                metrics.epoch,
                json.dumps(dict(metrics.losses)),
                metrics.train_accuracy,
                metrics.test_accuracy,
                metrics.learning_rate,
                metrics.seconds,
            ],
        )

    def end(
        self,
        run_id: int,
        state: str,
        seconds: float,
        checkpoint: str | None = None,
        test_accuracy: float | None = None,
        per_class: Mapping[int, float] | None = None,
        message: str | None = None,
        estimate: Accuracy | None = None,
    ) -> None:
        """Record how a run ended: `finished`, `stopped` or `failed` (with a `message`)."""
        self._db.execute(
            "UPDATE training_run SET state = ?, seconds = ?, checkpoint = ?, test_accuracy = ?, "
            "per_class = ?, message = ?, estimate = ? WHERE id = ?",
            [
                state, seconds, checkpoint, test_accuracy,
                None if per_class is None else json.dumps(list(per_class.items())), message,
                None if estimate is None else _as_text(estimate), run_id,
            ],
        )  # fmt: skip

    def compare(self, run_id: int, fine_tuned: float, linear: float) -> None:
        """Record the expected accuracies of the fine-tuned model and of a linear head."""
        self._db.execute(
            "UPDATE training_run SET recipe = json_set(recipe, '$.fine_tuned', ?, '$.linear', ?) "
            "WHERE id = ?",
            [fine_tuned, linear, run_id],
        )

    def discard(self, run_id: int) -> None:
        """Mark a run as unusable."""
        self._db.execute(
            "UPDATE training_run SET state = 'failed', checkpoint = NULL, message = 'discarded' "
            "WHERE id = ?",
            [run_id],
        )

    def fail_interrupted(self) -> None:
        """Mark runs as failed that were running when their program died."""
        self._db.execute(
            "UPDATE training_run SET state = 'failed', message = 'the program ended' "
            "WHERE state = 'running'"
        )

    def all(self) -> list[TrainingRun]:
        """All runs, oldest first."""
        return self._runs(f"WHERE NOT {LIVE} ORDER BY id")

    def get(self, run_id: int) -> TrainingRun:
        return self._runs(f"WHERE id = {int(run_id)}")[0]

    def newest_usable(self) -> TrainingRun | None:
        """The newest run with a checkpoint."""
        runs = self._runs("WHERE checkpoint IS NOT NULL ORDER BY id DESC LIMIT 1")
        return runs[0] if runs else None

    def newest(self) -> TrainingRun | None:
        runs = self._runs(f"WHERE NOT {LIVE} ORDER BY id DESC LIMIT 1")
        return runs[0] if runs else None

    def epochs(self, run_id: int) -> list[EpochMetrics]:
        rows = self._db.execute(
            "SELECT epoch, losses, train_accuracy, test_accuracy, "
            "learning_rate, seconds FROM epoch_metric WHERE training_run_id = ? ORDER BY epoch",
            [run_id],
        )
        return [EpochMetrics(epoch, json.loads(losses), *rest) for epoch, losses, *rest in rows]

    def _runs(self, rest: str) -> list[TrainingRun]:
        rows = self._db.query(
            "SELECT id, state, seconds, recipe, encoder, device, seed, labelled, checkpoint, "
            f"test_accuracy, per_class, estimate, classes FROM training_run {rest}"
        )
        return [
            TrainingRun(
                **row
                | {
                    "recipe": json.loads(row["recipe"]),
                    "per_class": None if row["per_class"] is None else _by_id(row["per_class"]),
                    "estimate": _estimate(row["estimate"]),
                    "classes": _by_id(row["classes"] or "[]"),
                }
            )
            for row in rows
        ]


def _by_id(text: str) -> dict[int, Any]:
    """A dictionary stored as pairs, since JSON has no integer keys."""
    return dict(json.loads(text))


def _as_text(estimate: Accuracy) -> str:
    """The JSON of an estimate, without the run, which is the row itself."""
    values = {name: getattr(estimate, name) for name in ("source", "accuracy", "low", "high")}
    return json.dumps(values | {"per_class": list(estimate.per_class.items())})


def _estimate(text: str | None) -> Accuracy | None:
    if text is None:
        return None
    values = json.loads(text)
    values["per_class"] = {class_id: Share(*three) for class_id, three in values["per_class"]}
    return Accuracy(**values)
