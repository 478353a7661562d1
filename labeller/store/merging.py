"""Taking the log of another copy of a project in, action by action, so that the result does not
depend on the order in which copies come.

Each action that is not known yet is recorded once, with who did it and when, under the digest that
it has where it was done (its *origin*): so the same action is never taken twice, whichever way it
comes. What an image carries in the end is what the newest action says that was not undone; where
two have the same time, the digest decides. Where our log ends with something else, one more action
(`settled`) says it again. Notes and classes follow the same rule (labeller/store/edits.py).

The rule is that of a last-writer-wins element set (M. Shapiro et al., "A comprehensive study of
Convergent and Commutative Replicated Data Types", 2011, section 3.3.3), with undo as removal.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from labeller.store import edits
from labeller.store.agreement import decided
from labeller.store.database import writing
from labeller.store.ledger import Ledger
from labeller.store.log import Action, actions

DO, UNDO = "do", "undo"
TAKEN_EDITS = ("note", "class", "merge", "unmerge", "examples", "decision")
"""Edits that are taken over; settings and labels of a model belong to the copy."""


@dataclass
class Merged:
    """What was taken in: actions, and the images that they are about; `unknown` are events about
    images that this project does not have."""

    actions: int = 0
    images: list[int] = field(default_factory=list)
    unknown: int = 0


@dataclass(frozen=True)
class Origin:
    """The action that another one stands for, or itself: when it was done, and its first digest."""

    at: str
    digest: str


def origin_of(action: Action) -> Origin | None:
    """None for an action that only says again what others have said."""
    edit = _edit(action)
    at = str(action.columns[5])
    if edit and edit[0] == edits.SETTLED:
        return None
    return Origin(at, edits.as_done(action.digest, edit)[0])


def _edit(action: Action) -> list[Any] | None:
    text = action.columns[7]
    return None if text is None else json.loads(text)


class Merging:
    """Takes `theirs` into `ours`.

    Args:
        images: their image ids to ours, of those that both have.
    """

    def __init__(
        self, ours: Database, ledger: Ledger, theirs: Database, images: dict[int, int]
    ) -> None:
        self._ours, self._ledger, self._theirs = ours, ledger, theirs
        self._images = images
        self._known: dict[str, int] = {}  # our action by origin
        for action in actions(ours):
            if (origin := origin_of(action)) is not None:
                self._known[origin.digest] = action.id
        self._classes: dict[int, int] = {}

    def run(self) -> Merged:
        """Take in what is not known, all of it or nothing."""
        done = Merged()
        with writing(self._ours):
            self._classes = self._class_ids()
            their_origin: dict[int, str] = {}
            taken: set[int] = set()
            for action in actions(self._theirs):
                origin = origin_of(action)
                if origin is None:
                    continue
                their_origin[action.id] = origin.digest
                if origin.digest in self._known:
                    continue
                events = list(self._mapped(action.events))
                done.unknown += len(action.events) - len(events)
                taken |= {event[0] for event in events}
                taken |= self._reverted(action, their_origin)
                self._take(action, origin, events, their_origin)
                done.actions += 1
            done.images = sorted(taken)
            self._settle()
        return done

    # -- classes

    def _class_ids(self) -> dict[int, int]:
        """Their classes as ours: those from before the copies parted by their numbers, others by
        name; what is missing is made."""
        common = set()
        for action in actions(self._theirs):
            edit = _edit(action)
            if edit and edit[0] == "classes" and action.digest in self._known:
                common |= {row[0] for row in edit[1]}
        sql = "SELECT id, name FROM class ORDER BY position, id"
        ours = {name: class_id for class_id, name in self._ours.execute(sql)}
        our_ids = set(ours.values())
        found: dict[int, int] = {}
        missing: list[tuple[int, str]] = []
        for class_id, name in self._theirs.execute(sql).fetchall():
            if class_id in common and class_id in our_ids:
                found[class_id] = class_id
            elif name in ours:
                found[class_id] = ours[name]
            else:
                missing.append((class_id, name))
        if missing:
            start = self._ours.execute("SELECT coalesce(max(id), 0) FROM class").fetchone()[0]
            rows = [
                [start + n, name, len(ours) + n - 1] for n, (_, name) in enumerate(missing, start=1)
            ]
            self._ledger.record(edit=["classes", rows])
            found |= {class_id: row[0] for (class_id, _), row in zip(missing, rows, strict=True)}
        return found

    # -- actions

    def _mapped(self, events: Iterable[Any]) -> Iterator[list[Any]]:
        for image_id, kind, class_id, reason in events:
            if image_id in self._images:
                yield [
                    self._images[image_id], kind,
                    None if class_id is None else self._classes[class_id], reason,
                ]  # fmt: skip

    def _reverted(self, action: Action, their_origin: dict[int, str]) -> set[int]:
        """Images of the action that one undoes or does again."""
        target = their_origin.get(action.columns[1] or 0)
        ours = self._known.get(target) if target else None
        if ours is None:
            return set()
        rows = self._ours.execute("SELECT image_id FROM label_event WHERE action_id = ?", [ours])
        return {row[0] for row in rows}

    def _take(
        self, action: Action, origin: Origin, events: list[list[Any]], their_origin: dict[int, str]
    ) -> None:
        kind, target, made, annotator, _, at, *_ = action.columns
        own_target = None
        if kind != DO:
            own_target = self._known.get(their_origin.get(target or 0, ""))
            if own_target is None:
                kind = DO  # what it undid is not known: then it is a change like any other
        self._ledger.take(
            events, annotator, kind, made, own_target, at,
            [edits.MERGED, origin.digest, self._inner(action)],
        )  # fmt: skip
        assert self._ledger.newest is not None
        self._known[origin.digest] = self._ledger.newest

    def _inner(self, action: Action) -> edits.Edit | None:
        """What else an action changes, about our images and classes."""
        _, edit = edits.as_done(action.digest, _edit(action))
        if not edit or edit[0] not in TAKEN_EDITS:
            return None
        word, *values = edit
        try:
            if word == "note":
                return [word, self._images[values[0]], values[1]]
            if word == "class":
                return [word, self._classes[values[0]], values[1]]
            if word in ("merge", "unmerge"):
                return [word, self._classes[values[0]], self._classes[values[1]], *values[2:]]
            if word == "decision":
                return [word, [self._images[i] for i in values[0] if i in self._images]]
            if word == "examples":
                pairs = [
                    [self._images[i], self._classes[c]]
                    for i, c in values[1]
                    if i in self._images and c in self._classes
                ]
                return [word, values[0], pairs]
        except KeyError:
            return None
        return None

    # -- what images carry in the end

    def _settle(self) -> None:
        """Say again what counts where the log ends with something else, or with an undo, which says
        the same in another copy's name and time; and which images have been decided."""
        winners = newest(self._ours)
        carrying = {i for i, winner in winners.items() if winner.says[0] != "clear"}
        wanted, decided_now = decided_in_all(self._ours) & carrying, decided(self._ours)
        groups: dict[Winner, list[int]] = {}
        for image_id, kind, class_id, reason, annotator, at in self._ours.execute(
            "SELECT image_id, event.kind, class_id, reason, annotator, at "
            "FROM label_event AS event JOIN action ON action.id = action_id "
            "WHERE event.id IN (SELECT max(id) FROM label_event GROUP BY image_id) "
            "ORDER BY image_id"
        ).fetchall():
            winner = winners.get(image_id, NOBODY)
            same = (kind, class_id, reason) == winner.says
            same &= image_id in wanted or image_id not in decided_now  # else it is open again
            if not same or (kind != "clear" and (annotator, at) != (winner.annotator, winner.at)):
                groups.setdefault(winner, []).append(image_id)
        for winner, images in sorted(groups.items(), key=lambda group: group[0].key):
            kind, class_id, reason = winner.says
            self._ledger.take(
                [[image_id, kind, class_id, reason] for image_id in images],
                winner.annotator, DO, winner.origin, None, winner.at or self._ledger.time(),
                [edits.SETTLED, winner.key[1]],
            )  # fmt: skip
        if fresh := sorted(wanted - decided(self._ours)):
            self._ledger.take(
                [], "", DO, "person", None, self._ledger.time(), [edits.SETTLED, None, fresh]
            )


@dataclass(frozen=True)
class Winner:
    """The event that counts of an image: `key` is time and origin of its action, `says` what it
    does: kind, class and reason."""

    key: tuple[str, str]
    says: tuple[str, int | None, str | None]
    annotator: str
    origin: str

    @property
    def at(self) -> str:
        return self.key[0]


NOBODY = Winner(("", ""), ("clear", None, None), "", "person")


def newest(db: Database) -> dict[int, Winner]:
    """Of all images the newest event that was not undone; those without one are left out."""
    undone: dict[int, int] = {}
    for target, kind in db.execute(
        "SELECT target_id, kind FROM action WHERE target_id IS NOT NULL"
    ):
        undone[target] = undone.get(target, 0) + (1 if kind == UNDO else -1)
    found: dict[int, Winner] = {}
    for action in actions(db):
        origin = origin_of(action)
        kind = action.columns[0]
        if origin is None or kind != DO or undone.get(action.id, 0) > 0:
            continue
        key = (origin.at, origin.digest)
        for image_id, what, class_id, reason in action.events:
            if image_id not in found or found[image_id].key < key:
                found[image_id] = Winner(
                    key, (what, class_id, reason), str(action.columns[3]), str(action.columns[2])
                )
    return found


def decided_in_all(db: Database) -> set[int]:
    """Images that somebody has decided in any copy, and that nobody has touched since in any."""
    touched: dict[int, tuple[str, str]] = {}
    decisions: dict[int, tuple[str, str]] = {}
    for action in actions(db):
        origin = origin_of(action)
        if origin is None:
            continue
        key = (origin.at, origin.digest)
        for image_id, *_ in action.events:
            touched[image_id] = max(key, touched.get(image_id, key))
        _, edit = edits.as_done(action.digest, _edit(action))
        if edit and edit[0] == "decision":
            for image_id in edit[1]:
                decisions[image_id] = max(key, decisions.get(image_id, key))
    return {i for i, key in decisions.items() if i in touched and key > touched[i]}
