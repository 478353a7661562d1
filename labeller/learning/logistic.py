"""Multinomial logistic regression by L-BFGS, and a temperature that makes its probabilities honest."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

DECAY = 1e-3
SCALE = 10.0
"""Features have length one; this much longer, DECAY leaves the probabilities room to be sure."""
STEPS = 60
FOLDS = 5
TEMPERATURES = (0.2, 5.0)


@dataclass(frozen=True)
class Head:
    """Class scores of features x: (x · weight + bias) / temperature.

    Attributes:
        weight: float32 [d, classes].
        bias: float32 [classes].
        temperature: more than 1 where the probabilities would be surer than right.
    """

    weight: Tensor
    bias: Tensor
    temperature: float = 1.0

    def scores(self, features: Tensor) -> Tensor:
        """float32 [N, classes]."""
        return (features @ self.weight + self.bias) / self.temperature


def fit_head(
    features: Tensor,
    labels: Tensor,
    classes: int,
    start: Head | None = None,
    intercept: bool = True,
) -> Head:
    """Fit to features float32 [N, d] of length one and labels long [N], from 0.

    Args:
        start: a head for nearly the same labels, which shortens the way.
        intercept: whether classes have a bias of their own, which favours those with many labels.
    """
    scaled = features * SCALE
    weight = torch.zeros(features.shape[1], classes)
    bias = torch.zeros(classes)
    if start is not None and start.weight.shape == weight.shape:
        weight.copy_(start.weight / SCALE)
        bias.copy_(start.bias)
    weight.requires_grad_()
    bias.requires_grad_(intercept)
    trained = [weight, bias] if intercept else [weight]
    optimiser = torch.optim.LBFGS(trained, max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimiser.zero_grad()
        value = F.cross_entropy(scaled @ weight + bias, labels) + DECAY * weight.square().sum()
        value.backward()
        return value

    with torch.enable_grad():
        optimiser.step(loss)
    return Head(weight.detach() * SCALE, bias.detach())


def oof_scores(
    features: Tensor, labels: Tensor, classes: int, seed: int = 0, intercept: bool = True
) -> Tensor:
    """Scores of each labelled image under a head that was fitted without it, float32 [N, classes]:
    cross-validation in `FOLDS` parts of every class."""

    def scores_without(kept: Tensor, out: Tensor) -> Tensor:
        head = fit_head(features[kept], labels[kept], classes, intercept=intercept)
        return head.scores(features[out])

    return cross_validated(scores_without, labels, classes, seed)


def cross_validated(
    scores_without: Callable[[Tensor, Tensor], Tensor], labels: Tensor, classes: int, seed: int = 0
) -> Tensor:
    """Scores of each image under a model that was trained without it, float32 [N, classes].

    Args:
        scores_without: given which images to train on and which to score, both bool [N], the scores
            of the latter.
        labels: from 0, long [N].
    """
    fold = _folds(labels, seed)
    scores = torch.zeros(len(labels), classes)
    for part in range(FOLDS):
        out = fold == part
        if bool(out.any()) and bool((~out).any()):
            scores[out] = scores_without(~out, out)
    return scores


def temperature_for(scores: Tensor, labels: Tensor) -> float:
    """The temperature under which held-out labels are likeliest (Guo et al., "On Calibration of
    Modern Neural Networks", ICML 2017, section 4.2)."""
    low, high = TEMPERATURES
    candidates = torch.logspace(torch.tensor(low).log10(), torch.tensor(high).log10(), 60)
    losses = [float(F.cross_entropy(scores / each, labels)) for each in candidates]
    return float(candidates[losses.index(min(losses))])


def _folds(labels: Tensor, seed: int) -> Tensor:
    """The part of each image, long [N]: those of a class are dealt out evenly."""
    rng = torch.Generator().manual_seed(seed)
    fold = torch.zeros(len(labels), dtype=torch.long)
    dealt = 0
    for label in labels.unique():
        members = (labels == label).nonzero().flatten()
        order = torch.randperm(len(members), generator=rng)
        fold[members[order]] = (torch.arange(len(members)) + dealt) % FOLDS
        dealt += len(members)
    return fold
