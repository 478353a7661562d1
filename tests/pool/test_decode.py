import io

import numpy as np
import pytest
from PIL import Image

from labeller.pool.decode import UnreadableImage, decode, square, thumbnail


def encoded(image: Image.Image, format_name: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_name, **options)
    return buffer.getvalue()


def plain(mode: str = "RGB", colour: object = (200, 30, 60), size=(30, 20)) -> Image.Image:
    return Image.new(mode, size, colour)


def pixel(data: bytes) -> tuple[int, ...]:
    return decode(data).picture.getpixel((5, 5))


@pytest.mark.parametrize("format_name", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_every_promised_format_gives_its_colour(format_name):
    decoded = decode(encoded(plain(), format_name))
    assert decoded.picture.mode == "RGB"
    assert (decoded.width, decoded.height) == decoded.picture.size == (30, 20)
    assert np.allclose(decoded.picture.getpixel((5, 5)), (200, 30, 60), atol=6)


def test_only_the_first_frame_of_a_gif_counts():
    frames = [plain(colour=(255, 0, 0)), plain(colour=(0, 0, 255))]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert pixel(data) == (255, 0, 0)


def test_sixteen_bits_are_scaled_and_not_cut_off():
    grey = Image.fromarray(np.full((20, 30), 0x8080, np.uint16))
    assert pixel(encoded(grey, "PNG")) == (128, 128, 128)
    dark = Image.fromarray(np.full((20, 30), 200, np.uint16))
    assert pixel(encoded(dark, "TIFF")) == (1, 1, 1)


@pytest.mark.parametrize("top", [1.0, 255.0, 9000.0])
def test_float_tiffs_are_brought_into_range(top):
    ramp = np.linspace(0, top, 600, dtype=np.float32).reshape(20, 30)
    pixels = np.asarray(decode(encoded(Image.fromarray(ramp), "TIFF")).picture)
    assert pixels.min() == 0 and pixels.max() == 255


def test_palettes_are_looked_up():
    assert pixel(encoded(plain().convert("P", palette=Image.Palette.ADAPTIVE), "PNG")) == (
        200,
        30,
        60,
    )


def test_transparency_lies_on_white():
    assert pixel(encoded(plain("RGBA", (0, 0, 0, 0)), "PNG")) == (255, 255, 255)
    assert pixel(encoded(plain("LA", (0, 128)), "PNG")) == pytest.approx((127, 127, 127), abs=1)


def test_cmyk_becomes_rgb():
    red, green, blue = pixel(encoded(plain("CMYK", (0, 255, 255, 0)), "JPEG", quality=95))
    assert red > 200 and green < 60 and blue < 60


def test_exif_rotation_is_applied():
    image = plain(colour=(0, 0, 0), size=(30, 20))
    image.paste((255, 255, 255), (0, 0, 15, 20))  # the left half is white
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90° clockwise: left comes to the top
    decoded = decode(encoded(image, "JPEG", exif=exif, quality=95))
    assert (decoded.width, decoded.height) == (20, 30)
    assert decoded.picture.getpixel((10, 3))[0] > 200 > 50 > decoded.picture.getpixel((10, 27))[0]


def test_a_large_jpeg_may_be_scaled_down_but_keeps_its_size_in_the_books():
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
        (encoded(plain(), "PPM"), "not a PNG"),
    ],
)
def test_bad_files_say_what_is_wrong(data, reason):
    with pytest.raises(UnreadableImage, match=reason):
        decode(data)


def test_a_decompression_bomb_is_refused():
    bomb = encoded(Image.new("1", (30_000, 30_000)), "PNG")
    with pytest.raises(UnreadableImage, match="too many pixels"):
        decode(bomb)


def test_squares_show_the_middle():
    wide = plain(colour=(0, 0, 0), size=(90, 30))
    wide.paste((255, 255, 255), (30, 0, 60, 30))
    middle = square(wide, 16)
    assert middle.shape == (16, 16, 3) and middle.dtype == np.uint8
    assert middle[:, 2:-2].min() > 240


def test_thumbnails_keep_the_shape_and_leave_small_images_alone():
    assert thumbnail(plain(size=(1024, 512))).size == (256, 128)
    small = plain()
    assert thumbnail(small) is small
