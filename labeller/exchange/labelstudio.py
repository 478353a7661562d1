"""Label Studio: a folder with `tasks.json`, whose tasks have people's choices as annotations and
models' choices as predictions, and `config.xml`, the labelling configuration to import them with.

Images are referred to as in Label Studio's local storage: `/data/local-files/?d=PATH`.
https://labelstud.io/guide/tasks · https://labelstud.io/guide/export#Label-Studio-JSON-format-of-annotated-tasks
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.sax.saxutils import quoteattr

from labeller.core.errors import LabellerError, quoted
from labeller.exchange.dataset import (
    MODEL,
    PREFIX,
    SKIPPED,
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
from labeller.exchange.placing import appearing

TASKS, CONFIG = "tasks.json", "config.xml"
LOCAL = "/data/local-files/?d="
UPLOADED = re.compile(r"^[0-9a-f]{8}-")
"""Label Studio's prefix of uploaded file names."""
KNOWN = ("annotator", "labelled_at", "source", "split", "reason", "sha256")


def write_labelstudio(dataset: Dataset, output: Path, writing: Writing) -> None:
    """Write tasks and configuration."""
    with appearing(output) as folder:
        with (folder / TASKS).open("w", encoding="utf-8") as file:
            write_list(file, _tasks(dataset, writing))
        (folder / CONFIG).write_text(config(dataset.classes), encoding="utf-8")


def config(classes: tuple[str, ...]) -> str:
    """The labelling configuration for these classes."""
    choices = "\n".join(f"    <Choice value={quoteattr(name)}/>" for name in classes)
    return (
        '<View>\n  <Image name="image" value="$image"/>\n'
        '  <Choices name="choice" toName="image" choice="single">\n'
        f"{choices}\n  </Choices>\n</View>\n"
    )


def _tasks(dataset: Dataset, writing: Writing) -> Iterator[dict[str, Any]]:
    for number, item in enumerate(dataset.items(), start=1):
        yield {"id": number, **_task(item, number, writing)}


def _task(item: Item, number: int, writing: Writing) -> dict[str, Any]:
    path = written_path(item, writing)
    data = {"image": LOCAL + quote(path)}
    data |= {PREFIX + name: value for name, value in values_of(item, KNOWN).items() if value}
    task: dict[str, Any] = {"data": data, "annotations": [], "predictions": []}
    result = [] if item.label is None else [_choice(item.label)]
    if item.source == MODEL:
        score = {} if item.confidence is None else {"score": item.confidence}
        task["predictions"] = [
            {"id": number, "model_version": "labeller", "result": result, **score}
        ]
    else:
        made = {"created_at": item.at} if item.at else {}
        cancelled = item.label is None
        task["annotations"] = [{"id": number, "result": result, "was_cancelled": cancelled, **made}]
    return task


def _choice(label: str) -> dict[str, Any]:
    return {
        "from_name": "choice", "to_name": "image", "type": "choices", "value": {"choices": [label]},
    }  # fmt: skip


def read_labelstudio(place: Path) -> Dataset:
    """Read an export in Label Studio's JSON, or a folder with `tasks.json`. If an image has several
    annotations, they must agree, and the last one counts.

    Raises:
        LabellerError: it is not such a list, or a task names no image or contradicts itself.
    """
    path = place / TASKS if place.is_dir() else place
    tasks = read_json(path)
    if not isinstance(tasks, list):
        raise LabellerError("{path} is not a list of tasks.", path=path)
    found = [
        item
        for number, task in enumerate(tasks, start=1)
        if (item := _item(task, f"{path}, task {number}")) is not None
    ]
    return kept(found)


def _item(task: Any, place: str) -> Item | None:
    data = part(task, dict, "data", place=place)
    address = next((v for k, v in _by_likelihood(data) if isinstance(v, str)), None)
    if address is None:
        raise LabellerError("{place}: there is no 'data.image'.", place=place)
    known = texts_of(data, KNOWN, PREFIX)
    annotations = task.get("annotations") or task.get("completions") or []
    predictions = task.get("predictions") or []
    for source, answers in (("", annotations), (MODEL, predictions)):
        if not isinstance(answers, list):
            raise LabellerError("{place}: its answers are not a list.", place=place)
        newest_first = list(reversed(answers))
        for answer in sorted(newest_first, key=_is_cancelled):
            cancelled = _is_cancelled(answer)
            label = None if cancelled else _label(answer, place)
            if label is None and not cancelled:
                continue
            if source == "" and len(said := _said(answers, place)) > 1:
                raise LabellerError(
                    "{place}: annotators disagree ({labels}). Resolve it there, or export a "
                    "single annotator.",
                    place=place,
                    labels=quoted(", ".join(sorted(said))),
                )
            share = share_of(answer.get("score") if isinstance(answer, dict) else None)
            path = _path(address, place)
            name = path.rpartition("/")[2]
            return Item(
                path,
                label,
                otherwise=(name, UPLOADED.sub("", name)) if "/upload/" in path else (),
                confidence=share if source == MODEL else None,
                reason=None if label is not None else known["reason"] or SKIPPED,
                place=place,
                **item_arguments(known)
                | {
                    "at": known["labelled_at"] or str(answer.get("created_at") or ""),
                    "source": source or known["source"],
                },
            )
    return None


def _is_cancelled(answer: Any) -> bool:
    """Whether the task was skipped and nobody else answered it."""
    return isinstance(answer, dict) and bool(answer.get("was_cancelled"))


def _said(answers: list[Any], place: str) -> set[str]:
    """All labels in the annotations."""
    labels = (
        _label(a, place) for a in answers if not (isinstance(a, dict) and a.get("was_cancelled"))
    )
    return {label for label in labels if label is not None}


def _by_likelihood(data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """A task's values that may name its image: the one called image first, then others, except
    those that we write."""
    if "image" in data:
        yield "image", data["image"]
    yield from ((k, v) for k, v in data.items() if not k.startswith(PREFIX))


def _label(answer: Any, place: str) -> str | None:
    result = part(answer, list, "result", place=place)
    for each in result:
        if isinstance(each, dict) and each.get("type") == "choices":
            choices = part(each, list, "value", "choices", place=place)
            if len(choices) > 1:
                raise LabellerError("{place}: there are several choices.", place=place)
            return str(choices[0]) if choices else None
    return None


def _path(address: str, place: str) -> str:
    """The path in the address of a local-storage image or an upload."""
    try:
        parts = urlsplit(address)
    except ValueError:
        raise LabellerError(
            "{place}: {address} is not an address.", place=place, address=quoted(address)
        ) from None
    if parts.path.endswith("/data/local-files/") and (inside := parse_qs(parts.query).get("d")):
        return inside[0]
    return unquote(parts.path) if parts.scheme in ("http", "https") else unquote(address)
