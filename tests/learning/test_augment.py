"""Batched augmentations against torchvision's functions for single images."""

import pytest
import torch
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
def test_each_image_is_changed_by_its_own_value_as_torchvision_would(ours, theirs, low, high):
    images, values = batch(), parameters(low, high)
    expected = torch.stack(
        [theirs(image, float(v)) for image, v in zip(images, values, strict=True)]
    )
    assert torch.allclose(ours(images, values), expected, atol=TOLERANCE)


def test_hue_leaves_greys_and_blacks_alone():
    greys = torch.linspace(0, 1, 4).view(4, 1, 1, 1).expand(4, 3, 2, 2)
    assert torch.allclose(augment.hue(greys, parameters(-0.3, 0.4, 4)), greys, atol=TOLERANCE)


def test_blur_is_torchvisions_gaussian():
    images, sigmas = batch(side=24), parameters(0.1, 2.0)
    expected = torch.stack(
        [
            reference.gaussian_blur(i, [3, 3], [float(s)] * 2)
            for i, s in zip(images, sigmas, strict=True)
        ]
    )
    assert torch.allclose(augment.blur(images, sigmas), expected, atol=TOLERANCE)


def test_grayscale_and_solarise_are_torchvisions():
    images = batch()
    assert torch.allclose(
        augment.grayscale(images), reference.rgb_to_grayscale(images), atol=TOLERANCE
    )
    assert torch.allclose(augment.solarise(images), reference.solarize(images, 0.5), atol=TOLERANCE)


def test_flips_and_crops_are_torchvisions():
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


def test_resized_crops_are_torchvisions_but_for_their_rims():
    """At the rim of a box torchvision repeats it, we read the image on; the inside is the same."""
    images = batch()
    flips = torch.tensor([0, 1, 0, 1, 0, 1], dtype=torch.bool)
    boxes = [(0, 0, 24, 24), (3, 5, 12, 12), (8, 2, 12, 18), (0, 12, 18, 12), (6, 6, 12, 12),
             (10, 4, 14, 16)]  # fmt: skip
    expected = []
    for image, flip, (top, left, height, width) in zip(images, flips, boxes, strict=True):
        cut = reference.resized_crop(image, top, left, height, width, [24, 24], antialias=False)
        expected.append(reference.horizontal_flip(cut) if flip else cut)
    top, left, height, width = (torch.tensor(values) / 24 for values in zip(*boxes, strict=True))
    got = augment.flip_and_resized_crop(images, flips, top, left, height, width)
    inside = (..., slice(2, -2), slice(2, -2))
    assert torch.allclose(got[inside], torch.stack(expected)[inside], atol=1e-4)


@pytest.mark.parametrize("view", [augment.weak_view, augment.strong_view])
def test_views_are_drawn_anew_for_each_image_and_repeat_with_the_seed(view):
    same = batch(1).expand(64, -1, -1, -1)
    views = view(same, torch.Generator().manual_seed(1))
    assert torch.equal(views, view(same, torch.Generator().manual_seed(1)))
    distinct = {tuple(image.flatten()[:200].tolist()) for image in views}
    assert len(distinct) > 20
    assert views.min() >= 0 and views.max() <= 1


def test_strong_effects_come_as_often_as_they_should():
    rng = torch.Generator().manual_seed(3)
    colourful = torch.rand(4000, 3, 8, 8, generator=rng)
    views = augment.strong_view(colourful, rng)
    spread = views.amax(dim=1) - views.amin(dim=1)
    grey = float((spread.amax(dim=(1, 2)) < 1e-4).float().mean())
    assert grey == pytest.approx(augment.GRAY_SHARE, abs=0.03)


def test_flips_happen_to_half_of_the_images():
    ramp = torch.linspace(0.2, 1, 16).expand(2000, 3, 16, 16)
    views = augment.weak_view(ramp, torch.Generator().manual_seed(5))
    flipped = float((views[:, 0, 8, 5] > views[:, 0, 8, 10]).float().mean())
    assert flipped == pytest.approx(0.5, abs=0.04)
