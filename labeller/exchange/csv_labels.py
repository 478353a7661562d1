"""Labels as a CSV table: UTF-8, a header, one image a row.

Columns: `path` (relative to the images' folder), `label`, `annotator`, `labelled_at` (UTC), `file`
(the whole path), `source` (labeller/exchange/labelled.py) and `confidence` (of a model's label,
else empty). An import needs `path` and `label` alone.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from labeller.core.errors import LabellerError
from labeller.core.files import replacing
from labeller.core.tables import as_text, read_csv
from labeller.exchange.labelled import MODEL, LabelledImage

COLUMNS = ("path", "label", "annotator", "labelled_at", "file", "source", "confidence")


@dataclass(frozen=True)
class LabelRow:
    """A label as somebody wrote it, the line where it stands, and whether a model gave it."""

    line: int
    path: str
    label: str
    of_model: bool = False


def write_csv(images: Sequence[LabelledImage], output: Path) -> None:
    """Write the table in one step, without formulas."""
    _write(images, output, as_text)


def write_excel_csv(images: Sequence[LabelledImage], output: Path) -> None:
    """Likewise, with the mark by which spreadsheets know UTF-8."""
    _write(images, output, as_text, "utf-8-sig")


def write_raw_csv(images: Sequence[LabelledImage], output: Path) -> None:
    """Write the table in one step, every cell as it is; not for spreadsheets."""
    _write(images, output, str)


def _write(
    images: Sequence[LabelledImage],
    output: Path,
    cell: Callable[[str], str],
    encoding: str = "utf-8",
) -> None:
    with replacing(output) as temporary, temporary.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for i in images:
            share = "" if i.confidence is None else f"{i.confidence:.4f}"
            row = (i.path, i.label, i.annotator, i.at, str(i.file), i.source, share)
            writer.writerow(map(cell, row))


def read_label_rows(path: Path) -> list[LabelRow]:
    """Rows of a table with the columns `path` and `label`; rows without a label are left out.

    Raises:
        LabellerError: it cannot be read or lacks a column.
    """
    rows = read_csv(path, required="path")
    if rows and "label" not in rows[0]:
        raise LabellerError("{path} needs a first line with the column 'label'.", path=path)
    return [
        LabelRow(line, written, label, row.get("source") == MODEL)
        for line, row in enumerate(rows, start=2)
        if (written := row["path"].strip()) and (label := row["label"].strip())
    ]
