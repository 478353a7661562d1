"""Networks cut in two: both halves together equal the whole, and only the late half is trained."""

import threading

import pytest
import timm
import torch
from labeller_models.cut import CannotCut, CutNetwork, stages_of
from torch import nn


def network(name: str) -> nn.Module:
    torch.manual_seed(0)
    return timm.create_model(name, pretrained=False, num_classes=0).eval()


@pytest.mark.parametrize(
    "name, trained, map_of_a_stage",
    [
        ("tf_efficientnet_lite0", 2, 3),
        ("resnet10t", 1, 3),
        ("convnext_atto", 1, 3),
        ("regnetx_002", 1, 3),
        ("mobilenetv3_small_050", 2, 3),
        ("vit_tiny_patch16_224", 3, 2),
        ("deit_tiny_patch16_224", 3, 2),
    ],
)
def test_the_halves_compute_the_same_as_the_whole(name, trained, map_of_a_stage):
    whole = network(name)
    halves = CutNetwork(whole)
    images = torch.randn(2, 3, 224, 224, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        maps = halves.early(images)
        assert torch.allclose(halves.late(maps), whole(images), atol=1e-4)
    assert halves.trained == trained
    assert halves.shape(224) == maps.shape[1:] and len(halves.shape(224)) == map_of_a_stage


def test_only_a_fresh_late_half_is_trained_with_fixed_statistics():
    whole = network("tf_efficientnet_lite0")
    before = {name: each.clone() for name, each in whole.state_dict().items()}
    halves = CutNetwork(whole)
    late = halves.fresh()
    optimiser = torch.optim.SGD(late.parameters(), 0.1)
    with torch.no_grad():
        maps = halves.early(torch.randn(4, 3, 64, 64))
    late(maps).square().sum().backward()
    optimiser.step()
    assert all(torch.equal(each, before[name]) for name, each in whole.state_dict().items())
    changed = {n for n, each in late.state_dict().items() if not torch.equal(each, before[n])}
    assert "conv_head.weight" in changed and not any("running" in name for name in changed)
    assert not any(name.startswith(("conv_stem", "blocks.4")) for name in late.state_dict())


@pytest.mark.parametrize("trained", [1, 4, 7, 99])
def test_the_number_of_trained_stages_is_configurable(trained):
    whole = network("tf_efficientnet_lite0")
    halves, images = CutNetwork(whole, trained), torch.randn(1, 3, 64, 64)
    with torch.inference_mode():
        maps = halves.early(images)
        assert torch.allclose(halves.late(maps), whole(images), atol=1e-4)
    assert torch.equal(maps, images) == (trained >= 7), (
        "with all stages trained, the maps are the images"
    )


def test_cutting_does_not_disturb_other_threads():
    ended, wrong = threading.Event(), []
    linear = nn.Sequential(nn.Linear(4, 4), nn.ReLU()).eval()
    rows = torch.ones(2, 4)
    expected = linear(rows)

    def compute() -> None:
        while not ended.is_set():
            try:
                assert torch.equal(linear(rows), expected)
            except Exception as error:
                wrong.append(error)
                return

    threads = [threading.Thread(target=compute) for _ in range(2)]
    cutting = [threading.Thread(target=lambda: CutNetwork(whole)) for _ in range(2)]
    whole = network("resnet10t")
    for each in threads + cutting:
        each.start()
    for each in cutting:
        each.join()
    for _ in range(10):
        CutNetwork(whole)
    ended.set()
    for each in threads:
        each.join()
    assert not wrong
    assert torch.equal(linear(rows), expected), "modules work as before"


def test_a_network_without_stages_cannot_be_cut():
    with pytest.raises(CannotCut, match="no stages"):
        CutNetwork(nn.Sequential(nn.Flatten(), nn.Linear(12, 3)))
    assert stages_of(network("resnet10t")) == ["layer1", "layer2", "layer3", "layer4"]


def test_a_network_with_skip_connections_across_the_cut_cannot_be_cut():
    class LooksBack(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.blocks = nn.ModuleList([nn.Linear(4, 4) for _ in range(3)])

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            first = self.blocks[0](x)
            return self.blocks[2](self.blocks[1](first)) + first

    with pytest.raises(CannotCut, match="more of the image"):
        CutNetwork(LooksBack().eval())
