"""Reading and writing files without losing data or touching anything outside.

Writing: a reader sees the old content or the new, never half of it. Reading: pipes, devices and
endless files are refused instead of waited for. In somebody else's folder a name may be a link that
leads elsewhere; the program writes only to files of the folder itself. A command never overwrites
existing files, nor does it write into a project.
"""

import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from labeller.core.errors import LabellerError, cannot_read

LARGEST_BYTES = 1 << 30
"""Maximum size of a file that is read whole, in bytes."""
LARGEST_TEXT = 1 << 29
"""Maximum size of a text file, which takes several times as much memory."""
LONGEST_PATH = 4096
"""Maximum length of a path; no system allows more."""
NO_TEXT = bytes(4)
"""Never occurs in text, whether UTF-8 or UTF-16, but fills sparse files."""
TEMPORARY = r"\..+\.[0-9a-f]{16}\.tmp"
"""Names of temporary files, as a regular expression."""
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
NO_LINK = getattr(os, "O_NOFOLLOW", 0)


@contextmanager
def replacing(path: Path, durable: bool = True) -> Iterator[Path]:
    """Yield a temporary file beside `path` that replaces `path` on success.

    The temporary file is new, empty, and has an unpredictable name. The folder must exist. Raises
    whatever the body raises, after removing the temporary file; `path` is then untouched.

    Args:
        durable: wait until content and name are on the disk, so that they survive a loss of power.
    """
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}.tmp")
    made = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | NO_LINK, 0o666)
    mode = stat.S_IMODE(os.fstat(made).st_mode)  # as the user's umask allows
    os.close(made)
    try:
        yield temporary
        if stat.S_IMODE(temporary.stat().st_mode) != mode:
            temporary.chmod(mode)  # somebody has put their own file there
        if durable:
            with temporary.open("rb+") as file:
                os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    if durable:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries to disk, where the system supports it."""
    if hasattr(os, "O_DIRECTORY"):
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with suppress(OSError):  # not every file system supports it
                os.fsync(opened)
        finally:
            os.close(opened)


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8 in one step (see `replacing`)."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def open_regular(path: Path, follow: bool = True) -> BinaryIO:
    """Open a regular file for reading, without blocking on pipes or devices.

    Args:
        follow: whether `path` may be a link to a file.

    Raises:
        OSError: it is not a regular file, or cannot be read.
    """
    if not stat.S_ISREG((path.stat() if follow else path.lstat()).st_mode):
        raise OSError(None, "not a regular file", str(path))
    opened = os.open(path, os.O_RDONLY | _AT_ONCE | (0 if follow else NO_LINK))
    if not stat.S_ISREG(os.fstat(opened).st_mode):  # replaced in the meantime
        os.close(opened)
        raise OSError(None, "not a regular file", str(path))
    return os.fdopen(opened, "rb")


def read_regular(path: Path, most: int = LARGEST_BYTES) -> bytes:
    """The content of a file.

    Raises:
        OSError: it is not a regular file, has more than `most` bytes, or cannot be read.
    """
    with open_regular(path) as file:
        data = read_bytes(file, most + 1)
    if len(data) > most:
        raise OSError(None, f"larger than {most:,} bytes", str(path))
    return data


def read_bytes(file: BinaryIO, most: int) -> bytes:
    """At most this many bytes from a file that `open_regular` has opened.

    Raises:
        OSError: it cannot be read, or reading would block, as for some virtual system files.
    """
    parts: list[bytes] = []
    left, at_once = (
        most,
        os.fstat(file.fileno()).st_size + 1,
    )  # no more memory than the file has bytes
    while left:
        part = file.read(min(left, at_once))
        if part is None:
            raise OSError(None, "not a regular file", file.name)
        if not part:
            break
        parts.append(part)
        left, at_once = left - len(part), 1 << 20
    return parts[0] if len(parts) == 1 else b"".join(parts)


def read_text_bytes(path: Path, most: int = LARGEST_TEXT) -> bytes:
    """The content of a text file; binary files are detected before much is read.

    Raises:
        OSError: as `read_regular`; or it is not text.
    """
    with open_regular(path) as file:
        if NO_TEXT in read_bytes(file, 1 << 16):
            raise OSError(None, "it contains null bytes, so it is not text", str(path))
        size = os.fstat(file.fileno()).st_size
    if size > most:
        raise OSError(None, f"larger than {most:,} bytes", str(path))
    return read_regular(path, most)


def read_text(path: str | Path, most: int = LARGEST_TEXT) -> str:
    """A text file in UTF-8, with or without a byte-order mark.

    Raises:
        LabellerError: it is not UTF-8 text, or cannot be read.
    """
    try:
        return read_text_bytes(Path(path), most).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LabellerError("{path} is not UTF-8 text.", path=path) from error
    except OSError as error:
        raise cannot_read(path, error) from error


def is_readable_name(text: str) -> bool:
    """Whether a text can be stored, shown and used as a file name: valid Unicode without null
    bytes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def exists(path: Path) -> bool:
    """Whether the path exists; False for names that no system allows."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def is_regular(path: Path) -> bool:
    """Whether a path is itself a regular file: not a link, pipe, device or folder."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def is_folder(path: Path) -> bool:
    """Whether a path is itself a folder, not a link to one."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def make_folder(path: Path, within: Path) -> Path:
    """Create a folder below `within` with its parents; return `path`.

    Raises:
        OSError: `within` does not exist, or something on the way is a link or not a folder.
    """
    place = within
    for name in path.relative_to(within).parts:
        place /= name
        try:
            place.mkdir()
        except FileExistsError:
            if not is_folder(place):
                raise NotADirectoryError(None, "a link, or not a folder", str(place)) from None
    return path


def remove_own(folder: Path, names: Iterable[str], folders: Iterable[str] = ()) -> None:
    """Delete named files in a folder, then the folders that are empty now, including `folders` and
    the folder itself. Anything else stays, and so do the folders it is in."""
    emptied = {folder, *(folder / name for name in folders)}
    for name in names:
        path = folder / name
        with suppress(OSError):
            path.unlink()
        emptied |= {p for p in path.parents if p.is_relative_to(folder)}
    for place in sorted(emptied, key=lambda p: len(p.parts), reverse=True):
        with suppress(OSError):
            place.rmdir()


def umask() -> int:
    """The user's umask."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


@contextmanager
def new_output(output: Path, replace: bool = False) -> Iterator[Path]:
    """A block that writes an output file under a temporary name; the file appears at the end.

    Args:
        replace: whether an existing file may be replaced.

    Raises:
        LabellerError: `output` exists, lies inside a project, or cannot be written.
    """
    require_output(output, replace)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with replacing(output) as temporary:
            yield temporary
    except OSError as error:
        raise LabellerError(
            "{output} cannot be written ({reason}).", output=output, reason=error.strerror
        ) from error


def require_output(
    path: Path, force: bool = False, allowed: Path | None = None, force_flag: str = ""
) -> None:
    """Check that a file may be written.

    Args:
        force: whether an existing file may be replaced; a folder never is.
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
    """Check that outputs differ from each other and from the inputs.

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
