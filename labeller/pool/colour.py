"""Colours as intended: embedded ICC profiles are converted to sRGB, and colour images with 16 bits
per channel are read in full. Pillow keeps only the high byte of each value, so a picture that uses
12 of the bits comes out black; it is read a second time for the low bytes."""

import io
import sys
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms

LARGEST = 1 << 22
"""Maximum size of a profile in bytes; those of printers have half a million."""
SPACES = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab ": "LAB"}
"""Colour spaces of profiles → the Pillow modes for their values."""
UNSEEN = 2
"""A profile that changes no value by more than this (of 255) counts as sRGB."""


class BrokenProfile(Exception):
    """A profile cannot be used; the image's values are taken to be sRGB."""


def to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Convert an image to sRGB by its profile; the image itself if its profile is sRGB.

    Args:
        image: an 8-bit image. With a grey profile it may be RGB with equal channels.
        profile: an ICC profile (ICC.1:2022).

    Raises:
        BrokenProfile: it is damaged, or for another colour space than the image's.
    """
    mode, transform = _transform(profile)
    if transform is None:
        return image
    if image.mode == "RGB" and mode == "L":
        image = image.convert("L")
    if image.mode != mode:
        raise BrokenProfile(f"a profile for {mode} in an image of {image.mode}")
    found = ImageCms.applyTransform(image, transform)
    assert found is not None
    return found


def from_lab(image: Image.Image) -> Image.Image:
    """An image in CIELAB (D50) as sRGB."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    return ImageCms.applyTransform(image, _to_srgb(lab, "LAB")) or image


@lru_cache(maxsize=64)
def _transform(profile: bytes) -> tuple[str, ImageCms.ImageCmsTransform | None]:
    """The mode of a profile's images, and the transform to sRGB; None if they are sRGB already."""
    if len(profile) > LARGEST:
        raise BrokenProfile(f"a profile of {len(profile):,} bytes")
    try:
        parsed = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = SPACES[parsed.profile.xcolor_space]
        transform = _to_srgb(parsed, mode)
    except (OSError, KeyError, ValueError, TypeError, ImageCms.PyCMSError) as error:
        raise BrokenProfile(str(error)) from error
    return mode, None if mode == "RGB" and _changes_nothing(transform) else transform


def _to_srgb(profile: ImageCms.ImageCmsProfile, mode: str) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(
        profile,
        ImageCms.createProfile("sRGB"),
        mode,
        "RGB",
        ImageCms.Intent.PERCEPTUAL,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    """Whether a transform leaves colours as they are; tried on a grid of colours, since the names
    of profiles say little."""
    steps = np.arange(0, 256, 17, dtype=np.uint8)
    grid = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(64, 64, 3)
    shown = np.asarray(ImageCms.applyTransform(Image.fromarray(grid), transform), dtype=np.int16)
    return int(np.abs(shown - grid).max()) <= UNSEEN


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
