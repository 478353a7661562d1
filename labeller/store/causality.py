"""Causal order across all copies of a project: an action knows everything its copy contained when
it was made, whatever any clock said.

Actions are identified by their *origin*, the digest they have where they were made. An action of
this copy follows everything before it in the log. A merged one records its parents in its edit:
`["merged", origin, edit, parents]`. Logs merged by earlier versions lack parents; then each
person's actions are assumed to be in order, and nothing else is known.

Two actions are compared by version vectors (C. Fidge, "Timestamps in Message-Passing Systems That
Preserve the Partial Ordering", 1988). A total order, where needed, comes from hybrid logical clocks
(S. Kulkarni et al., "Logical Physical Clocks", 2014): an action is never older than what it knows,
and clocks only break ties between concurrent actions.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from sqlite_utils import Database

DO, UNDO = "do", "undo"
MERGED, JOINED, PARTED, SETTLED = "merged", "joined", "parted", "settled"
"""Edits written by merges: an action of another copy; the end of a merge; the undoing of a merge;
the labels that count after either (labeller/store/merging.py)."""
_BOOKKEEPING = (JOINED, PARTED, SETTLED)
_WORD = re.compile(r'\["(\w+)"')

Key = tuple[str, int, str]
"""The position of an action in the total order: the latest time it knows of, a counter among equal
times, and its origin."""


def word_of(edit: str | None) -> str:
    """The first word of a stored edit; "" for labels only."""
    if edit is None:
        return ""
    found = _WORD.match(edit)  # an edit may contain a million model labels
    return found[1] if found else str(json.loads(edit)[0])


@dataclass
class Deed:
    """An action of any copy. `actions` are its rows in this log: several if merges were undone and
    repeated. `text` is the stored edit."""

    origin: str
    kind: str
    target: int | None
    annotator: str
    at: str
    text: str | None
    parents: tuple[str, ...]
    actions: list[int] = field(default_factory=list)
    key: Key = ("", 0, "")
    # Its version vector: its position in its own chain, and how far it knows the others.
    _chain: int = -1
    _place: int = 0
    _known: Mapping[int, int] = field(default_factory=dict)

    @property
    def word(self) -> str:
        """The kind of edit in the copy where it was made; "" for labels only."""
        if word_of(self.text) == MERGED:
            return str(self.edit[0]) if self.edit else ""
        return word_of(self.text)

    @cached_property
    def edit(self) -> list[Any] | None:
        """Its original edit, with the ids of this copy."""
        edit: list[Any] | None = None if self.text is None else json.loads(self.text)
        return edit[2] if edit and edit[0] == MERGED else edit

    def knows(self, other: "Deed") -> bool:
        """Whether the other one happened before this one, or is the same."""
        if self._chain == other._chain:
            return other._place <= self._place
        return other._place <= self._known.get(other._chain, -1)


class Past:
    """All actions of a log in causal order.

    Attributes:
        deeds: by origin.
        by_action: the deed of each row of the log; rows written only by merges are not deeds.
        withdrawn: rows that came with a merge that has been undone.
        heads: origins of the actions that no other action in the log follows.
    """

    def __init__(self) -> None:
        self.deeds: dict[str, Deed] = {}
        self.by_action: dict[int, Deed] = {}
        self.withdrawn: set[int] = set()
        self.heads: set[str] = set()
        self._newest = 0  # the last row read, and its digest
        self._tip: str | None = None
        self._last_of: dict[
            str, str
        ] = {}  # person → their last deed from a merge by an earlier version
        self._run: list[int] = []  # rows of the merge being read
        self._before = frozenset[str]()  # the heads before it
        self._joined: dict[int, tuple[list[int], frozenset[str]]] = {}
        self._tails: list[str] = []  # the last deed of each chain
        self._placed: set[str] = set()
        self._missing: set[str] = set()  # parents that are not in the log

    def leads_to(self, db: Database) -> bool:
        """Whether the log continues from what was read."""
        if self._tip is None:
            return True
        row = db.execute("SELECT digest FROM action WHERE id = ?", [self._newest]).fetchone()
        return row is not None and row[0] == self._tip

    def read(self, db: Database) -> None:
        """Read new rows of the log."""
        new: list[str] = []
        for row in db.execute(
            "SELECT id, digest, kind, target_id, annotator, at, edit FROM action WHERE id > ? "
            "ORDER BY id",
            [self._newest],
        ):
            self._newest, self._tip = row[:2]
            if (origin := self._take(*row)) is not None:
                new.append(origin)
        if self._missing.isdisjoint(new):
            self._compare(new)
        else:  # parents that came after their children
            self._tails, self._placed = [], set()
            self._missing.clear()
            self._compare(self.deeds)
        for remembered in ("in_force", "undone"):
            self.__dict__.pop(remembered, None)

    @cached_property
    def in_force(self) -> list[Deed]:
        """The deeds with a row that has not been withdrawn, in total order."""
        standing = (d for d in self.deeds.values() if not self.withdrawn.issuperset(d.actions))
        return sorted(standing, key=lambda deed: deed.key)

    @cached_property
    def undone(self) -> set[str]:
        """Origins of actions undone and not redone; the latest undo or redo counts."""
        found: dict[str, bool] = {}
        reverting = [deed for deed in self.deeds.values() if deed.kind != DO]
        for deed in sorted(reverting, key=lambda each: each.key):
            target = self.by_action.get(deed.target or 0)
            if target is not None and not self.withdrawn.issuperset(deed.actions):
                found[target.origin] = deed.kind == UNDO
        return {origin for origin, is_undone in found.items() if is_undone}

    # -- reading

    def _take(
        self,
        action_id: int,
        digest: str,
        kind: str,
        target: int | None,
        annotator: str,
        at: str,
        text: str | None,
    ) -> str | None:
        """Add one row of the log; return its origin, None for rows written only by merges."""
        word = word_of(text)
        if word == MERGED and not self._run:
            self._before = frozenset(self.heads)
        if word == JOINED:
            self._joined[action_id] = (self._run, self._before)
        elif word == PARTED and target in self._joined:
            self._part(kind, *self._joined[target])
        if word != MERGED:
            self._run = []
        if word in _BOOKKEEPING:
            return None
        if word == MERGED and text is not None:
            _, origin, _, *after = json.loads(text)
            self._run.append(action_id)
            if after:
                parents = tuple(after[0])
            else:
                parents = (self._last_of[annotator],) if annotator in self._last_of else ()
                self._last_of[annotator] = origin
            self.heads.difference_update(parents)
        else:
            origin, parents = digest, tuple(sorted(self.heads))
            self.heads.clear()
        self.heads.add(origin)
        deed = Deed(origin, kind, target, annotator, at, text, parents, [action_id])
        if (known := self.deeds.get(origin)) is not None:  # it came with a merge that was undone
            deed = replace(known, kind=kind, target=target, text=text)
            deed.actions = [*known.actions, action_id]
        for row in deed.actions:
            self.by_action[row] = deed
        self.deeds[origin] = deed
        return origin if known is None else None

    def _part(self, kind: str, run: list[int], before: frozenset[str]) -> None:
        """Undo or redo a merge."""
        origins = {self.by_action[row].origin for row in run}
        if kind == UNDO:
            self.withdrawn.update(run)
            if self.heads & origins:  # nothing has been done since
                self.heads = (self.heads - origins) | before
        else:
            self.withdrawn.difference_update(run)
            self.heads |= origins

    # -- comparing

    def _compare(self, new: Iterable[str]) -> None:
        """Compute version vectors and keys of deeds, parents first."""
        done, begun = self._placed, set[str]()
        for start in new:
            stack = [start]
            while stack:
                deed = self.deeds[stack[-1]]
                waiting = [
                    p for p in deed.parents if p in self.deeds and p not in done and p not in begun
                ]
                if deed.origin not in done and waiting:  # one that is in progress would be a cycle
                    begun.add(deed.origin)
                    stack += waiting
                    continue
                stack.pop()
                if deed.origin not in done:
                    parents = [self.deeds[p] for p in deed.parents if p in done]
                    self._place(deed, parents, self._tails)
                    done.add(deed.origin)
                    self._missing.update(p for p in deed.parents if p not in self.deeds)

    @staticmethod
    def _place(deed: Deed, parents: list[Deed], tails: list[str]) -> None:
        ahead = next((p for p in parents if tails[p._chain] == p.origin), None)
        if ahead is None:
            deed._chain, deed._place = len(tails), 0
            tails.append(deed.origin)
        else:
            deed._chain, deed._place = ahead._chain, ahead._place + 1
            tails[ahead._chain] = deed.origin
        if ahead is not None and len(parents) == 1:
            deed._known = ahead._known
        else:
            known: dict[int, int] = {}
            for parent in parents:
                for chain, place in [*parent._known.items(), (parent._chain, parent._place)]:
                    known[chain] = max(place, known.get(chain, -1))
            known.pop(deed._chain, None)
            deed._known = known
        latest = max((parent.key[0] for parent in parents), default="")
        count = 0
        if deed.at <= latest:
            count = 1 + max((p.key[1] for p in parents if p.key[0] == latest), default=-1)
        deed.key = (max(deed.at, latest), count, deed.origin)


_READ: "WeakKeyDictionary[Database, Past]" = WeakKeyDictionary()


def past_of(db: Database) -> Past:
    """The past of a log as it is now; cached."""
    past = _READ.get(db)
    if past is None or not past.leads_to(db):
        past = _READ[db] = Past()
    past.read(db)
    return past


def has_merged(db: Database) -> bool:
    """Whether there has ever been a merge; if not, the log is in causal order."""
    sql = f"SELECT EXISTS (SELECT 1 FROM action WHERE edit LIKE '[\"{MERGED}\"%')"
    return bool(db.execute(sql).fetchone()[0])


def latest(deeds: Iterable[Deed]) -> list[Deed]:
    """The maximal elements: the deeds that no other one knows of."""
    found: list[Deed] = []
    for deed in sorted(deeds, key=lambda each: each.key):
        found = [other for other in found if not deed.knows(other)]
        found.append(deed)
    return found
