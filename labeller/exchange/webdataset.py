"""WebDataset: tar archives in which the files of an image follow each other under one name:
`KEY.jpg`, `KEY.cls` (the index of its class) and `KEY.json` (everything else known about it).

https://github.com/webdataset/webdataset · the format: https://huggingface.co/docs/hub/datasets-webdataset
"""

import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from labeller.core.errors import LabellerError, cannot_read, quoted
from labeller.core.files import LARGEST_BYTES, open_regular
from labeller.exchange.dataset import (
    TRAIN,
    Dataset,
    Item,
    Writing,
    read_classes,
    streamed,
    write_classes,
)
from labeller.exchange.imagefolder import FOLDERS
from labeller.exchange.jsonl import as_values, item_of
from labeller.exchange.placing import appearing, image_bytes

CLASSES = "classes.txt"
DATA = ("cls", "json", "txt")
PACKED = {"gz": b"\x1f\x8b", "bz2": b"BZh", "xz": b"\xfd7zXZ"}
"""Compression formats of archives and their magic bytes."""
MOST = 100
"""Maximum number of files per image."""


def write_webdataset(dataset: Dataset, output: Path, writing: Writing) -> None:
    """Write shards `SPLIT-000000.tar` and `classes.txt`. Raises OSError if an image is missing or
    was changed."""
    places = {name: number for number, name in enumerate(dataset.classes)}
    shards: dict[str, tuple[tarfile.TarFile, int]] = {}
    with appearing(output) as folder:
        write_classes(folder / CLASSES, dataset.classes)
        try:
            for number, item in enumerate(dataset.items()):
                split = FOLDERS.get(item.split or TRAIN, "train")
                shard, count = shards.get(split, (None, 0))
                if shard is None or count % writing.shard == 0:
                    if shard is not None:
                        shard.close()
                    name = f"{split}-{count // writing.shard:06d}.tar"
                    shard = tarfile.TarFile(folder / name, "w", format=tarfile.PAX_FORMAT)
                shards[split] = (shard, count + 1)
                _add(shard, f"{number:09d}", item, places, writing)
        finally:
            for shard, _ in shards.values():
                shard.close()


def _add(
    shard: tarfile.TarFile, key: str, item: Item, places: dict[str, int], writing: Writing
) -> None:
    suffix = PurePosixPath(item.path).suffix.lower().lstrip(".")
    if not suffix.isalnum() or suffix in DATA:
        suffix = "img"
    _put(shard, f"{key}.{suffix}", image_bytes(item))
    if item.label is not None:
        _put(shard, f"{key}.cls", str(places[item.label]).encode())
    values = as_values(item, writing)
    values.pop("file", None)
    _put(shard, f"{key}.json", json.dumps(values, ensure_ascii=False).encode())


def _put(shard: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    shard.addfile(info, io.BytesIO(data))


def read_webdataset(place: Path) -> Dataset:
    """Read a shard or a folder of shards. Classes are taken from the `.json` files, otherwise from
    the indices in `.cls`, which `classes.txt` names.

    Raises:
        LabellerError: there are none, one is damaged, or an image has no class.
    """
    shards = sorted(place.glob("*.tar")) if place.is_dir() else [place]
    if not shards:
        raise LabellerError("There is no {name} in {folder}.", name="*.tar", folder=place)
    names = read_classes(shards[0].parent / CLASSES)

    def items() -> Iterator[Item]:
        for shard in shards:
            for key, parts in _samples(shard):
                item = _item(key, parts, names, f"{shard}, {quoted(key)}")
                if item is not None:
                    yield item

    return streamed(items, names)


def _samples(shard: Path) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Each key with its files by extension (after the first dot)."""
    key, empty = "", True
    parts: dict[str, bytes] = {}
    try:
        with open_regular(shard) as opened, _archive(opened) as archive:
            for info in archive:
                empty = False
                if not info.isfile():
                    continue
                if info.issparse():
                    raise OSError(None, "it contains a sparse file")
                folder, _, name = info.name.rpartition("/")
                stem, _, kind = name.partition(".")
                own = f"{folder}/{stem}" if folder else stem
                if own != key and parts:
                    yield key, parts
                    parts = {}
                key = own
                if info.size + sum(map(len, parts.values())) > LARGEST_BYTES or len(parts) > MOST:
                    raise OSError(None, f"the files of {own} are too large or too many")
                file = archive.extractfile(info)
                if file is not None:
                    parts[kind.lower()] = file.read()
            if empty:
                raise OSError(None, "it contains no files")
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise cannot_read(shard, error) from error
    if parts:
        yield key, parts


def _archive(file: BinaryIO) -> tarfile.TarFile:
    """Open an archive; `tarfile` would try each compression, some of which read a whole file of
    zeros."""
    begins = file.read(6)
    file.seek(0)
    packed = next((kind for kind, mark in PACKED.items() if begins.startswith(mark)), "")
    return tarfile.open(fileobj=file, mode=f"r:{packed}")  # type: ignore[call-overload]


def _item(key: str, parts: dict[str, bytes], names: list[str], at: str) -> Item | None:
    image = next(((kind, data) for kind, data in parts.items() if kind not in DATA), None)
    if image is None:
        return None
    values: Any = {}
    if "json" in parts:
        try:
            values = json.loads(parts["json"])
        except (ValueError, RecursionError):
            raise LabellerError("{place} is not JSON.", place=at) from None
    values = values if isinstance(values, dict) else {}
    if "label" not in values and "cls" in parts:
        values["label"] = _class_of(parts["cls"], names, at)
    found = item_of({"path": f"{key}.{image[0]}", **values}, at)
    if found is None:
        return None
    return replace(found, data=image[1])


def _class_of(written: bytes, names: list[str], at: str) -> str:
    text = written.decode("utf-8", errors="replace").strip()
    if not names or not text.isdecimal():
        return text
    if len(text) > 9 or int(text) >= len(names):
        raise LabellerError("{place}: there is no class {label}.", place=at, label=quoted(text))
    return names[int(text)]
