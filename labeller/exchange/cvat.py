"""CVAT's format "ImageNet 1.0" without images, which is datumaro's `imagenet_txt`: a .zip with
`synsets.txt`, one class per line, and a table for each split, with `PATH INDEX` on each line.

https://docs.cvat.ai/docs/dataset_management/formats/format-imagenet/
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from posixpath import splitext

from labeller.core.errors import LabellerError, cannot_read, quoted
from labeller.core.files import read_text, replacing
from labeller.core.names import split_named
from labeller.exchange.dataset import Dataset, Item, Writing, written_path
from labeller.exchange.imagefolder import split_folder
from labeller.pool.archives import DAMAGED, opened, read_entry

SYNSETS = "synsets.txt"
DEFAULT = "default"
LARGEST = 1 << 28


def write_cvat(dataset: Dataset, output: Path, writing: Writing) -> None:
    """Write the archive. Images without a label are left out.

    Raises:
        LabellerError: a name has characters that this format cannot hold, such as a line break.
    """
    places = {name: number for number, name in enumerate(dataset.classes)}
    tables: dict[str, list[str]] = {}
    stems: set[str] = set()
    plain: list[str] = []
    for item in dataset.items():
        if item.label is None:
            continue
        own = written_path(item, writing)
        path = _with_mark(own, stems)
        if path == own:
            plain.append(path)
        split = split_folder(item, DEFAULT)
        tables.setdefault(split, []).append(f"{_quoted(path)} {places[item.label]}\n")
    for path in plain:
        if _without_mark(path, stems) != path:  # it would be read as another image
            raise _cannot_hold(path)
    for name in dataset.classes:
        if len(name.splitlines()) != 1 or name != name.strip():
            raise _cannot_hold(name)
    with replacing(output) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(SYNSETS, "".join(f"{name}\n" for name in dataset.classes))
        for split, lines in tables.items():
            z.writestr(f"{split}.txt", "".join(lines))


def _with_mark(path: str, stems: set[str]) -> str:
    """A path with its suffix doubled if another image shares its stem: readers identify images by
    their path without the suffix, so `1.jpg` and `1.png` would be confused."""
    stem, suffix = splitext(path)
    marked = path + suffix if stem in stems else path
    stems.add(stem)
    return marked


def _without_mark(path: str, stems: set[str]) -> str:
    """Undo `_with_mark`; `stems` are those of all the paths."""
    once, suffix = splitext(path)
    stem, same = splitext(once)
    return once if suffix and suffix == same and stem in stems else path


def _path_of(line: str) -> tuple[str, str]:
    """The path and the class index of a line."""
    path, _, index = line.rpartition(" ")
    return (path.replace('"', "", 2) if path.startswith('"') else path), index


def _quoted(path: str) -> str:
    """A path as datumaro writes it: if it has spaces, all but its suffix in quotation marks."""
    stem, dot, suffix = path.rpartition(".")
    if '"' in path or len(path.splitlines()) != 1:
        raise _cannot_hold(path)
    if len(path.split()) == 1 and path == path.strip():
        return path
    if not dot or "/" in suffix or len(suffix.split()) != 1 or suffix != suffix.strip():
        raise _cannot_hold(path)
    return f'"{stem}".{suffix}'


def _cannot_hold(name: str) -> LabellerError:
    return LabellerError(
        "“{name}” has quotation marks, line breaks or spaces that this format "
        "cannot hold. Choose another format, such as jsonl.",
        name=quoted(name),
    )


def read_cvat(place: Path) -> Dataset:
    """Read such an archive, or a folder with the same files.

    Raises:
        LabellerError: a file is missing, or a line is not in this format.
    """
    texts = _texts(place)
    if SYNSETS not in texts:
        raise LabellerError("There is no {name} in {folder}.", name=SYNSETS, folder=place)
    classes = tuple(texts.pop(SYNSETS).splitlines())
    lines = (line for text in texts.values() for line in text.splitlines())
    stems = {splitext(_path_of(line)[0])[0] for line in lines}

    def items() -> Iterator[Item]:
        for name, text in texts.items():
            for number, line in enumerate(text.splitlines(), start=1):
                at = f"{place}/{name}, line {number}"
                path, index = _path_of(line)
                if not path and not line.strip():
                    continue
                if not path or not _is_index(index, len(classes)):
                    raise LabellerError("{place}: there is no class index.", place=at)
                split = split_named(name.removesuffix(".txt"))
                path = _without_mark(path, stems)
                yield Item(path, classes[int(index)], split=split, place=at)

    return Dataset(classes, items, sum(1 for _ in items()))


def _is_index(text: str, count: int) -> bool:
    return text.isdecimal() and len(text) < 10 and int(text) < count


def _texts(place: Path) -> dict[str, str]:
    """The text files at the top of a folder or archive, by name."""
    try:
        if place.is_dir():
            files = sorted(place.glob("*.txt"))
            return {file.name: read_text(file, LARGEST) for file in files}
        with opened(place) as archive:
            found = {}
            for info in archive.infolist():
                if "/" in info.filename or not info.filename.endswith(".txt"):
                    continue
                found[info.filename] = read_entry(archive, info.filename, LARGEST).decode("utf-8")
            return found
    except (OSError, *DAMAGED) as error:
        raise cannot_read(place, error) from error
