"""torchvision's own readers, on sets of a few images in the files that they are published in."""

import gzip
import hashlib
import pickle
import struct
from pathlib import Path

import numpy as np
import pytest
import scipy.io
from torchvision import datasets

from labeller.core.errors import LabellerError
from labeller.project.creation import create
from labeller.project.planning import Request

RNG = np.random.default_rng(0)


def write_cifar(root: Path, kind: type[datasets.CIFAR10], monkeypatch) -> None:
    folder = root / kind.base_folder
    folder.mkdir(parents=True)

    def md5(path: Path) -> str:
        return hashlib.md5(path.read_bytes()).hexdigest()

    def write(names: list[list[str]]) -> list[list[str]]:
        written = []
        for name, _ in names:
            count = 4
            key = "fine_labels" if kind is datasets.CIFAR100 else "labels"
            labels = [i % 3 for i in range(count)]
            pixels = RNG.integers(0, 255, (count, 3072), dtype=np.uint8)
            (folder / name).write_bytes(pickle.dumps({"data": pixels, key: labels}))
            written.append([name, md5(folder / name)])
        return written

    monkeypatch.setattr(kind, "train_list", write(kind.train_list))
    monkeypatch.setattr(kind, "test_list", write(kind.test_list))
    key = kind.meta["key"]
    names = [f"thing{i}" for i in range(3)]
    (folder / kind.meta["filename"]).write_bytes(pickle.dumps({key: names}))
    meta = {**kind.meta, "md5": md5(folder / kind.meta["filename"])}
    monkeypatch.setattr(kind, "meta", meta)


def write_svhn(root: Path, monkeypatch) -> None:
    lists = dict(datasets.SVHN.split_list)
    for split in ("train", "test"):
        url, name, _ = lists[split][:3]
        pixels = RNG.integers(0, 255, (32, 32, 3, 5), dtype=np.uint8)
        labels = np.array([[10], [1], [2], [1], [10]])
        scipy.io.savemat(root / name, {"X": pixels, "y": labels})
        lists[split] = [url, name, hashlib.md5((root / name).read_bytes()).hexdigest()]
    monkeypatch.setattr(datasets.SVHN, "split_list", lists)


def write_fashionmnist(root: Path) -> None:
    folder = root / "FashionMNIST" / "raw"
    folder.mkdir(parents=True)
    for part, count in (("train", 6), ("t10k", 4)):
        pixels = RNG.integers(0, 255, (count, 28, 28), dtype=np.uint8)
        labels = np.arange(count, dtype=np.uint8) % 3
        images = struct.pack(">iiii", 0x803, count, 28, 28) + pixels.tobytes()
        for name, data in (
            (f"{part}-images-idx3-ubyte", images),
            (f"{part}-labels-idx1-ubyte", struct.pack(">ii", 0x801, count) + labels.tobytes()),
        ):
            (folder / name).write_bytes(data)
            (folder / f"{name}.gz").write_bytes(gzip.compress(data))


@pytest.mark.parametrize(
    ("name", "pool", "test", "classes"),
    [
        ("cifar10", 20, 4, 3),
        ("cifar100", 4, 4, 3),
        ("svhn", 5, 5, 3),
        ("fashionmnist", 6, 4, 3),
    ],
)
def test_sets_that_lie_somewhere_become_projects(tmp_path, monkeypatch, name, pool, test, classes):
    root = tmp_path / "sets"
    root.mkdir()
    if name.startswith("cifar"):
        write_cifar(
            root, {"cifar10": datasets.CIFAR10, "cifar100": datasets.CIFAR100}[name], monkeypatch
        )
    elif name == "svhn":
        write_svhn(root, monkeypatch)
    else:
        write_fashionmnist(root)
    with create(tmp_path / "p", Request(name, root=str(root))) as project:
        assert project.status().images == pool
        assert len(project.oracle.test_set()[0]) == test
        assert len(project.classes.all()) == classes
        assert project.oracle.knows_pool()
        assert project.labels.counts() == (0, 0)


def test_a_set_that_is_not_there_is_one_clear_line_and_leaves_nothing(tmp_path):
    with pytest.raises(LabellerError, match="cifar10 is not complete under"):
        create(tmp_path / "p", Request("cifar10", root=str(tmp_path)))
    assert not (tmp_path / "p").exists()


def test_without_a_network_one_clear_line(tmp_path, monkeypatch):
    import urllib.request

    def refuse(*_: object, **__: object) -> None:
        raise OSError("Name or service not known")

    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    with pytest.raises(
        LabellerError, match=r"could not be downloaded: .*give the folder where it is"
    ):
        create(tmp_path / "p", Request("cifar10"))
    assert not (tmp_path / "p").exists()
