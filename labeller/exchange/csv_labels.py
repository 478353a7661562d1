"""Labels as a CSV table: UTF-8, a header, one image a row.

Columns: `path` (relative to the images' folder), `label`, `annotator`, `labelled_at` (UTC) and
`file` (the whole path). An import needs `path` and `label` alone.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from labeller.errors import LabellerError
from labeller.exchange.labelled import LabelledImage
from labeller.files import replacing
from labeller.pool.sources import read_csv

COLUMNS = ("path", "label", "annotator", "labelled_at", "file")


@dataclass(frozen=True)
class LabelRow:
    """A label as somebody wrote it, and the line where it stands."""

    line: int
    path: str
    label: str


def write_csv(images: Sequence[LabelledImage], output: Path) -> None:
    """Write the table in one step."""
    with replacing(output) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows((i.path, i.label, i.annotator, i.at, str(i.file)) for i in images)


def read_label_rows(path: Path) -> list[LabelRow]:
    """Rows of a table with the columns `path` and `label`; rows without a label are left out.

    Raises:
        LabellerError: it cannot be read or lacks a column.
    """
    rows = read_csv(path, required="path")
    if rows and "label" not in rows[0]:
        raise LabellerError(f"{path} needs a first line with the column 'label'.")
    return [
        LabelRow(line, written, label)
        for line, row in enumerate(rows, start=2)
        if (written := (row["path"] or "").strip()) and (label := (row["label"] or "").strip())
    ]
