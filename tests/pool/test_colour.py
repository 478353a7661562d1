"""Embedded colour profiles are applied. The one used here swaps red and blue."""

import io

import pytest
from PIL import Image, ImageCms

from labeller.pool import colour
from labeller.pool.decode import AS_FILES_SAY, Reading, decode, needs_true_colour

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
SWAPPED = SRGB.replace(b"rXYZ", b"-XYZ").replace(b"bXYZ", b"rXYZ").replace(b"-XYZ", b"bXYZ")
SWAPPED = SWAPPED.replace(b"rTRC", b"-TRC").replace(b"bTRC", b"rTRC").replace(b"-TRC", b"bTRC")
RED = (200, 40, 40)


def encode(image: Image.Image, kind: str = "PNG", profile: bytes | None = SWAPPED, **more) -> bytes:
    written = io.BytesIO()
    image.save(written, kind, **({} if profile is None else {"icc_profile": profile}), **more)
    return written.getvalue()


def decoded_colour(data: bytes, reading: Reading = AS_FILES_SAY) -> tuple[int, int, int]:
    picture = decode(data, reading=reading).picture
    assert picture.mode == "RGB"
    return picture.getpixel((20, 20))


@pytest.mark.parametrize(
    ("kind", "mode"),
    [*((kind, "RGB") for kind in ("PNG", "JPEG", "WEBP", "TIFF", "AVIF")),
     *((kind, "RGBA") for kind in ("PNG", "WEBP", "TIFF", "AVIF")), ("PNG", "P"), ("TIFF", "P")],
)  # fmt: skip
def test_the_embedded_profile_is_applied(kind, mode):
    image = Image.new("RGB", (64, 48), RED).convert(mode)
    more = {"quality": 95} if kind in ("JPEG", "AVIF") else {}
    red, green, blue = decoded_colour(encode(image, kind, **more))
    assert blue > 180 and red < 60 and green < 60
    assert not decode(encode(image, kind, **more)).profile_ignored
    as_stored = decoded_colour(encode(image, kind, **more), Reading(true_colour=False))
    assert as_stored[0] > 180 and as_stored[2] < 60


def test_srgb_profiles_are_not_converted(monkeypatch):
    data = encode(Image.effect_noise((64, 48), 80).convert("RGB"), profile=SRGB)
    expected = decode(data, reading=Reading(true_colour=False)).picture.tobytes()
    assert decode(data).picture.tobytes() == expected
    monkeypatch.setattr(ImageCms, "applyTransform", lambda *_: pytest.fail("it was converted"))
    assert decode(data).picture.tobytes() == expected


@pytest.mark.parametrize(
    "profile", [SWAPPED[:200], b"no profile", SWAPPED + bytes(colour.LARGEST)], ids=len
)
def test_a_broken_profile_is_ignored(profile):
    found = decode(encode(Image.new("RGB", (64, 48), RED), "TIFF", profile))
    assert found.profile_ignored and found.picture.getpixel((20, 20)) == RED


def test_a_profile_of_another_colour_space_is_ignored():
    ink = Image.new("CMYK", (64, 48), (0, 230, 230, 20))
    found = decode(encode(ink, "TIFF"))
    assert found.profile_ignored and found.picture.getpixel((20, 20))[0] > 200


def test_lab_needs_no_profile():
    profiles = [ImageCms.createProfile(name) for name in ("sRGB", "LAB")]
    to_lab = ImageCms.buildTransform(*profiles, "RGB", "LAB")
    image = ImageCms.applyTransform(Image.new("RGB", (64, 48), RED), to_lab)
    assert decoded_colour(encode(image, "TIFF", None)) == pytest.approx(RED, abs=2)


def test_scaling_and_rotation_work_with_a_profile():
    exif = Image.Exif()
    exif[0x0112] = 6  # rotated by 90°
    data = encode(Image.new("RGB", (640, 480), RED), "JPEG", exif=exif)
    found = decode(data, at_least=64)
    assert found.picture.width < found.picture.height < 640 and (found.width, found.height) == (
        480,
        640,
    )
    assert found.picture.getpixel((20, 20))[2] > 180


def test_files_with_a_profile_are_recognised_by_their_header(tmp_path):
    with_one, without, none = (tmp_path / name for name in ("a.jpg", "b.jpg", "c.jpg"))
    with_one.write_bytes(encode(Image.new("RGB", (64, 48), RED), "JPEG")[:20_000])
    without.write_bytes(encode(Image.new("RGB", (64, 48), RED), "JPEG", None))
    none.write_text("nothing")
    assert (
        needs_true_colour(with_one)
        and not needs_true_colour(without)
        and not needs_true_colour(none)
    )
    assert not needs_true_colour(tmp_path / "gone.jpg")
