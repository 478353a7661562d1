"""Tables and figures of simulations."""

import csv
import json
from dataclasses import replace

import pyarrow.parquet as pq
import pytest
from PIL import Image

from labeller.core.errors import LabellerError
from labeller.experiments.figures import write_figure
from labeller.experiments.result_tables import COLUMNS, SCHEMA, rows, write_table
from labeller.experiments.results import (
    Outcome,
    as_text,
    per_class,
    points,
    read_results,
)


def outcome(*accuracies: tuple[float, ...]):
    """An outcome with a run per argument and a cycle per accuracy."""
    return Outcome.from_dict({
        "runs": [
            {
                "seed": seed, "strategy": "coreset", "encoder": "resnet18", "recipe": "paper",
                "cycles": [
                    {
                        "labelled": 10 * (number + 1), "selected": [], "test_accuracy": accuracy,
                        "per_class": {"cat": accuracy, "dog": 1 - accuracy}, "seconds": 2.0,
                    }
                    for number, accuracy in enumerate(run)
                ],
            }
            for seed, run in enumerate(accuracies)
        ]
    })  # fmt: skip


def test_points_are_means_and_deviations_of_finished_cycles():
    first, second = points(outcome((0.2, 0.4), (0.4, 0.6), (0.6, 0.8)))
    assert (first.labelled, second.labelled) == (10, 20)
    assert first.mean == pytest.approx(0.4) and first.deviation == pytest.approx(0.2)
    assert points(outcome((0.3,)))[0].deviation == 0
    assert len(points(outcome((0.2, 0.4), (0.4,)))) == 1, "cycles missing from a run are left out"
    bars = per_class(outcome((0.1, 0.2), (0.1, 0.4)))
    assert bars["cat"] == (pytest.approx(0.3), pytest.approx(0.1414, abs=1e-4))


def test_text_shows_percent(capsys):
    text = as_text({"ours": outcome((0.25,), (0.35,))})
    assert "30.00% ± 7.07" in text and "ours" in text


def test_the_table_has_a_row_per_seed_and_cycle(tmp_path):
    outcomes = {"a": outcome((0.2, 0.4), (0.3, 0.5)), "b": outcome((0.1,))}
    write_table({"": outcomes}, tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["method"], r["seed"], r["cycle"], r["labelled"]) for r in rows] == [
        ("a", "0", "1", "10"), ("a", "0", "2", "20"), ("a", "1", "1", "10"),
        ("a", "1", "2", "20"), ("b", "0", "1", "10"),
    ]  # fmt: skip
    assert float(rows[1]["test_accuracy"]) == 0.4 and float(rows[1]["dog"]) == 0.6


def test_all_table_formats_contain_the_same_rows(tmp_path):
    of = {"images": "12ab", "threads": 1}
    first = replace(outcome((0.2, 0.4), (0.3, 0.5)), of=of, protocol="mine 1 abc")
    last = first.runs[1].cycles
    last[1] = replace(last[1], test_accuracy=None, per_class=None)
    tasks = {"photos": {"a": first}, "drawings": {"b": outcome((0.1,))}}
    for name in ("t.csv", "t.json", "t.parquet"):
        write_table(tasks, tmp_path / name)
    expected = list(rows(tasks))
    assert len(expected) == 5 and [r["task"] for r in expected] == ["photos"] * 4 + ["drawings"]
    document = json.loads((tmp_path / "t.json").read_text())
    assert document == {"schema": SCHEMA, "rows": expected}
    table = pq.read_table(tmp_path / "t.parquet")
    assert table.column_names == [*COLUMNS, "per_class"]
    found = [{**r, "per_class": dict(r["per_class"]) or None} for r in table.to_pylist()]
    assert found == expected
    with (tmp_path / "t.csv").open(newline="") as file:
        written = list(csv.DictReader(file))
    assert [r["test_accuracy"] for r in written] == ["0.2", "0.4", "0.3", "", "0.1"]
    assert {r["protocol"] for r in written} == {"mine 1 abc", ""} and written[0]["threads"] == "1"
    with pytest.raises(LabellerError, match=r"must be a \.csv, \.json, \.parquet file"):
        write_table(tasks, tmp_path / "t.xlsx")


@pytest.mark.parametrize("name", ["f.png", "f.svg", "f.pdf"])
def test_figures_are_drawn(tmp_path, name):
    write_figure({"a": outcome((0.2, 0.4), (0.3, 0.5)), "b": outcome((0.1, 0.3))}, tmp_path / name)
    data = (tmp_path / name).read_bytes()
    if name == "f.png":
        picture = Image.open(tmp_path / name).convert("RGB")
        colours = {colour for _, colour in picture.getcolors(1 << 24)}
        assert (0, 114, 178) in colours and (230, 159, 0) in colours, "one curve per method"
    elif name == "f.svg":
        assert b"test accuracy" in data or b"<path" in data
    else:
        assert data.startswith(b"%PDF")


def test_unsupported_figure_formats_are_refused(tmp_path):
    with pytest.raises(LabellerError, match=r"must be a \.png"):
        write_figure({"a": outcome((0.2,))}, tmp_path / "f.doc")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"runs": [{}]}', '{"runs": []}', "\xff"])
def test_files_without_results_are_reported(tmp_path, text):
    (tmp_path / "r.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(LabellerError, match=r"r\.json"):
        read_results([tmp_path / "r.json"])


def test_results_are_named_after_their_files(tmp_path):
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "r.json").write_text(json.dumps(outcome((0.5,)).as_dict()))
    assert list(read_results([tmp_path / "x" / "r.json"])) == ["r"]
    with pytest.raises(LabellerError, match="Two files are called r"):
        read_results([tmp_path / "x" / "r.json", tmp_path / "y" / "r.json"])
