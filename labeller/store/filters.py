"""Filters over the images of a project, as people type them: `beach class:dog,"hot dog"
confidence<0.6 -is:checked date>2026-11-01`. Terms combine with and, alternatives are separated by
commas, a minus negates.

Conditions on labels select ids, so that SQLite starts from the few images that have any.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto
from typing import Any

from labeller_models.registry import mark

from labeller.core.errors import LabellerError, Word, quoted
from labeller.core.names import spelling
from labeller.pool.spelling import comparable
from labeller.store.predictions import COMPARED, IN_FORCE, OWN, SAID

FOLDER = "rtrim(image.path, replace(image.path, '/', ''))"
FILE = f"replace(image.path, {FOLDER}, '')"
"""SQL for an image's folders, up to the last slash, and for the name of its file."""
CHECKED = """
    action.kind <> 'undo' AND action.round_id IS NULL AND action.origin = 'person'
    AND action.edit IS NULL AND EXISTS (
        SELECT 1 FROM label_event WHERE id = event.replaces AND kind = 'label'
    )
"""
"""The label was confirmed or changed during a review."""
CONFIDENCES = f"""(
    SELECT image_id, confidence FROM {OWN}
    UNION ALL SELECT image_id, confidence FROM suggestion
        WHERE image_id NOT IN (SELECT image_id FROM foreseen)
    UNION ALL SELECT image_id, confidence FROM model_label
        WHERE image_id NOT IN (SELECT image_id FROM foreseen UNION SELECT image_id FROM suggestion)
)"""
"""The model's confidence for each image: before it was labelled or, without a label, now."""
DISPUTED = "image.id IN (SELECT value FROM json_each(?))"
"""The images whose ids are given as JSON."""


def _answered(condition: str) -> str:
    """Images by the event that is their label, or put them aside, and its action."""
    return (
        "image.id IN (SELECT event.image_id FROM current_label AS event "
        f"JOIN action ON action.id = event.action_id WHERE {condition})"
    )


def _noted(condition: str) -> str:
    newest = "SELECT max(id) FROM note GROUP BY image_id"
    return f"image.id IN (SELECT image_id FROM note WHERE id IN ({newest}) AND {condition})"


ANSWERED = _answered("TRUE")
"""Labelled or put aside by a person, an import or the oracle."""
IN_ROUND = _answered("action.round_id {0}")
_BY_MODEL = f"image.id IN (SELECT image_id FROM {IN_FORCE})"
STATES = {
    "labelled": _answered("event.kind = 'label'"),
    "unlabelled": (
        "image.id NOT IN (SELECT image_id FROM current_label WHERE kind = 'label' "
        "UNION ALL SELECT image_id FROM model_label)"
    ),
    "skipped": _answered("event.kind = 'skip' AND event.reason IS NULL"),
    "unsure": _answered("event.reason = 'unsure'"),
    "not-any-class": _answered("event.reason = 'not-any-class'"),
    "bad-image": _answered("event.reason = 'bad-image'"),
    "noted": _noted("text <> ''"),
    "suggested": _answered("action.suggested_by IS NOT NULL"),
    "model": _BY_MODEL,
    "mistake": (
        f"image.id IN (SELECT event.image_id {COMPARED} JOIN action ON action.id = event.action_id "
        f"WHERE {SAID} <> event.class_id AND NOT ({CHECKED}))"
    ),
    "checked": _answered(f"event.kind = 'label' AND {CHECKED}"),
    "disputed": DISPUTED,
    "copy": "image.duplicate_of IS NOT NULL",
    "example": "image.id IN (SELECT image_id FROM example WHERE NOT wrong)",
    "audited": "image.id IN (SELECT image_id FROM audited)",
}
"""Conditions for the values of `is:`."""
SOURCES = {
    **{name: _answered(f"action.origin = '{name}'") for name in ("person", "oracle", "import")},
    "model": _BY_MODEL,
    "none": STATES["unlabelled"],
}
SPLITS = {
    "pool": "source.split = 'pool'",
    "test": "source.split = 'test' AND source.name IS NULL",
    "validation": "source.split = 'test' AND source.name IS NOT NULL",
}


class Kind(Enum):
    """The kind of values that a filter takes."""

    TEXT = auto()  # contained, case-insensitively
    WHOLE = auto()  # equal
    NUMBER = auto()
    BYTES = auto()  # a number, or 300kB, 2MB
    DAY = auto()  # 2026-11-30, by the local calendar
    CLASS = auto()
    WORD = auto()  # one of a few


@dataclass(frozen=True)
class Filter:
    """A property of images to filter by: either an SQL `condition` in which `{0}` stands for the
    comparison, or `words`, a condition for each of its few values."""

    kind: Kind
    meaning: str
    condition: str = ""
    words: Mapping[str, str] | None = None


FILTERS = {
    "name": Filter(
        Kind.TEXT, mark("Part of the file's name"), f"image.path {{0}} AND {FILE} {{0}}"
    ),
    "folder": Filter(
        Kind.TEXT, mark("Part of the folder's path"), f"image.path {{0}} AND {FOLDER} {{0}}"
    ),
    "class": Filter(
        Kind.CLASS, mark("Label"),
        f"{_answered('event.class_id {0}')} OR "
        f"image.id IN (SELECT image_id FROM {IN_FORCE} AND class_id {{0}})",
    ),
    "suggested": Filter(
        Kind.CLASS, mark("Suggested class"),
        "image.id IN (SELECT image_id FROM suggestion WHERE class_id {0})",
    ),
    "is": Filter(Kind.WORD, mark("State"), words=STATES),
    "source": Filter(Kind.WORD, mark("Source of the label"), words=SOURCES),
    "by": Filter(Kind.WHOLE, mark("Annotator"), _answered("action.annotator {0}")),
    "date": Filter(Kind.DAY, mark("Day of the label"), _answered("action.at {0}")),
    "round": Filter(
        Kind.NUMBER, mark("Round of the label"), IN_ROUND.format(
            "IN (SELECT id FROM round WHERE number {0})"
        ),
    ),
    "confidence": Filter(
        Kind.NUMBER, mark("Confidence of the model, from 0 to 1"),
        f"image.id IN (SELECT image_id FROM {CONFIDENCES} WHERE confidence {{0}})",
    ),
    "note": Filter(Kind.TEXT, mark("Part of the note"), _noted("text {0}")),
    "width": Filter(Kind.NUMBER, mark("Width in pixels"), "image.width {0}"),
    "height": Filter(Kind.NUMBER, mark("Height in pixels"), "image.height {0}"),
    "size": Filter(Kind.BYTES, mark("Size of the file, such as 300kB"), "image.bytes {0}"),
    "split": Filter(Kind.WORD, mark("Part of the data set"), words=SPLITS),
}  # fmt: skip
UNPAIRED, NO_VALUE = mark("a quotation mark is missing."), mark("a value is missing.")
MAY_BE_EMPTY = ("by",)
"""Filters that accept an empty value, as `by` does for labels without an annotator."""
LONGEST, MOST_TERMS, MOST_VALUES = 20_000, 40, 200
"""Limits of SQLite are higher."""
_ORDERED = (Kind.NUMBER, Kind.BYTES, Kind.DAY)
_WHOLE = r'"(?:[^"]|"")*"'
"""A quoted value, in which a quotation mark is written twice."""
_TERM = re.compile(rf'(-?)(?:([A-Za-z]+)(<=|>=|[:=<>]))?((?:{_WHOLE}|[^\s"])*)(\S*)')
_VALUE = re.compile(rf'(?:{_WHOLE}|[^,"])+')
_NUMBER = re.compile(r"(-?\d*\.?\d+(?:[eE]\d+)?)([A-Za-z]*)")
_UNITS = {"": 1, "b": 1, "kb": 1000, "mb": 1000**2, "gb": 1000**3}


@dataclass(frozen=True)
class Condition:
    """A term as SQL, with the values of its question marks."""

    sql: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Known:
    """What terms refer to: class ids by name; whether folder names are hidden labels; and a
    function that returns the ids, as JSON, of the images that people disagree about."""

    classes: Mapping[str, int]
    hides_folders: bool
    disputed: Callable[[], str]


def conditions(text: str, known: Known) -> list[Condition]:
    """The conditions for a text of terms.

    Raises:
        LabellerError: a filter, a class or a value is unknown.
    """
    if any("\ud800" <= each <= "\udfff" for each in text):
        raise LabellerError("{text} is not text in UTF-8.", text=quoted(text))
    if len(text) > LONGEST:
        raise LabellerError("Filters may have at most {most} characters.", most=LONGEST)
    found: list[Condition] = []
    for minus, name, sign, written, rest in _terms(text):
        values = [_plain(each) for each in _VALUE.findall(written)]
        empty = not values or ("" in values and name.lower() not in MAY_BE_EMPTY)
        if rest or empty:
            raise LabellerError(
                "{term}: {trouble}",
                term=quoted(f"{minus}{name}{sign}{written}{rest}"),
                trouble=Word(UNPAIRED if rest else NO_VALUE),
            )
        if len(values) > MOST_VALUES or len(found) == MOST_TERMS:
            raise LabellerError(
                "There may be at most {terms} filters of {values} values each.",
                terms=MOST_TERMS,
                values=MOST_VALUES,
            )
        one = _any_of(name.lower() or "name", sign or ":", values, known)
        found.append(Condition(f"({one.sql}) IS NOT TRUE", one.values) if minus else one)
    return found


def _terms(text: str) -> list[tuple[str, ...]]:
    """The parts of each term: minus, filter, sign, values, and unparsable rest."""
    return [match.groups("") for match in _TERM.finditer(text) if match[0]]


def _plain(value: str) -> str:
    """A value without quotation marks around its parts."""
    return re.sub(_WHOLE, lambda part: part[0][1:-1].replace('""', '"'), value)


def term(name: str, value: str) -> str:
    """A term as people would type it."""
    if not value or re.search(r'[\s,"]', value):
        value = '"' + value.replace('"', '""') + '"'
    return f"{name}:{value}"


def _any_of(name: str, sign: str, values: list[str], known: Known) -> Condition:
    if name not in FILTERS:
        raise LabellerError(
            "There is no filter '{name}'. The filters are {known}.",
            name=quoted(name),
            known=", ".join(FILTERS),
        )
    if name == "folder" and known.hides_folders:
        raise LabellerError("Folders are hidden in this project: their names are hidden labels.")
    if sign not in (":", "=") and FILTERS[name].kind not in _ORDERED:
        raise LabellerError("'{name}' takes a colon, as in {name}:…", name=name)
    each = [_single(name, "=" if sign == ":" else sign, value, known) for value in values]
    return Condition(
        " OR ".join(f"({one.sql})" for one in each),
        tuple(value for one in each for value in one.values),
    )


def _single(name: str, sign: str, value: str, known: Known) -> Condition:
    of = FILTERS[name]
    if of.words is not None:
        sql = of.words.get(value.lower())
        if sql is None:
            raise _unknown(name, value, of.words)
        return Condition(sql, (known.disputed(),) if sql == DISPUTED else ())
    compared, wanted = f"{sign} ?", value
    if of.kind is Kind.TEXT and value.isascii():
        part = re.sub(r"([%_\\])", r"\\\1", value)
        compared, wanted = "LIKE ? ESCAPE '\\'", f"%{part}%"
    elif of.kind is Kind.TEXT:
        compared, wanted = "MATCH ?", folded(value)  # slower: LIKE knows ASCII only (`Review`)
    found: tuple[Any, ...] = (wanted,)
    if of.kind is Kind.DAY:
        compared, found = _day(sign, value)
    elif of.kind is Kind.CLASS:
        found = (_class(name, value, known.classes),)
    elif of.kind in _ORDERED:
        found = (_number(name, value, of.kind is Kind.BYTES),)
    return Condition(of.condition.format(compared), found * of.condition.count("{0}"))


def _day(sign: str, value: str) -> tuple[str, tuple[str, ...]]:
    """A comparison with a day; stored times are UTC, days are local."""
    try:
        first = date.fromisoformat(value)
        start, end = (
            datetime.combine(day, time()).astimezone(UTC).isoformat(timespec="milliseconds")
            for day in (first, first + timedelta(days=1))
        )
    except (ValueError, OverflowError) as error:
        raise LabellerError(
            "'{value}' is not a day such as 2026-11-30.", value=quoted(value)
        ) from error
    if sign == "=":
        return "BETWEEN ? AND ?", (start, end)
    return f"{'>=' if '>' in sign else '<'} ?", (end if sign in (">", "<=") else start,)


def folded(text: str) -> str:
    """The form in which parts of names are compared: composed (NFC) and case-folded."""
    return comparable(text).casefold()


def _class(name: str, value: str, classes: Mapping[str, int]) -> int:
    wanted = spelling(value)
    alike = [i for each, i in classes.items() if each.casefold() == wanted.casefold()]
    if wanted in classes:
        return classes[wanted]
    if len(alike) == 1:
        return alike[0]
    raise _unknown(name, value, classes)


def _number(name: str, value: str, with_units: bool) -> float:
    found = _NUMBER.fullmatch(value)
    unit = found[2].lower() if found else ""
    if found is None or unit not in _UNITS or (unit and not with_units):
        if with_units:
            raise LabellerError(
                "{name}: '{value}' is not a number with a unit such as 200kB or 2MB.",
                value=quoted(value),
                name=name,
            )
        raise LabellerError("{name}: '{value}' is not a number.", value=quoted(value), name=name)
    return float(found[1]) * _UNITS[unit]


def _unknown(name: str, value: str, known: Iterable[str]) -> LabellerError:
    there = ", ".join(known)
    if not there:
        return LabellerError(
            "{name}: there is no '{value}', and there are no other values yet.",
            value=quoted(value),
            name=name,
        )
    return LabellerError(
        "{name}: there is no '{value}'. Choose one of {known}.",
        value=quoted(value),
        name=name,
        known=there,
    )
