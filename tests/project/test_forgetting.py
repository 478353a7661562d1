"""Forgetting images, and restoring older copies of the database."""

import shutil

import pytest
from click.testing import CliRunner
from PySide6.QtCore import Qt

from labeller.care.checking import check
from labeller.cli.main import program
from labeller.core.errors import LabellerError
from labeller.loop import rounds
from labeller.loop.training_data import training_set
from labeller.project.creation import read_again
from labeller.project.curation import bring_back, forget_images, missing_images
from labeller.project.exporting import export
from labeller.project.project import DATABASE, Project
from labeller.project.teams import merge
from labeller.store.journal import FILE as JOURNAL
from tests.window.conftest import english, folder, person, window  # noqa: F401


@pytest.fixture
def labelled(project) -> Project:
    rounds.label_by_oracle(project, rounds.begin(project))
    return project


def delete_one_file(project) -> int:
    image_id = int(project.labels.labelled()[0][0])
    project.images.get([image_id])[0].file.unlink()
    return image_id


def test_a_deleted_image_can_be_forgotten(labelled, tmp_path):
    image_id = delete_one_file(labelled)
    assert any("is gone" in problem for problem in check(labelled))
    assert missing_images(labelled) == [image_id]
    assert forget_images(labelled, [image_id], "anna") == 1
    assert forget_images(labelled, [image_id], "anna") == 0
    assert check(labelled) == [] and missing_images(labelled) == []
    assert labelled.labels.counts()[0] == 8 and len(training_set(labelled).labelled) == 8
    assert image_id not in labelled.images.candidates() and image_id not in labelled.images.open()
    done = export(labelled, "imagefolder", tmp_path / "out")
    assert done.labels == 8 and not done.missing


def test_undo_and_redo_of_forgetting_include_the_label(labelled):
    image_id = int(labelled.labels.labelled()[0][0])
    label = labelled.labels.current([image_id])[image_id].class_id
    forget_images(labelled, [image_id, int(labelled.images.candidates()[0])], "anna")
    assert len(labelled.images.forgotten()) == 2
    labelled.labels.undo("anna")
    assert labelled.images.forgotten() == []
    assert labelled.labels.current([image_id])[image_id].class_id == label
    labelled.labels.redo("anna")
    assert len(labelled.images.forgotten()) == 2 and not labelled.labels.current([image_id])
    assert labelled.labels.log_problems() == [] and labelled.reconciliation.problems() == []
    assert bring_back(labelled, [image_id], "anna") == 1
    assert image_id in labelled.images.open()


def test_a_forgotten_image_stays_forgotten_after_reading_again(labelled):
    image_id = int(labelled.images.candidates()[0])
    forget_images(labelled, [image_id], "anna")
    place, reading = labelled.folder, labelled.reading
    labelled.close()
    read_again(place, reading)
    with Project(place) as project:
        assert project.images.forgotten() == [image_id]


def test_a_copy_replaces_a_forgotten_image(make, tmp_path):
    from tests.conftest import fill

    images = fill(tmp_path / "img", 3)
    shutil.copy(images / "red" / "00.png", images / "red" / "copy.png")
    project = make(images, truth="folders")
    finder = project.images.finder()
    first, copy = (finder.find(f"red/{name}.png", tmp_path) for name in ("00", "copy"))
    assert copy not in project.images.candidates()
    forget_images(project, [first], "anna")
    assert copy in project.images.candidates()
    project.labels.undo("anna")
    assert copy not in project.images.candidates() and first in project.images.candidates()


def test_the_command_forgets_named_or_missing_images(labelled, images):
    delete_one_file(labelled)
    place, run = str(labelled.folder), CliRunner().invoke
    labelled.close()
    assert run(program, ["check", place, "--repair"]).exit_code == 1
    assert "1 image forgotten" in run(program, ["forget", place, "--missing"]).stdout
    assert run(program, ["check", place, "--repair"]).exit_code == 0
    assert "1 image forgotten" in run(program, ["forget", place, "green/01.png"]).stdout
    assert run(program, ["forget", place, "green/99.png"]).exit_code == 1
    assert run(program, ["forget", place]).exit_code == 2
    back = run(program, ["forget", place, "green/01.png", "--restore"])
    assert "1 image brought back" in back.stdout
    shutil.rmtree(images)
    refused = run(program, ["forget", place, "--missing"])
    assert refused.exit_code == 1 and "if their disk is disconnected" in refused.stderr


def test_forgetting_in_the_window(person, folder, window):  # noqa: F811
    person.open(folder)
    session = person.session
    person.press(Qt.Key.Key_1, Qt.Key.Key_2)
    window.page.grid.select([0, 3])
    ids = [session.images[place].id for place in (0, 3)]
    person.choose("forget")
    assert len(session.images) == 7 and session.summary.labelled == 1
    assert not set(ids) & {image.id for image in session.images}
    assert "forgotten. Ctrl+Z brings" in window.statusBar().currentMessage()
    person.press_ctrl(Qt.Key.Key_Z)
    assert len(session.images) == 9 and session.summary.labelled == 2
    assert session.class_of(0).name == "blue"


# -- an older database


def test_check_explains_what_happens_to_an_older_database(labelled, tmp_path):
    place = labelled.folder
    labelled.close()
    shutil.copy(place / DATABASE, tmp_path / "older")
    with Project(place) as project:
        for image_id in project.images.candidates()[:5].tolist():
            project.labels.assign({image_id: 1}, "anna")
    for end in ("", "-wal", "-shm"):
        (place / (DATABASE + end)).unlink(missing_ok=True)
    shutil.copy(tmp_path / "older", place / DATABASE)
    with Project(place, read_only=True) as project:
        (problem,) = [p for p in check(project) if JOURNAL in p]
    assert "is 5 actions ahead" in problem and "adds them" in problem
    assert "keeps the current one" not in problem and "restore" not in problem
    with Project(place) as project:
        assert project.labels.counts()[0] == 14 and check(project) == []


def test_images_on_a_missing_disk_are_not_forgotten(labelled, images):
    images.rename(images.with_name("elsewhere"))
    with pytest.raises(LabellerError, match="if their disk is disconnected"):
        missing_images(labelled)


def test_an_image_forgotten_in_another_copy_stays_after_a_merge(labelled, tmp_path):
    place, theirs = labelled.folder, tmp_path / "theirs"
    first, second = labelled.labels.labelled()[0][:2].tolist()
    before = labelled.labels.counts()
    labelled.close()
    shutil.copytree(place, theirs)
    with Project(theirs) as copy:
        forget_images(copy, [first], "ben")
    with Project(place) as project:
        forget_images(project, [second], "anna")
        taken = merge(project, theirs)
        assert taken.emptied == taken.changed == taken.unknown == 0
        assert project.labels.current([first]) and project.images.forgotten() == [second]
        project.labels.undo("anna")
        assert project.labels.counts() == before and check(project) == []


def test_redo_of_forgetting_removes_the_image_from_the_batch(person, folder, window):  # noqa: F811
    person.open(folder)
    session = person.session
    forgotten = session.images[0].id
    person.choose("forget")
    person.press_ctrl(Qt.Key.Key_Z)
    assert session.images[0].id == forgotten
    person.press_ctrl(Qt.Key.Key_Y)
    assert session.place_of(forgotten) is None and len(session.images) == 8


def test_a_whole_batch_can_be_forgotten(person, folder, window):  # noqa: F811
    person.open(folder)
    session = person.session
    person.press_ctrl(Qt.Key.Key_A)
    person.choose("forget")
    assert session.images == []
    person.press(Qt.Key.Key_G, Qt.Key.Key_1, Qt.Key.Key_S, Qt.Key.Key_R, Qt.Key.Key_Right)
    assert not session.go_to("nothing is called so")
    window.close_project()
    with Project(folder) as project:
        assert len(project.images.forgotten()) == 9 and project.labels.counts() == (0, 0)


def test_a_forgotten_unreadable_image_is_not_read_again(make, tmp_path):
    from tests.conftest import draw, fill

    images = fill(tmp_path / "img", 3)
    (images / "red" / "bad.png").write_bytes(b"no picture")
    project = make(images, truth="folders")
    ((bad, _),) = project.images.unreadable_files()
    forget_images(project, [bad], "anna")
    draw("red", 9).save(images / "red" / "bad.png")
    place, reading = project.folder, project.reading
    project.close()
    read_again(place, reading)
    with Project(place) as again:
        assert again.images.forgotten() == [bad]
