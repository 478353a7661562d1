"""The losses of a batch: equation (4) of the paper as one module, MixMatch, and the consistency of
FreeMatch.

MixMatch (Berthelot et al., "MixMatch: A Holistic Approach to Semi-Supervised Learning", NeurIPS
2019, algorithm 1) is how CSAL trains (Gao et al., ECCV 2020). With several processes, each mixes
the images of its own share of a batch. FreeMatch (Wang et al., ICLR 2023) asks that what is
predicted confidently under a weak view is predicted under a strong one.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from labeller.learning.augment import Views
from labeller.learning.device import autocast
from labeller.learning.recipe import Recipe
from labeller.learning.self_supervised import SelfSupervised

VIEWS = 2
"""K views of each unlabelled image."""
SHARPENING = 0.5
"""Temperature T of equation (7)."""
ALPHA = 0.75
"""Parameter of the Beta distribution in equation (8)."""


@dataclass(frozen=True)
class MixedLosses:
    """Equations (3) and (4), scalars, and the share of right predictions on mostly labelled
    mixtures."""

    labelled: Tensor
    unlabelled: Tensor
    right: Tensor


def sharpened(probabilities: Tensor, temperature: float = SHARPENING) -> Tensor:
    """Equation (7): p^(1/T) of probabilities [..., classes], normalised."""
    powers = probabilities ** (1 / temperature)
    return powers / powers.sum(dim=-1, keepdim=True)


def mixed(first: Tensor, second: Tensor, share: Tensor) -> Tensor:
    """Equations (9) to (11): λ' · first + (1 − λ') · second, with λ' = max(λ, 1 − λ), so that the
    first dominates.

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
    """The losses of a batch (algorithm 1).

    Args:
        classify: images or features [N, ...] → class scores [N, classes], with gradients.
        labelled: augmented, [B, ...]; their `labels` from 0, long [B].
        views: of the unlabelled batch, `VIEWS` tensors [M, ...].
        rng: for partners and shares of the mixtures.
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


@dataclass(frozen=True)
class Losses:
    """Losses of a batch, scalars; None for those it does not train on.

    Attributes:
        total: the one to minimise.
        self_supervised: mean over the batch (equation 1 for MoBYv2); for MixMatch, its
            consistency loss.
        classification: cross-entropy.
        right: share of right predictions, between 0 and 1.
    """

    total: Tensor
    self_supervised: Tensor | None = None
    classification: Tensor | None = None
    right: Tensor | None = None


@dataclass(frozen=True)
class Unlabelled:
    """What MixMatch needs in addition to a labelled batch.

    Attributes:
        views: of an unlabelled batch, normalised, [M, 3, S, S] each.
        weight: of the consistency loss (λ_U) in this step.
        rng: for the mixtures.
    """

    views: Sequence[Tensor]
    weight: float
    rng: np.random.Generator


class Objective(nn.Module):
    """Everything that gradients flow through, in one module for wrappers such as DDP."""

    def __init__(self, method: SelfSupervised, recipe: Recipe) -> None:
        super().__init__()
        self.method, self.recipe = method, recipe
        self.network = method.network

    def forward(
        self,
        images: Tensor | None,
        views: Views | None,
        labels: Tensor | None,
        others: Unlabelled | None = None,
    ) -> Losses:
        """Equation (4) for views with labels, the self-supervised loss for views without labels,
        cross-entropy for images alone (normalised, [B, 3, S, S]), MixMatch with `others`."""
        if views is None:
            assert images is not None and labels is not None
            if others is not None:
                return self._mixed(images, labels, others)
            return self._supervised(images, labels)
        seen = self.method.outputs(views)
        loss = seen.losses.mean()
        if labels is None:
            return Losses(loss, loss.detach())
        classification, right = _classification(seen.scores, labels)
        total = classification + self.recipe.contrastive_weight * loss
        total = total + self._companions(seen.features, seen.scores, labels)
        return Losses(total, loss.detach(), classification.detach(), right)

    def _supervised(self, images: Tensor, labels: Tensor) -> Losses:
        network = self.network
        with autocast(images.device, self.recipe.mixed_precision):
            features = network.encoder(images)
            scores = network.head(features)
        classification, right = _classification(scores.float(), labels)
        total = classification + self._companions(features, scores.float(), labels)
        return Losses(total, None, classification.detach(), right)

    def _mixed(self, images: Tensor, labels: Tensor, others: Unlabelled) -> Losses:
        network, classes = self.network, self.network.head.out_features

        def classify(inputs: Tensor) -> Tensor:
            with autocast(inputs.device, self.recipe.mixed_precision):
                return network.classify(inputs)

        losses = mixmatch_losses(classify, images, labels, others.views, classes, others.rng)
        total = losses.labelled + others.weight * losses.unlabelled
        if network.companions:
            features = network.encoder(images)
            total = total + self._companions(features, network.head(features).float(), labels)
        return Losses(total, losses.unlabelled.detach(), losses.labelled.detach(), losses.right)

    def _companions(self, features: Tensor, scores: Tensor, labels: Tensor) -> Tensor | float:
        """The losses of the companions."""
        if not self.network.companions:
            return 0.0
        features, losses = features.float(), F.cross_entropy(scores, labels, reduction="none")
        modules: Iterable[Any] = self.network.companions.values()
        seen = features if self.network.depths is None else self.network.depths.of(features)
        return torch.stack([each.loss(seen, losses) for each in modules]).sum()


def _classification(scores: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    right = (scores.argmax(dim=1) == labels).float().mean()
    return F.cross_entropy(scores, labels), right


FAIR = 0.5
"""Weight of the term that asks for all classes to be predicted, without which few labels may
collapse into a single class."""


class Consistency:
    """FreeMatch's self-adaptive thresholds (equations 5 to 8) with distribution alignment, and the
    entropy of the mean prediction in place of its fairness term (equation 11).

    Args:
        warm: steps until it counts in full.
    """

    def __init__(self, classes: int, warm: int) -> None:
        self._steps, self._warm = 0, warm
        self._overall = torch.tensor(1 / classes)
        self._each = torch.full((classes,), 1 / classes)

    def loss(self, weak: Tensor, strong: Tensor) -> Tensor:
        """The loss, a scalar, of scores [N, classes] under strong views, given those under weak
        ones."""
        probabilities = weak.softmax(dim=1)
        first = not self._steps  # it says how sure the model is, which has already learnt
        sureness = probabilities.max(dim=1).values.mean()
        self._overall = self._overall.lerp(sureness, 1.0 if first else 0.01)
        self._each = self._each.lerp(probabilities.mean(dim=0), 0.5 if first else 0.01)
        aligned = probabilities / self._each
        sure, guess = (aligned / aligned.sum(dim=1, keepdim=True)).max(dim=1)
        kept = sure >= self._overall * (self._each / self._each.max())[guess]
        self._steps += 1
        consistent = (F.cross_entropy(strong, guess, reduction="none") * kept).mean()
        mean = strong.softmax(dim=1).mean(dim=0)
        unfair = (mean * mean.clamp(min=1e-9).log()).sum()
        return min(1.0, self._steps / self._warm) * consistent + FAIR * unfair
