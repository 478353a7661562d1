import os
import resource
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from labeller.core.errors import Cancelled, LabellerError
from labeller.core.run import Progress, Run, ignore, never
from labeller.learning import augment
from labeller.learning.batches import PoolImages
from labeller.learning.checkpoint import CheckpointInfo, load_model, save_model
from labeller.learning.device import choose_device
from labeller.learning.model import NetworkModel, evaluate, extract_features
from labeller.learning.recipe import recipe_named
from labeller.learning.trainer import STAGES, TrainingSet, _Training, train
from labeller.pool.cache import TensorCache
from labeller.selection.training import endless

CPU = torch.device("cpu")
TINY = recipe_named(
    "quick", epochs=8, steps_per_epoch=4, batch_size=16, queue_size=64, mixed_precision=False
)
BRIEF = replace(TINY, epochs=2)


@pytest.fixture(scope="module")
def pool() -> PoolImages:
    """Alternating bright and dark images with noise."""
    rng = np.random.default_rng(0)
    base = np.where(np.arange(120) % 2, 190, 60)[:, None, None, None]
    return PoolImages(
        (base + rng.normal(0, 20, (120, 16, 16, 3))).clip(0, 255).astype(np.uint8), CPU
    )


@pytest.fixture(scope="module")
def data() -> TrainingSet:
    rows = torch.arange(120)
    return TrainingSet(rows[:20], rows[:20] % 2, rows[20:80], rows[80:], rows[80:] % 2, 2)


def run(pool, data, recipe=TINY, seed=0, report=ignore, should_stop=never):
    return train(pool, data, "resnet-small", recipe, Run(seed, report, should_stop))


def weights(network) -> list[torch.Tensor]:
    return [tensor.clone() for tensor in network.state_dict().values()]


def same_weights(first, second) -> bool:
    return all(torch.equal(a, b) for a, b in zip(weights(first), weights(second), strict=True))


@pytest.fixture(scope="module")
def trained(pool, data):
    return run(pool, data).network


@pytest.fixture(scope="module")
def briefly_trained(pool, data):
    """Trained just long enough that every random draw and input has had an effect."""
    return run(pool, data, BRIEF).network


def test_training_reaches_high_accuracy(pool, data, trained):
    accuracy = evaluate(trained, pool, data.test, data.test_labels)
    assert accuracy.accuracy > 0.9
    assert accuracy.per_class[0].share > 0.8 and accuracy.per_class[1].share > 0.8


def test_the_same_seed_gives_the_same_weights_and_another_does_not(pool, data, briefly_trained):
    torch.manual_seed(99)  # the global random state must not matter
    assert same_weights(run(pool, data, BRIEF).network, briefly_trained)
    assert not same_weights(run(pool, data, BRIEF, seed=1).network, briefly_trained)


def test_training_leaves_the_global_random_state_unchanged(pool, data):
    torch.manual_seed(5)
    before = torch.random.get_rng_state()
    run(pool, data, recipe_named("quick", epochs=1, steps_per_epoch=1, batch_size=8))
    assert torch.equal(torch.random.get_rng_state(), before)


def test_labels_of_unlabelled_and_held_out_images_are_never_used(pool, data, briefly_trained):
    """Held-out labels are permuted; a training set cannot even hold unlabelled ones."""
    permuted = TrainingSet(
        data.labelled, data.labels, data.unlabelled, data.test, 1 - data.test_labels, 2
    )
    assert same_weights(run(pool, permuted, BRIEF).network, briefly_trained)
    swapped = TrainingSet(
        data.labelled, 1 - data.labels, data.unlabelled, data.test, data.test_labels, 2
    )
    assert not same_weights(run(pool, swapped, BRIEF).network, briefly_trained)


def test_the_classification_loss_updates_the_head(pool, data):
    still = recipe_named("quick", epochs=1, steps_per_epoch=1, batch_size=16, learning_rate=1e-12)
    moved = recipe_named("quick", epochs=1, steps_per_epoch=1, batch_size=16)
    before, after = (run(pool, data, r).network.head.weight for r in (still, moved))
    assert not torch.allclose(before, after, atol=1e-5)


def test_the_queues_hold_keys_of_both_kinds_of_batches(pool, data):
    recipe = recipe_named("quick", epochs=1, steps_per_epoch=1, batch_size=16, queue_size=64)
    network = run(pool, data, recipe).network
    assert int(network.weak_queue.position) == int(network.strong_queue.position) == 32


def test_every_epoch_is_reported_with_its_metrics(pool, data):
    result: list[Progress] = []
    run(pool, data, report=result.append)
    epochs = [p.metrics for p in result if p.metrics is not None]
    assert [m.epoch for m in epochs] == list(range(1, 9))
    assert epochs[-1].losses["classification"] < epochs[0].losses["classification"]
    assert all(0 <= m.train_accuracy <= 1 and 0 <= m.test_accuracy <= 1 for m in epochs)
    assert result[-1].done == result[-1].total == 32


def test_training_works_without_unlabelled_and_held_out_images(pool, data):
    none = torch.arange(0)
    alone = TrainingSet(data.labelled, data.labels, none, none, none, 2)
    result: list[Progress] = []
    run(pool, alone, report=result.append)
    assert [p.metrics.test_accuracy for p in result if p.metrics] == [None] * 8


def test_stopping_returns_the_network_at_once(pool, data):
    steps = iter(range(100))
    stopped = run(pool, data, should_stop=lambda: next(steps) >= 5)
    assert stopped.stopped and next(steps) == 6


def test_divergence_is_reported(pool, data):
    with pytest.raises(LabellerError, match="diverged"):
        run(pool, data, recipe_named("quick", epochs=2, steps_per_epoch=3, learning_rate=1e12))


def test_the_matched_subset_is_as_large_as_the_labelled_set(pool, data):
    seen: set[int] = set()
    training = _Training(pool, data, "resnet-small", recipe_named("paper", batch_size=8), 0)
    for _ in range(40):
        seen.update(next(training.unlabelled).tolist())
    assert len(seen) == len(data.labelled) and seen <= set(data.unlabelled.tolist())
    assert training.steps == 3, "one pass over 20 labelled images in batches of 8"


class _SyncRecorder(TorchDispatchMode):
    """Records operations that would make the program wait for an accelerator."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[str] = []

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        name = function.overloadpacket.__name__
        if name in ("_local_scalar_dense", "item", "nonzero", "masked_select"):
            self.waits.append(name)
        return function(*args, **(kwargs or {}))


@pytest.mark.parametrize("objective", ["joint", "supervised"])
def test_training_steps_do_not_wait_for_the_device(pool, data, monkeypatch, objective):
    monkeypatch.setattr(augment, "_jitter_by_rows", augment._jitter_by_masks)  # as on accelerators
    recipe = replace(TINY, objective=objective)
    training = _Training(pool, data, "resnet-small", recipe, 0)
    training.begin_epoch(STAGES[objective][0], 0)
    training.step()
    with _SyncRecorder() as watch:
        training.step()
    assert not watch.waits
    with _SyncRecorder() as watch:
        training.metrics(0, 1.0)
    assert "_local_scalar_dense" in watch.waits, "the recorder detects waiting"


@pytest.mark.slow
def test_a_pool_larger_than_memory_is_streamed(tmp_path):
    """A sparse file twice the size of this machine's memory, with a few real rows."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    rows = 2 * memory // (16 * 16 * 3)
    with (tmp_path / "tensors.npy").open("wb") as file:
        header = {"descr": "|u1", "fortran_order": False, "shape": (rows, 16, 16, 3)}
        np.lib.format.write_array_header_1_0(file, header)
        file.truncate(file.tell() + rows * 16 * 16 * 3)
    tensors = TensorCache(tmp_path / "tensors.npy").open("r+")
    places = torch.linspace(0, rows - 1, 120, dtype=torch.double).long()
    tensors[places.numpy()] = np.where(np.arange(120) % 2, 190, 60)[:, None, None, None]
    tensors.flush()
    large = PoolImages(TensorCache(tmp_path / "tensors.npy").open(), CPU)
    data = TrainingSet(
        places[:20], torch.arange(20) % 2, places[20:80], places[80:], torch.arange(40) % 2, 2
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    network = run(large, data, replace(TINY, epochs=4)).network
    assert evaluate(network, large, data.test, data.test_labels).accuracy > 0.9
    assert extract_features(network, large, places).shape == (120, 128)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) << 10
    assert grown < memory // 20


def test_endless_batches_are_full_and_even():
    batches = endless(torch.arange(10), 4, torch.Generator().manual_seed(0))
    drawn = torch.cat([next(batches) for _ in range(10)])
    assert torch.bincount(drawn).tolist() == [4] * 10
    assert sorted(drawn[:10].tolist()) == list(range(10))


def test_features_are_those_of_single_images_and_can_be_stopped(pool, trained):
    rows = torch.tensor([5, 3, 99])
    features = extract_features(trained, pool, rows)
    assert features.shape == (3, 128) and features.dtype == torch.float32
    alone = extract_features(trained, pool, torch.tensor([99]))
    assert torch.allclose(features[2], alone[0], atol=0.05)
    with pytest.raises(Cancelled):
        extract_features(trained, pool, rows, run=Run(should_stop=lambda: True))


def test_checkpoints_restore_the_same_features(tmp_path, pool, data, trained):
    path = tmp_path / "run.safetensors"
    info = CheckpointInfo("resnet-small", 16, ["dark", "bright"], TINY)
    save_model(path, NetworkModel(trained, pool), info)
    model, read = load_model(path)
    again = model.network
    assert read == info
    first, second = (extract_features(n, pool, data.test) for n in (trained, again))
    assert torch.equal(first, second)
    assert evaluate(again, pool, data.test, data.test_labels).accuracy > 0.9


@pytest.mark.parametrize("damage", ["missing", "cut", "noise", "other"])
def test_damaged_checkpoints_are_reported(tmp_path, pool, trained, damage):
    path = tmp_path / "run.safetensors"
    save_model(
        path,
        NetworkModel(trained, pool),
        CheckpointInfo("resnet-small", 16, ["dark", "bright"], TINY),
    )
    if damage == "missing":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:5000])
    elif damage == "noise":
        path.write_bytes(b"noise" * 1000)
    else:
        save_model(
            path,
            NetworkModel(trained, pool),
            CheckpointInfo("resnet18", 16, ["dark", "bright"], TINY),
        )
    with pytest.raises(LabellerError, match="missing or damaged"):
        load_model(path)


def test_unavailable_devices_are_reported():
    assert choose_device("cpu") == CPU
    if not torch.cuda.is_available():
        assert choose_device("auto").type in ("cpu", "mps")
        with pytest.raises(LabellerError, match="no device 'cuda'"):
            choose_device("cuda")


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_training_on_a_gpu_reaches_high_accuracy(data):
    rng = np.random.default_rng(0)
    base = np.where(np.arange(120) % 2, 190, 60)[:, None, None, None]
    tensors = (base + rng.normal(0, 20, (120, 16, 16, 3))).clip(0, 255).astype(np.uint8)
    pool = PoolImages(tensors, torch.device("cuda"))
    network = run(pool, data).network
    assert evaluate(network, pool, data.test, data.test_labels).accuracy > 0.9


def test_queues_can_start_with_keys_of_images(pool, data):
    def started(**values) -> torch.nn.Module:
        recipe = replace(TINY, options=replace(TINY.options, **values))
        return _Training(pool, data, "resnet-small", recipe, seed=0).network

    vectors, keys = started(), started(queue_start="keys")
    for queue in (keys.weak_queue, keys.strong_queue):
        assert (queue.keys >= 0).all(), "the heads end in ReLU"
        assert torch.allclose(queue.keys.norm(dim=1), torch.ones(64), atol=1e-5)
    assert (vectors.weak_queue.keys < 0).any()
    assert not same_weights(keys.weak_queue, keys.strong_queue)
    assert same_weights(keys.encoder, vectors.encoder) and same_weights(keys.head, vectors.head)
    assert same_weights(keys.weak_queue, started(queue_start="keys").weak_queue)
    assert recipe_named("paper").options.queue_start == "keys"
