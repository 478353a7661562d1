"""The journal: a second copy of the log as text, one line per action, beside the database.

A backup may be a day old; the journal has everything since, in the order given by the chain of
digests (log.py). It is written after the database and without waiting for the disk: the database is
authoritative. See histories.py for how the two are reconciled.

A line is [previous digest, columns, events, digest] or, when the database was reset to an earlier
action, ["head", digest]. The file is untrusted, so every line is checked. Digests determine the
order of actions: sync clients may reorder lines or move some to files such as `labels (conflicted
copy).jsonl`, which are read too.
"""

import hashlib
import json
import logging
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from sqlite_utils import Database

from labeller.core.errors import LabellerError
from labeller.core.files import NO_LINK, is_regular, open_regular, replacing
from labeller.store.entries import LONGEST_LINE, Entry, lines_of, read_line, stored
from labeller.store.log import digests

FILE = "labels.jsonl"
MOST_COPIES = 100


@dataclass
class Contents:
    """The content of a journal.

    Attributes:
        places: digest of each entry → the digest before it, the offset of its line in bytes, and
            the file.
        mentions: digest → number of the last line that names it as an entry or a head.
        heads: numbers of the lines that are heads.
        last: the digest that the last line names; None also means the state before the first
            action.
        bad: how many lines could not be read.
        skipped: digests of entries that are known to be in the part that was not read.
        others: files beside the journal that also contain entries, and how many the journal lacks.
        scattered: whether the order of the lines is meaningless. Then `last` is the end with the
            newest time, and heads are ignored.
        reset_targets: the digests that heads name.
    """

    places: dict[str, tuple[str | None, int, Path]] = field(default_factory=dict)
    mentions: dict[str | None, int] = field(default_factory=dict)
    heads: list[int] = field(default_factory=list)
    last: str | None = None
    bad: int = 0
    skipped: set[str] = field(default_factory=set)
    others: dict[Path, int] = field(default_factory=dict)
    scattered: bool = False
    reset_targets: set[str | None] = field(default_factory=set)
    _elsewhere: set[str] = field(default_factory=set)
    _times: dict[str, tuple[str, int]] = field(default_factory=dict)

    def holds(self, digest: str) -> bool:
        """Whether an action is in the journal itself, not only in another file."""
        written = digest in self.places or digest in self.skipped
        return written and digest not in self._elsewhere

    def take(self, entry: Entry, number: int, place: int, file: Path) -> None:
        """Add an entry that was found."""
        known = self.places.get(entry.digest)
        if known is None:
            self.places[entry.digest] = (entry.before, place, file)
            self._times[entry.digest] = (entry.columns.at, number)
        self.last = entry.digest
        self.mentions[entry.digest] = number

    def take_from(self, other: "Contents", file: Path) -> None:
        """Add entries of another file that this one lacks."""
        new = [each for each in other.places if not self.holds(each)]
        self.others[file] = len(new)
        for each in new:
            self.places.setdefault(each, other.places[each])
            self._times.setdefault(each, other._times[each])
            self._elsewhere.add(each)

    def in_order(self) -> list[str]:
        """The digests of all entries, each after its predecessor, otherwise by time."""
        following: dict[str | None, list[str]] = {}
        for each, (before, *_) in self.places.items():
            following.setdefault(before if before in self.places else None, []).append(each)
        found: list[str] = []
        waiting = sorted(following.get(None, []), key=lambda each: self._times[each], reverse=True)
        while waiting:
            found.append(waiting.pop())
            waiting += sorted(
                following.get(found[-1], []), key=lambda each: self._times[each], reverse=True
            )
        return found

    def put_in_order(self) -> None:
        """If lines are out of order, order them by digests and times."""
        self.scattered = bool(self._elsewhere) or any(
            before in self._times and self._times[before][1] > self._times[each][1]
            for each, (before, *_) in self.places.items()
        )
        if self.scattered:
            self.heads = []
            ranked = sorted(self._times, key=lambda each: self._times[each])
            self.mentions |= {each: number for number, each in enumerate(ranked, start=1)}
            self.last = next(iter(self.ends()), self.last)

    def path(self, goal: str | None, known: set[str | None]) -> list[str] | None:
        """The entries leading from a known state to `goal`; None if there is no such path."""
        path: list[str] = []
        at = goal
        while at not in known:
            if at is None or at not in self.places or len(path) > len(self.places):
                return None
            path.append(at)
            at = self.places[at][0]
        return path[::-1]

    def ends(self) -> list[str]:
        """Entries without a successor, the last mentioned first."""
        followed = {before for before, *_ in self.places.values()}
        ends = [each for each in self.places if each not in followed]
        return sorted(ends, key=lambda each: self.mentions[each], reverse=True)


class Journal:
    """A project's journal file. If it cannot be written, `trouble` says why; the label is still in
    the database, and no other is stored until this one has been written."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self.trouble: str | None = None
        self._told: str | None = None
        self.size = 0  # of the known content, in bytes

    def newest_notices(self) -> list[str]:
        """Problems since the last call."""
        new = self.trouble is not None and self.trouble != self._told
        self._told = self.trouble
        return [self.trouble] if new and self.trouble is not None else []

    # -- writing

    def append(self, *entries: Entry) -> None:
        self._write([entry.line() for entry in entries])

    def record_reset(self, digest: str | None) -> None:
        """Record that the database was reset to this action."""
        self._write([json.dumps(["head", digest]).encode() + b"\n"])

    def require(self, db: Database) -> None:
        """Write missing entries before appending.

        Raises:
            LabellerError: they cannot be written.
        """
        if self.trouble is None and self._is_as_we_left_it():
            return
        self.trouble = None
        self.catch_up(db, self.read())
        if self.trouble is not None:
            raise LabellerError("Nothing was changed: {trouble}", trouble=self.trouble)

    def catch_up(self, db: Database, contents: Contents) -> None:
        """Write the entries that the journal lacks."""
        missing = []
        if not all(each is None or contents.holds(each) for each in digests(db)):
            missing = [e.line() for e in stored(db) if not contents.holds(e.digest)]
        if missing or not is_regular(self.path):
            self._write(missing)
        if self.trouble is not None and is_regular(self.path):
            self._replace(db)
        if is_regular(self.path):
            self.size = self.path.stat().st_size

    def drop_bad_lines(self, keep_as: Path) -> None:
        """Rewrite the file without invalid lines; the old one is kept.

        Raises:
            OSError: it cannot be written.
        """
        with open_regular(self.path, follow=False) as old, replacing(keep_as) as copy:
            copy.write_bytes(old.read())
        with (
            open_regular(self.path, follow=False) as old,
            replacing(self.path) as new,
            new.open("wb") as file,
        ):
            file.writelines(line for line, _, parsed in lines_of(old) if parsed is not None)
        self.size = self.path.stat().st_size

    def bring_together(self, contents: Contents, tip: str | None, keep_in: Path) -> None:
        """Rewrite the file in order, including entries from its other copies. The old files are
        kept in a folder.

        Raises:
            OSError: they cannot be written.
        """
        for path in [self.path, *contents.others]:
            if is_regular(path):
                with open_regular(path, follow=False) as old, replacing(keep_in / path.name) as new:
                    new.write_bytes(old.read())
        with replacing(self.path) as new, new.open("wb") as file:
            file.writelines(e.line() for e in self.entries(contents, contents.in_order()))
            file.write(json.dumps(["head", tip]).encode() + b"\n")
        self.size = self.path.stat().st_size
        for path in contents.others:
            path.unlink()

    def _is_as_we_left_it(self) -> bool:
        """Whether nothing was removed; another of our threads may have appended something."""
        try:
            found = self.path.lstat()
        except OSError:
            return self.size == 0
        return stat.S_ISREG(found.st_mode) and found.st_size >= self.size

    def _write(self, lines: list[bytes]) -> None:
        try:
            self._append(b"".join(lines))
        except OSError as error:
            self.trouble = (
                f"{self.path} cannot be written ({error.strerror}). It is the second copy of the "
                "labels, in case the database is lost. Free some space, or check its permissions."
            )
            logging.getLogger(__name__).warning("%s: %s", self.path, error)

    def _append(self, data: bytes) -> None:
        """Append all of it or nothing, on its own line. Raises OSError."""
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | NO_LINK | getattr(os, "O_NONBLOCK", 0)
        opened = os.open(self.path, flags | getattr(os, "O_BINARY", 0), 0o666)
        try:
            found = os.fstat(opened)
            if not stat.S_ISREG(found.st_mode):
                raise OSError(None, "not a regular file")
            size = found.st_size
            if size:
                os.lseek(opened, size - 1, os.SEEK_SET)
                if os.read(opened, 1) != b"\n":  # half a line after a crash
                    data = b"\n" + data
            try:
                left = memoryview(data)
                while left:
                    left = left[os.write(opened, left) :]
            except OSError:
                os.ftruncate(opened, size)
                raise
            self.size = size + len(data)
        finally:
            os.close(opened)

    def _replace(self, db: Database) -> None:
        """Replace a file that cannot be appended to with one that has all its entries and the
        database's."""
        try:
            kept: list[bytes] = []
            try:
                with open_regular(self.path, follow=False) as old:
                    kept = [line for line, _, parsed in lines_of(old) if parsed is not None]
            except PermissionError:
                self.path.rename(self.path.with_name(f"{FILE}.unreadable"))
            known = {json.loads(line)[-1] for line in kept}
            with replacing(self.path) as new, new.open("wb") as file:
                file.writelines(kept)
                file.writelines(e.line() for e in stored(db) if e.digest not in known)
            self.trouble = None
        except OSError as error:
            logging.getLogger(__name__).warning("%s: %s", self.path, error)

    # -- reading

    def seal(self, size: int) -> str | None:
        """SHA-256 (hexadecimal) of the first bytes; None if there are fewer."""
        try:
            with open_regular(self.path, follow=False) as file:
                hashed = hashlib.sha256()
                while size and (part := file.read(min(size, 1 << 20))):
                    hashed.update(part)
                    size -= len(part)
                return hashed.hexdigest() if size == 0 else None
        except OSError:
            return None

    def read(self, start: int = 0, known: Contents | None = None) -> Contents:
        """The content from an offset on, and that of other files with entries; empty if the file
        does not exist or cannot be read.

        Args:
            known: the content before `start`, to be extended.
        """
        contents = known or Contents()
        _read_file(self.path, start, contents)
        for path in self.others():
            other = Contents()
            _read_file(path, 0, other)
            if other.places:
                contents.take_from(other, path)
        contents.put_in_order()
        return contents

    def others(self) -> list[Path]:
        """Files beside the journal that may be copies of it, judging by name."""
        try:
            found = sorted(path for path in self.path.parent.iterdir() if _is_copy(path))
        except OSError:
            return []
        return [path for path in found if is_regular(path)][:MOST_COPIES]

    def entries(self, contents: Contents, digests: Iterable[str]) -> Iterator[Entry]:
        """Some of the entries, in the requested order."""
        with ExitStack() as stack:
            files: dict[Path, BinaryIO] = {}
            for each in digests:
                _, place, path = contents.places[each]
                if path not in files:
                    files[path] = stack.enter_context(open_regular(path, follow=False))
                files[path].seek(place)
                parsed = read_line(files[path].readline(LONGEST_LINE))
                if not isinstance(parsed, Entry) or parsed.digest != each:
                    raise LabellerError(
                        "{path} was changed while it was read. Try again.", path=path
                    )
                yield parsed


def _is_copy(path: Path) -> bool:
    """Whether a file is named like a copy of the journal, such as `labels (1).jsonl` or
    `labels.sync-conflict-20261128.jsonl`."""
    name = path.name.casefold()
    return name.startswith("labels") and name.endswith(".jsonl") and path.name != FILE


def _read_file(path: Path, start: int, contents: Contents) -> None:
    try:
        file = open_regular(path, follow=False)
    except OSError:
        return
    with file:
        file.seek(start)
        for number, (_, place, parsed) in enumerate(lines_of(file, start), start=1):
            if parsed is None:
                contents.bad += 1
            elif isinstance(parsed, Entry):
                contents.take(parsed, number, place, path)
            else:
                contents.heads.append(number)
                contents.reset_targets.add(parsed[0])
                contents.last = parsed[0]
                contents.mentions[contents.last] = number
