"""Reads zip archives from any system, including names with backslashes or in encodings other than
UTF-8, and malicious archives."""

import lzma
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from labeller.core.errors import LabellerError, quoted
from labeller.core.files import is_regular, make_folder, open_regular, remove_own, replacing
from labeller.core.locations import tells_letters_apart
from labeller.pool.spelling import PLAIN, comparable, escapes, guess_encoding, one_spelling

DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, struct.error, RuntimeError, ValueError
)  # fmt: skip
"""Exceptions that `zipfile` raises for damaged, encrypted or unknown archives."""
BOMB_RATIO, BOMB_BYTES = 100, 256 << 20
"""An archive that exceeds both of these when unpacked is refused."""
UTF8_FLAG = 0x800


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive for reading.

    Raises:
        LabellerError: it is not a regular file, or not an archive.
    """
    with ExitStack() as stack:
        try:
            archive = stack.enter_context(zipfile.ZipFile(stack.enter_context(open_regular(path))))
        except (*DAMAGED, OSError) as error:
            raise LabellerError(
                "{path} cannot be read as a zip archive: {error}.",
                path=path,
                error=quoted(str(getattr(error, "strerror", None) or error)),
            ) from error
        yield archive


def read_entry(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """The content of a file in an archive. Raises OSError if it exceeds `most` bytes."""
    if archive.getinfo(name).file_size > most:
        raise OSError(None, f"larger than {most:,} bytes", name)
    with archive.open(name) as file:
        return file.read(most)


def entries(path: Path, encoding: str | None = None) -> tuple[dict[str, str], str | None]:
    """The files of an archive.

    Args:
        encoding: that of names not marked as UTF-8; None guesses it.

    Returns:
        The files' normalised paths → their names in the archive; and the encoding, if it was
        guessed.

    Raises:
        LabellerError: it is not an archive, is damaged, or contains a path leading out of it.
    """
    with opened(path) as archive:
        infos = archive.infolist()
    foreign = [i for i in infos if not i.flag_bits & UTF8_FLAG and not i.orig_filename.isascii()]
    guessed = None
    if foreign and encoding is None:
        guessed = encoding = guess_encoding([i.orig_filename.encode(PLAIN) for i in foreign])
    found: dict[str, str] = {}
    for info in infos:
        name = info.filename
        if not info.flag_bits & UTF8_FLAG and not info.orig_filename.isascii():
            name = _decoded(info.orig_filename.encode(PLAIN), encoding or PLAIN, path)
        spelt = one_spelling(name)
        if not spelt or name.endswith(("/", "\\")):
            continue
        if "\0" in spelt:
            raise LabellerError(
                "{path} contains a file name that no system allows: {name}.",
                path=path,
                name=quoted(name),
            )
        if escapes(spelt):
            raise LabellerError(
                "{path} contains a file that would be written outside its folder: {name}.",
                path=path,
                name=quoted(name),
            )
        found[spelt] = info.filename
    return found, guessed


def unpack_files(
    archive_path: Path, names: dict[str, str], wanted: Iterable[str], folder: Path
) -> None:
    """Unpack files to `folder`, skipping those that are already complete.

    Args:
        names: the archive's names by path, as returned by `entries`.
        wanted: the paths to unpack.

    Raises:
        LabellerError: the archive is damaged or encrypted, or the disk does not have enough room.
    """
    paths = list(wanted)
    with opened(archive_path) as archive:
        infos = {path: archive.getinfo(names[path]) for path in paths}
        _require_room(list(infos.values()), archive_path, folder)
        folder.mkdir(parents=True, exist_ok=True)
        _require_names(paths, archive_path, folder)
        for done, path in enumerate(paths):
            try:
                _unpack_one(archive, infos[path], path, folder)
            except (OSError, *DAMAGED) as error:
                remove_own(folder, paths[: done + 1])
                reason = quoted(str(getattr(error, "strerror", None) or error))
                raise LabellerError(
                    "Cannot unpack {name}: {reason}.", name=quoted(path), reason=reason
                ) from error


def _decoded(name: bytes, encoding: str, path: Path) -> str:
    try:
        return name.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise LabellerError(
            "The file names in {path} are not {encoding}. Choose another encoding.",
            path=path,
            encoding=encoding,
            settings=["zip_encoding"],
        ) from None


def _unpack_one(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, folder: Path) -> None:
    target = folder / path
    if is_regular(target) and target.stat().st_size == info.file_size:
        return
    make_folder(target.parent, folder)
    with (
        archive.open(info) as packed,
        replacing(target, durable=False) as temporary,
        temporary.open("wb") as file,
    ):
        shutil.copyfileobj(packed, file, 1 << 20)


def _require_names(paths: list[str], archive: Path, folder: Path) -> None:
    """Raises LabellerError if two of the files would have the same name on this disk."""
    first: dict[str, str] = {}
    alike = (
        (other, path)
        for path in paths
        if (other := first.setdefault(comparable(path).casefold(), path)) != path
    )
    pair = next(alike, None)
    if pair is not None and not tells_letters_apart(folder):
        raise LabellerError(
            "{archive} contains {first} and {second}, which this disk treats as the "
            "same file. Unpack it on another disk, or rename one.",
            archive=archive,
            first=quoted(pair[0]),
            second=quoted(pair[1]),
        )


def _require_room(infos: list[zipfile.ZipInfo], path: Path, folder: Path) -> None:
    """Raises LabellerError for an archive that would fill the disk, or is a zip bomb."""
    size, packed = sum(i.file_size for i in infos), sum(i.compress_size for i in infos)
    if size > max(BOMB_RATIO * packed, BOMB_BYTES):
        raise LabellerError(
            "{path} would unpack {packed:,} bytes to {size:,}. Images do not "
            "compress that well: it is damaged, or made to fill the disk.",
            path=path,
            packed=packed,
            size=size,
        )
    room = next(p for p in (folder, *folder.parents) if p.exists())
    if size > shutil.disk_usage(room).free:
        raise LabellerError(
            "{path} needs {gigabytes:.1f} GB, and the disk has less. Free some space.",
            path=path,
            gigabytes=size / 1e9,
        )
