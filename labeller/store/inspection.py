"""Validates the log of another copy like any other input: everything is checked before anything is
merged, and the message names what is invalid."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from labeller.core.errors import LabellerError, quoted
from labeller.core.files import is_readable_name
from labeller.core.names import class_name, is_name_of_person
from labeller.store.causality import MERGED, word_of
from labeller.store.derived import GUIDELINES
from labeller.store.entries import Entry, is_digest, is_id, is_sound, stored
from labeller.store.log import problems

LONGEST_TEXT = 100_000
"""Maximum length of a note or a description, in characters."""
LONGEST_GUIDELINES = 30_000
"""Maximum length of guidelines, in characters: Qt takes many seconds for longer tables."""
AHEAD = timedelta(days=366)
"""How far a colleague's clock may be ahead of ours."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.(\d{3}|\d{6})\+00:00")
_COLOUR = re.compile("#[0-9a-fA-F]{6}")


def require_sound(ours: Database, theirs: Database, name: str) -> None:
    """Check everything that a merge would add.

    Args:
        name: that of the other copy, for messages.

    Raises:
        LabellerError: something is damaged, contradictory, or not a valid name or time.
    """
    for problem in [*_damage(theirs), *problems(theirs)]:
        raise LabellerError(
            "{other} is damaged ({problem}). Nothing was merged.",
            other=name,
            problem=quoted(problem),
        )
    names = {row[0] for row in ours.execute("SELECT name FROM class")}
    people: set[str] = set()
    newest = ""
    for entry in stored(ours):
        people.add(entry.columns.annotator)
        newest = max(newest, entry.columns.at)
        names |= set(_names_in(_edit(entry)))
    limit = max(datetime.now(UTC), read_time(newest) or datetime.now(UTC)) + AHEAD
    sql = "SELECT id, merged_into FROM class WHERE merged_into IS NOT NULL"
    into = dict(theirs.execute(sql).fetchall())
    for class_id, own in theirs.execute("SELECT id, name FROM class"):
        _require_class_name(own, names, name)
        _require_no_circle(into, class_id, own, name)
    for number, entry in enumerate(stored(theirs), start=1):
        target, at = entry.columns.target, str(entry.columns.at)
        annotator = str(entry.columns.annotator)
        time = read_time(at)
        if time is None or time.year < 1970 or time > limit:
            raise LabellerError(
                "{other}: action {number} has an impossible time, “{at}”. Nothing was merged.",
                other=name,
                number=number,
                at=quoted(at),
            )
        if annotator not in people and not is_name_of_person(annotator):
            raise LabellerError(
                "{other}: action {number} is by “{annotator}”, which is not a valid "
                "name. Nothing was merged.",
                other=name,
                number=number,
                annotator=quoted(annotator),
            )
        sound = is_sound(entry.before, entry.columns, list(entry.events), entry.digest)
        edit = _edit(entry) if sound and (target is None or target < number) else ()
        if edit is not None and not _is_edit(edit):
            raise LabellerError(
                "{other}: action {number} was not written by Labeller. Nothing was merged.",
                other=name,
                number=number,
            )
        for each in _names_in(edit):
            _require_class_name(each, names, name)


def read_time(text: str) -> datetime | None:
    """The time of an action: UTC, ISO 8601 with milliseconds; None for anything else."""
    try:
        return datetime.fromisoformat(text) if _TIME.fullmatch(text) else None
    except ValueError:
        return None


def _damage(db: Database) -> Iterator[str]:
    for (row,) in db.execute("PRAGMA integrity_check"):
        if row != "ok":
            yield str(row)
    for table, row, parent, _ in db.execute("PRAGMA foreign_key_check"):
        yield f"row {row} of {table} refers to a missing row of {parent}"


def _edit(entry: Entry) -> Any:
    """The original edit of an action; None for those written by merges and models."""
    text = entry.columns.edit
    if type(text) is not str:
        return None
    word = word_of(text)
    if word == MERGED:
        edit = json.loads(text)
        return edit[2] if _is_merged(edit) else ()
    return json.loads(text) if word in _SHAPES else None


def _is_merged(edit: list[Any]) -> bool:
    return (
        3 <= len(edit) <= 4
        and is_digest(edit[1])
        and (len(edit) < 4 or (type(edit[3]) is list and all(map(is_digest, edit[3]))))
    )


def _is_edit(edit: Any) -> bool:
    try:
        return type(edit) is list and edit[0] in _SHAPES and _SHAPES[edit[0]](*edit[1:])
    except (TypeError, ValueError, KeyError, IndexError, AttributeError):
        return False


def _is_text(text: Any) -> bool:
    return type(text) is str and len(text) <= LONGEST_TEXT and is_readable_name(text)


def _is_key(key: Any) -> bool:
    return key is None or (type(key) is str and len(key) == 1 and key.isalnum())


def _ids(values: Any) -> bool:
    return type(values) is list and all(map(is_id, values))


def _class_values(values: Any) -> bool:
    colour = values["colour"]
    return (
        type(values["name"]) is str
        and (colour is None or (type(colour) is str and bool(_COLOUR.fullmatch(colour))))
        and _is_key(values["shortcut"])
        and _is_text(values["description"])
        and values["archived"] in (False, True)
    )


_SHAPES: dict[str, Callable[..., bool]] = {
    "note": lambda image, text: is_id(image) and _is_text(text),
    "class": lambda one, values: is_id(one) and _class_values(values),
    "classes": lambda rows: all(
        is_id(one) and type(name) is str and type(place) is int and _is_key(key[0] if key else None)
        for one, name, place, *key in rows
    ),
    "merge": lambda one, into, key, archived: (
        is_id(one) and is_id(into) and one != into and _is_key(key) and archived in (False, True)
    ),
    "unmerge": lambda one, into, key, archived: (
        is_id(one) and is_id(into) and _is_key(key) and archived in (False, True)
    ),
    "decision": _ids,
    "audited": _ids,
    "audit": lambda round_id, images: is_id(round_id) and _ids(images),
    "examples": lambda add, pairs, wrong=False: (
        add in (False, True) and wrong in (False, True) and all(map(_ids, pairs))
    ),
    GUIDELINES: lambda text: _is_text(text) and len(text) <= LONGEST_GUIDELINES,
}


def _names_in(edit: Any) -> list[str]:
    """Class names set by an edit."""
    if edit and edit[0] == "classes":
        return [row[1] for row in edit[1]]
    return [edit[2]["name"]] if edit and edit[0] == "class" else []


def _require_class_name(name: str, known: set[str], other: str) -> None:
    """Raises LabellerError for an invalid name, unless we have it too: it may be older than the
    rules."""
    try:
        if name in known or class_name(name) == name:
            return
        reason = ""
    except LabellerError as error:
        reason = str(error)
    raise LabellerError(
        "{other} has a class “{name}”, which is not a valid name. {reason} Nothing was merged.",
        other=other,
        name=quoted(name),
        reason=reason,
    )


def _require_no_circle(into: dict[int, int], class_id: int, name: str, other: str) -> None:
    at, seen = class_id, set()
    while at in into:
        seen.add(at)
        at = into[at]
        if at in seen:
            raise LabellerError(
                "{other} has merged “{name}” in a circle with other classes. Nothing was merged.",
                other=other,
                name=quoted(name),
            )
