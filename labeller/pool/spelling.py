"""Normalised paths from any system or table, and the encoding of file names in archives."""

import re
import unicodedata
from pathlib import PurePosixPath

from charset_normalizer import from_bytes

_DRIVE = re.compile(r"^[A-Za-z]:")


def one_spelling(written: str) -> str:
    """Normalise a path: `.\\a\\b.jpg`, `./a//b.jpg` and `a/x/../b.jpg` all become `a/b.jpg`. An
    absolute path stays absolute; one that leads out of its folder still begins with `..`."""
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
    """The path and its suffixes without the first folders, longest first: a colleague's
    `C:\\data\\set\\cat\\1.jpg` and our `cat/1.jpg` have `cat/1.jpg` in common."""
    parts = PurePosixPath(one_spelling(path)).parts
    return ["/".join(parts[start:]) for start in range(len(parts))]


PLAIN = "cp437"
"""The standard's encoding for unmarked names, which hardly anybody uses."""
WESTERN = ("cp1252", "cp1251", "cp866", PLAIN)
JAPANESE, CHINESE, TAIWANESE, KOREAN = "cp932", "gb18030", "big5", "cp949"
LEVEL_ONE = {JAPANESE: (0x88, 0x97), CHINESE: (0xB0, 0xD7), TAIWANESE: (0xA4, 0xC6)}
"""Ranges of lead bytes of common characters, which JIS X 0208, GB 2312 and Big5 put first."""
SYLLABLES = frozenset(
    "가각간감강개거건검게격결경계고공과관교구국군권그금급기김나남내너네년노농누는능니다단대더덕도독동두드등라람"
    "량러레력련령로록론료루류르름리림마만말망매면명모목무문물미민바박반발방배백버번변별병보복본부북분불비빈사산"
    "살상새색생서석선설성세소속손수순술스습시식신실심아안압애야약양어억언업없에여역연열영예오온옥와외요용우운원"
    "월위유육은음의이인일임입자작장재저적전절점정제조족존종주준중즈증지직진질집차찬창채책처천철청체초총최추축출충"
    "치카커크키타태터토통트특티파판팔편평포표품풍프피필하학한할합해행향허현형호화확환활회효후훈흥희히힘"
)
"""Common Korean syllables, about a seventh of all of them."""
LEAST, LEAST_KOREAN = 0.7, 0.5
"""Minimum fraction of common characters."""


def guess_encoding(names: list[bytes]) -> str:
    """The encoding of file names, as Python names it; `PLAIN` if nothing fits."""
    together = b"\n".join(names)
    if _common(together, "utf-8") is not None:
        return "utf-8"
    if (_common(together, KOREAN) or 0.0) >= LEAST_KOREAN:
        return KOREAN  # which would also be common Chinese characters
    shares = {encoding: _common(together, encoding) or 0.0 for encoding in LEVEL_ONE}
    likeliest = max(shares, key=shares.__getitem__)
    if shares[likeliest] >= LEAST:
        return likeliest
    best = from_bytes(together, cp_isolation=list(WESTERN)).best()
    return PLAIN if best is None else best.encoding


def _common(text: bytes, encoding: str) -> float | None:
    """The fraction of common characters among those that are not ASCII; None if it cannot be
    decoded."""
    try:
        letters = [c for c in text.decode(encoding) if not c.isascii()]
    except UnicodeDecodeError:
        return None
    if encoding not in LEVEL_ONE and encoding != KOREAN:
        return 1.0
    return sum(_is_common(c, encoding) for c in letters) / max(1, len(letters))


def _is_common(letter: str, encoding: str) -> bool:
    if encoding == KOREAN:
        return letter in SYLLABLES
    if encoding == JAPANESE and "\u3041" <= letter <= "\u30ff":  # kana
        return True
    first, last = LEVEL_ONE[encoding]
    code = letter.encode("gb2312" if encoding == CHINESE else encoding, errors="ignore")
    return len(code) == 2 and first <= code[0] <= last
