"""Labels as JSON Lines in UTF-8: one object per image, with everything known about it.

Keys: `path`, `label`, `split`, `annotator`, `labelled_at`, `source`, `confidence`, `reason`,
`file`, `sha256`, `width`, `height`. An import needs `path` and `label` (or `reason`).
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from labeller.core.errors import LabellerError, cannot_read, quoted
from labeller.core.files import open_regular, replacing
from labeller.exchange.dataset import Dataset, Item, Writing, streamed, written_path

LONGEST_LINE = 1 << 20
TEXTS = ("split", "annotator", "source", "reason", "sha256")


def write_jsonl(dataset: Dataset, output: Path, writing: Writing) -> None:
    """Write the lines in one step."""
    with replacing(output) as temporary, temporary.open("w", encoding="utf-8") as file:
        for item in dataset.items():
            file.write(json.dumps(as_values(item, writing), ensure_ascii=False) + "\n")


def as_values(item: Item, writing: Writing) -> dict[str, Any]:
    """An item's values by name."""
    values = {
        "path": written_path(item, writing),
        "label": item.label,
        "split": item.split,
        "annotator": item.annotator or None,
        "labelled_at": item.at or None,
        "source": item.source or None,
        "confidence": item.confidence,
        "reason": item.reason,
        "file": str(item.file) if item.file else None,
        "sha256": item.sha256 or None,
        "width": item.width or None,
        "height": item.height or None,
    }
    return {name: value for name, value in values.items() if value is not None}


def item_of(values: Any, place: str) -> Item | None:
    """The reverse of `as_values`; None if there is neither a label nor a reason.

    Raises:
        LabellerError: it is not an object with a `path`, or a value has the wrong type.
    """
    if not isinstance(values, dict) or not isinstance(values.get("path"), str):
        raise LabellerError("{place}: there is no object with a 'path'.", place=place)
    label, reason = values.get("label"), values.get("reason")
    confidence = values.get("confidence")
    sound = (
        (label is None or isinstance(label, str))
        and all(values.get(name) is None or isinstance(values[name], str) for name in TEXTS)
        and (confidence is None or (type(confidence) in (int, float) and 0 <= confidence <= 1))
    )
    if not sound:
        raise LabellerError("{place}: a value has the wrong type.", place=place)
    if not (label or "").strip() and not (reason or "").strip():
        return None
    return Item(
        values["path"],
        label.strip() if label else None,
        sha256=values.get("sha256") or "",
        split=values.get("split"),
        annotator=values.get("annotator") or "",
        at=str(values.get("labelled_at") or ""),
        source=values.get("source") or "",
        confidence=confidence,
        reason=None if label else reason,
        place=place,
    )


def read_jsonl(path: Path) -> Dataset:
    """Read the lines, in bounded memory.

    Raises:
        LabellerError: the file cannot be read, or a line is not such an object.
    """

    def items() -> Iterator[Item]:
        try:
            with open_regular(path) as file:
                number = 0
                while line := file.readline(LONGEST_LINE):
                    number += 1
                    place = f"{path}, line {number}"
                    if line.strip() and (found := item_of(_parsed(line, place), place)):
                        yield found
        except OSError as error:
            raise cannot_read(path, error) from error

    return streamed(items)


def _parsed(line: bytes, place: str) -> Any:
    try:
        return json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise LabellerError(
            "{place} is not JSON: {line}", place=place, line=quoted(repr(line[:60]))
        ) from None
