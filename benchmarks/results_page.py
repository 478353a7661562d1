"""Generate docs/results.md from result files and a template, so that each figure is stored once.

    python -m benchmarks.results_page            # writes docs/results.md
    python -m benchmarks.results_page --check    # exits 1 if that is out of date
    python -m benchmarks.results_page --add NAME RESULTS.json --title TITLE --command COMMAND

The last form saves the output of `labeller compare-methods` or `labeller paper --protocol` as
benchmarks/results/NAME.json. All files there have a `title`, a `command` (or a list of them) and a
`machine` (empty if it was not recorded), and either

- `rows` of a comparison, each with `task`, `method`, `seed`, number of `labelled` images and
  `test_accuracy` (0 to 1), from which one table per task is computed; or
- `tables`, which maps names to a `head` and `rows` of strings; `values`, which maps names to
  strings; and `seeds`.

Both may have a `note`. Placeholders of the template, benchmarks/results/page.md, for FILE.json:

    {{FILE}}, {{FILE.TABLE}}      a table; its name can be omitted if it is the only one
    {{FILE:about}}                the commands, seeds, machine and note
    {{FILE:VALUE}}                a value
    {{FILE.TABLE:ROW:COLUMN}}     a cell, by the first cell of its row and its column heading;
                                  `COLUMN mean` is the part before the ±
"""

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labeller.experiments.report import Comparison, sections
from labeller.experiments.results import CycleResult, Outcome, SeedResult

RESULTS = Path(__file__).parent / "results"
TEMPLATE = RESULTS / "page.md"
PAGE = Path(__file__).parents[1] / "docs" / "results.md"
WARNING = (
    "<!-- Made by `python -m benchmarks.results_page` from benchmarks/results; edit the files "
    "there. -->\n\n"
)
PLACEHOLDER = re.compile(r"\{\{(.+?)\}\}")
BASELINE = "random"
COMPUTED = (
    "Test accuracy in %, mean ± sample standard deviation over the seeds, the largest area under "
    f"the curve first. Last column: paired difference of the areas to `{BASELINE}` in points, with "
    "its 95 % interval over the seeds; bold where there is a difference at 5 % after Holm's "
    "correction for the number of methods."
)
"""How to read the table of a comparison."""
KEPT = ("task", "method", "seed", "labelled", "test_accuracy")


@dataclass(frozen=True)
class Table:
    """A table of strings."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.head) for row in self.rows):
            raise ValueError(f"A row of the table {self.head} has a different number of cells.")

    def __str__(self) -> str:
        lines = [self.head, ["---"] * len(self.head), *self.rows]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def cell(self, row: str, column: str) -> str:
        """A cell; raises LookupError unless exactly one row has that name."""
        short = column not in self.head and column.endswith(" mean")
        at = list(self.head).index(column.removesuffix(" mean") if short else column)
        (found,) = [each[at] for each in self.rows if each[0].strip("*`") == row]
        return found.split(" ±")[0] if short else found


@dataclass(frozen=True)
class Measurement:
    """The contents of a result file."""

    title: str
    commands: Sequence[str]
    machine: str
    seeds: str = ""
    note: str = ""
    tables: Mapping[str, Table] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "Measurement":
        """Parse a result file; raises KeyError if a part is missing."""
        command, note = content["command"], content.get("note", "")
        commands = [command] if isinstance(command, str) else command
        tables = {name: Table(**each) for name, each in content.get("tables", {}).items()}
        seeds, values = content.get("seeds", ""), content.get("values", {})
        if "rows" in content:
            tables = computed_tables(content["rows"])
            seeds = ", ".join(map(str, sorted({row["seed"] for row in content["rows"]})))
            note = f"{COMPUTED} {note}".rstrip()
        return cls(content["title"], commands, content["machine"], seeds, note, tables, values)

    def about(self) -> str:
        """The commands, seeds, machine and note."""
        code = " ".join(f"`{command}`." for command in self.commands) + " "
        if len(self.commands) > 2:
            code = "\n".join(["```", *self.commands, "```", "", ""])
        known = {"Seeds": self.seeds, "Machine": self.machine}
        facts = "".join(f"{name}: {value}. " for name, value in known.items() if value)
        return f"{code}{facts}{self.note}".strip()

    def resolved(self, table: str, names: Sequence[str]) -> str:
        """The text of a placeholder; raises LookupError or ValueError if there is none."""
        if len(names) == 1 and not table:
            return self.about() if names[0] == "about" else self.values[names[0]]
        (only,) = [self.tables[table]] if table else self.tables.values()
        return only.cell(*names) if names else str(only)


def computed_tables(rows: Sequence[Mapping[str, Any]]) -> dict[str, Table]:
    """Accuracies and paired differences of a comparison as in its report, by task."""
    cycles: dict[tuple[str, str, int], list[CycleResult]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["labelled"]):
        cycle = CycleResult(row["labelled"], [], row["test_accuracy"], None, 0.0)
        cycles[row["task"], row["method"], row["seed"]].append(cycle)
    tasks: dict[str, dict[str, Outcome]] = defaultdict(lambda: defaultdict(lambda: Outcome([])))
    for (task, method, seed), found in cycles.items():
        tasks[task][method].runs.append(SeedResult(seed, method, "", "", found))
    return {task: _computed(outcomes) for task, outcomes in tasks.items()}


def _computed(outcomes: Mapping[str, Outcome]) -> Table:
    report = Comparison("", {"": outcomes}, baseline=BASELINE)
    found = {section.title: section for section in sections(report, None)}
    accuracy, paired = found["Accuracy"], found.get(f"Compared with {BASELINE}")
    if paired is None:
        return Table(accuracy.head, accuracy.rows)
    areas = {row[0]: row[list(paired.head).index("area")] for row in paired.rows}
    rows = [[*row, areas.get(row[0], "–")] for row in accuracy.rows]
    return Table([*accuracy.head, f"area − {BASELINE}"], rows)


def measurements(folder: Path = RESULTS) -> dict[str, Measurement]:
    """All result files, by name."""
    files = sorted(folder.glob("*.json"))
    return {each.stem: Measurement.from_dict(json.loads(each.read_text("utf-8"))) for each in files}


def rendered(template: str, measured: Mapping[str, Measurement]) -> str:
    """The page.

    Raises:
        LookupError: a placeholder matches nothing or several cells; the message names it.
    """

    def resolve(placeholder: re.Match[str]) -> str:
        place, *names = placeholder[1].split(":", 2)
        file, _, table = place.partition(".")
        try:
            return measured[file].resolved(table, names)
        except (LookupError, ValueError, TypeError) as error:
            raise LookupError(f"{placeholder[0]} is not in {RESULTS.name}/*.json.") from error

    return WARNING + PLACEHOLDER.sub(resolve, template)


def add(name: str, results: Path, title: str, commands: Sequence[str]) -> None:
    """Save the results of a comparison as a result file."""
    rows = json.loads(results.read_text("utf-8"))["rows"]
    known = {f"{row['processor']}, {row['device']}" for row in rows if row["processor"]}
    machine = "; ".join(sorted(known))
    facts = {"title": title, "command": commands, "machine": machine, "rows": []}
    start = json.dumps(facts, indent=1, ensure_ascii=False).removesuffix("[]\n}")
    kept = ",\n".join(json.dumps({key: row[key] for key in KEPT}) for row in rows)
    text = f"{start}[\n{kept}\n]}}\n"
    (RESULTS / f"{name}.json").write_text(text, "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Write docs/results.md.")
    parser.add_argument("--check", action="store_true", help="only check whether it is up to date")
    parser.add_argument("--add", nargs=2, metavar=("NAME", "RESULTS.json"))
    parser.add_argument("--title", help="title of the results to add")
    parser.add_argument(
        "--command", action="append", help="command that produced them; may be repeated"
    )
    options = parser.parse_args()
    if options.add:
        if not options.title or not options.command:
            parser.error("--add needs --title and --command.")
        add(options.add[0], Path(options.add[1]), options.title, options.command)
        return
    page = rendered(TEMPLATE.read_text("utf-8"), measurements())
    if not options.check:
        PAGE.write_text(page, "utf-8")
    elif page != PAGE.read_text("utf-8"):
        sys.exit("docs/results.md is out of date: run python -m benchmarks.results_page.")


if __name__ == "__main__":
    main()
