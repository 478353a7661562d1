"""Which augmentations the query and key views of a batch get."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from labeller_models.encoder import Statistics
from torch import Tensor

from labeller.learning.augment import CROP_AREA, strong_view, weak_view

View = Callable[[Tensor, torch.Generator], Tensor]


@dataclass(frozen=True)
class WantedViews:
    """Which views a self-supervised method learns from.

    Attributes:
        kind: `weak-strong`; with `strong` or `weak` the two views of a branch are of one kind.
        crop_area: the smallest and the largest share of an image that a strong view shows.
        side: of the views in pixels; None for that of the images.
        own_keys: whether the key branch sees views of its own; else it sees those of the query
            branch.
    """

    kind: str = "weak-strong"
    crop_area: tuple[float, float] = CROP_AREA
    side: int | None = None
    own_keys: bool = True


@dataclass(frozen=True)
class Views:
    """Normalised views of a batch, [B, 3, S, S] each: of the query and of the key branch."""

    query_weak: Tensor
    query_strong: Tensor
    key_weak: Tensor
    key_strong: Tensor


def draw_views(
    images: Tensor, wanted: WantedViews, rng: torch.Generator, statistics: Statistics
) -> Views:
    """Views of images [B, 3, S, S] between 0 and 1, all drawn independently (section 3).

    Args:
        statistics: of the encoder, to normalise by.
    """
    strong_crop = functools.partial(strong_view, area=wanted.crop_area)
    kinds: dict[str, tuple[View, View]] = {
        "weak-strong": (weak_view, strong_crop),  # section 3
        "strong": (strong_crop, strong_crop),  # MoBY
        "weak": (weak_view, weak_view),  # Table 2, without strong augmentation
    }
    weak, strong = kinds[wanted.kind]

    def drawn(view: View) -> Tensor:
        seen = view(images, rng)
        if wanted.side not in (None, seen.shape[-1]):
            seen = F.interpolate(seen, size=wanted.side, mode="bilinear", antialias=True)
        return statistics.normalised(seen)

    query = drawn(weak), drawn(strong)
    return Views(*query, *((drawn(weak), drawn(strong)) if wanted.own_keys else query))
