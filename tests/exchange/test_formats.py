"""Every format round-trips and is readable by the programs it is meant for."""

import hashlib
import json
import pickle
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from labeller.core.errors import LabellerError
from labeller.exchange.dataset import (
    IMPORT,
    MODEL,
    ORACLE,
    PERSON,
    SPLITS,
    SUGGESTION,
    Dataset,
    Item,
    Writing,
)
from labeller.exchange.formats import FORMATS, guess, read, write

READABLE = [name for name, one in FORMATS.items() if one.reads]
CLASSES = ("Käfer", "a, b", "=1+1", "con", "鳥", 'quo"ted')


@pytest.fixture(scope="module")
def images(tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("images")
    files = []
    for number in range(12):
        pixels = np.random.default_rng(number).integers(0, 255, (20, 30, 3), dtype=np.uint8)
        file = folder / f"{number}.png"
        Image.fromarray(pixels).save(file)
        files.append(file)
    return files


def item(file: Path, path: str, label: str | None, **known) -> Item:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    values = {"annotator": "anna", "at": "2026-01-02T03:04:05.000+00:00", **known}
    return Item(path, label, file, sha256=digest, width=30, height=20, **values)


def sample_dataset(images: list[Path]) -> Dataset:
    """A dataset with hostile names and every source and split."""
    paths = [
        "a/1.png", "b/1.png", "Ünïcode/bild 1.png", "deep/er/still/x.png", "con.png", "=cmd.png",
        "no suffix", "two.dots.png", "UPPER.PNG", "upper.png", "q'uo\"te.png", "é.png",
    ]  # fmt: skip
    sources = [PERSON, SUGGESTION, ORACLE, IMPORT, MODEL, PERSON]
    items = [
        item(
            file, path, CLASSES[n % len(CLASSES)], source=sources[n % 6], split=SPLITS[n % 3],
            confidence=0.25 if sources[n % 6] == MODEL else None,
        )
        for n, (file, path) in enumerate(zip(images, paths, strict=True))
    ]  # fmt: skip
    return dataset(items)


def dataset(items: list[Item]) -> Dataset:
    used = dict.fromkeys([*CLASSES, *(i.label for i in items if i.label is not None)])
    return Dataset(tuple(used), lambda: iter(items), len(items))


def write_dataset(name: str, data: Dataset, folder: Path, writing: Writing | None = None) -> Path:
    output = folder / f"out{FORMATS[name].suffix}"
    write(data, name, output, writing)
    return output


def labels(data: Dataset) -> Counter:
    """Count (image digest, label) pairs, regardless of file names."""
    found: Counter = Counter()
    for each in data.items():
        digest = each.sha256
        if not digest and each.file is not None:
            digest = hashlib.sha256(each.file.read_bytes()).hexdigest()
        found[digest or each.path, each.label] += 1
    return found


@pytest.mark.parametrize("name", READABLE)
def test_every_label_round_trips(name, images, tmp_path):
    data = sample_dataset(images)
    if name == "cvat":  # refuses names it cannot represent
        data = dataset([i for i in data.items() if '"' not in i.path and i.path != "no suffix"])
    place = write_dataset(name, data, tmp_path)
    found = read(place, name)
    assert FORMATS[guess(place)].reader == FORMATS[name].reader, "the format is guessed correctly"
    if name in ("csv", "csv-excel", "csv-raw", "tsv", "cvat"):  # these contain paths but no hashes
        wanted = Counter((each.path, each.label) for each in data.items())
        assert Counter((each.path, each.label) for each in found.items()) == wanted
    else:
        assert labels(found) == labels(data)
    assert set(found.classes) >= {each.label for each in data.items()}
    if name != "csv":  # a second pass gives the same items
        assert [i.label for i in found.items()] == [i.label for i in found.items()]


@pytest.mark.parametrize("name", ["csv", "tsv", "jsonl", "parquet", "labelstudio", "datumaro"])
def test_annotator_time_and_confidence_round_trip(name, images, tmp_path):
    data = sample_dataset(images)
    found = {i.path: i for i in read(write_dataset(name, data, tmp_path), name).items()}
    for each in data.items():
        back = found[each.path]
        assert (back.source, back.confidence) == (each.source, each.confidence), each.path
        assert back.annotator == each.annotator and back.at == each.at
        assert name == "datumaro" or back.split == each.split


@pytest.mark.parametrize("name", [n for n in READABLE if FORMATS[n].aside])
def test_images_put_aside_round_trip(name, images, tmp_path):
    data = dataset([
        item(images[0], "a.png", "con"),
        item(images[1], "b.png", None, reason="unsure"),
        item(images[2], "c.png", None, reason="skipped"),
    ])  # fmt: skip
    found = list(read(write_dataset(name, data, tmp_path), name).items())
    assert [(i.label, i.reason) for i in found] == [
        ("con", None), (None, "unsure"), (None, "skipped")
    ]  # fmt: skip


# Class names the program allows: stripped, printable, on one line.
class_names = st.text(min_size=1, max_size=20).map(str.strip).filter(
    lambda name: name.isprintable() and name != ""
)  # fmt: skip
path_parts = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="/\\"),
    min_size=1, max_size=12,
).filter(lambda part: part.strip() == part and part not in (".", ".."))  # fmt: skip


@pytest.mark.parametrize("name", READABLE)
def test_hostile_names_round_trip(name, images, tmp_path_factory, share):
    """100 cases, or a tenth of them without `--all`."""
    count, cases = 0, share(100)

    @settings(
        max_examples=cases, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(
        st.lists(
            st.tuples(st.lists(path_parts, min_size=1, max_size=3), class_names,
                      st.sampled_from([PERSON, MODEL, IMPORT]), st.sampled_from([None, *SPLITS])),
            min_size=1, max_size=6, unique_by=lambda row: "/".join(row[0]).casefold(),
        )
    )  # fmt: skip
    def run(rows):
        nonlocal count
        count += 1
        data = dataset([
            item(images[n], "/".join(parts), label, source=source, split=split)
            for n, (parts, label, source, split) in enumerate(rows)
        ])  # fmt: skip
        folder = tmp_path_factory.mktemp("hostile")
        try:
            place = write_dataset(name, data, folder)
        except LabellerError as error:
            assert name == "cvat" and "this format cannot hold" in str(error)
            return
        found = read(place, name)
        if name in ("csv", "csv-excel", "tsv", "csv-raw", "cvat"):
            assert [i.label for i in found.items()] == [i.label for i in data.items()] or (
                name == "cvat" and Counter(i.label for i in found.items())
                == Counter(i.label for i in data.items())
            )  # fmt: skip
        elif name == "imagefolder":
            assert sum(1 for _ in found.items()) == len(rows)
        else:
            assert labels(found) == labels(data)

    run()
    assert count >= cases


# -- read by the programs the formats are meant for


def test_pandas_reads_tables(images, tmp_path):
    import pandas

    data = sample_dataset(images)
    wanted = [(i.path, i.label) for i in data.items()]
    raw = pandas.read_csv(write_dataset("csv-raw", data, tmp_path))
    assert list(zip(raw["path"], raw["label"], strict=True)) == wanted
    lines = pandas.read_json(write_dataset("jsonl", data, tmp_path), lines=True)
    assert list(zip(lines["path"], lines["label"], strict=True)) == wanted
    table = pandas.read_parquet(write_dataset("parquet", data, tmp_path))
    assert table["path"].tolist() == [path for path, _ in wanted]
    assert table["image"][0]["bytes"] == images[0].read_bytes()
    tabs = pandas.read_csv(write_dataset("tsv", data, tmp_path), sep="\t")
    assert tabs["label"].str.lstrip("'").tolist() == [label for _, label in wanted]


def test_torchvision_and_keras_rules(images, tmp_path):
    from torchvision.datasets import ImageFolder

    data = sample_dataset(images)
    place = write_dataset("imagefolder", data, tmp_path)
    for split, folder in (("train", "train"), ("validation", "val"), ("test", "test")):
        found = ImageFolder(place / folder)
        wanted = [i for i in data.items() if i.split == split and Path(i.path).suffix]
        assert len(found) == len(wanted)
        # Keras' image_dataset_from_directory: one folder per class, in alphabetical order.
        assert found.classes == sorted(p.name for p in (place / folder).iterdir())


def test_huggingface_datasets_reads_folder_and_parquet(images, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    datasets.disable_progress_bars()
    data = sample_dataset(list(images))
    kept = [
        replace(i, path=i.path if Path(i.path).suffix else i.path + ".png") for i in data.items()
    ]
    data = dataset(kept)
    place = write_dataset("huggingface", data, tmp_path)
    cache = str(tmp_path / "cache")
    for arguments in ({"path": str(place)}, {"path": "imagefolder", "data_dir": str(place)}):
        found = datasets.load_dataset(**arguments, cache_dir=cache)
        assert {name: len(found[name]) for name in found} == {
            "train": 4, "validation": 4, "test": 4
        }  # fmt: skip
        row = found["train"][0]
        assert row["image"].size == (30, 20)
        feature = found["train"].features["label"]
        label = feature.int2str(row["label"]) if hasattr(feature, "int2str") else row["label"]
        assert label == next(i.label for i in data.items() if i.path == row["path"])
    table = datasets.load_dataset(
        "parquet", data_files=str(write_dataset("parquet", data, tmp_path)), cache_dir=cache
    )["train"]
    assert table.features["label"].names == list(data.classes)
    assert [table.features["label"].int2str(n) for n in table["label"]] == [
        i.label for i in data.items()
    ]
    assert table[0]["image"].size == (30, 20)


def test_label_studios_own_converter_reads_tasks(images, tmp_path):
    converter = pytest.importorskip("label_studio_sdk.converter")
    data = sample_dataset(images)
    people = dataset([i for i in data.items() if i.source != MODEL])
    place = write_dataset("labelstudio", people, tmp_path)
    made = converter.Converter(
        (place / "config.xml").read_text(encoding="utf-8"), project_dir=str(tmp_path)
    )
    made.convert_to_json_min(str(place / "tasks.json"), str(tmp_path / "min"), is_dir=False)
    (result,) = (tmp_path / "min").glob("*.json")
    rows = json.loads(result.read_text(encoding="utf-8"))
    assert [row["choice"] for row in rows] == [i.label for i in people.items()]


def test_datumaro_reads_its_own_and_cvats(images, tmp_path):
    datumaro = pytest.importorskip("datumaro")
    data = sample_dataset(images)
    found = datumaro.Dataset.import_from(str(write_dataset("datumaro", data, tmp_path)), "datumaro")
    names = [label.name for label in found.categories()[datumaro.AnnotationType.label]]
    assert names == list(data.classes)
    by_annotation = Counter(names[each.annotations[0].label] for each in found)
    assert by_annotation == Counter(i.label for i in data.items())
    assert all(each.media.data is not None for each in found if "." in each.media.path)
    kept = [i for i in data.items() if '"' not in i.path and i.path != "no suffix"]
    by_annotation = Counter(i.label for i in kept)
    plain = dataset(kept)
    place = write_dataset("cvat", plain, tmp_path)
    with zipfile.ZipFile(place) as archive:
        archive.extractall(tmp_path / "cvat")
    found = datumaro.Dataset.import_from(str(tmp_path / "cvat"), "imagenet_txt")
    names = [label.name for label in found.categories()[datumaro.AnnotationType.label]]
    assert Counter(names[each.annotations[0].label] for each in found) == by_annotation


def test_webdataset_reads_shards(images, tmp_path):
    webdataset = pytest.importorskip("webdataset")
    data = dataset([replace(i, split=None) for i in sample_dataset(images).items()])
    place = write_dataset("webdataset", data, tmp_path, Writing(shard=5))
    shards = sorted(map(str, place.glob("*.tar")))
    assert len(shards) == 3
    names = (place / "classes.txt").read_text(encoding="utf-8").splitlines()
    found = list(webdataset.WebDataset(shards, shardshuffle=False).decode("pil"))
    assert [names[sample["cls"]] for sample in found] == [i.label for i in data.items()]
    assert found[0]["png"].size == (30, 20) and found[0]["json"]["path"] == "a/1.png"


def test_torchvision_reads_cifar(images, tmp_path):
    from torchvision.datasets import CIFAR10

    data = sample_dataset(images)
    place = write_dataset("cifar", data, tmp_path)

    class Ours(CIFAR10):
        """Without the checksums of the original."""

        train_list: ClassVar = [[name, None] for name, _ in CIFAR10.train_list]
        test_list: ClassVar = [["test_batch", None]]
        meta: ClassVar = {"filename": "batches.meta", "key": "label_names", "md5": None}

    for train in (True, False):
        found = Ours(place, train=train)
        wanted = [i for i in data.items() if (i.split == "test") != train]
        assert [found.classes[target] for target in found.targets] == [i.label for i in wanted]
        first = np.asarray(found[0][0])
        assert first.shape == (32, 32, 3)
    with (place / "cifar-10-batches-py" / "batches.meta").open("rb") as file:
        assert pickle.load(file)["label_names"] == list(data.classes)
    with pytest.raises(LabellerError, match="can only be written"):
        read(place, "cifar")


def test_numpy_reads_the_archive(images, tmp_path):
    data = sample_dataset(images)
    with np.load(write_dataset("npz", data, tmp_path, Writing(side=24))) as found:
        assert found["images"].shape == (12, 24, 24, 3) and found["images"].dtype == np.uint8
        assert [str(found["classes"][n]) for n in found["labels"]] == [
            i.label for i in data.items()
        ]


def test_fiftyone_coco_and_labelme_match_their_documentation(images, tmp_path):
    """Checks the documented fields; none of these readers is small enough to install for a test."""
    data = sample_dataset(images)
    place = write_dataset("fiftyone", data, tmp_path)
    content = json.loads((place / "labels.json").read_text(encoding="utf-8"))
    stems = {file.stem for file in (place / "data").iterdir()}
    assert content["classes"] == list(data.classes) and set(content["labels"]) == stems
    coco = json.loads(write_dataset("coco", data, tmp_path).read_text(encoding="utf-8"))
    by_id = {category["id"]: category["name"] for category in coco["categories"]}
    of_image = {a["image_id"]: by_id[a["category_id"]] for a in coco["annotations"]}
    assert [of_image[i["id"]] for i in coco["images"]] == [i.label for i in data.items()]
    assert {"id", "image_id", "category_id", "bbox", "area", "segmentation", "iscrowd"} <= set(
        coco["annotations"][0]
    )
    folder = tmp_path / "labelme"
    write(data, "labelme", folder)
    for file in folder.glob("*.json"):
        one = json.loads(file.read_text(encoding="utf-8"))
        assert {"version", "flags", "shapes", "imagePath", "imageData", "imageHeight"} <= set(one)
        assert sum(one["flags"].values()) == 1 and (folder / one["imagePath"]).is_file()


# -- edge cases and errors


def test_images_with_odd_or_long_names_round_trip(images, tmp_path):
    """A table can refer to any file name, but readers of folders go by the suffix."""
    paths = ["a/1.0", "b/photo.dat", "c/" + "long " * 40 + ".png"]
    data = dataset([item(file, path, "con") for file, path in zip(images, paths, strict=False)])
    place = write_dataset("imagefolder", data, tmp_path)
    assert labels(read(place, "imagefolder")) == labels(data)
    assert {file.suffix for file in place.rglob("*") if file.parent.name == "con_"} == {".png"}
    assert max(len(file.name) for file in place.rglob("*")) <= 100


@pytest.mark.parametrize("copies", ["hardlink", "symlink"])
def test_export_can_link_instead_of_copying(copies, images, tmp_path):
    place = write_dataset("imagefolder", sample_dataset(images), tmp_path, Writing(copies=copies))
    files = list(place.rglob("*.png"))
    assert files and all(
        f.is_symlink() if copies == "symlink" else f.stat().st_nlink > 1 for f in files
    )


@pytest.mark.parametrize("name", [n for n, one in FORMATS.items() if one.images])
def test_a_changed_image_leaves_no_partial_export(name, images, tmp_path):
    changed = tmp_path / "changed.png"
    changed.write_bytes(images[0].read_bytes())
    data = dataset([item(images[1], "a.png", "con"), item(changed, "b.png", "con")])
    changed.write_bytes(images[2].read_bytes())
    with pytest.raises(OSError, match="changed after the import"):
        write_dataset(name, data, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["changed.png"]


@pytest.mark.parametrize("name", READABLE)
@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1, 2]", b"\0\xff\xfe", b"path,x\n1,2\n", b"null"]
)
def test_invalid_files_are_reported_in_one_line(name, content, tmp_path):
    place = tmp_path / f"bad{FORMATS[name].suffix}"
    if FORMATS[name].suffix:
        place.write_bytes(content)
    else:
        place.mkdir()
        for file in ("tasks.json", "labels.json", "a.json", "metadata.jsonl", "s.tar"):
            (place / file).write_bytes(content)
        (place / "annotations").mkdir()
        (place / "annotations" / "default.json").write_bytes(content)
    try:
        found = list(read(place, name).items())
    except LabellerError as error:
        assert len(str(error).splitlines()) == 1
    else:
        assert not found
