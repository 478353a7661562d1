"""labelme's flags: a JSON file an image, beside each other, in which the flag of its class is true.

https://github.com/wkentaro/labelme/tree/main/examples/classification
"""

import json
from pathlib import Path, PurePosixPath
from typing import Any

from labeller.core.errors import LabellerError
from labeller.exchange.dataset import Dataset, Item, Writing
from labeller.exchange.json_files import part, read_json
from labeller.exchange.placing import Names, appearing, place

VERSION = "5.5.0"
FLAGS = "flags.txt"
KNOWN = ("annotator", "labelled_at", "source", "split", "reason", "sha256", "path")


def write_labelme(dataset: Dataset, output: Path, writing: Writing) -> None:
    """Write an image and a file for each, and `flags.txt` for `labelme --flags flags.txt`. Raises
    OSError where an image is gone or was changed."""
    names = Names()
    stems: set[str] = set()
    with appearing(output) as folder:
        flags = "".join(f"{' '.join(name.split())}\n" for name in dataset.classes)
        (folder / FLAGS).write_text(flags, encoding="utf-8")
        for item in dataset.items():
            name = names.file("", item.path)
            while (stem := PurePosixPath(name).stem).casefold() in stems:
                name = names.file("", f"{stem}_{len(stems)}{PurePosixPath(name).suffix}")
            stems.add(stem.casefold())
            place(item, folder / name, writing.copies)
            text = json.dumps(_content(item, name, dataset.classes), ensure_ascii=False, indent=2)
            (folder / f"{stem}.json").write_text(text, encoding="utf-8")


def _content(item: Item, name: str, classes: tuple[str, ...]) -> dict[str, Any]:
    known = {
        "annotator": item.annotator, "labelled_at": item.at, "source": item.source,
        "split": item.split, "reason": item.reason, "sha256": item.sha256, "path": item.path,
        "confidence": item.confidence,
    }  # fmt: skip
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
        LabellerError: there are none, or one has several flags that are true.
    """
    files = sorted(folder.rglob("*.json"))
    if not files:
        raise LabellerError("There is no {name} in {folder}.", name="*.json", folder=folder)
    found, classes = [], dict.fromkeys(_flags(folder))
    for file in files:
        content = read_json(file)
        flags = part(content, dict, "flags", place=file)
        classes |= dict.fromkeys(flags)
        chosen = [name for name, value in flags.items() if value is True]
        if len(chosen) > 1:
            raise LabellerError("{place}: there are several labels.", place=file)
        kept = content.get("labeller")
        kept = kept if isinstance(kept, dict) else {}
        known = {name: str(kept.get(name) or "") for name in KNOWN}
        if not chosen and not known["reason"]:
            continue
        name = part(content, str, "imagePath", place=file).replace("\\", "/")
        confidence = kept.get("confidence")
        found.append(
            Item(
                known["path"] or name,
                chosen[0] if chosen else None,
                file.parent / name,
                sha256=known["sha256"],
                split=known["split"] or None,
                annotator=known["annotator"],
                at=known["labelled_at"],
                source=known["source"],
                confidence=confidence if type(confidence) is float else None,
                reason=None if chosen else known["reason"],
                place=str(file),
            )
        )
    return Dataset(tuple(classes), lambda: iter(found), len(found))


def _flags(folder: Path) -> list[str]:
    """The classes in their order, where a file says it."""
    try:
        return (folder / FLAGS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
