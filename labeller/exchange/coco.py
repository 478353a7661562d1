"""COCO's JSON for classification: `images`, `categories`, and one annotation per image, with a
category and the whole image as its box.

https://cocodataset.org/#format-data
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from labeller.core.errors import LabellerError, quoted
from labeller.core.files import replacing
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
    written_path,
)
from labeller.exchange.json_files import part, read_json, write_list

KNOWN = ("annotator", "labelled_at", "source", "split", "reason", "sha256")


def write_coco(dataset: Dataset, output: Path, writing: Writing) -> None:
    """Write the file in one step. Images without a label have no annotation."""
    places = {name: number for number, name in enumerate(dataset.classes, start=1)}
    categories = [{"id": number, "name": name} for name, number in places.items()]
    with replacing(output) as temporary, temporary.open("w", encoding="utf-8") as file:
        file.write('{"info": {"description": "exported by Labeller"}, "licenses": [], ')
        file.write('"categories": ' + json.dumps(categories, ensure_ascii=False))
        file.write(', "images": ')
        write_list(file, _images(dataset, writing))
        file.write(', "annotations": ')
        write_list(file, _annotations(dataset, places))
        file.write("}")


def _images(dataset: Dataset, writing: Writing) -> Iterator[dict[str, Any]]:
    for number, item in enumerate(dataset.items(), start=1):
        known = values_of(item, KNOWN)
        yield {
            "id": number,
            "file_name": written_path(item, writing),
            "width": item.width,
            "height": item.height,
            **{PREFIX + key: value for key, value in known.items() if value},
        }


def _annotations(dataset: Dataset, places: dict[str, int]) -> Iterator[dict[str, Any]]:
    for number, item in enumerate(dataset.items(), start=1):
        if item.label is None:
            continue
        yield {
            "id": number,
            "image_id": number,
            "category_id": places[item.label],
            "bbox": [0, 0, item.width, item.height],
            "area": item.width * item.height,
            "segmentation": [],
            "iscrowd": 0,
            **({} if item.confidence is None else {"score": item.confidence}),
        }


def read_coco(path: Path) -> Dataset:
    """Read a file in which each image has annotations of at most one category.

    Raises:
        LabellerError: it is not such a file.
    """
    content = read_json(path)
    names: dict[int, str] = {}
    for category in part(content, list, "categories", place=path):
        number = part(category, int, "id", place=path)
        name = part(category, str, "name", place=path)
        if names.setdefault(number, name) != name:
            raise LabellerError(
                "{path}: two categories have the id {number}.", path=path, number=number
            )
    of_image: dict[int, tuple[int, Any]] = {}
    for annotation in part(content, list, "annotations", place=path):
        image = part(annotation, int, "image_id", place=path)
        category = part(annotation, int, "category_id", place=path)
        if category not in names:
            raise LabellerError(
                "{place}: there is no class {label}.", place=path, label=quoted(str(category))
            )
        if of_image.setdefault(image, (category, annotation.get("score")))[0] != category:
            raise LabellerError(
                "{path}: image {image} has objects of several categories. Labeller "
                "labels whole images.",
                path=path,
                image=quoted(str(image)),
            )
    found = []
    seen: set[int] = set()
    for image in part(content, list, "images", place=path):
        number = part(image, int, "id", place=path)
        at = f"{path}, image {quoted(str(number))}"
        if number in seen:
            raise LabellerError("{place}: another image has the same id.", place=at)
        seen.add(number)
        known = texts_of(image, KNOWN, PREFIX)
        if number not in of_image and not known["reason"]:
            continue
        category, score = of_image.get(number, (None, None))
        found.append(
            Item(
                part(image, str, "file_name", place=at),
                None if category is None else names[category],
                confidence=share_of(score),
                reason=known["reason"] or None if category is None else None,
                place=at,
                **item_arguments(known),
            )
        )
    return kept(found, names.values())
