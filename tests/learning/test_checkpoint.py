"""Checkpoints from earlier and later versions."""

import gzip
import json
from pathlib import Path

import pytest
import torch
from labeller_models.encoder import CIFAR10, IMAGENET
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from labeller.care.checking import check
from labeller.care.recovery import repair
from labeller.core.errors import NewerFormat
from labeller.learning import checkpoint
from labeller.learning.checkpoint import FORMAT, load_model, save_model
from labeller.learning.model import NetworkModel, extract_features
from labeller.loop import rounds
from labeller.loop.method import Method
from tests.frozen_encoder import frozen  # noqa: F401
from tests.learning.test_trainer import TINY, data, pool, trained  # noqa: F401

SAMPLES = sorted((Path(__file__).parents[1] / "samples").glob("checkpoint-*.safetensors.gz"))


def rewrite(path: Path, change) -> None:
    """Rewrite a checkpoint with changed metadata and the same weights."""
    with safe_open(path, framework="pt") as file:
        result = json.loads(file.metadata()["labeller"])
    change(result)
    save_file(load_file(path), path, metadata={"labeller": json.dumps(result)})


@pytest.fixture
def sample(tmp_path) -> Path:
    """A checkpoint of the first format, unchanged (its weights are zeros)."""
    path = tmp_path / "run-0001.safetensors"
    path.write_bytes(gzip.decompress(SAMPLES[0].read_bytes()))
    return path


@pytest.mark.parametrize("packed", SAMPLES, ids=lambda path: path.name)
def test_every_released_format_is_read(packed, tmp_path):
    path = tmp_path / "run.safetensors"
    path.write_bytes(gzip.decompress(packed.read_bytes()))
    model, info = load_model(path)
    network = model.network
    assert (info.encoder, info.resolution, info.classes) == ("resnet-small", 16, ["cat", "dog"])
    assert info.recipe.name == "quick" and network.encoder.statistics is CIFAR10
    assert network.classify(torch.zeros(1, 3, 16, 16)).shape == (1, 2)
    save_model(tmp_path / "exported.safetensors", model, info, exported=True)


def test_options_from_before_nesting_are_read(tmp_path):
    path = tmp_path / "run.safetensors"
    path.write_bytes(gzip.decompress(SAMPLES[1].read_bytes()))
    model, info = load_model(path)
    assert (info.recipe.options.queue_size, info.recipe.options.key_momentum) == (32, 0.9)
    assert model.network.weak_queue.keys.shape == (32, 128)


def test_a_missing_recipe_value_gets_its_default(sample):
    rewrite(sample, lambda result: result["recipe"].pop("projector"))
    assert load_model(sample)[1].recipe.options.projector is True


@pytest.mark.parametrize(
    "change",
    [
        lambda result: result.update(format=FORMAT + 1),
        lambda result: result.update(calibration=1.5),
        lambda result: result["recipe"].update(colour_jitter=0.4),
        lambda result: result["recipe"].update(options={"centring": 0.9}),
        lambda result: result["recipe"].update(self_supervised="jepa"),
        lambda result: result.update(encoder="vit-tiny"),
        lambda result: result.update(statistics="openimages"),
    ],
)
def test_repair_keeps_checkpoints_of_later_versions(change, sample, project):
    run = project.runs.start({}, "resnet-small", "cpu", 0, 2)
    target = project.checkpoint(run)
    target.write_bytes(sample.read_bytes())
    rewrite(target, change)
    name = target.relative_to(project.folder).as_posix()
    project.runs.end(run, "finished", 1.0, name)
    with pytest.raises(NewerFormat, match="newer version of Labeller"):
        load_model(target)
    assert any("newer version of Labeller" in problem for problem in check(project))
    repair(project)
    assert project.runs.get(run).checkpoint == name and target.is_file()
    target.write_bytes(b"noise")
    repair(project)
    assert project.runs.get(run).checkpoint is None, "a damaged checkpoint is still dropped"


@pytest.mark.slow
def test_images_are_normalised_as_the_encoder_was_trained(tmp_path, pool, data, trained):  # noqa: F811
    path = tmp_path / "run.safetensors"
    before = extract_features(trained, pool, data.test)
    for encoder in (trained.encoder, trained.key_encoder):
        encoder.statistics = IMAGENET
    try:
        other = extract_features(trained, pool, data.test)
        assert not torch.allclose(before, other)
        info = checkpoint.CheckpointInfo("resnet-small", 16, ["dark", "bright"], TINY, "imagenet")
        checkpoint.save_model(path, NetworkModel(trained, pool), info)
    finally:
        for encoder in (trained.encoder, trained.key_encoder):
            encoder.statistics = CIFAR10
    again = load_model(path)[0].network
    assert again.key_encoder.statistics is IMAGENET
    assert torch.equal(extract_features(again, pool, data.test), other)


def test_exporting_a_frozen_learner_includes_all_its_tensors(project, tmp_path, frozen):  # noqa: F811
    rounds.label_by_oracle(project, rounds.begin(project, 12, Method()))
    run = rounds.train_round(project, Method())
    path = tmp_path / "exported.safetensors"
    save_model(path, *load_model(project.folder / run.checkpoint), exported=True)
    assert set(load_file(path)) == {"weight", "bias", "centre", "temperature"}
