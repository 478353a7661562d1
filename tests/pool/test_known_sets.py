"""Known data sets through torchvision's readers, with a few images in the published file
formats."""

import gzip
import hashlib
import json
import pickle
import struct
from pathlib import Path

import numpy as np
import pytest
import scipy.io
from click.testing import CliRunner
from PIL import Image
from torchvision import datasets

from labeller.cli.main import program
from labeller.core.errors import LabellerError
from labeller.pool.known_sets import SETS
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
def test_projects_are_created_from_local_data_sets(
    tmp_path, monkeypatch, name, pool, test, classes
):
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


def test_an_incomplete_data_set_is_reported_and_leaves_no_files(tmp_path):
    with pytest.raises(LabellerError, match="cifar10 is not complete under"):
        create(tmp_path / "p", Request("cifar10", root=str(tmp_path)))
    assert not (tmp_path / "p").exists()


def test_a_failed_download_is_reported(tmp_path, monkeypatch):
    import urllib.request

    def refuse(*_: object, **__: object) -> None:
        raise OSError("Name or service not known")

    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    with pytest.raises(
        LabellerError, match=r"could not be downloaded: .*give the folder where it is"
    ):
        create(tmp_path / "p", Request("cifar10"))
    assert not (tmp_path / "p").exists()


def picture(path: Path, colour: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (12, 9), (colour, 40, 90)).save(path)


def write_eurosat(root: Path) -> None:
    for at, name in enumerate(("Forest", "River")):
        for number in range(5):
            picture(root / "eurosat" / "2750" / name / f"{name}_{number}.jpg", 20 * number + at)


def write_dtd(root: Path) -> None:
    folder = root / "dtd" / "dtd"
    for split, numbers in (("train", (0, 1, 2)), ("test", (3,))):
        lines = [f"{c}/{c}_{n}.jpg" for c in ("banded", "dotted") for n in numbers]
        for line in lines:
            picture(folder / "images" / line, 30)
        (folder / "labels").mkdir(exist_ok=True)
        (folder / "labels" / f"{split}1.txt").write_text("\n".join(lines) + "\n")


def write_pets(root: Path) -> None:
    folder = root / "oxford-iiit-pet"
    (folder / "annotations").mkdir(parents=True)
    for split, numbers in (("trainval", (0, 1)), ("test", (2,))):
        lines = []
        for label, name in enumerate(("Abyssinian", "beagle"), start=1):
            for number in numbers:
                picture(folder / "images" / f"{name}_{number}.jpg", 50)
                lines.append(f"{name}_{number} {label} 1 1")
        (folder / "annotations" / f"{split}.txt").write_text("\n".join(lines) + "\n")


def write_food(root: Path) -> None:
    folder = root / "food-101"
    (folder / "meta").mkdir(parents=True)
    for split, numbers in (("train", (0, 1, 2)), ("test", (3,))):
        names = {c: [f"{c}/{n}" for n in numbers] for c in ("ramen", "sushi")}
        for line in (each for lines in names.values() for each in lines):
            picture(folder / "images" / f"{line}.jpg", 70)
        (folder / "meta" / f"{split}.json").write_text(json.dumps(names))


def write_imagenette(root: Path) -> None:
    for split in ("train", "val"):
        for wnid in datasets.Imagenette._WNID_TO_CLASS:
            picture(root / "imagenette2-160" / split / wnid / f"{wnid}_1.JPEG".lower(), 90)


def write_flowers(root: Path, monkeypatch) -> None:
    folder = root / "flowers-102"
    for number in range(1, 7):
        picture(folder / "jpg" / f"image_{number:05d}.jpg", 10 * number)
    scipy.io.savemat(folder / "imagelabels.mat", {"labels": [[1, 2, 1, 2, 1, 2]]})
    scipy.io.savemat(folder / "setid.mat", {"trnid": [[1, 2, 3, 4]], "tstid": [[5, 6]]})
    files = {
        key: (name, hashlib.md5((folder / name).read_bytes()).hexdigest())
        for key, name in (("label", "imagelabels.mat"), ("setid", "setid.mat"))
    }
    files["image"] = datasets.Flowers102._file_dict["image"]
    monkeypatch.setattr(datasets.Flowers102, "_file_dict", files)


def write_stl10(root: Path, monkeypatch) -> None:
    folder = root / datasets.STL10.base_folder
    folder.mkdir(parents=True)
    (folder / "class_names.txt").write_text("airplane\nbird\n")
    for kind in ("train_list", "test_list"):
        written = []
        names = [each[0] for each in getattr(datasets.STL10, kind)]
        for name in names:
            data = RNG.integers(1, 3, 4, dtype=np.uint8)
            if "_X" in name or "unlabeled" in name:
                data = RNG.integers(0, 255, (4, 3, 96, 96), dtype=np.uint8)
            (folder / name).write_bytes(data.tobytes())
            written.append([name, hashlib.md5(data.tobytes()).hexdigest()])
        monkeypatch.setattr(datasets.STL10, kind, written)


def write_medmnist(root: Path, name: str) -> None:
    parts = {}
    for split in ("train", "val", "test"):
        parts[f"{split}_images"] = RNG.integers(0, 255, (6, 28, 28, 3), dtype=np.uint8)
        parts[f"{split}_labels"] = np.array([[0], [1], [2], [0], [1], [2]], dtype=np.uint8)
    np.savez(root / f"{name}.npz", **parts)


WRITERS = {
    "eurosat": write_eurosat, "dtd": write_dtd, "pets": write_pets, "food101": write_food,
    "imagenette": write_imagenette, "flowers102": write_flowers, "stl10": write_stl10,
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "pool", "test", "classes"),
    [
        ("eurosat", 8, 2, ["Forest", "River"]),
        ("dtd", 6, 2, ["banded", "dotted"]),
        ("pets", 4, 2, ["Abyssinian", "Beagle"]),
        ("food101", 6, 2, ["ramen", "sushi"]),
        ("imagenette", 10, 10, ["English springer", "French horn", "cassette player"]),
        ("flowers102", 4, 2, None),
        ("stl10", 4, 4, None),
        ("pathmnist", 6, 6, ["adipose", "background", "debris"]),
        ("bloodmnist", 6, 6, ["basophil", "eosinophil", "erythroblast"]),
    ],
)
def test_sets_of_photos_keep_their_files(tmp_path, monkeypatch, name, pool, test, classes):
    root = tmp_path / "sets"
    root.mkdir()
    if name.endswith("mnist"):
        write_medmnist(root, name)
    elif name in ("flowers102", "stl10"):
        WRITERS[name](root, monkeypatch)
    else:
        WRITERS[name](root)
    with create(tmp_path / "p", Request(name, root=str(root))) as project:
        assert project.oracle.knows_pool() and len(project.oracle.test_set()[0]) == test
        images = [image for image, _ in project.images.each_file()]
        assert len(images) == pool + test
        if classes is not None:
            assert [each.name for each in project.classes.all()][:3] == classes[:3]
        kinds = {Path(image.path).suffix for image in images}
        photos = name in ("eurosat", "dtd", "pets", "food101", "flowers102")
        assert kinds == {".jpg" if photos else ".jpeg" if name == "imagenette" else ".png"}


def test_the_digits_are_bundled_with_scikit_learn(tmp_path):
    with create(tmp_path / "p", Request("digits")) as project:
        pool, test = SETS["digits"].images
        assert project.status().images + project.status().duplicates == pool
        assert len(project.oracle.test_set()[0]) == test
        assert [each.name for each in project.classes.all()] == [str(n) for n in range(10)]


@pytest.mark.slow
def test_a_data_set_can_be_named_beside_a_folder_of_that_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with create(Path("digits"), Request("digits")) as project:
        assert len(project.classes.all()) == 10
    with create(tmp_path / "again", Request("set:digits")) as project:
        assert len(project.classes.all()) == 10, "the data set, not the folder"
    with pytest.raises(LabellerError, match="no data set 'digit'"):
        create(tmp_path / "never", Request("set:digit"))


def test_every_data_set_has_title_licence_source_and_plan(capsys):
    for name, known in SETS.items():
        assert known.title and known.licence and known.source and min(known.images) > 0, name
        assert {"initial", "budget", "cycles"} <= known.plan.keys()
        first, last = known.plan["initial"], known.plan["initial"]
        last += known.plan["budget"] * (known.plan["cycles"] - 1)
        assert 0 < first < last <= known.images[0], name
    listed = CliRunner().invoke(program, ["sets"]).output
    assert all(each.title in listed and each.licence in listed for each in SETS.values())
