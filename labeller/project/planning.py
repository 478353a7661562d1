"""Plans a new project: the person's request and what was found for it, with every label checked
before anything is written."""

from collections import Counter
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path

from labeller.core.errors import LabellerError, Remark, quoted
from labeller.core.names import class_name, spelling
from labeller.core.run import Run
from labeller.pool import known_sets
from labeller.pool.cache import RESOLUTIONS
from labeller.pool.channels import parsed
from labeller.pool.decode import MEGAPIXELS, Reading
from labeller.pool.sources import (
    FoundImage,
    Listing,
    Splits,
    label_by_folder,
    list_images,
    looks_like_splits,
    take_splits_apart,
)
from labeller.project.from_formats import format_source
from labeller.project.project import DEFAULT_BATCH_SIZE, DEFAULT_RESOLUTION
from labeller.store.classes import checked_names

UNSORTED = frozenset({
    "unlabeled", "unlabelled", "unlabeled images", "unlabelled images", "not labeled",
    "not labelled", "unsorted", "to sort", "tosort", "unknown", "unclassified", "uncategorized",
    "uncategorised", "todo", "to do", "to label", "pending", "inbox",
})  # fmt: skip
"""Names of folders of unsorted images, in lower case."""
UNPACKED = "images"
"""The project's folder for extracted images."""
MOST_MEGAPIXELS = 100_000
"""Maximum limit in million pixels; no memory holds larger images."""


@dataclass(frozen=True)
class Request:
    """What a project is to be created from, as given by the user.

    Attributes:
        images: a folder, a .zip (or a folder in one), a .csv, or the name of a data set.
        classes: class names in order; if empty, those found in folders or a manifest.
        truth: `folders` or `csv`: where to find the hidden labels for the oracle.
        labels: `folders` or `csv`: where to find labels that count as given.
        test: a labelled held-out set, given like `images`.
        root: a folder that already contains the data set.
        zip_encoding: that of names in a .zip not marked as UTF-8; None guesses it.
        splits: whether folders named like splits divide the images.
        all_pages: whether each page of a file becomes an image, and not only the first.
        grey: the values shown as black and as white, for images with more than 8 bits; None takes
            them from each file.
        megapixels: larger images are not read.
        channels: which channels of TIFFs are shown (labeller/pool/channels.py); "" shows files as
            they are.
        unsorted: names in folders or a table that are not classes: their images have no label yet.
        format: the format of another program's data set at `images` (labeller/exchange); None for
            folders, archives and tables.
    """

    images: str
    classes: tuple[str, ...] = ()
    truth: str | None = None
    labels: str | None = None
    test: str | None = None
    root: str | None = None
    resolution: int = DEFAULT_RESOLUTION
    batch_size: int = DEFAULT_BATCH_SIZE
    seed: int = 0
    zip_encoding: str | None = None
    splits: bool = True
    all_pages: bool = False
    grey: tuple[float, float] | None = None
    megapixels: int = MEGAPIXELS
    format: str | None = None
    unsorted: tuple[str, ...] = ()
    channels: str = ""


@dataclass(frozen=True)
class PoolPlan:
    """The images found for a request, with every label checked."""

    classes: list[str]
    splits: Splits
    notes: tuple[Remark, ...]


def plan_of(request: Request, run: Run = Run()) -> PoolPlan:
    """Check a request; nothing is written.

    Raises:
        LabellerError: the request cannot be met.
        Cancelled: `run.should_stop` said so.
    """
    splits, notes = found_in(request, run)
    held_out = [each for each in (splits.test, splits.validation) if each is not None]
    return PoolPlan(_class_names(request, splits.pool, held_out), splits, tuple(notes))


def check_values(request: Request) -> None:
    """Raises LabellerError for invalid values."""
    if request.truth and request.labels:
        raise LabellerError(
            "Labels are either given or hidden, not both.", settings=("truth", "labels")
        )
    if request.resolution not in RESOLUTIONS:
        raise LabellerError(
            "The resolution must lie between {smallest} and {largest} pixels, not {resolution}.",
            smallest=RESOLUTIONS[0],
            largest=RESOLUTIONS[-1],
            resolution=request.resolution,
        )
    if request.batch_size < 1:
        raise LabellerError("A batch needs at least one image.")
    if request.seed < 0:
        raise LabellerError("The seed must not be negative.")
    check_reading(reading_of(request))


def reading_of(request: Request) -> Reading:
    """How a project's files are read."""
    return Reading(request.grey, request.megapixels, channels=request.channels.strip())


def check_reading(reading: Reading) -> None:
    """Raises LabellerError for an invalid range or limit."""
    if reading.grey is not None:
        low, high = reading.grey
        if not (isfinite(low) and isfinite(high) and low < high):
            raise LabellerError(
                "The first of the grey values {low} and {high} must be the smaller one.",
                low=low,
                high=high,
                settings=["grey"],
            )
    try:
        parsed(reading.channels)
    except ValueError as error:
        raise LabellerError(
            "'{part}' is not a channel. Write 3,2,1 to show these as red, green and blue, or "
            "1=red:0:4095,2=cyan.",
            part=quoted(str(error)),
            settings=["channels"],
        ) from None
    if not 1 <= reading.megapixels <= MOST_MEGAPIXELS:
        raise LabellerError(
            "The limit must lie between 1 and {most:,} million pixels.",
            most=MOST_MEGAPIXELS,
            settings=["megapixels"],
        )


def is_set_name(images: str) -> bool:
    """Whether a request, whose paths are absolute, asks for a data set by name."""
    return images in known_sets.NAMES


def found_in(request: Request, run: Run) -> tuple[Splits, list[Remark]]:
    """The images found, with labels if wanted, and remarks on guesses; classes are not checked.
    Raises like `plan_of`."""
    if request.format is not None:
        splits, notes = _of_format(request)
        splits, more = _sorted_out(splits, request)
        return splits, [*notes, *more]
    pool = list_images(Path(request.images), run, request.zip_encoding)
    notes = list(pool.notes)
    splits, source = Splits(pool), request.truth or request.labels
    if request.test is not None:
        test = list_images(Path(request.test), run, request.zip_encoding)
        notes += test.notes
        test = _labelled(test, None)
        if not any(image.label for image in test.images):
            raise LabellerError(
                "The images in {test} have no labels. Sort them into folders by class, "
                "or give a .csv with the columns path and label.",
                test=request.test,
            )
        splits = Splits(pool, test)
    elif request.splits and (source == "folders" or (source and _has_column(pool))):
        splits = take_splits_apart(pool)
        notes += _of_splits(pool, splits)
        splits = Splits(
            splits.pool,
            *(None if one is None else _labelled(one, source) for one in (
                splits.test, splits.validation
            )),
        )  # fmt: skip
    elif request.splits and not source and (_has_column(pool) or _has_folders(pool)):
        notes.append(
            Remark(
                "Splits were not used: only labelled images can be held out, and no labels were "
                "imported."
            )
        )
    if source is not None:
        splits = replace(splits, pool=_labelled(splits.pool, source))
    splits, more = _sorted_out(splits, request)
    return splits, [*notes, *more]


def _has_column(listing: Listing) -> bool:
    """Whether a table has a column with splits."""
    return any(image.split for image in listing.images)


def _has_folders(listing: Listing) -> bool:
    """Whether folders are named like splits."""
    found = take_splits_apart(listing)
    return not (found.test is None and found.validation is None)


def _sorted_out(splits: Splits, request: Request) -> tuple[Splits, list[Remark]]:
    """The splits with labels in stored spelling, without those that are not classes; and remarks.

    Raises:
        LabellerError: a label cannot be the name of a class, or a name in `unsorted` is not found.
    """
    parts = [one for _, _, one in splits.parts()]
    counts = Counter(image.label for one in parts for image in one.images if image.label)
    spelt = {label: class_name(label) for label in counts}
    alike: dict[str, list[str]] = {}
    for label, name in spelt.items():
        alike.setdefault(name, []).append(label)
    unsorted = {spelling(name) for name in request.unsorted}
    if missing := unsorted - alike.keys():
        raise LabellerError(
            "There is no '{name}' here. The classes found are {names}.",
            name=quoted(sorted(missing)[0]),
            names=quoted(", ".join(sorted(alike))) or "none",
            settings=["unsorted"],
        )
    notes = [
        Remark(
            "These names look the same and count as one class: {names}.",
            names=", ".join(ascii(label) for label in sorted(labels)),
        )
        for labels in alike.values()
        if len(labels) > 1
    ]
    for name, labels in alike.items():
        if name not in unsorted and looks_unsorted(name):
            notes.append(
                Remark(
                    "“{name}” was treated as a class of {count} images. If they are still "
                    "unsorted, say that it is not a class.",
                    name=name,
                    count=sum(counts[label] for label in labels),
                )
            )

    def put(listing: Listing | None) -> Listing | None:
        if listing is None:
            return None
        new = (spelt.get(i.label or "") for i in listing.images)
        images = tuple(
            replace(image, label=None if label in unsorted else label)
            for image, label in zip(listing.images, new, strict=True)
        )
        return replace(listing, images=images)

    return Splits(put(splits.pool) or splits.pool, put(splits.test), put(splits.validation)), notes


def looks_unsorted(name: str) -> bool:
    """Whether a folder is named like those for unsorted images."""
    plain = name.casefold().strip("_- .").replace("_", " ").replace("-", " ")
    return plain in UNSORTED


def _of_format(request: Request) -> tuple[Splits, list[Remark]]:
    """The images of another program's data set, with the paths they have once unpacked; and
    remarks."""
    assert request.format is not None
    wanted = bool(request.truth or request.labels)
    source = format_source(Path(request.images), request.format, wanted and request.splits)
    splits = source.listing(Path(UNPACKED))
    if wanted:
        notes = [] if splits.test is splits.validation else _of_column(splits)
        return splits, [*splits.pool.notes, *notes]
    bare = tuple(FoundImage(image.path) for image in splits.pool.images)
    return Splits(replace(splits.pool, images=bare)), []


def _of_splits(listing: Listing, splits: Splits) -> list[Remark]:
    """Remarks on folders named like splits."""
    if _has_column(listing):
        return _of_column(splits)
    if splits.test is None and splits.validation is None:
        if not (named := looks_like_splits(listing)):
            return []
        return [
            Remark(
                "The folders {names} are named like splits, but there are others beside "
                "them or one is missing; all were treated as classes.",
                names=", ".join(named),
            )
        ]
    remarks = [
        Remark(
            "Folders were treated as splits, which is a guess: {count} images of "
            "“{name}” form the pool.",
            count=len(splits.pool.images),
            name=splits.pool.root.name,
        )
    ]
    if splits.test is not None:
        remarks.append(
            Remark(
                "{count} images of “{name}” are held out for testing.",
                count=len(splits.test.images),
                name=splits.test.root.name,
            )
        )
    if splits.validation is not None:
        remarks.append(
            Remark(
                "{count} images of “{name}” are held out for validation.",
                count=len(splits.validation.images),
                name=splits.validation.root.name,
            )
        )
    return remarks


def _of_column(splits: Splits) -> list[Remark]:
    """Remarks on the images that a table holds out."""
    held_out = [len(one.images) if one else 0 for one in (splits.test, splits.validation)]
    if not any(held_out):
        return []
    return [
        Remark(
            "As the data set specifies, {test} images are held out for testing and "
            "{validation} for validation.",
            test=held_out[0],
            validation=held_out[1],
        )
    ]


def _labelled(listing: Listing, source: str | None) -> Listing:
    manifest = listing.location.suffix.lower() == ".csv"
    if source == "csv" and not manifest:
        raise LabellerError(
            "{location} is not a .csv file; use 'folders' for folders.", location=listing.location
        )
    labelled = listing if manifest and source != "folders" else label_by_folder(listing)
    if not any(image.label for image in labelled.images):
        if source == "csv":
            raise LabellerError(
                "No labels were found: the column 'label' of {location} is empty.",
                location=listing.location,
            )
        raise LabellerError(
            "No labels were found: there are no folders named by class in {location}.",
            location=listing.location,
        )
    return labelled


def _class_names(request: Request, pool: Listing, held_out: list[Listing]) -> list[str]:
    """The project's classes, after checking that every label is one of them."""
    uses_labels = request.truth or request.labels
    found = {i.label for i in pool.images if i.label} if uses_labels else set()
    tested = {i.label for test in held_out for i in test.images if i.label}
    names = checked_names(list(request.classes) or sorted(found | tested))
    if unknown := sorted((found | tested) - set(names)):
        raise LabellerError(
            "Unknown class '{unknown}': the classes are {names}. Add it to the "
            "classes, or give none to use those found.",
            settings=["classes"],
            unknown=quoted(unknown[0]),
            names=quoted(", ".join(names)),
        )
    return names
