"""A strategy with a companion module, a learner and a self-supervised method, each added in a few
lines from outside the package and available by name on the command line and in the window."""

import functools
import json
from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F
from click.testing import CliRunner
from labeller_models.encoder import Network
from PySide6.QtCore import Qt
from torch import nn

from labeller.cli.main import program
from labeller.core.errors import LabellerError
from labeller.learning.augment import WantedViews
from labeller.learning.learners import LEARNERS
from labeller.learning.model import TrainedModel
from labeller.learning.self_supervised import SELF_SUPERVISED, Outputs
from labeller.loop import method, rounds
from labeller.loop.round_settings import RoundSettings, keep_round_settings
from labeller.project.project import Project
from labeller.selection.strategies import STRATEGIES, ByScore, Companion
from labeller.window.learning.plots import EpochCurves
from tests.loop.test_rounds import FAST
from tests.window.conftest import english, person, quick_training, window  # noqa: F401

K = Qt.Key


class LossGuess(nn.Module):
    """Predicts the loss of an image from its features."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.line = nn.Linear(dim, 1)

    def loss(self, features, losses):
        return F.mse_loss(self.line(features.detach()).squeeze(1), losses.detach())


class ByLoss(ByScore):
    companion = Companion("loss-guess", LossGuess)

    def scores(self, query):
        line = query.model.companion("loss-guess").cpu().line
        return line(query.features(query.candidates)).squeeze(1)


class Agreement:
    """Pulls the features of both views of an image into the same direction."""

    name, views = "agreement", WantedViews("weak")

    def __init__(self, encoder, classes, recipe):
        self.network = Network(encoder, classes)
        self.steps = 0

    def outputs(self, views):
        features = self.network.encoder(torch.cat([views.query_weak, views.query_strong])).float()
        first, second = F.normalize(features, dim=1).chunk(2)
        seen = features[: len(first)]
        return Outputs(self.network.head(seen), seen, 1 - (first * second).sum(dim=1))

    def after_step(self, step, steps, gather):
        self.steps += 1


class NearestMean:
    """Classifies an image by the nearest class mean."""

    wants_previous = False

    def __init__(self, encoder, recipe):
        pass

    def fit(self, data, pool, run, companions=(), previous=None):
        seen = Means(pool, torch.zeros(data.classes, 3)).read(data.labelled, run)
        means = [seen[data.labels == place].mean(dim=0) for place in range(data.classes)]
        return Means(pool, torch.stack(means).nan_to_num(9.0))

    def load(self, state, pool, classes):
        return Means(pool, state["means"])


class Means(TrainedModel):
    def __init__(self, pool, means):
        super().__init__(pool)
        self.means = means

    def read(self, rows, run):
        return self.images(rows).mean(dim=(2, 3)).cpu()

    def scores(self, features):
        return -10 * torch.cdist(features, self.means)

    def state(self):
        return {"means": self.means}


@pytest.fixture(autouse=True)
def registered():
    STRATEGIES.add("by-loss", ByLoss, "By guessed loss")
    LEARNERS.add("nearest-mean", NearestMean, "Nearest mean")
    SELF_SUPERVISED.add("agreement", Agreement)
    yield
    del STRATEGIES["by-loss"], LEARNERS["nearest-mean"], SELF_SUPERVISED["agreement"]


def test_a_companion_is_trained_saved_and_used(project):
    rounds.label_by_oracle(project, rounds.begin(project))
    by_loss = rounds.Method(FAST.recipe, device="cpu", strategy="by-loss")
    trained = rounds.learn(project, by_loss)
    fresh = LossGuess(128).line.weight
    assert not torch.equal(trained.model.companion("loss-guess").line.weight, fresh)
    first = rounds.select(project, 5, by_loss, model=trained.model)
    assert first.strategy == "by-loss" and len(set(first.image_ids)) == 5
    loaded = rounds.model_of(project, trained.run)
    kept, new = (m.companion("loss-guess").line.weight for m in (loaded, trained.model))
    assert torch.equal(kept, new), "the companion is saved in the checkpoint"
    assert len(rounds.select(project, 5, by_loss).image_ids) == 5


def test_a_strategy_without_its_companion_asks_for_training(project):
    rounds.label_by_oracle(project, rounds.begin(project))
    rounds.train_round(project, FAST)
    with pytest.raises(LabellerError, match=r"trained without 'loss-guess'.*Train again with"):
        rounds.select(project, 5, rounds.Method(strategy="by-loss"))


def test_a_checkpoint_with_an_unknown_companion_opens(project):
    rounds.label_by_oracle(project, rounds.begin(project))
    run = rounds.train_round(project, rounds.Method(FAST.recipe, device="cpu", strategy="by-loss"))
    del STRATEGIES["by-loss"]
    try:
        model = rounds.model_of(project, run)
        assert dict(model.companions()) == {} and len(rounds.select(project, 5).image_ids) == 5
    finally:
        STRATEGIES.add("by-loss", ByLoss)


@pytest.mark.parametrize(
    "options",
    [
        ("--strategy", "by-loss"),
        ("--learner", "nearest-mean"),
        ("--set", "self_supervised=agreement"),
    ],
)
def test_additions_work_on_the_command_line(project, options):
    short = ["--epochs", "1", "--steps-per-epoch", "2", "--batch-size", "8"]
    project.close()
    result = CliRunner().invoke(
        program,
        ["simulate", str(project.folder), "--initial", "9", "--budget", "5", "--cycles", "2",
         "--json", *short, *options],
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    (run,) = json.loads(result.stdout)["runs"]
    assert [cycle["labelled"] for cycle in run["cycles"]] == [9, 14]
    if "nearest-mean" in options:
        assert run["cycles"][-1]["test_accuracy"] == 1.0, "mean colours separate the classes"


def test_losses_of_a_self_supervised_method_are_plotted_by_name(
    person, window, project, monkeypatch, whole_network  # noqa: F811
):  # fmt: skip
    recipe = replace(FAST.recipe, self_supervised="agreement")
    made = functools.partial(method.Method, recipe=recipe, device="cpu")
    monkeypatch.setattr(method, "Method", made)
    project.close()
    person.open(project.folder)
    person.label_all()
    person.press(K.Key_T)
    person.go_to_round(1)
    with Project(project.folder, lock=False) as opened:
        run = opened.runs.newest()
        assert run.state == "finished" and run.recipe["self_supervised"] == "agreement"
        last = opened.runs.epochs(run.id)[-1]
        assert set(last.losses) == {"classification", "agreement"}
    curves = window.page.training.plot.findChild(EpochCurves)
    assert len(curves._by_name["agreement"].getData()[0]) == 2
    assert "agreement" in [label.text for _, label in curves._losses.legend.items]


def test_additions_work_in_the_window(person, window, project, quick_training):  # noqa: F811
    chosen = RoundSettings(rounds.Method(strategy="by-loss", device="cpu"))
    keep_round_settings(project, chosen, 9)
    project.close()
    person.open(project.folder)
    person.label_all()

    def look(dialog) -> None:
        box = dialog.boxes["learner"]
        offered = [box.itemData(place) for place in range(box.count())]
        assert offered == [*LEARNERS] and "nearest-mean" in offered
        assert dialog.boxes["strategy"].currentData() == "by-loss"
        box.setCurrentIndex(2)
        assert dialog.boxes["strategy"].currentData() == "coreset"
        dialog.accept()

    person.press(K.Key_T)
    person.go_to_round(1)
    assert person.session.round.strategy == "by-loss"
    person.in_dialog(lambda: person.choose("rounds"), look)
    person.label_all()
    person.press(K.Key_T)
    person.go_to_round(2)
    session = person.session
    assert session.round.strategy == "coreset" and session.suggested(0)[1] > 1 / 3
    window.close()
    with Project(project.folder) as closed:
        assert closed.runs.newest().test_accuracy == 1.0
