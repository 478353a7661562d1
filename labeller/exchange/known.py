"""What is known of an image beside its class, for formats that have room for names of one's own."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from labeller.core.errors import LabellerError
from labeller.core.files import read_text
from labeller.exchange.dataset import Item

PREFIX = "labeller_"
"""What such names begin with where they stand among others."""


def known_of(item: Item, names: Iterable[str]) -> dict[str, str | None]:
    """The values of these names, of `annotator`, `labelled_at`, `source`, `split`, `reason`,
    `sha256` and `path`, in their order."""
    values = {
        "annotator": item.annotator, "labelled_at": item.at, "source": item.source,
        "split": item.split, "reason": item.reason, "sha256": item.sha256, "path": item.path,
    }  # fmt: skip
    return {name: values[name] for name in names}


def texts_of(values: Mapping[str, Any], names: Iterable[str], prefix: str = "") -> dict[str, str]:
    """The reverse: texts by name, empty for what is not there."""
    return {name: str(values.get(prefix + name) or "") for name in names}


def told(known: Mapping[str, str]) -> dict[str, Any]:
    """What an `Item` is made with of `texts_of`, beside its path, class and reason."""
    return {
        "sha256": known["sha256"],
        "split": known.get("split") or None,
        "annotator": known["annotator"],
        "at": known["labelled_at"],
        "source": known["source"],
    }


def share_of(value: object) -> float | None:
    """A number that is meant as a confidence; whether it can be one is said where all are."""
    return value if type(value) in (int, float) else None  # type: ignore[return-value]


def write_classes(path: Path, classes: Iterable[str]) -> None:
    """The classes in their order, one a line."""
    text = "".join(f"{' '.join(name.split())}\n" for name in classes)
    path.write_text(text, encoding="utf-8")


def read_classes(path: Path) -> list[str]:
    """The reverse; nothing where there is no such file."""
    try:
        return read_text(path).splitlines()
    except LabellerError:
        return []
