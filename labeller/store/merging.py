"""Merges the log of another copy, action by action, so that the result does not depend on the order
in which copies are merged nor, for actions that knew of each other, on anybody's clock.

Each unknown action is recorded once, with who made it and when, under the digest it has where it
was made (its origin), and with its parents there: so no action is merged twice, whatever route it
takes, and the causal order is preserved (labeller/store/causality.py). A final action ends the
merge (`joined`), so that it can be undone as one (`parted`). Labels then follow from the whole log
(labeller/store/standing.py); where the log ends differently, one more action repeats the label that
counts (`settled`). Classes, examples, notes and guidelines follow in the same way
(labeller/store/derived.py).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from labeller.core.names import spelling
from labeller.store import edits
from labeller.store.causality import (
    DO,
    JOINED,
    MERGED,
    PARTED,
    UNDO,
    Deed,
    Past,
    past_of,
    word_of,
)
from labeller.store.database import writing
from labeller.store.derived import GUIDELINES, classes_in_use, creations
from labeller.store.ledger import Ledger
from labeller.store.log import Action, Event, actions
from labeller.store.rounds import AUDIT
from labeller.store.standing import settle

TAKEN_EDITS = (
    "note", "class", "classes", "merge", "unmerge", "examples", "decision", "audited", GUIDELINES,
)  # fmt: skip
"""Edits that are merged; settings and model labels belong to each copy."""


@dataclass
class Merged:
    """The result of a merge: numbers of actions and of actions per person, and the images they are
    about; `unknown` counts events about images that this project does not have."""

    actions: int = 0
    people: Counter[str] = field(default_factory=Counter)
    images: list[int] = field(default_factory=list)
    unknown: int = 0


class Merging:
    """Merges `theirs` into `ours`.

    Args:
        images: their image ids → ours, for the images that both have.
    """

    def __init__(
        self, ours: Database, ledger: Ledger, theirs: Database, images: dict[int, int]
    ) -> None:
        self._ours, self._ledger, self._theirs = ours, ledger, theirs
        self._images = images
        self._audits = {
            row[0] for row in theirs.execute("SELECT id FROM round WHERE strategy = ?", [AUDIT])
        }
        self._classes: dict[int, int] = {}
        self._rows: dict[str, int] = {}  # our row for each origin

    def run(self) -> Merged:
        """Merge unknown actions, all or none."""
        done = Merged()
        with writing(self._ours):
            past = past_of(self._ours)
            their_past = past_of(self._theirs)
            self._rows = {deed.origin: deed.actions[-1] for deed in past.in_force}
            matching = _Matching(self._ours, past, self._theirs, their_past)
            self._classes = matching.found
            taken: set[int] = set()
            if matching.missing:
                self._ledger.record(edit=["classes", matching.missing])
            used = classes_in_use(self._theirs, their_past)
            for action in actions(self._theirs):
                deed = their_past.by_action.get(action.id)
                if deed is None or deed.origin in self._rows:
                    continue
                if action.id in their_past.withdrawn and not _makes_one_of(deed, used):
                    continue
                # Images forgotten by one copy are kept by the other, with their labels.
                said = [] if deed.word == "forget" else action.events
                events = list(self._mapped(said))
                done.unknown += len(said) - len(events)
                taken |= {event.image_id for event in events}
                taken |= self._reverted(deed, their_past)
                self._take(action, deed, events, their_past)
                done.actions += 1
                done.people[deed.annotator] += 1
            done.images = sorted(taken)
            if done.actions:
                at = self._ledger.time()
                self._ledger.take([], "", DO, "person", None, at, [JOINED])
            settle(self._ours, self._ledger)
        return done

    # -- actions

    def _mapped(self, events: Iterable[Event]) -> Iterator[Event]:
        for image_id, kind, class_id, reason in events:
            if image_id in self._images:
                own = None if class_id is None else self._classes[class_id]
                yield Event(self._images[image_id], kind, own, reason)

    def _reverted(self, deed: Deed, their_past: Past) -> set[int]:
        """Images of the action that is undone or redone."""
        target = their_past.by_action.get(deed.target or 0)
        ours = self._rows.get(target.origin) if target else None
        if ours is None:
            return set()
        rows = self._ours.execute("SELECT image_id FROM label_event WHERE action_id = ?", [ours])
        return {row[0] for row in rows}

    def _take(self, action: Action, deed: Deed, events: list[Event], their_past: Past) -> None:
        kind, own_target = deed.kind, None
        if kind != DO:
            target = their_past.by_action.get(deed.target or 0)
            own_target = self._rows.get(target.origin) if target else None
            if own_target is None:
                kind = DO  # its target is unknown, so it counts as an ordinary change
        self._ledger.take(
            events, deed.annotator, kind, action.columns.origin, own_target, deed.at,
            [MERGED, deed.origin, self._inner(action, deed), list(deed.parents)],
        )  # fmt: skip
        assert self._ledger.newest is not None
        self._rows[deed.origin] = self._ledger.newest

    def _inner(self, action: Action, deed: Deed) -> edits.Edit | None:
        """The edit of an action in terms of our images and classes."""
        if action.columns.round_id in self._audits and any(
            e.kind == "label" for e in action.events
        ):
            labelled = [e.image_id for e in action.events if e.kind == "label"]
            return ["audited", [self._images[i] for i in labelled if i in self._images]]
        edit = deed.edit
        if not edit or edit[0] not in TAKEN_EDITS:
            return None
        word, *values = edit
        images, classes = self._images, self._classes
        try:
            if word == "note":
                return [word, images[values[0]], values[1]]
            if word == "class":
                return [word, classes[values[0]], values[1]]
            if word == "classes":
                return [word, [[classes[c], *rest] for c, *rest in values[0]]]
            if word in ("merge", "unmerge"):
                return [word, classes[values[0]], classes[values[1]], *values[2:]]
            if word in ("decision", "audited"):
                return [word, [images[i] for i in values[0] if i in images]]
            if word == "examples":
                pairs = [
                    [images[i], classes[c]] for i, c in values[1] if i in images and c in classes
                ]
                return [word, values[0], pairs, *values[2:]]
            if word == GUIDELINES:
                return edit
        except KeyError:
            return None
        return None


def part(db: Database, ledger: Ledger, annotator: str) -> list[int] | None:
    """Undo the newest merge that was not undone, as one action; return the images that changed,
    None if there is no such merge. Later actions stay."""
    target = newest_merge(db)
    if target is None:
        return None
    with writing(db):
        ledger.record([], annotator, UNDO, target=target, edit=[PARTED])
        return sorted(settle(db, ledger))


def newest_merge(db: Database) -> int | None:
    """The action that ended the newest merge that was not undone."""
    undone: set[int] = set()
    for action_id, target, text in db.execute(
        "SELECT id, target_id, edit FROM action WHERE edit IS NOT NULL ORDER BY id DESC"
    ):
        word = word_of(text)
        if word == PARTED:
            undone.add(target)
        elif word == JOINED and action_id not in undone:
            return int(action_id)
    return None


def _makes_one_of(deed: Deed, classes: set[int]) -> bool:
    edit = deed.edit if deed.word == "classes" else None
    return edit is not None and any(row[0] in classes for row in edit[1])


class _Matching:
    """Maps their classes to ours.

    Two classes are the same if the same action created them, if two copies independently created
    them under the same name, or, if no logged action created one of them, by name. `missing` are
    rows for classes that we lack and that no action of theirs creates.
    """

    def __init__(self, ours: Database, past: Past, theirs: Database, their_past: Past) -> None:
        self.found: dict[int, int] = {}
        self.missing: list[list[Any]] = []
        self._past, self._their_past = past, their_past
        self._made = creations(past)
        sql = "SELECT id, name FROM class ORDER BY position, id"
        self._names = {spelling(name): class_id for class_id, name in ours.execute(sql)}
        self._next = 1 + max(self._names.values(), default=0)
        unmade = set(self._names.values()) - set(self._made)
        related = any(deed.origin in past.deeds for deed in their_past.in_force)
        made = creations(their_past)
        first = {class_id: makers[0][0].key for class_id, makers in made.items()}
        rows = theirs.execute(sql).fetchall()
        for class_id, name in sorted(rows, key=lambda r: (first.get(r[0], ("", 0, "")), r[0])):
            ours_too = self._names.get(spelling(name))
            if class_id in made:
                self.found[class_id] = self._of_makers(class_id, name, made[class_id])
            elif class_id in unmade and (related or ours_too == class_id):
                self.found[class_id] = class_id
            elif ours_too is not None:
                self.found[class_id] = ours_too
            else:
                self.found[class_id] = self._new()
                place = len(self._names) + len(self.missing)
                self.missing.append([self.found[class_id], name, place])

    def _of_makers(self, class_id: int, name: str, makers: list[tuple[Deed, int, str]]) -> int:
        same = {(deed.origin, place) for deed, place, _ in makers}
        for ours, known in self._made.items():
            if any((deed.origin, place) in same for deed, place, _ in known):
                return ours
        for ours, known in self._made.items():
            if all(self._made_apart(one, other) for one in known for other in makers):
                self._made[ours] = [*known, *makers]
                return ours
        ours_too = self._names.get(spelling(name))
        if ours_too is None or ours_too in self._made:
            ours_too = self._new()
        self._made[ours_too] = makers
        return ours_too

    def _made_apart(self, ours: tuple[Deed, int, str], theirs: tuple[Deed, int, str]) -> bool:
        """Whether they were created independently under the same name."""
        (our_deed, _, our_name), (their_deed, _, their_name) = ours, theirs
        if spelling(our_name) != spelling(their_name):
            return False
        ours_there = self._their_past.deeds.get(our_deed.origin)
        theirs_here = self._past.deeds.get(their_deed.origin)
        return not (
            (ours_there is not None and their_deed.knows(ours_there))
            or (theirs_here is not None and our_deed.knows(theirs_here))
        )

    def _new(self) -> int:
        self._next += 1
        return self._next - 1
