import io
import time
import zlib

import numpy as np
import pytest
from PIL import Image

from labeller.pool.decode import (
    Reading,
    UnreadableImage,
    decode,
    is_picture,
    know_heif,
    square,
    thumbnail,
    without_excess,
)


def encoded(image: Image.Image, format_name: str, **options: object) -> bytes:
    know_heif()
    buffer = io.BytesIO()
    image.save(buffer, format_name, **options)
    return buffer.getvalue()


def plain(mode: str = "RGB", colour: object = (200, 30, 60), size=(30, 20)) -> Image.Image:
    return Image.new(mode, size, colour)


def pixel(data: bytes) -> tuple[int, ...]:
    return decode(data).picture.getpixel((5, 5))


@pytest.mark.parametrize(
    "format_name",
    ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", "AVIF", "HEIF", "JPEG2000", "PPM"],
)
def test_every_supported_format_is_decoded(format_name):
    decoded = decode(encoded(plain(), format_name))
    assert decoded.picture.mode == "RGB"
    assert (decoded.width, decoded.height) == decoded.picture.size == (30, 20)
    assert np.allclose(decoded.picture.getpixel((5, 5)), (200, 30, 60), atol=8)


def test_only_the_first_frame_of_a_gif_is_used():
    frames = [plain(colour=(255, 0, 0)), plain(colour=(0, 0, 255))]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert pixel(data) == (255, 0, 0)


def test_sixteen_bit_values_are_scaled_not_clipped():
    grey = Image.fromarray(np.full((20, 30), 0x8080, np.uint16))
    assert pixel(encoded(grey, "PNG")) == (128, 128, 128)


@pytest.mark.parametrize("format_name", ["PNG", "TIFF"])
@pytest.mark.parametrize(("most", "bits"), [(4095, 12), (1000, 10), (16383, 14), (200, 8), (20, 5)])
def test_sixteen_bit_images_are_scaled_by_the_bits_in_use(format_name, most, bits):
    ramp = np.linspace(0, most, 600).astype(np.uint16).reshape(20, 30)
    decoded = decode(encoded(Image.fromarray(ramp), format_name))
    levels = np.asarray(decoded.picture)[..., 0]
    assert decoded.bits == bits and levels.min() == 0
    assert levels.max() == round(255 * most / (2**bits - 1)) > 150
    assert len(np.unique(levels)) > min(most, 150), "not just a few nearly black levels"


def test_a_declared_bit_depth_takes_precedence():
    dark = Image.fromarray(np.full((20, 30), 100, np.uint16))
    tagged = encoded(dark, "TIFF", tiffinfo={281: 4095})
    assert decode(tagged).bits == 12 and pixel(tagged) == (6, 6, 6)
    png = encoded(dark, "PNG")
    chunk = b"sBIT" + bytes([12])
    crc = zlib.crc32(chunk).to_bytes(4, "big")
    said = png[:33] + (1).to_bytes(4, "big") + chunk + crc + png[33:]
    assert decode(said).bits == 12 and pixel(said) == (6, 6, 6)
    assert decode(encoded(plain(), "PNG")).bits == 0


def test_pages_are_counted_and_the_first_is_shown():
    frames = [plain(colour=(c, 0, 0)) for c in (255, 120, 10)]
    for format_name in ("TIFF", "GIF", "WEBP"):
        data = encoded(frames[0], format_name, save_all=True, append_images=frames[1:])
        assert decode(data).pages == 3 and pixel(data)[0] > 240
    assert decode(encoded(plain(), "PNG")).pages == 1


def test_files_without_a_suffix_are_recognised_by_their_signature():
    for format_name in ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "AVIF", "HEIF", "JPEG2000"):
        assert is_picture(encoded(plain(), format_name)[:16]), format_name
    assert not is_picture(b"hello, I am a text") and not is_picture(b"")


@pytest.mark.parametrize("top", [1.0, 255.0, 9000.0])
def test_float_tiffs_are_scaled_to_their_range(top):
    ramp = np.linspace(0, top, 600, dtype=np.float32).reshape(20, 30)
    pixels = np.asarray(decode(encoded(Image.fromarray(ramp), "TIFF")).picture)
    assert pixels.min() == 0 and pixels.max() == 255


def test_palette_images_are_converted():
    assert pixel(encoded(plain().convert("P", palette=Image.Palette.ADAPTIVE), "PNG")) == (
        200,
        30,
        60,
    )


def test_transparency_is_blended_onto_white():
    assert pixel(encoded(plain("RGBA", (0, 0, 0, 0)), "PNG")) == (255, 255, 255)
    assert pixel(encoded(plain("LA", (0, 128)), "PNG")) == pytest.approx((127, 127, 127), abs=1)


def test_cmyk_becomes_rgb():
    red, green, blue = pixel(encoded(plain("CMYK", (0, 255, 255, 0)), "JPEG", quality=95))
    assert red > 200 and green < 60 and blue < 60


def test_exif_rotation_is_applied():
    image = plain(colour=(0, 0, 0), size=(30, 20))
    image.paste((255, 255, 255), (0, 0, 15, 20))  # the left half is white
    exif = Image.Exif()
    exif[0x0112] = 6  # rotated by 90° clockwise: left becomes top
    decoded = decode(encoded(image, "JPEG", exif=exif, quality=95))
    assert (decoded.width, decoded.height) == (20, 30)
    assert decoded.picture.getpixel((10, 3))[0] > 200 > 50 > decoded.picture.getpixel((10, 27))[0]


def test_a_reduced_jpeg_reports_its_full_size():
    decoded = decode(encoded(plain(size=(2000, 1600)), "JPEG"), at_least=256)
    assert (decoded.width, decoded.height) == (2000, 1600)
    assert 256 <= min(decoded.picture.size) < 1600


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"hello, I am a text", "not a PNG"),
        (encoded(plain(size=(300, 300)), "PNG")[:200], "damaged"),
        (encoded(Image.effect_noise((300, 300), 90), "JPEG")[:5000], "damaged"),
        (encoded(plain(), "ICO"), "not a PNG"),
    ],
)
def test_unreadable_files_are_explained(data, reason):
    with pytest.raises(UnreadableImage, match=reason):
        decode(data)


def test_a_decompression_bomb_is_refused():
    bomb = encoded(Image.new("1", (30_000, 30_000)), "PNG")
    with pytest.raises(UnreadableImage, match="more than 179 million pixels; the project's limit"):
        decode(bomb)


def test_targas_are_recognised_without_a_signature():
    """Newer files end with a signature, older ones have only a header; other bytes are refused."""
    newer = encoded(Image.new("RGB", (20, 10), (200, 40, 40)), "TGA")
    assert newer[-18:-2] == b"TRUEVISION-XFILE"
    header = bytes([0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 10, 0, 24, 0x20])
    older = header + bytes([40, 40, 200]) * 200
    for data in (newer, older):
        assert decode(data).picture.getpixel((3, 3)) == (200, 40, 40)
    with pytest.raises(UnreadableImage, match="not a PNG"):
        decode(older[:-1])
    with pytest.raises(UnreadableImage, match="not a PNG"):
        decode(bytes(range(256)))


def test_the_projects_grey_range_takes_precedence():
    ramp = Image.fromarray(np.array([[0, 1000, 2000, 3000]], np.uint16))
    data = encoded(ramp, "PNG")
    shown = decode(data, reading=Reading(grey=(1000, 3000))).picture
    assert [shown.getpixel((x, 0))[0] for x in range(4)] == [0, 0, 128, 255]
    floats = encoded(Image.fromarray(np.array([[-1.0, 0.0, 1.0]], np.float32)), "TIFF")
    shown = decode(floats, reading=Reading(grey=(0, 2))).picture
    assert [shown.getpixel((x, 0))[0] for x in range(3)] == [0, 0, 128]
    plain = encoded(Image.new("L", (2, 2), 77), "PNG")
    assert decode(plain, reading=Reading(grey=(0, 20))).picture.getpixel((0, 0))[0] == 77


def test_a_frame_larger_than_its_image_is_refused():
    """A small GIF whose frame claims 65,535 × 65,535 pixels would take 17 GB."""
    small = bytearray(encoded(Image.new("P", (4, 4)), "GIF"))
    at = small.index(b"\x2c", 13)
    small[at + 5 : at + 9] = b"\xff\xff\xff\xff"
    with pytest.raises(UnreadableImage, match="more than 179 million pixels"):
        decode(bytes(small))


def test_excessive_metadata_is_skipped_quickly():
    exif = Image.Exif()
    exif[0x0112] = 6
    plain = encoded(Image.new("RGB", (30, 20), (200, 40, 40)), "JPEG", exif=exif)
    segment = b"\xff\xe1" + (65535).to_bytes(2, "big") + b"Exif\0\0" + b"\0" * 65527
    at = plain.index(b"\xff\xdb")
    swollen = plain[:at] + 2000 * segment + plain[at:]
    began = time.monotonic()
    decoded = decode(swollen)
    assert time.monotonic() - began < 2
    assert decoded.picture.size == (20, 30), "the orientation is kept"
    assert decoded.picture.tobytes() == decode(plain).picture.tobytes()
    assert without_excess(swollen[: at + 7]) == swollen[: at + 7]


def test_square_crops_the_centre():
    wide = plain(colour=(0, 0, 0), size=(90, 30))
    wide.paste((255, 255, 255), (30, 0, 60, 30))
    middle = square(wide, 16)
    assert middle.shape == (16, 16, 3) and middle.dtype == np.uint8
    assert middle[:, 2:-2].min() > 240


def test_thumbnails_keep_the_aspect_ratio_and_small_images():
    assert thumbnail(plain(size=(1024, 512))).size == (256, 128)
    small = plain()
    assert thumbnail(small) is small
