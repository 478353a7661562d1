"""Exporting and importing labels."""

import csv
import json
from pathlib import Path

import pytest
import torch
from PIL import Image
from torchvision.datasets import ImageFolder

from labeller.core.errors import LabellerError
from labeller.loop import rounds
from labeller.loop.model_files import export_model
from labeller.project.exporting import export
from labeller.project.importing import ImportOptions, import_labels


@pytest.fixture
def labelled(project):
    rounds.label_by_oracle(project, rounds.begin(project))
    return project


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_table_contains_every_label(labelled, tmp_path):
    export(labelled, "csv", tmp_path / "labels.csv")
    written = read_rows(tmp_path / "labels.csv")
    assert len(written) == 9
    for row in written:
        assert Path(row["path"]).parent.name == row["label"] == Path(row["file"]).parent.name
        assert Path(row["file"]).is_file() and row["annotator"] == "oracle"


def test_a_table_can_be_imported_into_another_project(labelled, make, images, tmp_path):
    export(labelled, "csv", tmp_path / "labels.csv")
    other = make(images, "other", classes=("red", "green", "blue"))
    assert import_labels(other, tmp_path / "labels.csv", "anna").count == 9
    export(other, "csv", tmp_path / "again.csv")
    keys = ("path", "label", "file")

    def result(name: str) -> list[tuple[str, ...]]:
        return [tuple(row[k] for k in keys) for row in read_rows(tmp_path / name)]

    assert result("again.csv") == result("labels.csv")


def test_exported_folders_are_read_by_torchvision(labelled, tmp_path):
    export(labelled, "imagefolder", tmp_path / "out")
    dataset = ImageFolder(tmp_path / "out")
    assert len(dataset) == 9
    for path, target in dataset.samples:
        original = next(i for i in labelled.images.get(labelled.labels.labelled()[0])
                        if i.file.read_bytes() == Path(path).read_bytes())  # fmt: skip
        assert original.file.parent.name == dataset.classes[target]


def test_equal_file_names_and_odd_class_names_do_not_collide(make, tmp_path):
    table = tmp_path / "list.csv"
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        Image.new("RGB", (9, 9), (folder == "a" and "red") or "blue").save(
            tmp_path / folder / "1.png"
        )
    table.write_text('path,label\na/1.png,"con"\nb/1.png,"con"\n')
    names = ("con", "../up", "a/b", "A?b", ".")
    project = make(table, classes=names, labels="csv")
    export(project, "imagefolder", tmp_path / "out")
    written = sorted(
        str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*.png")
    )
    assert written == ["con_/1.png", "con_/1_2.png"]
    ids = [int(i) for i in project.labels.labelled()[0]]
    classes = project.classes.ids_by_name()
    project.labels.assign({ids[0]: classes["../up"], ids[1]: classes["a/b"]}, "anna")
    export(project, "imagefolder", tmp_path / "out2")
    assert sorted(p.name for p in (tmp_path / "out2").iterdir() if p.is_dir()) == ["_up", "a_b"]
    assert not (tmp_path / "up").exists()


def test_the_model_is_exported_as_safetensors(labelled, tmp_path):
    from safetensors import safe_open

    from tests.loop.test_rounds import FAST

    with pytest.raises(LabellerError, match="no trained model"):
        export_model(labelled, "model", tmp_path / "m.safetensors")
    rounds.train_round(labelled, FAST)
    export_model(labelled, "model", tmp_path / "m.safetensors")
    with safe_open(tmp_path / "m.safetensors", "pt") as file:
        assert file.get_tensor("head.weight").shape == torch.Size([3, 128])
        assert '"red"' in file.metadata()["labeller"]


def test_exports_overwrite_nothing_and_leave_no_partial_files(labelled, tmp_path):
    (tmp_path / "there.csv").write_text("mine")
    (tmp_path / "there").mkdir()
    for name, kind in (("there.csv", "csv"), ("there", "imagefolder")):
        with pytest.raises(LabellerError, match="already exists"):
            export(labelled, kind, tmp_path / name)
    assert (tmp_path / "there.csv").read_text() == "mine"
    for image in labelled.images.get(labelled.labels.labelled()[0]):
        image.file.unlink()
    with pytest.raises(LabellerError, match="their files are missing"):
        export(labelled, "imagefolder", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert not [p for p in tmp_path.iterdir() if "unfinished" in p.name]


def test_an_empty_project_exports_nothing(project, tmp_path):
    with pytest.raises(LabellerError, match="no labels yet"):
        export(project, "csv", tmp_path / "labels.csv")
    assert not (tmp_path / "labels.csv").exists()


def test_relative_and_absolute_paths_are_matched(project, images, tmp_path):
    (images / "red" / "unique.txt").touch()
    table = tmp_path / "labels.csv"
    table.write_text(
        "\ufeffpath,label,comment\n"
        "red/00.png,blue,path in the project\n"
        f"{images}/red/01.png,blue,whole path\n"
        "images/red/02.png,blue,beside the table\n"
        "green/00.png,,no label\n",
        encoding="utf-8",
    )
    assert import_labels(project, table, "anna").count == 3
    assert project.labels.counts() == (3, 0)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("red/00.png,purple", "line 3: unknown class 'purple'. The classes are"),
        ("red/99.png,red", "line 3: red/99.png is not an image"),
        ("00.png,red", r"line 3: 00.png could be 3 images"),
        ("blue/03.png,red", "line 3: blue/03.png was given another label"),
    ],
)
def test_one_invalid_row_imports_nothing(project, tmp_path, line, message):
    table = tmp_path / "labels.csv"
    table.write_text(f"path,label\nblue/03.png,blue\n{line}\n")
    with pytest.raises(LabellerError, match=message):
        import_labels(project, table, "anna")
    assert project.labels.counts() == (0, 0)


def test_tables_without_columns_or_labels_are_refused(project, tmp_path):
    table = tmp_path / "labels.csv"
    table.write_text("path\nred/00.png\n")
    with pytest.raises(LabellerError, match="column 'label'"):
        import_labels(project, table, "anna")
    table.write_text("path,label\n")
    with pytest.raises(LabellerError, match="contains no labels"):
        import_labels(project, table, "anna")
    table.write_text("path,label\nelsewhere.png,red\n")
    with pytest.raises(LabellerError, match=r"None of the images in .* is in this project"):
        import_labels(project, table, "anna", options=ImportOptions(skip_unknown=True))
    with pytest.raises(LabellerError, match="does not exist"):
        import_labels(project, tmp_path / "none.csv", "anna")


@pytest.mark.parametrize("name", ["two\nlines", "x" * 300, "\x1b[31m"])
def test_invalid_annotator_names_are_refused(project, tmp_path, name):
    path = project.images.get([1])[0].path
    (tmp_path / "l.jsonl").write_text(
        json.dumps({"path": path, "label": "red", "annotator": name}) + "\n"
    )
    with pytest.raises(LabellerError, match=r"line 1: .* is not a valid name of a person"):
        import_labels(project, tmp_path / "l.jsonl", "import")
    assert project.labels.counts() == (0, 0)
