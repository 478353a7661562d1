"""Changes a project's classes without losing labels."""

from collections.abc import Sequence

from labeller.core.errors import LabellerError
from labeller.project.project import Project


def merge_classes(project: Project, source: int, target: int, annotator: str) -> int:
    """Merge one class into another and archive it; return how many labels changed.

    Labels, class and hidden labels change as one action, which can be undone.

    Raises:
        LabellerError: both are the same, or one of them is archived.
    """
    if source == target:
        raise LabellerError("A class cannot be merged with itself. Choose another one.")
    offered = {image_class.id: image_class for image_class in project.classes.all()}
    if source not in offered or target not in offered:
        raise LabellerError("An archived class cannot be merged. Unarchive it first.")
    return project.labels.merge(source, target, offered[source].shortcut, annotator)


def forget_images(project: Project, image_ids: Sequence[int], annotator: str) -> int:
    """Let a project forget images, as one action, which can be undone: they are not offered, learnt
    from, checked or exported any more, and carry no label. Returns how many there were that it had
    not forgotten yet. No file is touched."""
    known = set(project.images.forgotten())
    states = [row for row in project.images.states(image_ids) if row[0] not in known]
    if states:
        project.labels.forget(states, annotator)
    return len(states)


def bring_back(project: Project, image_ids: Sequence[int], annotator: str) -> int:
    """Undo that for some images, whatever was done since; returns how many came back. Their labels
    stay taken away: they are still in the log."""
    wanted = sorted(set(project.images.forgotten()) & set(map(int, image_ids)))
    if wanted:
        before = project.labels.states_before_forgetting()
        rows = [(i, *before.get(i, ("ready", None))) for i in wanted]
        project.labels.forget(rows, annotator, forgotten=False)
    return len(wanted)


def missing_images(project: Project) -> list[int]:
    """Ids of the readable images whose files are gone.

    Raises:
        LabellerError: a whole folder of images is not there: its disk may only be away.
    """
    if gone := project.images.missing_roots():
        raise LabellerError(
            "The images in {root} are missing. If they were moved, `locate` them; if "
            "their disk is disconnected, connect it first.",
            root=gone[0],
        )
    return [image.id for image, _ in project.images.each_file() if not image.file.is_file()]


def read_class_names(text: str) -> list[str]:
    """Names out of what somebody pasted or a file holds: one a line, or separated by commas."""
    parts = text.replace("\r", "\n").split("\n") if "\n" in text.strip() else text.split(",")
    return [name for part in parts if (name := part.strip())]
