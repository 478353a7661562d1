"""Reading tables as spreadsheet programs save them."""

import pytest

from labeller.core.errors import LabellerError
from labeller.core.tables import read_csv

ROWS = [{"path": "Käfer/1.jpg", "label": "Käfer, groß"}, {"path": "été/2.jpg", "label": "été"}]
COMMA = 'path,label\r\nKäfer/1.jpg,"Käfer, groß"\r\nété/2.jpg,été\r\n'
SEMICOLON = 'path;label\r\nKäfer/1.jpg;"Käfer, groß"\r\nété/2.jpg;été\r\n'
TAB = 'path\tlabel\r\nKäfer/1.jpg\t"Käfer, groß"\r\nété/2.jpg\tété\r\n'


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (COMMA, "utf-8"),
        (COMMA, "utf-8-sig"),
        (SEMICOLON, "cp1252"),  # German and French Excel: "CSV (separated by semicolons)"
        (SEMICOLON, "utf-8-sig"),  # "CSV UTF-8"
        (TAB, "utf-16"),  # "Unicode text"
        (TAB, "utf-16-le"),
        ("sep=;\r\n" + SEMICOLON, "cp1252"),
        ('"sep=\t"\r\n' + TAB, "utf-8"),
        (SEMICOLON.replace("path;label", " Path ; LABEL"), "utf-8"),
        (COMMA.replace("\r\n", "\n") + "\n\n", "utf-8"),
    ],
)
def test_separators_and_encodings_of_spreadsheets(tmp_path, text, encoding):
    file = tmp_path / "t.csv"
    file.write_bytes(text.encode(encoding))
    assert read_csv(file, "path") == ROWS


def test_decimal_commas_do_not_split_a_cell(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("path;label;confidence\na.jpg;cat;0,93\n")
    assert read_csv(file, "path") == [{"path": "a.jpg", "label": "cat", "confidence": "0,93"}]


def test_a_table_with_one_column(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("path\na;b.jpg\n")
    assert read_csv(file, "path") == [{"path": "a;b.jpg"}]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"file;label\na.jpg;cat\n", "'path'; the columns found are file, label"),
        (b"", "the columns found are none"),
        (b"path,label\na\0.jpg,cat\n", "null bytes"),
        (b"path\n\x81\x8d\n", "not UTF-8"),
    ],
)
def test_the_cause_of_an_unreadable_table_is_reported(tmp_path, data, reason):
    file = tmp_path / "t.csv"
    file.write_bytes(data)
    with pytest.raises(LabellerError, match=reason):
        read_csv(file, "path")


def test_rows_that_are_too_long_or_too_short(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("path,label\na.jpg\nb.jpg,cat,more\n")
    assert read_csv(file, "path") == [
        {"path": "a.jpg", "label": ""}, {"path": "b.jpg", "label": "cat"},
    ]  # fmt: skip
