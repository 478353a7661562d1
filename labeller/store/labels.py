"""The log of label events, and the current labels.

Nothing is ever changed or deleted. An action is one thing that somebody did, its events are its
effects on individual images, and an undo is another action that reverts an earlier one. An image's
current label is its last event. The undo history comes from the same log, so it has no limit and
survives restarts.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlite_utils import Database

from labeller.core.errors import LabellerError
from labeller.store.causality import has_merged
from labeller.store.database import of_ids, snapshot, writing
from labeller.store.edits import Edit, reverted
from labeller.store.ledger import Ledger
from labeller.store.log import UNDOABLE, problems
from labeller.store.oracle import final_classes
from labeller.store.standing import settle

REASONS = ("unsure", "not-any-class", "bad-image")


@dataclass(frozen=True)
class Label:
    """The current label of an image: a class, or `class_id` None if it was put aside, with or
    without a `reason` (of `REASONS`); `suggested_by` is the run whose suggestion was accepted."""

    class_id: int | None
    origin: str
    annotator: str
    at: str
    reason: str | None = None
    suggested_by: int | None = None

    @property
    def says(self) -> tuple[int | None, str | None]:
        """The class, or the reason for being put aside, whoever gave it."""
        return self.class_id, self.reason

    @property
    def skipped(self) -> bool:
        return self.class_id is None


@dataclass(frozen=True)
class Change:
    """An event to record: a class for `image_id`, a skip, or the removal of either."""

    image_id: int
    kind: str
    class_id: int | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Summary:
    """Totals for the window: numbers of labelled and skipped images, labels per class id, and
    whether undo and redo are possible."""

    labelled: int
    skipped: int
    by_class: dict[int, int]
    can_undo: bool
    can_redo: bool


class Labels:
    """The log and the current labels; new actions go through `ledger`.

    `kept` are images that the last undo or redo left unchanged, because a merge or an import has
    labelled them since the action.
    """

    def __init__(self, db: Database, ledger: Ledger) -> None:
        self._db = db
        self._ledger = ledger
        self.kept: list[int] = []
        self._undoable: list[int] = []
        self._redoable: list[int] = []
        self._read_up_to = 0
        self._looked_up_to = self._newest_foreign = (
            0  # actions that do not come from people of this copy
        )
        self._counted: Counter[int | None] | None = None
        self._version = 0
        self._others_wrote = True  # since the log was read

    # -- recording

    def assign(
        self,
        classes: Mapping[int, int],
        annotator: str,
        origin: str = "person",
        round_id: int | None = None,
        suggested_by: int | None = None,
    ) -> dict[int, Label]:
        """Label images (id → class id) as one durable action; return their labels. `suggested_by`
        is the run whose suggestion the person accepted."""
        changes = [Change(int(i), "label", int(c)) for i, c in classes.items()]
        self._record("do", changes, annotator, origin, round_id, suggested_by=suggested_by)
        at = self._ledger.newest_at
        return {
            c.image_id: Label(c.class_id, origin, annotator, at, None, suggested_by)
            for c in changes
        }

    def merge(self, source: int, target: int, shortcut: str | None, annotator: str) -> int:
        """Merge one class into another and archive it, as one action that can be undone; return the
        number of images. `shortcut` is the key of the first class."""
        images, classes = self.labelled()
        moved = images[classes == source].tolist()
        changes = [Change(image_id, "label", target) for image_id in moved]
        edit: Edit = ["merge", source, target, shortcut, False]
        self._record("do", changes, annotator, "person", edit=edit)
        return len(moved)

    def let_model_label(self, rows: Sequence[tuple[int, int, float]], annotator: str) -> None:
        """Replace all model labels by these (image id, class id, confidence), as one action that
        can be undone (labeller/store/predictions.py).

        Raises:
            LabellerError: a class is archived by now.
        """
        offered = {row[0] for row in self._db.execute("SELECT id FROM class WHERE NOT archived")}
        if any(class_id not in offered for _, class_id, _ in rows):
            raise LabellerError("The classes have changed since the model predicted. Run it again.")
        before = self._db.execute("SELECT * FROM model_label ORDER BY image_id").fetchall()
        edit: Edit = ["model_labels", before, [list(row) for row in rows]]
        self._record("do", [], annotator, "person", edit=edit)

    def skip(
        self,
        image_ids: Sequence[int],
        annotator: str,
        round_id: int | None = None,
        reason: str | None = None,
        origin: str = "person",
    ) -> None:
        """Put images aside as one action; `reason` is one of `REASONS` or None."""
        changes = [Change(int(image_id), "skip", None, reason) for image_id in image_ids]
        self._record("do", changes, annotator, origin, round_id)

    def clear(self, image_ids: Sequence[int], annotator: str, round_id: int | None = None) -> None:
        """Remove the labels or skips of images as one action."""
        changes = [Change(int(image_id), "clear") for image_id in image_ids]
        self._record("do", changes, annotator, "person", round_id)

    def withdraw(self, image_ids: Sequence[int]) -> None:
        """Withdraw all labels of images whose content has changed. Undo does not revert this."""
        sql = "SELECT image_id, class_id, confidence FROM model_label WHERE image_id IN ({ids})"
        answered = [list(row) for row in of_ids(self._db, sql, image_ids)]
        edit: Edit | None = ["model_labels", answered, []] if answered else None
        changes = [Change(int(image_id), "clear") for image_id in image_ids]
        if changes:
            self._record("do", changes, "import", "import", edit=edit)

    def undo(self, annotator: str) -> list[int]:
        """Revert the last action; return the images it had changed, [] if there is none."""
        self._follow_log()
        return self._revert("undo", self._undoable, annotator)

    def redo(self, annotator: str) -> list[int]:
        """Redo what the last undo reverted; return the images, [] if there is nothing."""
        self._follow_log()
        return self._revert("redo", self._redoable, annotator)

    @property
    def can_undo(self) -> bool:
        self._follow_log()
        return bool(self._undoable)

    @property
    def can_redo(self) -> bool:
        self._follow_log()
        return bool(self._redoable)

    # -- questions

    def current(self, image_ids: Sequence[int]) -> dict[int, Label]:
        """The current labels of these images; unlabelled ones are left out."""
        sql = (
            "SELECT image_id, class_id, origin, annotator, at, reason, suggested_by "
            "FROM current_label JOIN action ON action.id = action_id WHERE image_id IN ({ids})"
        )
        return {image_id: Label(*rest) for image_id, *rest in of_ids(self._db, sql, image_ids)}

    def given_since(self, at: str, annotator: str) -> list[int]:
        """Images labelled or skipped at this time (UTC, as stored) or later."""
        rows = self._db.execute(
            "SELECT event.image_id FROM current_label AS event "
            "JOIN action ON action.id = event.action_id "
            "WHERE action.id >= (SELECT min(id) FROM action WHERE at >= ?) AND annotator = ?",
            [at, annotator],
        )
        return [row[0] for row in rows]

    def labelled(self) -> tuple[np.ndarray, np.ndarray]:
        """Ids and class ids of every labelled image, in the order of labelling: both int64."""
        rows = self._db.execute(
            "SELECT image_id, class_id FROM current_label WHERE kind = 'label' ORDER BY id"
        ).fetchall()
        table = np.array(rows, dtype=np.int64).reshape(-1, 2)
        return table[:, 0], table[:, 1]

    def forget(
        self, states: Sequence[tuple[int, str, str | None]], annotator: str, forgotten: bool = True
    ) -> None:
        """Forget images (id, state and reason of each) and clear their labels, or restore them, as
        one action that can be undone."""
        edit: Edit = ["forget", [list(row) for row in states], forgotten]
        changes = [Change(image_id, "clear") for image_id, *_ in states] if forgotten else []
        self._record("do", changes, annotator, "person", edit=edit)

    def states_before_forgetting(self) -> dict[int, tuple[str, str | None]]:
        """The state and reason that images had before they were last forgotten."""
        found: dict[int, tuple[str, str | None]] = {}
        for (edit,) in self._db.execute(
            "SELECT edit FROM action WHERE edit LIKE '[\"forget\"%' ORDER BY id"
        ):
            _, rows, forgotten = json.loads(edit)
            if forgotten:
                found |= {image_id: (state, reason) for image_id, state, reason in rows}
        return found

    def carried(self) -> np.ndarray:
        """Ids of the images that are labelled or put aside: int64, ascending."""
        rows = self._db.execute("SELECT image_id FROM current_label ORDER BY 1").fetchall()
        return np.array(rows, dtype=np.int64).reshape(-1)

    def counts(self) -> tuple[int, int]:
        """Numbers of labelled and skipped images."""
        tally = self._tally()
        return sum(tally.values()) - tally[None], tally[None]

    def summary(self) -> Summary:
        """Everything that the window shows of the log, in as few SQL statements as possible."""
        tally = self._tally()
        if self._others_wrote or self._read_up_to != self._ledger.newest:
            self._follow_log()
        by_class = {c: count for c, count in tally.items() if c is not None and count}
        total = sum(by_class.values())
        return Summary(total, tally[None], by_class, bool(self._undoable), bool(self._redoable))

    def counts_by_class(self) -> dict[int, int]:
        """Number of images per class id; classes without images are left out."""
        return {c: count for c, count in self._tally().items() if c is not None and count}

    def _tally(self) -> Counter[int | None]:
        """Number of images by label (None: skipped), counted once and then kept up to date.

        Counting takes longer with more labels, and the window needs it after every key press.
        """
        self._look_at_version()
        if self._counted is None:
            rows = self._db.execute(
                "SELECT class_id, count(*) FROM current_label GROUP BY class_id"
            )
            self._counted = Counter(dict(rows.fetchall()))
        return self._counted

    def _look_at_version(self) -> None:
        """Clear cached state if another connection has written."""
        version = self._db.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            self._version, self._counted, self._others_wrote = version, None, True

    def log_problems(self) -> list[str]:
        """Problems of the log as sentences."""
        with snapshot(self._db):
            return list(problems(self._db))

    # -- the log

    def _record(
        self,
        kind: str,
        changes: Sequence[Change],
        annotator: str,
        origin: str,
        round_id: int | None = None,
        target: int | None = None,
        suggested_by: int | None = None,
        edit: Edit | str | None = None,
    ) -> None:
        counted, self._counted = self._counted, None  # unknown if this fails
        replaced = self.current([change.image_id for change in changes])
        events = [(c.image_id, c.kind, c.class_id, c.reason) for c in changes]
        self._ledger.record(events, annotator, kind, origin, round_id, target, suggested_by, edit)
        plain = edit is None and origin != "import" and not self._db.conn.in_transaction
        if (
            plain and self._ledger.newest == self._read_up_to + 1
        ):  # nothing else was written in between
            self._follow(self._ledger.newest, kind, target)
        if counted is not None and not self._db.conn.in_transaction:
            counted.subtract(label.class_id for label in replaced.values())
            after = {change.image_id: change for change in changes}
            counted.update(c.class_id for c in after.values() if c.kind != "clear")
            self._counted = counted

    def _revert(self, kind: str, stack: list[int], annotator: str) -> list[int]:
        self.kept = []
        if not stack:
            return []
        target = stack[-1]
        foreign = since = self._changed_elsewhere_since(target)
        # An undo restores what each event replaced, a redo the event itself.
        event = "replaced" if kind == "undo" else "event"
        rows = self._db.execute(
            f"SELECT event.image_id, coalesce({event}.kind, 'clear'), {event}.class_id, "
            f"{event}.reason "
            "FROM label_event AS event LEFT JOIN label_event AS replaced "
            "ON replaced.id = event.replaces WHERE event.action_id = ? ORDER BY event.id",
            [target],
        ).fetchall()
        origin, round_id, suggested_by, edit = self._db.execute(
            "SELECT origin, round_id, suggested_by, edit FROM action WHERE id = ?", [target]
        ).fetchone()
        if merged := final_classes(self._db):  # possibly changed by somebody else in the meantime
            foreign = foreign | {row[0] for row in rows if row[2] in merged}
        changes = [Change(*row) for row in rows if row[0] not in foreign]
        changed = [change.image_id for change in changes]
        accepted = suggested_by if kind == "redo" else None
        edit = reverted(edit) if kind == "undo" else edit
        edit = self._without_withdrawn(edit, target)
        merges = edit is not None and has_merged(self._db)  # of classes that others used too
        if not foreign and not merges:
            self._record(kind, changes, annotator, origin, round_id, target, accepted, edit)
            return changed
        with writing(self._db):
            self._record(kind, changes, annotator, origin, round_id, target, accepted, edit)
            settled = settle(self._db, self._ledger, None if merges else foreign)
        self._counted, self._others_wrote = None, True
        self.kept = sorted(since - settled)
        return [*changed, *sorted(settled)]

    def _without_withdrawn(self, edit: str | None, action: int) -> str | None:
        """Model labels to restore, without those of images whose content has changed."""
        if edit is None or not edit.startswith('["model_labels"'):
            return edit
        word, go, come = json.loads(edit)
        rows = self._db.execute(
            "SELECT image_id FROM label_event JOIN action ON action.id = action_id "
            "WHERE action_id > ? AND action.origin = 'import' AND label_event.kind = 'clear'",
            [action],
        )
        withdrawn = {row[0] for row in rows}
        return json.dumps([word, go, [row for row in come if row[0] not in withdrawn]])

    def _changed_elsewhere_since(self, action: int) -> set[int]:
        """Images of an action that a merge or an import has labelled since."""
        newest, foreign = self._db.execute(
            f"SELECT max(id), max(id) FILTER (WHERE NOT ({UNDOABLE})) FROM action WHERE id > ?",
            [self._looked_up_to],
        ).fetchone()
        self._looked_up_to = newest or self._looked_up_to
        self._newest_foreign = foreign or self._newest_foreign
        if self._newest_foreign < action:  # as nearly always
            return set()
        rows = self._db.execute(
            "SELECT DISTINCT later.image_id FROM label_event AS event "
            "JOIN label_event AS later ON later.image_id = event.image_id AND later.id > event.id "
            f"WHERE event.action_id = ? AND later.action_id IN "
            f"(SELECT id FROM action WHERE id = later.action_id AND NOT ({UNDOABLE}))",
            [action],
        )
        return {row[0] for row in rows}

    def _follow_log(self) -> None:
        """Read new actions of the log. Imports are not part of the undo history."""
        rows = self._db.execute(
            f"SELECT id, kind, target_id FROM action WHERE id > ? AND {UNDOABLE} ORDER BY id",
            [self._read_up_to],
        )
        for row in rows:
            self._follow(*row)
        self._others_wrote = False

    def _follow(self, action_id: int, kind: str, target: int | None) -> None:
        """Add one action to the undo history."""
        self._read_up_to = action_id
        if kind == "do":
            self._undoable.append(action_id)
            self._redoable.clear()
            return
        source, goal = self._undoable, self._redoable
        if kind == "redo":
            source, goal = goal, source
        if source[-1:] == [target]:  # anything else is damage, which `check` reports
            goal.append(source.pop())
