"""Zip archives written by other systems."""

import zipfile

import pytest

from labeller.core.errors import LabellerError
from labeller.pool import archives
from labeller.pool.archives import guess_encoding
from labeller.pool.sources import label_by_folder, list_images, unpack
from tests.pool.test_sources import labels, paths


def archive(path, names: list[bytes], flag: bool = False):
    """Write an archive whose entry names are these raw bytes."""
    with zipfile.ZipFile(path, "w") as file:
        for number, name in enumerate(names):
            file.writestr("x" * len(name), b"%d" % number)  # placeholders of equal length
    data = path.read_bytes()
    for name in names:
        data = data.replace(b"x" * len(name), name, 1)
    for name in names:  # again for the central directory
        data = data.replace(b"x" * len(name), name, 1)
    path.write_bytes(data)
    return path


CHINESE = ["猫咪图片/照片一.jpg", "小狗图片/照片二.jpg", "小鸟图片/照片三.jpg"]
JAPANESE = ["ねこの写真/一枚目のカット.jpg", "いぬの写真/二枚目のカット.jpg"]
GERMAN = ["Käfer/schön.jpg", "Vögel/größer.jpg"]


@pytest.mark.parametrize(
    ("names", "encoding"),
    [(CHINESE, "gbk"), (JAPANESE, "cp932"), (GERMAN, "utf-8"), (CHINESE, "utf-8")],
)
def test_the_encoding_of_unmarked_names_is_guessed_and_reported(tmp_path, names, encoding):
    path = archive(tmp_path / "a.zip", [name.encode(encoding) for name in names])
    listing = list_images(path)
    assert sorted(paths(listing)) == sorted(names)
    assert "choose another encoding" in str(listing.notes[0])
    unpacked = unpack(listing, tmp_path / "out")
    assert all((unpacked.root / name).is_file() for name in names)


def test_a_given_encoding_is_used(tmp_path):
    path = archive(tmp_path / "a.zip", [name.encode("gbk") for name in CHINESE])
    listing = list_images(path, zip_encoding="gbk")
    assert sorted(paths(listing)) == sorted(CHINESE) and listing.notes == ()
    with pytest.raises(LabellerError, match="are not ascii"):
        list_images(path, zip_encoding="ascii")
    with pytest.raises(LabellerError, match="are not klingon"):
        list_images(path, zip_encoding="klingon")


def test_ascii_and_utf_8_names_are_not_guessed(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.writestr("Käfer/1.jpg", b"x")
        file.writestr("plain/2.jpg", b"x")
    listing = list_images(tmp_path / "a.zip")
    assert paths(listing) == ["Käfer/1.jpg", "plain/2.jpg"] and listing.notes == ()
    assert guess_encoding([b"\xff\xfe\x00"]) != ""


def test_backslashes_and_dots_in_names_are_normalised(tmp_path):
    path = archive(
        tmp_path / "a.zip", [b"set\\cat\\1.jpg", b"./set/dog/2.jpg", b"set/x/../dog/3.jpg"]
    )
    listing = list_images(path)
    assert paths(listing) == ["cat/1.jpg", "dog/2.jpg", "dog/3.jpg"]
    assert labels(label_by_folder(listing)) == ["cat", "dog", "dog"]
    unpacked = unpack(listing, tmp_path / "out")
    assert (unpacked.root / "cat" / "1.jpg").read_bytes() == b"0"
    assert paths(list_images(path / "set" / "dog")) == ["2.jpg", "3.jpg"]


@pytest.mark.parametrize(
    "name", [b"../evil.jpg", b"..\\evil.jpg", b"/evil.jpg", b"a/../../evil.jpg", b"C:\\evil.jpg"]
)
def test_names_leading_outside_are_refused(tmp_path, name):
    path = archive(tmp_path / "a.zip", [b"cat/1.jpg", name])
    with pytest.raises(LabellerError, match="outside its folder"):
        list_images(path)


def test_names_that_collide_on_the_disk_are_refused(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.writestr("red/A.jpg", b"one")
        file.writestr("red/a.jpg", b"two")
    listing = list_images(tmp_path / "a.zip")
    monkeypatch.setattr(archives, "tells_letters_apart", lambda folder: False)
    with pytest.raises(LabellerError, match=r"contains red/A\.jpg and red/a\.jpg, which this disk"):
        unpack(listing, tmp_path / "out")
    monkeypatch.undo()
    unpack(listing, tmp_path / "out")
    assert (tmp_path / "out" / "red" / "A.jpg").read_bytes() == b"one"
    assert (tmp_path / "out" / "red" / "a.jpg").read_bytes() == b"two"
