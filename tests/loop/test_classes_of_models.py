"""A model keeps the classes it was trained for, even if the project's classes change."""

import csv
import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import onnxruntime
import pytest
from click.testing import CliRunner

import labeller
from labeller.cli.main import program
from labeller.core.errors import LabellerError
from labeller.core.run import Progress, Run
from labeller.learning.frozen_features import views
from labeller.loop import live, rounds
from labeller.loop.audit import begin_audit
from labeller.loop.estimates import summary
from labeller.loop.external_prediction import predict_images
from labeller.loop.method import Method
from labeller.loop.model_files import export_model
from labeller.loop.pool_prediction import label_rest, weigh_rest, write_rest
from labeller.loop.predicting import CurrentClasses, likeliest, model_of, taught_places
from labeller.loop.suggestion_requests import SuggestionRequests
from labeller.pool.decode import decode
from labeller.project.curation import merge_classes
from tests.conftest import fill
from tests.frozen_encoder import frozen  # noqa: F401
from tests.loop.test_rounds import FAST

pytestmark = pytest.mark.usefixtures("frozen")


def images_of(project, colour: str) -> list[int]:
    return [i.id for i in project.images.get(project.images.candidates().tolist())
            if i.path.startswith(colour)]  # fmt: skip


def rename(project, old: str, new: str) -> None:
    (found,) = (c for c in project.classes.all() if c.name == old)
    project.classes.change(replace(found, name=new))


@pytest.fixture
def two_classes(make, tmp_path):
    """Red, green and blue images, with a model for the classes red and green."""
    project = make(fill(tmp_path / "images", 10), classes=("red", "green"))
    for place, colour in enumerate(("red", "green"), start=1):
        project.labels.assign(dict.fromkeys(images_of(project, colour)[:5], place), "anna")
    rounds.train_round(project, Method())
    return project


def read_table(path) -> dict[str, str]:
    with path.open(newline="") as file:
        return {row["path"]: row["label"] for row in csv.DictReader(file)}


def count_right(project, table: dict[str, str], names=None) -> int:
    names = names or {}
    return sum(label == names.get(path.split("/")[0], path.split("/")[0])
               for path, label in table.items())  # fmt: skip


def add_blue(project) -> None:
    project.classes.add(["blue"])
    project.labels.assign(dict.fromkeys(images_of(project, "blue")[:4], 3), "anna")


def test_a_new_class_is_trained_before_the_model_predicts(two_classes, tmp_path):
    before = summary(two_classes)["estimate"]
    assert before is None or before["labelled"] == 10
    add_blue(two_classes)
    assert two_classes.untaught([1, 2]) == ["blue"] and two_classes.status().test_accuracy is None
    assert summary(two_classes)["estimate"] is None, "the estimate was for two classes"
    count, _ = label_rest(two_classes, 0.5, "anna")
    labels = {
        two_classes.images.get([i])[0].path: m.class_id
        for i, m in two_classes.model_labels.all().items()
    }
    names = {c.id: c.name for c in two_classes.classes.all()}
    assert count == 16 and all(path.startswith(names[c]) for path, c in labels.items())
    write_rest(two_classes, tmp_path / "rest.csv")
    predict_images(two_classes, tmp_path / "images", tmp_path / "all.csv", "cpu")
    for table in ("rest.csv", "all.csv"):
        found = read_table(tmp_path / table)
        assert count_right(two_classes, found) == len(found) and "blue" in found.values()
    export_model(two_classes, "onnx", tmp_path / "m.onnx")
    assert json.loads((tmp_path / "m.json").read_text())["classes"] == ["red", "green", "blue"]
    assert rounds.train_round(two_classes, Method()).classes == {1: "red", 2: "green", 3: "blue"}


def test_a_network_refuses_to_predict_without_a_class(two_classes, tmp_path):
    rounds.train_round(two_classes, FAST)
    add_blue(two_classes)
    for ask in (
        lambda: weigh_rest(two_classes),
        lambda: write_rest(two_classes, tmp_path / "rest.csv"),
        lambda: predict_images(two_classes, tmp_path / "images", tmp_path / "all.csv", "cpu"),
        lambda: export_model(two_classes, "onnx", tmp_path / "m.onnx"),
    ):
        with pytest.raises(LabellerError, match=r"never seen the class 'blue'.*Train again"):
            ask()


def test_commands_and_python_drop_the_outdated_estimate(two_classes):
    add_blue(two_classes)
    folder = two_classes.folder
    two_classes.close()
    found = json.loads(CliRunner().invoke(program, ["status", str(folder), "--json"]).stdout)
    assert found["estimate"] is None and found["test_accuracy"] is None
    with labeller.open(folder) as project:
        assert project.model()["accuracy"] is None


def test_renamed_and_swapped_classes_are_followed(two_classes, tmp_path):
    rename(two_classes, "green", "verde")
    write_rest(two_classes, tmp_path / "1.csv")
    found = read_table(tmp_path / "1.csv")
    assert len(found) == 20 and not {"green"} & set(found.values())
    assert count_right(two_classes, {p: c for p, c in found.items() if p.startswith("green")},
                 {"green": "verde"}) == 5  # fmt: skip
    rename(two_classes, "red", "x")
    rename(two_classes, "verde", "red")
    rename(two_classes, "x", "green")
    assert label_rest(two_classes, 0.5, "anna")[0] == 20
    labels = {
        two_classes.images.get([i])[0].path: m.class_id
        for i, m in two_classes.model_labels.all().items()
    }
    assert all(c == 1 for path, c in labels.items() if path.startswith("red"))
    export_model(two_classes, "onnx", tmp_path / "m.onnx")
    assert json.loads((tmp_path / "m.json").read_text())["classes"] == ["green", "red"]


@pytest.mark.parametrize("method", [Method(learner="frozen"), FAST], ids=["frozen", "network"])
def test_predictions_follow_merged_and_archived_classes(make, tmp_path, method):
    project = make(fill(tmp_path / "images", 8), truth="folders", classes=("red", "green", "blue"))
    rounds.label_by_oracle(project, rounds.begin(project, 12, Method(strategy="random")))
    rounds.train_round(project, method)
    merge_classes(project, 3, 1, "anna")
    answers = weigh_rest(project)
    assert len(answers.image_ids) == 12 and set(answers.class_ids.tolist()) <= {1, 2}
    export_model(project, "onnx", tmp_path / "m.onnx")
    assert json.loads((tmp_path / "m.json").read_text())["classes"] == ["red", "green"]
    graph = onnxruntime.InferenceSession(tmp_path / "m.onnx")
    side = graph.get_inputs()[0].shape[2]
    pixels = np.stack([views(decode((tmp_path / "images" / "red" / "00.png").read_bytes(), side)
                             .picture, side)[:1]])  # fmt: skip
    probabilities = graph.run(None, {"pixels": pixels})[0]
    assert probabilities.shape == (1, 2) and np.allclose(probabilities.sum(), 1, atol=1e-5)
    project.labels.undo("anna")
    project.classes.change(replace(project.classes.all()[1], archived=True))
    assert set(weigh_rest(project).class_ids.tolist()) <= {1, 3}


def test_probabilities_of_merged_classes_add_up_and_archived_ones_are_redistributed(project):
    rounds.label_by_oracle(project, rounds.begin(project, 9, Method(strategy="random")))
    model = model_of(project, rounds.train_round(project, FAST), "cpu")
    assert CurrentClasses.of(project, model).counts_as is None
    project.classes.order([3, 1, 2])
    assert CurrentClasses.of(project, model) == CurrentClasses((1, 2, 3), None), (
        "reordering changes no class"
    )
    merge_classes(project, 3, 2, "anna")
    import torch

    probabilities = CurrentClasses.of(project, model).probabilities(torch.tensor([[0.2, 0.3, 0.5]]))
    assert torch.allclose(probabilities, torch.tensor([[0.2, 0.8]]))
    project.classes.change(replace(project.classes.all()[0], archived=True))
    merged = CurrentClasses.of(project, model)
    assert len(merged.class_ids) == 1
    assert torch.allclose(merged.probabilities(torch.tensor([[0.2, 0.3, 0.5]])), torch.ones(1, 1))


# -- changes during training


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.classes.order([3, 1, 2]),
        lambda p: p.classes.add(["violet"]),
        lambda p: rename(p, "blue", "azure"),
    ],
    ids=["order", "add", "rename"],
)
def test_class_changes_during_training_cause_no_mix_up(project, change):
    truth = project.oracle.reveal(project.images.candidates().tolist())
    for colour in (1, 2, 3):
        own = [i for i, c in truth.items() if c == colour][:4]
        project.labels.assign(dict.fromkeys(own, colour), "anna")
    changed = []

    def in_between(progress: Progress) -> None:
        if progress.stage == "Training" and not changed:
            changed.append(True)
            change(project)

    trained = rounds.learn(project, Method(learner="frozen"), Run(report=in_between))
    assert changed and trained.run.test_accuracy == 1.0
    rounds.select(project, 6, Method(), keep_suggestions=True, model=trained.model)
    found = project.suggestions.of(list(truth))
    assert found and all(one.class_id == truth[i] for i, one in found.items())
    answers = weigh_rest(project)
    assert all(truth[i] == c for i, c in zip(answers.image_ids.tolist(),
               answers.class_ids.tolist(), strict=True))  # fmt: skip


def test_a_class_archived_during_training_is_not_suggested(project):
    truth = project.oracle.reveal(project.images.candidates().tolist())
    for colour in (1, 2, 3):
        own = [i for i, c in truth.items() if c == colour][:4]
        project.labels.assign(dict.fromkeys(own, colour), "anna")

    def archive(progress: Progress) -> None:
        if progress.stage == "Training" and not project.classes.all()[0].archived:
            first = next(c for c in project.classes.all(archived=True) if c.id == 1)
            if not first.archived:
                project.classes.change(replace(first, archived=True))

    trained = rounds.learn(project, Method(), Run(report=archive))
    rounds.select(project, 6, Method(), keep_suggestions=True, model=trained.model)
    found = project.suggestions.of(list(truth))
    assert found and {one.class_id for one in found.values()} == {2, 3}
    begin_audit(project, 1, 5)


def test_suggestions_follow_merged_classes_and_drop_archived_ones(project):
    run = project.runs.start({}, "mean-colours", "cpu", 0, 0)
    project.suggestions.replace(run, [(1, 1, 0.9), (2, 2, 0.9), (3, 3, 0.9)])
    merge_classes(project, 1, 2, "anna")
    project.classes.change(replace(project.classes.all()[1], archived=True))
    assert {i: s.class_id for i, s in project.suggestions.of([1, 2, 3]).items()} == {
        1: 2,
        2: 2,
    }


def test_predictions_are_refused_if_classes_changed_meanwhile(two_classes):
    answers = weigh_rest(two_classes)
    two_classes.classes.add(["blue", "grey"])
    two_classes.classes.change(replace(two_classes.classes.all()[0], archived=True))
    with pytest.raises(LabellerError, match="classes have changed"):
        two_classes.labels.let_model_label(answers.rows(20), "anna")
    assert not two_classes.model_labels.all()


# -- the live head


def suggesting(project, images):
    found = live._Live(project, Method(encoder="mean-colours", device="cpu"), Run())
    return found, lambda: found.suggest(tuple(images))


def test_a_live_head_follows_class_changes_and_undone_labels(project):
    truth = project.oracle.reveal(project.images.candidates().tolist())
    by_class = {c: [i for i, own in truth.items() if own == c] for c in (1, 2, 3)}
    rest = [i for images in by_class.values() for i in images[4:]]
    _, suggest = suggesting(project, rest)
    for class_id, images in by_class.items():
        project.labels.assign(dict.fromkeys(images[:4], class_id), "anna")
    assert suggest()
    project.classes.order([2, 3, 1])
    project.classes.add(["violet"])
    assert suggest()
    assert all(s.class_id == truth[i] for i, s in project.suggestions.of(rest).items())
    project.classes.change(replace(project.classes.all()[-1], archived=True))
    assert suggest()
    for _ in range(3):
        project.labels.undo("anna")
    assert suggest() and not project.suggestions.of(rest), "their labels were undone"
    assert not suggest()


def test_a_live_head_does_not_suggest_for_labelled_images(project):
    truth = project.oracle.reveal(project.images.candidates().tolist())
    images = list(truth)
    _, suggest = suggesting(project, images[:10])
    project.labels.assign({i: truth[i] for i in (*images[:3], *images[10:])}, "anna")
    assert suggest()
    assert not set(project.suggestions.of(images)) & set(images[:3])
    assert set(project.suggestions.of(images)) == set(images[3:10])


def test_live_suggestions_retry_after_errors(project, monkeypatch):
    truth = project.oracle.reveal(project.images.candidates().tolist())
    project.labels.assign(dict(list(truth.items())[:20]), "anna")
    requests, told, calls, suggested = SuggestionRequests(), [], [], []
    monkeypatch.setattr(live, "AFTER_ERROR", 0.0)
    suggest = live._Live.suggest

    def full(self, images):
        calls.append(images)
        if len(calls) < 4:
            raise OSError(28, "No space left on device")
        return suggest(self, images)

    monkeypatch.setattr(live._Live, "suggest", full)
    requests.want(tuple(list(truth)[20:]))
    live.keep_suggesting(
        project.folder, requests, Run(should_stop=lambda: bool(suggested)),
        lambda: suggested.append(True), told.append,
    )  # fmt: skip
    assert (
        len(calls) == 4
        and suggested
        and [str(e) for e in told] == ["[Errno 28] No space left on device"]
    )


def test_imported_predictions_do_not_count_as_prior(project):
    imported = project.runs.imported(2)
    own = project.runs.live("mean-colours", 3)
    project.suggestions.update(imported, [(1, 1, 0.9)])
    project.suggestions.update(own, [(2, 1, 0.9)])
    project.labels.assign({1: 2}, "anna")
    project.labels.assign({2: 2}, "anna")
    assert project.prior_predictions.of([1, 2]) == {2: 1}, (
        "another program's model may have been trained on it"
    )


def test_classes_of_earlier_runs_are_reconstructed_from_the_log(project):
    """As `m013` derives it from the log."""
    from labeller.store.schema import _classes_at

    first = project._db.execute("SELECT max(at) FROM action").fetchone()[0]
    rename(project, "blue", "azure")
    merge_classes(project, 3, 2, "anna")
    project.classes.add(["violet"])
    now = project._db.execute("SELECT max(at) FROM action").fetchone()[0]
    assert _classes_at(project._db, first) == {1: "blue", 2: "green", 3: "red"}
    assert _classes_at(project._db, now) == {1: "azure", 2: "green", 4: "violet"}


def test_a_class_without_labels_at_training_counts_as_unseen(make, tmp_path):
    project = make(fill(tmp_path / "images", 10), classes=("red", "green", "blue"))
    for place, colour in enumerate(("red", "green"), start=1):
        project.labels.assign(dict.fromkeys(images_of(project, colour)[:5], place), "anna")
    run = rounds.train_round(project, Method())
    assert run.classes == {1: "red", 2: "green"} and not project.is_outdated(run)
    project.labels.assign(dict.fromkeys(images_of(project, "blue")[:4], 3), "anna")
    assert project.is_outdated(run)
    label_rest(project, 0.5, "anna")
    labels = project.model_labels.all()
    paths = {i.id: i.path for i in project.images.get(list(labels))}
    names = {c.id: c.name for c in project.classes.all()}
    assert labels and all(paths[i].startswith(names[m.class_id]) for i, m in labels.items())


def test_a_class_without_labels_is_never_the_likeliest(project):
    import torch

    run = SimpleNamespace(classes={1: "blue", 3: "red"})
    present = CurrentClasses((1, 2, 3), None)
    probabilities = torch.tensor([[0.1, 0.7, 0.2], [0.3, 0.5, 0.2]])
    places, values = likeliest(probabilities, taught_places(project, run, present))
    assert places.tolist() == [2, 0] and values.tolist() == pytest.approx([0.2, 0.3])
    project.labels.assign({1: 2}, "anna")
    assert likeliest(probabilities, taught_places(project, run, present))[0].tolist() == [1, 1]
    project.labels.undo("anna")
    nothing = SimpleNamespace(classes={})
    assert likeliest(probabilities, taught_places(project, nothing, present))[0].tolist() == [1, 1]
