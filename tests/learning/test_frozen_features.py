"""Features of real image files, read once and in the encoder's input format."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch
from labeller_models.frozen import frozen_encoder
from PIL import Image

from labeller.core.chosen_encoders import choose
from labeller.core.errors import Cancelled, LabellerError
from labeller.core.run import Run
from labeller.learning import frozen_features
from labeller.learning.batches import PoolImages
from labeller.learning.device import runtime
from labeller.learning.frozen_features import FrozenFeatures, chosen_side, views
from labeller.loop.training_data import pool_of
from tests.frozen_encoder import frozen, mean_colours  # noqa: F401

CPU = torch.device("cpu")


@pytest.fixture
def pool(project, frozen) -> PoolImages:  # noqa: F811
    return PoolImages(project.tensors(), CPU, project.image_files())


def count_computed(features: FrozenFeatures, monkeypatch) -> list[int]:
    """Record how many rows each call computes."""
    rows: list[int] = []
    real = features._computed

    def compute(wanted, run, maps):
        rows.append(len(wanted))
        return real(wanted, run, maps)

    monkeypatch.setattr(features, "_computed", compute)
    return rows


def test_onnx_runtime_and_torch_give_the_same_features():
    encoder = frozen_encoder("efficientnet-lite0")
    pixels = np.random.default_rng(0).integers(0, 256, (3, 96, 96, 3), dtype=np.uint8)
    (by_onnx,) = runtime(encoder, 96, CPU)(pixels, ["features"])
    with torch.inference_mode():
        images = torch.from_numpy(pixels).permute(0, 3, 1, 2) / 255
        by_torch = encoder.network(encoder.statistics.normalised(images))
    assert torch.allclose(by_onnx, by_torch, atol=1e-4)


class _Bessel(torch.nn.Module):
    def forward(self, images):
        return torch.special.bessel_j0(images).mean(dim=(2, 3))


def test_what_onnx_cannot_express_runs_in_torch_and_prints_nothing(capfd):
    encoder = mean_colours()
    unknown = replace(encoder, network=_Bessel(), dim=3, name="bessel")
    compute = runtime(unknown, 32, torch.device("cpu"))
    (features,) = compute(np.zeros((2, 32, 32, 3), np.uint8), ["features"])
    assert features.shape == (2, 3) and capfd.readouterr().out == ""


def test_features_are_read_from_the_files_once_and_kept(pool, project, monkeypatch):
    first = FrozenFeatures("mean-colours", pool)
    rows = torch.tensor([5, 2, 9])
    computed = count_computed(first, monkeypatch)
    raw = first.raw(rows, Run())
    assert torch.equal(first.raw(rows.flip(0), Run()), raw.flip(0)) and computed == [3]
    file = project.images.get([6])[0].file
    with Image.open(file) as picture:
        small = picture.resize((32, 32), Image.Resampling.BICUBIC)
    pixels = np.asarray(small, dtype=np.float32) / 255 * 2 - 1
    expected = [pixels[:16, :16, channel].mean() for channel in range(3)]
    assert raw[0, [0, 4, 8]].tolist() == pytest.approx(expected, abs=2e-3)
    again = FrozenFeatures(
        "mean-colours", PoolImages(project.tensors(), CPU, project.image_files())
    )
    computed = count_computed(again, monkeypatch)
    assert torch.equal(again.raw(torch.tensor([9, 3]), Run())[0], raw[2]) and computed == [1]


def test_stopping_keeps_features_already_read(pool, monkeypatch):
    monkeypatch.setattr(frozen_features, "batch_size", lambda device: 4)
    features = FrozenFeatures("mean-colours", pool)
    asked = iter(range(100))
    with pytest.raises(Cancelled):
        features.read(torch.arange(36), Run(should_stop=lambda: next(asked) >= 3))
    assert len(features.store.all_known()) == 12


def test_a_missing_image_is_read_from_the_cached_tensors(pool, project):
    image = project.images.get([1])[0]
    image.file.unlink()
    raw = FrozenFeatures("mean-colours", pool).raw(torch.tensor([0, 1]), Run())
    assert bool(torch.isfinite(raw).all())
    colour = np.asarray(project.tensors()[0]).mean(axis=(0, 1)) / 255 * 2 - 1
    assert raw[0, :].view(3, 4).mean(dim=1).tolist() == pytest.approx(colour.tolist(), abs=0.02)


def test_damaged_features_are_read_again(pool):
    features = FrozenFeatures("mean-colours", pool)
    good = features.raw(torch.tensor([4]), Run())
    features.store.put(torch.tensor([4]), torch.full((1, 12), torch.nan))
    assert torch.equal(features.raw(torch.tensor([4]), Run()), good)


def test_a_read_only_project_gets_no_feature_files(project, frozen):  # noqa: F811
    files = project.image_files()
    kept = files.features
    project.close()
    shutil.rmtree(kept, ignore_errors=True)
    from labeller.project.project import Project

    with Project(project.folder, read_only=True) as reader:
        pool = PoolImages(reader.tensors(), CPU, reader.image_files())
        assert FrozenFeatures("mean-colours", pool).raw(torch.tensor([0]), Run()).shape == (1, 12)
    assert not kept.exists()


def test_an_oblong_image_has_a_centre_and_a_whole_view():
    picture = Image.new("RGB", (300, 100), "white")
    picture.paste("black", (0, 0, 95, 100))
    centre, whole = views(picture, 30)
    assert centre.min() > 250, "the black third is cropped away"
    assert whole[:, :7].max() < 20 and whole.shape == centre.shape == (30, 30, 3)
    assert len(views(Image.new("RGB", (104, 100)), 30)) == 1


def test_features_of_an_oblong_image_average_both_views(make, tmp_path, frozen):  # noqa: F811
    folder = tmp_path / "oblong"
    folder.mkdir()
    picture = Image.new("RGB", (300, 100), "white")
    picture.paste("black", (0, 0, 95, 100))
    picture.save(folder / "a.png")
    picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(folder / "b.png")
    project = make(folder, classes=("a", "b"))
    pool = PoolImages(project.tensors(), CPU, project.image_files())
    raw = FrozenFeatures("mean-colours", pool).raw(torch.tensor([0]), Run())
    each = np.stack(views(picture, 32)).astype(np.float32) / 255 * 2 - 1
    expected = each[:, :16, :16, 0].mean(axis=(1, 2)).mean()
    assert float(raw[0, 0]) == pytest.approx(float(expected), abs=2e-3)
    assert float(raw[0, 0]) < float(each[0, :16, :16, 0].mean()) - 0.2, (
        "the centre crop alone is white"
    )


@pytest.mark.parametrize(
    ("longest", "count", "side"),
    [(400, 10, 224), (32, 10, 160), (128, 10, 128), (400, 60_000, 128)],
)
def test_small_images_and_huge_pools_are_read_at_smaller_sides(longest, count, side):
    encoder = frozen_encoder("efficientnet-lite0")
    assert chosen_side(encoder, np.full(count, longest)) == side
    assert chosen_side(mean_colours(), np.full(count, longest)) == 32, (
        "never larger than the encoder's own"
    )


def test_an_encoder_of_one_side_never_reads_at_another():
    transformer = replace(mean_colours(), fixed_side=True, side=224)
    for longest in (np.full(10, 32), np.full(60_000, 400)):
        assert chosen_side(transformer, longest) == 224


def test_an_unavailable_encoder_is_reported(pool, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    choose("timm:resnet18")
    with pytest.raises(LabellerError, match=r"'timm:resnet18' is not there.*Choose another one"):
        FrozenFeatures("timm:resnet18", pool)


def test_features_read_by_another_process_are_not_read_again(project, frozen, monkeypatch):  # noqa: F811
    monkeypatch.setattr("labeller.learning.frozen_features.PART", 8)
    monkeypatch.setattr("labeller.learning.frozen_features.batch_size", lambda _: 8)
    ours, theirs = (FrozenFeatures("mean-colours", pool_of(project, "cpu")) for _ in range(2))
    rows = torch.arange(32)
    read: list[int] = []
    computed = ours._computed

    def watched(wanted, run, maps):
        for batch, *rest in computed(wanted, run, maps):
            read.extend(batch.tolist())
            theirs.read(rows[16:], Run())  # while `ours` reads its first rows
            yield batch, *rest

    monkeypatch.setattr(ours, "_computed", watched)
    told: list[int] = []
    ours.read(rows, Run(report=lambda p: told.append(p.done)))
    assert read == list(range(16)) and told == [8, 16]
    assert bool(ours.store.known(rows).all())
