"""FiftyOne's FiftyOneImageClassificationDataset: `labels.json` and `data/NAME`.

https://docs.voxel51.com/user_guide/import_datasets.html#fiftyoneimageclassificationdataset
"""

import json
from pathlib import Path
from typing import Any

from labeller.core.errors import LabellerError
from labeller.exchange.dataset import (
    Dataset,
    Item,
    Writing,
    item_arguments,
    kept,
    share_of,
    texts_of,
    values_of,
)
from labeller.exchange.json_files import part, read_json
from labeller.exchange.placing import Names, appearing, place

LABELS = "labels.json"
KNOWN = ("annotator", "labelled_at", "source", "split", "sha256", "path")


def write_fiftyone(dataset: Dataset, output: Path, writing: Writing) -> None:
    """Write images and labels, with everything known about each as attributes. Images without a
    label get null. Raises OSError if an image is missing or was changed."""
    names = Names()
    with appearing(output) as folder, (folder / LABELS).open("w", encoding="utf-8") as file:
        file.write('{"classes": ' + json.dumps(list(dataset.classes), ensure_ascii=False))
        file.write(', "labels": {')
        for number, item in enumerate(dataset.items()):
            name, key = names.stem("data", item.path)  # the key that labels are found by
            place(item, folder / name, writing.copies)
            file.write(",\n" if number else "\n")
            file.write(json.dumps(key, ensure_ascii=False) + ": ")
            file.write(json.dumps(_label(item), ensure_ascii=False))
        file.write("\n}}")


def _label(item: Item) -> dict[str, Any] | None:
    if item.label is None:
        return None
    attributes = {key: value for key, value in values_of(item, KNOWN).items() if value}
    share = {} if item.confidence is None else {"confidence": item.confidence}
    return {"label": item.label, "attributes": attributes, **share}


def read_fiftyone(folder: Path) -> Dataset:
    """Read such a folder, with indices into the classes or with objects. Images with null are left
    out.

    Raises:
        LabellerError: it is not such a folder.
    """
    path = folder / LABELS if folder.is_dir() else folder
    content = read_json(path)
    labels = part(content, dict, "labels", place=path)
    classes = content.get("classes") or []
    classes = [str(name) for name in classes] if isinstance(classes, list) else []
    data = path.parent / "data"
    files = {}
    if data.is_dir():
        files = {
            file.relative_to(data).with_suffix("").as_posix(): file
            for file in sorted(data.rglob("*"))
            if file.is_file()
        }
    found = []
    for key, value in labels.items():
        at = f"{path}, label of {key[:60]}"
        if value is not None:
            found.append(_item(key, value, classes, files.get(key), at))
    return kept(found, classes)


def _item(key: str, value: Any, classes: list[str], file: Path | None, at: str) -> Item:
    known: dict[str, Any] = {}
    confidence = None
    if isinstance(value, dict):
        attributes = value.get("attributes")
        known = attributes if isinstance(attributes, dict) else {}
        confidence = value.get("confidence")
        value = part(value, str, "label", place=at)
    elif type(value) is int and 0 <= value < len(classes):
        value = classes[value]
    elif not isinstance(value, str):
        raise LabellerError("{place}: there is no class {label}.", place=at, label=str(value)[:40])
    text = texts_of(known, KNOWN)
    return Item(
        text["path"] or (file.name if file else key),
        value,
        file,
        confidence=share_of(confidence),
        place=at,
        **item_arguments(text),
    )
