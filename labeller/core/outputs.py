"""Where a command may write: never over existing files, and never into a project."""

from collections.abc import Iterable
from pathlib import Path

from labeller.core.errors import LabellerError


def require_output(
    path: Path, force: bool = False, allowed: Path | None = None, force_flag: str = ""
) -> None:
    """Check that a file may be written.

    Args:
        force: whether a file that is there may be replaced; a folder never is.
        allowed: a folder inside a project where results are kept.
        force_flag: the option that would allow it, for the message.

    Raises:
        LabellerError: it exists, or lies inside a project.
    """
    if (path.exists() or path.is_symlink()) and not (force and path.is_file()):
        if not (force_flag and path.is_file()):
            raise LabellerError("{path} already exists. Choose another name.", path=path)
        raise LabellerError(
            "{path} already exists. Choose another name, or add {flag}.", path=path, flag=force_flag
        )
    place = path.absolute().parent.resolve()
    for folder in (place, *place.parents):
        if (folder / "project.sqlite").exists() and place != allowed:
            raise LabellerError(
                "{path} is inside the project {folder}. Choose a place outside it.",
                path=path,
                folder=folder,
            )


def require_different(outputs: Iterable[Path | None], inputs: Iterable[Path] = ()) -> None:
    """Check that outputs differ from each other and from what is read.

    Raises:
        LabellerError: two of them are the same file.
    """
    read = {path.resolve() for path in inputs}
    written: set[Path] = set()
    for path in outputs:
        if path is None:
            continue
        if path.resolve() in read:
            raise LabellerError("{path} is already being read. Choose another name.", path=path)
        if path.resolve() in written:
            raise LabellerError("{path} is already being written. Choose another name.", path=path)
        written.add(path.resolve())
