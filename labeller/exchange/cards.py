"""Data set and model cards for later users."""

import json
from collections import Counter

from labeller.exchange.dataset import Dataset


def dataset_card(dataset: Dataset, name: str) -> str:
    """A data set in Markdown, with the front matter that 🤗 Datasets reads
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
        "- how the images were chosen: not a random sample where a model chose what to label",
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
