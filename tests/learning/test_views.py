"""Views have the properties a self-supervised method asks for."""

import torch
from labeller_models.encoder import CIFAR10

from labeller.learning.augment import WantedViews, draw_views


def images() -> torch.Tensor:
    """From black on the left to white on the right: a small crop has hardly any contrast."""
    return torch.linspace(0, 1, 17).expand(64, 3, 17, 17)


def draw(wanted: WantedViews):
    return draw_views(images(), wanted, torch.Generator().manual_seed(0), CIFAR10)


def views(wanted: WantedViews) -> list[torch.Tensor]:
    seen = draw(wanted)
    return [seen.query_weak, seen.query_strong, seen.key_weak, seen.key_strong]


def test_views_have_the_requested_side():
    assert {tuple(view.shape) for view in views(WantedViews(side=8))} == {(64, 3, 8, 8)}
    assert {tuple(view.shape) for view in views(WantedViews())} == {(64, 3, 17, 17)}


def mean_range(seen: torch.Tensor) -> float:
    """Mean range of values in a view."""
    return float((seen.amax(dim=(1, 2, 3)) - seen.amin(dim=(1, 2, 3))).mean())


def test_strong_views_crop_the_requested_area():
    whole, small = (
        draw(WantedViews("strong", crop_area=area)).query_strong for area in ((1, 1), (0.02, 0.06))
    )
    assert mean_range(small) < 0.6 * mean_range(whole)


def test_the_kind_determines_which_views_are_strong():
    """Only solarisation turns white to black, and weak views are not solarised."""
    white = torch.ones(256, 3, 16, 16)
    floor = CIFAR10.normalised(torch.zeros(1, 3, 1, 1))
    ceiling = CIFAR10.normalised(torch.ones(1, 3, 1, 1))
    solarised = {}
    for kind in ("weak-strong", "strong", "weak"):
        seen = draw_views(white, WantedViews(kind), torch.Generator().manual_seed(0), CIFAR10)
        middles = [view[:, :, 8:9, 8:9] for view in (seen.query_weak, seen.query_strong)]
        dark = [((middle - floor).abs() < (middle - ceiling).abs()).any() for middle in middles]
        solarised[kind] = [bool(each) for each in dark]
    assert solarised == {
        "weak-strong": [False, True], "strong": [True, True], "weak": [False, False],
    }  # fmt: skip
