"""Datumaro's own format: `annotations/SPLIT.json` and `images/SPLIT/PATH`.

https://openvinotoolkit.github.io/datumaro/latest/docs/data-formats/formats/datumaro.html
"""

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any

from labeller.core.errors import LabellerError, quoted
from labeller.core.names import split_named
from labeller.exchange.dataset import (
    PREFIX,
    Dataset,
    Item,
    Writing,
    item_arguments,
    kept,
    share_of,
    texts_of,
    values_of,
)
from labeller.exchange.imagefolder import split_folder
from labeller.exchange.json_files import part, read_json, write_list
from labeller.exchange.placing import Names, appearing, place

DEFAULT = "default"
KNOWN = ("annotator", "labelled_at", "source", "reason", "sha256", "path")


def write_datumaro(dataset: Dataset, output: Path, writing: Writing) -> None:
    """Write annotations and images. Raises OSError if an image is missing or was changed."""
    places = {name: number for number, name in enumerate(dataset.classes)}
    labels = [{"name": name, "parent": "", "attributes": []} for name in dataset.classes]
    names = Names()
    splits = sorted({split_folder(item, DEFAULT) for item in dataset.items()})
    with appearing(output) as folder:
        (folder / "annotations").mkdir()
        for split in splits:
            with (folder / "annotations" / f"{split}.json").open("w", encoding="utf-8") as file:
                head = {
                    "dm_format_version": "1.0",
                    "media_type": 2,
                    "infos": {},
                    "categories": {"label": {"labels": labels, "attributes": []}},
                }
                file.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "items": ')
                write_list(file, _entries(dataset, split, names, places, folder, writing))
                file.write("}")


def _entries(
    dataset: Dataset, split: str, names: Names, places: dict[str, int], folder: Path, how: Writing
) -> Iterator[dict[str, Any]]:
    for item in dataset.items():
        if split_folder(item, DEFAULT) != split:
            continue
        # Readers identify an image by its path without the suffix.
        name = names.stem(f"images/{split}", item.path)[0].split("/", 2)[2]
        place(item, folder / "images" / split / name, how.copies)
        known = values_of(item, KNOWN)
        attributes: dict[str, Any] = {key: value for key, value in known.items() if value}
        if item.confidence is not None:
            attributes["confidence"] = item.confidence
        annotation = {
            "id": 0, "type": "label", "attributes": attributes, "group": 0,
            "label_id": None if item.label is None else places[item.label],
        }  # fmt: skip
        yield {
            "id": str(PurePosixPath(name).with_suffix("")),
            "annotations": [] if item.label is None else [annotation],
            "attr": {PREFIX + key: value for key, value in attributes.items()},
            "image": {"path": name, "size": [item.height, item.width]},
        }


def read_datumaro(folder: Path) -> Dataset:
    """Read a folder, or one of its annotation files.

    Raises:
        LabellerError: it is not such a folder or file.
    """
    files = sorted((folder / "annotations").glob("*.json")) if folder.is_dir() else [folder]
    if not files:
        raise LabellerError("There is no {name} in {folder}.", name="annotations", folder=folder)
    found: list[Item] = []
    classes: dict[str, None] = {}
    for file in files:
        content = read_json(file)
        labels = part(content, list, "categories", "label", "labels", place=file)
        names = [part(label, str, "name", place=file) for label in labels]
        classes |= dict.fromkeys(names)
        for number, entry in enumerate(part(content, list, "items", place=file), start=1):
            at = f"{file}, item {number}"
            item = _item(entry, names, file, split_named(file.stem), at)
            if item is not None:
                found.append(item)
    return kept(found, classes)


def _item(entry: Any, names: list[str], file: Path, split: str | None, at: str) -> Item | None:
    own = entry.get("attr") if isinstance(entry, dict) else None
    own = own if isinstance(own, dict) else {}
    known = texts_of(own, KNOWN, PREFIX)
    image = entry.get("image") if isinstance(entry, dict) else None
    written = image.get("path") if isinstance(image, dict) else None
    name = written if isinstance(written, str) and written else part(entry, str, "id", place=at)
    labels = [
        part(each, int, "label_id", place=at)
        for each in part(entry, list, "annotations", place=at)
        if isinstance(each, dict) and each.get("type") == "label"
    ]
    if len({label for label, _ in groupby(labels)}) > 1:
        raise LabellerError("{place}: there are several labels.", place=at)
    if labels and not 0 <= labels[0] < len(names):
        raise LabellerError(
            "{place}: there is no class {label}.", place=at, label=quoted(str(labels[0]))
        )
    reason = known["reason"]
    if not labels and not reason:
        return None
    return Item(
        known["path"] or name,
        names[labels[0]] if labels else None,
        file.parent.parent / "images" / file.stem / name,
        confidence=share_of(own.get(f"{PREFIX}confidence")),
        reason=None if labels else reason,
        place=at,
        **item_arguments(known) | {"split": split},
    )
