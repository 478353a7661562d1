"""Statistics of a comparison against values worked out by hand, and its report."""

import numpy as np
import pytest
from PIL import Image
from scipy import stats

from labeller.experiments import comparison, document, figures, report
from labeller.experiments.cells import FAILED, Cell, Ended
from labeller.experiments.comparison import (
    accuracies,
    area,
    areas,
    bootstrapped,
    compared,
    difference,
    holm,
    labels_needed,
    labels_to_reach,
    record,
    sampling,
)
from labeller.experiments.plan import Plan
from labeller.experiments.ranking import overall_ranking
from labeller.experiments.report import Comparison, sections, write_report
from labeller.experiments.results import CycleResult, Outcome, SeedResult, packed

COUNTS = (50, 100, 200)


def run(seed: int, *values: float | None, cost: float | None = None, pool=None) -> SeedResult:
    cycles = [
        CycleResult(n, [], value, {"cat": value or 0.0}, 2.0, cost, 3_000_000, pool)
        for n, value in zip(COUNTS, values, strict=True)
    ]
    return SeedResult(seed, "margin", "resnet18", "quick", cycles)


def outcome(*curves: tuple[float, ...], **more) -> Outcome:
    return Outcome([run(seed, *values, **more) for seed, values in enumerate(curves)])


BASE = outcome((0.5, 0.6, 0.7), (0.4, 0.5, 0.6), (0.6, 0.7, 0.8))
GOOD = outcome((0.5, 0.7, 0.82), (0.4, 0.6, 0.7), (0.6, 0.8, 0.91), cost=0.5)


def test_the_area_is_the_normalised_trapezoidal_sum():
    assert area(run(0, 0.5, 0.7, 0.9)) == pytest.approx((50 * 0.6 + 100 * 0.8) / 150)
    assert area(run(0, 0.5, None, 0.9)) == pytest.approx(0.7)
    assert area(run(0, 0.5, None, None)) is None


def test_labels_to_reach_an_accuracy_are_interpolated():
    curve = run(0, 0.5, 0.6, 0.8)
    assert labels_to_reach(curve, 0.55) == pytest.approx(75)
    assert labels_to_reach(curve, 0.75) == pytest.approx(175)
    assert labels_to_reach(curve, 0.4) == 50 and labels_to_reach(curve, 0.81) is None
    wavering = run(0, 0.5, 0.7, 0.6)
    assert labels_to_reach(wavering, 0.65) == pytest.approx(87.5), "the first crossing counts"


def test_a_seed_that_never_reaches_an_accuracy_is_censored():
    found = labels_needed(BASE, 0.65)
    assert (found.reached, found.seeds, found.beyond) == (2, 3, 200)
    assert found.median == pytest.approx(150), "75, 150 and more than 200"
    assert labels_needed(BASE, 0.75).median is None, "one of three"
    assert labels_needed(BASE, 0.99).reached == 0
    stopped = [(0.5, 0.6, None), (0.5, 0.6, None), (0.4, 0.5, 0.8)]
    early = labels_needed(outcome(*stopped), 0.7)
    assert early.median == pytest.approx(100 + 100 * 2 / 3), "every seed still running reached it"
    assert labels_needed(outcome((None, None, None)), 0.5) is None


def test_differences_are_paired_by_seed():
    found = difference(accuracies(GOOD, 200), accuracies(BASE, 200))
    pairs = [0.12, 0.10, 0.11]
    low, high = stats.t.interval(0.95, 2, 0.11, stats.sem(pairs))
    assert found.mean == pytest.approx(0.11) and found.pairs == 3
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))
    # Seeds differ by 0.1, so an unpaired test would find nothing.
    unpaired = stats.ttest_ind(*(list(accuracies(o, 200).values()) for o in (GOOD, BASE)))
    assert unpaired.pvalue > 0.2 and found.low > 0
    assert difference(accuracies(BASE, 200), accuracies(GOOD, 200)).high < 0
    assert difference({0: 0.5}, {1: 0.4}) is None
    assert difference({0: 0.5, 1: 1.0}, {0: 0.4}).low is None
    assert difference(accuracies(GOOD, 50), accuracies(BASE, 50)).low <= 0, "they start equal"


def with_images(ours: np.ndarray) -> Outcome:
    """An outcome from whether each image was classified correctly: bool [seeds, counts, images]."""
    runs = []
    for seed, curves in enumerate(ours):
        cycles = [
            CycleResult(n, [], float(right.mean()), None, 1.0, right=packed(right.tolist()))
            for n, right in zip(COUNTS, curves, strict=True)
        ]
        runs.append(SeedResult(seed, "margin", "resnet18", "quick", cycles))
    return Outcome(runs)


def test_intervals_cover_seeds_and_held_out_images():
    rng = np.random.default_rng(0)
    skill = rng.random(150)  # difficulty varies for only one of the methods
    theirs = rng.random((4, 3, 150)) < 0.7
    ours = rng.random((4, 3, 150)) < 0.4 + 0.6 * skill
    found = compared(with_images(ours), with_images(theirs), 100)
    by_image = ours[:, 1].mean(axis=0) - theirs[:, 1].mean(axis=0)
    by_seed = ours[:, 1].mean(axis=1) - theirs[:, 1].mean(axis=1)
    error = np.hypot(stats.sem(by_seed), stats.sem(by_image))
    assert found.mean == pytest.approx(by_seed.mean())
    freedom = error**4 / (stats.sem(by_seed) ** 4 / 3 + stats.sem(by_image) ** 4 / 149)
    low, high = stats.t.interval(0.95, freedom, by_seed.mean(), error)
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))
    assert found.p == pytest.approx(2 * stats.t.sf(abs(by_seed.mean()) / error, freedom))
    over_area = sampling(with_images(ours), with_images(theirs))
    weights = np.array([1 / 6, 1 / 2, 1 / 3])[None, :, None]
    by_image = ((ours * weights).sum(axis=1) - (theirs * weights).sum(axis=1)).mean(axis=0)
    assert over_area.error == pytest.approx(stats.sem(by_image)) and over_area.images == 150
    assert sampling(with_images(ours), BASE).error == 0, "earlier results have no per-image data"


def test_the_bootstrap_resamples_seeds_and_images_together():
    rng = np.random.default_rng(3)
    skill = rng.random(400)
    theirs = rng.random((12, 3, 400)) < 0.6
    ours = rng.random((12, 3, 400)) < 0.4 + 0.6 * skill
    low, high = bootstrapped(with_images(ours), with_images(theirs))
    usual = compared(with_images(ours), with_images(theirs))
    assert low == pytest.approx(usual.low, abs=0.004) and high == pytest.approx(
        usual.high, abs=0.004
    )
    assert low == bootstrapped(with_images(ours), with_images(theirs))[0], "deterministic"
    assert bootstrapped(with_images(ours[:1]), with_images(theirs[:1])) is None
    assert bootstrapped(BASE, GOOD) is None


def test_holm_corrects_for_the_number_of_methods():
    assert holm([0.01, 0.04, None, 0.03]) == [
        pytest.approx(0.03), pytest.approx(0.06), None, pytest.approx(0.06)
    ]  # fmt: skip
    assert holm([0.9, 0.8]) == [1.0, 1.0] and holm([]) == []


def as_markdown(about: Comparison) -> str:
    return document.as_markdown(
        about.title, about.facts, sections(about, overall_ranking(about.tasks.values()))
    )


def test_only_differences_significant_after_correction_are_bold():
    rng = np.random.default_rng(1)
    noise = {
        f"m{k}": outcome(*(tuple(0.6 + rng.normal(0, 0.01, 3)) for _ in range(5)))
        for k in range(20)
    }
    base = outcome(*(tuple(0.6 + rng.normal(0, 0.01, 3)) for _ in range(5)))
    text = as_markdown(Comparison("Noise", {"": {"random": base, **noise}}, []))
    table = text.split("## Compared with random")[1].split("##")[0]
    assert "**" not in table, "some of 80 intervals exclude 0 by chance"
    alone = [difference(areas(each), areas(base)) for each in noise.values()]
    alone += [
        difference(accuracies(e, n), accuracies(base, n)) for e in noise.values() for n in COUNTS
    ]
    assert any(each.low > 0 or each.high < 0 for each in alone)


def test_wins_and_losses_are_counted_per_label_count():
    assert record(GOOD, BASE, COUNTS) == comparison.Record(2, 0)
    assert record(BASE, GOOD, COUNTS) == comparison.Record(0, 2)
    noisy = outcome((0.5, 0.9, 0.7), (0.4, 0.3, 0.6), (0.6, 0.7, 0.8))
    assert record(noisy, BASE, COUNTS) == comparison.Record(0, 0)


def test_a_report_contains_tables_figures_and_failures(tmp_path):
    failed = Ended(Cell("badge", Plan(5, 5, 2)), FAILED, "Not enough memory.")
    about = Comparison(
        "A comparison", {"": {"random": BASE, "margin": GOOD}}, ["Project: photos."],
        reach=(0.65, 0.99), failed=[("", failed)], published={"": {"margin": "90.1"}},
    )  # fmt: skip
    path = write_report(about, tmp_path)
    text = path.read_text()
    for name in ("curves.svg", "curves.pdf"):
        assert (tmp_path / name).stat().st_size > 10_000
    assert text.startswith("# A comparison\n- Project: photos.\n")
    assert "| random | 50.0 ± 10.0 | 60.0 ± 10.0 | 70.0 ± 10.0 | – |" in text
    assert "| margin | 50.0 ± 10.0 | 70.0 ± 10.0 | 81.0 ± 10.5 | 90.1 |" in text
    assert "| margin | +0.0 (+0.0 to +0.0) | **+10.0 (+10.0 to +10.0)** | " in text
    mean_area = sum(areas(GOOD).values()) / 3
    assert f"| margin | {100 * mean_area:.1f} ± " in text and "| 2 · 0 |" in text
    assert "labels to 65%" in text and "(2 of 3)" in text and "over 200 (0 of 3)" in text
    assert "| margin | 0.50 | 3 | 2.0 |" in text and "| random | – | 3 | 2.0 |" in text
    assert "|  | badge | 0 | Not enough memory. |" in text
    assert (tmp_path / f"{report.TABLE}.csv").read_text().count("\n") == 1 + 2 * 3 * 3
    latex = (tmp_path / report.LATEX).read_text()
    assert r"margin & $+$" not in latex and r"random & 50.0 $\pm$ 10.0 &" in latex
    assert r"\textbf{+10.0 (+10.0 to +10.0)}" in latex and "Ranks" not in text


def test_without_a_baseline_there_is_no_comparison():
    assert "Compared with" not in as_markdown(Comparison("A", {"": {"margin": GOOD}}, []))


def test_the_shift_of_the_distribution_is_shown_before_and_after():
    shifted = outcome((0.5, 0.6, 0.7), pool={"cat": 0.9, "dog": 0.5})
    text = as_markdown(Comparison("Shift", {"": {"at random": shifted}}, []))
    assert "| at random | last | 90.0 | 50.0 | 70.0 | 28.3 |" in text


@pytest.mark.slow
def test_many_methods_get_a_panel_per_class(tmp_path):
    def drawn(count: int, classes: int) -> tuple[int, int]:
        found = {}
        for place in range(count):
            cycles = [
                CycleResult(
                    n, [], 0.5, {f"class {c}": place * c / 999 for c in range(classes)}, 1.0
                )
                for n in COUNTS
            ]
            found[f"_method {place}"] = Outcome([SeedResult(0, "margin", "a", "b", cycles)])
        figures.write_figure(found, tmp_path / "figure.png")
        return Image.open(tmp_path / "figure.png").size

    few, many, most = drawn(8, 10), drawn(9, 10), drawn(9, 40)
    assert few[1] < many[1] < most[1]
    assert most == drawn(9, 100), "at most twenty panels"
    assert figures._most_different({"a": {"x": (0.1, 0), "y": (0.9, 0)}, "b": {"x": (0.2, 0)}}) == [
        "x",
        "y",
    ]
