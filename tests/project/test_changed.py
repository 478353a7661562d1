"""Images whose files changed after the import: reported, left out, and accepted by a person."""

import shutil

import pytest
from click.testing import CliRunner

from labeller.cli.main import program
from labeller.project.creation import open_complete, read_again
from labeller.project.exporting import Choices, dataset_of
from labeller.project.image_reading import ACCEPT, find_changed
from labeller.project.project import Project
from tests.conftest import draw


@pytest.fixture
def folder(make, images):
    """A project with green/00 and red/00 labelled, the latter by two people, and a copy of
    red/00."""
    shutil.copy(images / "red" / "00.png", images / "red" / "copy.png")
    project = make(images, truth="folders")
    red, green = (project.images.finder().find(f"{c}/00.png", images) for c in ("red", "green"))
    ids = project.classes.ids_by_name()
    project.labels.assign({red: ids["blue"]}, "bea")
    project.labels.assign({red: ids["red"], green: ids["green"]}, "anna")
    project.labels.let_model_label([(green + 1, ids["green"], 0.9)], "anna")
    project.classes.change_examples({red: ids["red"]}, add=True)
    project.classes.change_examples({red: ids["green"]}, add=True, wrong=True)
    project.close()
    return project.folder


def id_of(project: Project, path: str) -> int:
    return project.images.finder().find(path, project.folder)


def run(*words: object):
    return CliRunner().invoke(program, [*map(str, words)])


def test_the_command_line_reports_and_accepts_changed_files(folder, images, tmp_path):
    draw("blue", 77).save(images / "red" / "00.png")
    checked = run("check", folder)
    assert checked.exit_code == 1 and "red/00.png was changed after the import" in checked.output
    assert "read-again --changed accept" in checked.output
    done = run("export", folder, "--format", "imagefolder", "--output", tmp_path / "out")
    assert done.exit_code == 0 and "red/00.png" in done.output and "2 labels" in done.output
    assert run("read-again", folder, "--changed", "accept").output.endswith("read again: 1\n")
    assert run("check", folder).exit_code == 0


def test_labels_of_the_former_content_are_withdrawn_for_everyone(folder, images):
    draw("blue", 77).save(images / "red" / "00.png")
    with open_complete(folder) as project:
        reading, red = project.reading, id_of(project, "red/00.png")
        copy = id_of(project, "red/copy.png")
        assert project.images.duplicates().tolist() == [copy]
        assert [image.id for image in find_changed(project)] == [red]
        assert project.agreement.opinions()[red] == {"bea": 1, "anna": 3}
    read_again(folder, reading, changed=ACCEPT)
    with open_complete(folder) as project:
        assert red not in project.agreement.opinions() and not project.labels.current([red])
        assert not project.agreement.labels_by("bea", [red]) and not project.agreement.labels_by(
            "anna", [red]
        )
        assert not project.classes.examples().get(3), "it is no longer an example"
        assert not project.classes.examples(wrong=True), "nor a counterexample"
        assert not len(project.images.duplicates()), "the copy is no longer a duplicate"
        assert {red, copy} <= set(project.images.candidates().tolist())
        green = id_of(project, "green/00.png")
        assert project.labels.current([green])[green].annotator == "anna"
        assert list(project.model_labels.all()) == [green + 1]
        assert not list(dataset_of(project, Choices(annotator="bea")).items())
        project.labels.assign({red: 1}, "bea")
        assert project.agreement.opinions()[red] == {"bea": 1}, "new labels count"


def test_a_model_label_is_withdrawn_too(folder, images):
    with open_complete(folder) as project:
        reading, answered = project.reading, next(iter(project.model_labels.all()))
        file = project.images.get([answered])[0].file
    draw("blue", 77).save(file)
    read_again(folder, reading, changed=ACCEPT)
    with open_complete(folder) as project:
        assert not project.model_labels.all()


@pytest.mark.parametrize("undone_before", [True, False])
def test_redo_does_not_restore_model_labels_of_former_content(folder, images, undone_before):
    with Project(folder) as project:
        answered = id_of(project, "green/01.png")
        project.labels.let_model_label([(answered, 1, 0.9), (answered + 1, 1, 0.9)], "anna")
        if undone_before:
            project.labels.undo("anna")
    draw("blue", 78).save(images / "green" / "01.png")
    assert read_again(folder, open_reading(folder), changed=ACCEPT) == 1
    with Project(folder) as project:
        if not undone_before:
            project.labels.undo("anna")
        project.labels.redo("anna")
        assert list(project.model_labels.all()) == [answered + 1]


def open_reading(folder):
    with Project(folder, read_only=True) as project:
        return project.reading


def test_a_file_that_is_no_longer_an_image_loses_its_labels(folder, images):
    (images / "red" / "00.png").write_bytes(b"no image any more")
    with open_complete(folder) as project:
        reading, red = project.reading, id_of(project, "red/00.png")
    read_again(folder, reading, changed=ACCEPT)
    with open_complete(folder) as project:
        assert [path for path, _ in project.images.unreadable()] == ["red/00.png"]
        assert not project.labels.current([red])


def test_unchanged_files_are_left_alone(folder):
    with open_complete(folder) as project:
        reading, before = project.reading, project.table_sizes()
    assert read_again(folder, reading, changed=ACCEPT) == 0
    with open_complete(folder) as project:
        assert project.table_sizes() == before
