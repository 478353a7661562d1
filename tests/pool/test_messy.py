"""Real-world files (`tests/samples/messy`) are interpreted as intended."""

from pathlib import Path

import pytest

from labeller.core.errors import LabellerError
from labeller.pool.sources import label_by_folder, list_images, take_splits_apart
from labeller.project.creation import create
from labeller.project.planning import Request
from labeller.project.project import Project
from tests.samples.make_messy import FOLDER

TABLES = ("german.csv", "french.csv", "tabs.csv", "windows.csv", "capitals.csv")


def labels(place: Path) -> dict[str, str | None]:
    listing = list_images(place)
    listing = listing if place.suffix == ".csv" else label_by_folder(listing)
    return {image.path: image.label for image in listing.images}


def make_project(tmp_path: Path, name: str, **request: object) -> Project:
    return create(tmp_path / "p", Request(str(FOLDER / name), resolution=16, **request))


def notes(project: Project) -> str:
    return "\n".join(map(str, project.import_notes))


def test_the_samples_are_small():
    assert max(file.stat().st_size for file in FOLDER.rglob("*") if file.is_file()) < 20_000


@pytest.mark.parametrize("name", TABLES)
def test_spreadsheet_tables_are_read(name):
    assert labels(FOLDER / "tables" / name) == {
        "photos/red.png": "Äpfel",
        "photos/blue.png": "Birnen",
    }


@pytest.mark.parametrize(
    ("name", "classes"),
    [
        ("windows.zip", {"red", "blue"}),
        ("chinese.zip", {"猫", "狗", "鸟儿", "汽车", "飞机"}),
        ("japanese.zip", {"ねこ", "いぬ", "とり", "くるま", "ひこうき"}),
    ],
)
def test_archives_of_other_systems_are_read(name, classes):
    assert set(labels(FOLDER / name).values()) == classes


def test_an_archive_that_escapes_its_folder_is_refused():
    with pytest.raises(LabellerError, match="would be written outside its folder"):
        list_images(FOLDER / "escape.zip")


def test_splits_are_recognised_and_system_folders_ignored():
    splits = take_splits_apart(list_images(FOLDER / "splits"))
    assert splits.test is not None and splits.validation is not None
    assert [len(s.images) for s in (splits.pool, splits.test, splits.validation)] == [2, 2, 2]
    assert set(labels(FOLDER / "system").values()) == {"red", "blue"}


def test_bit_depths_of_one_detector_share_a_range(tmp_path):
    with make_project(tmp_path, "depths", classes=("a", "b")) as project:
        tensors = project.tensors()
        (ten,) = project.images.named("ten", 1)
        (twelve,) = project.images.named("twelve", 1)
        assert tensors[twelve - 1].max() >= 250 and 58 <= tensors[ten - 1].max() <= 64
        assert "from 0 (black) to 4095 (white)" in notes(project)


def test_supported_and_unsupported_files(tmp_path):
    with make_project(tmp_path, "kinds", classes=("a", "b"), all_pages=True) as project:
        assert project.images.counts()["ready"] == 8 + 3
        assert [path for path, _ in project.images.unreadable()] == ["copying.jpg"]
        assert "ignored: 1 .psd" in notes(project)
        for kind in ("bmp", "jp2", "jpg", "ppm", "tga", "webp"):
            (found,) = project.images.named(f"image.{kind}", 2)
            red, green, _ = project.tensors()[found - 1].reshape(-1, 3).mean(0)
            assert red > 3 * green, kind
