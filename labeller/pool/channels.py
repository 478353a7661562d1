"""TIFFs with any number of channels, such as those from microscopes and satellites: which channels
are shown, in which colours and ranges."""

import io
import re
from dataclasses import dataclass
from functools import cache
from math import isfinite
from pathlib import Path

import numpy as np
from PIL import ImageColor

SIGNS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
SUFFIXES = (".tif", ".tiff", "")
"""Suffixes that a TIFF may have; files without one are recognised by their first bytes."""
PRIMARIES = ("red", "lime", "blue")
"""Default colours of up to three channels."""
MOST_VALUES = 1 << 31
ORIENTATION = 274
_CHANNEL = re.compile(r"(\d{1,4})(?:=([^:]+))?(?::([^:]+):([^:]+))?")


class NotShown(Exception):
    """The channels of a file cannot be shown as asked; the message says why."""


@dataclass(frozen=True)
class Channel:
    """A channel that is shown.

    Attributes:
        place: its index in the file, from 0.
        colour: red, green and blue that its brightest value adds, 0 to 255.
        range: the values shown as dark and at full brightness; None goes by the bits in use.
    """

    place: int
    colour: tuple[int, ...]
    range: tuple[float, float] | None = None


@cache
def parsed(text: str) -> tuple[Channel, ...]:
    """Parse channels as people write them: "3,2,1" for those shown red, green and blue, or each
    with its colour and range, as in "1=red,2=#00ffff:0:4095".

    Raises:
        ValueError: the text is invalid; the message names the part.
    """
    found = []
    parts = [part.strip() for part in text.split(",")] if text.strip() else []
    for at, part in enumerate(parts):
        match = _CHANNEL.fullmatch(part)
        if match is None or int(match[1]) == 0:
            raise ValueError(part)
        name = match[2] or (PRIMARIES[at] if at < len(PRIMARIES) else "white")
        try:
            colour = ImageColor.getrgb(name.strip())[:3]
            span = None if match[3] is None else (float(match[3]), float(match[4]))
        except ValueError:
            raise ValueError(part) from None
        if span is not None and not (isfinite(span[0]) and isfinite(span[1]) and span[0] < span[1]):
            raise ValueError(part)
        found.append(Channel(int(match[1]) - 1, colour, span))
    return tuple(found)


def is_tiff(data: bytes) -> bool:
    return data[:4] in SIGNS


def may_be_tiff(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES


@dataclass(frozen=True)
class Planes:
    """The channels of a file: `values` [channels, height, width], of any numeric type, and the
    file's EXIF `orientation`."""

    values: np.ndarray
    orientation: int


def planes_of(data: bytes, megapixels: int) -> Planes:
    """The channels of the first series of a TIFF, at index 0 of all its other axes.

    Raises:
        NotShown: it is too large, or does not contain an image.
        Exception: it is damaged; tifffile raises nearly anything.
    """
    import tifffile

    with tifffile.TiffFile(io.BytesIO(data)) as file:
        series = file.series[0]
        axes = series.axes
        sides = [length for axis, length in zip(axes, series.shape, strict=True) if axis in "YX"]
        if len(sides) != 2:
            raise NotShown("a TIFF without width and height")
        if sides[0] * sides[1] > megapixels * 1_000_000 or series.size > MOST_VALUES:
            raise NotShown(
                f"a TIFF of {series.shape} values, more than {megapixels} million pixels"
            )
        tag = file.pages[0].tags.get(ORIENTATION)  # type: ignore[union-attr]
        try:
            values = series.asarray()
        except ValueError as error:
            if "imagecodecs" in str(error):
                raise NotShown("its compression needs the package imagecodecs") from error
            raise
    kept = tuple(slice(None) if axis in "CSYX" else 0 for axis in axes)
    left = [axis for axis in axes if axis in "CSYX"]
    order = [*(at for at, axis in enumerate(left) if axis in "CS"), *map(left.index, "YX")]
    planes = values[kept].transpose(order).reshape(-1, *sides)
    if planes.dtype.kind not in "buif":
        raise NotShown(f"a TIFF of {planes.dtype} values")
    return Planes(planes, int(tag.value) if tag is not None else 1)


def colours(span: tuple[float, float]) -> tuple[Channel, ...]:
    """The first three channels as red, green and blue, all in the same range."""
    return tuple(
        Channel(at, ImageColor.getrgb(name)[:3], span) for at, name in enumerate(PRIMARIES)
    )


def shown(planes: np.ndarray, channels: tuple[Channel, ...]) -> np.ndarray:
    """The sum of some channels in their colours: uint8 [height, width, 3].

    Raises:
        NotShown: the file has fewer channels.
    """
    most = max(each.place for each in channels) + 1
    if most > len(planes):
        raise NotShown(f"a TIFF of {len(planes)} channels, so there is no channel {most}")
    total = np.zeros((*planes.shape[1:], 3), dtype=np.float32)
    for each in channels:
        low, high = each.range or range_of(planes[each.place])
        light = np.nan_to_num((planes[each.place].astype(np.float32) - low) / (high - low))
        total += light.clip(0, 1)[..., None] * np.array(each.colour, dtype=np.float32)
    return total.round().clip(0, 255).astype(np.uint8)


def range_of(values: np.ndarray) -> tuple[float, float]:
    """The values shown as dark and at full brightness. For unsigned numbers: 0 and the largest
    number of the bits in use, rounded up to an even number of at least 8 bits. For floats and
    signed numbers: 0 and 1 if all values lie between them, otherwise the smallest and largest."""
    if values.dtype.kind in "bu":
        used = max(8, int(values.max()).bit_length())
        return 0.0, float((1 << used + used % 2) - 1)
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    if low >= 0 and high <= 1:
        return 0.0, 1.0
    return low, max(high, low + 1)
