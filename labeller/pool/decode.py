"""Any supported image file → an upright 8-bit RGB picture.

Only decoders of supported formats may read the bytes, whatever the file's name. Bit depth, palette,
CMYK, transparency and EXIF orientation are handled here, so that the rest of the program sees one
kind of image.
"""

import io
import struct
import warnings
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps, TiffImagePlugin

from labeller.core.files import open_regular
from labeller.pool import channels
from labeller.pool.colour import (
    BrokenProfile,
    from_lab,
    is_planar,
    raw_mode,
    show_scaled,
    to_srgb,
    values_of,
)

MOST = 1 << 20
"""Maximum bytes of metadata to keep; EXIF, with the orientation, comes first."""
SOI, APP0, APP15, COMMENT = 0xD8, 0xE0, 0xEF, 0xFE


def without_excess(data: bytes) -> bytes:
    """A JPEG file without metadata (application segments and comments, ITU-T T.81, B.2.4) beyond
    `MOST` bytes. Other files are returned unchanged."""
    if len(data) <= MOST or data[:2] != bytes([0xFF, SOI]):
        return data
    kept = [data[:2]]
    at, seen = 2, 0
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker, (length,) = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])
        if not (APP0 <= marker <= APP15 or marker == COMMENT) or length < 2:
            break
        seen += length
        if seen <= MOST:
            kept.append(data[at : at + 2 + length])
        at += 2 + length
    return data if seen <= MOST else b"".join([*kept, data[at:]])


FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", "AVIF", "HEIF", "JPEG2000", "PPM")
SUFFIXES = frozenset({
    ".png", ".jpg", ".jpeg", ".jfif", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".avif", ".heic",
    ".heif", ".jp2", ".j2k", ".jpx", ".ppm", ".pgm", ".pbm", ".pnm", ".tga",
})  # fmt: skip
SIGNATURES = (
    (0, b"\x89PNG"), (0, b"\xff\xd8\xff"), (0, b"GIF8"), (0, b"II*\0"), (0, b"MM\0*"), (8, b"WEBP"),
    (4, b"ftypavif"), (4, b"ftyphei"), (4, b"ftypmif1"), (4, b"jP  "),
)  # fmt: skip
"""Offsets and magic bytes of these formats, for files whose names do not tell."""
DEPTHS = (8, 10, 12, 14, 16)
"""Numbers of bits (of 16) that cameras and detectors use."""
DEEP = 32
"""Stands for values that are floats, signed or longer than 16 bits."""
MEGAPIXELS = 179
"""Default limit in million pixels: a small file can decode to more than fits into memory."""
MAX_SAMPLE_VALUE, SAMPLES, EXTRA_SAMPLES = 281, 277, 338
"""TIFF tags."""
TURNING = {"exif", "xmp", "XML:com.adobe.xmp", "Raw profile type exif"}
"""Where Pillow looks for the orientation."""
STRIP_PIXELS = 1 << 20
THUMBNAIL_SIDE = 256
"""Longest side of a thumbnail in pixels; smaller images are their own thumbnails."""

# Our own limit, `Reading.megapixels`, is checked first. Pillow, which refuses twice its limit, also
# catches files whose frames turn out larger than the header says.
Image.MAX_IMAGE_PIXELS = MEGAPIXELS * 500_000
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
# Warnings about metadata say nothing about the pixels.
warnings.filterwarnings("ignore", module=r"PIL\..*", category=UserWarning)


class UnreadableImage(Exception):
    """The bytes are not a complete image of a supported format; the message says why."""


@dataclass(frozen=True)
class Reading:
    """How a project decodes its files.

    Attributes:
        grey: the values shown as black and as white, for grey images with more than 8 bits; None
            takes them from each file.
        megapixels: larger images are not read.
        true_colour: whether embedded colour profiles are followed, colour of 16 bits is scaled to
            the bits in use, and the fourth channel of a TIFF is transparency only if it says so.
            Projects of earlier versions show files as before until these are read again.
        channels: which channels of a TIFF are shown, in which colours and ranges, as in
            labeller/pool/channels.py; "" shows files with one, three or four channels as they are.
    """

    grey: tuple[float, float] | None = None
    megapixels: int = MEGAPIXELS
    true_colour: bool = True
    channels: str = ""


AS_FILES_SAY = Reading()


@dataclass(frozen=True)
class Decoded:
    """`picture` is upright RGB, possibly scaled down; `width` and `height` are the file's own.
    `pages` is the number of pages in the file, of which the first is shown; `bits` is how many of
    16 bits its values use, `DEEP` for floats and longer numbers, 0 for 8-bit images;
    `profile_ignored` tells whether its colour profile could not be used."""

    picture: Image.Image
    width: int
    height: int
    pages: int = 1
    bits: int = 0
    profile_ignored: bool = False


def decode(data: bytes, at_least: int | None = None, reading: Reading = AS_FILES_SAY) -> Decoded:
    """Decode an image file.

    Args:
        data: the whole file.
        at_least: if given, the decoder may scale down as long as both sides keep at least this
            many pixels (which makes JPEG several times faster).
        reading: how this project reads its files.

    Raises:
        UnreadableImage: not an image, of another format, damaged, or too large.
    """
    if not data:
        raise UnreadableImage("the file is empty")
    know_heif()
    allow_pixels(reading.megapixels)
    data = without_excess(data)
    try:
        if reading.channels and channels.is_tiff(data):
            return _of_channels(data, reading)
        formats = (*FORMATS, "TGA") if _is_targa(data) else FORMATS
        with Image.open(io.BytesIO(data), formats=formats) as image:
            if image.width * image.height > reading.megapixels * 1_000_000:
                raise UnreadableImage(
                    f"{image.width} × {image.height} pixels, more than "
                    f"{reading.megapixels} million; the project's limit can be raised"
                )
            size, pages = image.size, _pages(image)
            can_be_smaller = image.format == "JPEG" and image.mode in ("RGB", "L")
            if at_least is not None and min(size) >= 2 * at_least and can_be_smaller:
                image.draft(image.mode, (at_least, at_least))
            raw, profile = "", None
            if reading.true_colour:
                raw, profile = raw_mode(image), image.info.get("icc_profile")
                if is_planar(image):
                    return _of_channels(data, reading)
            image.load()
            bits = _scale_colour(image, data, raw, reading.grey) if raw else _bits(image, data)
            no_alpha = reading.true_colour and _has_no_alpha(image)
            upright = _upright(image)
            if no_alpha:
                upright = upright.convert("RGB")
            picture, profile_ignored = _seen(upright, bits, reading.grey, profile)
    except UnreadableImage:
        raise
    except channels.NotShown as error:
        raise UnreadableImage(str(error)) from error
    except Image.DecompressionBombError:
        raise UnreadableImage(
            f"more than {reading.megapixels} million pixels; the project's limit can be raised"
        ) from None
    except Image.UnidentifiedImageError:
        if (count := _tiff_channels(data)) not in (0, 1, 3, 4):
            raise UnreadableImage(
                f"a TIFF of {count} channels; the project's settings can say which are shown"
            ) from None
        raise UnreadableImage(
            "not a PNG, JPEG, WebP, BMP, GIF, TIFF, AVIF, HEIC, JPEG 2000, PPM or TGA image"
        ) from None
    except MemoryError:
        raise UnreadableImage("too large for this machine's memory") from None
    except Exception as error:  # decoders raise nearly anything on damaged files
        raise UnreadableImage(f"damaged: {error}") from None
    # After a quarter turn, width and height are swapped.
    turned = (picture.width >= picture.height) != (size[0] >= size[1])
    width, height = reversed(size) if turned else size
    return Decoded(picture, width, height, pages, bits, profile_ignored)


def _of_channels(data: bytes, reading: Reading) -> Decoded:
    """A TIFF with the channels that the project shows, or as red, green and blue in one range."""
    planes = channels.planes_of(data, reading.megapixels)
    bits, wanted = 0, channels.parsed(reading.channels)
    if not wanted:
        span = channels.range_of(planes.values[:3])
        bits = int(span[1]).bit_length()
        wanted = channels.colours(reading.grey or span)
    picture = Image.fromarray(channels.shown(planes.values, wanted))
    picture.getexif()[channels.ORIENTATION] = planes.orientation
    picture = _upright(picture)
    return Decoded(picture, *picture.size, bits=bits)


def is_picture(start: bytes) -> bool:
    """Whether a file with these first bytes is of a known format."""
    return any(start[at : at + len(sign)] == sign for at, sign in SIGNATURES)


def _is_targa(data: bytes) -> bool:
    """Whether a file is TGA, which has no signature at its start: newer files have one at the end;
    older ones must have a plausible header and enough bytes for the pixels."""
    if data[-18:-2] == b"TRUEVISION-XFILE":
        return True
    if len(data) < 18:
        return False
    ident, palette, kind, first, colours, entry, _, _, width, height, depth, _ = struct.unpack(
        "<BBBHHBHHHHBB", data[:18]
    )
    size = 18 + ident + (colours * entry // 8 if palette else 0)
    if kind in (1, 2, 3):
        size += width * height * depth // 8
    return (
        palette <= 1
        and (kind in (1, 9)) == (palette == 1)
        and kind in (1, 2, 3, 9, 10, 11)
        and depth in (8, 16, 24, 32)
        and (palette == 1 or first == colours == entry == 0)
        and width > 0 < height
        and len(data) >= size
    )


def square(picture: Image.Image, side: int) -> np.ndarray:
    """The centre of `picture`, scaled so that it fills a square: uint8 [side, side, 3], RGB."""
    if picture.size != (side, side):
        picture = ImageOps.fit(picture, (side, side), method=Image.Resampling.BICUBIC)
    return np.asarray(picture, dtype=np.uint8)


def thumbnail(picture: Image.Image) -> Image.Image:
    """`picture` scaled down to `THUMBNAIL_SIDE`, or itself if it is small enough."""
    if max(picture.size) <= THUMBNAIL_SIDE:
        return picture
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.BICUBIC)
    return small


def _upright(image: Image.Image) -> Image.Image:
    if image.format == "JPEG" and not image.info.keys() & TURNING:
        return image  # no orientation given, and asking Pillow takes a tenth of a small file's time
    with suppress(Exception):  # a damaged EXIF block does not affect the pixels
        ImageOps.exif_transpose(image, in_place=True)  # a copy would double the memory
    return image


def allow_pixels(megapixels: int) -> None:
    """Raise Pillow's limit to what a project allows; it never shrinks within a process."""
    Image.MAX_IMAGE_PIXELS = max(Image.MAX_IMAGE_PIXELS or 0, megapixels * 500_000)


@cache
def know_heif() -> None:
    """Let Pillow read HEIC if pillow-heif is installed."""
    with suppress(ImportError):
        from pillow_heif import register_heif_opener

        register_heif_opener()


def _pages(image: Image.Image) -> int:
    with suppress(Exception):  # counting reads the whole file, which may be damaged later on
        return int(getattr(image, "n_frames", 1))
    return 1


def _bits(image: Image.Image, data: bytes) -> int:
    """How many of 16 bits a greyscale image uses: as declared in the file, otherwise the fewest
    that hold its largest value; `DEEP` for floats and longer integers, 0 for 8-bit images."""
    if image.mode == "F":
        return DEEP
    if not image.mode.startswith("I"):
        return 0
    found: Any = image.getextrema()
    low, high = int(found[0]), int(found[1])
    if low < 0 or high > 65535:
        return DEEP
    said = _said_bits(image, data)
    if said and high < 1 << said:
        return said
    return _depth(high)


def _depth(most: int) -> int:
    """The bit depth of a camera whose values go up to `most`, at most 16."""
    used = max(1, most.bit_length())
    return used if used < DEPTHS[0] else next(depth for depth in DEPTHS if depth >= used)


def _scale_colour(
    image: Image.Image, data: bytes, raw: str, grey: tuple[float, float] | None
) -> int:
    """Scale a loaded 16-bit colour image to the bits it uses or to the project's range, as for grey
    images; return the bits."""
    brightest = max(high for _, high in image.getextrema()[:3])  # type: ignore[misc]
    said = _said_bits(image, data)
    if grey is None and brightest >= 128 and said in (0, 16):
        return 16
    values = values_of(image, data, raw, FORMATS)
    most = int(values[..., :3].max())
    bits = said if said and most < 1 << said else _depth(most)
    show_scaled(image, values, *(grey or (0.0, float((1 << bits) - 1))))
    return bits


def _tiff_channels(data: bytes) -> int:
    """The number of channels that a TIFF says it has; 0 for other files."""
    with suppress(Exception):
        tags = TiffImagePlugin.ImageFileDirectory_v2(data[:8])
        file = io.BytesIO(data)
        file.seek(tags.next)
        tags.load(file)
        return int(tags.get(SAMPLES, 1))
    return 0


def _said_bits(image: Image.Image, data: bytes) -> int:
    """The bits in use according to TIFF's tag MaxSampleValue or PNG's chunk sBIT; 0 without
    either."""
    if hasattr(image, "tag_v2"):
        return min(16, max_sample_value(image).bit_length())
    at = data.find(b"sBIT", 0, 1024)
    return min(16, data[at + 4]) if image.format == "PNG" and 0 < at < len(data) - 4 else 0


def max_sample_value(image: Image.Image) -> int:
    """TIFF's MaxSampleValue, which tells how many bits are used; 0 if it is not set."""
    most = getattr(image, "tag_v2", {}).get(MAX_SAMPLE_VALUE, 0)
    return int(most[0] if isinstance(most, tuple) else most)


def _seen(
    image: Image.Image, bits: int, grey: tuple[float, float] | None, profile: bytes | None
) -> tuple[Image.Image, bool]:
    """The picture in sRGB, and whether its profile could not be used."""
    if not profile:
        return _to_rgb(image, bits, grey), False
    try:
        if image.mode in ("CMYK", "LAB"):
            return to_srgb(image, profile), False
        picture = _to_rgb(image, bits, grey)
        return to_srgb(picture, profile), False
    except BrokenProfile:
        return _to_rgb(image, bits, grey), True


def needs_true_colour(file: Path) -> bool:
    """Whether `Reading.true_colour` changes how an image file is shown, judging by its header;
    False if it is not an image or cannot be opened."""
    know_heif()
    with (
        suppress(Exception),
        open_regular(file) as opened,
        Image.open(opened, formats=FORMATS) as image,
    ):
        profile = image.info.get("icc_profile")
        return bool(profile or raw_mode(image) or is_planar(image) or _has_no_alpha(image))
    return False


def _to_rgb(image: Image.Image, bits: int, grey: tuple[float, float] | None) -> Image.Image:
    if image.mode == "RGB":
        return image if type(image) is Image.Image else image.copy()
    if image.mode == "F" or image.mode.startswith("I"):
        return _to_8_bit(image, bits, grey).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        layer = image.convert("RGBA")
        ground = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(ground, layer).convert("RGB")
    return from_lab(image) if image.mode == "LAB" else image.convert("RGB")


def _has_no_alpha(image: Image.Image) -> bool:
    """Whether it is a TIFF whose fourth channel is not said to be transparency: it may be near
    infrared."""
    tags = getattr(image, "tag_v2", None)
    return image.mode == "RGBA" and tags is not None and tags.get(EXTRA_SAMPLES, (0,))[0] == 0


def _to_8_bit(image: Image.Image, bits: int, grey: tuple[float, float] | None) -> Image.Image:
    """Map grey values of 16 or 32 bits, or floats, to 8 bits by the project's range, otherwise by
    the file's own (for 16 bits, by the bits it uses).

    Works strip by strip: as one float64 array, a large picture would take many times its size.
    """
    rows = max(1, STRIP_PIXELS // image.width)
    tops = range(0, image.height, rows)

    def strip(top: int) -> np.ndarray:
        box = (0, top, image.width, min(top + rows, image.height))
        with np.errstate(invalid="ignore"):  # damaged files contain invalid numbers
            values = np.asarray(image.crop(box)).astype(np.float64)
        return np.nan_to_num(values, copy=False, posinf=0.0, neginf=0.0)

    if grey is not None:
        low, high = grey
    elif bits < DEEP:
        low, high = 0.0, float((1 << bits) - 1)
    else:
        ranges = [(values.min(), values.max()) for values in map(strip, tops)]
        low, high = float(min(r[0] for r in ranges)), float(max(r[1] for r in ranges))
        if image.mode == "F" and low >= 0 and high <= 1:
            low, high = 0.0, 1.0
        elif low >= 0 and high <= 255:
            low, high = 0.0, 255.0
    factor = 255 / (high - low)
    made = Image.new("L", image.size)
    for top in tops:
        values = (strip(top) - low) * factor
        made.paste(Image.fromarray(values.round().clip(0, 255).astype(np.uint8)), (0, top))
    return made
