"""Derives classes, examples, notes and guidelines from the edits of all copies in causal order
(labeller/store/causality.py). Within one copy each edit is applied as it comes; after a merge, or
its undoing, the result is recomputed from the log."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from labeller.core.names import LONGEST_NAME, spelling
from labeller.store.causality import Deed, Past, past_of

GUIDELINES = "guidelines"
"""The name of an edit, and of the setting that holds its text."""
DERIVED = ("classes", "class", "merge", "unmerge", "examples", "note", GUIDELINES)
"""The edits handled here."""
_VALUES = ("name", "colour", "shortcut", "description", "archived")


@dataclass
class _Class:
    id: int
    name: str
    colour: str | None = None
    shortcut: str | None = None
    description: str = ""
    archived: int = 0
    merged_into: int | None = None

    def take(self, values: dict[str, Any]) -> None:
        for each in _VALUES:
            setattr(self, each, values[each])
        if not self.archived:
            self.merged_into = None


def derive(db: Database) -> None:
    """Recompute them all from the log."""
    past = past_of(db)
    said = [(deed, deed.edit) for deed in past.in_force if deed.word in DERIVED]
    edits = [(deed, edit) for deed, edit in said if edit]
    _derive_classes(db, past, edits)
    _derive_examples(db, past, [edit for deed, edit in edits if deed.word == "examples"])
    _derive_notes(db, past, [(deed, edit) for deed, edit in edits if deed.word == "note"])
    if any(_ever(past, GUIDELINES)):
        text = next((edit[1] for deed, edit in reversed(edits) if deed.word == GUIDELINES), "")
        db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", [GUIDELINES, json.dumps(text)])


def _ever(past: Past, word: str) -> Iterator[Any]:
    """Edits of one kind, including those of undone merges."""
    return (deed.edit for deed in past.deeds.values() if deed.word == word and deed.edit)


def creations(past: Past) -> dict[int, list[tuple[Deed, int, str]]]:
    """The actions that created each class, oldest first, with its index among the classes created
    by the action, and its name; several copies may have created the same one. Includes actions of
    undone merges."""
    found: dict[int, list[tuple[Deed, int, str]]] = {}
    for deed in sorted(past.deeds.values(), key=lambda each: each.key):
        if deed.word == "classes" and deed.edit:
            for place, (class_id, name, *_) in enumerate(deed.edit[1]):
                found.setdefault(class_id, []).append((deed, place, name))
    return dict(sorted(found.items(), key=lambda each: each[1][0][0].key))


def classes_in_use(db: Database, past: Past) -> set[int]:
    """Classes used in labels or changed by anybody, leaving out undone merges."""
    rows = db.execute("SELECT DISTINCT action_id, class_id FROM label_event")
    found = {
        class_id
        for row, class_id in rows
        if class_id is not None and row in past.by_action and row not in past.withdrawn
    }
    for deed in past.in_force:
        if deed.word in ("class", "merge", "unmerge") and deed.edit:
            found.add(deed.edit[1])
            found.update(deed.edit[2:3] if deed.word != "class" else ())
    return found


def _derive_classes(db: Database, past: Past, edits: list[tuple[Deed, Any]]) -> None:
    made = creations(past)
    changed = {edit[1] for deed, edit in edits if deed.word in ("class", "merge", "unmerge")}
    found: dict[int, _Class] = {}
    for class_id, *values in db.execute(
        "SELECT id, name, colour, shortcut, description, archived, merged_into FROM class "
        "ORDER BY position, id"
    ).fetchall():
        each = _Class(class_id, *values)
        if class_id in made:
            deed, place, name = made[class_id][0]
            key = (deed.edit or [])[1][place][3:]  # of a class created with one
            each = _Class(class_id, name, shortcut=key[0] if key else None)
        elif class_id in changed:
            each.archived, each.merged_into = 0, None
        found[class_id] = each
    for deed, (_, class_id, *values) in edits:
        if deed.word in ("class", "merge", "unmerge") and class_id in found:
            _apply(deed.word, found, found[class_id], values)
    for class_id, makers in made.items():
        apart = all(past.withdrawn.issuperset(deed.actions) for deed, *_ in makers)
        if apart and class_id in found and class_id not in classes_in_use(db, past):
            found[class_id].archived = 1  # it came with a merge that was undone
    first = {class_id: makers[0][0].key for class_id, makers in made.items()}
    ordered = sorted(found.values(), key=lambda c: (first.get(c.id, ("", 0, "")), c.id))
    _tell_apart(ordered)
    db.conn.executemany("UPDATE class SET name = ' ' || id WHERE id = ?", ([c.id] for c in ordered))
    db.conn.executemany(
        "UPDATE class SET name = ?, colour = ?, shortcut = ?, description = ?, archived = ?, "
        "merged_into = ? WHERE id = ?",
        (
            [c.name, c.colour, c.shortcut, c.description, c.archived, c.merged_into, c.id]
            for c in ordered
        ),
    )


def _apply(word: str, found: dict[int, _Class], one: _Class, values: Sequence[Any]) -> None:
    if word == "class":
        one.take(values[0])
    elif word == "merge":
        if not _leads_to(
            found, values[0], one.id
        ):  # otherwise two people merged them into each other
            one.merged_into, one.archived, one.shortcut = values[0], 1, None
    else:
        _, shortcut, one.archived = values
        one.merged_into, one.shortcut = None, shortcut


def _leads_to(found: dict[int, _Class], start: int, goal: int) -> bool:
    """Whether a class was merged, directly or indirectly, into another one, or is the same."""
    at: int | None = start
    for _ in found:
        if at == goal:
            return True
        at = found[at].merged_into if at in found else None
    return at is not None


def _tell_apart(classes: Iterable[_Class]) -> None:
    """Resolve names and keys that copies gave to different classes: the older class keeps them."""
    names: set[str] = set()
    keys: set[str] = set()
    for each in classes:
        name, number = each.name, 2
        while spelling(each.name) in names:
            each.name = f"{name[: LONGEST_NAME - 8]} ({number})"
            number += 1
        names.add(spelling(each.name))
        if each.shortcut is not None and not each.archived:
            if each.shortcut in keys:
                each.shortcut = None
            else:
                keys.add(each.shortcut)


def is_wrong(edit: Sequence[Any]) -> bool:
    """Whether an edit of examples is about images that show what a class is not."""
    return len(edit) > 3 and bool(edit[3])


def _derive_examples(db: Database, past: Past, edits: list[Any]) -> None:
    wanted: dict[tuple[int, int], bool | None] = {}
    for edit in edits:
        shows = is_wrong(edit) if edit[1] else None
        wanted |= dict.fromkeys(map(tuple, edit[2]), shows)
    db.conn.executemany(
        "DELETE FROM example WHERE image_id = ? AND class_id = ?",
        [pair for edit in _ever(past, "examples") for pair in edit[2]],
    )
    db.conn.executemany(
        "INSERT INTO example (image_id, class_id, wrong) VALUES (?, ?, ?)",
        [[*pair, wrong] for pair, wrong in wanted.items() if wrong is not None],
    )


def _derive_notes(db: Database, past: Past, edits: list[tuple[Deed, Any]]) -> None:
    """Repeat an image's latest note if an older one follows it in the log."""
    wanted = {edit[1]: (edit[2], deed.annotator, deed.at) for deed, edit in edits}
    shown = {
        image_id: tuple(values)
        for image_id, *values in db.execute(
            "SELECT image_id, text, annotator, at FROM note ORDER BY id"
        )
    }
    nothing = ("", "", "")
    for image_id in sorted({edit[1] for edit in _ever(past, "note")}):
        note = wanted.get(image_id, nothing)
        if shown.get(image_id, nothing) != note:
            db.execute(
                "INSERT INTO note (image_id, text, annotator, at) VALUES (?, ?, ?, ?)",
                [image_id, *note],
            )
