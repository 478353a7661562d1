"""Rows in a file: damage to a row is detected."""

import errno
import os

import numpy as np
import pytest
import torch
from PIL import Image

from labeller.learning.feature_store import FeatureStore
from labeller.pool.cache import ChangedImage, TensorCache, ThumbnailCache, read_unchanged
from labeller.pool.decode import UnreadableImage
from labeller.pool.rows import Rows, laid_out, mark, marks_of

KEYS = np.arange(1, 7, dtype=np.uint64)


@pytest.fixture
def path(tmp_path):
    rows = laid_out(tmp_path / "r.npy", (6, 3), np.float16)
    rows.write(np.arange(5), np.arange(15.0).reshape(5, 3), KEYS[:5])
    return tmp_path / "r.npy"


def test_rows_are_read_in_any_order_and_checked_against_their_keys(path):
    rows = Rows(path)
    values, good = rows.read(np.array([4, 0, 5, 0]), KEYS[[4, 0, 5, 0]])
    assert values[:, 0].tolist() == [12, 0, 0, 0] and good.tolist() == [True, True, False, True]
    _, good = rows.read(np.array([1, 2]), KEYS[[1, 1]])
    assert good.tolist() == [True, False], "row 2 belongs to another image"
    assert np.array_equal(rows[1:3], np.load(path)[1:3]) and rows[-2][0] == 12
    assert np.array_equal(np.asarray(rows), np.load(path)), "an ordinary .npy file"
    for wrong in (-1, 6):
        with pytest.raises(IndexError):
            rows.read(np.array([0, wrong]))


def test_damaged_rows_are_detected_individually(path):
    rows = Rows(path, writable=True)
    data = np.load(path)
    data[[1, 2]] = data[[2, 1]]
    np.save(path, data)
    assert Rows(path).read(np.arange(5))[1].tolist() == [True, False, False, True, True]
    rows.forget(np.array([0]))
    assert Rows(path).made_of(np.arange(3)).tolist() == [0, 2, 3]


def test_growing_keeps_intact_rows(path):
    data = bytearray(path.read_bytes())
    data[-13] ^= 1  # in row 3
    path.write_bytes(data)
    grown = laid_out(path, (9, 3), np.float16)
    assert grown.read(np.arange(9))[1].tolist() == [True, True, True, False, True] + [False] * 4
    assert laid_out(path, (9, 3), np.float16).read(np.arange(3))[1].all(), "the file is reused"
    assert not laid_out(path, (9, 4), np.float16).read(np.arange(9))[1].any()


def test_a_full_disk_leaves_existing_files_unchanged(path, monkeypatch):
    """The image cache and the feature store share this array and its error handling."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = [file.read_bytes() for file in (path, marks_of(path))]
    monkeypatch.setattr(os, "posix_fallocate", full, raising=False)
    with pytest.raises(OSError, match="No space"):
        laid_out(path, (9, 3), np.float16)
    with pytest.raises(OSError, match="No space"):
        TensorCache(path.with_name("tensors.npy")).create(9, 8)
    kept = FeatureStore(path.parent / "features", "lite", np.arange(1, 10, dtype=np.uint64), 3)
    kept.put(torch.tensor([4]), torch.ones(1, 3))
    assert kept.all_known().tolist() == [4], "features are kept in memory"
    assert [file.read_bytes() for file in (path, marks_of(path))] == before
    there = sorted(each.name for each in path.parent.rglob("*") if each.is_file())
    assert there == ["r.marks.npy", "r.npy"], "no partial file is left"


def test_rows_without_marks_are_accepted_once_if_trusted(path):
    marks_of(path).unlink()
    old = Rows(path)
    assert not old.marked and old.read(np.arange(6))[1].all()
    marked = mark(old, KEYS)
    assert marked.read(np.arange(5), KEYS[:5])[1].all()
    marks_of(path).unlink()
    assert laid_out(path, (7, 3), np.float16, trusted=True).read(np.arange(5))[1].all()
    marks_of(path).unlink()
    assert not laid_out(path, (7, 3), np.float16).read(np.arange(5))[1].any()


def test_a_cache_of_an_earlier_version_gets_marks_on_first_use(project):
    cache = project.tensor_cache.path
    marks_of(cache).unlink()
    assert project.tensors().read(np.arange(3))[1].all()
    data = np.load(cache)
    data[[0, 1]] = data[[1, 0]]
    np.save(cache, data)
    assert project.tensors().read(np.arange(3))[1].tolist() == [False, False, True]


def test_a_changed_file_is_not_shown(tmp_path):
    import hashlib

    file = tmp_path / "a.png"
    Image.new("RGB", (40, 40), "red").save(file)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    thumbnails = ThumbnailCache(tmp_path / "thumbs")
    assert thumbnails.load(digest, file).size == (40, 40)
    Image.new("RGB", (40, 40), "blue").save(file)
    with pytest.raises(ChangedImage, match="it was changed after the import"):
        read_unchanged(file, digest)
    with pytest.raises(UnreadableImage, match="changed after the import"):
        thumbnails.load(digest, file)


def test_a_wrong_or_damaged_thumbnail_is_rejected(tmp_path):
    thumbnails = ThumbnailCache(tmp_path)
    first, second = "a" * 64, "b" * 64
    thumbnails.add(first, Image.new("RGB", (300, 300), "red"))
    thumbnails.add(second, Image.new("RGB", (300, 300), "blue"))
    whole = thumbnails.path(first).read_bytes()
    assert thumbnails.kept(first).getpixel((9, 9))[0] > 200
    for data in (thumbnails.path(second).read_bytes(), whole[:-30] + bytes(14) + whole[-16:]):
        thumbnails.path(first).write_bytes(data)
        with pytest.raises(UnreadableImage):
            thumbnails.kept(first)
    thumbnails.path(first).write_bytes(whole[:-16])  # as written by earlier versions
    assert thumbnails.kept(first).size == (256, 256)


def test_a_damaged_thumbnail_is_recreated_from_the_image(project):
    image = next(project.images.each_file())[0]
    path = project.thumbnails.path(image.sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"noise")
    assert project.thumbnails.load(image.sha256, image.file).size == (40, 40)


def test_damaged_rows_on_an_accelerator_are_repaired_on_access(project):
    from labeller.loop.training_data import pool_of

    right = torch.from_numpy(np.asarray(project.tensors()))
    damaged = np.load(project.tensor_cache.path)
    damaged[[3, 5]] = damaged[[5, 3]]
    np.save(project.tensor_cache.path, damaged)
    pool = pool_of(project, "cpu")
    pool._resident, pool._wrong = torch.from_numpy(damaged), {3, 5, 9}  # as on an accelerator
    rows = torch.tensor([5, 4, 3])
    for _ in range(2):
        seen = pool.images(rows).mul(255).round().byte().permute(0, 2, 3, 1)
        assert torch.equal(seen, right[rows])
    assert pool._wrong == {9}, "rows not requested are not read"
