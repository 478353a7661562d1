"""Colour images with 16 bits per channel. Pillow keeps only the high byte of each value, so a
picture that uses 12 of the bits comes out black; here it is read a second time for the low
bytes."""

import io
import sys

import numpy as np
from PIL import Image

NATIVE = "16L" if sys.byteorder == "little" else "16B"
OTHER = {"16B": "16L", "16L": "16B", "16N": "16B" if NATIVE == "16L" else "16L"}
"""Raw modes that read the other byte of each value."""
BITS, PLANES, TOGETHER = 258, 284, 1
"""TIFF tags: the bits of each channel, and whether the channels are interleaved."""


def raw_mode(image: Image.Image) -> str:
    """How the file stores its values, such as "RGB;16B"; "" if it is not 16-bit colour. To be
    called before the image is loaded."""
    for tile in getattr(image, "tile", ()):
        args = tile[3] if isinstance(tile[3], str) else (tile[3] or ("",))[0]
        if isinstance(args, str) and image.mode in ("RGB", "RGBA") and args[-3:] in OTHER:
            return args
    return ""


def is_planar(image: Image.Image) -> bool:
    """Whether a TIFF stores 16-bit colour plane by plane, which Pillow reads as garbage."""
    tags = getattr(image, "tag_v2", {})
    bits = tags.get(BITS, 8)
    several = isinstance(bits, tuple) and len(bits) > 1
    return several and max(bits) > 8 and tags.get(PLANES, TOGETHER) != TOGETHER


def values_of(image: Image.Image, data: bytes, raw: str, formats: tuple[str, ...]) -> np.ndarray:
    """The values of a loaded colour image: uint16 [height, width, 3 or, with transparency, 4].

    Args:
        data: the file that it was read from.
        raw: its `raw_mode`.
    """
    swapped = raw[:-3] + OTHER[raw[-3:]]
    with Image.open(io.BytesIO(data), formats=formats) as other:
        other.tile = [
            tile._replace(args=(swapped, *tile.args[1:]) if type(tile.args) is tuple else swapped)
            for tile in other.tile
        ]
        other.load()
        high, low = (np.asarray(each, dtype=np.uint16) for each in (image, other))
    return high << 8 | low


def show_scaled(image: Image.Image, values: np.ndarray, low: float, high: float) -> None:
    """Fill an image with the values, mapping `low` to 0 and `high` to 255; transparency is scaled
    by the bits that it uses."""
    scaled = (values.astype(np.float32) - low) * (255 / (high - low))
    if values.shape[2] > 3:
        opaque = (1 << int(values[..., 3].max()).bit_length()) - 1
        scaled[..., 3] = values[..., 3] * (255 / max(1, opaque))
    image.paste(Image.fromarray(scaled.round().clip(0, 255).astype(np.uint8)))
