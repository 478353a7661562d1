"""The table of image files, stored in columns."""

from pathlib import Path

import pytest

from labeller.pool.cache import FileTable, ImageFile

DIGEST = "ab" * 32


def test_files_are_returned_unchanged(tmp_path):
    strange = b"caf\xe9.jpg".decode("utf-8", "surrogateescape")
    table = FileTable(
        {1: tmp_path / "one", 7: tmp_path / "seven"},
        [
            [(0, 1, "größe/ä.jpg", DIGEST, 300, 200, False), (2, 7, strange, "", 5, 9, True)],
            [(2_000_000, 1, "last.png", DIGEST[::-1], 1, 1, False)],
        ],
    )
    assert list(table) == [0, 2, 2_000_000] and len(table) == 3
    assert table[0] == ImageFile(tmp_path / "one" / "größe/ä.jpg", DIGEST, 300, 200, False)
    assert table[2] == ImageFile(tmp_path / "seven" / strange, "", 5, 9, True)
    assert table[2_000_000] == ImageFile(tmp_path / "one" / "last.png", DIGEST[::-1], 1, 1, False)
    assert table.widths.tolist() == [300, 5, 1] and table.heights.tolist() == [200, 9, 1]
    for missing in (-1, 1, 3, 2_000_001):
        assert missing not in table
        with pytest.raises(KeyError):
            table[missing]


def test_an_empty_table():
    table = FileTable({}, [])
    assert list(table) == [] and not len(table) and 0 not in table and not len(table.widths)


def test_the_table_needs_little_memory():
    import tracemalloc

    tracemalloc.start()
    rows = [(n, 1, f"{n:06d}.jpg", f"{n:064x}", 32, 32, False) for n in range(20_000)]
    before = tracemalloc.get_traced_memory()[0]
    table = FileTable({1: Path("/nowhere")}, [rows])
    held = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert held < 100 * len(table)
