"""Features on disk: reread, extended, rebuilt when damaged, and never mixed up with another
encoder's."""

import numpy as np
import pytest
import torch

from labeller.learning.feature_store import DONE, FEATURES, FeatureStore
from labeller.pool.rows import key_of

DIGESTS = {0: "11" * 32, 1: "22" * 32, 3: "44" * 32}


def hashes_of(digests, count) -> np.ndarray:
    return np.array([key_of(digests.get(row, "")) for row in range(count)], dtype=np.uint64)


def store(folder, count=4, digests=DIGESTS, dim=5) -> FeatureStore:
    return FeatureStore(folder, "lite-224-abc", hashes_of(digests, count), dim)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "features"


def test_stored_features_are_found_after_reopening(folder):
    first, rows = store(folder), torch.tensor([3, 0])
    features = torch.arange(10.0).view(2, 5)
    first.put(rows, features)
    first.flush()
    again = store(folder)
    assert torch.equal(again.get(rows), features)
    assert again.known(torch.arange(4)).tolist() == [True, False, False, True]
    assert again.all_known().tolist() == [0, 3]


def test_features_of_missing_or_changed_hashes_are_unknown(folder):
    first = store(folder)
    first.put(torch.arange(4), torch.ones(4, 5))
    assert first.all_known().tolist() == [0, 1, 3], "row 2 has no readable image"
    changed = store(folder, digests={**DIGESTS, 1: "99" * 32})
    assert changed.all_known().tolist() == [0, 3]


def test_features_are_kept_when_the_pool_grows(folder):
    store(folder).put(torch.tensor([1]), torch.full((1, 5), 2.0))
    grown = store(folder, 9, {**DIGESTS, 8: "88" * 32})
    assert grown.all_known().tolist() == [1] and float(grown.get(torch.tensor([1])).mean()) == 2


@pytest.mark.parametrize("name", [FEATURES, DONE])
@pytest.mark.parametrize("damage", [b"", b"noise", None])
def test_a_damaged_file_is_rebuilt(folder, name, damage):
    store(folder).put(torch.tensor([0]), torch.ones(1, 5))
    path = folder / "lite-224-abc" / name
    path.write_bytes(path.read_bytes()[:-4] if damage is None else damage)
    again = store(folder)
    again.put(torch.tensor([3]), torch.ones(1, 5))
    assert 3 in again.all_known().tolist() and np.load(path).shape[0] == 4


def test_each_encoder_has_its_own_files(folder):
    store(folder).put(torch.tensor([0]), torch.ones(1, 5))
    other = FeatureStore(folder, "lite-128-abc", hashes_of(DIGESTS, 4), 5)
    assert not len(other.all_known())


def test_features_stay_in_memory_if_the_folder_is_not_writable(tmp_path):
    (tmp_path / "features").write_text("a file in the way")
    kept = store(tmp_path / "features")
    kept.put(torch.tensor([1]), torch.ones(1, 5))
    kept.flush()
    assert kept.all_known().tolist() == [1]


def test_features_stay_in_memory_without_a_folder():
    kept = FeatureStore(None, "x", hashes_of(DIGESTS, 4), 5)
    kept.put(torch.tensor([1]), torch.ones(1, 5))
    assert kept.all_known().tolist() == [1]


def test_features_in_memory_are_limited_in_number():
    digests = {row: f"{row + 1:02x}" * 32 for row in range(7)}
    kept = FeatureStore(None, "maps", hashes_of(digests, 7), 5, in_memory=2)
    kept.put(torch.arange(7), torch.ones(7, 5))
    assert kept.all_known().tolist() == [5, 6]
