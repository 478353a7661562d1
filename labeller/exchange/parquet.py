"""Labels as an Apache Parquet table, which pandas, Polars, DuckDB and 🤗 Datasets can read.

Columns: `image` (a struct of `bytes` and `path`, as 🤗 Datasets stores images), `label` (an index;
the names are in the schema's metadata, also for 🤗 Datasets), `path`, `split`, `annotator`,
`labelled_at`, `source`, `confidence`, `reason`, `sha256`, `width`, `height`.
"""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeller.core.errors import LabellerError, cannot_read, require_extra
from labeller.core.files import open_regular, replacing
from labeller.exchange.dataset import Dataset, Item, Writing, written_path
from labeller.exchange.placing import image_bytes

if TYPE_CHECKING:
    import pyarrow

ROWS, ROWS_WITH_IMAGES = 20_000, 256
"""Rows held in memory at a time."""
NAMES = b"labeller.classes"


def write_parquet(dataset: Dataset, output: Path, writing: Writing) -> None:
    """Write the table in one step.

    Raises:
        LabellerError: pyarrow is missing.
        OSError: an image is missing or was changed.
    """
    require_extra("pyarrow")
    import pyarrow.parquet as pq

    schema = _schema(dataset.classes)
    places = {name: number for number, name in enumerate(dataset.classes)}
    items = dataset.items()
    rows = ROWS_WITH_IMAGES if writing.embed else ROWS
    with replacing(output) as temporary, pq.ParquetWriter(temporary, schema) as writer:
        while part := list(islice(items, rows)):
            writer.write_batch(_batch([_row(item, places, writing) for item in part], schema))


def read_parquet(path: Path) -> Dataset:
    """Read a table with a column `label`, of indices with names in the schema or of texts, and
    images or the column `path`.

    Raises:
        LabellerError: it is not such a table, or pyarrow is missing.
    """
    require_extra("pyarrow")
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with open_regular(path) as opened, pq.ParquetFile(opened) as file:
            schema, count = file.schema_arrow, file.metadata.num_rows
    except (OSError, pa.ArrowException) as error:
        raise cannot_read(path, error) from error
    if "label" not in schema.names or not {"path", "image"} & set(schema.names):
        raise LabellerError(
            "{path} needs the columns 'label' and 'path' or 'image'; the columns found are "
            "{found}.",
            path=path,
            found=", ".join(schema.names)[:100],
        )
    names = _names(schema)
    wanted = [name for name in schema.names if name in _COLUMNS]

    def items() -> Iterator[Item]:
        number = 0
        try:
            with open_regular(path) as opened, pq.ParquetFile(opened) as file:
                for batch in file.iter_batches(ROWS_WITH_IMAGES, columns=wanted):
                    for row in _rows(batch, f"{path}, row {number + 1} or after"):
                        number += 1
                        if (item := _item(row, names, f"{path}, row {number}")) is not None:
                            yield item
        except (OSError, pa.ArrowException) as error:
            raise cannot_read(path, error) from error

    if not names:
        found = {item.label for item in items() if item.label is not None}
        names_found = tuple(sorted(found))
        return Dataset(names_found, items, count)
    return Dataset(names, items, count)


_COLUMNS = (
    "image", "label", "path", "split", "annotator", "labelled_at", "source", "confidence",
    "reason", "sha256", "width", "height",
)  # fmt: skip


def _schema(classes: tuple[str, ...]) -> "pyarrow.Schema":
    import pyarrow as pa

    text, number = {"dtype": "string", "_type": "Value"}, {"dtype": "int32", "_type": "Value"}
    fields = [
        pa.field("image", pa.struct([("bytes", pa.binary()), ("path", pa.string())])),
        pa.field("label", pa.int64()),
        *(pa.field(name, pa.string()) for name in ("path", "split", "annotator", "labelled_at")),
        pa.field("source", pa.string()),
        pa.field("confidence", pa.float64()),
        pa.field("reason", pa.string()),
        pa.field("sha256", pa.string()),
        pa.field("width", pa.int32()),
        pa.field("height", pa.int32()),
    ]
    features: dict[str, Any] = {field.name: text for field in fields}
    features |= {
        "image": {"_type": "Image"},
        "label": {"names": list(classes), "_type": "ClassLabel"},
        "confidence": {"dtype": "float64", "_type": "Value"},
        "width": number,
        "height": number,
    }
    metadata = {
        b"huggingface": json.dumps({"info": {"features": features}}).encode(),
        NAMES: json.dumps(list(classes)).encode(),
    }
    return pa.schema(fields, metadata)


def _row(item: Item, places: dict[str, int], writing: Writing) -> dict[str, Any]:
    whole = str(item.file) if item.file else item.path
    return {
        "image": {
            "bytes": image_bytes(item) if writing.embed else None,
            "path": item.path if writing.embed else whole,
        },
        "label": None if item.label is None else places[item.label],
        "path": written_path(item, writing),
        "split": item.split,
        "annotator": item.annotator or None,
        "labelled_at": item.at or None,
        "source": item.source or None,
        "confidence": item.confidence,
        "reason": item.reason,
        "sha256": item.sha256 or None,
        "width": item.width or None,
        "height": item.height or None,
    }


def _batch(rows: list[dict[str, Any]], schema: "pyarrow.Schema") -> "pyarrow.RecordBatch":
    import pyarrow as pa

    return pa.RecordBatch.from_pylist(rows, schema=schema)


def _names(schema: "pyarrow.Schema") -> tuple[str, ...]:
    """The class names in the schema, ours or 🤗 Datasets'; empty if there are none."""
    kept = schema.metadata or {}
    try:
        if NAMES in kept:
            return tuple(map(str, json.loads(kept[NAMES])))
        features = json.loads(kept[b"huggingface"])["info"]["features"]
        return tuple(map(str, features["label"]["names"]))
    except (LookupError, ValueError, TypeError):
        return ()


def _item(row: dict[str, Any], names: tuple[str, ...], place: str) -> Item | None:
    label, reason = row["label"], row.get("reason")
    if isinstance(label, int) and names:
        if not -1 <= label < len(names):
            raise LabellerError("{place}: there is no class {label}.", place=place, label=label)
        label = names[label] if label >= 0 else None
    elif isinstance(label, int):
        label = str(label)
    if label is None and not reason:
        return None
    image = row.get("image")
    image = image if isinstance(image, dict) else {"bytes": image, "path": None}
    data = image.get("bytes")
    return Item(
        row.get("path") or image.get("path") or "",
        label,
        data=data if isinstance(data, bytes) else None,
        sha256=row.get("sha256") or "",
        split=row.get("split"),
        annotator=row.get("annotator") or "",
        at=str(row.get("labelled_at") or ""),
        source=row.get("source") or "",
        confidence=row.get("confidence"),
        reason=None if label is not None else reason,
        place=place,
    )


def _rows(batch: "pyarrow.RecordBatch", place: str) -> list[dict[str, Any]]:
    try:
        return batch.to_pylist()
    except UnicodeDecodeError:
        raise LabellerError("{place}: a text is not UTF-8.", place=place) from None
