"""Splits, spellings and copies are interpreted as the authors of the files intended."""

import csv
import hashlib
import json
import shutil
import unicodedata
from collections import Counter
from pathlib import Path

import datumaro
import numpy as np
import pytest
from click.testing import CliRunner

import labeller
from labeller.cli.main import program
from labeller.core.errors import LabellerError
from labeller.core.names import split_named
from labeller.exchange.dataset import Item
from labeller.loop import rounds
from labeller.loop.method import Method
from labeller.loop.oddities import find, groups_alike
from labeller.loop.training_data import training_set
from labeller.project.exporting import Choices, export
from labeller.project.growing import add_images
from labeller.project.importing import ImportOptions, import_labels
from labeller.project.planning import Request
from tests.conftest import draw, fill
from tests.frozen_encoder import frozen  # noqa: F401

LOEWE = [unicodedata.normalize(form, "Löwe") for form in ("NFC", "NFD")]


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def split_sizes(project) -> dict[str, int]:
    found = project._db.execute(
        "SELECT ifnull(name, split), count(*) FROM image JOIN source ON source.id = source_id "
        "GROUP BY 1"
    )
    return dict(found.fetchall())


# -- copies


def label_all(project) -> dict[int, int]:
    held_out = set(project.oracle.test_set()[0].tolist())
    images = [i.id for i, _ in project.images.each_file() if i.id not in held_out]
    labels = project.oracle.reveal(images)
    project.labels.assign(labels, "anna")
    return labels


@pytest.fixture
def with_copies(make, tmp_path):
    """A project in which every red image exists twice, under two names."""
    images = fill(tmp_path / "copied", 10)
    for file in sorted((images / "red").iterdir()):
        shutil.copy(file, images / "red" / f"z{file.name}")
    return make(images, truth="folders")


@pytest.mark.parametrize("seed", range(5))
def test_copies_of_an_image_are_in_one_split(with_copies, tmp_path, seed):
    label_all(with_copies)
    export(with_copies, "csv", tmp_path / "s.csv", Choices(shares=(0.5, 0.2, 0.3), seed=seed))
    found: dict[str, set[str]] = {}
    for row in read_rows(tmp_path / "s.csv"):
        digest = hashlib.sha256(Path(row["file"]).read_bytes()).hexdigest()
        found.setdefault(digest, set()).add(row["split"])
    assert len(found) == 30 and all(len(one) == 1 for one in found.values())
    sizes = Counter((r["label"], r["split"]) for r in read_rows(tmp_path / "s.csv"))
    assert sizes["red", "train"] in (9, 10, 11) and sizes["green", "train"] == 5


def test_splits_are_unchanged_without_copies(project, tmp_path):
    labels = label_all(project)
    export(project, "csv", tmp_path / "s.csv", Choices(shares=(0.6, 0.2, 0.2), seed=3))
    paths = {i.path: i.id for i in project.images.get(list(labels))}
    given = {paths[row["path"]]: row["split"] for row in read_rows(tmp_path / "s.csv")}
    for class_id in (1, 2, 3):
        own = np.array(sorted(i for i, c in labels.items() if c == class_id and i in given))
        order = np.random.default_rng([3, class_id]).permutation(len(own))
        ends = np.round(np.cumsum([0.6, 0.2, 0.2]) * len(own)).astype(int)
        for name, start, end in zip(
            ("train", "validation", "test"), [0, *ends], ends, strict=False
        ):
            assert {given[i] for i in own[order[start:end]].tolist()} <= {name}


@pytest.mark.usefixtures("frozen")
def test_near_duplicates_are_in_one_split_on_request(make, tmp_path, monkeypatch):
    monkeypatch.setattr("labeller.loop.oddities.ALIKE", 0.9999)
    images = fill(tmp_path / "alike", 8)
    for number in range(8):
        draw("red", number).resize((80, 80)).save(images / "red" / f"large{number}.png")
    project = make(images, truth="folders")
    labels = label_all(project)
    alike = groups_alike(project, list(labels))
    assert len(alike) >= 8
    choices = Choices(shares=(0.5, 0.2, 0.3), alike=alike)
    export(project, "csv", tmp_path / "s.csv", choices)
    split = {row["path"]: row["split"] for row in read_rows(tmp_path / "s.csv")}
    for number in range(8):
        assert split[f"red/{number:02d}.png"] == split[f"red/large{number}.png"]
    found = CliRunner().invoke(
        program,
        ["export", str(project.folder), "--format", "csv", "--output", str(tmp_path / "c.csv"),
         "--splits", "0.5", "0.2", "0.3", "--keep-alike"],
    )  # fmt: skip
    assert found.exit_code == 0, found.output


def test_copies_with_different_labels_are_reported(with_copies, tmp_path):
    labels = label_all(with_copies)
    first = with_copies.images.finder().find("red/00.png", tmp_path)
    with_copies.labels.assign({first: 1 + labels[first] % 3}, "ben")
    done = export(with_copies, "csv", tmp_path / "s.csv")
    assert len(done.contradictions) == 1
    assert {line.split(":")[0] for line in done.contradictions[0]} == {"red/00.png", "red/z00.png"}
    with_copies.close()
    told = CliRunner().invoke(
        program,
        ["export", str(with_copies.folder), "--format", "csv", "--output", str(tmp_path / "t.csv")],
    )
    assert "copies of one image with different labels: red/00.png:" in told.stderr


def test_copies_of_held_out_images_are_exported_as_held_out(make, tmp_path):
    pool, test = fill(tmp_path / "pool", 4), fill(tmp_path / "test", 2, start=50)
    shutil.copy(test / "red" / "50.png", pool / "red" / "leak.png")
    project = make(pool, truth="folders", test=str(test))
    label_all(project)
    for choices in (Choices(held_out=True), Choices(held_out=True, shares=(0.8, 0.1, 0.1))):
        name = tmp_path / f"{choices.shares is None}.csv"
        export(project, "csv", name, choices)
        (leak,) = (row for row in read_rows(name) if row["path"] == "red/leak.png")
        assert leak["split"] == "test"


def test_a_labelled_copy_is_trained_on_instead_of_its_original(with_copies, tmp_path):
    finder, truth = with_copies.images.finder(), 3
    copy, original = (finder.find(f"red/{name}.png", tmp_path) for name in ("z00", "00"))
    assert (
        original in with_copies.images.candidates() and copy not in with_copies.images.candidates()
    )
    green = finder.find("green/00.png", tmp_path)
    with_copies.labels.assign({copy: truth, green: 2}, "anna")
    for offered in (
        with_copies.images.candidates(),
        with_copies.images.open(),
        with_copies.images.unlabelled(),
    ):
        assert original not in offered and copy not in offered
    data = training_set(with_copies)
    assert set((data.labelled + 1).tolist()) == {copy, green}
    with_copies.labels.assign({original: truth}, "anna")
    assert set((training_set(with_copies).labelled + 1).tolist()) == {original, green}
    with_copies.labels.undo("anna")
    with_copies.labels.undo("anna")
    assert original in with_copies.images.candidates()
    assert any("Exact copies of other images: 10" in str(note) for note in with_copies.import_notes)


# -- splits


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("train", "train"), ("Training", "train"), ("TRAIN ", "train"), ("train-set", "train"),
        ("test", "test"), ("Test", "test"), ("testing", "test"), ("test_set", "test"),
        ("val", "validation"), ("Valid", "validation"), ("dev", "validation"),
        ("validation", "validation"), ("", None), ("cat", None), ("fold 3", None),
    ],
)  # fmt: skip
def test_split_names_are_recognised_in_any_spelling(name, split):
    assert split_named(name) == split
    assert Item("a.png", "a", split=name).split == (split or name)


def table(folder: Path, test: str, column: str = "split") -> Path:
    fill(folder / "img", 6)
    lines = [f"path,label,{column}"]
    for colour in ("red", "green", "blue"):
        for number in range(6):
            split = test if number >= 4 else "train"
            lines.append(f"img/{colour}/{number:02d}.png,{colour},{split}")
    (folder / "t.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / "t.csv"


@pytest.mark.parametrize("format_name", [None, "csv"])
@pytest.mark.parametrize(
    ("written", "part"),
    [("test", "test"), ("Test", "test"), ("testing", "test"), ("val", "validation"),
     ("valid", "validation"), ("dev", "validation")],
)  # fmt: skip
def test_a_tables_split_column_holds_out(make, tmp_path, format_name, written, part):
    project = make(table(tmp_path, written), labels="csv", format=format_name)
    assert split_sizes(project) == {"pool": 12, part: 6}
    assert project.labels.counts()[0] == 12 and len(project.oracle.test_set()[0]) == 6
    assert any("6" in str(note) and "held out" in str(note) for note in project.import_notes)
    plain = make(tmp_path / "t.csv", "plain", labels="csv", format=format_name, splits=False)
    assert split_sizes(plain) == {"pool": 18}


def test_an_unknown_split_is_reported(make, tmp_path):
    for number, format_name in enumerate((None, "csv")):
        place = table(tmp_path / str(number), "fold 3")
        project = make(place, f"p{number}", labels="csv", format=format_name)
        assert split_sizes(project) == {"pool": 18}
        assert any("fold 3 (6)" in str(note) for note in project.import_notes)


def test_the_window_uses_the_split_column_of_a_table(qtbot, tmp_path):
    from labeller.window.dialogs.new_project_dialog import NewProjectDialog

    dialog = NewProjectDialog()
    qtbot.addWidget(dialog)
    dialog.images.setText(str(table(tmp_path, "val")))
    qtbot.waitUntil(lambda: "12 image(s)" in dialog.found.text() or "12 images" in
                    dialog.found.text(), timeout=10_000)  # fmt: skip
    assert dialog.splits.isHidden(), "unlabelled images cannot be held out"
    dialog.meanings["labels"].setChecked(True)
    assert not dialog.splits.isHidden() and "6 image" in dialog.splits.text()
    assert dialog.request().splits and dialog.request().labels == "csv"


@pytest.mark.parametrize("format_name", [None, "csv"])
def test_an_exported_table_can_be_imported_again(make, project, tmp_path, format_name):
    label_all(project)
    export(project, "csv", tmp_path / "away" / "own.csv", Choices(held_out=True))
    again = make(tmp_path / "away" / "own.csv", "again", labels="csv", format=format_name)
    assert (
        split_sizes(again) == {"pool": 36, "test": 9} and again.images.counts()["unreadable"] == 0
    )
    assert again.labels.counts()[0] == 36 and len(again.oracle.test_set()[0]) == 9


# -- spellings of classes


def test_unicode_forms_of_one_name_are_merged_with_a_note(make, tmp_path):
    for number, name in enumerate((*LOEWE, "Hund")):
        (tmp_path / "img" / name).mkdir(parents=True)
        draw("red", number).save(tmp_path / "img" / name / f"{number}.png")
    project = make(tmp_path / "img", labels="folders")
    assert [c.name for c in project.classes.all()] == ["Hund", LOEWE[0]]
    said = [str(note) for note in project.import_notes if "one class" in str(note)]
    assert len(said) == 1 and "Lo\\u0308we" in said[0] and "L\\xf6we" in said[0]
    export(project, "imagefolder", tmp_path / "out")
    assert sorted(p.name for p in (tmp_path / "out").iterdir() if p.is_dir()) == ["Hund", LOEWE[0]]


def test_a_trailing_space_makes_no_other_class(make, tmp_path):
    for number, name in enumerate(("Hund", "Hund ", "Katze")):
        (tmp_path / "img" / name).mkdir(parents=True)
        draw("red", number).save(tmp_path / "img" / name / f"{number}.png")
    project = make(tmp_path / "img", labels="folders")
    assert [c.name for c in project.classes.all()] == ["Hund", "Katze"]
    assert any("'Hund', 'Hund '" in str(note) for note in project.import_notes)


def test_tables_and_python_accept_either_unicode_form(make, tmp_path):
    project = make(fill(tmp_path / "img", 2), classes=("Löwe", "Hund"))
    (tmp_path / "t.csv").write_text(f"path,label\nred/00.png,{LOEWE[1]}\n", encoding="utf-8")
    assert import_labels(project, tmp_path / "t.csv", "anna").count == 1
    (tmp_path / "n.csv").write_text("path,label\nred/01.png,Wo\u0308lfe \n", encoding="utf-8")
    import_labels(project, tmp_path / "n.csv", "anna", options=ImportOptions(new_classes=True))
    assert [c.name for c in project.classes.all()] == ["Löwe", "Hund", "Wölfe"]
    extra = tmp_path / "more" / LOEWE[1]
    extra.mkdir(parents=True)
    draw("blue", 77).save(extra / "1.png")
    draw("blue", 78).save(tmp_path / "more" / "2.png")
    project.close()
    add_images(project.folder, Request(str(tmp_path / "more"), labels="folders"))
    with labeller.open(project.folder, writing=True) as opened:
        assert opened.classes() == ["Löwe", "Hund", "Wölfe"]
        assert opened.label({"green/00.png": LOEWE[1]}, "anna") == 1


# -- other programs


def test_cancelled_label_studio_annotations_are_skips(make, tmp_path):
    project = make(fill(tmp_path / "img", 2), classes=("red", "green"))
    choice = {"type": "choices", "value": {"choices": ["red"]}}
    tasks = [
        {"data": {"image": "red/00.png"}, "annotations": [
            {"result": [choice], "was_cancelled": True}]},
        {"data": {"image": "red/01.png"}, "annotations": [
            {"result": [choice], "was_cancelled": False}]},
    ]  # fmt: skip
    (tmp_path / "tasks.json").write_text(json.dumps(tasks))
    import_labels(project, tmp_path / "tasks.json", "anna")
    assert project.labels.counts() == (1, 1)


def test_label_studio_uploads_are_found_without_their_name_prefix(make, tmp_path):
    images = fill(tmp_path / "img", 2)
    draw("red", 5).save(images / "red" / "0a0a0a0a-own.png")
    draw("red", 6).save(images / "red" / "twice.png")
    draw("red", 7).save(images / "green" / "twice.png")
    project = make(images, classes=("red", "green"))

    def write_task(name: str) -> Path:
        task = {"data": {"image": f"/data/upload/1/{name}"}, "annotations": [
            {"result": [{"type": "choices", "value": {"choices": ["red"]}}]}]}  # fmt: skip
        (tmp_path / "u.json").write_text(json.dumps([task]))
        return tmp_path / "u.json"

    shutil.copy(images / "red" / "01.png", images / "red" / "only.png")
    import_labels(project, write_task("0a0a0a0a-own.png"), "anna")
    own = project.images.finder().find("red/0a0a0a0a-own.png", tmp_path)
    assert project.labels.current([own]), "an image that really has this name"
    with pytest.raises(LabellerError, match="1a2b3c4d-twice"):
        import_labels(project, write_task("1a2b3c4d-twice.png"), "anna")
    again = make(images, "again", classes=("red", "green"))
    import_labels(again, write_task("1a2b3c4d-only.png"), "anna")
    assert again.labels.counts()[0] == 1


def test_images_with_the_same_stem_keep_their_labels(make, tmp_path):
    for name, colour in (("a/1.jpg", "red"), ("a/1.png", "green"), ("b/1.png", "blue")):
        (tmp_path / "img" / name).parent.mkdir(parents=True, exist_ok=True)
        draw(colour, 1).save(tmp_path / "img" / name)
    project = make(tmp_path / "img", classes=("red", "green", "blue"))
    finder = project.images.finder()
    meant = {"a/1.jpg": 1, "a/1.png": 2, "b/1.png": 3}
    project.labels.assign({finder.find(n, tmp_path): c for n, c in meant.items()}, "anna")
    export(project, "datumaro", tmp_path / "d")
    items = list(datumaro.Dataset.import_from(str(tmp_path / "d"), "datumaro"))
    assert len(items) == 3 and sorted(i.annotations[0].label for i in items) == [0, 1, 2]
    export(project, "cvat", tmp_path / "c.zip")
    shutil.unpack_archive(tmp_path / "c.zip", tmp_path / "c")
    found = datumaro.Dataset.import_from(str(tmp_path / "c"), "imagenet_txt")
    assert {i.id: [a.label for a in i.annotations] for i in found} == {
        "a/1": [0], "a/1.png": [1], "b/1": [2],
    }  # fmt: skip
    for place in ("d", "c.zip"):
        again = make(tmp_path / "img", f"again {place}", classes=("red", "green", "blue"))
        import_labels(again, tmp_path / place, "anna")
        labels = again.labels.current(list(range(1, 4)))
        paths = {i.path: labels[i.id].class_id for i in again.images.get(list(labels))}
        assert paths == meant


# -- folders that are not classes


@pytest.mark.parametrize("name", ["unsorted", "Unlabeled", "_unknown", "TODO", "to-do"])
def test_a_folder_of_unsorted_images_can_be_left_unlabelled(make, tmp_path, name):
    images = fill(tmp_path / "img", 2)
    (images / name).mkdir()
    draw("red", 9).save(images / name / "x.png")
    project = make(images, labels="folders")
    assert len(project.classes.all()) == 4
    assert any(f"“{name}” was treated as a class of 1" in str(n) for n in project.import_notes)
    left = make(images, "left", labels="folders", unsorted=(name,))
    assert len(left.classes.all()) == 3 and left.labels.counts()[0] == 6
    assert len(left.images.open()) == 1
    with pytest.raises(LabellerError, match="There is no 'misc' here"):
        make(images, "bad", labels="folders", unsorted=("misc",))


def test_the_window_asks_about_a_folder_of_unsorted_images(qtbot, tmp_path):
    from labeller.window.dialogs.new_project_dialog import NewProjectDialog

    images = fill(tmp_path / "img", 2)
    (images / "unsorted").mkdir()
    draw("red", 9).save(images / "unsorted" / "x.png")
    dialog = NewProjectDialog()
    qtbot.addWidget(dialog)
    dialog.images.setText(str(images))
    qtbot.waitUntil(lambda: "unsorted" in dialog.found.text(), timeout=10_000)
    dialog.meanings["labels"].setChecked(True)
    assert not dialog.unsorted.isHidden() and "“unsorted”" in dialog.unsorted.text()
    assert dialog.request().unsorted == ("unsorted",)
    dialog.unsorted.setChecked(False)
    assert dialog.request().unsorted == ()
    dialog.meanings[None].setChecked(True)
    assert dialog.request().unsorted == (), "folder names are not used"


# -- likely mistakes


@pytest.mark.usefixtures("frozen")
def test_likely_mistakes_are_found_among_the_current_labels(make, tmp_path):
    project = make(fill(tmp_path / "img", 12), truth="folders")
    labels = project.oracle.reveal(project.images.candidates().tolist())
    wrong = sorted(labels)[3::14]
    given = {i: 1 + c % 3 if i in wrong else c for i, c in labels.items()}
    project.labels.assign(given, "anna")
    found = find("mistakes", project, list(labels))
    assert sorted(list(found)[: len(wrong)]) == sorted(wrong)
    assert all(found[i] == labels[i] for i in wrong), (
        "predicted by a model trained without that label"
    )
    assert wrong[0] not in find("mistakes", project, [i for i in labels if i != wrong[0]])
    project.labels.assign({wrong[1]: 1 + labels[wrong[1]] % 3}, "ben")  # reviewed and confirmed
    assert wrong[1] not in find("mistakes", project, list(labels))
    rounds.train_round(project, Method())  # a model trained on all of them changes nothing
    assert wrong[0] in find("mistakes", project, list(labels))


# -- other misinterpretations


def test_an_annotation_takes_precedence_over_a_skip(make, tmp_path):
    project = make(fill(tmp_path / "img", 2), classes=("red", "green"))
    choice = {"type": "choices", "value": {"choices": ["red"]}}
    answers = [{"result": [choice]}, {"result": [], "was_cancelled": True}]
    for order in (answers, answers[::-1]):
        task = {"data": {"image": "red/00.png"}, "annotations": order}
        (tmp_path / "tasks.json").write_text(json.dumps([task]))
        import_labels(project, tmp_path / "tasks.json", "anna")
        assert project.labels.counts() == (1, 0)


def test_an_image_with_a_doubled_suffix_is_refused_by_cvat_export(make, tmp_path):
    (tmp_path / "img").mkdir()
    for number, name in enumerate(("cat.png", "cat.jpg.jpg", "cat.jpg")):
        draw("red", number).save(tmp_path / "img" / name)
    project = make(tmp_path / "img", classes=("cat", "dog"))
    finder = project.images.finder()
    labels = {"cat.png": 2, "cat.jpg.jpg": 1}
    project.labels.assign({finder.find(n, tmp_path): c for n, c in labels.items()}, "anna")
    with pytest.raises(LabellerError, match=r"cat\.jpg\.jpg"):
        export(project, "cvat", tmp_path / "c.zip")


def test_an_image_listed_twice_needs_one_label(make, tmp_path):
    fill(tmp_path / "img", 2)
    line = '{"path": "img/red/00.png", "label": "%s"}'
    (tmp_path / "a.jsonl").write_text("\n".join([line % "red", line % "green"]) + "\n")
    with pytest.raises(LabellerError, match="another label above"):
        make(tmp_path / "a.jsonl", "a", labels="csv", format="jsonl")
    other = '{"path": "img/green/00.png", "label": "green"}'
    (tmp_path / "b.jsonl").write_text("\n".join([line % "red", line % "red", other]) + "\n")
    project = make(tmp_path / "b.jsonl", "b", labels="csv", format="jsonl")
    assert project.images.count() == 2 and project.labels.counts()[0] == 2


def test_merged_classes_are_followed_and_archived_ones_refused(make, tmp_path):
    from dataclasses import replace

    from labeller.project.curation import merge_classes

    pool, test = fill(tmp_path / "pool", 3), fill(tmp_path / "test", 2, start=50)
    project = make(pool, truth="folders", test=str(test))
    ids = project.classes.ids_by_name()
    merge_classes(project, ids["red"], ids["green"], "anna")
    merge_classes(project, ids["green"], ids["blue"], "anna")
    project.classes.add(["x"])
    images = project.images.candidates()[:2].tolist()
    project.labels.assign(dict(zip(images, (ids["blue"], 4), strict=True)), "anna")
    export(project, "coco", tmp_path / "c.json", Choices(held_out=True))
    export(project, "csv", tmp_path / "c.csv", Choices(held_out=True))
    assert {row["label"] for row in read_rows(tmp_path / "c.csv")} == {"blue", "x"}
    last = project.classes.all()[-1]
    project.classes.change(replace(last, archived=True))
    (tmp_path / "t.csv").write_text("path,label\nred/02.png,x\n")
    with pytest.raises(LabellerError, match="'x' is archived"):
        import_labels(project, tmp_path / "t.csv", "anna", options=ImportOptions(new_classes=True))
