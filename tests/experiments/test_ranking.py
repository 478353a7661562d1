"""Ranks over data sets, checked against Demšar's published example, with diagram and report."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from scipy import stats

from labeller.experiments.document import Section, as_latex
from labeller.experiments.figures import write_rank_figure
from labeller.experiments.ranking import critical_difference, overall_ranking, ranking
from labeller.experiments.report import Comparison, write_report
from tests.experiments.test_comparison import BASE, GOOD, outcome

# Accuracies of four classifiers on fourteen sets: Demšar, JMLR 2006, table 6.
DEMSAR = {
    "C4.5": [.763, .599, .954, .628, .882, .936, .661, .583, .775, 1.0, .940, .619, .972, .957],
    "+m": [.768, .591, .971, .661, .888, .931, .668, .583, .838, 1.0, .962, .666, .981, .978],
    "+cf": [.771, .590, .968, .654, .886, .916, .609, .563, .866, 1.0, .965, .614, .9751, .946],
    "+m+cf": [.798, .569, .967, .657, .898, .931, .685, .625, .875, 1.0, .962, .669, .975, .970],
}  # fmt: skip


def test_ranks_match_the_published_example():
    found = ranking(DEMSAR)
    assert list(found.ranks) == ["+m+cf", "+m", "+cf", "C4.5"] and found.sets == 14
    assert found.ranks["C4.5"] == pytest.approx(3.143, abs=0.001)
    assert found.ranks["+m"] == pytest.approx(2.0, abs=0.001)
    assert found.ranks["+cf"] == pytest.approx(2.893, abs=0.001)
    assert found.ranks["+m+cf"] == pytest.approx(1.964, abs=0.001)
    assert found.critical == pytest.approx(1.25, abs=0.01)
    assert found.p == stats.friedmanchisquare(*DEMSAR.values()).pvalue < 0.05


def test_critical_differences_match_the_published_table():
    # Demšar, table 5: 2.343 and 3.164 with three and ten methods at 5 %.
    for methods, q in ((3, 2.343), (10, 3.164)):
        unit = (methods * (methods + 1) / 6) ** 0.5
        assert critical_difference(methods, 1) == pytest.approx(q * unit, abs=0.002 * unit)


def test_bars_join_methods_that_do_not_differ():
    sets = 30
    three = {"a": [3.0] * sets, "b": [2.0] * sets, "c": [1.0] * sets}
    assert ranking(three).cliques() == []
    near = {"a": [3.0, 2.0] * 15, "b": [2.0, 3.0] * 15, "c": [1.0] * sets}
    assert ranking(near).cliques() == [("a", "b")]
    assert ranking({"a": [1.0], "b": [0.5]}).critical is None, "one set is too few"
    alike = ranking({"a": [1.0, 1.0], "b": [1.0, 1.0], "c": [1.0, 1.0]})
    assert alike.p is None and set(alike.ranks.values()) == {2.0}
    assert alike.cliques() == [("a", "b", "c")]


def test_the_diagram_is_drawn(tmp_path):
    found = ranking(DEMSAR)
    for name in ("r.svg", "r.pdf", "r.png"):
        write_rank_figure(found, tmp_path / name)
    assert "+m+cf 2.0" in (tmp_path / "r.svg").read_text()
    pixels = np.asarray(Image.open(tmp_path / "r.png").convert("L"))
    assert (pixels < 128).sum() > 1000


def test_methods_are_ranked_on_seeds_finished_by_all():
    good = outcome((0.5, 0.6, 0.7), (0.8, 0.9, 1.0))
    lucky = replace(BASE, runs=[BASE.runs[2]])  # only the easiest seed
    tasks = {name: {"a": BASE, "b": good, "c": lucky} for name in ("photos", "drawings")}
    assert overall_ranking([{"a": BASE, "b": good} for _ in tasks]).ranks == {
        "b": 1.0, "a": 2.0
    }  # fmt: skip
    easy = replace(good, runs=[*good.runs, replace(BASE.runs[2], seed=2)])
    both = {name: {**task, "b": easy} for name, task in tasks.items()}
    assert set(overall_ranking(both.values()).ranks.values()) == {2.0}, "equal on seed 2"


def test_long_names_fit_in_the_diagram(tmp_path):
    long = {f"{name} with a very long name of its own": each for name, each in DEMSAR.items()}
    for values, name in ((DEMSAR, "short.png"), (long, "long.png")):
        write_rank_figure(ranking(values), tmp_path / name)
    short, wide = (
        np.asarray(Image.open(tmp_path / f"{n}.png").convert("L")) for n in ("short", "long")
    )
    assert wide.shape[1] > short.shape[1] + 300
    for pixels in (short, wide):
        assert (pixels[:, :8] > 250).all() and (pixels[:, -8:] > 250).all(), "no text is cut off"


def test_titles_cannot_escape_a_latex_comment():
    text = as_latex(
        "A title\nand \\input{more}", ["a fact\nof two lines"], [Section("S", "x_y & 50 %")]
    )
    lines = [line for line in text.splitlines() if line and not line.startswith("%")]
    assert lines == [r"\section{S}", r"x\_y \& 50 \%"]


def test_a_report_on_several_tasks_begins_with_ranks(tmp_path):
    poor = outcome((0.3, 0.4, 0.5), (0.2, 0.3, 0.4), (0.4, 0.5, 0.6))
    tasks = {
        "photos": {"random": BASE, "margin": GOOD, "badge": poor},
        "drawings": {"random": BASE, "margin": GOOD, "entropy": poor},
    }
    about = Comparison("Two tasks", tasks)
    ranks = overall_ranking(about.tasks.values())
    assert ranks.ranks == {"margin": 1.0, "random": 2.0}, "the others are not in both tasks"
    text = write_report(about, tmp_path).read_text()
    assert text.index("## Ranks over 2 tasks") < text.index("## photos") < text.index("## drawings")
    assert "### Compared with random" in text and "| margin | 1.00 | " in text
    for name in ("curves.svg", "curves-2.svg", "ranks.svg", "ranks.pdf"):
        assert (tmp_path / name).is_file() and name[:-4] in text
    latex = (tmp_path / "report.tex").read_text()
    assert latex.count(r"\begin{table}") == latex.count(r"\toprule") == 1 + 2 * 4
    assert r"\includegraphics[width=\linewidth]{ranks.pdf}" in latex
