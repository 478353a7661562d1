"""16-bit colour, and TIFFs without exactly three channels. The files are built byte by byte because
Pillow cannot write them."""

import struct
import zlib

import numpy as np
import pytest

from labeller.pool.decode import Reading, UnreadableImage, decode

SHADES = np.array([0.9, 0.5, 0.2])


def picture(bits: int, channels: int = 3, size: int = 32) -> np.ndarray:
    """A ramp from black to orange that uses `bits` of 16 bits: [size, size, channels]. A fourth
    channel is half of the maximum."""
    ramp = np.linspace(0, 1, size)[None, :, None] * np.ones((size, 1, 1))
    shades = np.append(SHADES, 0.5)[:channels]
    values = ramp * shades * ((1 << bits) - 1)
    if channels == 4:
        values[..., 3] = 0.5 * ((1 << bits) - 1)
    return values.round().astype(np.uint16)


def png(values: np.ndarray, said: int = 0) -> bytes:
    """Encode a PNG whose rows alternate between the filters None, Sub and Up."""
    height, width, channels = values.shape
    rows, before = b"", np.zeros(width * channels * 2, np.uint8)
    for number, row in enumerate(values.astype(">u2")):
        own = np.frombuffer(row.tobytes(), np.uint8)
        beside = np.concatenate([np.zeros(2 * channels, np.uint8), own[: -2 * channels]])
        kind = number % 3
        rows += bytes([kind]) + (own - (0, beside, before)[kind]).astype(np.uint8).tobytes()
        before = own

    def chunk(name: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    head = struct.pack(">IIBBBBB", width, height, 16, 6 if channels == 4 else 2, 0, 0, 0)
    told = chunk(b"sBIT", bytes([said] * channels)) if said else b""
    content = chunk(b"IHDR", head) + told + chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + content + chunk(b"IEND", b"")


def tiff(values: np.ndarray, order: str = "<", planar: bool = False, extra: int | None = None):
    height, width, channels = values.shape
    if planar:
        values = values.transpose(2, 0, 1)
    data = values.astype(values.dtype.newbyteorder(order)).tobytes()
    bits = 8 * values.dtype.itemsize
    parts, each = (channels, len(data) // channels) if planar else (1, len(data))
    tags = [
        (256, "I", [width]), (257, "I", [height]), (258, "H", [bits] * channels), (259, "H", [1]),
        (262, "H", [2 if channels > 2 else 1]), (273, "I", [8 + each * n for n in range(parts)]),
        (277, "H", [channels]), (278, "I", [height]), (279, "I", [each] * parts),
        (284, "H", [2 if planar else 1]),
    ]  # fmt: skip
    if extra is not None:
        tags.append((338, "H", [extra] * (channels - 3)))
    start = 8 + len(data)
    beyond, entries, place = b"", b"", start + 2 + 12 * len(tags) + 4
    for tag, kind, numbers in tags:
        packed = struct.pack(f"{order}{len(numbers)}{kind}", *numbers)
        if len(packed) > 4:
            at = place + len(beyond)
            beyond, packed = beyond + packed, struct.pack(f"{order}I", at)
        head = struct.pack(f"{order}HHI", tag, 4 if kind == "I" else 3, len(numbers))
        entries += head + packed.ljust(4, b"\0")
    table = struct.pack(f"{order}H", len(tags)) + entries + struct.pack(f"{order}I", 0)
    mark = {"<": b"II*\0", ">": b"MM\0*"}[order]
    return mark + struct.pack(f"{order}I", start) + data + table + beyond


def brightest(data: bytes, reading: Reading = Reading()) -> list[int]:  # noqa: B008
    return list(decode(data, reading=reading).picture.getpixel((31, 3)))


FILES = {
    "PNG": png,
    "TIFF": tiff,
    "TIFF, big-endian": lambda values: tiff(values, ">"),
}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("bits", [10, 12, 14, 16])
def test_deep_colours_are_scaled_by_the_bits_in_use(kind, bits):
    data = FILES[kind](picture(bits))
    found = decode(data)
    assert found.bits == bits
    expected = np.linspace(0, 1, 32)[:, None] * SHADES * 255
    shown = np.asarray(found.picture, dtype=float)
    assert np.abs(shown - expected[None]).max() <= 1.5, "every pixel, not only the brightest"
    assert brightest(data, Reading(true_colour=False)) == pytest.approx(
        SHADES * ((1 << bits) - 1) / 256, abs=1
    ), "as in earlier versions"


def test_declared_depth_and_project_range_take_precedence():
    dark = png(picture(9), said=12)
    assert decode(dark).bits == 12 and brightest(dark) == pytest.approx(SHADES * 32, abs=1)
    shown = brightest(png(picture(12)), Reading(grey=(0, 8190)))
    assert shown == pytest.approx(SHADES * 127.5, abs=1)
    shown = brightest(png(picture(16)), Reading(grey=(0, 65535)))
    assert shown == pytest.approx(SHADES * 255, abs=1)


def test_transparency_of_deep_images_is_blended():
    expected = SHADES * 127.5 + 127.5  # half transparent on white
    values = picture(12, 4)
    values[0, 0, 3] = 4095  # opaque somewhere
    assert brightest(png(values)) == pytest.approx(expected, abs=2)
    values[..., 3] *= 16  # 16-bit alpha as in PNG
    assert brightest(png(values)) == pytest.approx(expected, abs=2)


@pytest.mark.parametrize("extra", [None, 0])
@pytest.mark.parametrize("deep", [False, True])
def test_a_fourth_channel_not_declared_as_alpha_is_ignored(extra, deep):
    values = picture(12 if deep else 8, 4)
    data = tiff(values if deep else values.astype(np.uint8), extra=extra)
    assert brightest(data) == pytest.approx(SHADES * 255, abs=2)


def test_planar_tiffs_are_read_and_other_channel_counts_reported():
    assert brightest(tiff(picture(12), planar=True)) == pytest.approx(SHADES * 255, abs=2)
    assert decode(tiff(picture(12), planar=True)).bits == 12
    assert brightest(tiff(picture(8).astype(np.uint8), planar=True)) == pytest.approx(
        SHADES * 255, abs=2
    )
    for channels in (2, 5):
        values = np.zeros((8, 8, channels), np.uint8)
        with pytest.raises(UnreadableImage, match=f"a TIFF of {channels} channels"):
            decode(tiff(values))


def test_truncated_files_are_reported_as_unreadable():
    whole = png(picture(12))
    for size in range(40, len(whole) - 30, 37):
        with pytest.raises(UnreadableImage):
            decode(whole[:size])
