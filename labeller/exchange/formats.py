"""The formats by name, behind one protocol, imported when used."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from labeller_models.registry import mark

from labeller.core.errors import LabellerError, require_known
from labeller.core.files import exists
from labeller.exchange.dataset import Dataset, Writing
from labeller.exchange.json_files import one_sentence, require_regular, sound


class Writer(Protocol):
    def __call__(self, dataset: Dataset, output: Path, writing: Writing) -> None:
        """Write a data set; `output` appears, or is replaced, once it is complete."""


class Reader(Protocol):
    def __call__(self, place: Path, /) -> Dataset:
        """Read a data set. Raises LabellerError, which says where a problem is."""


@dataclass(frozen=True)
class Format:
    """A format for export and, if it can be read, import.

    Attributes:
        suffix: that of the file that it writes; empty if it writes a folder.
        module, writer, reader: where to find the functions; the reader is empty for formats that
            can only be written.
        layout: what it looks like, in a few lines.
        images: whether an export contains the images themselves.
        aside: whether it can contain images that were put aside.
    """

    title: str
    suffix: str
    module: str
    writer: str
    reader: str
    layout: str
    images: bool = False
    aside: bool = True

    @property
    def reads(self) -> bool:
        return bool(self.reader)

    def write(self, dataset: Dataset, output: Path, writing: Writing) -> None:
        cast(Writer, self._found(self.writer))(dataset, output, writing)

    def read(self, place: Path) -> Dataset:
        """Raises LabellerError if there is no such data set, or the format is write-only."""
        if not self.reads:
            raise LabellerError(
                "The format '{title}' can only be written, not read.", title=self.title
            )
        return cast(Reader, self._found(self.reader))(place)

    def _found(self, name: str) -> object:
        return getattr(import_module(f"labeller.exchange.{self.module}"), name)


FORMATS: dict[str, Format] = {
    "csv": Format(
        mark("CSV table"), ".csv", "tables", "write_csv", "read_table",
        "path,label,annotator,labelled_at,…\ncat/1.jpg,cat,anna,2026-…",
    ),
    "csv-excel": Format(
        mark("CSV table for Excel"), ".csv", "tables", "write_excel_csv", "read_table",
        "as CSV, with the mark by which Excel knows UTF-8",
    ),
    "csv-raw": Format(
        mark("CSV table, unescaped"), ".csv", "tables", "write_raw_csv", "read_table",
        "as CSV, without the apostrophe before = + - @",
    ),
    "tsv": Format(
        mark("Tab-separated table"), ".tsv", "tables", "write_tsv", "read_table",
        "path → label → annotator → labelled_at → …",
    ),
    "jsonl": Format(
        mark("JSON Lines"), ".jsonl", "jsonl", "write_jsonl", "read_jsonl",
        '{"path": "cat/1.jpg", "label": "cat", …}',
    ),
    "imagefolder": Format(
        mark("Folders named by class"), "", "imagefolder", "write_imagefolder", "read_imagefolder",
        "cat/1.jpg\ndog/2.jpg", images=True, aside=False,
    ),
    "huggingface": Format(
        mark("Hugging Face folder"), "", "imagefolder", "write_huggingface", "read_huggingface",
        "README.md\ntrain/metadata.jsonl\ntrain/cat/1.jpg", images=True, aside=False,
    ),
    "parquet": Format(
        mark("Parquet table"), ".parquet", "parquet", "write_parquet", "read_parquet",
        "image (bytes, path) · label · path · split · …", images=True,
    ),
    "labelstudio": Format(
        mark("Label Studio tasks"), "", "labelstudio", "write_labelstudio", "read_labelstudio",
        "tasks.json\nconfig.xml",
    ),
    "cvat": Format(
        mark("CVAT, ImageNet 1.0"), ".zip", "cvat", "write_cvat", "read_cvat",
        "synsets.txt\ndefault.txt:  cat/1.jpg 0", aside=False,
    ),
    "datumaro": Format(
        mark("Datumaro"), "", "datumaro", "write_datumaro", "read_datumaro",
        "annotations/default.json\nimages/default/1.jpg", images=True,
    ),
    "fiftyone": Format(
        mark("FiftyOne classification"), "", "fiftyone", "write_fiftyone", "read_fiftyone",
        "labels.json\ndata/1.jpg", images=True, aside=False,
    ),
    "coco": Format(
        mark("COCO JSON"), ".json", "coco", "write_coco", "read_coco",
        '{"images": […], "categories": […], "annotations": […]}',
    ),
    "labelme": Format(
        mark("labelme flags"), "", "labelme", "write_labelme", "read_labelme",
        "flags.txt\n1.jpg\n1.json", images=True,
    ),
    "webdataset": Format(
        mark("WebDataset shards"), "", "webdataset", "write_webdataset", "read_webdataset",
        "classes.txt\ntrain-000000.tar:  000000000.jpg .cls .json", images=True,
    ),
    "cifar": Format(
        mark("CIFAR Python files"), "", "arrays", "write_cifar", "",
        "cifar-10-batches-py/data_batch_1 …", images=True, aside=False,
    ),
    "npz": Format(
        mark("NumPy archive"), ".npz", "arrays", "write_npz", "read_npz",
        "images [N, 32, 32, 3] · labels [N] · classes · paths", images=True, aside=False,
    ),
}  # fmt: skip


def write(dataset: Dataset, format_name: str, output: Path, writing: Writing | None = None) -> None:
    """Write a data set in a format.

    Raises:
        LabellerError: the format is unknown, cannot hold a name, or there is nothing to write.
        OSError: `output` cannot be written, or an image cannot be read.
    """
    require_known("format", format_name, FORMATS)
    if dataset.count == 0:
        raise LabellerError("There are no labels yet, so there is nothing to export.")
    FORMATS[format_name].write(dataset, output, writing or Writing())


def read(place: Path, format_name: str | None = None) -> Dataset:
    """Read a data set; without a format name, the format is guessed from its suffix or files.

    Raises:
        LabellerError: the format is unknown or cannot be guessed, or this is not such a data set.
            Iterating over the items may raise it, too.
    """
    if format_name is not None:
        require_known("format", format_name, FORMATS)
    if not exists(place):
        raise LabellerError("{location} does not exist. Check the path.", location=place)
    require_regular(place)
    with one_sentence(place):
        name = guess(place) if format_name is None else format_name
        return sound(FORMATS[name].read(place), place)


def guess(place: Path) -> str:
    """The format of a file or folder, by suffixes and contents.

    Raises:
        LabellerError: the format cannot be told.
    """
    by_suffix = {
        ".csv": "csv", ".tsv": "tsv", ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl",
        ".parquet": "parquet", ".npz": "npz", ".tar": "webdataset",
    }  # fmt: skip
    suffix = place.suffix.lower()
    if suffix in by_suffix and not place.is_dir():
        return by_suffix[suffix]
    signs = {
        "tasks.json": "labelstudio", "synsets.txt": "cvat", "annotations": "datumaro",
        "labels.json": "fiftyone", "flags.txt": "labelme", "*.tar": "webdataset",
        "metadata.jsonl": "huggingface", "*/metadata.jsonl": "huggingface",
    }  # fmt: skip
    if place.is_dir():
        for sign, name in signs.items():
            if next(place.glob(sign), None) is not None:
                return name
        return "imagefolder"
    if suffix == ".json":
        return _guess_json(place)
    if suffix == ".zip":
        return _guess_zip(place)
    raise _unclear(place)


def _unclear(place: Path) -> LabellerError:
    return LabellerError(
        "The format of {path} cannot be told from its name. Name the format.",
        path=place,
        settings=["format"],
    )


def _guess_json(place: Path) -> str:
    from labeller.exchange.json_files import read_json

    content = read_json(place)
    if isinstance(content, list):
        return "labelstudio"
    keys = set(content) if isinstance(content, dict) else set()
    for needed, name in (
        ({"images", "categories"}, "coco"), ({"items", "categories"}, "datumaro"),
        ({"labels"}, "fiftyone"),
    ):  # fmt: skip
        if needed <= keys:
            return name
    raise _unclear(place)


def _guess_zip(place: Path) -> str:
    from labeller.pool.archives import opened

    with opened(place) as archive:
        return "cvat" if "synsets.txt" in archive.namelist() else "imagefolder"
