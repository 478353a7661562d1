"""Images from other programs' data sets: files are listed where they are; images contained in a
format's own files are unpacked."""

import os
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from labeller_models.registry import mark

from labeller.core.errors import LabellerError, Word, quoted
from labeller.core.files import is_regular, make_folder, replacing
from labeller.core.run import Progress, Run
from labeller.exchange.dataset import AUDIT, TEST, TRAIN, VALIDATION, Dataset, Item
from labeller.exchange.formats import read
from labeller.pool.sources import FoundImage, Listing, Splits, unknown_splits

STAGE = mark("Unpacking")


@dataclass(frozen=True)
class FormatSource:
    """The images of another program's data set.

    Attributes:
        place: the file or folder, absolute.
        divided: whether to hold out its test and validation images.
    """

    place: Path
    dataset: Dataset
    divided: bool

    def listing(self, folder: Path) -> Splits:
        """Its images with their labels; for images contained in the data set, the paths in `folder`
        to which `unpack` writes them.

        Raises:
            LabellerError: there are no images, or files are scattered over several disks.
        """
        parts: dict[str, list[FoundImage]] = {TRAIN: [], TEST: [], VALIDATION: []}
        outside: list[tuple[str, Path, Item]] = []
        unknown: Counter[str] = Counter()
        said: dict[Path, tuple[str | None, str | None]] = {}
        for number, item in enumerate(self.dataset.items()):
            if item.data is None:
                place = item.file or self.place.parent / item.path
                told = (item.label, item.split)
                if (before := said.setdefault(place, told)) != told:
                    raise LabellerError(
                        "{place}: {path} was given another {what} above.",
                        place=item.place,
                        path=quoted(item.path),
                        what=Word("label" if before[0] != told[0] else "split"),
                    )
                if len(said) == len(outside):
                    continue  # a repetition
            split = item.split if self.divided and item.split in parts else TRAIN
            if self.divided and item.split is not None and item.split not in parts:
                unknown[item.split] += 1
            if item.data is not None:
                found = FoundImage(_name(number, item), item.label, audit=item.source == AUDIT)
                parts[split].append(found)
            else:
                file = item.file or self.place.parent / item.path
                outside.append((split, file, item))
        if outside and any(parts.values()):
            raise LabellerError(
                "{place} contains some of its images and only names the others.", place=self.place
            )
        root = folder
        if outside:
            root = Path(os.path.commonpath([file.parent for _, file, _ in outside]))
            for split, file, item in outside:
                path = file.relative_to(root).as_posix()
                parts[split].append(FoundImage(path, item.label, audit=item.source == AUDIT))
        if not parts[TRAIN]:
            raise LabellerError("{table} contains no labels.", table=self.place)
        listings = {
            split: Listing(self.place, root, tuple(images)) if images else None
            for split, images in parts.items()
        }
        pool = listings[TRAIN]
        assert pool is not None
        if unknown:
            pool = replace(pool, notes=(unknown_splits(unknown),))
        return Splits(pool, listings[TEST], listings[VALIDATION])

    def unpack(self, folder: Path, run: Run) -> None:
        """Write the images contained in the data set into `folder`; existing files are kept."""
        for number, item in enumerate(self.dataset.items()):
            if item.data is not None:
                target = folder / _name(number, item)
                if not is_regular(target):
                    make_folder(target.parent, folder)
                    with replacing(target, durable=False) as temporary:
                        temporary.write_bytes(item.data)
            if number % 256 == 0:
                run.report(Progress(STAGE, number, self.dataset.count or 0))
                run.check(STAGE)


def format_source(place: Path, format_name: str, divided: bool) -> FormatSource:
    """A data set of another program. Raises LabellerError if it is not one."""
    place = place.expanduser().absolute()
    return FormatSource(place, read(place, format_name), divided)


def _name(number: int, item: Item) -> str:
    """The file name for an unpacked image: its number, since paths may be anything."""
    suffix = PurePosixPath(item.path).suffix.lower()
    suffix = suffix if suffix[1:].isalnum() and len(suffix) < 8 else ""
    return f"unpacked/{number // 1000:04d}/{number:09d}{suffix}"
