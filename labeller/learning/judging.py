"""How often a model is right: measured on known labels, or estimated for images without labels.

The mean top probability of a calibrated model is its expected accuracy over the images in question.
That is fair to the pool although the labels are not: strategies choose hard images, but these only
have to show whether the probabilities are honest. How far off they are is seen on labels that the
model has not learnt: those of cross-validation, which calibrate how often an answer of a given
confidence is right (Platt, "Probabilistic Outputs for Support Vector Machines", 1999) and whose
spread gives the interval, or those of an audit, a random sample whose mean difference also corrects
the estimate (the difference estimator: Särndal, Swensson and Wretman, "Model Assisted Survey
Sampling", 1992, section 6.3).
`python -m benchmarks.estimates` measures how often the intervals hold the truth.
"""

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from labeller.core.intervals import (
    BY_AUDIT,
    BY_LABELS,
    HELD_OUT,
    Accuracy,
    Share,
    Z,
    accuracy_of,
    wilson,
)
from labeller.learning.logistic import learnt_in_folds

OFF = 0.025
"""How far the mean of probabilities is off that were calibrated on labels which a strategy chose
(root mean square with 50 to 300 labels of clothing; docs/results.md)."""
WIDER = 1.2
"""Estimates from labels vary by this factor more than the out-of-fold answers suggest, since the
same labels have shaped the model (seen in simulations: tests/learning/test_judging.py)."""
FEWEST = 20
"""With fewer labels nothing is estimated."""
UNLIKE = 0.08
"""Where the model is less confident about the labels by this much, they correct nothing (chosen on
clothing with ten and with forty classes; docs/results.md)."""
PENALTY, NEWTON_STEPS, TINY = 1.0, 15, 1e-4
MOST_SINGLE = 0.2
"""Nothing is estimated either if more than this share of the labels are the only ones of their
class: cross-validation says nothing about them."""


def measured(scores: Tensor, labels: Tensor, source: str = HELD_OUT) -> Accuracy:
    """The accuracy on images with known labels, per class by its place.

    Args:
        scores: class scores or probabilities, float [N, classes], N at least 1.
        labels: from 0, long [N].
    """
    right = scores.argmax(dim=1) == labels
    counts = torch.bincount(labels, minlength=scores.shape[1]).tolist()
    per_class = {
        place: wilson(int(right[labels == place].sum()), count)
        for place, count in enumerate(counts)
        if count
    }
    overall = wilson(int(right.sum()), len(labels))
    return accuracy_of(source, overall, per_class, tuple(right.tolist()))


def judge_by_labels(
    probabilities: Tensor, oof_probabilities: Tensor, labels: Tensor
) -> Accuracy | None:
    """Estimate the accuracy on unlabelled images from calibration on the labels.

    The model's mean confidence, corrected by how often its out-of-fold answers are right. Labels
    that a strategy chose are harder than other images of the same confidence, which would correct
    too much; so the less confident the model is of labels than of other images, the smaller the
    correction (`UNLIKE`).

    Args:
        probabilities: of images without labels, float [M, classes], M at least 1.
        oof_probabilities: of labelled images, out of fold, float [N, classes].
        labels: of the latter, from 0, long [N].

    Returns:
        None with fewer than `FEWEST` labels, or if many of them are the only ones of their class.
    """
    learnt = learnt_in_folds(labels)
    single = 1 - float(learnt.float().mean()) if len(labels) else 1.0
    if len(labels) < FEWEST or single > MOST_SINGLE:
        return None
    sure, guess = oof_probabilities.max(dim=1)
    right = (guess == labels).float()
    confidences = probabilities.max(dim=1).values
    claimed = float(confidences.mean()) * (1 - min(single, _unseen(probabilities, labels)))
    calibrated = float(_calibration(sure, right)(confidences).mean())
    harder = max(0.0, float(confidences.mean() - sure.mean()))
    expected = claimed + max(0.0, 1 - harder / UNLIKE) * (calibrated - claimed)
    deviation = WIDER * _deviation(sure[learnt], right[learnt])
    # The share of classes without labels is as uncertain as that of classes with a single one.
    overall = _around(expected, deviation, len(labels), math.hypot(OFF, single / 4))
    return accuracy_of(BY_LABELS, overall, _per_class(probabilities, labels))


def _unseen(probabilities: Tensor, labels: Tensor) -> float:
    """The share of images whose class has no labels, which no model can know: each is
    assumed to be as frequent as the classes with a single label."""
    counts = torch.bincount(labels, minlength=probabilities.shape[1])
    single = counts == 1
    if not bool(single.any()):
        return 0.0
    each = float(probabilities[:, single].sum(dim=1).mean()) / int(single.sum())
    return each * int((counts == 0).sum())


def _calibration(sure: Tensor, right: Tensor) -> Callable[[Tensor], Tensor]:
    """How often answers of a confidence are right: σ((1 + a) · logit + b), by Newton's method with
    a penalty of `PENALTY` (a² + b²), so that few labels change little. The only label of its class
    counts as wrong, as images of classes without labels are.

    Args:
        sure: confidences between 0 and 1; `right`: whether they were, 0 or 1; float [N] both.
    """

    def logit(confidence: Tensor) -> Tensor:
        return torch.logit(confidence.double().clamp(TINY, 1 - TINY))

    terms = torch.stack([logit(sure), torch.ones(len(sure), dtype=torch.float64)], dim=1)
    answers = right.double()

    def loss(change: Tensor) -> float:
        said = terms[:, 0] + terms @ change
        wrong = F.binary_cross_entropy_with_logits(said, answers, reduction="sum")
        return float(wrong + PENALTY * change.square().sum())

    change = torch.zeros(2, dtype=torch.float64)
    for _ in range(NEWTON_STEPS):
        said = (terms[:, 0] + terms @ change).sigmoid()
        slope = terms.T @ (said - answers) + 2 * PENALTY * change
        curvature = (terms.T * (said * (1 - said))) @ terms
        step = torch.linalg.solve(curvature + 2 * PENALTY * torch.eye(2, dtype=terms.dtype), slope)
        while loss(change - step) > loss(change) and float(step.abs().max()) > TINY:
            step = step / 2
        change = change - step
    a, b = change.tolist()
    return lambda confidence: ((1 + a) * logit(confidence) + b).sigmoid().float()


def judge_by_audit(probabilities: Tensor, audited: Tensor, labels: Tensor) -> Accuracy | None:
    """Estimate the accuracy on unlabelled images from a random sample of them.

    Args:
        probabilities: as in `judge_by_labels`.
        audited: of the sample, which was labelled but not trained on, float [N, classes].
        labels: of the sample, from 0, long [N].

    Returns:
        None with fewer than `FEWEST` labels.
    """
    if len(labels) < FEWEST:
        return None
    sure, guess = audited.max(dim=1)
    difference = float(((guess == labels).float() - sure).mean())
    expected = float(probabilities.max(dim=1).values.mean()) + difference
    overall = _around(expected, _deviation(sure, (guess == labels).float()), len(labels))
    return accuracy_of(BY_AUDIT, overall, _per_class(probabilities, labels))


def _deviation(sure: Tensor, right: Tensor) -> float:
    """The standard deviation of "right" (0 or 1) around the confidence, float [N] both: as
    observed, or as honest confidences imply, whichever is larger."""
    seen = (right - sure).square().mean()
    honest = (sure * (1 - sure)).mean()
    return float(torch.maximum(seen, honest).sqrt())


def _around(share: float, deviation: float, count: int, off: float = 0.0) -> Share:
    share = min(1.0, max(0.0, share))
    # At least as wide as a single wrong answer would make it, even if none was seen.
    spread = Z * max(math.hypot(deviation / math.sqrt(count), off), 1 / (count + 4))
    return Share(share, max(0.0, share - spread), min(1.0, share + spread))


def _per_class(probabilities: Tensor, labels: Tensor) -> dict[int, Share]:
    """The expected recall of each class, with an interval as wide as its number of labels
    allows."""
    sure, guess = probabilities.max(dim=1)
    classes = probabilities.shape[1]
    found = torch.zeros(classes).index_add_(0, guess, sure)
    there = probabilities.sum(dim=0)
    counts = torch.bincount(labels, minlength=classes).tolist()
    return {
        place: wilson(float(found[place] / there[place]) * counts[place], counts[place])
        for place in range(classes)
        if counts[place] and there[place] > 0
    }
