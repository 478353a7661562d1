"""Estimated accuracy compared with true accuracy."""

import pytest
import torch

from labeller.core.intervals import wilson
from labeller.learning import logistic
from labeller.learning.judging import (
    FEWEST,
    _calibration,
    judge_by_audit,
    judge_by_labels,
)
from labeller.learning.logistic import Head, fit_head, oof_scores, temperature_for
from labeller.selection.sampling import nearest_to_centres

CLASSES, POOL, TRIALS = 4, 800, 200


def clusters(seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Unit vectors in one overlapping cluster per class, and their classes."""
    rng = torch.Generator().manual_seed(seed)
    truth = torch.randint(CLASSES, (POOL,), generator=rng)
    middles = torch.randn(CLASSES, 8, generator=rng)
    points = middles[truth] + 1.1 * torch.randn(POOL, 8, generator=rng)
    return torch.nn.functional.normalize(points, dim=1), truth


def trial(seed: int) -> tuple[bool, bool]:
    """Label 30 random images, 30 the model is unsure of and an audit of 40; return whether each
    interval covers the accuracy on the rest."""
    points, truth = clusters(seed)
    rng = torch.Generator().manual_seed(seed + 1000)
    order = torch.randperm(POOL, generator=rng)
    labelled, rest = order[:30], order[30:]
    probabilities = (
        fit_head(points[labelled], truth[labelled], CLASSES).scores(points[rest]).softmax(1)
    )
    best = probabilities.topk(2, dim=1).values
    hard = (best[:, 0] - best[:, 1]).argsort()[:30]
    labelled = torch.cat([labelled, rest[hard]])
    left = torch.ones(POOL, dtype=torch.bool)
    left[labelled] = False
    rest = left.nonzero().flatten()
    head = fit_head(points[labelled], truth[labelled], CLASSES)
    oof = oof_scores(points[labelled], truth[labelled], CLASSES, seed)
    temperature = temperature_for(oof, truth[labelled])
    model = Head(head.weight, head.bias, temperature)

    def calibrated(rows: torch.Tensor) -> torch.Tensor:
        return model.scores(points[rows]).softmax(dim=1)

    def covers_truth(judged, rows: torch.Tensor) -> bool:
        right = float((calibrated(rows).argmax(dim=1) == truth[rows]).float().mean())
        return judged.low <= right <= judged.high

    by_labels = judge_by_labels(
        calibrated(rest), (oof / temperature).softmax(dim=1), truth[labelled]
    )
    drawn = rest[torch.randperm(len(rest), generator=rng)]
    audit, others = drawn[:40], drawn[40:]
    by_audit = judge_by_audit(calibrated(others), calibrated(audit), truth[audit])
    return covers_truth(by_labels, rest), covers_truth(by_audit, others)


@pytest.mark.slow
def test_intervals_cover_the_true_accuracy_in_85_percent_of_trials(monkeypatch):
    monkeypatch.setattr(logistic, "STEPS", 12)  # enough for eight dimensions
    results = [trial(seed) for seed in range(TRIALS)]
    for held in zip(*results, strict=True):
        assert sum(held) >= 0.85 * TRIALS


def many_classes(seed: int, count: int) -> tuple[float, object]:
    """43 classes, some rare, labelled at cluster centres so that many labels are the only ones of
    their class; returns the accuracy on the other images and its estimate."""
    rng = torch.Generator().manual_seed(seed)
    truth = torch.multinomial(1 / torch.arange(1, 44).float() ** 0.7, 2000, True, generator=rng)
    middles = torch.randn(43, 64, generator=rng)
    points = middles[truth] + 1.6 * torch.randn(2000, 64, generator=rng)
    points = torch.nn.functional.normalize(points, dim=1)
    chosen = nearest_to_centres(points, count, seed)
    left = torch.ones(2000, dtype=torch.bool)
    left[chosen] = False
    labels = truth[chosen]
    oof = oof_scores(points[chosen], labels, 43, seed)
    temperature = temperature_for(oof, labels)
    scores = fit_head(points[chosen], labels, 43).scores(points[left])
    judged = judge_by_labels(
        (scores / temperature).softmax(dim=1), (oof / temperature).softmax(dim=1), labels
    )
    return float((scores.argmax(dim=1) == truth[left]).float().mean()), judged


def test_singleton_labels_do_not_bias_the_estimate():
    """Such labels are a tenth to a fifth of the 110."""
    trials = [each for seed in range(8) if (each := many_classes(seed, 110))[1] is not None]
    assert len(trials) >= 5
    assert sum(j.low <= right <= j.high for right, j in trials) >= len(trials) - 1
    assert abs(sum(j.accuracy - right for right, j in trials) / len(trials)) < 0.04
    assert all(j.high - j.low < 0.2 for _, j in trials)


def test_mostly_singleton_labels_give_no_estimate():
    assert many_classes(0, 50)[1] is None


def test_intervals_are_not_overly_wide():
    points, truth = clusters(3)
    probabilities = fit_head(points[:100], truth[:100], CLASSES).scores(points).softmax(dim=1)
    judged = judge_by_audit(probabilities[150:], probabilities[100:150], truth[100:150])
    assert judged.high - judged.low < 0.25


def test_an_audit_corrects_an_overconfident_model():
    truth = torch.zeros(1000, dtype=torch.long)
    truth[::2] = 1  # the model is wrong about half of them
    probabilities = torch.tensor([[0.99, 0.01]]).expand(1000, 2)
    judged = judge_by_audit(probabilities, probabilities[:100], truth[:100])
    assert judged.accuracy == pytest.approx(0.5, abs=0.02)
    assert judged.low < 0.5 < judged.high


def test_too_few_labels_give_no_estimate():
    probabilities = torch.full((FEWEST - 1, 2), 0.5)
    labels = torch.zeros(FEWEST - 1, dtype=torch.long)
    assert judge_by_labels(probabilities, probabilities, labels) is None
    assert judge_by_audit(probabilities, probabilities, labels) is None


def test_perfect_results_leave_uncertainty():
    probabilities = torch.tensor([[1.0, 0.0]]).expand(50, 2)
    judged = judge_by_audit(probabilities, probabilities, torch.zeros(50, dtype=torch.long))
    assert judged.accuracy == judged.high == 1 and 0.9 < judged.low < 1


def test_class_intervals_depend_on_the_number_of_labels():
    probabilities = torch.tensor([[0.9, 0.1, 0.0]] * 60 + [[0.4, 0.6, 0.0]] * 40)
    judged = judge_by_labels(probabilities, probabilities[:50], torch.tensor([0] * 40 + [1] * 10))
    first, second, third = map(judged.per_class.get, range(3))
    assert first.share == pytest.approx(54 / (54 + 16)) and third is None
    assert second.share == pytest.approx(24 / (6 + 24))
    assert second.high - second.low > first.high - first.low, "ten labels say less than forty"


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    [(0, 10, 0.0, 0.2130), (10, 10, 0.7870, 1.0), (15, 20, 0.5678, 0.8726)],
)
def test_wilsons_interval(right, count, low, high):
    found = wilson(right, count)
    assert found.share == right / count
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)


def test_answers_calibrate_confidences():
    rng = torch.Generator().manual_seed(0)
    sure = torch.rand(2000, generator=rng) * 0.6 + 0.35
    honest = (torch.rand(2000, generator=rng) < sure).float()
    overconfident = (torch.rand(2000, generator=rng) < sure - 0.2).float()
    asked = torch.tensor([0.5, 0.7, 0.9])
    assert torch.allclose(_calibration(sure, honest)(asked), asked, atol=0.05)
    assert torch.allclose(_calibration(sure, overconfident)(asked), asked - 0.2, atol=0.05)
    few = _calibration(sure[:5], overconfident[:5])(asked)
    assert (few - asked).abs().max() < 0.15, "few answers change little"
    apart = torch.cat([torch.full((50,), 0.999), torch.full((50,), 0.2)])
    split = _calibration(apart, (apart > 0.5).float())(torch.tensor([0.2, 0.5, 0.999]))
    assert torch.isfinite(split).all() and (split.diff() > 0).all(), "no optimiser step is too long"


def test_answers_correct_the_estimate_if_labels_resemble_other_images():
    """A model with 90 % confidence whose out-of-fold predictions are right in 70 %."""
    claims = torch.tensor([[0.9, 0.1]]).repeat(200, 1)
    labels = torch.cat([torch.zeros(140), torch.ones(60)]).long()
    assert judge_by_labels(claims, claims, labels).accuracy == pytest.approx(0.7, abs=0.01)
    for confidence, expected in ((0.86, 0.8), (0.8, 0.9)):
        less = torch.tensor([[confidence, 1 - confidence]]).repeat(200, 1)
        judged = judge_by_labels(claims, less, labels)
        assert judged.accuracy == pytest.approx(expected, abs=0.03), "for labels chosen as hard"
