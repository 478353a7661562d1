"""Rounds with the default frozen learner, from the first batch to suggestions."""

import csv
import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

from labeller.cli.main import program
from labeller.core.run import Run
from labeller.experiments.plan import Plan
from labeller.experiments.simulation import simulate
from labeller.learning.checkpoint import load_model, save_model
from labeller.learning.frozen_features import FrozenFeatures
from labeller.loop import live, predicting, rounds
from labeller.loop.method import Method
from labeller.loop.round_settings import RoundSettings, round_settings
from labeller.loop.training_data import pool_of, rows_of
from labeller.project.project import Project
from tests.frozen_encoder import frozen  # noqa: F401

pytestmark = pytest.mark.usefixtures("frozen")


def test_a_round_from_cluster_centres_to_an_accurate_model(project):
    first = rounds.begin(project, 6)
    assert first.strategy == "centres"
    truth = project.oracle.reveal(first.image_ids)
    assert len(set(truth.values())) == 3, "a typical image of each colour"
    rounds.label_by_oracle(project, first)
    trained = rounds.learn(project, Method())
    assert trained.run.test_accuracy == 1.0 and trained.run.encoder == "mean-colours"
    chosen = rounds.select(project, 5, Method(), keep_suggestions=True)
    assert chosen.strategy == "weighted-coreset" and len(set(chosen.image_ids)) == 5
    said = project.suggestions.of(chosen.image_ids)
    assert {i: s.class_id for i, s in said.items()} == project.oracle.reveal(chosen.image_ids)


def test_the_stored_model_predicts_the_same(project):
    rounds.label_by_oracle(project, rounds.begin(project, 6))
    trained = rounds.learn(project, Method())
    kept = predicting.model_of(project, trained.run, "cpu")
    rows = torch.arange(20)
    ours, theirs = (model.probabilities(rows, Run()) for model in (trained.model, kept))
    assert torch.allclose(ours, theirs, atol=1e-6) and kept.class_ids == trained.model.class_ids


def test_the_first_batch_reads_only_part_of_the_pool(project):
    batch = rounds.begin(project, 4, most_read=10)
    read = FrozenFeatures("mean-colours", pool_of(project, "cpu")).store.all_known()
    assert len(read) == 10 and {i - 1 for i in batch.image_ids} <= set(read.tolist())


def test_the_first_batch_can_be_random(project):
    assert rounds.begin(project, 4, Method(strategy="random")).strategy == "random"


def test_simulations_with_frozen_features_are_reproducible(project, monkeypatch):
    plan = Plan(6, 4, 3, seeds=(1,))
    first, second = simulate(project, plan), simulate(project, plan)
    assert [c.selected for c in first.runs[0].cycles] == [c.selected for c in second.runs[0].cycles]
    assert first.runs[0].cycles[-1].test_accuracy == 1.0


def test_recipe_options_select_the_whole_network(project):
    project.close()
    command = ["simulate", str(project.folder), "--initial", "6", "--budget", "4", "--cycles", "1"]

    def options(*words) -> dict:
        done = CliRunner().invoke(program, [*command, "--json", *words])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)["plan"]

    assert options()["options"]["learner"] == "frozen"
    quick = ["--epochs", "1", "--steps-per-epoch", "1", "--batch-size", "8"]
    for words in (["--recipe", "quick", *quick], quick, ["--learner", "mobyv2al", *quick]):
        plan = options(*words)
        assert "learner" not in plan["options"] and plan["strategy"] == "coreset"
    wrong = CliRunner().invoke(program, [*command, "--learner", "frozen", "--encoder", "vgg16"])
    assert wrong.exit_code == 1 and "no encoder 'vgg16'" in wrong.output
    vain = CliRunner().invoke(program, [*command, "--learner", "frozen", "--epochs", "3"])
    assert vain.exit_code == 1 and "does not apply to a pretrained encoder" in vain.output


def test_settings_of_earlier_versions_keep_their_learner(project):
    assert round_settings(project) == RoundSettings(
        Method(learner="frozen", encoder="mean-colours")
    )
    project.settings.set("rounds", {"strategy": "random", "encoder": "resnet18"})
    found = round_settings(project).method
    assert (found.learner, found.encoder, found.strategy) == ("mobyv2al", "resnet18", "random")


def test_the_programs_own_default_is_a_pretrained_encoder():
    code = (
        "from labeller.loop.method import Method; m = Method(); "
        "print(m.learner, m.encoder, m.strategy, Method(recipe='quick').strategy)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["mobyv2al", "efficientnet-lite0", "weighted-coreset", "coreset"]


def test_predict_writes_predictions_without_labelling(project, tmp_path, monkeypatch):
    monkeypatch.setattr("labeller.loop.pool_prediction.BLOCK", 7)
    monkeypatch.setattr(
        "labeller.learning.logistic.TEMPERATURES", (5.0, 9.0)
    )  # not all with certainty
    rounds.label_by_oracle(project, rounds.begin(project, 6))
    rounds.train_round(project, Method())
    project.labels.skip([project.rounds.newest().image_ids[0]], "anna")
    before = project.labels.counts()
    folder = project.folder
    project.close()
    output = tmp_path / "rest.csv"
    done = CliRunner().invoke(program, ["predict", str(folder), "--output", str(output)])
    assert done.exit_code == 0, done.output
    assert done.output.strip().endswith(f"30 of 30 images without a label written to {output}")
    with output.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(row["label"] == row["path"].split("/")[0] for row in rows), "folders are the truth"
    shares = [float(row["confidence"]) for row in rows]
    assert shares == sorted(shares, reverse=True) and len({row["path"] for row in rows}) == 30
    between = (shares[9] + shares[10]) / 2
    few = CliRunner().invoke(
        program,
        ["predict", str(folder), "--output", str(tmp_path / "few.csv"), "--least", str(between)],
    )
    assert "10 of 30" in few.output
    again = CliRunner().invoke(program, ["predict", str(folder), "--output", str(output)])
    assert again.exit_code == 1 and "already exists" in again.output
    with Project(folder) as opened:
        assert opened.labels.counts() == before


def test_predict_needs_a_model(project, tmp_path):
    project.close()
    done = CliRunner().invoke(
        program, ["predict", str(project.folder), "--output", str(tmp_path / "rest.csv")]
    )
    assert done.exit_code == 1 and "no trained model yet" in done.output


SAMPLE = Path(__file__).parents[1] / "samples" / "adapter-4.safetensors.gz"


def test_a_model_of_a_former_learner_predicts_as_before(project, tmp_path):
    path = tmp_path / "run-0001.safetensors"
    path.write_bytes(gzip.decompress(SAMPLE.read_bytes()))
    model, info = load_model(path, pool_of(project, "cpu"))
    rows = torch.arange(36)
    probabilities = model.probabilities(rows, Run())
    assert info.learner == "mobyv2al" and info.classes == ["blue", "green", "red"]
    assert probabilities.argmax(dim=1).tolist() == [row // 12 for row in range(36)]
    assert float(probabilities.max(dim=1).values.min()) > 0.999  # as when it was trained
    save_model(tmp_path / "again.safetensors", model, info)
    again, _ = load_model(tmp_path / "again.safetensors", pool_of(project, "cpu"))
    assert torch.equal(again.probabilities(rows, Run()), probabilities)


@pytest.mark.parametrize("former", ["adapter", "mixmatch"])
def test_a_project_with_a_former_learner_uses_its_replacement(project, former):
    project.settings.choose("rounds", {"learner": former, "strategy": "margin"})
    method = round_settings(project).method
    assert (method.learner, method.strategy) == ("mobyv2al", "margin")
    result = CliRunner().invoke(program, ["train", str(project.folder), "--learner", former])
    assert result.exit_code == 2 and "mobyv2al, frozen" in result.output.replace("'", "")


def count_read(project) -> int:
    features = FrozenFeatures("mean-colours", pool_of(project, "cpu"))
    return len(features.store.all_known())


def test_the_next_batch_does_not_wait_for_the_whole_pool(project):
    rounds.label_by_oracle(project, rounds.begin(project, 6, first="random"))
    trained = rounds.learn(project, Method(), deeper=False)
    assert count_read(project) == 6, "only the labelled images"
    assert trained.run.test_accuracy is None, "held-out images have not been read"
    frozen_features = trained.model.frozen
    some = rows_of(project.images.candidates()[:4])
    frozen_features.read(some, Run())
    chosen = rounds.select(project, 1, Method(), model=trained.model, reads_on=False)
    assert count_read(project) == 6 + 10, "ten candidates for one choice"
    chosen = rounds.select(project, 1, Method(), model=trained.model, reads_on=False)
    assert count_read(project) == 17, "one more replaces the chosen one"
    assert set(chosen.image_ids) <= set((frozen_features.store.all_known() + 1).tolist())
    rounds.select(project, 1, Method(), model=trained.model)
    assert count_read(project) == project.images.counts()["ready"]


def test_the_runtime_is_released_once_the_pool_is_read(project):
    reader = live._Live(project, Method(), Run())
    while reader.read_on():
        assert reader._features._compute is not None
    assert reader._features._compute is None
    assert count_read(project) >= project.images.counts()["ready"]
