"""Metadata of an image beside its class, for formats with custom fields."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from labeller.core.errors import LabellerError
from labeller.core.files import read_text
from labeller.exchange.dataset import Item

PREFIX = "labeller_"
"""Prefix of custom fields."""


def known_of(item: Item, names: Iterable[str]) -> dict[str, str | None]:
    """The values of these names, of `annotator`, `labelled_at`, `source`, `split`, `reason`,
    `sha256` and `path`, in their order."""
    values = {
        "annotator": item.annotator, "labelled_at": item.at, "source": item.source,
        "split": item.split, "reason": item.reason, "sha256": item.sha256, "path": item.path,
    }  # fmt: skip
    return {name: values[name] for name in names}


def texts_of(values: Mapping[str, Any], names: Iterable[str], prefix: str = "") -> dict[str, str]:
    """The reverse: texts by name, empty for missing ones."""
    return {name: str(values.get(prefix + name) or "") for name in names}


def told(known: Mapping[str, str]) -> dict[str, Any]:
    """Arguments for `Item` from `texts_of`, besides path, class and reason."""
    return {
        "sha256": known["sha256"],
        "split": known.get("split") or None,
        "annotator": known["annotator"],
        "at": known["labelled_at"],
        "source": known["source"],
    }


def share_of(value: object) -> float | None:
    """A number meant as a confidence; its range is checked elsewhere."""
    return value if type(value) in (int, float) else None  # type: ignore[return-value]


def write_classes(path: Path, classes: Iterable[str]) -> None:
    """The classes in their order, one a line."""
    text = "".join(f"{' '.join(name.split())}\n" for name in classes)
    path.write_text(text, encoding="utf-8")


def read_classes(path: Path) -> list[str]:
    """The reverse; empty if there is no such file."""
    try:
        return read_text(path).splitlines()
    except LabellerError:
        return []
