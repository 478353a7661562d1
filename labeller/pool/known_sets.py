"""Data sets by name, each with its licence and an active learning protocol, written as image files
for a project.

torchvision or medmnist download them if there is a network, and check the archives' MD5; `root` is
a folder that already contains them. Two need no download: the demo is drawn, and the digits come
with scikit-learn.
"""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from labeller.core.errors import Cancelled, LabellerError, require_extra
from labeller.core.files import replacing
from labeller.core.run import Progress, Run
from labeller.pool.demo import generate

HELD_OUT = 0.2
"""The share of images held out, drawn with seed 0, from sets without test images of their own."""


def _plan(initial: int, budget: int, cycles: int, **more: Any) -> dict[str, Any]:
    return {"initial": initial, "budget": budget, "cycles": cycles, **more}


@dataclass(frozen=True)
class KnownSet:
    """A data set.

    Attributes:
        title: its name for people.
        images: numbers of training and test images.
        licence: as its authors state it.
        source: where it is described.
        reader: "package:class" of torchvision's or medmnist's reader; "" for those without one.
        splits: the reader's arguments for training and for test images; empty if it has no splits.
        plan: the protocol: numbers of labels, and further values of a plan.
    """

    title: str
    images: tuple[int, int]
    licence: str
    source: str
    reader: str
    splits: Sequence[Mapping[str, Any]]
    plan: Mapping[str, Any]
    options: Mapping[str, Any] = field(default_factory=dict)


TRAIN = ({"train": True}, {"train": False})
SPLIT = ({"split": "train"}, {"split": "test"})
NOT_STATED = "not stated by its authors"

SETS = {
    "cifar10": KnownSet(
        "CIFAR-10", (50_000, 10_000), NOT_STATED, "Krizhevsky 2009",
        "torchvision:CIFAR10", TRAIN, _plan(100, 100, 5),
    ),
    "cifar100": KnownSet(
        "CIFAR-100", (50_000, 10_000), NOT_STATED, "Krizhevsky 2009",
        "torchvision:CIFAR100", TRAIN, _plan(500, 500, 5),
    ),
    "cifar100-lt": KnownSet(
        "CIFAR-100, long tail", (50_000, 10_000), NOT_STATED, "Cui et al., CVPR 2019",
        "torchvision:CIFAR100", TRAIN, _plan(500, 500, 5, **{"long-tail": 100}),
    ),
    "svhn": KnownSet(
        "SVHN", (73_257, 26_032), "non-commercial use only", "Netzer et al. 2011",
        "torchvision:SVHN", SPLIT, _plan(100, 100, 10),
    ),
    "fashionmnist": KnownSet(
        "FashionMNIST", (60_000, 10_000), "MIT", "Xiao et al. 2017",
        "torchvision:FashionMNIST", TRAIN, _plan(100, 100, 10),
    ),
    "stl10": KnownSet(
        "STL-10", (5_000, 8_000), NOT_STATED, "Coates et al., AISTATS 2011",
        "torchvision:STL10", SPLIT, _plan(50, 50, 5),
    ),
    "eurosat": KnownSet(
        "EuroSAT", (21_600, 5_400), "MIT", "Helber et al. 2019",
        "torchvision:EuroSAT", (), _plan(50, 50, 5),
    ),
    "flowers102": KnownSet(
        "Flowers-102", (1_020, 6_149), NOT_STATED, "Nilsback and Zisserman 2008",
        "torchvision:Flowers102", SPLIT, _plan(102, 102, 5),
    ),
    "pets": KnownSet(
        "Oxford-IIIT Pet", (3_680, 3_669), "CC BY-SA 4.0", "Parkhi et al., CVPR 2012",
        "torchvision:OxfordIIITPet", ({"split": "trainval"}, {"split": "test"}), _plan(74, 74, 5),
    ),
    "dtd": KnownSet(
        "Describable Textures (DTD), partition 1", (1_880, 1_880), "research purposes only",
        "Cimpoi et al., CVPR 2014", "torchvision:DTD", SPLIT, _plan(94, 94, 5),
    ),
    "food101": KnownSet(
        "Food-101", (75_750, 25_250), "scientific fair use only", "Bossard et al., ECCV 2014",
        "torchvision:Food101", SPLIT, _plan(202, 202, 5),
    ),
    "imagenette": KnownSet(
        "Imagenette, 160 pixels", (9_469, 3_925), "Apache 2.0; the images as ImageNet's",
        "Howard 2019", "torchvision:Imagenette", ({"split": "train"}, {"split": "val"}),
        _plan(20, 20, 5), {"size": "160px"},
    ),
    "pathmnist": KnownSet(
        "PathMNIST", (89_996, 7_180), "CC BY 4.0", "Yang et al. 2023",
        "medmnist:PathMNIST", SPLIT, _plan(50, 50, 5),
    ),
    "bloodmnist": KnownSet(
        "BloodMNIST", (11_959, 3_421), "CC BY 4.0", "Yang et al. 2023",
        "medmnist:BloodMNIST", SPLIT, _plan(50, 50, 5),
    ),
    "dermamnist": KnownSet(
        "DermaMNIST", (7_007, 2_005), "CC BY-NC 4.0", "Yang et al. 2023",
        "medmnist:DermaMNIST", SPLIT, _plan(50, 50, 5),
    ),
    "digits": KnownSet(
        "Handwritten digits of scikit-learn", (1_438, 359), "CC BY 4.0", "Alpaydin and Kaynak 1998",
        "", (), _plan(50, 50, 5),
    ),
    "demo": KnownSet(
        "Labeller's demo", (2_000, 500), "MIT", "drawn by Labeller", "", (), _plan(20, 20, 5)
    ),
}  # fmt: skip
NAMES = tuple(SETS)
SET = "set:"
"""A prefix that marks a name as that of a data set, even if there is a folder of that name."""


def export_set(name: str, folder: Path, root: Path | None, run: Run) -> None:
    """Write the data set as `folder/train/CLASS/NNNNN.png` (or .jpg, as published) and
    `folder/test/...`.

    Existing files are kept, so an interrupted run can be resumed.

    Raises:
        LabellerError: it is not under `root` and cannot be downloaded, or a package is missing.
    """
    if name == "demo":
        generate(folder, run=run)
        return
    download = folder / "download"
    before = download.exists()
    try:
        for split, images, numbers in _splits(name, root, download):
            _write(images, numbers, folder / split, run)
    except LabellerError:
        if not before:  # only the reader writes there
            shutil.rmtree(download, ignore_errors=True)
        raise
    shutil.rmtree(download, ignore_errors=True)


def _write(images: Any, numbers: Sequence[int], folder: Path, run: Run) -> None:
    classes, labels, files = _classes(images), _labels(images), _files(images)
    for done, number in enumerate(numbers, start=1):
        if run.should_stop():
            raise Cancelled("The import was cancelled; the same command resumes it.")
        suffix = Path(files[number]).suffix.lower() if files else ".png"
        path = folder / classes[int(labels[number])] / f"{number:05d}{suffix}"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path, durable=False) as temporary:
                if files:
                    shutil.copyfile(files[number], temporary)
                else:
                    image: Image.Image = images[number][0]
                    image.save(temporary, "PNG", compress_level=1)
        if done % 200 == 0 or done == len(numbers):
            run.report(Progress("Writing", done, len(numbers)))


def is_exported(path: Path) -> bool:
    """Whether a file is named like those of `export_set`."""
    split = path.parent.parent.name
    return split in ("train", "test") and bool(re.fullmatch(r"\d{4,5}\.(png|jpe?g)", path.name))


def _splits(
    name: str, root: Path | None, download: Path
) -> Iterator[tuple[str, Any, Sequence[int]]]:
    """The name of each split, the reader, and the indices in it that belong to the split."""
    known = SETS[name]
    if known.splits:
        for split, options in zip(("train", "test"), known.splits, strict=True):
            images = _read(name, options, root, download)
            yield split, images, range(len(_labels(images)))
        return
    images = _read(name, {}, root, download) if known.reader else _Digits()
    order = np.random.default_rng(0).permutation(len(images))
    held_out = round(HELD_OUT * len(order))
    yield "train", images, sorted(order[held_out:].tolist())
    yield "test", images, sorted(order[:held_out].tolist())


def _read(name: str, options: Mapping[str, Any], root: Path | None, download: Path) -> Any:
    known = SETS[name]
    package, kind = known.reader.split(":")
    folder = root or download
    if root is None:
        folder.mkdir(parents=True, exist_ok=True)
    try:
        make = _reader(package, kind)
        return make(root=str(folder), download=root is None, **options, **known.options)
    except (RuntimeError, OSError) as error:
        if root is not None:
            raise LabellerError(
                "{name} is not complete under {root}: {error}.",
                name=name,
                root=root,
                error=_line(error),
            ) from error
        raise LabellerError(
            "{name} could not be downloaded: {error}. Without a network, give the "
            "folder where it is.",
            settings=["root"],
            name=name,
            error=_line(error),
        ) from error


def _reader(package: str, kind: str) -> Callable[..., Any]:
    if package == "medmnist":
        require_extra("medmnist")
        import medmnist

        return getattr(medmnist, kind)
    from torchvision import datasets

    return getattr(datasets, kind)


class _Digits:
    """The 8 × 8 digits that come with scikit-learn, as torchvision would read them."""

    def __init__(self) -> None:
        from sklearn.datasets import load_digits

        found = load_digits()
        self._pixels = np.round(found.images * (255 / 16)).astype(np.uint8)
        self.targets = found.target

    def __len__(self) -> int:
        return len(self.targets)

    def __getitem__(self, number: int) -> tuple[Image.Image, int]:
        return Image.fromarray(self._pixels[number]), int(self.targets[number])


def _classes(images: Any) -> list[str]:
    """Class names by index, as names of folders."""
    if hasattr(images, "info"):  # medmnist
        names = [images.info["label"][str(at)] for at in range(len(images.info["label"]))]
    else:
        names = list(getattr(images, "classes", map(str, range(10))))
    first = [each if isinstance(each, str) else each[0] for each in names]  # the first synonym
    return [each.replace("/", "-") for each in first]


def _labels(images: Any) -> Any:
    found = next(
        getattr(images, each) for each in ("targets", "labels", "_labels", "_samples")
        if hasattr(images, each)
    )  # fmt: skip
    if hasattr(images, "_samples"):
        return [label for _, label in found]
    return np.asarray(found).reshape(-1)


def _files(images: Any) -> Sequence[Any] | None:
    """The image files, if the set is published as files."""
    for each in ("_image_files", "_images"):
        if hasattr(images, each):
            return list(getattr(images, each))
    for each in ("samples", "_samples"):
        if hasattr(images, each):
            return [file for file, _ in getattr(images, each)]
    return None


def _line(error: Exception) -> str:
    first = (str(error).strip().splitlines() or ["no reason"])[0]
    return first.replace("You can use download=True to download it", "").rstrip(" .:,")
