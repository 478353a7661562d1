"""Walks a folder: every file once, whatever links there are, leaving out files put there by the
system or by this program."""

import os
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from labeller_models.registry import mark

from labeller.core.run import Progress, Run

SYSTEM = frozenset({
    "@eadir", "$recycle.bin", "system volume information", "__macosx", "#recycle", "lost+found",
    "#snapshot", "$extend", "recycler", "found.000",
})  # fmt: skip
"""Folders created by systems and storage devices, in lower case; those that begin with a dot are
skipped anyway."""
EXPORTED = ".labeller-export"
"""Marks a folder written by an export."""
PROJECT = "project.sqlite"
"""Marks a project folder."""
STAGE = mark("Looking for images")
EVERY = 0.2
"""Seconds between progress reports and checks whether to stop."""


@dataclass
class Walked:
    """Paths of files below a folder, with forward slashes, and the folders that were skipped:
    system folders, exports and projects, and links to folders already seen."""

    files: list[str] = field(default_factory=list)
    system: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    seen_already: list[str] = field(default_factory=list)


def walk(root: Path, run: Run = Run()) -> Walked:
    """All files below a folder. Links to folders are followed, but no folder is entered twice; the
    folder itself comes before links to it.

    Raises:
        OSError: the folder itself cannot be read.
        Cancelled: `run.should_stop` said so.
    """
    found = Walked()
    entered = {_identity(root)}
    waiting = deque([""])
    links: list[str] = []
    os.scandir(root).close()
    spoke = time.monotonic()

    def speak() -> None:
        nonlocal spoke
        if time.monotonic() - spoke < EVERY:
            return
        spoke = time.monotonic()
        run.report(Progress(STAGE, len(found.files), 0))
        run.check(STAGE)

    while waiting or links:
        if not waiting:
            links.sort(
                reverse=True
            )  # so that a folder with several names always goes by the same one
            link = links.pop()
            identity = _identity(root / link)
            if identity is None:
                continue
            if identity in entered:
                found.seen_already.append(link)
                continue
            entered.add(identity)
            waiting.append(link)
        inside = waiting.popleft()
        if inside and _of_the_program(root / inside):
            found.own.append(inside)
            continue
        for entry, is_folder in _entries(root / inside):
            path = f"{inside}/{entry.name}" if inside else entry.name
            if not is_folder:
                found.files.append(path)
                speak()
            elif entry.name.startswith("."):
                continue
            elif entry.name.casefold() in SYSTEM:
                found.system.append(path)
            elif entry.is_symlink():
                links.append(path)
            else:
                entered.add(_identity(root / path))
                waiting.append(path)
        speak()
    return found


def _entries(folder: Path) -> Iterator[tuple[os.DirEntry[str], bool]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                try:
                    is_folder = entry.is_dir()
                except OSError:
                    is_folder = False
                yield entry, is_folder
    except OSError:  # unreadable, or gone by now
        return


def _identity(folder: Path) -> tuple[int, int] | None:
    """Device and inode, the same for all names of a folder; None if it does not exist."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _of_the_program(folder: Path) -> bool:
    return (folder / EXPORTED).is_file() or (folder / PROJECT).is_file()
