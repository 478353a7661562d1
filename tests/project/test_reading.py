"""How images are read: grey values, the largest image, and reading them again."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from PIL import Image

from labeller.cli.main import program
from labeller.core.errors import Cancelled, LabellerError
from labeller.core.run import Run
from labeller.learning.frozen_features import FrozenFeatures
from labeller.loop.training_data import pool_of
from labeller.pool.decode import Reading
from labeller.project.creation import create, open_complete, read_again, resume
from labeller.project.planning import Request
from labeller.project.project import Project
from tests.conftest import draw, fill
from tests.frozen_encoder import frozen  # noqa: F401
from tests.pool.test_colour import encode

SIDE = 300


def save_deep_image(path: Path, value: int) -> None:
    """Save a 16-bit grey image whose left half is black and right half has `value`."""
    pixels = np.zeros((SIDE, SIDE), np.uint16)
    pixels[:, SIDE // 2 :] = value
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


def brightness(project: Project, name: str) -> tuple[int, int]:
    """Brightness of the right half in the training tensors and in the grid."""
    (image_id,) = project.images.named(name, 2)
    image = project.images.get([image_id])[0]
    thumbnail = project.thumbnails.load(image.sha256, image.file)
    shown = np.asarray(thumbnail)[:, -20:].mean()
    return int(project.tensors()[image_id - 1][:, -3:].mean()), round(float(shown))


def make_project(tmp_path, **request) -> Project:
    classes = () if "labels" in request else ("x", "y")
    request = {"classes": classes, "resolution": 16, **request}
    return create(tmp_path / "p", Request(str(tmp_path / "set"), **request))


def test_deep_images_share_one_grey_range(tmp_path):
    """12-bit and 10-bit images of one source share a scale, so a dark image is not brightened."""
    save_deep_image(tmp_path / "set" / "bright.png", 4000)
    save_deep_image(tmp_path / "set" / "dark.png", 1000)
    with make_project(tmp_path) as project:
        assert brightness(project, "bright") == pytest.approx((249, 249), abs=2)
        assert brightness(project, "dark") == pytest.approx((62, 62), abs=2)
        assert project.reading.grey == (0, 4095)
        assert "from 0 (black) to 4095 (white)" in " ".join(map(str, project.import_notes))


def test_very_different_grey_ranges_are_not_combined(tmp_path):
    save_deep_image(tmp_path / "set" / "mask.png", 20)
    save_deep_image(tmp_path / "set" / "photo.png", 60_000)
    with make_project(tmp_path) as project:
        assert project.reading.grey is None
        assert brightness(project, "mask")[0] > 100 and brightness(project, "photo")[0] > 200


def test_the_grey_range_applies_to_training_window_and_encoder(tmp_path):
    save_deep_image(tmp_path / "set" / "a.tif", 1000)
    fill(tmp_path / "set" / "colours", 1)
    with make_project(tmp_path, grey=(0.0, 2000.0)) as project:
        assert brightness(project, "a.tif") == pytest.approx((127, 127), abs=2)
        files = project.image_files()
        (image_id,) = project.images.named("a.tif", 1)
        shown = np.asarray(files.decode(image_id - 1, 64).picture)
        assert shown[:, -20:].mean() == pytest.approx(127, abs=2)


@pytest.mark.usefixtures("frozen")
def test_changing_the_reading_keeps_labels_and_rebuilds_caches(tmp_path):
    save_deep_image(tmp_path / "set" / "deep.png", 1000)
    fill(tmp_path / "set" / "colours", 1)
    with make_project(tmp_path) as project:
        (image_id,) = project.images.named("deep", 1)
        project.labels.assign({image_id: 1}, annotator="anna")
        before = np.asarray(project.tensors())
        pool = pool_of(project, "cpu")
        rows = torch.arange(len(pool))
        features = FrozenFeatures("mean-colours", pool).raw(rows, Run(0)).clone()
    assert read_again(tmp_path / "p", Reading(grey=(0.0, 4095.0))) == 1
    with open_complete(tmp_path / "p") as project:
        assert project.labels.counts()[0] == 1
        assert brightness(project, "deep") == pytest.approx((62, 62), abs=2)
        others = [row for row in range(len(before)) if row != image_id - 1]
        assert np.array_equal(project.tensors()[others], before[others])
        again = FrozenFeatures("mean-colours", pool_of(project, "cpu")).raw(rows, Run(0))
        assert not torch.allclose(again[image_id - 1], features[image_id - 1])
        assert torch.equal(again[others], features[others])


@pytest.mark.usefixtures("frozen")
def test_reading_an_older_project_again_applies_colour_profiles(tmp_path, monkeypatch):
    as_before = Reading(true_colour=False)
    monkeypatch.setattr("labeller.project.creation.reading_of", lambda request: as_before)
    fill(tmp_path / "set" / "colours", 1)
    meant = Image.new("RGB", (400, 300), (200, 40, 40))
    (tmp_path / "set" / "meant.png").write_bytes(encode(meant))
    (tmp_path / "set" / "broken.png").write_bytes(encode(meant.resize((401, 300)), "PNG", b"x" * 9))
    make_project(tmp_path).close()
    with Project(tmp_path / "p") as project:  # as in an earlier version
        project.settings.set("true_colour", None)
    assert read_again(tmp_path / "p", as_before) == 0

    def blue_and_features(at: Path) -> tuple[int, torch.Tensor, list[str]]:
        with open_complete(at) as project:
            (image_id,) = project.images.named("meant", 1)
            pool = pool_of(project, "cpu")
            features = FrozenFeatures("mean-colours", pool).raw(torch.arange(len(pool)), Run(0))
            tensor = project.tensors()[image_id - 1]
            (image,) = project.images.get([image_id])
            shown = project.thumbnails.load(image.sha256, image.file).getpixel((50, 50))
            assert shown[2] == pytest.approx(tensor[8, 8, 2], abs=8)
            notes = [str(note) for note in project.import_notes]
            return int(tensor[8, 8, 2]), features[image_id - 1], notes

    before, features, notes = blue_and_features(tmp_path / "p")
    assert before == 40
    assert read_again(tmp_path / "p", Reading()) == 2, "the two images with a profile"
    after, others, notes = blue_and_features(tmp_path / "p")
    assert after > 180 and not torch.allclose(others, features)
    assert "Colour profiles that cannot be used: 1. These images are shown without them." in notes
    assert read_again(tmp_path / "p", Reading()) == 0


def test_interrupted_reading_is_resumed_and_never_deletes_the_project(tmp_path):
    for number in range(3):
        save_deep_image(tmp_path / "set" / f"{number}.png", 1000)
    make_project(tmp_path).close()
    with Project(tmp_path / "p") as project:
        project.labels.assign({1: 1}, annotator="anna")
    with pytest.raises(Cancelled):
        read_again(tmp_path / "p", Reading(grey=(0.0, 4095.0)), run=Run(should_stop=lambda: True))
    for number in range(3):  # all damaged in the meantime
        (tmp_path / "set" / f"{number}.png").write_bytes(b"torn")
    with resume(tmp_path / "p") as project:
        assert project.complete and project.labels.counts()[0] == 1
        assert project.images.counts()["ready"] == 3, "known images are kept"


def test_images_with_missing_files_are_kept(tmp_path):
    save_deep_image(tmp_path / "set" / "here.png", 1000)
    save_deep_image(tmp_path / "set" / "away.png", 900)
    make_project(tmp_path).close()
    (tmp_path / "set" / "away.png").unlink()
    assert read_again(tmp_path / "p", Reading(grey=(0.0, 4095.0))) == 1
    with open_complete(tmp_path / "p") as project:
        assert project.images.counts()["ready"] == 2
        assert brightness(project, "away")[1] > 200, "its thumbnail is kept"


def test_an_incompletely_copied_photo_is_read_later(tmp_path):
    fill(tmp_path / "set", 1)
    whole = tmp_path / "whole.jpg"
    draw("red", 7).resize((400, 400)).save(whole)
    copied = tmp_path / "set" / "red" / "copied.jpg"
    copied.write_bytes(whole.read_bytes()[:3000])
    with make_project(tmp_path, labels="folders") as project:
        assert project.images.counts() == {"ready": 3, "test": 0, "unreadable": 1, "duplicates": 0}
        assert "less than a minute ago: 1" in " ".join(map(str, project.import_notes))
    shutil.copy(whole, copied)
    assert read_again(tmp_path / "p", Reading()) == 1
    with open_complete(tmp_path / "p") as project:
        assert project.images.counts()["ready"] == 4
        (image_id,) = project.images.named("copied", 1)
        assert project.tensors()[image_id - 1].any()
    old = tmp_path / "set" / "red" / "old.jpg"
    old.write_bytes(b"torn")
    os.utime(old, (1, 1))
    with create(
        tmp_path / "q", Request(str(tmp_path / "set"), ("x", "y"), resolution=16)
    ) as project:
        assert "a minute ago" not in " ".join(map(str, project.import_notes))


def test_the_pixel_limit_is_reported_and_can_be_raised(tmp_path):
    fill(tmp_path / "set", 1)
    Image.new("L", (2000, 1000)).save(tmp_path / "set" / "large.png")
    with make_project(tmp_path, megapixels=1) as project:
        ((path, reason),) = project.images.unreadable()
        assert path == "large.png" and "2000 × 1000 pixels, more than 1 million" in reason
    done = CliRunner().invoke(program, ["read-again", str(tmp_path / "p"), "--megapixels", "2"])
    assert done.exit_code == 0 and done.stdout.strip() == "images read again: 1", done.output
    with open_complete(tmp_path / "p") as project:
        assert project.images.counts()["ready"] == 4 and project.reading.megapixels == 2


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--grey", "5", "5"], "must be the smaller one"),
        (["--grey", "nan", "5"], "must be the smaller one"),
        (["--megapixels", "0"], "The limit must lie between 1 and"),
    ],
)
def test_invalid_reading_options_are_reported(tmp_path, options, reason):
    fill(tmp_path / "set", 1)
    command = ["create", str(tmp_path / "x"), "--images", str(tmp_path / "set"), *options]
    done = CliRunner().invoke(program, command)
    assert done.exit_code == 1 and reason in done.stderr and "Traceback" not in done.output
    assert not (tmp_path / "x").exists()


def test_a_damaged_grey_range_is_reported(tmp_path):
    fill(tmp_path / "set", 1)
    make_project(tmp_path).close()
    with Project(tmp_path / "p") as project:
        project._db.execute(
            "UPDATE setting SET value = ? WHERE key = 'grey'", [json.dumps(["a", 3])]
        )
    with Project(tmp_path / "p") as project:
        assert "setting 'grey' is damaged" in project.notices[0], "the project still opens"
        with pytest.raises(LabellerError, match="setting 'grey' is damaged"):
            _ = project.reading


def test_split_folders_can_be_treated_as_classes(tmp_path):
    for name in ("train", "test"):
        fill(tmp_path / "set" / name, 1)
    with make_project(tmp_path, labels="folders", splits=False) as project:
        assert {c.name for c in project.classes.all()} == {"train", "test"}
