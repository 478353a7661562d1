"""The export formats by name, behind one protocol."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from labeller.core.errors import LabellerError, require_known
from labeller.exchange.csv_labels import write_csv, write_excel_csv, write_raw_csv
from labeller.exchange.imagefolder import write_imagefolder
from labeller.exchange.labelled import LabelledImage


class Writer(Protocol):
    def __call__(self, images: Sequence[LabelledImage], output: Path) -> None:
        """Write the labelled images to `output`; a file that is there is replaced."""


@dataclass(frozen=True)
class Format:
    """A way to take labels out; `suffix` is of the file that it writes, empty for a folder."""

    title: str
    suffix: str
    write: Writer


FORMATS: dict[str, Format] = {
    "csv": Format("CSV table", ".csv", write_csv),
    "csv-excel": Format("CSV table for Excel", ".csv", write_excel_csv),
    "csv-raw": Format("CSV table, cells as they are", ".csv", write_raw_csv),
    "imagefolder": Format("Folders named by class", "", write_imagefolder),
}


def write(images: Sequence[LabelledImage], format_name: str, output: Path) -> None:
    """Write labelled images in a format.

    Raises:
        LabellerError: the format is unknown or nothing is labelled.
        OSError: `output` cannot be written, or an image cannot be read.
    """
    require_known("format", format_name, FORMATS)
    if not images:
        raise LabellerError("There are no labels yet, so there is nothing to export.")
    FORMATS[format_name].write(images, output)
