"""Objectives and ablations: which parts each one trains."""

from dataclasses import replace

import pytest
import torch

from labeller.core.errors import LabellerError
from labeller.learning.model import evaluate
from labeller.learning.recipe import recipe_named
from labeller.learning.trainer import STAGES, _Training, build_network
from tests.learning.test_trainer import TINY, data, pool, run, same_weights  # noqa: F401

ONE_STEP = replace(TINY, epochs=1, steps_per_epoch=1)


def changed(network, start, part: str) -> bool:
    before = dict(start.named_parameters())
    return any(
        not torch.equal(parameter, before[name])
        for name, parameter in network.named_parameters()
        if name.startswith(part + ".")
    )


def start(recipe):
    torch.manual_seed(0)
    return build_network("resnet-small", 16, 2, recipe).network


def test_joint_training_updates_every_part(pool, data):  # noqa: F811
    trained = run(pool, data, ONE_STEP).network
    for part in ("encoder", "projector", "predictor", "head", "key_encoder", "key_projector"):
        assert changed(trained, start(ONE_STEP), part), part


def test_the_head_learns_from_labels_alone(pool, data):  # noqa: F811
    """The contrastive loss does not change the head; the classification loss does."""
    training = _Training(pool, data, "resnet-small", TINY, 0)
    training.begin_epoch(STAGES["joint"][0], 0)
    rows = next(training.labelled)
    training._contrast(rows, training.classes_by_row[rows])
    assert training.network.head.weight.grad.abs().sum() > 0
    training._contrast(next(training.unlabelled), None)
    assert training.network.head.weight.grad is None
    for part in (training.network.key_encoder, training.network.key_projector):
        assert all(p.grad is None for p in part.parameters())


def test_a_labelled_batch_follows_the_gradient_of_equation_4(pool, data):  # noqa: F811
    """The gradient is that of the classification loss plus λ_c times the contrastive one's."""

    def gradient(weight: float, labelled: bool = True) -> torch.Tensor:
        recipe = replace(TINY, contrastive_weight=weight)
        training = _Training(pool, data, "resnet-small", recipe, 0)
        training.begin_epoch(STAGES["joint"][0], 0)
        rows = next(training.labelled)
        training._contrast(rows, training.classes_by_row[rows] if labelled else None)
        return training.network.encoder.conv1.weight.grad

    classification, contrastive = gradient(0.0), gradient(0.5, labelled=False)
    assert contrastive.abs().max() > 1e-3
    expected = classification + 0.5 * contrastive
    assert torch.allclose(gradient(0.5), expected, rtol=1e-3, atol=1e-5)


def test_supervised_training_learns(pool, data):  # noqa: F811
    network = run(pool, data, replace(TINY, objective="supervised")).network
    assert evaluate(network, pool, data.test, data.test_labels).accuracy > 0.9


def test_supervised_training_uses_labels_alone(pool, data):  # noqa: F811
    recipe = replace(ONE_STEP, objective="supervised")
    trained = run(pool, data, recipe).network
    assert changed(trained, start(recipe), "encoder") and changed(trained, start(recipe), "head")
    for part in ("projector", "predictor", "key_encoder"):
        assert not changed(trained, start(recipe), part), part
    none = torch.arange(0)
    assert same_weights(run(pool, replace(data, unlabelled=none), recipe).network, trained)


def test_multi_stage_training_contrasts_first_and_then_classifies(pool, data):  # noqa: F811
    result = []
    recipe = replace(TINY, epochs=2, objective="multi-stage")
    run(pool, data, recipe, report=lambda progress: result.append(progress.metrics))
    epochs = [metrics for metrics in result if metrics is not None]
    assert [m.epoch for m in epochs] == [1, 2, 3, 4]
    assert ["classification" not in m.losses for m in epochs] == [True, True, False, False]
    assert ["contrastive" not in m.losses for m in epochs] == [False, False, True, True]
    assert [m.test_accuracy is None for m in epochs] == [True, True, False, False]


def test_labels_do_not_reach_the_first_stage(pool, data):  # noqa: F811
    """Stopped after the first stage, networks trained with opposite labels are identical."""
    recipe = replace(TINY, epochs=1, objective="multi-stage")

    def first_stage(given):
        steps = iter(range(100))
        return run(pool, given, recipe, should_stop=lambda: next(steps) >= 4).network

    assert same_weights(first_stage(data), first_stage(replace(data, labels=1 - data.labels)))
    assert not same_weights(run(pool, data, recipe).network, first_stage(data))


@pytest.mark.parametrize(
    "values",
    [
        {"views": "strong", "heads": "moby"},
        {"views": "weak"},
        {"projector": False},
        {"predictor": False},
        {"unlabelled": "random"},
        {"mixed_precision": True},
    ],
)
def test_each_ablation_trains_and_differs(pool, data, values):  # noqa: F811
    few = {"epochs": 1, "steps_per_epoch": 2, "batch_size": 16, "mixed_precision": False}
    plain, changed_ = (
        run(pool, data, recipe_named("quick", **{**few, **changes})).network
        for changes in ({}, values)
    )
    first, second = (n.encoder.state_dict()["conv1.weight"] for n in (plain, changed_))
    assert torch.isfinite(second).all()
    if values != {"mixed_precision": True}:
        assert not torch.equal(first, second)


@pytest.mark.slow
def test_unsuitable_encoders_are_reported(pool, data, monkeypatch, tmp_path):  # noqa: F811
    with pytest.raises(LabellerError, match="vgg16 needs images of at least 32 pixels"):
        build_network("vgg16", 16, 2, TINY)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with pytest.raises(LabellerError, match="Train without pretrained weights"):
        build_network("resnet18", 16, 2, recipe_named("quick", pretrained=True))
