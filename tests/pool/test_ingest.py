import hashlib
import os

import numpy as np
import pytest
from PIL import Image

from labeller.pool.cache import TensorCache, ThumbnailCache
from labeller.pool.decode import UnreadableImage
from labeller.pool.ingest import Task, ingest


@pytest.fixture
def caches(tmp_path):
    return TensorCache(tmp_path / "t.npy").create(8, 16), ThumbnailCache(tmp_path / "thumbs")


@pytest.mark.parametrize("workers", [1, 4])
def test_images_are_verified_hashed_and_stored_in_their_row(tmp_path, caches, workers):
    tensors, thumbnails = caches
    tasks = []
    for number in range(6):
        path = tmp_path / f"{number}.png"
        Image.new("RGB", (20 + number, 20), (number * 40, 0, 0)).save(path)
        tasks.append(Task(number + 1, number, path))
    (tmp_path / "3.png").write_bytes(b"broken")
    (tmp_path / "4.png").unlink()
    found = list(ingest(tasks, tensors, thumbnails, workers))
    assert [f.image_id for f in found] == [1, 2, 3, 4, 5, 6]
    assert [f.reason is None for f in found] == [True, True, True, False, False, True]
    assert found[4].gone and found[4].reason == "the file is gone"
    data = (tmp_path / "2.png").read_bytes()
    assert (found[2].width, found[2].height, found[2].bytes) == (22, 20, len(data))
    assert found[2].sha256 == hashlib.sha256(data).hexdigest()
    assert tensors[5].reshape(-1, 3).tolist() == [[200, 0, 0]] * 256
    assert not tensors[3].any()


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read everything")
def test_a_file_without_permission_is_reported(tmp_path, caches):
    path = tmp_path / "secret.png"
    Image.new("RGB", (9, 9)).save(path)
    path.chmod(0)
    (found,) = ingest([Task(1, 0, path)], *caches)
    assert found.reason == "Permission denied"


def test_closing_the_iterator_stops_the_work(tmp_path, caches):
    path = tmp_path / "one.png"
    Image.new("RGB", (9, 9)).save(path)
    taken = []

    def tasks():
        for number in range(10_000):
            taken.append(number)
            yield Task(number, 0, path)

    found = ingest(tasks(), *caches, workers=2)
    next(found)
    found.close()
    assert len(taken) < 100


def test_only_large_images_get_a_thumbnail_file(tmp_path, caches):
    tensors, thumbnails = caches
    for name, size in (("large", (1000, 500)), ("small", (50, 50))):
        Image.new("RGB", size, (0, 200, 0)).save(tmp_path / f"{name}.png")
    tasks = [Task(1, 0, tmp_path / "large.png"), Task(2, 1, tmp_path / "small.png")]
    large, small = ingest(tasks, tensors, thumbnails)
    assert thumbnails.path(large.sha256).exists() and not thumbnails.path(small.sha256).exists()
    assert thumbnails.load(large.sha256, tmp_path / "large.png").size == (256, 128)
    assert thumbnails.load(small.sha256, tmp_path / "small.png").size == (50, 50)
    thumbnails.path(large.sha256).unlink()
    assert thumbnails.load(large.sha256, tmp_path / "large.png").size == (256, 128)
    with pytest.raises(UnreadableImage, match="gone"):
        thumbnails.load(large.sha256, tmp_path / "nowhere.png")


def test_the_tensor_cache_keeps_its_rows_and_rejects_other_files(tmp_path):
    cache = TensorCache(tmp_path / "t.npy")
    array = cache.create(5, 8)
    array[2] = 7
    array.flush()
    assert cache.create(5, 8)[2].min() == 7, "a cache of the same shape is kept"
    assert cache.create(6, 8).shape == (6, 8, 8, 3)
    assert cache.open()[2].min() == 7 and not cache.open()[5].any(), (
        "rows are kept when the pool grows"
    )
    assert cache.create(6, 9).shape == (6, 9, 9, 3)
    assert not cache.open()[2].any(), "another image size starts a new cache"
    np.save(tmp_path / "t.npy", np.zeros(3))
    with pytest.raises(ValueError, match="not a tensor cache"):
        cache.open()
