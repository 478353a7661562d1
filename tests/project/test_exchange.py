"""Options of export and import."""

import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from labeller.cli.main import program
from labeller.core.errors import Cancelled, LabellerError
from labeller.core.run import Run
from labeller.exchange.dataset import Writing
from labeller.exchange.formats import read
from labeller.loop import rounds
from labeller.project.exporting import Choices, dataset_of, export
from labeller.project.importing import ImportOptions, import_labels, plan_import
from labeller.project.project import Project


def exported_labels(project: Project, **choices) -> dict[str, str | None]:
    return {item.path: item.label for item in dataset_of(project, Choices(**choices)).items()}


@pytest.fixture
def disputed(make, images) -> Project:
    """Three people disagree: image 1 is red, red, blue; image 2 red, blue; image 3 red."""
    project = make(images, classes=("red", "green", "blue"))
    for who, labels in (
        ("anna", {1: 1, 2: 1, 3: 1}), ("ben", {1: 1, 2: 3}), ("cleo", {1: 3}),
    ):  # fmt: skip
        project.labels.assign(labels, who)
    project.labels.skip([4], "anna", reason="unsure")
    return project


def test_labels_of_one_annotator_or_the_majority_are_exported(disputed):
    paths = {i.id: i.path for i in disputed.images.get([1, 2, 3, 4])}
    assert exported_labels(disputed) == {paths[3]: "red", paths[2]: "blue", paths[1]: "blue"}
    assert exported_labels(disputed, annotator="anna") == {paths[n]: "red" for n in (1, 2, 3)}
    majority = exported_labels(disputed, majority=True)
    assert majority[paths[1]] == "red", "two of three"
    assert majority[paths[2]] == "blue", "without a majority, the current label"
    disputed.agreement.decide([1], "anna")
    assert exported_labels(disputed, majority=True)[paths[1]] == "blue", (
        "a decision overrides the majority"
    )
    assert exported_labels(disputed, aside=True)[paths[4]] is None


def test_splits_are_stratified_and_reproducible(make, images):
    project = make(images, labels="folders")

    def drawn(seed: int) -> dict[str, str]:
        choices = Choices(shares=(0.5, 0.25, 0.25), seed=seed)
        return {i.path: i.split for i in dataset_of(project, choices).items()}

    first = drawn(1)
    counts = Counter((path.split("/")[0], split) for path, split in first.items())
    for colour in ("red", "green", "blue"):
        assert counts[colour, "train"] == 6
        assert counts[colour, "validation"] == counts[colour, "test"] == 3
    assert drawn(1) == first and drawn(2) != first
    with pytest.raises(LabellerError, match=r"must add up to 1, not 1\.1"):
        dataset_of(project, Choices(shares=(0.5, 0.5, 0.1)))


def test_held_out_images_are_exported_as_test(project):
    rounds.label_by_oracle(project, rounds.begin(project))
    found = Counter(i.split for i in dataset_of(project, Choices(held_out=True)).items())
    assert found == {None: 9, "test": 9}


def test_class_index_and_absolute_paths(disputed, tmp_path):
    choices = Choices(class_index=tmp_path / "classes.json", writing=Writing(absolute=True))
    done = export(disputed, "jsonl", tmp_path / "out.jsonl", choices)
    assert (done.labels, done.by_model, done.aside) == (3, 0, 0)
    assert json.loads((tmp_path / "classes.json").read_text()) == {"red": 0, "green": 1, "blue": 2}
    assert all(Path(i.path).is_absolute() for i in read(tmp_path / "out.jsonl").items())
    with pytest.raises(LabellerError, match="already being written"):
        export(disputed, "csv", tmp_path / "a", Choices(class_index=tmp_path / "a"))


def test_a_stopped_export_leaves_no_files(make, tmp_path):
    from tests.conftest import fill

    project = make(fill(tmp_path / "many", 100), labels="folders")
    out = tmp_path / "out"
    with pytest.raises(Cancelled):
        export(project, "imagefolder", out / "set", run=Run(should_stop=lambda: True))
    assert list(out.iterdir()) == []


def test_an_import_can_be_previewed(disputed, tmp_path):
    paths = {i.id: i.path for i in disputed.images.get([1, 2, 3, 4, 5])}
    table = tmp_path / "t.csv"
    table.write_text(
        f"path,label,annotator\n{paths[1]},red,dora\n{paths[2]},blue,\n{paths[5]},purple,\n"
        "nowhere.png,red,\n"
    )
    with pytest.raises(LabellerError, match="unknown class 'purple'"):
        plan_import(disputed, table, "emil")
    with pytest.raises(LabellerError, match="not an image of this project"):
        plan_import(disputed, table, "emil", None, ImportOptions(new_classes=True))
    options = ImportOptions(new_classes=True, skip_unknown=True)
    plan = plan_import(disputed, table, "emil", None, options)
    assert (len(plan.labels), plan.unchanged, plan.unknown) == (1, 1, 1)
    assert plan.new_classes == ["purple"]
    assert [(c.ours, c.theirs) for c in plan.conflicts] == [("blue", "red")]
    before = disputed.table_sizes()
    with pytest.raises(LabellerError, match=r"1 images already have other labels .*blue → red"):
        import_labels(disputed, table, "emil", None, options)
    assert disputed.table_sizes() == before
    import_labels(disputed, table, "emil", None, ImportOptions("labels", "keep", True, False, True))
    assert (
        exported_labels(disputed)[paths[1]] == "blue"
        and exported_labels(disputed)[paths[5]] == "purple"
    )
    import_labels(
        disputed, table, "emil", None, ImportOptions("labels", "replace", True, False, True)
    )
    label = disputed.labels.current([1])[1]
    assert exported_labels(disputed)[paths[1]] == "red" and label.annotator == "dora", (
        "the annotator is kept"
    )
    assert disputed.agreement.labels_by("cleo", [1])[1].class_id == 3, (
        "the replaced label stays in the log"
    )


def test_labels_can_be_imported_as_suggestions_or_hidden_labels(make, images, tmp_path):
    project = make(images, classes=("red", "green", "blue"))
    table = tmp_path / "t.jsonl"
    rows = [{"path": f"red/{n:02d}.png", "label": "red", "confidence": 0.7} for n in range(4)]
    table.write_text("\n".join(map(json.dumps, rows)))
    import_labels(project, table, "anna", None, ImportOptions("suggestions"))
    ids = [int(i) for i in project.images.named("red/0", 4)]
    found = project.suggestions.of(ids)
    assert {s.confidence for s in found.values()} == {0.7} and len(found) == 4
    assert project.labels.counts() == (0, 0) and project.runs.all() == []
    import_labels(project, table, "anna", None, ImportOptions("truth"))
    assert set(project.oracle.reveal(ids).values()) == {1} and project.labels.counts() == (0, 0)


def test_images_are_matched_by_content_before_path(make, images, tmp_path):
    """An exported folder names files by class, so the path of one image can be that of another."""
    project = make(images, classes=("red", "green", "blue"))
    (red,) = project.images.named("red/00.png", 1)
    (blue,) = project.images.named("blue/00.png", 1)
    project.labels.assign({red: 3}, "anna")  # a red image labelled blue → blue/00.png
    export(project, "imagefolder", tmp_path / "out")
    assert (tmp_path / "out" / "blue" / "00.png").is_file()
    other = make(images, "other", classes=("red", "green", "blue"))
    import_labels(other, tmp_path / "out", "ben")
    assert set(other.labels.current([red, blue])) == {red}, "not the image at that path"


def test_images_put_aside_are_exported_and_imported(disputed, make, images, tmp_path):
    export(disputed, "labelstudio", tmp_path / "out", Choices(aside=True))
    other = make(images, "other", classes=("red", "green", "blue"))
    plan = import_labels(other, tmp_path / "out", "x")
    assert (len(plan.labels), len(plan.aside)) == (3, 1)
    assert other.labels.current([4])[4].reason == "unsure"
    assert exported_labels(other, aside=True) == exported_labels(disputed, aside=True)


def test_export_and_import_commands(disputed, tmp_path):
    folder = disputed.folder
    disputed.close()
    run = CliRunner().invoke
    out = tmp_path / "o.parquet"
    arguments = ["--format", "parquet", "--output", str(out), "--put-aside"]
    done = run(program, ["export", str(folder), *arguments, "--splits", "0.5", "0.25", "0.25"])
    assert done.exit_code == 0, done.output
    assert done.stdout == f"3 labels written to {out} (1 images put aside)\n"
    done = run(program, ["import-labels", str(folder), str(out), "--dry-run"])
    assert done.exit_code == 0 and done.stdout == "0 labels would be imported\n", done.output
    assert "4 images have the same label already" in done.stderr
    done = run(program, ["export", str(folder), "--format", "csv", "--output", str(out)])
    assert done.exit_code == 1 and "already exists" in done.stderr
