"""Where a command may write: never over what it did not make, and never into a project."""

from collections.abc import Iterable
from pathlib import Path

from labeller.core.errors import LabellerError


def require_output(
    path: Path, force: bool = False, allowed: Path | None = None, force_flag: str = ""
) -> None:
    """See that a file may be written.

    Args:
        force: whether a file that is there may be replaced; a folder never is.
        allowed: a folder inside a project where results are kept.
        force_flag: the option that would allow it, for the message.

    Raises:
        LabellerError: it exists, or lies inside a project.
    """
    if (path.exists() or path.is_symlink()) and not (force and path.is_file()):
        way_out = f", or add {force_flag}" if force_flag and path.is_file() else ""
        raise LabellerError(f"{path} exists already. Choose another name{way_out}.")
    place = path.absolute().parent.resolve()
    for folder in (place, *place.parents):
        if (folder / "project.sqlite").exists() and place != allowed:
            raise LabellerError(
                f"{path} lies inside the project {folder}. Choose a place outside of it."
            )


def require_different(outputs: Iterable[Path | None], inputs: Iterable[Path] = ()) -> None:
    """See that no output is another one, or what is read.

    Raises:
        LabellerError: two of them are the same file.
    """
    taken = {path.resolve(): "is read" for path in inputs}
    for path in outputs:
        if path is None:
            continue
        if path.resolve() in taken:
            raise LabellerError(f"{path} {taken[path.resolve()]} already. Choose another name.")
        taken[path.resolve()] = "is written"
