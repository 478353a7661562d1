"""Small square images in arrays: NumPy archives and CIFAR's files, as used in tutorials."""

import io
import pickle
from collections.abc import Iterator
from itertools import islice
from math import prod
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
from numpy.lib import format as npy
from PIL import Image

from labeller.core.errors import LabellerError, cannot_read, quoted
from labeller.core.files import replacing
from labeller.exchange.dataset import TEST, Dataset, Item, Writing
from labeller.exchange.placing import appearing, image_bytes
from labeller.pool.archives import DAMAGED, opened, read_entry
from labeller.pool.decode import UnreadableImage, decode, square

AT_ONCE = 256
READ = ("images", "labels", "classes", "paths", "splits", "annotators", "sources", "sha256")
LARGEST = 1 << 32
"""Maximum size in bytes of an array to read."""
CIFAR = "cifar-10-batches-py"
CIFAR_BATCHES = 5


def write_npz(dataset: Dataset, output: Path, writing: Writing) -> None:
    """Write `images` uint8 [N, side, side, 3], `labels` int64 [N], `classes`, `paths` and `splits`
    (texts); images without a label are left out.

    Raises:
        OSError: an image is missing, was changed, or cannot be read.
    """
    known = [item for item in dataset.items() if item.label is not None]
    places = {name: number for number, name in enumerate(dataset.classes)}
    shape = (len(known), writing.side, writing.side, 3)
    arrays = {
        "labels": np.array([places[item.label or ""] for item in known], dtype=np.int64),
        "classes": np.array(dataset.classes, dtype=str),
        "paths": np.array([item.path for item in known], dtype=str),
        "splits": np.array([item.split or "" for item in known], dtype=str),
        "annotators": np.array([item.annotator for item in known], dtype=str),
        "sources": np.array([item.source for item in known], dtype=str),
        "sha256": np.array([item.sha256 for item in known], dtype=str),
    }
    with replacing(output) as temporary, ZipFile(temporary, "w", ZIP_DEFLATED) as archive:
        with archive.open("images.npy", "w", force_zip64=True) as file:
            header = {"descr": "|u1", "fortran_order": False, "shape": shape}
            npy.write_array_header_1_0(file, header)
            for part in _parts(iter(known), writing.side):
                file.write(part.tobytes())
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as file:
                npy.write_array(file, array, allow_pickle=False)


def read_npz(path: Path) -> Dataset:
    """Read such an archive; `images` and `labels` are enough. Images are returned as PNG.

    Raises:
        LabellerError: it is not such an archive.
    """
    with opened(path) as archive:
        arrays = {
            info.filename.removesuffix(".npy"): _array(archive, info.filename, path)
            for info in archive.infolist()
            if info.filename.removesuffix(".npy") in READ
        }
    images = arrays.get("images", np.zeros(0))
    labels = arrays.get("labels", np.zeros(0))
    sound = images.dtype == np.uint8 and images.ndim in (3, 4) and 0 not in images.shape[1:]
    if not sound or labels.shape != images.shape[:1] or labels.dtype.kind not in "iuUS":
        raise LabellerError(
            "{path} needs images uint8 [N, height, width, 3] and as many labels.", path=path
        )
    if images.ndim == 4 and images.shape[3] not in (1, 3):
        raise LabellerError(
            "{path} needs images uint8 [N, height, width, 3] and as many labels.", path=path
        )
    given = [str(name) for name in arrays.get("classes", np.zeros(0, dtype=str))]
    written = [_name(label, given, path) for label in labels.tolist()]
    classes = given or sorted(set(written))

    def text(name: str, place: int) -> str:
        array = arrays.get(name)
        return str(array[place]) if array is not None and array.shape == labels.shape else ""

    def items() -> Iterator[Item]:
        for place, pixels in enumerate(images):
            yield Item(
                text("paths", place) or f"{place:06d}.png",
                written[place],
                data=_png(pixels[..., 0] if pixels.shape[2:] == (1,) else pixels),
                sha256=text("sha256", place),
                split=text("splits", place) or None,
                annotator=text("annotators", place),
                source=text("sources", place),
                place=f"{path}, image {place}",
            )

    return Dataset(tuple(classes), items, len(labels))


def _array(archive: ZipFile, name: str, path: Path) -> np.ndarray:
    """An array of an archive; its header must not promise more data than there is."""
    try:
        file = io.BytesIO(read_entry(archive, name, LARGEST))
        old = npy.read_magic(file) == (1, 0)
        read = npy.read_array_header_1_0 if old else npy.read_array_header_2_0
        shape, _, dtype = read(file)
        if prod(shape) * dtype.itemsize > len(file.getbuffer()) - file.tell():
            raise ValueError("there are fewer numbers than its header says")
        file.seek(0)
        found: np.ndarray = npy.read_array(file, allow_pickle=False)
        return found
    except (OSError, *DAMAGED) as error:
        raise cannot_read(f"{path}, {quoted(name)}", error) from error


def _name(label: object, classes: list[str], path: Path) -> str:
    if isinstance(label, int) and classes:
        if not 0 <= label < len(classes):
            raise LabellerError("{place}: there is no class {label}.", place=path, label=label)
        return classes[label]
    return str(label)


def write_cifar(dataset: Dataset, output: Path, writing: Writing) -> None:
    """Write CIFAR-10's Python version: five training batches and one of the test images (if there
    are any), 32 × 32 pixels, as pickled dictionaries of numbers and texts.

    https://www.cs.toronto.edu/~kriz/cifar.html

    Raises:
        OSError: an image is missing, was changed, or cannot be read.
    """
    known = [item for item in dataset.items() if item.label is not None]
    places = {name: number for number, name in enumerate(dataset.classes)}
    test = [item for item in known if item.split == TEST]
    train = [item for item in known if item.split != TEST]
    size = -(-len(train) // CIFAR_BATCHES)
    with appearing(output) as folder:
        inside = folder / CIFAR
        inside.mkdir()
        for number in range(CIFAR_BATCHES):
            part = train[number * size : (number + 1) * size]
            title = f"training batch {number + 1} of {CIFAR_BATCHES}"
            _pickle(inside / f"data_batch_{number + 1}", _batch(part, places, title))
        _pickle(inside / "test_batch", _batch(test, places, "testing batch 1 of 1"))
        meta = {
            "num_cases_per_batch": size, "label_names": list(dataset.classes), "num_vis": 3072,
        }  # fmt: skip
        _pickle(inside / "batches.meta", meta)


def _batch(items: list[Item], places: dict[str, int], title: str) -> dict[str, Any]:
    parts = list(_parts(iter(items), 32))
    images = np.concatenate(parts) if parts else np.zeros((0, 32, 32, 3), dtype=np.uint8)
    return {
        "batch_label": title,
        "labels": [places[item.label or ""] for item in items],
        "data": images.transpose(0, 3, 1, 2).reshape(len(items), 3072),
        "filenames": [item.path for item in items],
    }


def _pickle(path: Path, values: dict[str, Any]) -> None:
    """Write a pickle; pickles are never read."""
    with path.open("wb") as file:
        pickle.dump(values, file, protocol=2)


def _parts(items: Iterator[Item], side: int) -> Iterator[np.ndarray]:
    """Square images uint8 [n, side, side, 3], some at a time."""
    while part := list(islice(items, AT_ONCE)):
        yield np.stack([_square(item, side) for item in part])


def _square(item: Item, side: int) -> np.ndarray:
    try:
        return square(decode(image_bytes(item), side).picture, side)
    except UnreadableImage as error:
        raise OSError(None, str(error), item.path) from None


def _png(pixels: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()
