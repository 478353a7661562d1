"""Creating projects from real files."""

import os
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from labeller.core.errors import Cancelled, LabellerError
from labeller.core.run import Run
from labeller.project.creation import create, open_complete, resume
from labeller.project.planning import Request
from labeller.project.project import Project
from tests.conftest import draw, fill


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(p.relative_to(folder)): (p.stat().st_mtime_ns, p.read_bytes())
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def test_a_folder_with_hidden_labels(make, images, test_images):
    before = snapshot(images)
    project = make(images, truth="folders", test=str(test_images))
    status = project.status()
    assert (status.images, status.classes, status.labelled, status.rounds) == (36, 3, 0, 0)
    assert [c.name for c in project.classes.all()] == ["blue", "green", "red"]
    assert project.oracle.knows_pool() and project.hides_labels
    ids, classes = project.oracle.test_set()
    names = {c.id: c.name for c in project.classes.all()}
    assert len(ids) == 9
    for image, class_id in zip(project.images.get(ids), classes, strict=True):
        assert image.file.parent.name == names[int(class_id)]
    assert snapshot(images) == before, "images are never changed or moved"
    assert not list(project.folder.rglob("*.png")), "and not copied either"


def test_each_image_is_cached_in_its_row(make, images):
    project = make(images, truth="folders")
    tensors = project.tensors()
    assert tensors.shape == (36, 16, 16, 3)
    for image in project.images.get(project.images.candidates()):
        channel = {"red": 0, "green": 1, "blue": 2}[image.file.parent.name]
        assert tensors[image.id - 1].mean(axis=(0, 1)).argmax() == channel


def test_folder_names_as_given_labels(make, images):
    project = make(images, labels="folders")
    assert project.status().labelled == 36
    assert not project.oracle.knows_pool()
    assert not project.labels.can_undo


def test_a_manifest_with_labels(make, images, tmp_path):
    table = tmp_path / "list.csv"
    rows = ["path,label"] + [f"images/red/{i:02d}.png,warm" for i in range(5)]
    rows += [f"{images}/blue/{i:02d}.png,cold" for i in range(4)] + ["images/green/00.png,"]
    table.write_text("\n".join(rows))
    project = make(table, labels="csv")
    assert project.status().labelled == 9 and project.status().images == 10
    assert {c.name for c in project.classes.all()} == {"warm", "cold"}
    hidden = make(table, "hidden", truth="csv")
    assert hidden.status().labelled == 0 and hidden.oracle.knows_pool()


def test_a_zip_is_unpacked_into_the_project(make, images, tmp_path):
    archive = Path(shutil.make_archive(str(tmp_path / "set"), "zip", images))
    project = make(archive, truth="folders")
    assert project.status().images == 36
    first = project.images.get(project.images.candidates()[:1])[0]
    assert first.file.is_file() and project.folder in first.file.parents


def test_a_zip_of_train_and_test_gives_pool_and_held_out_set(make, tmp_path):
    fill(tmp_path / "set" / "train", 4)
    fill(tmp_path / "set" / "test", 2, start=30)
    archive = Path(shutil.make_archive(str(tmp_path / "set"), "zip", tmp_path / "set"))
    project = make(archive, truth="folders")
    assert project.status().images == 12
    assert len(project.oracle.test_set()[0]) == 6
    again = make(archive / "train", "again", truth="folders", test=str(archive / "test"))
    assert again.status().images == 12 and len(again.oracle.test_set()[0]) == 6


def test_a_moved_project_finds_what_it_unpacked(make, images, tmp_path):
    archive = Path(shutil.make_archive(str(tmp_path / "set"), "zip", images))
    project = make(archive, truth="folders")
    project.close()
    moved = project.folder.rename(tmp_path / "moved")
    with open_complete(moved) as again:
        assert again.images.get(again.images.candidates()[:1])[0].file.is_file()


def test_unreadable_files_are_listed_and_skipped(make, images):
    (images / "red" / "broken.png").write_bytes(b"no image")
    (images / "red" / "empty.jpg").write_bytes(b"")
    (images / "red" / "cut.png").write_bytes((images / "red" / "00.png").read_bytes()[:500])
    project = make(images, labels="folders")
    assert project.status().images == 36 and project.status().unreadable == 3
    assert project.status().labelled == 36
    reasons = dict(project.images.unreadable())
    assert "not a PNG" in reasons["red/broken.png"]
    assert reasons["red/empty.jpg"] == "the file is empty"
    assert "damaged" in reasons["red/cut.png"]


def test_exact_copies_are_detected_and_never_chosen(make, images, test_images):
    shutil.copy(images / "red" / "00.png", images / "red" / "copy.png")
    shutil.copy(test_images / "blue" / "50.png", images / "blue" / "leak.png")
    project = make(images, truth="folders", test=str(test_images))
    assert project.status().duplicates == 2
    assert project.status().images == 38
    names = {i.file.name for i in project.images.get(project.images.candidates())}
    assert len(names & {"copy.png", "leak.png"}) == 0
    assert len(project.images.candidates()) == 36


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"images": "nowhere"}, "does not exist"),
        ({"images": "empty"}, "no images"),
        ({"classes": ("only",)}, "at least two classes"),
        ({"classes": ("a", " a ")}, "'a' appears twice"),
        ({"classes": ("a", " ")}, "class name is empty"),
        ({"classes": ("red", "green"), "truth": "folders"}, "Unknown class 'blue'"),
        ({"truth": "folders", "labels": "folders"}, "not both"),
        ({"truth": "csv"}, "not a .csv file"),
        ({"truth": "folders", "resolution": 4}, "resolution must lie between 8 and 224"),
        ({"truth": "folders", "resolution": 300}, "resolution must lie between 8 and 224"),
        ({"truth": "folders", "batch_size": 0}, "at least one image"),
        ({"truth": "folders", "test": "nowhere"}, "does not exist"),
        ({"truth": "folders", "test": "flat"}, "carry no labels|No labels"),
        ({"images": "flat", "truth": "folders"}, "No labels were found"),
    ],
)
def test_invalid_requests_are_reported_and_leave_no_files(tmp_path, images, request_, message):
    (tmp_path / "empty").mkdir()
    (tmp_path / "flat").mkdir()
    for number in range(3):
        draw("red", number).save(tmp_path / "flat" / f"{number}.png")
    values = {"images": "images", **request_}
    for key in ("images", "test"):
        if key in values:
            values[key] = str(tmp_path / values[key])
    with pytest.raises(LabellerError, match=message) as caught:
        create(tmp_path / "project", Request(**values))
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "project").exists()


def test_only_unreadable_images_leave_no_files(tmp_path):
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "1.png").write_bytes(b"no")
    with pytest.raises(LabellerError, match=r"None of the images can be read; 1\.png"):
        create(tmp_path / "project", Request(str(tmp_path / "bad"), classes=("a", "b")))
    assert not (tmp_path / "project").exists()


def test_a_damaged_zip_leaves_no_files(tmp_path, images):
    archive = Path(shutil.make_archive(str(tmp_path / "set"), "zip", images))
    data = bytearray(archive.read_bytes())
    with zipfile.ZipFile(archive) as file:
        info = file.infolist()[4]
    start = info.header_offset + 60
    data[start : start + 100] = os.urandom(100)
    archive.write_bytes(data)
    with pytest.raises(LabellerError, match="Cannot unpack"):
        create(tmp_path / "project", Request(str(archive), truth="folders"))
    assert not (tmp_path / "project").exists()


def test_folders_in_use_are_refused(tmp_path, images, make):
    request = Request(str(images), truth="folders")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("dear")
    with pytest.raises(LabellerError, match="not empty"):
        create(tmp_path / "full", request)
    make(images, truth="folders").close()
    with pytest.raises(LabellerError, match="already holds a project"):
        create(tmp_path / "project", request)
    assert (tmp_path / "full" / "letter.txt").read_text() == "dear"


@pytest.mark.parametrize("after", [0, 1, 10, 35])
def test_a_cancelled_import_resumes_where_it_stopped(tmp_path, images, after, monkeypatch):
    from labeller.project import image_reading

    monkeypatch.setattr(image_reading, "IMAGES_PER_TRANSACTION", 4)
    request = Request(str(images), truth="folders", resolution=16)
    asked = iter(range(1000))
    with pytest.raises(Cancelled):
        create(tmp_path / "p", request, run=Run(should_stop=lambda: next(asked) >= after))
    with pytest.raises(LabellerError, match="was interrupted"):
        open_complete(tmp_path / "p")
    with pytest.raises(LabellerError, match="holds an unfinished import"):
        create(tmp_path / "p", Request(str(images), labels="folders"))
    with Project(tmp_path / "p") as unfinished:
        read_before = 36 - len(unfinished.images.pending())
    assert read_before >= min(after, 36) // 4 * 4 - 4
    stamps = []
    monkeypatch.setattr(
        image_reading, "ingest", lambda tasks, *a: stamps.extend(tasks) or original(tasks, *a)
    )
    with create(tmp_path / "p", request) as project:
        assert project.status().images == 36
        assert len(stamps) == 36 - read_before, "images already read are not read again"
        assert np.asarray(project.tensors()).any(axis=(1, 2, 3)).all()
        assert len(project.oracle.reveal(project.images.candidates())) == 36


def original(*arguments):
    from labeller.pool.ingest import ingest

    return ingest(*arguments)


def test_resuming_needs_only_the_folder(tmp_path, images):
    request = Request(str(images), labels="folders", resolution=16)
    with pytest.raises(Cancelled):
        create(tmp_path / "p", request, run=Run(should_stop=lambda: True))
    with resume(tmp_path / "p") as project:
        assert project.complete and project.status().labelled == 36


def test_progress_is_reported(tmp_path, images):
    result = []
    create(tmp_path / "p", Request(str(images), truth="folders"), Run(report=result.append)).close()
    assert result[-1].stage == "Reading images"
    assert (result[-1].done, result[-1].total) == (36, 36)


def test_images_of_every_shape_and_mode_are_imported(make, tmp_path):
    folder = tmp_path / "mixed"
    for number, (mode, size, suffix) in enumerate(
        [
            ("RGB", (300, 20), "jpg"), ("RGBA", (20, 300), "png"), ("P", (1, 1), "gif"),
            ("L", (64, 64), "bmp"), ("CMYK", (50, 40), "jpg"), ("I;16", (40, 50), "tiff"),
            ("1", (33, 44), "png"), ("RGB", (2000, 1500), "webp"),
        ]
    ):  # fmt: skip
        place = folder / ("a" if number % 2 else "b")
        place.mkdir(parents=True, exist_ok=True)
        Image.new(mode, size, None).save(place / f"{number}.{suffix}")
    project = make(folder, truth="folders", resolution=32)
    assert project.status().images == 8 and project.status().unreadable == 0
    assert project.tensors().shape == (8, 32, 32, 3)


@pytest.mark.parametrize(
    "name", ["parquet", "webdataset", "npz", "huggingface", "datumaro", "labelme", "jsonl", "coco"]
)
def test_projects_are_created_from_data_sets_of_other_programs(make, images, tmp_path, name):
    """Formats that contain their images and formats that refer to them give classes and held-out
    images."""
    from labeller.exchange.formats import FORMATS
    from labeller.project.exporting import Choices, export

    first = make(images, "first", labels="folders")
    place = images / f"exported{FORMATS[name].suffix}"  # tables name images beside them
    export(first, name, place, Choices(shares=(0.5, 0.25, 0.25)))
    request = Request(str(place), labels="csv", format=name, resolution=16)
    with create(tmp_path / "second", request) as project:
        assert {c.name for c in project.classes.all()} == {"red", "green", "blue"}
        counts = project.images.counts()
        assert counts["ready"] == 18 and counts["test"] == 9 and counts["unreadable"] == 0
        assert project.labels.counts()[0] == 18
        for image in project.images.get([1, 5, 9]):
            assert image.file.is_file()
    bare = Request(str(place), ("a", "b"), format=name, resolution=16)
    with create(tmp_path / "third", bare) as project:
        assert project.images.counts()["ready"] == 36 and project.labels.counts() == (0, 0)
