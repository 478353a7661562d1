"""Labels as a table with a header and one row per image.

Columns: `path` (relative to the images' folder), `label`, `annotator`, `labelled_at` (UTC), `file`
(the absolute path), `source` (labeller/exchange/dataset.py), `confidence` (for a model's label,
otherwise empty), `split`, and `reason` (for images put aside). An import needs `path` and `label`.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from labeller.core.errors import LabellerError
from labeller.core.tables import as_text, csv_table, read_csv
from labeller.exchange.dataset import Dataset, Item, Writing, kept, written_path

COLUMNS = (
    "path", "label", "annotator", "labelled_at", "file", "source", "confidence", "split", "reason",
)  # fmt: skip


def write_csv(dataset: Dataset, output: Path, writing: Writing) -> None:
    """Write the table atomically, escaping formulas."""
    _write(dataset, output, writing)


def write_excel_csv(dataset: Dataset, output: Path, writing: Writing) -> None:
    """Like `write_csv`, with the byte-order mark that makes spreadsheets read UTF-8."""
    _write(dataset, output, writing, encoding="utf-8-sig")


def write_raw_csv(dataset: Dataset, output: Path, writing: Writing) -> None:
    """Write the table atomically, without escaping; not for spreadsheets."""
    _write(dataset, output, writing, str)


def write_tsv(dataset: Dataset, output: Path, writing: Writing) -> None:
    """Write a tab-separated table, escaping formulas."""
    _write(dataset, output, writing, dialect="excel-tab")


def _write(
    dataset: Dataset,
    output: Path,
    writing: Writing,
    escape: Callable[[str], str] = as_text,
    encoding: str = "utf-8",
    dialect: str = "excel",
) -> None:
    with csv_table(output, COLUMNS, encoding, dialect, escape) as write:
        for i in dataset.items():
            share = "" if i.confidence is None else f"{i.confidence:.4f}"
            write((
                written_path(i, writing), i.label, i.annotator, i.at, str(i.file or ""),
                i.source, share, i.split, i.reason,
            ))  # fmt: skip


def read_table(path: Path) -> Dataset:
    """Read a table with the columns `path` and `label`; rows with neither a label nor a reason are
    skipped.

    Raises:
        LabellerError: it cannot be read or lacks a column.
    """
    rows = read_csv(path, required="path")
    if rows and "label" not in rows[0]:
        raise LabellerError("{path} needs a first line with the column 'label'.", path=path)
    return kept(list(_items(rows, path)))


def _items(rows: list[dict[str, str]], path: Path) -> Iterator[Item]:
    for line, row in enumerate(rows, start=2):
        written, label = row["path"].strip(), row["label"].strip()
        reason = row.get("reason", "").strip()
        if not written or not (label or reason):
            continue
        place = f"{path}, line {line}"
        yield Item(
            written,
            label or None,
            _named_file(row.get("file", ""), path.parent / written),
            split=row.get("split", "").strip() or None,
            annotator=row.get("annotator", "").strip(),
            at=row.get("labelled_at", "").strip(),
            source=row.get("source", "").strip(),
            confidence=_share(row.get("confidence", ""), place),
            reason=None if label else reason,
            place=place,
        )


def _named_file(written: str, beside: Path) -> Path | None:
    """The file named in one of our own tables, if paths are not relative to the table's folder."""
    if not written.strip() or beside.exists():
        return None
    file = Path(written.strip())
    return file if file.is_absolute() and file.is_file() else None


def _share(written: str, place: str) -> float | None:
    """A confidence as spreadsheets write it, with a point or a comma."""
    if not written.strip():
        return None
    try:
        share = float(written.strip().replace(",", "."))
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise LabellerError(
            "{place}: the confidence {written} is not between 0 and 1.",
            place=place,
            written=written.strip()[:20],
        )
    return share
