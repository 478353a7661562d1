"""Normalises paths from any system or table."""

import re
import unicodedata
from pathlib import PurePosixPath

_DRIVE = re.compile(r"^[A-Za-z]:")


def one_spelling(written: str) -> str:
    """`.\\a\\b.jpg`, `./a//b.jpg` and `a/x/../b.jpg` are all `a/b.jpg`. An absolute path stays one;
    what leads out of its folder still begins with `..`."""
    text = written.strip().replace("\\", "/")
    root = "/" if text.startswith("/") else ""
    parts: list[str] = []
    for part in text.split("/"):
        if part in ("", "."):
            continue
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".." or not root:
            parts.append(part)
    return root + "/".join(parts)


def escapes(path: str) -> bool:
    """Whether a normalised relative path leads out of its folder."""
    return path.startswith(("/", "../")) or path == ".." or bool(_DRIVE.match(path))


def comparable(path: str) -> str:
    """A path for comparison: systems write é as one character or two (NFC, NFD)."""
    return unicodedata.normalize("NFC", path)


def other_forms(path: str) -> list[str]:
    """The path in composed (NFC) and decomposed (NFD) form."""
    return [unicodedata.normalize(form, path) for form in ("NFC", "NFD")]


def tails(path: str) -> list[str]:
    """The path and what is left of it without its first folders, the longest first: what a
    colleague's `C:\\data\\set\\cat\\1.jpg` and our `cat/1.jpg` have in common."""
    parts = PurePosixPath(one_spelling(path)).parts
    return ["/".join(parts[start:]) for start in range(len(parts))]
