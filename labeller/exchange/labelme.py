"""labelme's flags: a JSON file beside each image, in which the flag of the image's class is true.

https://github.com/wkentaro/labelme/tree/main/examples/classification
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
    read_classes,
    share_of,
    texts_of,
    values_of,
    write_classes,
)
from labeller.exchange.json_files import part, read_json
from labeller.exchange.placing import Names, appearing, place

VERSION = "5.5.0"
FLAGS = "flags.txt"
KNOWN = ("annotator", "labelled_at", "source", "split", "reason", "sha256", "path")


def write_labelme(dataset: Dataset, output: Path, writing: Writing) -> None:
    """Write the images with a JSON file for each, and `flags.txt` for `labelme --flags flags.txt`.
    Raises OSError if an image is missing or was changed."""
    names = Names()
    with appearing(output) as folder:
        write_classes(folder / FLAGS, dataset.classes)
        for item in dataset.items():
            name, stem = names.stem("", item.path)
            place(item, folder / name, writing.copies)
            text = json.dumps(_content(item, name, dataset.classes), ensure_ascii=False, indent=2)
            (folder / f"{stem}.json").write_text(text, encoding="utf-8")


def _content(item: Item, name: str, classes: tuple[str, ...]) -> dict[str, Any]:
    known = values_of(item, KNOWN) | {"confidence": item.confidence}
    return {
        "version": VERSION,
        "flags": {each: each == item.label for each in classes},
        "shapes": [],
        "imagePath": name,
        "imageData": None,
        "imageHeight": item.height,
        "imageWidth": item.width,
        "labeller": {key: value for key, value in known.items() if value is not None},
    }


def read_labelme(folder: Path) -> Dataset:
    """Read a folder of such files.

    Raises:
        LabellerError: there are none, or several flags of a file are true.
    """
    files = sorted(folder.rglob("*.json"))
    if not files:
        raise LabellerError("There is no {name} in {folder}.", name="*.json", folder=folder)
    found, classes = [], dict.fromkeys(read_classes(folder / FLAGS))
    for file in files:
        content = read_json(file)
        flags = part(content, dict, "flags", place=file)
        classes |= dict.fromkeys(flags)
        chosen = [name for name, value in flags.items() if value is True]
        if len(chosen) > 1:
            raise LabellerError("{place}: there are several labels.", place=file)
        own = content.get("labeller")
        own = own if isinstance(own, dict) else {}
        known = texts_of(own, KNOWN)
        if not chosen and not known["reason"]:
            continue
        name = part(content, str, "imagePath", place=file).replace("\\", "/")
        confidence = own.get("confidence")
        found.append(
            Item(
                known["path"] or name,
                chosen[0] if chosen else None,
                file.parent / name,
                confidence=share_of(confidence),
                reason=None if chosen else known["reason"],
                place=str(file),
                **item_arguments(known),
            )
        )
    return kept(found, classes)
