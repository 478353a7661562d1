"""JSON of other programs: read as a whole, with one sentence for errors; written incrementally."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

from labeller.core.errors import LabellerError
from labeller.core.files import read_text


def read_json(path: Path) -> Any:
    """Raises LabellerError if it is not JSON or cannot be read."""
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
        LabellerError: it is not there, or of another kind.
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
