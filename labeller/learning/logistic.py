"""Multinomial logistic regression by L-BFGS, cross-validation, and calibration by a temperature."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from labeller_models.registry import mark
from torch import Tensor, nn

from labeller.core.run import Run

STAGE = mark("Training")
DECAY = 1e-3
SCALE = 10.0
"""Features of length one are scaled by this, so that DECAY allows confident predictions."""
PRIOR = 0.05
"""Penalty on the intercepts, over all labels: a Gaussian prior of variance 1 / (2 · PRIOR). Without
it, the accidental class counts of a few labels cost up to four points of accuracy; without
intercepts, a rare class among others would be seen everywhere (docs/results.md)."""
STEPS = 60
FOLDS = 5
TEMPERATURES = (0.2, 5.0)
FEWEST_LEARNT = 10
"""From this many labels on, a temperature is fitted without those that their fold could not
learn."""


class Head(nn.Module):
    """Class scores of features x: (x · weight + bias) / temperature.

    Attributes:
        weight: float32 [d, classes].
        bias: float32 [classes].
        temperature: above 1 where the probabilities would be overconfident.
    """

    weight: Tensor
    bias: Tensor

    def __init__(self, weight: Tensor, bias: Tensor, temperature: float = 1.0) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("bias", bias)
        self.temperature = temperature

    def forward(self, features: Tensor) -> Tensor:
        return self.scores(features)

    def scores(self, features: Tensor) -> Tensor:
        """Scores float32 [N, classes] of features float32 [N, d]."""
        return (features @ self.weight + self.bias) / self.temperature


def fit_head(
    features: Tensor,
    labels: Tensor,
    classes: int,
    start: Head | None = None,
    intercept: bool = True,
    run: Run = Run(),
) -> Head:
    """Fit a head by regularised cross-entropy.

    Args:
        features: of length one, float32 [N, d].
        labels: from 0, long [N].
        start: a head for nearly the same labels, to start from; ignored if its shape differs.
        intercept: whether classes have a bias, which favours those with many labels; it is
            penalised less the more labels there are.
        run: checked before each pass over all labels, of which there may be many.

    Raises:
        Cancelled: `run.should_stop` said so.
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
    prior = PRIOR / len(labels)
    optimiser = torch.optim.LBFGS(trained, max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        run.check(STAGE)
        optimiser.zero_grad()
        value = F.cross_entropy(scaled @ weight + bias, labels)
        value = value + DECAY * weight.square().sum() + prior * bias.square().sum()
        value.backward()
        return value

    with torch.enable_grad():
        optimiser.step(loss)
    return Head(weight.detach() * SCALE, bias.detach())


def oof_scores(
    features: Tensor,
    labels: Tensor,
    classes: int,
    seed: int = 0,
    intercept: bool = True,
    run: Run = Run(),
) -> Tensor:
    """Out-of-fold scores: those of each labelled image under a head that was fitted without it,
    float32 [N, classes]. Arguments and errors as of `fit_head`."""

    def scores_without(kept: Tensor, out: Tensor) -> Tensor:
        head = fit_head(features[kept], labels[kept], classes, intercept=intercept, run=run)
        return head.scores(features[out])

    return cross_validated(scores_without, labels, classes, seed)


def cross_validated(
    scores_without: Callable[[Tensor, Tensor], Tensor],
    labels: Tensor,
    classes: int,
    seed: int = 0,
    folds: int = FOLDS,
) -> Tensor:
    """Out-of-fold scores of any model, float32 [N, classes], by stratified cross-validation.

    Args:
        scores_without: takes the images to train on and those to score, both bool [N], and returns
            the scores of the latter.
        labels: from 0, long [N].
    """
    fold = stratified_folds(labels, seed, folds)
    scores = torch.zeros(len(labels), classes)
    for part in range(folds):
        out = fold == part
        if bool(out.any()) and bool((~out).any()):
            scores[out] = scores_without(~out, out)
    return scores


def temperature_for(scores: Tensor, labels: Tensor) -> float:
    """The temperature that maximises the likelihood of labels (long [N]) under out-of-fold scores
    (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, section 4.2). Labels that
    their fold could not learn are left out, if others are left."""
    learnt = learnt_in_folds(labels)
    if int(learnt.sum()) >= FEWEST_LEARNT:
        scores, labels = scores[learnt], labels[learnt]
    low, high = TEMPERATURES
    candidates = torch.logspace(torch.tensor(low).log10(), torch.tensor(high).log10(), 60)
    losses = [float(F.cross_entropy(scores / each, labels)) for each in candidates]
    return float(candidates[losses.index(min(losses))])


def learnt_in_folds(labels: Tensor) -> Tensor:
    """Whether each image's class has other labels, bool [N]; otherwise no model that is fitted
    without the image can be right about it."""
    counts = torch.bincount(labels, minlength=1)
    return counts[labels] > 1


def stratified_folds(labels: Tensor, seed: int, folds: int) -> Tensor:
    """The fold of each image, long [N]; each class is dealt out evenly."""
    rng = torch.Generator().manual_seed(seed)
    fold = torch.zeros(len(labels), dtype=torch.long)
    dealt = 0
    for label in labels.unique():
        members = (labels == label).nonzero().flatten()
        order = torch.randperm(len(members), generator=rng)
        fold[members[order]] = (torch.arange(len(members)) + dealt) % folds
        dealt += len(members)
    return fold
