"""Results of simulations as tables for other programs: a row for each task, method, seed and cycle.
docs/protocols.md explains the columns."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from labeller.core.errors import LabellerError, require_extra
from labeller.core.files import replacing, write_text
from labeller.core.tables import csv_table
from labeller.experiments.results import Outcome
from labeller.learning.learners import WHOLE

SCHEMA = 1
"""Version of the columns; it increases when one is removed or changes its meaning."""
FORMATS = (".csv", ".json", ".parquet")
OF = ("images", "labels", "held_out", "weights", "threads", "device", "processor", "version")
COLUMNS = {
    "protocol": str, "task": str, "method": str, "strategy": str, "learner": str, "encoder": str,
    "recipe": str, "seed": int, "cycle": int, "labelled": int, "test_accuracy": float,
    "seconds": float, "selection_seconds": float, "selection_bytes": int, "right": str,
    **dict.fromkeys(OF, str),
}  # fmt: skip
"""Names and types; all but the names, `seed`, `cycle`, `labelled` and `seconds` may be missing."""
PER_CLASS = "per_class"
"""One more column: accuracies by class; in CSV, a column for each class."""


def rows(tasks: Mapping[str, Mapping[str, Outcome]]) -> Iterator[dict[str, Any]]:
    """A row for each cycle, by `COLUMNS` and `PER_CLASS`; accuracies lie between 0 and 1."""
    for task, outcomes in tasks.items():
        for method, outcome in outcomes.items():
            of = outcome.of or {}
            options = (outcome.plan or {}).get("options", {})
            for run in outcome.runs:
                for number, cycle in enumerate(run.cycles, start=1):
                    yield {
                        "protocol": outcome.protocol, "task": task, "method": method,
                        "strategy": run.strategy, "learner": options.get("learner", WHOLE),
                        "encoder": run.encoder, "recipe": run.recipe, "seed": run.seed,
                        "cycle": number, "labelled": cycle.labelled,
                        "test_accuracy": cycle.test_accuracy, "seconds": cycle.seconds,
                        "selection_seconds": cycle.selection_seconds,
                        "selection_bytes": cycle.selection_bytes, "right": cycle.right,
                        **{name: None if name not in of else str(of[name]) for name in OF},
                        PER_CLASS: cycle.per_class,
                    }  # fmt: skip


def check_table(path: Path) -> None:
    """Raises LabellerError unless the file name ends in one of `FORMATS`, or if pyarrow is needed
    and missing."""
    if path.suffix.lower() not in FORMATS:
        raise LabellerError(
            "A table must be a {formats} file, not {name}.",
            formats=", ".join(FORMATS),
            name=path.name,
        )
    if path.suffix.lower() == ".parquet":
        require_extra("pyarrow")


def write_table(tasks: Mapping[str, Mapping[str, Outcome]], path: Path) -> None:
    """Write all rows, in the format that the name says. Raises as `check_table`."""
    check_table(path)
    found = list(rows(tasks))
    write = {".csv": _write_csv, ".json": _write_json, ".parquet": _write_parquet}
    write[path.suffix.lower()](found, path)


def _write_csv(found: Sequence[Mapping[str, Any]], path: Path) -> None:
    classes = list(dict.fromkeys(name for row in found for name in row[PER_CLASS] or {}))
    with csv_table(path, (*COLUMNS, *classes)) as write:
        for row in found:
            shares = row[PER_CLASS] or {}
            write((*(row[name] for name in COLUMNS), *(shares.get(name) for name in classes)))


def _write_json(found: Sequence[Mapping[str, Any]], path: Path) -> None:
    write_text(path, json.dumps({"schema": SCHEMA, "rows": found}, indent=1) + "\n")


def _write_parquet(found: Sequence[Mapping[str, Any]], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {str: pa.string(), int: pa.int64(), float: pa.float64()}
    columns = {name: kinds[kind] for name, kind in COLUMNS.items()}
    columns[PER_CLASS] = pa.map_(pa.string(), pa.float64())
    schema = pa.schema(columns, metadata={"labeller.schema": str(SCHEMA)})
    table = [{**row, PER_CLASS: list((row[PER_CLASS] or {}).items())} for row in found]
    with replacing(path) as temporary:
        pq.write_table(pa.Table.from_pylist(table, schema=schema), temporary)
