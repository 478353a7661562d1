"""docs/results.md is generated from the result files; its prose contains no measured figures."""

import json
import re
import sys

import pytest

from benchmarks import results_page
from benchmarks.results_page import Measurement, computed_tables, rendered
from labeller.experiments.result_tables import write_table
from labeller.experiments.results import CycleResult, Outcome, SeedResult

SAMPLE = {
    "title": "A sample",
    "command": ["labeller simulate A", "labeller simulate B"],
    "machine": "two cores",
    "seeds": "0 to 4",
    "note": "On a quiet day.",
    "tables": {
        "photos": {"head": ["labels", "50"], "rows": [["**ours**", "78.1 ± 3.3"], ["–", "78"]]},
        "demo": {"head": ["labels", "50"], "rows": [["a", "1"], ["a", "2"]]},
    },
    "values": {"seconds-to-read": "68"},
}


def render_page(template: str, **files: dict) -> str:
    """Render a template without the warning at the top."""
    measured = {name: Measurement.from_dict(each) for name, each in files.items()}
    return rendered(template, measured).removeprefix(results_page.WARNING)


def row(method: str, seed: int, labelled: int, accuracy: float, task: str = "") -> dict:
    return {
        "task": task, "method": method, "seed": seed, "labelled": labelled,
        "test_accuracy": accuracy,
    }  # fmt: skip


RANDOM = [row("random", seed, *each) for seed in (0, 1) for each in ((50, 0.5), (100, 0.6))]
MARGIN = [
    row("margin", 0, 50, 0.5), row("margin", 0, 100, 0.8),
    row("margin", 1, 50, 0.5), row("margin", 1, 100, 0.7),
]  # fmt: skip


def test_placeholders_for_tables_cells_values_and_provenance():
    assert render_page("{{sample.photos}}", sample=SAMPLE) == (
        "| labels | 50 |\n| --- | --- |\n| **ours** | 78.1 ± 3.3 |\n| – | 78 |"
    )
    assert render_page(
        "{{sample.photos:ours:50}}, {{sample.photos:ours:50 mean}}", sample=SAMPLE
    ) == ("78.1 ± 3.3, 78.1")
    assert render_page("It took {{sample:seconds-to-read}} s.", sample=SAMPLE) == "It took 68 s."
    assert render_page("{{sample:about}}", sample=SAMPLE) == (
        "`labeller simulate A`. `labeller simulate B`. "
        "Seeds: 0 to 4. Machine: two cores. On a quiet day."
    )
    many = {**SAMPLE, "command": ["a", "b", "c"], "seeds": "", "machine": ""}
    assert render_page("{{many:about}}", many=many) == "```\na\nb\nc\n```\n\nOn a quiet day."


@pytest.mark.parametrize(
    "missing",
    [
        "{{other}}", "{{sample}}", "{{sample.other}}", "{{sample:other}}",
        "{{sample.photos:other:50}}", "{{sample.photos:ours:100}}", "{{sample.photos:ours}}",
        "{{sample.demo:a:50}}",
    ],
)  # fmt: skip
def test_missing_and_ambiguous_placeholders_are_reported(missing):
    with pytest.raises(LookupError, match=re.escape(missing)):
        render_page(f"A figure: {missing}.", sample=SAMPLE)


def test_the_table_of_a_comparison():
    """By hand: areas 60 and 65 for margin and twice 55, hence +7.5 ± 12.706 · √12.5 / √2."""
    table = computed_tables(RANDOM + MARGIN)[""]
    assert table.head == ["method", "50", "100", "area − random"]
    assert table.rows == [
        ["margin", "50.0 ± 0.0", "75.0 ± 7.1", "+7.5 (-24.3 to +39.3)"],
        ["random", "50.0 ± 0.0", "60.0 ± 0.0", "–"],
    ]


def test_a_comparison_has_one_table_per_task_and_lists_its_seeds():
    rows = [{**each, "task": task} for task in ("photos", "digits") for each in MARGIN]
    raw = {"title": "Two", "command": "labeller paper", "machine": "a laptop", "rows": rows}
    assert render_page("{{raw.photos:margin:100 mean}}", raw=raw) == "75.0"
    assert "Seeds: 0, 1. Machine: a laptop. Test accuracy" in render_page("{{raw:about}}", raw=raw)


def test_adding_results_of_a_comparison(tmp_path, monkeypatch):
    monkeypatch.setattr(results_page, "RESULTS", tmp_path)
    results = tmp_path / "results.json"
    cycles = [CycleResult(50, [], 0.5, None, 3.0), CycleResult(100, [], 0.6, None, 3.0)]
    runs = [SeedResult(seed, "random", "resnet18", "quick", cycles) for seed in (0, 1)]
    outcome = Outcome(runs, of={"processor": "EPYC", "device": "cpu"})
    write_table({"": {"random": outcome}}, results)
    arguments = ["--add", "new", str(results), "--title", "New", "--command", "labeller paper"]
    monkeypatch.setattr(sys, "argv", ["results_page", *arguments])
    results_page.main()
    written = json.loads((tmp_path / "new.json").read_text())
    assert written == {
        "title": "New", "command": ["labeller paper"], "machine": "EPYC, cpu", "rows": RANDOM,
    }  # fmt: skip


def test_the_page_is_up_to_date(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "argv", ["results_page", "--check"])
    results_page.main()
    outdated = tmp_path / "results.md"
    outdated.write_text(results_page.PAGE.read_text("utf-8").replace("87.3", "97.3", 1), "utf-8")
    monkeypatch.setattr(results_page, "PAGE", outdated)
    with pytest.raises(SystemExit, match="out of date"):
        results_page.main()


def test_the_page_uses_every_result_file_and_has_no_unfilled_placeholders():
    template = results_page.TEMPLATE.read_text("utf-8")
    asked = {re.split("[.:]", each)[0] for each in results_page.PLACEHOLDER.findall(template)}
    measured = results_page.measurements()
    assert asked == set(measured)
    assert "{{" not in rendered(template, measured)


FIGURE = re.compile(r"\d[\d,]*\.\d+|±|\d+ (?:%|points?\b)")
SETTINGS = ("95 %", "80 %", "5 %", "weight 0.5", "section 4.2")
"""Not measured: a default, a target accuracy, a significance level, a weight, a section."""


def figures_in_prose(template: str) -> list[str]:
    """Figures outside placeholders, code and `SETTINGS`."""
    prose = re.sub(r"```.*?```|`[^`]*`|\{\{.*?\}\}", "", template, flags=re.DOTALL)
    for each in SETTINGS:
        prose = re.sub(rf"(?<!\d){re.escape(each)}", "", prose)
    return FIGURE.findall(prose)


def test_the_prose_contains_no_measured_figures():
    assert figures_in_prose(results_page.TEMPLATE.read_text("utf-8")) == []
    typed = "It reaches 87.3 ± 1 with 1,000.5, a gain of 2 points or 12 %; not `0.1`, {{a:b 0.2}}."
    assert figures_in_prose(typed) == ["87.3", "±", "1,000.5", "2 points", "12 %"]
