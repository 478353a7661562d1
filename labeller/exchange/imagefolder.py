"""Labels as folders named by class: `CLASS/FILE` or `SPLIT/CLASS/FILE`, as torchvision's
ImageFolder, Keras' `image_dataset_from_directory` and most training scripts read them; and, for 🤗
Datasets, with a `metadata.jsonl` in each split and a README.md (the dataset card) naming the
classes in order.

    datasets.load_dataset("FOLDER")          # or ("imagefolder", data_dir="FOLDER")

https://huggingface.co/docs/datasets/image_dataset#imagefolder
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from labeller.core.errors import LabellerError
from labeller.core.files import is_regular, read_text
from labeller.core.names import split_named
from labeller.exchange.dataset import (
    TEST,
    TRAIN,
    VALIDATION,
    Dataset,
    Item,
    Writing,
    dataset_card,
    kept,
    streamed,
)
from labeller.exchange.json_files import read_json
from labeller.exchange.jsonl import as_values, item_of
from labeller.exchange.placing import Names, appearing, known_suffix, place
from labeller.pool.sources import Listing, label_by_folder, list_images, take_splits_apart

CLASSES = "class_names.json"
FOLDERS = {TRAIN: "train", VALIDATION: "val", TEST: "test"}


def write_imagefolder(dataset: Dataset, output: Path, writing: Writing) -> None:
    """Place the labelled images in their folders; `output` appears once it is complete.

    Images of a class with the same name are numbered; unlabelled ones are left out.

    Raises:
        OSError: an image is missing, or is not the one that was imported and labelled.
    """
    names = Names()
    with appearing(output) as folder:
        for item in dataset.items():
            if item.label is not None:
                place(item, folder / placed(item, names), writing.copies)
        renamed = {folder: label for label, folder in names.folders.items() if folder != label}
        if renamed:  # class names that are invalid as folder names are preserved
            text = json.dumps(renamed, ensure_ascii=False, indent=2)
            (folder / CLASSES).write_text(text + "\n", encoding="utf-8")


def placed(item: Item, names: Names) -> str:
    """The target of a labelled image."""
    folder = names.folder(item.label or "")
    split = split_folder(item, "")
    return names.file(f"{split}/{folder}" if split else folder, known_suffix(item))


def split_folder(item: Item, undivided: str) -> str:
    """The folder of an image's split; `undivided` for an image without a split."""
    return undivided if item.split is None else FOLDERS.get(item.split, item.split)


def read_imagefolder(location: Path) -> Dataset:
    """Read a folder or a .zip of folders named by class.

    Raises:
        LabellerError: there are no images.
    """
    splits = take_splits_apart(list_images(location))
    names = _renamed(location)
    parts = [(TRAIN, splits.pool), (TEST, splits.test), (VALIDATION, splits.validation)]
    divided = splits.test is not None or splits.validation is not None
    found = [
        item
        for split, listing in parts
        if listing is not None
        for item in _items(label_by_folder(listing), split if divided else None, names)
    ]
    return kept(found, sorted({item.label for item in found if item.label is not None}))


def _items(listing: Listing, split: str | None, names: dict[str, str]) -> Iterator[Item]:
    for image in listing.images:
        if image.label is not None:
            label = names.get(image.label, image.label)
            file = listing.root / image.path if listing.archive is None else None
            yield Item(image.path, label, file, split=split, place=image.path)


def _renamed(location: Path) -> dict[str, str]:
    """Class names that are not valid folder names, by folder."""
    file = location / CLASSES
    if not is_regular(file):
        return {}
    found = read_json(file)
    sound = isinstance(found, dict) and all(isinstance(name, str) for name in found.values())
    return found if sound else {}


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
        LabellerError: there is none, or a line is not an object with a `file_name` and a `label`.
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
