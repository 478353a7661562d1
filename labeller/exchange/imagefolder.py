"""Labels as folders named by class that hold copies of the images, as torchvision's ImageFolder
and most training scripts read them."""

import hashlib
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from labeller.core.files import LARGEST_BYTES, open_regular, read_bytes, umask
from labeller.exchange.labelled import LabelledImage
from labeller.pool.folders import EXPORTED


def write_imagefolder(images: Sequence[LabelledImage], output: Path) -> None:
    """Copy the images to `output/CLASS/NAME`; `output` appears when all of them are there.

    Images of one class with the same name get a number.

    Raises:
        OSError: an image is gone, or is not the one that was imported and labelled.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{output.name}.", dir=output.parent))
    folders: dict[str, str] = {}
    taken: set[str] = set()
    try:
        for image in images:
            folder = folders.setdefault(image.label, _free(_folder_name(image.label), folders))
            (unfinished / folder).mkdir(parents=True, exist_ok=True)
            name = _free_file(f"{folder}/{PurePosixPath(image.path).name}", taken)
            _copy(image, unfinished / name)
        (unfinished / EXPORTED).touch()
        unfinished.chmod(0o777 & ~umask())  # mkdtemp lets nobody else in
        unfinished.rename(output)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _copy(image: LabelledImage, target: Path) -> None:
    """Only what was labelled leaves the project: the path alone could name any file."""
    hashed, size = hashlib.sha256(), 0
    with open_regular(image.file) as file, target.open("xb") as copy:
        while part := read_bytes(file, 1 << 20):
            size += len(part)
            if size > LARGEST_BYTES:
                break
            hashed.update(part)
            copy.write(part)
    if hashed.hexdigest() != image.sha256:
        raise OSError(None, "it was changed after the import", str(image.file))


def _folder_name(label: str) -> str:
    """A class name as a folder on any system."""
    name = re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", label).strip(". ")[:100]
    reserved = re.fullmatch(r"(?i)con|prn|aux|nul|com\d|lpt\d", name)
    return f"{name}_" if reserved or not name else name


def _free(name: str, folders: dict[str, str]) -> str:
    """`name`, or with a number where another class has that folder (in any case of letters)."""
    used = {folder.casefold() for folder in folders.values()}
    number, free = 2, name
    while free.casefold() in used:
        free, number = f"{name}_{number}", number + 1
    return free


def _free_file(name: str, taken: set[str]) -> str:
    path = PurePosixPath(name)
    number, free = 2, name
    while free.casefold() in taken:
        free, number = str(path.with_name(f"{path.stem}_{number}{path.suffix}")), number + 1
    taken.add(free.casefold())
    return free
