"""Extracts pages or frames of files: each page becomes an image file."""

import io
from dataclasses import replace
from pathlib import Path

from labeller_models.registry import mark
from PIL import Image, ImageOps

from labeller.core.errors import LabellerError, quoted
from labeller.core.files import is_regular, make_folder, read_regular, replacing
from labeller.core.run import Progress, Run
from labeller.pool.decode import (
    FORMATS,
    MAX_SAMPLE_VALUE,
    MEGAPIXELS,
    allow_pixels,
    know_heif,
    max_sample_value,
)
from labeller.pool.sources import FoundImage, Listing

STAGE = mark("Extracting pages")
PAGED = (".tif", ".tiff", ".gif", ".webp", ".png", ".avif", ".heic", ".heif")
"""Suffixes of files that can have several pages."""
BOMB, BOMB_RATIO = 250_000_000, 1000
"""A file whose pages have more than `BOMB` pixels in all, and more than `BOMB_RATIO` per byte, is
left whole."""
PNG_MODES = frozenset({"1", "L", "LA", "RGB", "RGBA"})


def take_pages_apart(
    listing: Listing,
    folder: Path,
    run: Run,
    megapixels: int = MEGAPIXELS,
) -> tuple[Listing, Listing | None]:
    """Write each page of multi-page files losslessly into `folder`, skipping existing pages.

    A file that is damaged or larger than `megapixels` million pixels stays one image; so does a
    small file that would decode to very many pixels (`BOMB`).

    Args:
        listing: a listing of files, not of an archive.

    Returns:
        The listing without those files, and a listing of their pages: `a/scan.tif` gives
        `a/scan.tif-page-1.png` and so on, with the label of the file.

    Raises:
        LabellerError: the disk is full, or cannot be written.
        Cancelled: `run.should_stop` said so.
    """
    whole: list[FoundImage] = []
    pages: list[FoundImage] = []
    for done, image in enumerate(listing.images, start=1):
        found = []
        if image.path.lower().endswith(PAGED):
            found = _written(listing.root / image.path, image.path, folder, megapixels)
        pages += [replace(image, path=path) for path in found]
        if not found:
            whole.append(image)
        if done % 64 == 0 or done == len(listing.images):
            run.report(Progress(STAGE, done, len(listing.images)))
        run.check(STAGE)
    rest = replace(listing, images=tuple(whole))
    if not pages:
        return rest, None
    return rest, replace(listing, root=folder, images=tuple(pages), left_out=(), notes=())


def _written(file: Path, path: str, folder: Path, megapixels: int) -> list[str]:
    """The paths of a file's pages; none if it has only one or cannot be read."""
    know_heif()
    allow_pixels(megapixels)
    made: list[str] = []
    try:
        data = read_regular(file)
        image = Image.open(io.BytesIO(data), formats=FORMATS)
        count = int(getattr(image, "n_frames", 1))
        left = max(BOMB, BOMB_RATIO * len(data))
        if count < 2 or count * image.width * image.height > left:
            return []
        for number in range(count):
            image.seek(number)
            left -= image.width * image.height
            if left < 0 or image.width * image.height > megapixels * 1_000_000:
                raise ValueError("too large")
            page = image.copy()
            made.append(_write(f"{path}-page-{number + 1}", page, max_sample_value(image), folder))
    except LabellerError:
        raise
    except (
        Exception
    ):  # decoders raise nearly anything; reading the file later reports what is wrong
        for page_path in made:
            (folder / page_path).unlink(missing_ok=True)
        return []
    return made


def _write(name: str, page: Image.Image, most: int, folder: Path) -> str:
    page = ImageOps.exif_transpose(page)
    if page.mode in ("P", "PA"):
        page = page.convert("RGBA")
    plain = page.mode in PNG_MODES
    path = name + (".png" if plain else ".tif")
    target = folder / path
    if is_regular(target):
        return path
    options = {} if plain else {"compression": "tiff_adobe_deflate"}
    tags = {} if plain or not most else {"tiffinfo": {MAX_SAMPLE_VALUE: most}}
    try:
        make_folder(target.parent, folder)
        with replacing(target, durable=False) as temporary:
            page.save(temporary, "PNG" if plain else "TIFF", **options, **tags)
    except OSError as error:
        raise LabellerError(
            "Cannot write {name}: {reason}.",
            name=quoted(path),
            reason=error.strerror or str(error),
        ) from error
    return path
