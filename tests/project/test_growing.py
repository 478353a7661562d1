"""Adding images to projects and moving projects."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner

from labeller.cli.main import program
from labeller.core.errors import Cancelled, LabellerError
from labeller.core.run import Run
from labeller.learning.frozen_features import FrozenFeatures
from labeller.loop import rounds
from labeller.loop.training_data import pool_of
from labeller.project.creation import create, open_complete, resume
from labeller.project.growing import add_images, add_new, look_around
from labeller.project.moving import locate
from labeller.project.planning import Request
from labeller.project.project import Project
from tests.conftest import draw, fill
from tests.frozen_encoder import frozen  # noqa: F401


def make_project(tmp_path: Path, **request) -> Path:
    request = {"truth": "folders", "resolution": 16, "batch_size": 3, **request}
    with create(tmp_path / "p", Request(str(tmp_path / "set"), **request)) as project:
        rounds.label_by_oracle(project, rounds.begin(project))
    return tmp_path / "p"


# -- growing


@pytest.mark.usefixtures("frozen")
def test_adding_images_keeps_everything(tmp_path):
    fill(tmp_path / "set", 3)
    folder = make_project(tmp_path)
    with open_complete(folder) as project:
        before, labels = np.asarray(project.tensors()), project.labels.current(range(1, 10))
        batch = project.rounds.newest()
        pool = pool_of(project, "cpu")
        FrozenFeatures("mean-colours", pool).read(torch.arange(len(pool)), Run(0))
    fill(tmp_path / "more", 2, start=20)
    draw("red", 1).save(tmp_path / "more" / "red" / "copy.png")  # copy of a known image
    request = Request(str(tmp_path / "more"), truth="folders")
    done = add_images(folder, request)
    assert (done.added, done.known) == (7, 0)
    with open_complete(folder) as project:
        assert project.images.counts() == {
            "ready": 16, "test": 0, "unreadable": 0, "duplicates": 1
        }  # fmt: skip
        assert np.array_equal(project.tensors()[:9], before)
        assert project.tensors()[9:].any(axis=(1, 2, 3)).all()
        assert project.labels.current(range(1, 17)) == labels
        assert project.rounds.newest() == batch
        store = FrozenFeatures("mean-colours", pool_of(project, "cpu")).store
        assert store.all_known().tolist() == list(range(9)), "known images are not read again"
        assert len(project.oracle.reveal(range(1, 17))) == 16
    assert add_images(folder, request).added == 0
    assert add_images(folder, Request(str(tmp_path / "set"), truth="folders")).known == 9


def test_added_images_bring_labels_and_classes(tmp_path):
    fill(tmp_path / "set", 3)
    folder = make_project(tmp_path)
    (tmp_path / "more" / "purple").mkdir(parents=True)
    draw("blue", 50).save(tmp_path / "more" / "purple" / "1.png")
    draw("red", 51).save(tmp_path / "more" / "red.png")
    add_images(folder, Request(str(tmp_path / "more"), labels="folders"))
    with open_complete(folder) as project:
        assert [c.name for c in project.classes.all()] == ["blue", "green", "red", "purple"]
        assert project.labels.counts()[0] == 4
        project.labels.clear([10], "anna")
    add_images(folder, Request(str(fill(tmp_path / "again", 1, 60)), labels="folders"))
    with open_complete(folder) as project:
        assert project.labels.counts()[0] == 6, "a cleared label stays cleared"


def test_adding_an_archive_can_be_interrupted(tmp_path):
    fill(tmp_path / "set", 2)
    folder = make_project(tmp_path)
    fill(tmp_path / "more", 2, start=20)
    archive = shutil.make_archive(str(tmp_path / "more"), "zip", tmp_path / "more")
    request = Request(archive, truth="folders")
    with pytest.raises(Cancelled):
        add_images(folder, request, run=Run(should_stop=iter([False] * 3 + [True] * 99).__next__))
    with Project(folder, read_only=True) as project:
        assert not project.complete
    resume(folder).close()
    add_images(folder, request)
    with open_complete(folder) as project:
        assert project.images.counts()["ready"] - project.images.counts()["duplicates"] == 12
        assert project.labels.counts()[0] == 3


def test_new_files_in_the_image_folder_are_found_and_added(tmp_path):
    fill(tmp_path / "set", 2)
    folder = make_project(tmp_path)
    with Project(folder, read_only=True) as project:
        assert look_around(project).new_count == 0
    draw("red", 30).save(tmp_path / "set" / "red" / "new.png")
    (tmp_path / "set" / "red" / "notes.txt").write_text("x")
    (tmp_path / "set" / "red" / "00.png").unlink()
    with Project(folder, read_only=True) as project:
        found = look_around(project)
        assert (found.new_count, found.gone) == (1, 1)
        assert list(found.new.values()) == [["red/new.png"]]
    assert add_new(folder).added == 1
    with open_complete(folder) as project:
        assert project.images.counts()["ready"] == 7
        assert look_around(project).new_count == 0
        assert project.images.sources() == 1


def test_a_table_source_offers_no_other_files(tmp_path):
    fill(tmp_path / "set", 2)
    (tmp_path / "set" / "t.csv").write_text("path,label\nred/00.png,red\nblue/00.png,blue\n")
    request = Request(str(tmp_path / "set" / "t.csv"), truth="csv", resolution=16)
    create(tmp_path / "p", request).close()
    with Project(tmp_path / "p", read_only=True) as project:
        assert look_around(project).new_count == 0


def test_the_add_command_reports_what_it_did(tmp_path):
    fill(tmp_path / "set", 2)
    folder = make_project(tmp_path)
    fill(tmp_path / "more", 1, start=20)
    run = CliRunner().invoke
    done = run(program, ["add", str(folder), "--images", str(tmp_path / "more")])
    assert done.exit_code == 0 and done.stdout == "3 images added\n", done.output
    done = run(program, ["add", str(folder), "--images", str(tmp_path / "more")])
    assert done.stdout == "0 images added, 3 already in the project\n"
    done = run(program, ["add", str(folder), "--images", str(tmp_path / "none")])
    assert done.exit_code == 1 and "does not exist" in done.stderr
    assert run(program, ["add", str(folder)]).exit_code == 2


# -- moving


def test_project_and_images_can_be_moved_together(tmp_path):
    (tmp_path / "stick").mkdir()
    fill(tmp_path / "stick" / "set", 2)
    folder = make_project(tmp_path / "stick")
    (tmp_path / "stick").rename(tmp_path / "elsewhere")
    moved = tmp_path / "elsewhere" / "p"
    with open_complete(moved) as project:
        assert project.images.missing_roots() == []
        image = project.images.get([1])[0]
        assert image.file.is_file() and ".." not in image.file.parts
        assert image.file.is_relative_to(tmp_path / "elsewhere")
    assert folder != moved


def test_a_project_moved_alone_finds_its_images(tmp_path):
    (tmp_path / "here").mkdir()
    fill(tmp_path / "here" / "set", 2)
    make_project(tmp_path / "here")
    with open_complete(tmp_path / "here" / "p"):
        pass  # records where they are
    (tmp_path / "here" / "p").rename(tmp_path / "away")
    with open_complete(tmp_path / "away") as project:
        assert project.images.missing_roots() == []
        assert project.images.get([1])[0].file.is_file()


def test_moved_images_are_located_by_content_and_name(tmp_path):
    fill(tmp_path / "set", 3)
    folder = make_project(tmp_path)
    (tmp_path / "set").rename(tmp_path / "moved")
    with open_complete(folder) as project:
        assert project.images.missing_roots()
        done = locate(project, tmp_path / "moved")
        assert (done.found, done.missing) == (9, 0)
        assert project.images.sources() == 1 and project.images.missing_roots() == []
        assert all(image.file.is_file() for image, _ in project.images.each_file())
        assert {image.path for image, _ in project.images.each_file()} >= {"red/00.png"}
        assert locate(project, tmp_path / "moved").found == 0


def test_some_images_are_located_under_other_names(tmp_path):
    fill(tmp_path / "set", 3)
    folder = make_project(tmp_path)
    new = tmp_path / "new" / "deep"
    new.mkdir(parents=True)
    (tmp_path / "set" / "red" / "00.png").rename(new / "renamed.png")
    (tmp_path / "set" / "red" / "01.png").rename(new / "01.png")
    draw("green", 77).save(new / "02.png")  # a known name with unknown content
    shutil.rmtree(tmp_path / "set")
    with open_complete(folder) as project:
        labels = project.labels.current(range(1, 10))
        done = locate(project, tmp_path / "new")
        assert (done.found, done.missing) == (2, 7)
        found = {i.path for i, _ in project.images.each_file() if i.file.is_file()}
        assert found == {"deep/renamed.png", "deep/01.png"}
        assert project.labels.current(range(1, 10)) == labels
        with pytest.raises(LabellerError, match="None of the 7 missing images"):
            locate(project, tmp_path / "new")
        with pytest.raises(LabellerError, match="does not exist"):
            locate(project, tmp_path / "nowhere")


def test_a_parent_folder_is_enough_to_locate_images(tmp_path):
    fill(tmp_path / "set", 2)
    folder = make_project(tmp_path)
    (tmp_path / "disk").mkdir()
    (tmp_path / "set").rename(tmp_path / "disk" / "photos")
    locate_images = ["locate", str(folder), "--images", str(tmp_path / "disk")]
    done = CliRunner().invoke(program, locate_images)
    assert done.exit_code == 0 and done.stdout == "6 images found\n", done.output
    again = CliRunner().invoke(program, locate_images)
    assert again.stdout == "no image is missing\n"
    with open_complete(folder) as project:
        assert project.images.roots() == [tmp_path / "disk" / "photos"]
