"""Embedded ICC profiles: converts images to sRGB, so that they look as intended."""

import io
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
