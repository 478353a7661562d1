"""Changing the classes of a project without losing a label."""

from dataclasses import replace

from labeller.errors import LabellerError
from labeller.project import Project


def merge_classes(project: Project, source: int, target: int, annotator: str) -> int:
    """Give every label of one class another one, and archive the first; returns how many.

    The labels change as one action, which can be undone; what the oracle knows is merged too.

    Raises:
        LabellerError: both are the same.
    """
    if source == target:
        raise LabellerError("A class cannot be merged with itself. Choose another one.")
    images, classes = project.labels.labelled()
    moved = [int(image_id) for image_id in images[classes == source]]
    if moved:
        project.labels.assign(dict.fromkeys(moved, target), annotator)
    project.oracle.merge(source, target)
    merged = next(c for c in project.classes.all(archived=True) if c.id == source)
    project.classes.change(replace(merged, archived=True, shortcut=None))
    return len(moved)


def read_class_names(text: str) -> list[str]:
    """Names out of what somebody pasted or a file holds: one a line, or separated by commas."""
    parts = text.replace("\r", "\n").split("\n") if "\n" in text.strip() else text.split(",")
    return [name for part in parts if (name := part.strip())]
