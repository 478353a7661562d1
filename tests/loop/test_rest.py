"""A model labels the rest: separate from people's labels, above a precision, undone in one step."""

import csv

import numpy as np
import pytest
from click.testing import CliRunner

from labeller.care.recovery import restore
from labeller.cli.main import program
from labeller.core.errors import LabellerError
from labeller.learning.recipe import recipe_named
from labeller.loop import rounds
from labeller.loop.method import Method
from labeller.loop.pool_prediction import label_rest, most_confident, weigh_rest
from labeller.loop.training_data import training_set
from labeller.project.exporting import export
from labeller.project.importing import import_labels
from labeller.project.project import DATABASE, Project
from labeller.store.predictions import ModelLabel
from labeller.store.review import Question
from tests.frozen_encoder import frozen  # noqa: F401

QUICK = recipe_named("quick", epochs=1, steps_per_epoch=2, batch_size=8, queue_size=32)
NETWORK = Method(QUICK, device="cpu", learner="mobyv2al")
pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def trained(project, monkeypatch) -> Project:
    monkeypatch.setattr(
        "labeller.learning.logistic.TEMPERATURES", (5.0, 9.0)
    )  # not all with certainty
    rounds.label_by_oracle(project, rounds.begin(project, 6))
    rounds.train_round(project, Method())
    return project


@pytest.mark.parametrize(
    ("confidences", "share", "count"),
    [
        ([0.99, 0.97, 0.9], 0.95, 3),  # the mean counts, not each value
        ([0.99, 0.95, 0.8], 0.95, 2),
        ([0.9, 0.9], 0.95, 0),
        ([0.95, 0.95], 0.95, 2),
        ([1.0, 1.0, 0.45], 0.5, 2),  # more likely wrong than right
        ([], 0.95, 0),
    ],
)
def test_most_confident_keeps_the_expected_share_correct(confidences, share, count):
    assert most_confident(np.array(confidences), share) == count


def test_model_labels_are_separate_from_peoples_labels(trained):
    before = trained.labels.counts()
    data = training_set(trained)
    count, left = label_rest(trained, 0.5, "anna")
    assert (count, left) == (30, 0) == (trained.model_labels.count(), left)
    assert trained.labels.counts() == before, "people's labels are unchanged"
    after = training_set(trained)
    assert len(after.labelled) == len(data.labelled) == 6
    assert len(trained.images.candidates()) == 30, "they can still be chosen"
    truth = trained.oracle.reveal(list(trained.model_labels.all()))
    right = [one.class_id == truth[i] for i, one in trained.model_labels.all().items()]
    assert sum(right) >= 28


def test_one_undo_removes_all_model_labels_and_redo_restores_them(trained):
    label_rest(trained, 0.5, "anna")
    first = trained.model_labels.all()
    label_rest(trained, 0.99, "anna")
    second = trained.model_labels.all()
    assert len(second) < len(first)
    trained.labels.undo("anna")
    assert trained.model_labels.all() == first
    trained.labels.undo("anna")
    assert trained.model_labels.all() == {}
    trained.labels.redo("anna")
    trained.labels.redo("anna")
    assert trained.model_labels.all() == second
    assert trained.labels.log_problems() == [] and trained.integrity_problems() == []


def test_a_persons_action_overrides_the_model_label(trained):
    label_rest(trained, 0.5, "anna")
    image = next(iter(trained.model_labels.all()))
    trained.labels.skip([image], "anna")
    assert image not in trained.model_labels.all()
    assert trained.model_labels.of([image]) == {}
    trained.labels.undo("anna")
    assert trained.model_labels.of([image]) == {image: trained.model_labels.all()[image]}


def test_model_labels_are_exported_as_such_and_not_imported(trained, tmp_path):
    label_rest(trained, 0.5, "anna")
    done = export(trained, "csv", tmp_path / "labels.csv")
    assert (done.labels, done.by_model) == (36, 30)
    with (tmp_path / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["source"] for row in rows] == ["oracle"] * 6 + ["model"] * 30
    shares = [float(row["confidence"]) for row in rows[6:]]
    assert all(row["confidence"] == "" for row in rows[:6]) and all(0.5 <= s <= 1 for s in shares)
    imported = import_labels(trained, tmp_path / "labels.csv", "ben")
    assert (imported.unchanged, imported.count, imported.of_models) == (6, 0, 30)
    assert trained.labels.counts() == (6, 0)


def test_model_labels_are_reviewed_by_confidence(trained):
    label_rest(trained, 0.5, "anna")
    known = trained.model_labels.all()
    found = trained.review.find(Question(state="model", order="unsure")).tolist()
    assert sorted(found) == sorted(known)
    shares = [known[i].confidence for i in found]
    assert shares == sorted(shares)
    assert trained.review.find(Question(state="model", order="sure"), 3).tolist() == found[:-4:-1]
    assert len(trained.review.find(Question(state="model", annotator="anna"))) == 0


def test_model_labels_are_recovered_from_the_journal(trained):
    label_rest(trained, 0.5, "anna")
    known, folder = trained.model_labels.all(), trained.folder
    backup = next((folder / "backups").glob("*.sqlite")).name
    trained.close()
    restore(folder, backup)
    with Project(folder) as again:
        assert again.model_labels.all() == known
        assert all(isinstance(one, ModelLabel) for one in known.values())
    assert (folder / DATABASE).is_file()


def test_models_with_uncalibrated_confidences_label_nothing(project):
    with pytest.raises(LabellerError, match="no trained model"):
        label_rest(project, 0.95, "anna")
    rounds.label_by_oracle(project, rounds.begin(project, 6, Method(strategy="random")))
    rounds.train_round(project, NETWORK)
    with pytest.raises(
        LabellerError, match="Only the confidences of models on a pretrained encoder are"
    ):
        label_rest(project, 0.95, "anna")
    assert project.model_labels.count() == 0


def test_the_label_rest_command(trained):
    folder = trained.folder
    expected = most_confident(weigh_rest(trained).confidences, 0.6)
    assert expected > 5
    trained.close()
    done = CliRunner().invoke(program, ["label-rest", str(folder), "--precision", "0.6"])
    assert done.exit_code == 0, done.output
    assert f"{expected} images labelled by the model, {30 - expected} left open" in done.output
    told = CliRunner().invoke(program, ["status", str(folder)])
    assert f"by the model  {expected}" in told.output
    wrong = CliRunner().invoke(program, ["label-rest", str(folder), "--precision", "2"])
    assert wrong.exit_code == 2
