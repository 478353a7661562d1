from types import SimpleNamespace

import pytest
import torch
import torchvision
from labeller_models.backbones import VGG16, ResNet, WideResNet
from labeller_models.encoders import ENCODERS, PRETRAINED, PretrainedWeightsError, build_encoder


def count(module: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


@pytest.mark.parametrize(
    ("encoder", "published", "feature_dim"),
    [  # published counts include a head, which is subtracted here
        # 3 × 3 stem, ten classes: the CIFAR ResNet-18 of DeVries and Taylor (2017), 11.2 million
        (lambda: ResNet((2, 2, 2, 2), 64, 32), 11_173_962 - 5_130, 512),
        # torchvision, 1,000 classes
        (lambda: ResNet((2, 2, 2, 2), 64, 224), 11_689_512 - 513_000, 512),
        # 14,714,688 in 13 convolutions (ICLR 2015) and 2 · 4,224 in their batch norms
        (VGG16, 14_714_688 + 8_448, 512),
        # table 4 of the paper gives 36.5 million, and 1.5 million for WRN-28-2 are usual
        (lambda: WideResNet(28, 10), 36_479_194 - 6_410, 640),
        (lambda: WideResNet(28, 2), 1_467_610 - 1_290, 128),
    ],
)
def test_encoders_have_the_published_number_of_parameters(encoder, published, feature_dim):
    built = encoder()
    assert (count(built), built.feature_dim) == (published, feature_dim)


@pytest.mark.parametrize(
    ("name", "side"), [*((name, 32) for name in ENCODERS), ("resnet-small", 96), ("vgg16", 96)]
)
def test_encoders_give_features_of_the_declared_size(name, side):
    encoder = build_encoder(name, side).eval()
    with torch.inference_mode():
        assert encoder(torch.zeros(2, 3, side, side)).shape == (2, encoder.feature_dim)


def test_the_large_stem_matches_torchvision():
    theirs = torchvision.models.resnet18().eval()
    ours = ResNet((2, 2, 2, 2), 64, 224).eval()
    missing, unexpected = ours.load_state_dict(theirs.state_dict(), strict=False)
    assert missing == [] and unexpected == ["fc.weight", "fc.bias"]
    theirs.fc = torch.nn.Identity()
    images = torch.rand(2, 3, 96, 96)
    assert torch.allclose(ours(images), theirs(images), atol=1e-5)


@pytest.mark.slow
def test_images_that_are_too_small_are_refused():
    with pytest.raises(ValueError, match="vgg16 needs images of at least 32"):
        build_encoder("vgg16", 16)


def test_invalid_depths_of_wide_networks_are_refused():
    with pytest.raises(ValueError, match="6 n"):
        WideResNet(27, 2)


class Published:
    """Stands in for torchvision's weights, which are not downloaded here."""

    def __init__(self) -> None:
        torch.manual_seed(1)
        self.weights = torchvision.models.resnet18().state_dict()

    def get_state_dict(self, **_: object) -> dict[str, torch.Tensor]:
        return self.weights


@pytest.mark.parametrize("side", [32, 96])
def test_pretrained_weights_fill_all_but_a_small_stem(monkeypatch, side):
    published = Published()
    named = SimpleNamespace(IMAGENET1K_V1=published)
    monkeypatch.setattr(torchvision.models, PRETRAINED["resnet18"], named)
    torch.manual_seed(2)
    state = build_encoder("resnet18", side, pretrained=True).state_dict()
    differing = [key for key in state if not torch.equal(state[key], published.weights[key])]
    assert differing == (["conv1.weight"] if side == 32 else [])


def test_weights_that_cannot_be_downloaded_are_reported(monkeypatch, tmp_path):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nothing listens there
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    with pytest.raises(PretrainedWeightsError, match="resnet18 could not be downloaded"):
        build_encoder("resnet18", 32, pretrained=True)
    with pytest.raises(PretrainedWeightsError, match="only resnet18, vgg16 have"):
        build_encoder("wrn-28-2", 32, pretrained=True)
