"""Reads and validates other programs' files: any error becomes one sentence that names the file and
the place in it, and values of the wrong type are refused."""

import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from labeller.core.errors import LabellerError, cannot_read, quoted
from labeller.core.files import (
    LARGEST_BYTES,
    LONGEST_PATH,
    is_readable_name,
    open_regular,
    read_text,
)
from labeller.exchange.dataset import Dataset, Item


def read_json(path: Path) -> Any:
    """The content of a JSON file. Raises LabellerError if it is not JSON or cannot be read."""
    try:
        return json.loads(read_text(path))
    except (ValueError, RecursionError):
        raise LabellerError("{path} is not JSON.", path=path) from None


def write_list(file: TextIO, values: Iterable[Any]) -> None:
    """Write a list, one value per line, without holding all in memory."""
    file.write("[")
    for number, value in enumerate(values):
        file.write(",\n" if number else "\n")
        file.write(json.dumps(value, ensure_ascii=False))
    file.write("\n]")


def part(value: Any, kind: type, *keys: str | int, place: object) -> Any:
    """A nested value of an expected type.

    Raises:
        LabellerError: it is missing, or of another type.
    """
    try:
        for key in keys:
            value = value[key]
    except (LookupError, TypeError):
        value = None
    if not isinstance(value, kind) or isinstance(value, bool) is not (kind is bool):
        raise LabellerError(
            "{place}: there is no {what} '{name}', as this format has it.",
            place=place,
            what={str: "text", int: "number", list: "list", dict: "object"}.get(kind, "value"),
            name=".".join(map(str, keys)),
        )
    return value


LONGEST_TEXT = 100_000


def require_regular(place: Path) -> None:
    """Raises LabellerError for files that are endless or would block."""
    if not place.is_dir():
        with one_sentence(place):
            open_regular(place).close()


@contextmanager
def one_sentence(place: Path) -> Iterator[None]:
    """Turn any error of a library that reads somebody else's file into one sentence."""
    try:
        yield
    except (LabellerError, MemoryError):
        raise
    except OSError as error:
        raise cannot_read(place, error) from error
    except Exception as error:  # raised by many libraries for unexpected input
        logging.getLogger(__name__).warning("%s cannot be read", place, exc_info=True)
        first = (str(error).splitlines() or [""])[0]
        raise cannot_read(place, first or error) from error


def sound(dataset: Dataset, place: Path) -> Dataset:
    """A data set whose items are validated as they are read."""
    for name in dataset.classes:
        _require_text(name, "class", str(place))

    def items() -> Iterator[Item]:
        with one_sentence(place):
            for item in dataset.items():
                require_sound(item, place)
                yield item

    return Dataset(dataset.classes, items, dataset.count)


def require_sound(item: Item, place: Path) -> None:
    """Raises LabellerError if a value of an item has the wrong type."""
    at = item.place or str(place)
    _require_text(item.path, "path", at, LONGEST_PATH)
    texts = (
        (item.label, "label"), (item.sha256, "sha256"), (item.split, "split"),
        (item.annotator, "annotator"), (item.at, "labelled_at"), (item.source, "source"),
        (item.reason, "reason"), *((name, "path") for name in item.otherwise),
    )  # fmt: skip
    for value, name in texts:
        if value:
            _require_text(value, name, at)
    share = item.confidence
    if share is not None and not (type(share) in (int, float) and 0 <= share <= 1):
        raise LabellerError(
            "{place}: the confidence {written} is not between 0 and 1.",
            place=at,
            written=quoted(f"{share:g}" if isinstance(share, float) else repr(share)),
        )
    if item.data is not None and len(item.data) > LARGEST_BYTES:
        raise LabellerError("{place}: the image is too large.", place=at)


def _require_text(value: object, name: str, place: str, most: int = LONGEST_TEXT) -> None:
    if not isinstance(value, str) or not is_readable_name(value):
        raise LabellerError("{place}: the {name} is not text.", place=place, name=name)
    if len(value) > most:
        raise LabellerError(
            "{place}: the {name} has {count:,} letters, more than {most:,}.",
            place=place, name=name, count=len(value), most=most,
        )  # fmt: skip
