"""JPEG files with far more metadata than pixels, which take minutes to decode."""

import struct

MOST = 1 << 20
"""Bytes of metadata that are kept; EXIF with the orientation comes first."""
SOI, APP0, APP15, COMMENT = 0xD8, 0xE0, 0xEF, 0xFE


def without_excess(data: bytes) -> bytes:
    """The file without metadata (application segments and comments, ITU-T T.81, B.2.4) beyond
    `MOST`. Other files are returned unchanged."""
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
