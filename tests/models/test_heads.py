import pytest
import torch
from labeller_models.encoders import build_encoder
from labeller_models.mobyv2 import Heads, MoBYv2, build_heads
from torch import nn


def kinds(module: nn.Module) -> list[type]:
    return [type(layer) for layer in module.children()]


def test_the_papers_heads_are_one_layer_with_batch_norm_and_relu():
    built = build_heads(512, Heads())
    single = [nn.Linear, nn.BatchNorm1d, nn.ReLU]
    assert kinds(built.projector) == kinds(built.predictor) == single
    assert (built.projector[0].in_features, built.projector[0].out_features) == (512, 128)
    assert built.dim == 128


def test_mobys_heads_are_two_layers():
    built = build_heads(512, Heads("moby"))
    assert kinds(built.projector) == [nn.Linear, nn.BatchNorm1d, nn.ReLU, nn.Linear]
    assert (built.projector[0].out_features, built.projector[3].out_features) == (4096, 256)
    assert (built.predictor[0].in_features, built.dim) == (256, 256)


@pytest.mark.parametrize(
    ("heads", "dim"),
    [
        (Heads(), 128),
        (Heads(predictor=False), 128),
        (Heads(projector=False), 128),  # the features of resnet-small are as long
        (Heads(projector=False, predictor=False), 128),
        (Heads("moby"), 256),
    ],
)
def test_queries_keys_and_queues_have_matching_sizes(heads, dim):
    torch.manual_seed(0)
    network = MoBYv2(build_encoder("resnet-small", 16), 3, 16, heads)
    weak, strong = torch.rand(4, 3, 16, 16), torch.rand(4, 3, 16, 16)
    queries, keys = network.queries(weak, strong), network.keys(weak, strong)
    for vectors in (queries.weak, queries.strong, *keys):
        assert vectors.shape == (4, dim)
    network.enqueue(*keys)
    assert torch.equal(network.weak_queue.keys[:4], keys[0])
    assert torch.equal(network.strong_queue.keys[:4], keys[1])


def test_without_a_projector_the_keys_are_the_features():
    torch.manual_seed(0)
    network = MoBYv2(build_encoder("resnet-small", 16), 3, 16, Heads(projector=False)).eval()
    images = torch.rand(4, 3, 16, 16)
    features = torch.nn.functional.normalize(network.key_encoder(images), dim=1)
    assert torch.allclose(network.keys(images, images)[0], features, atol=1e-6)


def test_unknown_heads_are_refused():
    with pytest.raises(ValueError, match="no heads 'three'"):
        build_heads(8, Heads("three"))
