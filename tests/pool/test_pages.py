"""Splitting files with several pages."""

import io
import time

import numpy as np
import pytest
from PIL import Image

from labeller.core.errors import Cancelled, LabellerError
from labeller.core.run import Run
from labeller.pool.decode import decode
from labeller.pool.pages import take_pages_apart
from labeller.pool.sources import label_by_folder, list_images
from labeller.project.creation import create
from labeller.project.planning import Request
from tests.conftest import draw, fill


@pytest.fixture
def scans(tmp_path):
    """A three-page scan, a two-frame animation, a 16-bit stack, plain images and a truncated
    file."""
    fill(tmp_path / "set", 1)
    red = tmp_path / "set" / "red"
    pages = [draw("red", 40), draw("green", 41), draw("blue", 42)]
    pages[0].save(red / "scan.tif", save_all=True, append_images=pages[1:])
    pages[0].save(red / "moves.gif", save_all=True, append_images=pages[2:])
    stack = [Image.fromarray(np.full((20, 20), value, np.uint16)) for value in (100, 4000)]
    stack[0].save(red / "stack.tif", save_all=True, append_images=stack[1:], tiffinfo={281: 4095})
    whole = (red / "scan.tif").read_bytes()
    (red / "torn.tif").write_bytes(whole[: len(whole) // 2])
    return tmp_path / "set"


def test_each_page_becomes_an_image_with_the_label_of_its_file(scans, tmp_path):
    listing, out = label_by_folder(list_images(scans)), tmp_path / "out"
    out.mkdir()
    rest, pages = take_pages_apart(listing, out, Run())
    assert pages is not None
    assert [image.path for image in pages.images] == [
        "red/moves.gif-page-1.png", "red/moves.gif-page-2.png",
        "red/scan.tif-page-1.png", "red/scan.tif-page-2.png", "red/scan.tif-page-3.png",
        "red/stack.tif-page-1.tif", "red/stack.tif-page-2.tif",
    ]  # fmt: skip
    assert {image.label for image in pages.images} == {"red"}
    assert "red/torn.tif" in {image.path for image in rest.images}, "the reader reports why"
    assert not {"red/scan.tif", "red/moves.gif"} & {image.path for image in rest.images}
    for number, colour in enumerate(("red", "green", "blue"), start=1):
        page = Image.open(tmp_path / "out" / f"red/scan.tif-page-{number}.png")
        assert page.tobytes() == draw(colour, 39 + number).tobytes(), "lossless"
    deep = (tmp_path / "out" / "red/stack.tif-page-2.tif").read_bytes()
    assert decode(deep).bits == 12 and decode(deep).picture.getpixel((0, 0))[0] == 249
    stamp = (tmp_path / "out" / "red/scan.tif-page-1.png").stat().st_mtime_ns
    take_pages_apart(listing, tmp_path / "out", Run())
    again = (tmp_path / "out" / "red/scan.tif-page-1.png").stat().st_mtime_ns
    assert again == stamp, "existing pages are not rewritten"


def test_splitting_pages_can_be_stopped_and_reports_write_errors(scans, tmp_path):
    listing = list_images(scans)
    with pytest.raises(Cancelled):
        take_pages_apart(listing, tmp_path / "out", Run(should_stop=lambda: True))
    (tmp_path / "file").write_text("")
    with pytest.raises(LabellerError, match=r"Cannot write red/moves\.gif-page-1\.png"):
        take_pages_apart(listing, tmp_path / "file", Run())


def test_a_project_can_contain_all_pages(scans, tmp_path):
    request = Request(str(scans), labels="folders", resolution=16, all_pages=True)
    with create(tmp_path / "project", request) as project:
        assert project.images.counts()["ready"] == 10
        assert project.images.counts()["unreadable"] == 1
        assert project.labels.counts()[0] == 10
        assert project.images.paged() == (0, 0)
        (page,) = project.images.named("scan.tif-page-2", 2)
        assert project.images.get([page])[0].file.is_relative_to(project.folder / "images")
    first = Request(str(scans), labels="folders", resolution=16)
    with create(tmp_path / "first", first) as project:
        assert project.images.counts()["ready"] == 6
        assert project.images.paged() == (3, 4)
        assert "pages or frames: 3. The first of each was taken, 4 more" in " ".join(
            map(str, project.import_notes)
        )


def small_gif(side: int, frames: int) -> bytes:
    """A GIF with `frames` additional frames of a few bytes that each change one pixel."""
    stream = io.BytesIO()
    Image.new("P", (side, side), 0).save(stream, "GIF")
    frame = bytes([
        0x21, 0xF9, 4, 4, 0, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0,
    ])  # fmt: skip
    return stream.getvalue()[:-1] + frame * frames + b"\x3b"


def test_gif_bombs_are_not_expanded(tmp_path):
    place, out = tmp_path / "set", tmp_path / "out"
    out.mkdir()
    fill(place, 1)
    (place / "red" / "bomb.gif").write_bytes(small_gif(3000, 380))
    (place / "red" / "film.gif").write_bytes(small_gif(40, 380))
    began = time.perf_counter()
    rest, pages = take_pages_apart(list_images(place), out, Run())
    assert time.perf_counter() - began < 10
    assert pages is not None and len(pages.images) == 381
    assert {image.path for image in pages.images} == {
        f"red/film.gif-page-{number}.png" for number in range(1, 382)
    }
    assert "red/bomb.gif" in {image.path for image in rest.images}, "it is kept as one image"
