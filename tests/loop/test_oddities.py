"""Near-duplicates and outliers among labelled images."""

import pytest
from PIL import Image, ImageDraw

from labeller.loop import oddities, rounds
from labeller.loop.method import Method
from tests.conftest import draw
from tests.frozen_encoder import frozen  # noqa: F401

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def with_oddities(make, images):
    """36 plain images plus a resized copy in another class, an exact copy, and an outlier."""
    with Image.open(images / "green" / "04.png") as picture:
        picture.save(images / "green" / "copy.bmp")
    with Image.open(images / "red" / "03.png") as picture:
        picture.resize((30, 30)).save(images / "blue" / "again.png")
    strange = draw("green", 99)
    ImageDraw.Draw(strange).rectangle((0, 0, 19, 39), fill=(255, 255, 255))
    ImageDraw.Draw(strange).rectangle((20, 0, 39, 39), fill=(0, 0, 0))
    strange.save(images / "green" / "strange.png")
    project = make(images, truth="folders", batch_size=39)
    rounds.label_by_oracle(project, rounds.begin(project))
    rounds.train_round(project, Method())
    return project


def names(project, ids) -> list[str]:
    return [image.path for image in project.images.get(ids)]


def test_near_duplicates_with_different_labels_come_first(with_oddities, monkeypatch):
    monkeypatch.setattr(oddities, "ALIKE", 0.99999)
    ids = with_oddities.images.unlabelled().tolist() + with_oddities.labels.labelled()[0].tolist()
    found = names(with_oddities, oddities.near_duplicates(with_oddities, ids))
    assert set(found[:2]) == {"red/03.png", "blue/again.png"}, "their labels differ"
    assert set(found[2:]) == {"green/04.png", "green/copy.bmp"}
    only = [
        i
        for i, name in zip(ids, names(with_oddities, ids), strict=True)
        if name != "blue/again.png"
    ]
    assert "red/03.png" not in names(with_oddities, oddities.near_duplicates(with_oddities, only))
    assert (
        oddities.near_duplicates(with_oddities, only[:1])
        == oddities.near_duplicates(with_oddities, [])
        == []
    )


def test_block_size_does_not_change_near_duplicates(with_oddities, monkeypatch):
    ids = with_oddities.labels.labelled()[0].tolist()
    whole = oddities.near_duplicates(with_oddities, ids)
    monkeypatch.setattr(oddities, "BLOCK", 5)
    assert oddities.near_duplicates(with_oddities, ids) == whole


def test_outliers_come_first(with_oddities):
    ids = with_oddities.labels.labelled()[0].tolist()
    found = oddities.outliers(with_oddities, ids)
    assert names(with_oddities, found)[0] == "green/strange.png" and sorted(found) == sorted(ids)
    assert oddities.outliers(with_oddities, []) == []
