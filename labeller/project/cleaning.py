"""Deletes only files made by the program, by name: a person may have put their own beside them."""

import re
from collections.abc import Iterator
from pathlib import Path

from labeller.core.files import TEMPORARY, is_folder, is_regular, remove_own
from labeller.pool.torchvision_sets import is_exported
from labeller.project.project import OWN_FILES, OWN_FOLDERS, Project
from labeller.store.backups import backups

OLDER_TEMPORARY = r"\..+\.\d+\.tmp"
"""Names of temporary files before they became unpredictable."""


def remove_unfinished(project: Project) -> None:
    """Close an unfinished project and delete its files, and its folder if that is then empty."""
    folder = project.folder
    images = project.images.unpacked()
    project.close()
    files = [*_thumbnails(folder), *(b.path for b in backups(folder)), *leftovers(folder)]
    files += [p for p in (folder / "images").glob("*/*/*.png") if is_exported(p)]
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
