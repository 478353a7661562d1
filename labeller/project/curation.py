"""Changing the classes of a project without losing a label."""

from labeller.core.errors import LabellerError
from labeller.project.project import Project


def merge_classes(project: Project, source: int, target: int, annotator: str) -> int:
    """Give every label of one class another one, and archive the first; returns how many.

    Labels, class and what the oracle knows change as one action, which can be undone.

    Raises:
        LabellerError: both are the same, or one of them is archived.
    """
    if source == target:
        raise LabellerError("A class cannot be merged with itself. Choose another one.")
    offered = {image_class.id: image_class for image_class in project.classes.all()}
    if source not in offered or target not in offered:
        raise LabellerError("An archived class cannot be merged. Take it up again first.")
    return project.labels.merge(source, target, offered[source].shortcut, annotator)


def read_class_names(text: str) -> list[str]:
    """Names out of what somebody pasted or a file holds: one a line, or separated by commas."""
    parts = text.replace("\r", "\n").split("\n") if "\n" in text.strip() else text.split(",")
    return [name for part in parts if (name := part.strip())]
