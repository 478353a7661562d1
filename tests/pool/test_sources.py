import zipfile
from pathlib import Path

import pytest

from labeller.core.errors import LabellerError
from labeller.pool.sources import label_by_folder, list_images, take_splits_apart, unpack


def touch(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    return root


def paths(listing) -> list[str]:
    return [image.path for image in listing.images]


def labels(listing) -> list[str | None]:
    return [image.label for image in label_by_folder(listing).images]


def test_folders_are_listed_recursively_in_a_fixed_order(tmp_path):
    touch(tmp_path, "b/2.PNG", "b/1.jpeg", "a/deep/3.webp", "a/notes.txt", ".git/x.png", "._4.png")
    listing = list_images(tmp_path)
    assert paths(listing) == ["a/deep/3.webp", "b/1.jpeg", "b/2.PNG"]
    assert labels(listing) == ["a", "b", "b"]


def test_wrapping_folders_are_skipped(tmp_path):
    touch(tmp_path, "download/photos/cat/1.jpg", "download/photos/dog/2.jpg")
    assert labels(list_images(tmp_path)) == ["cat", "dog"]


def test_a_single_class_folder_is_kept(tmp_path):
    touch(tmp_path, "cat/1.jpg", "cat/2.jpg")
    assert labels(list_images(tmp_path)) == ["cat", "cat"]


def test_train_and_test_folders_are_separated(tmp_path):
    touch(tmp_path, "set/train/cat/1.jpg", "set/train/dog/2.jpg", "set/test/cat/3.jpg")
    found = take_splits_apart(list_images(tmp_path))
    assert labels(found.pool) == ["cat", "dog"]
    assert found.pool.root == tmp_path / "set" / "train"
    assert labels(found.test) == ["cat"] and found.validation is None
    found = take_splits_apart(list_images(touch(tmp_path, "set/other/cat/4.jpg")))
    assert found.test is None and len(found.pool.images) == 4


def test_zip_archives_are_listed_and_unpacked(tmp_path):
    archive = tmp_path / "set.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("set/cat/1.jpg", b"one")
        file.writestr("set/dog/2.jpg", b"two")
        file.writestr("__MACOSX/set/cat/._1.jpg", b"no")
    listing = list_images(archive)
    assert labels(listing) == ["cat", "dog"]
    unpacked = unpack(listing, tmp_path / "out")
    assert [(unpacked.root / p).read_bytes() for p in paths(unpacked)] == [b"one", b"two"]


def test_a_folder_inside_a_zip_can_be_named(tmp_path):
    archive = tmp_path / "set.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("train/cat/1.jpg", b"one")
        file.writestr("train/dog/2.jpg", b"two")
        file.writestr("test/cat/3.jpg", b"three")
    listing = list_images(archive / "test")
    assert paths(listing) == ["cat/3.jpg"]
    assert (unpack(listing, tmp_path / "out").root / "cat/3.jpg").read_bytes() == b"three"


@pytest.mark.parametrize("name", ["../evil.jpg", "/evil.jpg", "a/../../evil.jpg", "..\\evil.jpg"])
def test_a_zip_cannot_reach_outside_its_folder(tmp_path, name):
    archive = tmp_path / "set.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(name, b"x")
    with pytest.raises(LabellerError, match="outside its folder"):
        list_images(archive)


def test_tables_give_paths_and_labels(tmp_path):
    touch(tmp_path, "1.jpg", "sub/2.jpg")
    table = tmp_path / "list.csv"
    table.write_text("\ufeffpath,label\n1.jpg,cat\nsub/2.jpg,\n1.jpg,cat\n", encoding="utf-8")
    listing = list_images(table)
    assert [(i.path, i.label) for i in listing.images] == [("1.jpg", "cat"), ("sub/2.jpg", None)]
    assert listing.root == tmp_path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"file,label\n1.jpg,cat\n", "column 'path'"),
        (b"path,label\n1.jpg,cat\n1.jpg,dog\n", "line 3.*another label"),
        (b"path,label\n,cat\n", "line 2.*empty"),
        (b"path\n\x81\xfe.jpg\n", "not UTF-8"),
    ],
)
def test_errors_in_tables_name_the_line(tmp_path, text, message):
    table = tmp_path / "list.csv"
    table.write_bytes(text)
    with pytest.raises(LabellerError, match=message):
        list_images(table)


def test_locations_without_images_are_reported(tmp_path):
    with pytest.raises(LabellerError, match="does not exist"):
        list_images(tmp_path / "nowhere")
    with pytest.raises(LabellerError, match="no images"):
        list_images(touch(tmp_path, "notes.txt"))
    with pytest.raises(LabellerError, match="neither a folder"):
        list_images(tmp_path / "notes.txt")
    (tmp_path / "broken.zip").write_bytes(b"PK but not really")
    with pytest.raises(LabellerError, match="cannot be read as a zip"):
        list_images(tmp_path / "broken.zip")
