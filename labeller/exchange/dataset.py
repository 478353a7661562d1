"""The data that all formats write and read: a stream of images with labels and metadata; and the
card that describes it."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labeller_models.registry import mark

from labeller.core.errors import LabellerError
from labeller.core.files import read_text
from labeller.core.names import TEST, TRAIN, VALIDATION, split_named

PERSON, SUGGESTION, ORACLE, IMPORT, MODEL = "person", "suggestion", "oracle", "import", "model"
AUDIT = "audit"
SOURCES = (PERSON, SUGGESTION, ORACLE, IMPORT, MODEL, AUDIT)
"""Who gave a label: a person, a person who accepted a model's suggestion, the hidden labels,
another program, only a model, or whoever answered an audit: such labels measure models, and are
never trained on."""
SKIPPED = "skipped"
"""The reason stored for images put aside without one."""
SPLITS = (TRAIN, VALIDATION, TEST)


@dataclass(frozen=True)
class Item:
    """An image with its label and metadata.

    Attributes:
        path: its path relative to the images' folder, with forward slashes.
        label: the name of its class; None if the image was put aside or has no label.
        file: its file; None if the format does not say.
        data: the bytes of its file, if the format contains the images.
        sha256: the digest of those bytes as they were labelled, hexadecimal; empty if not known.
        width, height: in pixels; 0 if not known.
        split: one of `SPLITS`, whatever the spelling was, or a name that is not a split; None if
            the images are not divided.
        annotator: who gave the label; empty for a model.
        at: when it was given, UTC, ISO 8601; empty if not known.
        source: one of `SOURCES`.
        confidence: the model's, between 0 and 1; None if a model had no part in the label.
        reason: why it was put aside; None for images with a label.
        place: where it was read, for messages: "line 3".
        otherwise: other possible names of the image, if nothing is found at `path`; the likeliest
            first.
    """

    path: str
    label: str | None
    file: Path | None = None
    data: bytes | None = None
    sha256: str = ""
    width: int = 0
    height: int = 0
    split: str | None = None
    annotator: str = ""
    at: str = ""
    source: str = PERSON
    confidence: float | None = None
    reason: str | None = None
    place: str = ""
    otherwise: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.split, str) and (known := split_named(self.split)) is not None:
            object.__setattr__(self, "split", known)


@dataclass(frozen=True)
class Dataset:
    """Images and the classes they are sorted into.

    Attributes:
        classes: the class names in order.
        items: called for a new pass over all images, which need not all be in memory.
        count: the number of images; None if counting takes a pass.
    """

    classes: tuple[str, ...]
    items: Callable[[], Iterator[Item]]
    count: int | None = None


def kept(items: list[Item], classes: Iterable[str] = ()) -> Dataset:
    """A data set of items in memory; `classes` come first, then any others that occur."""
    labels = (item.label for item in items if item.label is not None)
    return Dataset(tuple(dict.fromkeys([*classes, *labels])), lambda: iter(items), len(items))


def streamed(items: Callable[[], Iterator[Item]], classes: Iterable[str] = ()) -> Dataset:
    """A data set whose items are read again in each pass; one pass is made now."""
    found, count = dict.fromkeys(classes), 0
    for item in items():
        count += 1
        if item.label is not None:
            found[item.label] = None
    return Dataset(tuple(found), items, count)


@dataclass(frozen=True)
class Writing:
    """Options of an export; each format uses those that apply.

    Attributes:
        copies: how images are put into a folder: `copy`, `hardlink` or `symlink`.
        absolute: write absolute paths instead of those relative to the images' folder.
        embed: whether to put images into the file, if the format can do either.
        side: side in pixels of square images, if the format needs them all the same size.
        shard: number of images per file, if the format writes several.
    """

    copies: str = "copy"
    absolute: bool = False
    embed: bool = True
    side: int = 32
    shard: int = 10_000


def written_path(item: Item, writing: Writing) -> str:
    """The path of an image as chosen for the export."""
    return str(item.file) if writing.absolute and item.file else item.path


COPIES = ("copy", "hardlink", "symlink")
EXPORT_STAGE = mark("Writing")


PREFIX = "labeller_"
"""Prefix of custom fields."""


def values_of(item: Item, names: Iterable[str]) -> dict[str, str | None]:
    """An item's values by these names, in their order; possible names are `annotator`,
    `labelled_at`, `source`, `split`, `reason`, `sha256` and `path`."""
    values = {
        "annotator": item.annotator, "labelled_at": item.at, "source": item.source,
        "split": item.split, "reason": item.reason, "sha256": item.sha256, "path": item.path,
    }  # fmt: skip
    return {name: values[name] for name in names}


def texts_of(values: Mapping[str, Any], names: Iterable[str], prefix: str = "") -> dict[str, str]:
    """The reverse of `values_of`: texts by name, empty for missing ones."""
    return {name: str(values.get(prefix + name) or "") for name in names}


def item_arguments(known: Mapping[str, str]) -> dict[str, Any]:
    """Arguments for `Item` from the result of `texts_of`, apart from path, class and reason."""
    return {
        "sha256": known["sha256"],
        "split": known.get("split") or None,
        "annotator": known["annotator"],
        "at": known["labelled_at"],
        "source": known["source"],
    }


def share_of(value: object) -> float | None:
    """The value if it is a number, meant as a confidence; its range is checked elsewhere."""
    return value if type(value) in (int, float) else None  # type: ignore[return-value]


def write_classes(path: Path, classes: Iterable[str]) -> None:
    """Write the classes in their order, one per line."""
    text = "".join(f"{' '.join(name.split())}\n" for name in classes)
    path.write_text(text, encoding="utf-8")


def read_classes(path: Path) -> list[str]:
    """Read what `write_classes` wrote; empty if there is no such file."""
    try:
        return read_text(path).splitlines()
    except LabellerError:
        return []


def dataset_card(dataset: Dataset, name: str) -> str:
    """A description of a data set in Markdown, with the front matter that 🤗 Datasets reads
    (https://huggingface.co/docs/hub/datasets-cards)."""
    by_class: Counter[str] = Counter()
    by_split: Counter[str] = Counter()
    by_source: Counter[str] = Counter()
    annotators: set[str] = set()
    first, last, aside = "", "", 0
    for item in dataset.items():
        if item.label is None:
            aside += 1
            continue
        by_class[item.label] += 1
        by_split[item.split or "train"] += 1
        by_source[item.source] += 1
        if item.annotator:
            annotators.add(item.annotator)
        if item.at:
            first = min(first or item.at, item.at)
            last = max(last, item.at)
    names = "".join(
        f"          '{number}': {_yaml(label)}\n" for number, label in enumerate(dataset.classes)
    )
    lines = [
        "---",
        "task_categories:\n- image-classification",
        f"pretty_name: {_yaml(name)}",
        "dataset_info:\n  features:\n  - name: image\n    dtype: image\n  - name: label\n"
        f"    dtype:\n      class_label:\n        names:\n{names}".rstrip("\n"),
        "---",
        "",
        f"# {name}",
        "",
        f"{sum(by_class.values())} labelled images of {len(dataset.classes)} classes, exported by "
        "Labeller.",
        "",
        _table("class", by_class),
        "",
        _table("split", by_split),
        "",
        _table("given by", by_source),
        "",
    ]
    if annotators:
        lines.append(f"- annotators: {len(annotators)}")
    if first:
        lines.append(f"- labelled between {first[:10]} and {last[:10]} (UTC)")
    if aside:
        lines.append(f"- put aside, and left out: {aside}")
    lines += [
        "- licence of the images: not known to Labeller; write it here",
        "- how the images were chosen: not a random sample if a model chose what to label",
        "",
    ]
    return "\n".join(lines)


def _table(title: str, counts: Counter[str]) -> str:
    rows = [f"| {cell(name)} | {count} |" for name, count in counts.most_common()]
    return "\n".join([f"| {title} | images |", "| --- | --- |", *rows])


def cell(text: str) -> str:
    """Escape a text for a Markdown table."""
    return " ".join(text.replace("|", "\\|").split())


def _yaml(text: str) -> str:
    """A quoted text that is valid in both YAML and JSON."""
    return json.dumps(text, ensure_ascii=False)
