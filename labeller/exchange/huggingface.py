"""A folder for 🤗 Datasets: `SPLIT/CLASS/FILE` with a `metadata.jsonl` in each split, and a
README.md (the dataset card) that names the classes in their order.

    datasets.load_dataset("FOLDER")          # or ("imagefolder", data_dir="FOLDER")

https://huggingface.co/docs/datasets/image_dataset#imagefolder
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from labeller.core.errors import LabellerError
from labeller.core.files import read_text
from labeller.core.splits import split_named
from labeller.exchange.cards import dataset_card
from labeller.exchange.dataset import TRAIN, Dataset, Item, Writing, streamed
from labeller.exchange.imagefolder import FOLDERS, placed
from labeller.exchange.jsonl import as_values, item_of
from labeller.exchange.placing import Names, appearing, place

METADATA = "metadata.jsonl"
COLUMNS = ("path", "annotator", "labelled_at", "source", "sha256")


def write_huggingface(dataset: Dataset, output: Path, writing: Writing) -> None:
    """Write folder, metadata and card. Raises OSError as `write_imagefolder`."""
    names = Names()
    tables: dict[str, TextIO] = {}
    with appearing(output) as folder:
        try:
            for item in dataset.items():
                if item.label is None:
                    continue
                name = placed(item, names)
                split = FOLDERS.get(item.split or TRAIN, "train")
                if item.split is None:
                    name = f"{split}/{name}"
                place(item, folder / name, writing.copies)
                if split not in tables:
                    tables[split] = (folder / split / METADATA).open("w", encoding="utf-8")
                values = as_values(item, writing)
                # All rows of all splits need the same columns to be loaded together.
                row = {"file_name": name.partition("/")[2], "label": item.label}
                row |= {key: values.get(key, "") for key in COLUMNS}
                row["confidence"] = "" if item.confidence is None else f"{item.confidence:.6f}"
                tables[split].write(json.dumps(row, ensure_ascii=False) + "\n")
        finally:
            for table in tables.values():
                table.close()
        (folder / "README.md").write_text(dataset_card(dataset, output.name), encoding="utf-8")


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()


def read_huggingface(folder: Path) -> Dataset:
    """Read the tables `metadata.jsonl` below a folder.

    Raises:
        LabellerError: there is none, or a line is no object with a `file_name` and a `label`.
    """
    tables = sorted(folder.rglob(METADATA))
    if not tables:
        raise LabellerError("There is no {name} in {folder}.", name=METADATA, folder=folder)

    def items() -> Iterator[Item]:
        for table in tables:
            split = split_named(table.parent.name) if len(tables) > 1 else None
            for number, line in enumerate(read_text(table).split("\n"), start=1):
                at = f"{table}, line {number}"
                try:
                    values = json.loads(line) if line.strip() else None
                except (ValueError, RecursionError):
                    raise LabellerError("{place} is not JSON.", place=at) from None
                if values is None:
                    continue
                name = values.get("file_name") if isinstance(values, dict) else None
                if not isinstance(name, str):
                    raise LabellerError("{place}: there is no 'file_name'.", place=at)
                values = {"path": name, **values}
                share = values.get("confidence")
                if isinstance(share, str):
                    values["confidence"] = float(share) if _is_number(share) else None
                found = item_of(values, at)
                if found is not None:
                    file = table.parent / name
                    yield replace(found, file=file, split=found.split or split)

    found = streamed(items)
    return replace(found, classes=tuple(sorted(found.classes)))
