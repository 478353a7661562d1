import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeller.pool.spelling import escapes, one_spelling, tails


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("a/b.jpg", "a/b.jpg"),
        ("./a//b.jpg", "a/b.jpg"),
        ("a\\b.jpg", "a/b.jpg"),
        (".\\a\\.\\b.jpg", "a/b.jpg"),
        ("a/x/../b.jpg", "a/b.jpg"),
        (" a/b.jpg ", "a/b.jpg"),
        ("../b.jpg", "../b.jpg"),
        ("/x/../../b.jpg", "/b.jpg"),
        ("\\\\server\\share\\b.jpg", "/server/share/b.jpg"),
        ("C:\\a\\b.jpg", "C:/a/b.jpg"),
        ("", ""),
        (".", ""),
    ],
)
def test_paths_are_normalised_to_one_spelling(written, spelt):
    assert one_spelling(written) == spelt


@given(st.text(st.sampled_from("ab./\\:C "), max_size=20))
def test_normalising_is_idempotent_and_never_escapes(written):
    spelt = one_spelling(written)
    assert one_spelling(spelt) == spelt or spelt != spelt.strip()
    if not escapes(spelt):
        assert ".." not in spelt.split("/") and not spelt.startswith("/")


def test_tails_start_with_the_whole_path():
    assert tails("C:\\data\\cat\\1.jpg") == [
        "C:/data/cat/1.jpg", "data/cat/1.jpg", "cat/1.jpg", "1.jpg",
    ]  # fmt: skip
