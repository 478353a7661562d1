"""Rows of numbers in a file, each with a checksum and a key for what it was computed from.

The numbers are an ordinary .npy file. A second one beside it (the marks) has two numbers for each
row: the first eight bytes of the SHA-256 of the image that the row was made from, and a CRC-32 of
the row. A row that was cut off, overwritten, swapped or never written is therefore noticed when it
is read. Files are read, never mapped: truncating a mapped file would crash the whole program.
"""

import os
import zlib
from collections.abc import Iterator
from contextlib import suppress
from math import prod
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.lib import format as npy

from labeller.core.files import NO_LINK, is_regular, replacing

AT_ONCE = 1 << 24
"""Number of bytes copied or checked at a time."""
GAP = 1 << 18
"""Gaps of up to this many bytes are read along rather than skipped."""
UNKNOWN = 0
"""The key of rows written by an earlier version: what they were made from is not known."""
_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | NO_LINK
_MARKS = np.dtype("<u8")


class _File:
    """Reads and writes at any offset of a file, from any thread."""

    def __init__(self, path: Path, writable: bool) -> None:
        if not is_regular(path):
            raise FileNotFoundError(None, "not a regular file", str(path))
        flags = (os.O_RDWR if writable else os.O_RDONLY) | _BINARY
        mode = "r+b" if writable else "rb"
        self.raw = os.fdopen(os.open(path, flags), mode, buffering=0)
        self._lock = Lock()

    def __del__(self) -> None:
        if hasattr(self, "raw"):
            self.raw.close()

    def read(self, at: int, into: memoryview) -> None:
        """Fill `into`, with zeros beyond the end of the file."""
        missing = len(into)
        while missing and (count := self._read(at, into)):
            missing -= count
            if missing:
                at, into = at + count, into[count:]
        if missing:
            into[:] = bytes(missing)

    def write(self, at: int, data: memoryview) -> None:
        while data:
            count = self._write(at, data)
            at, data = at + count, data[count:]

    if hasattr(os, "preadv"):

        def _read(self, at: int, into: memoryview) -> int:
            return os.preadv(self.raw.fileno(), [into], at)

        def _write(self, at: int, data: memoryview) -> int:
            return os.pwrite(self.raw.fileno(), data, at)
    else:

        def _read(self, at: int, into: memoryview) -> int:
            with self._lock:
                self.raw.seek(at)
                return self.raw.readinto(into) or 0  # type: ignore[attr-defined]

        def _write(self, at: int, data: memoryview) -> int:
            with self._lock:
                self.raw.seek(at)
                return self.raw.write(data)


class _Table:
    """One .npy file as rows, read and written in place.

    Raises:
        OSError, ValueError: the file is missing, or is not such an array.
    """

    def __init__(self, path: Path, writable: bool) -> None:
        self.file = _File(path, writable)
        try:
            if npy.read_magic(self.file.raw) != (1, 0):
                raise ValueError("an unknown version of the format")
            shape, by_column, dtype = npy.read_array_header_1_0(self.file.raw)
        except (OSError, ValueError):
            raise
        except Exception as error:  # reading a damaged header can raise anything
            raise ValueError("damaged") from error
        self.size = prod(shape[1:]) * dtype.itemsize
        possible = all(side >= 0 for side in shape) and shape[:1] != ()
        if by_column or dtype.hasobject or not possible or shape[0] * self.size >= 1 << 60:
            raise ValueError("not an array of rows")
        self.shape, self.dtype = shape, dtype
        self.start = self.file.raw.tell()

    @property
    def whole(self) -> bool:
        """Whether the file is as long as its header says."""
        return os.fstat(self.file.raw.fileno()).st_size >= self.start + self.shape[0] * self.size

    def get(self, places: np.ndarray) -> np.ndarray:
        if len(places) > 1:
            first, last = int(places.min()), int(places.max()) + 1
            scattered = last - first != len(places) or bool((np.diff(places) != 1).any())
            if scattered and (last - first) * self.size <= max(GAP, 2 * len(places) * self.size):
                return self.get(np.arange(first, last))[places - first]
        out = np.empty((len(places), *self.shape[1:]), self.dtype)
        into = _bytes_of(out)
        for at, first, last in self._runs(places):
            self.file.read(at, into[first:last])
        return out

    def put(self, places: np.ndarray, values: np.ndarray) -> None:
        data = _bytes_of(np.ascontiguousarray(values, self.dtype))
        for at, first, last in self._runs(places):
            self.file.write(at, data[first:last])

    def _runs(self, places: np.ndarray) -> Iterator[tuple[int, int, int]]:
        """Runs of consecutive rows: their offset in the file, and their start and end in memory, in
        bytes."""
        if len(places):
            begins = np.concatenate([[0], np.flatnonzero(np.diff(places) != 1) + 1])
            ends = np.append(begins[1:], len(places))
            at = self.start + places[begins] * self.size
            yield from zip(
                at.tolist(), (begins * self.size).tolist(), (ends * self.size).tolist(),
                strict=True,
            )  # fmt: skip

    def sync(self) -> None:
        os.fsync(self.file.raw.fileno())


class Rows:
    """The rows of a file, as an array that is read piece by piece.

    Args:
        path: an .npy file, with or without the file of its marks (`marks_of`) beside it.
        writable: whether rows may be written.

    Attributes:
        expected: keys of what the rows should have been made from, uint64 [N]; None if unknown.

    Raises:
        OSError, ValueError: the file is missing, or does not contain rows.
    """

    def __init__(self, path: Path, writable: bool = False) -> None:
        self.path = path
        self.expected: np.ndarray | None = None
        self._table = _Table(path, writable)
        self._marks: _Table | None = None
        with suppress(OSError, ValueError):
            marks = _Table(marks_of(path), writable)
            if marks.shape == (len(self), 2) and marks.dtype == _MARKS:
                self._marks = marks

    @property
    def shape(self) -> tuple[int, ...]:
        return self._table.shape

    @property
    def dtype(self) -> np.dtype:
        return self._table.dtype

    @property
    def nbytes(self) -> int:
        return len(self) * self._table.size

    @property
    def whole(self) -> bool:
        """Whether the file is as long as its header says."""
        return self._table.whole

    @property
    def marked(self) -> bool:
        """Whether there are marks; earlier versions wrote none."""
        return self._marks is not None

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, key: Any) -> np.ndarray:
        """Rows as they are in the file, valid or not."""
        found = self._table.get(np.atleast_1d(np.arange(len(self))[key]))
        return found[0] if isinstance(key, (int, np.integer)) else found

    def __setitem__(self, key: Any, values: Any) -> None:
        """Write rows without recording what they were computed from."""
        places = np.atleast_1d(np.arange(len(self))[key])
        whole = np.broadcast_to(values, (len(places), *self.shape[1:]))
        self.write(places, whole, np.full(len(places), UNKNOWN))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        found = self._table.get(np.arange(len(self)))
        return found if dtype is None else found.astype(dtype)

    def read(
        self, places: np.ndarray, made_of: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Some rows, and which of them are valid (bool [N]); without marks all are assumed
        to be.

        Args:
            made_of: keys of what they should have been made from, uint64 [N]; None takes those of
                `expected`.
        """
        places = self._places(places)
        values = self._table.get(places)
        if self._marks is None:
            return values, np.ones(len(places), dtype=bool)
        marks = self._marks.get(places)
        good = marks[:, 1] == checksums(values, marks[:, 0])
        if made_of is None and self.expected is not None:
            made_of = self.expected[places]
        if made_of is not None:
            good &= (marks[:, 0] == made_of) | (marks[:, 0] == UNKNOWN)
        return values, good

    def write(self, places: np.ndarray, values: np.ndarray, made_of: np.ndarray) -> None:
        """Write rows with their keys; rows left by an interruption are known to be invalid."""
        places = self._places(places)
        values = np.ascontiguousarray(values, self.dtype)
        self._table.put(places, values)
        if self._marks is not None:
            keys = np.asarray(made_of, _MARKS)
            self._marks.put(places, np.stack([keys, checksums(values, keys)], axis=1))

    def made_of(self, places: np.ndarray) -> np.ndarray:
        """Keys of what rows were computed from, uint64 [N]; `UNKNOWN` also for rows never
        written."""
        if self._marks is None:
            return np.full(len(places), UNKNOWN, _MARKS)
        return self._marks.get(self._places(places))[:, 0]

    def forget(self, places: np.ndarray) -> None:
        """Mark rows as invalid."""
        if self._marks is not None:
            self._marks.put(self._places(places), np.zeros((len(places), 2), _MARKS))

    def close(self) -> None:
        for table in (self._table, self._marks):
            if table is not None:
                table.file.raw.close()

    def flush(self) -> None:
        """Flush everything to disk."""
        for table in (self._table, self._marks):
            if table is not None:
                table.sync()

    def _places(self, places: Any) -> np.ndarray:
        found = np.asarray(places, dtype=np.int64)
        if len(found) and not 0 <= found.min() <= found.max() < len(self):
            raise IndexError("there is no such row")
        return found


def marks_of(path: Path) -> Path:
    """The file of marks beside a file of rows."""
    return path.with_suffix(".marks.npy")


def laid_out(path: Path, shape: tuple[int, ...], dtype: type, trusted: bool = False) -> Rows:
    """Create a file of rows of this shape and open it for writing. An existing one is kept if it is
    intact, has marks and the same shape; if only the number of rows differs, its valid rows are
    kept.

    Args:
        trusted: whether to keep rows without marks, written by an earlier version, as well.

    Raises:
        OSError: the disk has no room for it, or the folder cannot be written.
    """
    old: Rows | None = None
    with suppress(OSError, ValueError):
        found = Rows(path, writable=True)
        if found.dtype == dtype and found.shape[1:] == shape[1:]:
            old = found
    if old is not None and old.shape == shape and old.whole and (old.marked or trusted):
        return old
    with replacing(path, durable=False) as temporary:
        _reserve(temporary, shape, np.dtype(dtype))
        with replacing(marks_of(path), durable=False) as marks:
            _reserve(marks, (shape[0], 2), _MARKS)
            if old is not None and (old.marked or trusted):
                _copy(old, temporary, marks)
            if old is not None:
                old.close()  # some systems cannot replace open files
    return Rows(path, writable=True)


def mark(rows: Rows, made_of: np.ndarray) -> Rows:
    """Add marks to rows of an earlier version, which had none, so that later damage is noticed.
    Returns the rows reopened.

    Raises:
        OSError: nothing can be written there.
    """
    with replacing(marks_of(rows.path), durable=False) as path:
        _reserve(path, (len(rows), 2), _MARKS)
        table = _Table(path, True)
        for places in in_parts(rows):
            keys = np.asarray(made_of[places], _MARKS)
            table.put(places, np.stack([keys, checksums(rows[places], keys)], axis=1))
        table.sync()
        table.file.raw.close()
    return Rows(rows.path)


def checksums(values: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Checksums of rows and their keys, uint64 [N]; never 0, which is what empty files contain."""
    if not values.size:
        return np.full(len(values), 1 << 32, _MARKS)
    data, size = _bytes_of(values), values.nbytes // len(values)
    keys = np.asarray(keys, _MARKS)
    begun = ((keys ^ (keys >> np.uint64(32))) & np.uint64(0xFFFFFFFF)).tolist()
    crc, ends = zlib.crc32, range(size, len(data) + 1, size)
    found = [crc(data[end - size : end], at) for end, at in zip(ends, begun, strict=True)]
    return np.array(found, _MARKS) | np.uint64(1 << 32)


def key_of(digest: str) -> int:
    """The key of a SHA-256 (hexadecimal) in the marks; 0 for none."""
    return int(digest[:16], 16) if digest else 0


def in_parts(rows: Rows) -> Iterator[np.ndarray]:
    """The indices of all rows, in blocks that need little memory."""
    each = max(1, AT_ONCE // max(1, rows.nbytes // max(1, len(rows))))
    for start in range(0, len(rows), each):
        yield np.arange(start, min(start + each, len(rows)))


def _copy(old: Rows, path: Path, marks: Path) -> None:
    table, table_marks = _Table(path, True), _Table(marks, True)
    for places in in_parts(old):
        places = places[places < table.shape[0]]
        values, good = old.read(places)
        keys = old.made_of(places)[good]
        table.put(places[good], values[good])
        pairs = np.stack([keys, checksums(values[good], keys)], axis=1)
        table_marks.put(places[good], pairs)
    for each in (table, table_marks):
        each.sync()
        each.file.raw.close()


def _reserve(path: Path, shape: tuple[int, ...], dtype: np.dtype) -> None:
    """Write an array of zeros, reserving its space on the disk."""
    with path.open("wb") as file:
        descr = npy.dtype_to_descr(dtype)
        npy.write_array_header_1_0(file, {"descr": descr, "fortran_order": False, "shape": shape})
        size = file.tell() + prod(shape) * dtype.itemsize
        file.flush()
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, size)
        else:
            for _ in range(file.tell(), size, 1 << 20):
                file.write(bytes(min(1 << 20, size - file.tell())))


def _bytes_of(values: np.ndarray) -> memoryview:
    data: Any = np.ascontiguousarray(values).reshape(-1).view(np.uint8)
    return memoryview(data)
