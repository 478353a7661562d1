import copy

import pytest
import torch
from labeller_models.encoders import build_encoder
from labeller_models.mobyv2 import MoBYv2
from labeller_models.siamese import KeyQueue


@pytest.fixture
def network() -> MoBYv2:
    torch.manual_seed(0)
    return MoBYv2(build_encoder("resnet-small", 16), classes=3, queue_size=16)


def views(count: int = 4) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.rand(count, 3, 16, 16), torch.rand(count, 3, 16, 16)


def test_the_queue_replaces_its_oldest_keys_and_wraps_around():
    queue = KeyQueue(dim=1, size=5)
    queue.push(torch.tensor([[1.0], [2.0], [3.0]]))
    queue.push(torch.tensor([[4.0], [5.0], [6.0], [7.0]]))
    assert queue.keys.flatten().tolist() == [6, 7, 3, 4, 5]
    assert queue.position == 2
    queue.push(torch.arange(10.0, 22.0).view(-1, 1))  # more than fit: the last five are kept
    assert sorted(queue.keys.flatten().tolist()) == [17, 18, 19, 20, 21]


def test_queries_and_keys_have_length_one(network):
    weak, strong = views()
    queries = network.queries(weak, strong)
    assert queries.scores.shape == (4, 3)
    for vectors in (queries.weak, queries.strong, *network.keys(weak, strong)):
        assert vectors.shape == (4, 128)
        assert torch.allclose(vectors.norm(dim=1), torch.ones(4), atol=1e-5)


def test_scores_come_from_the_weak_view(network):
    network.eval()
    weak, strong = views()
    other = network.queries(weak, torch.rand_like(strong)).scores
    assert torch.equal(network.queries(weak, strong).scores, other)
    assert not torch.allclose(network.queries(torch.rand_like(weak), strong).scores, other)


def test_keys_follow_by_a_moving_average(network):
    before = [p.clone() for p in network._key_parameters()]
    with torch.no_grad():
        for parameter in network._followed_parameters():
            parameter.add_(1.0)
    network.update_keys(0.9)
    for old, new in zip(before, network._key_parameters(), strict=True):
        assert torch.allclose(new, 0.9 * old + 0.1 * (old + 1.0), atol=1e-6)


def test_gradients_reach_the_query_branch_and_never_the_keys(network):
    weak, strong = views()
    keys = network.keys(weak, strong)
    queries = network.queries(weak, strong)
    loss = (queries.weak * keys[1]).sum() + (queries.strong * keys[0]).sum() + queries.scores.sum()
    loss.backward()
    for part in (network.encoder, network.projector, network.predictor, network.head):
        assert all(p.grad is not None for p in part.parameters())
    for part in (network.key_encoder, network.key_projector):
        assert all(p.grad is None and not p.requires_grad for p in part.parameters())


def test_the_key_branch_starts_as_a_copy(network):
    fresh = copy.deepcopy(network)
    for key, query in zip(fresh._key_parameters(), fresh._followed_parameters(), strict=True):
        assert torch.equal(key, query) and key is not query
