"""MixMatch (Berthelot et al., "MixMatch: A Holistic Approach to Semi-Supervised Learning", NeurIPS
2019, algorithm 1): how CSAL trains (Gao et al., ECCV 2020). Several processes mix each the images
of its own part of a batch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

VIEWS = 2
"""K, of each unlabelled image."""
SHARPENING = 0.5
"""T of equation (7)."""
ALPHA = 0.75
"""Of the Beta distribution that equation (8) draws from."""


@dataclass(frozen=True)
class MixedLosses:
    """Equations (3) and (4), scalars, and the share of right answers on what was mixed from
    labelled images mostly."""

    labelled: Tensor
    unlabelled: Tensor
    right: Tensor


def sharpened(probabilities: Tensor, temperature: float = SHARPENING) -> Tensor:
    """Equation (7) of probabilities [..., classes]: p^(1/T), which sum to one again."""
    powers = probabilities ** (1 / temperature)
    return powers / powers.sum(dim=-1, keepdim=True)


def mixed(first: Tensor, second: Tensor, share: Tensor) -> Tensor:
    """Equations (9) to (11): λ' · first + (1 − λ') · second, with λ' = max(λ, 1 − λ), so that the
    result is mostly the first one.

    Args:
        first, second: float [N, ...].
        share: λ, float [N].
    """
    own = torch.maximum(share, 1 - share).view(-1, *[1] * (first.dim() - 1))
    return own * first + (1 - own) * second


def mixmatch_losses(
    classify: Callable[[Tensor], Tensor],
    labelled: Tensor,
    labels: Tensor,
    views: Sequence[Tensor],
    classes: int,
    rng: np.random.Generator,
) -> MixedLosses:
    """Of a batch (algorithm 1).

    Args:
        classify: images or features [N, ...] → class scores [N, classes], with gradients.
        labelled: augmented, [B, ...]; their `labels` from 0, long [B].
        views: of the unlabelled batch, `VIEWS` tensors [M, ...].
        rng: for what is mixed with what, and by which share.
    """
    with torch.no_grad():
        guesses = torch.stack([classify(view).float().softmax(dim=1) for view in views])
        guess = sharpened(guesses.mean(dim=0))
    inputs = torch.cat([labelled, *views])
    targets = torch.cat([F.one_hot(labels, classes).float(), *[guess] * len(views)])
    order = torch.from_numpy(rng.permutation(len(inputs))).to(inputs.device)
    drawn = rng.beta(ALPHA, ALPHA, len(inputs)).astype(np.float32)
    share = torch.from_numpy(drawn).to(inputs.device)
    scores = classify(mixed(inputs, inputs[order], share)).float()
    targets = mixed(targets, targets[order], share)
    count = len(labelled)
    squares = (scores[count:].softmax(dim=1) - targets[count:]).square()
    return MixedLosses(
        F.cross_entropy(scores[:count], targets[:count]),
        squares.mean() if len(squares) else scores.sum() * 0,
        (scores[:count].detach().argmax(dim=1) == labels).float().mean(),
    )
