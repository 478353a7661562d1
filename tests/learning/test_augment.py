"""Batched augmentations against torchvision's functions for single images."""

import pytest
import torch
from torchvision.transforms.v2 import RandomResizedCrop
from torchvision.transforms.v2 import functional as reference

from labeller.learning import augment

TOLERANCE = 1e-5


def batch(count: int = 6, side: int = 24) -> torch.Tensor:
    return torch.rand(count, 3, side, side, generator=torch.Generator().manual_seed(0))


def parameters(low: float, high: float, count: int = 6) -> torch.Tensor:
    return torch.linspace(low, high, count)


@pytest.mark.parametrize(
    ("ours", "theirs", "low", "high"),
    [
        (augment.brightness, reference.adjust_brightness, 0.6, 1.4),
        (augment.contrast, reference.adjust_contrast, 0.6, 1.4),
        (augment.saturation, reference.adjust_saturation, 0.8, 1.2),
        (augment.hue, reference.adjust_hue, -0.5, 0.5),
    ],
)
def test_each_image_is_changed_by_its_own_value_like_torchvision(ours, theirs, low, high):
    images, values = batch(), parameters(low, high)
    expected = torch.stack(
        [theirs(image, float(v)) for image, v in zip(images, values, strict=True)]
    )
    assert torch.allclose(ours(images, values), expected, atol=TOLERANCE)


def test_hue_leaves_greys_and_blacks_alone():
    greys = torch.linspace(0, 1, 4).view(4, 1, 1, 1).expand(4, 3, 2, 2)
    assert torch.allclose(augment.hue(greys, parameters(-0.3, 0.4, 4)), greys, atol=TOLERANCE)


def test_blur_matches_torchvision():
    images, sigmas = batch(side=24), parameters(0.1, 2.0)
    expected = torch.stack(
        [
            reference.gaussian_blur(i, [3, 3], [float(s)] * 2)
            for i, s in zip(images, sigmas, strict=True)
        ]
    )
    assert torch.allclose(augment.blur(images, sigmas), expected, atol=TOLERANCE)


def test_grayscale_and_solarise_match_torchvision():
    images = batch()
    assert torch.allclose(
        augment.grayscale(images), reference.rgb_to_grayscale(images), atol=TOLERANCE
    )
    assert torch.allclose(augment.solarise(images), reference.solarize(images, 0.5), atol=TOLERANCE)


def test_flips_and_crops_match_torchvision():
    images = batch()
    flips = torch.tensor([0, 1, 0, 1, 0, 1], dtype=torch.bool)
    tops = torch.tensor([0, 1, 2, 3, 4, 6])
    lefts = torch.tensor([6, 5, 4, 3, 0, 1])
    expected = torch.stack(
        [
            reference.crop(
                reference.pad(reference.horizontal_flip(image) if flip else image, [3]),
                int(top), int(left), 24, 24,
            )
            for image, flip, top, left in zip(images, flips, tops, lefts, strict=True)
        ]
    )  # fmt: skip
    assert torch.equal(augment.flip_and_crop(images, flips, tops, lefts, 3), expected)


def test_resized_crops_match_torchvision():
    images = batch()
    flips = torch.tensor([0, 1, 0, 1, 0, 1], dtype=torch.bool)
    boxes = [(0, 0, 24, 24), (3, 5, 12, 12), (8, 2, 13, 18), (0, 11, 18, 13), (6, 6, 11, 10),
             (10, 4, 14, 16)]  # fmt: skip
    expected = []
    for image, flip, (top, left, height, width) in zip(images, flips, boxes, strict=True):
        cut = reference.resized_crop(image, top, left, height, width, [24, 24], antialias=True)
        expected.append(reference.horizontal_flip(cut) if flip else cut)
    parameters = (torch.tensor(values) for values in zip(*boxes, strict=True))
    got = augment.flip_and_resized_crop(images, flips, *parameters)
    assert torch.allclose(got, torch.stack(expected), atol=TOLERANCE)


def test_crop_boxes_are_distributed_like_torchvisions():
    """Means and standard deviations of 20,000 boxes compared with torchvision's."""
    rng = torch.Generator().manual_seed(0)
    drawn = torch.stack(augment.draw_boxes(20_000, 32, rng)).double()
    top, left, height, width = drawn
    assert (top >= 0).all() and (left >= 0).all() and (height >= 1).all() and (width >= 1).all()
    assert (top + height <= 32).all() and (left + width <= 32).all()
    torch.manual_seed(1)
    image = torch.zeros(3, 32, 32)
    crop = RandomResizedCrop(32, augment.CROP_AREA, augment.CROP_RATIO)
    theirs = torch.tensor(
        [list(crop.make_params([image]).values()) for _ in range(20_000)], dtype=torch.double
    ).T
    for ours, reference_ in zip(drawn, theirs, strict=True):
        error = reference_.std() / 20_000**0.5
        assert (ours.mean() - reference_.mean()).abs() < 5 * error
        assert float(ours.std() / reference_.std()) == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize("way", [augment._jitter_by_rows, augment._jitter_by_masks])
def test_jitter_gives_each_image_its_own_values_in_its_own_order(way):
    images = batch()
    values, orders = augment.draw_jitter(6, torch.Generator().manual_seed(2))
    changes = (
        reference.adjust_brightness, reference.adjust_contrast,
        reference.adjust_saturation, reference.adjust_hue,
    )  # fmt: skip
    expected = []
    for place, image in enumerate(images):
        for step in orders[place].tolist():
            image = changes[step](image, float(values[step, place]))
        expected.append(image)
    before = images.clone()
    got = way(images, values, orders)
    assert torch.allclose(got, torch.stack(expected), atol=TOLERANCE)
    assert torch.equal(images, before)


def test_jitter_is_uniform_and_independent():
    values, orders = augment.draw_jitter(24_000, torch.Generator().manual_seed(4))
    ranges = ((0.6, 1.4), (0.6, 1.4), (0.8, 1.2), (-0.1, 0.1))
    for drawn, (low, high) in zip(values, ranges, strict=True):
        assert low <= float(drawn.min()) and float(drawn.max()) <= high
        shares = torch.histc(drawn, 10, low, high) / len(drawn)
        assert (shares - 0.1).abs().max() < 0.01, "uniform"
    counts = torch.unique(orders, dim=0, return_counts=True)[1]
    assert len(counts) == 24 and (counts - 1000).abs().max() < 150, "all orders, equally often"
    correlation = torch.corrcoef(values)
    assert (correlation - torch.eye(4)).abs().max() < 0.03, "drawn independently"


@pytest.mark.parametrize("view", [augment.weak_view, augment.strong_view])
def test_views_differ_between_images_and_repeat_with_the_seed(view):
    same = batch(1).expand(64, -1, -1, -1)
    views = view(same, torch.Generator().manual_seed(1))
    assert torch.equal(views, view(same, torch.Generator().manual_seed(1)))
    distinct = {tuple(image.flatten()[:200].tolist()) for image in views}
    assert len(distinct) > 20
    assert views.min() >= 0 and views.max() <= 1


def test_strong_effects_occur_at_their_rates(monkeypatch):
    """Each effect is replaced by a marker value, and the markers are counted."""
    marks = {"jitter": 0.1, "grayscale": 0.2, "blur": 0.3, "solarise": 0.4}
    shares = (
        augment.JITTER_SHARE, augment.GRAY_SHARE, augment.BLUR_SHARE, augment.SOLARISE_SHARE,
    )  # fmt: skip
    for (name, mark), share in zip(marks.items(), shares, strict=True):
        for other in marks:
            monkeypatch.setattr(augment, other, lambda images, *_: images)
        monkeypatch.setattr(augment, name, lambda images, *_, m=mark: torch.full_like(images, m))
        views = augment.strong_view(torch.ones(4000, 3, 8, 8), torch.Generator().manual_seed(3))
        marked = float((views[:, 0, 0, 0] == mark).float().mean())
        assert marked == pytest.approx(share, abs=0.03), name


def test_blur_sigmas_are_uniform_in_their_range(monkeypatch):
    drawn: list[torch.Tensor] = []
    monkeypatch.setattr(augment, "blur", lambda images, sigmas: drawn.append(sigmas) or images)
    augment.strong_view(torch.ones(4000, 3, 8, 8), torch.Generator().manual_seed(6))
    (sigmas,) = drawn
    shares = torch.histc(sigmas, 10, *augment.BLUR_SIGMA) / 4000
    assert sigmas.min() >= 0.1 and sigmas.max() <= 2.0 and (shares - 0.1).abs().max() < 0.02


def test_crop_shifts_are_uniform():
    """A single bright point shows where each image was cropped."""
    point = torch.zeros(9000, 3, 16, 16)
    point[:, :, 8, 7:9] = torch.tensor([0.5, 0.5])
    views = augment.weak_view(point, torch.Generator().manual_seed(7))
    rows = views[:, 0].sum(dim=2).argmax(dim=1)
    assert torch.unique(rows).tolist() == [6, 7, 8, 9, 10]
    assert ((torch.bincount(rows)[6:] / 9000) - 0.2).abs().max() < 0.02


def test_half_of_the_images_are_flipped():
    ramp = torch.linspace(0.2, 1, 16).expand(2000, 3, 16, 16)
    views = augment.weak_view(ramp, torch.Generator().manual_seed(5))
    flipped = float((views[:, 0, 8, 5] > views[:, 0, 8, 10]).float().mean())
    assert flipped == pytest.approx(0.5, abs=0.04)
