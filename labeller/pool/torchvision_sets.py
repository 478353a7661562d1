"""torchvision's data sets by name, written as image files for a project.

torchvision downloads them if there is a network; `root` is a folder that already contains them.
"""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from labeller.core.errors import Cancelled, LabellerError
from labeller.core.files import replacing
from labeller.core.run import Progress, Run

NAMES = ("cifar10", "cifar100", "svhn", "fashionmnist")


def export_set(name: str, folder: Path, root: Path | None, run: Run) -> None:
    """Write the data set as `folder/train/CLASS/NNNNN.png` and `folder/test/...`.

    Existing files are kept, so an interrupted run can be resumed.

    Raises:
        LabellerError: it is neither under `root` nor can it be downloaded.
    """
    download = folder / "download"
    before = download.exists()
    for split in ("train", "test"):
        try:
            images = _load(name, split == "train", root, download)
        except LabellerError:
            if not before:  # only torchvision writes there
                shutil.rmtree(download, ignore_errors=True)
            raise
        classes = [str(c).replace("/", "-") for c in _classes(images)]
        for number in range(len(images)):
            if run.should_stop():
                raise Cancelled("The import was cancelled; the same command resumes it.")
            target_class = int(_targets(images)[number])
            path = folder / split / classes[target_class] / f"{number:05d}.png"
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                image: Image.Image = images[number][0]
                with replacing(path, durable=False) as temporary:
                    image.save(temporary, "PNG", compress_level=1)
            if number % 200 == 0 or number + 1 == len(images):
                run.report(Progress("Writing", number + 1, len(images)))
    shutil.rmtree(download, ignore_errors=True)


def is_exported(path: Path) -> bool:
    """Whether a file is named like those of `export_set`."""
    split = path.parent.parent.name
    return split in ("train", "test") and bool(re.fullmatch(r"\d{5}\.png", path.name))


def _load(name: str, train: bool, root: Path | None, download_to: Path) -> Any:
    from torchvision import datasets

    makers: dict[str, Callable[..., Any]] = {
        "cifar10": lambda **kw: datasets.CIFAR10(train=train, **kw),
        "cifar100": lambda **kw: datasets.CIFAR100(train=train, **kw),
        "svhn": lambda **kw: datasets.SVHN(split="train" if train else "test", **kw),
        "fashionmnist": lambda **kw: datasets.FashionMNIST(train=train, **kw),
    }
    try:
        return makers[name](root=str(root or download_to), download=root is None)
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


def _classes(images: Any) -> list[str]:
    return list(getattr(images, "classes", [str(digit) for digit in range(10)]))


def _targets(images: Any) -> Any:
    return images.targets if hasattr(images, "targets") else images.labels


def _line(error: Exception) -> str:
    return str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else "no reason"
