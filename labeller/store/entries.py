"""Journal lines and their validation: the file is untrusted."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from sqlite_utils import Database

from labeller.core.errors import quoted
from labeller.store.edits import KINDS
from labeller.store.log import Columns, Event, actions, digest

LONGEST_LINE = 256 << 20
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Entry:
    """An action with its events, its digest and the previous one."""

    before: str | None
    columns: Columns
    events: Sequence[Event]
    digest: str

    def line(self) -> bytes:
        """The line as written to the file, without an empty edit."""
        columns = self.columns if self.columns.edit is not None else self.columns[:7]
        return json.dumps([self.before, columns, self.events, self.digest]).encode() + b"\n"


def stored(db: Database) -> Iterator[Entry]:
    """The database's actions as entries."""
    before: str | None = None
    for action in actions(db):
        yield Entry(before, action.columns, action.events, action.digest)
        before = action.digest


Parsed = Entry | tuple[str | None] | None


def lines_of(file: BinaryIO, place: int = 0) -> Iterator[tuple[bytes, int, Parsed]]:
    """Each non-empty line from an offset on, its offset, and its parsed content (None if
    invalid)."""
    while line := file.readline(LONGEST_LINE):
        begun = place
        place += len(line)
        if begun == 0 and line.startswith(b"\xef\xbb\xbf"):  # a byte-order mark added by an editor
            begun, line = 3, line[3:]
        if line.strip():
            yield line if line.endswith(b"\n") else line + b"\n", begun, read_line(line)


def read_line(line: bytes) -> Parsed:
    """An entry, or a head as a 1-tuple; None for any other line."""
    try:
        values = json.loads(line)
        if values[0] == "head" and len(values) == 2 and is_digest(values[1], or_none=True):
            return (values[1],)
        before, columns, events, own = values
        if not is_sound(before, columns, events, own):
            return None
        return Entry(before, Columns(*columns), [Event(*event) for event in events], own)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, AttributeError):
        return None


def is_digest(value: Any, or_none: bool = False) -> bool:
    return (value is None and or_none) or (type(value) is str and bool(_DIGEST.fullmatch(value)))


def is_sound(before: Any, columns: Any, events: Any, own: Any) -> bool:
    """Whether it is a well-formed action with a correct digest."""
    listed = isinstance(columns, list | Columns) and isinstance(events, list)
    if not listed or not 6 <= len(columns) <= 8:
        return False
    kind, target, origin, annotator, round_id, at, *rest = columns
    words = (kind, origin, annotator, at)
    numbers = (target, round_id, *rest[:1])
    sound = (
        is_digest(before, or_none=True)
        and all(type(word) is str for word in words)
        and all(is_id(number, or_none=True) for number in numbers)
        and all(_is_event(event) for event in events)
        and (len(rest) < 2 or rest[1] is None or _is_edit(rest[1]))
    )
    return sound and own == digest(before, columns, events)


def is_id(value: Any, or_none: bool = False) -> bool:
    return (value is None and or_none) or (type(value) is int and 0 < value < 2**62)


def _is_event(event: Any) -> bool:
    return (
        isinstance(event, list | Event)
        and 3 <= len(event) <= 4
        and is_id(event[0])
        and event[1] in ("label", "skip", "clear")
        and is_id(event[2], or_none=True)
        and (len(event) == 3 or event[3] is None or type(event[3]) is str)
    )


def _is_edit(text: Any) -> bool:
    try:
        read = json.loads(text) if type(text) is str else None
        return type(read) is list and bool(read) and read[0] in KINDS
    except (ValueError, TypeError, RecursionError):
        return False


def in_words(entry: Entry) -> str:
    """A description of an action, for the person who has to decide about it."""
    return f"{quoted(entry.columns.annotator) or 'somebody'}, {quoted(entry.columns.at)[:16]}"
