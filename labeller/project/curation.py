"""Curates a project: merges classes, forgets images, deletes files that the program created."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from labeller.core.errors import LabellerError
from labeller.core.files import TEMPORARY, is_folder, is_regular, remove_own
from labeller.pool.known_sets import is_exported
from labeller.project.project import OWN_FILES, OWN_FOLDERS, Project
from labeller.store.backups import backups


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
    """Forget images, as one action, which can be undone: they are no longer offered, trained on,
    checked or exported, and lose their labels. No file is touched. Returns how many were not
    forgotten before."""
    known = set(project.images.forgotten())
    states = [row for row in project.images.states(image_ids) if row[0] not in known]
    if states:
        project.labels.forget(states, annotator)
    return len(states)


def bring_back(project: Project, image_ids: Sequence[int], annotator: str) -> int:
    """Bring back some forgotten images, whatever was done since; return how many came back. They
    come back without their labels, which are still in the log."""
    wanted = sorted(set(project.images.forgotten()) & set(map(int, image_ids)))
    if wanted:
        before = project.labels.states_before_forgetting()
        rows = [(i, *before.get(i, ("ready", None))) for i in wanted]
        project.labels.forget(rows, annotator, forgotten=False)
    return len(wanted)


def missing_images(project: Project) -> list[int]:
    """Ids of the readable images whose files are gone.

    Raises:
        LabellerError: a whole folder of images is missing: its disk may just be disconnected.
    """
    if gone := project.images.missing_roots():
        raise LabellerError(
            "The images in {root} are missing. If they were moved, `locate` them; if "
            "their disk is disconnected, connect it first.",
            root=gone[0],
        )
    return [image.id for image, _ in project.images.each_file() if not image.file.is_file()]


def read_class_names(text: str) -> list[str]:
    """Class names from a file or pasted text: one per line, or separated by commas."""
    parts = text.replace("\r", "\n").split("\n") if "\n" in text.strip() else text.split(",")
    return [name for part in parts if (name := part.strip())]


OLDER_TEMPORARY = r"\..+\.\d+\.tmp"
"""Names of the temporary files of earlier versions, which were predictable."""


def remove_unfinished(project: Project) -> None:
    """Close an unfinished project and delete its files, and its folder if that is then empty."""
    folder = project.folder
    images = project.images.unpacked()
    project.close()
    files = [*_thumbnails(folder), *(b.path for b in backups(folder)), *leftovers(folder)]
    files += [p for p in (folder / "images").glob("*/*/*.*") if is_exported(p)]
    names = [path.relative_to(folder).as_posix() for path in files]
    remove_own(folder, [*images, *names, *OWN_FILES], OWN_FOLDERS)


def leftovers(folder: Path) -> list[Path]:
    """Temporary files left by killed programs."""
    places = [folder, *(folder / name for name in OWN_FOLDERS if name != "images")]
    places += (folder / "cache" / "thumbnails").glob("[0-9a-f][0-9a-f]")
    return sorted(
        path
        for place in places
        if is_folder(place)
        for path in place.iterdir()
        if re.fullmatch(f"{TEMPORARY}|{OLDER_TEMPORARY}", path.name) and is_regular(path)
    )


def _thumbnails(folder: Path) -> Iterator[Path]:
    for path in (folder / "cache" / "thumbnails").glob("[0-9a-f][0-9a-f]/*.jpg"):
        if re.fullmatch("[0-9a-f]{64}", path.stem) and is_regular(path):
            yield path
