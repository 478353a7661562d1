import pytest
import torch

from models.encoders import ENCODERS, build_encoder
from models.resnet import ResNet


def count(module: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def test_resnet18_has_the_published_number_of_weights():
    # 11,173,962 with a ten-class head of 5,130 for 32 × 32; 11,689,512 with 1,000 classes
    # (513,000) for 224 × 224, as torchvision gives it.
    assert count(ResNet((2, 2, 2, 2), 64, 32)) == 11_173_962 - 5_130
    assert count(ResNet((2, 2, 2, 2), 64, 224)) == 11_689_512 - 513_000


@pytest.mark.parametrize("name", ENCODERS)
@pytest.mark.parametrize("side", [32, 96])
def test_encoders_give_features_of_the_size_they_tell(name, side):
    encoder = build_encoder(name, side).eval()
    with torch.inference_mode():
        assert encoder(torch.zeros(2, 3, side, side)).shape == (2, encoder.feature_dim)
