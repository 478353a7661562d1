"""CSV tables as people and spreadsheets write them.

A spreadsheet takes a cell that begins with = + - @ for a formula and computes it. `as_text` puts an
apostrophe in front, which spreadsheets take for "this is text" and `read_csv` takes away again.
"""

import csv
import re
from pathlib import Path

from labeller.core.errors import LabellerError

_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")


def as_text(cell: str) -> str:
    """The cell so that no spreadsheet computes it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def as_written(cell: str) -> str:
    """Undo `as_text`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def read_csv(path: Path, required: str) -> list[dict[str, str]]:
    """Rows of a CSV file with a header, as UTF-8 with or without a byte-order mark; cells that a
    row lacks are empty.

    Raises:
        LabellerError: it cannot be read or has no column `required`.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restkey="", restval="")
            names = reader.fieldnames or ()
            if required not in names:
                raise LabellerError(
                    "{path} needs a first line with the column '{required}'.",
                    path=path,
                    required=required,
                )
            rows = [{name: as_written(row[name]) for name in names} for row in reader]
    except UnicodeDecodeError as error:
        raise LabellerError(
            "{path} is not UTF-8 text. Save it as CSV in UTF-8.", path=path
        ) from error
    except (OSError, csv.Error) as error:
        raise LabellerError("{path} cannot be read: {error}.", path=path, error=error) from error
    if any("\0" in cell for row in rows for cell in row.values()):
        raise LabellerError("{path} is not text: it holds zero bytes.", path=path)
    return rows
