"""Imports of real-world data: splits, tables from other systems, odd files, and the notes about
them."""

import shutil
import unicodedata

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from labeller.cli.main import program
from labeller.core.errors import LabellerError
from labeller.project.creation import create
from labeller.project.exporting import export
from labeller.project.importing import import_labels
from labeller.project.planning import Request
from labeller.project.project import Project
from tests.conftest import draw, fill


def make_project(tmp_path, images, **request) -> Project:
    return create(tmp_path / "project", Request(str(images), resolution=16, **request))


@pytest.mark.parametrize(
    "names",
    [
        ("train", "valid", "test"),
        ("train", "val", "test"),
        ("Train", "Validation", "Test"),
        ("training", "dev", "testing"),
    ],
)
def test_split_folders_are_recognised_in_any_spelling(tmp_path, names):
    for start, name in enumerate(names):
        fill(tmp_path / "set" / name, 2, start=10 * start)
    with make_project(tmp_path, tmp_path / "set", truth="folders") as project:
        assert [c.name for c in project.classes.all()] == ["blue", "green", "red"]
        assert project.images.counts()["ready"] == 6
        assert project.images.counts()["test"] == 6, "models are evaluated on the test images"
        test, _ = project.oracle.test_set()
        assert {image.path for image in project.images.get(test.tolist())} == {
            f"{colour}/{number}.png" for colour in ("red", "green", "blue") for number in (20, 21)
        }
        notes = " ".join(map(str, project.import_notes))
        assert f"6 images of “{names[0]}” form the pool" in notes
        assert f"6 images of “{names[1]}” are held out for validation" in notes
        sources = project._db.execute("SELECT split, name FROM source ORDER BY id").fetchall()
        assert sources == [("pool", None), ("test", None), ("test", "validation")]


@pytest.mark.parametrize("names", [("train", "validation"), ("Training", "Testing")])
def test_two_splits_are_enough(tmp_path, names):
    for start, name in enumerate(names):
        fill(tmp_path / "set" / name, 2, start=10 * start)
    with make_project(tmp_path, tmp_path / "set", labels="folders") as project:
        assert project.labels.counts()[0] == project.images.counts()["ready"] == 6
        assert project.images.counts()["test"] == len(project.oracle.test_set()[0]) == 6


def test_splits_that_cannot_be_held_out_without_labels_are_reported(tmp_path):
    for start, name in enumerate(("train", "test")):
        fill(tmp_path / "set" / name, 2, start=10 * start)
    with make_project(tmp_path, tmp_path / "set", classes=("red", "blue")) as project:
        assert project.images.counts()["ready"] == 12 and project.images.counts()["test"] == 0
        assert "Splits were not used: only labelled images" in str(project.import_notes[0])


def test_doubtful_splits_are_reported(tmp_path):
    fill(tmp_path / "set" / "train", 1)
    fill(tmp_path / "set" / "other", 1, start=5)
    with make_project(tmp_path, tmp_path / "set", labels="folders") as project:
        assert {c.name for c in project.classes.all()} == {"train", "other"}
        assert "are named like splits" in str(project.import_notes[0])


def test_create_reports_how_it_interpreted_the_folder(tmp_path):
    fill(tmp_path / "set" / "train", 1)
    fill(tmp_path / "set" / "test", 1, start=5)
    root = tmp_path / "set" / "train"
    shutil.copytree(root / "red", root / "@eaDir")
    (root / "red" / "a.psd").write_bytes(b"x")
    (root / "red" / "README.md").write_bytes(b"x")
    draw("red", 8).save(root / "red" / "noending", "PNG")
    frames = [draw("red", 30), draw("red", 31)]
    frames[0].save(root / "red" / "moves.gif", save_all=True, append_images=frames[1:])
    deep = Image.fromarray(np.full((20, 20), 4000, np.uint16))
    deep.save(root / "red" / "deep.png")
    done = CliRunner().invoke(
        program,
        ["create", str(tmp_path / "p"), "--images", str(tmp_path / "set"), "--truth", "folders"],
    )
    assert done.exit_code == 0, done.output
    for sentence in (
        "note: System folders were ignored: train/@eaDir.",
        "note: Other kinds of files were ignored: 1 .psd.",
        "Folders were treated as splits, which is a guess: 6 images of “train” form the pool.",
        "note: 3 images of “test” are held out for testing.",
        "note: Files with several pages or frames: 1. The first of each was taken, 1 more were",
        "Images that use 12 of 16 bits: 1. They are shown in that range, which is a",
    ):
        assert sentence in done.stderr, sentence


def test_class_names_can_contain_commas(tmp_path):
    fill(tmp_path / "set", 1)
    done = CliRunner().invoke(
        program,
        ["create", str(tmp_path / "p"), "--images", str(tmp_path / "set"), "--class", "a, or b",
         "--class", "c"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    with Project(tmp_path / "p") as project:
        assert [c.name for c in project.classes.all()] == ["a, or b", "c"]


def test_a_table_from_another_system_makes_a_complete_project(tmp_path):
    fill(tmp_path / "set", 2)
    table = tmp_path / "set" / "m.csv"
    table.write_bytes(
        "Path;Label\r\nred\\00.png;Rot\r\n.\\red\\01.png;Rot\r\n./red/01.png;Rot\r\n"
        "green/00.png;Grün\r\n".encode("cp1252")
    )
    with make_project(tmp_path, table, labels="csv") as project:
        assert project.images.counts()["ready"] == 3 and project.complete
        assert [c.name for c in project.classes.all()] == ["Grün", "Rot"]


def test_unusual_file_names_are_matched_exactly(tmp_path):
    (tmp_path / "set").mkdir()
    draw("red", 1).save(tmp_path / "set" / "a\\b.png")
    draw("red", 2).save(tmp_path / "set" / f"{unicodedata.normalize('NFD', 'é')}.png")
    table = tmp_path / "set" / "m.csv"
    table.write_text("path,label\na\\b.png,x\né.png,y\n")
    with make_project(tmp_path, table, labels="csv") as project:
        assert project.images.counts()["ready"] == 2


@pytest.mark.parametrize(
    "written",
    [
        "red/00.png",
        "red\\00.png",
        ".\\red\\00.png",
        "./red//00.png",
        "C:\\Users\\ann\\photos\\red\\00.png",
        "/home/ben/set/red/00.png",
    ],
)
def test_labels_match_their_images_by_paths_of_other_systems(tmp_path, written):
    fill(tmp_path / "set", 2)
    with make_project(tmp_path, tmp_path / "set", classes=("red", "green", "blue")) as project:
        table = tmp_path / "t.csv"
        table.write_text(f"path,label\n{written},red\n")
        assert import_labels(project, table, "ann").count == 1
        (image_id,) = project.labels.labelled()[0].tolist()
        assert project.images.get([image_id])[0].path == "red/00.png"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("C:\\else\\00.png", "is not an image of this project"),  # only the file name matches
        ("00.png", "could be 3 images"),
        ("red/99.png", "is not an image of this project"),
        ("..", "is not an image of this project"),
    ],
)
def test_ambiguous_or_unknown_paths_are_refused(tmp_path, written, reason):
    fill(tmp_path / "set", 2)
    with make_project(tmp_path, tmp_path / "set", classes=("red", "green")) as project:
        table = tmp_path / "t.csv"
        table.write_text(f"path,label\n{written},red\n")
        with pytest.raises(LabellerError, match=reason):
            import_labels(project, table, "ann")


def test_an_export_beside_the_images_is_ignored_by_the_next_import(tmp_path):
    root = fill(tmp_path / "set", 2)
    with make_project(tmp_path, root, labels="folders") as project:
        export(project, "imagefolder", root / "sorted")
    with create(tmp_path / "again", Request(str(root), labels="folders", resolution=16)) as again:
        assert {c.name for c in again.classes.all()} == {"red", "green", "blue"}
        assert again.images.counts()["ready"] == 6
        assert "Folders written by Labeller were ignored: sorted." in map(str, again.import_notes)


def test_an_interrupted_import_of_an_earlier_version_is_resumed(tmp_path):
    root = fill(tmp_path / "set", 2)
    request = Request(str(root), labels="folders", resolution=16)
    project = create(tmp_path / "p", request)
    project.settings.set("complete", False)
    stored = project.settings.get("request")
    del stored["zip_encoding"]
    project.settings.set("request", stored)
    project.close()
    with create(tmp_path / "p", request) as again:
        assert again.complete and again.labels.counts()[0] == 6
