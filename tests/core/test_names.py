"""Valid class names."""

import pytest

from labeller.core.errors import LabellerError, quoted
from labeller.core.names import LONGEST_NAME, class_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cat", "cat"),
        (" \u00a0cat\t\n", "cat"),
        ("e\u0301te\u0301", "été"),
        ("Large cat", "Large cat"),
        ("=SUM(1)", "=SUM(1)"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("e\u0301" * LONGEST_NAME, "é" * LONGEST_NAME),
    ],
)
def test_names_are_normalised(text, name):
    assert class_name(text) == name
    assert class_name(name) == name


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u2003"])
def test_empty_names_are_refused(text):
    with pytest.raises(LabellerError, match="is empty"):
        class_name(text)


@pytest.mark.parametrize("length", [LONGEST_NAME + 1, 5 * LONGEST_NAME, 1 << 20])
def test_names_that_are_too_long_are_refused(length):
    with pytest.raises(LabellerError, match="characters; at most"):
        class_name("x" * length)


@pytest.mark.parametrize(
    "character",
    [
        "\0", "\n", "\r", "\t", "\x1b", "\x7f", "\x85", "\x9b", "\u2028", "\u2029", "\ud800",
        "\u061c", "\u200b", "\u200e", "\u200f", "\u202a", "\u202e", "\u2066", "\u2069", "\ufeff",
        "\u00ad", "\U000e0041",
    ],
    ids=ascii,
)  # fmt: skip
def test_unprintable_characters_are_refused(character):
    with pytest.raises(LabellerError, match="unprintable character"):
        class_name(f"cat{character}dog")


def test_unprintable_characters_are_quoted_as_escapes():
    assert quoted("cat") == "cat" and quoted("L\u00f6we") == "L\u00f6we"
    assert quoted("a\u202eb") == "a\\u202eb" and quoted("a\x00\x1b[2J") == "a\\x00\\x1b[2J"
    assert quoted("a\n b") == "a b" and quoted("\ud800") == "\\ud800"
    assert len(quoted("x" * 500)) < 110
