"""Which augmentations the query and key views of a batch get."""

from dataclasses import dataclass

import torch
from torch import Tensor

from labeller.learning.augment import strong_view, weak_view
from models.encoder import Statistics

_VIEWS = {
    "weak-strong": (weak_view, strong_view),  # section 3
    "strong": (strong_view, strong_view),  # MoBY
    "weak": (weak_view, weak_view),  # Table 2, without strong augmentation
}


@dataclass(frozen=True)
class Views:
    """Normalised views of a batch, [B, 3, S, S] each: of the query and of the key branch."""

    query_weak: Tensor
    query_strong: Tensor
    key_weak: Tensor
    key_strong: Tensor


def draw_views(images: Tensor, kind: str, rng: torch.Generator, statistics: Statistics) -> Views:
    """Four views of images [B, 3, S, S] between 0 and 1, all drawn independently (section 3).

    Args:
        kind: `weak-strong`; with `strong` or `weak`, the two views of a branch are of one kind.
        statistics: of the encoder, to normalise by.
    """
    weak, strong = _VIEWS[kind]
    return Views(
        *(statistics.normalised(view(images, rng)) for view in (weak, strong, weak, strong))
    )
