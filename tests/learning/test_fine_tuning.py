"""MoBYv2AL on a pretrained encoder: only its last stages train, on feature maps read once."""

import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from safetensors.torch import load_file

from labeller.core.errors import Cancelled
from labeller.core.run import Run
from labeller.learning import fine_tuning, late_stages
from labeller.learning.checkpoint import CheckpointInfo, load_model, save_model
from labeller.learning.feature_learners import prepared
from labeller.learning.fine_tuning import FineTunedModel, FineTuning, late_features
from labeller.learning.frozen_features import FrozenFeatures
from labeller.learning.graphs import ONNX, write_graph
from labeller.learning.late_stages import Tuning, Views
from labeller.learning.learners import learner_named
from labeller.learning.recipe import QUICK
from labeller.learning.trainer import TrainingSet
from labeller.loop.method import Method
from labeller.loop.training_data import pool_of
from tests.frozen_encoder import few_stages, staged  # noqa: F401

SAMPLE = Path(__file__).parents[1] / "samples" / "fine-tuned-4.safetensors.gz"
SHORT = Tuning(steps=6, steps_to_compare=2, labelled=6, unlabelled=6)


@pytest.fixture
def pool(project, staged):  # noqa: F811
    return pool_of(project, "cpu")


@pytest.fixture
def data() -> TrainingSet:
    """Twelve red, green and blue images each; four of each are labelled."""
    rows = torch.arange(36).view(3, 12)
    none = torch.zeros(0, dtype=torch.long)
    labels = torch.arange(3).repeat_interleave(4)
    return TrainingSet(rows[:, :4].flatten(), labels, rows[:, 4:].flatten(), none, none, 3)


@pytest.fixture
def prefer_tuned(monkeypatch):
    """Always prefer the fine-tuned stages to the linear head."""
    answers = iter(range(10**6))
    monkeypatch.setattr(fine_tuning, "_expected", lambda *_: -next(answers))


def learner(**changes) -> FineTuning:
    return FineTuning("few-stages", QUICK, Tuning(**{**vars(SHORT), **changes}))


@pytest.mark.parametrize("parts", [{}, {"contrastive": 0.5}, {"consistency": 0.0}])
def test_only_the_last_stage_is_trained(pool, data, prefer_tuned, parts):
    model = learner(**parts).fit(data, pool, Run(1))
    assert isinstance(model, FineTunedModel)
    before = few_stages().halves.fresh().state_dict()
    after = model.frozen.late.state_dict()
    assert not torch.equal(after["stages.1.0.weight"], before["stages.1.0.weight"])
    assert torch.equal(after["stages.1.1.running_mean"], before["stages.1.1.running_mean"])
    assert not any(name.startswith(("stem", "stages.0")) for name in after)
    rows = data.unlabelled
    right = model.probabilities(rows, Run()).argmax(dim=1) == rows // 12
    assert float(right.float().mean()) > 0.9, "plain colours are easy to separate"


def test_fine_tuning_is_reproducible_by_seed(pool, data, prefer_tuned):
    first, second, other = (learner().fit(data, pool, Run(seed)) for seed in (1, 1, 2))
    for name, weight in first.state().items():
        assert torch.equal(weight, second.state()[name]), name
    assert not torch.equal(first.classifier.weight, other.classifier.weight)


@pytest.mark.parametrize("expected, answers", [((0.8, 0.8), False), ((0.9, 0.8), True)])
def test_the_model_with_the_higher_expected_accuracy_is_used(
    pool, data, monkeypatch, expected, answers
):
    said = iter(expected)
    monkeypatch.setattr(fine_tuning, "_expected", lambda *_: next(said))
    model = learner().fit(data, pool, Run(1))
    assert isinstance(model, FineTunedModel) == answers
    assert (model.compared.fine_tuned, model.compared.linear) == expected


@pytest.mark.parametrize(
    "budget, steps, to_compare", [(0, 40, 20), (100, 40, 20), (50, 20, 10), (1, 10, 10)]
)
def test_a_budget_shortens_the_training(pool, data, monkeypatch, budget, steps, to_compare):
    seen, train = [], fine_tuning.train_late

    def watched(late, head, material, teacher, tuning, run):
        if tuning.steps > fine_tuning.TRIED:  # the first few steps only measure the time
            seen.append(tuning.steps)
        return train(late, head, material, teacher, replace(tuning, steps=1), run)

    monkeypatch.setattr(fine_tuning, "train_late", watched)
    # A step takes one second, a step of a fold half a second: 80 seconds in all.
    clock = iter([0.0, 3.0, 0.0, 1.5])
    monkeypatch.setattr(fine_tuning.time, "process_time", lambda: next(clock))
    asked = Method(recipe=QUICK, encoder="few-stages", budget_seconds=0.8 * budget).make_learner()
    asked.tuning = replace(SHORT, steps=40, steps_to_compare=20)
    asked.fit(data, pool, Run(1))
    assert seen == [*[to_compare] * fine_tuning.FOLDS, steps]


def test_few_labels_per_class_leave_it_to_the_linear_head(pool, data, monkeypatch):
    monkeypatch.setattr(fine_tuning, "train_late", None)
    few = TrainingSet(
        data.labelled[::4], data.labels[::4], data.unlabelled, data.test, data.test_labels, 3
    )
    assert not isinstance(learner().fit(few, pool, Run(1)), FineTunedModel)


def test_a_checkpoint_restores_the_fine_tuned_model(pool, data, prefer_tuned, tmp_path):
    model = learner().fit(data, pool, Run(1))
    info = CheckpointInfo("few-stages", 16, ["r", "g", "b"], QUICK, learner="mobyv2al")
    save_model(tmp_path / "model.safetensors", model, info)
    loaded, _ = load_model(tmp_path / "model.safetensors", pool)
    assert isinstance(loaded, FineTunedModel)
    rows = torch.arange(36)
    expected, found = (each.probabilities(rows, Run()) for each in (model, loaded))
    assert torch.allclose(found, expected, atol=1e-3)


def test_a_checkpoint_of_the_first_format_still_predicts_correctly(pool, tmp_path):
    """The sample was fitted to the generated test images, with classes in the order of rows."""
    path = tmp_path / "run.safetensors"
    path.write_bytes(gzip.decompress(SAMPLE.read_bytes()))
    model, info = load_model(path, pool)
    assert isinstance(model, FineTunedModel) and info.learner == "mobyv2al"
    assert info.classes == ["blue", "green", "red"] and info.class_ids == [1, 2, 3]
    rows = torch.arange(36)
    right = model.probabilities(rows, Run()).argmax(dim=1) == rows // 12
    assert float(right.float().mean()) > 0.9


def test_an_onnx_graph_includes_the_trained_stages(pool, data, prefer_tuned, tmp_path):
    model = learner().fit(data, pool, Run(1))
    write_graph(model, None, ONNX, tmp_path / "model.onnx")
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (4, 1, 32, 32, 3), dtype=np.uint8)
    session = onnxruntime.InferenceSession(tmp_path / "model.onnx")
    (said,) = session.run(None, {"pixels": pixels})
    images = torch.from_numpy(pixels[:, 0]).permute(0, 3, 1, 2) / 127.5 - 1
    with torch.inference_mode():
        halves = model.frozen.base.encoder.halves
        maps = halves.early(images)
        both = torch.stack([model.frozen.late(maps), halves.late(maps)], dim=1)
        seen = torch.nn.functional.normalize(both - model.centre, dim=2).flatten(1) / 2**0.5
        expected = model.scores(seen).softmax(dim=1)
    assert np.allclose(said, expected.numpy(), atol=1e-4)


def test_an_exported_file_contains_the_whole_network(pool, data, prefer_tuned, tmp_path):
    model = learner().fit(data, pool, Run(1))
    info = CheckpointInfo("few-stages", 16, ["r", "g", "b"], QUICK, learner="mobyv2al")
    save_model(tmp_path / "model.safetensors", model, info, exported=True)
    names = set(load_file(tmp_path / "model.safetensors"))
    assert {"weight", "bias", "centre", "late.stages.1.0.weight"} < names
    assert {"pretrained.stem.0.weight", "pretrained.stages.1.0.weight"} < names


def test_maps_are_read_once_with_the_features(pool, data, prefer_tuned, monkeypatch):
    read = []
    real = FrozenFeatures._computed

    def counted(self, rows, run, maps):
        read.append((len(rows), maps))
        return real(self, rows, run, maps)

    monkeypatch.setattr(FrozenFeatures, "_computed", counted)
    for seed in (1, 2):
        learner().fit(data, pool, Run(seed))
    assert read == [(36, True)], "one pass for both runs"


def test_stopping_stops_within_a_step(pool, data, monkeypatch):
    asked = []
    stops = Run(1, should_stop=lambda: len(asked) > 2)
    monkeypatch.setattr(late_stages, "descend", lambda *_: asked.append(1))
    with pytest.raises(Cancelled, match="last stages"):
        learner().fit(data, pool, stops)
    assert len(asked) == 3


def test_the_learner_follows_the_encoder():
    assert isinstance(learner_named("mobyv2al", "few-stages", QUICK), FineTuning)
    assert type(learner_named("mobyv2al", "resnet-small", QUICK)).__name__ == "MoBYv2AL"


@pytest.mark.parametrize(
    "shape, seen, channels",
    [((8, 10, 10), (8, 7, 7), 1), ((10, 10, 8), (10, 10, 8), 3), ((17, 8), (17, 8), 2)],
)
def test_views_of_maps_tokens_and_channels_last(shape, seen, channels):
    rng = torch.Generator().manual_seed(0)
    views = Views(shape, 0.7, rng)
    maps = torch.rand(64, 2, *shape) + 1
    weak, strong = views.weak(maps), views.strong(maps, 0.5)
    assert weak.shape == strong.shape == (64, *seen)
    assert float(weak.min()) >= 1, "a weak view only shows original values"
    dropped = (strong == 0).all(dim=tuple(d for d in range(1, strong.dim()) if d != channels))
    assert 0.4 < float(dropped.float().mean()) < 0.6, "whole channels"
    assert float(strong[strong > 0].min()) >= 2, "the others are scaled up"


def test_only_some_maps_are_kept_if_all_would_take_too_much_memory(
    pool, data, prefer_tuned, monkeypatch
):
    monkeypatch.setattr(fine_tuning, "MOST", 10)
    size = 2 * 16 * 8 * 8
    with monkeypatch.context() as little_room:
        little_room.setattr("labeller.learning.frozen_features.MAPS_BYTES", len(pool) * size - 1)
        first, other = (learner().fit(data, pool, Run(seed)) for seed in (1, 2))
        assert isinstance(first, FineTunedModel)
        base = first.frozen.base
        kept = base.maps.all_known()
        assert len(kept) == 12 + 10, "the labelled ones and the same ten for each training"
        assert bool(torch.isin(data.labelled, kept).all())
        rows = data.unlabelled
        computed = first.features(rows, Run())
        assert len(base.maps.all_known()) == len(kept), "other maps are not stored"
        assert len(other.frozen.base.maps.all_known()) == len(kept)
    base.read(rows, Run(), maps=True)
    again = late_features(first.frozen.late, base.maps_of(rows, Run()))
    both = torch.cat([again, base.raw(rows, Run())], dim=1)
    assert torch.allclose(computed, prepared(both, first.centre), atol=1e-3)


def test_with_a_full_disk_maps_stay_in_memory(pool, data, prefer_tuned, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("labeller.learning.feature_store.laid_out", full)
    model = learner().fit(data, pool, Run(1))
    assert isinstance(model, FineTunedModel)


def test_features_of_earlier_trainings_are_deleted(pool, data, prefer_tuned):
    for seed in (1, 2):
        model = learner().fit(data, pool, Run(seed))
        model.features(data.unlabelled, Run())
        model.frozen.base.keep_only(model.frozen.encoder)
    kept = [p.name for p in pool.files.features.iterdir() if "-tuned-" in p.name]
    assert len(kept) == 1 and kept[0].endswith(model.frozen.encoder.fingerprint)


def test_a_new_class_gets_a_head_on_the_trained_stages(pool, data, prefer_tuned):
    model = learner().fit(data, pool, Run(1))
    four = replace(data, labels=data.labels.clone(), classes=4)
    four.labels[0] = 3
    head = learner().head_only().fit(four, pool, Run(2), previous=model)
    assert isinstance(head, FineTunedModel) and head.frozen is model.frozen
    assert head.probabilities(data.unlabelled, Run()).shape == (24, 4)
    assert head.oof_probabilities is None and head.temperature == model.temperature
