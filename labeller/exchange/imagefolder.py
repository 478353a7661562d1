"""Labels as folders named by class, `CLASS/FILE` or `SPLIT/CLASS/FILE`, as torchvision's
ImageFolder, Keras' `image_dataset_from_directory` and most training scripts read them."""

import json
from collections.abc import Iterator
from pathlib import Path

from labeller.core.files import is_regular
from labeller.exchange.dataset import TEST, TRAIN, VALIDATION, Dataset, Item, Writing, kept
from labeller.exchange.json_files import read_json
from labeller.exchange.placing import Names, appearing, known_suffix, place
from labeller.pool.sources import Listing, label_by_folder, list_images, take_splits_apart

CLASSES = "class_names.json"
FOLDERS = {TRAIN: "train", VALIDATION: "val", TEST: "test"}


def write_imagefolder(dataset: Dataset, output: Path, writing: Writing) -> None:
    """Place the labelled images in their folders; `output` appears once it is complete.

    Images of a class with the same name are numbered; unlabelled ones are left out.

    Raises:
        OSError: an image is gone, or is not the one that was imported and labelled.
    """
    names = Names()
    with appearing(output) as folder:
        for item in dataset.items():
            if item.label is not None:
                place(item, folder / placed(item, names), writing.copies)
        renamed = {folder: label for label, folder in names.folders.items() if folder != label}
        if renamed:  # class names that are invalid as folder names are preserved
            text = json.dumps(renamed, ensure_ascii=False, indent=2)
            (folder / CLASSES).write_text(text + "\n", encoding="utf-8")


def placed(item: Item, names: Names) -> str:
    """The target of a labelled image."""
    folder = names.folder(item.label or "")
    split = split_folder(item, "")
    return names.file(f"{split}/{folder}" if split else folder, known_suffix(item))


def split_folder(item: Item, undivided: str) -> str:
    """The folder of an image's split; `undivided` without one."""
    return undivided if item.split is None else FOLDERS.get(item.split, item.split)


def read_imagefolder(location: Path) -> Dataset:
    """Read a folder or a .zip of folders named by class.

    Raises:
        LabellerError: there are no images.
    """
    splits = take_splits_apart(list_images(location))
    names = _renamed(location)
    parts = [(TRAIN, splits.pool), (TEST, splits.test), (VALIDATION, splits.validation)]
    divided = splits.test is not None or splits.validation is not None
    found = [
        item
        for split, listing in parts
        if listing is not None
        for item in _items(label_by_folder(listing), split if divided else None, names)
    ]
    return kept(found, sorted({item.label for item in found if item.label is not None}))


def _items(listing: Listing, split: str | None, names: dict[str, str]) -> Iterator[Item]:
    for image in listing.images:
        if image.label is not None:
            label = names.get(image.label, image.label)
            file = listing.root / image.path if listing.archive is None else None
            yield Item(image.path, label, file, split=split, place=image.path)


def _renamed(location: Path) -> dict[str, str]:
    """Class names that are not valid folder names, by their folders."""
    file = location / CLASSES
    if not is_regular(file):
        return {}
    found = read_json(file)
    sound = isinstance(found, dict) and all(isinstance(name, str) for name in found.values())
    return found if sound else {}
