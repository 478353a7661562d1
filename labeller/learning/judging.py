"""How often a model is right about images that nobody has labelled, without held-out ones.

A model whose probabilities are calibrated says itself how often it is right: the mean share of its
likeliest class over the images in question. That is fair to the pool although the labels are not,
since chosen images are harder than others, but are asked only whether the probabilities are honest. How
far those are off is seen on labels that the model has not learnt: those of cross-validation, whose
spread gives the interval, or those of an audit, a random sample whose mean difference also corrects
the estimate (the difference estimator: Särndal, Swensson and Wretman, "Model Assisted Survey
Sampling", 1992, section 6.3). `python -m benchmarks.estimates` measures how often the intervals
hold the truth.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from labeller.core.intervals import Share, Z, wilson

OFF = 0.02
"""So far the mean of calibrated probabilities is off where they were calibrated on labels that a strategy
chose (root mean square with 50 to 300 labels of clothing; docs/results.md)."""
WIDER = 1.2
"""An estimate from labels varies by so much more than their held-out answers, since the same labels
have shaped the model (seen in simulations: tests/learning/test_judging.py)."""
FEWEST = 20
"""Fewer labels tell nothing."""


@dataclass(frozen=True)
class Judgement:
    """Of a model: how often it is right about all images in question, and about those of each class
    (None where nothing is known of one)."""

    overall: Share
    per_class: tuple[Share | None, ...]


def judge_by_labels(
    probabilities: Tensor, oof_probabilities: Tensor, labels: Tensor
) -> Judgement | None:
    """From what the model says of images without labels, and of labelled ones in cross-validation.

    Args:
        probabilities: of the classes, of images without labels: float [M, classes], M at least 1.
        oof_probabilities: of labelled images, by models that were fitted without them: float [N, classes].
        labels: what those are, long [N].

    Returns:
        None where there are too few labels.
    """
    if len(labels) < FEWEST:
        return None
    expected = float(probabilities.max(dim=1).values.mean())
    deviation = WIDER * _deviation(oof_probabilities, labels)
    overall = _around(expected, deviation, len(labels), OFF)
    return Judgement(overall, _per_class(probabilities, labels))


def judge_by_audit(probabilities: Tensor, audited: Tensor, labels: Tensor) -> Judgement | None:
    """From what the model says of images without labels, and of a random sample of them that was
    labelled and not learnt: probabilities as in `judge_by_labels`.

    Returns:
        None where the sample is too small.
    """
    if len(labels) < FEWEST:
        return None
    sure, guess = audited.max(dim=1)
    difference = float(((guess == labels).float() - sure).mean())
    expected = float(probabilities.max(dim=1).values.mean()) + difference
    overall = _around(expected, _deviation(audited, labels), len(labels))
    return Judgement(overall, _per_class(probabilities, labels))


def _deviation(probabilities: Tensor, labels: Tensor) -> float:
    """How far "right" (0 or 1) and the share of the likeliest class are apart, as a standard
    deviation: as seen, or as honest probabilities would have it, whichever is more."""
    sure, guess = probabilities.max(dim=1)
    seen = ((guess == labels).float() - sure).square().mean()
    honest = (sure * (1 - sure)).mean()
    return float(torch.maximum(seen, honest).sqrt())


def _around(share: float, deviation: float, count: int, off: float = 0.0) -> Share:
    share = min(1.0, max(0.0, share))
    # At least as wide as one wrong answer among the count would have it, even where none was seen.
    spread = Z * max(math.hypot(deviation / math.sqrt(count), off), 1 / (count + 4))
    return Share(share, max(0.0, share - spread), min(1.0, share + spread))


def _per_class(probabilities: Tensor, labels: Tensor) -> tuple[Share | None, ...]:
    """Of the images that are of a class, as the probabilities expect them, how many are called so; the
    interval is as wide as that of the labels which that class has."""
    sure, guess = probabilities.max(dim=1)
    classes = probabilities.shape[1]
    found = torch.zeros(classes).index_add_(0, guess, sure)
    there = probabilities.sum(dim=0)
    counts = torch.bincount(labels, minlength=classes).tolist()
    return tuple(
        wilson(float(found[c] / there[c]) * counts[c], counts[c])
        if counts[c] and there[c] > 0
        else None
        for c in range(classes)
    )
