"""Reading tables as people and spreadsheets save them, and writing them.

Separators, encodings and headers are detected: comma, semicolon (German and French Excel), tab, a
first line `sep=;`; UTF-8 with or without a byte-order mark, UTF-16 ("Unicode text"), the Windows
code page; `Path` and ` label ` for path and label.

A spreadsheet evaluates a cell that begins with = + - @ as a formula. `as_text` puts an apostrophe
in front, which marks text in spreadsheets and which `read_csv` removes again.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from labeller.core.errors import LabellerError, quoted
from labeller.core.files import read_text_bytes, replacing

_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
ONCE = ("path", "label", "annotator", "confidence", "split", "reason")
"""Columns that a table may have only once, to be unambiguous."""
SEPARATORS = ",;\t|"
UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
WINDOWS = "cp1252"
"""The encoding of "CSV" from western spreadsheets, if not UTF-8."""


def as_text(cell: str) -> str:
    """Escape a cell so that no spreadsheet evaluates it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def as_written(cell: str) -> str:
    """Undo `as_text`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


@contextmanager
def csv_table(
    path: Path,
    columns: Sequence[str],
    encoding: str = "utf-8",
    dialect: str = "excel",
    escape: Callable[[str], str] = as_text,
) -> Iterator[Callable[[Iterable[object]], None]]:
    """A block that writes rows to a table; the table appears at `path` when the block ends.

    Args:
        columns: the header.
        escape: applied to each text; numbers are written as they are, None as an empty cell.
    """

    def write(row: Iterable[object]) -> None:
        writer.writerow([escape(cell) if isinstance(cell, str) else cell for cell in row])

    with replacing(path) as temporary, temporary.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, dialect)
        write(columns)
        yield write


def read_csv(path: Path, required: str) -> list[dict[str, str]]:
    """A table's rows, as dictionaries by lower-case header; missing cells are empty.

    Raises:
        LabellerError: it cannot be read or has no column `required`.
    """
    try:
        text = _decoded(read_text_bytes(path), path)
        if "\0" in text:
            raise LabellerError("{path} is not text: it contains null bytes.", path=path)
        separator, text = _separator(text, required)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        names = [name.strip().casefold() for name in next(reader, [])]
        if required not in names:
            raise LabellerError(
                "{path} needs a first line with the column '{required}'; the columns found are "
                "{found}.",
                path=path,
                required=required,
                found=quoted(", ".join(names)) or "none",
            )
        twice = next((n for n in ONCE if names.count(n) > 1), None)
        if twice is not None:
            raise LabellerError(
                "{path} has several columns '{name}'. Keep one of them.", path=path, name=twice
            )
        return [
            dict(zip(names, map(as_written, (*row, *[""] * len(names))), strict=False))
            for row in reader
            if row
        ]
    except OSError as error:
        raise LabellerError(
            "{path} cannot be read: {error}.", path=path, error=error.strerror or error
        ) from error
    except csv.Error as error:
        raise LabellerError("{path} cannot be read: {error}.", path=path, error=error) from error


def _decoded(data: bytes, path: Path) -> str:
    kinds = ["utf-8-sig", WINDOWS]
    if data[1:2] == b"\0" and data[:1] != b"\0":  # some programs write no byte-order mark
        kinds = ["utf-16-le"]
    for mark, encoding in UTF_16.items():
        if data.startswith(mark):
            data, kinds = data[len(mark) :], [encoding]
            break
    for encoding in kinds:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise LabellerError("{path} is not UTF-8 text. Save it as CSV in UTF-8.", path=path)


def _separator(text: str, required: str) -> tuple[str, str]:
    """The separator, and the text without a `sep=` line. The separator is the one that gives the
    header the required column, otherwise the most frequent one."""
    first, _, rest = text.partition("\n")
    said = re.fullmatch(r'"?sep=(.)"?\s*', first, re.IGNORECASE)
    if said:
        return said[1], rest
    for separator in SEPARATORS:
        cells = next(csv.reader([first], delimiter=separator), [])
        if len(cells) > 1 and required in [cell.strip().casefold() for cell in cells]:
            return separator, text
    return max(SEPARATORS, key=first.count) if any(s in first for s in SEPARATORS) else ",", text
