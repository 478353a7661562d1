"""Protocol files: parsing, validation and fingerprints, and running them from the command line,
after a kill, in parts and on several machines."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from labeller.cli.main import program
from labeller.core.errors import LabellerError
from labeller.experiments.bench import comparison_of
from labeller.experiments.comparison import areas
from labeller.experiments.protocol_file import read_protocol
from labeller.experiments.ranking import finished
from labeller.experiments.report import sections
from labeller.experiments.result_tables import COLUMNS, PER_CLASS
from labeller.experiments.results import read_results
from labeller.learning.learners import LEARNERS
from labeller.pool.known_sets import SETS
from labeller.selection.strategies import STRATEGIES
from tests.conftest import fill

MAIN = Path(__file__).parents[2] / "main.py"
TINY = """
name = "tiny"
version = 1
title = "Two strategies on two sets"
seeds = 2
reach = [50]

[plan]
initial = 6
budget = 4
cycles = 2
first = "random"

[sets.photos]
images = "photos"
test = "held-out"

[sets.drawings]
images = "drawings"
test = "held-out"
budget = 3

[methods.random]
strategy = "random"
learner = "mobyv2al"
encoder = "resnet-small"
set = { epochs = 1, steps_per_epoch = 1, batch_size = 8 }

[methods.margin]
strategy = "margin"
learner = "mobyv2al"
encoder = "resnet-small"
set = { epochs = 1, steps_per_epoch = 1, batch_size = 8 }
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A folder with a protocol and its images."""
    folder = tmp_path_factory.mktemp("protocol")
    for name, count in (("photos", 12), ("drawings", 10), ("held-out", 4)):
        fill(folder / name, count)
    (folder / "tiny.toml").write_text(TINY)
    return folder


def read(folder: Path, text: str):
    file = folder / "p.toml"
    file.write_text(text)
    return read_protocol(file)


def paper(*arguments: object):
    return CliRunner().invoke(program, ["paper", *map(str, arguments)])


def results(folder: Path) -> dict[str, list]:
    """The selections and results of each simulation."""
    found = {}
    for file in sorted(folder.glob("*/*.seed-*.json")):
        (run,) = json.loads(file.read_text())["runs"]
        found[f"{file.parent.name}/{file.name}"] = [
            (c["selected"], c["test_accuracy"], c["right"]) for c in run["cycles"]
        ]
    return found


def test_a_protocol_combines_sets_methods_and_seeds(tiny):
    found = read_protocol(tiny / "tiny.toml")
    assert [task.name for task in found.tasks] == ["photos", "drawings"]
    assert (found.threads, found.baseline, found.reach) == (1, "random", [0.5])
    plans = found.tasks[1].plans
    assert list(plans) == ["random", "margin"]
    assert plans["margin"].budget == 3 and found.tasks[0].plans["margin"].budget == 4
    assert plans["margin"].seeds == (0, 1) and plans["margin"].method.recipe.epochs == 1
    assert found.sources["photos"].images == tiny / "photos"


def test_known_sets_have_default_plans_and_axes_are_multiplied(tmp_path):
    found = read(
        tmp_path,
        'name = "n"\nversion = 2\nstrategies = "all"\nseeds = [3, 5]\n'
        '[axes]\nnoise = [0.0, 0.2]\nfirst = ["random", "centres"]\n'
        '[sets.cifar10]\n[sets.tail]\nset = "cifar100-lt"\nbudget = 200\n',
    )
    assert [task.name for task in found.tasks[:3]] == [
        "cifar10, noise 0.0, first random", "cifar10, noise 0.0, first centres",
        "cifar10, noise 0.2, first random",
    ]  # fmt: skip
    assert found.tasks[0].folder == "cifar10.noise-0.0.first-random" and len(found.tasks) == 8
    first, tail = found.tasks[2].plans["margin"], found.tasks[4].plans["margin"]
    assert list(found.tasks[0].plans) == list(STRATEGIES)
    known = SETS["cifar10"].plan
    assert (first.initial, first.cycles) == (known["initial"], known["cycles"])
    assert first.noise == 0.2 and first.seeds == (3, 5)
    assert first.method.learner == LEARNERS.default
    assert (tail.long_tail, tail.budget, tail.initial) == (100, 200, 500)


def test_the_fingerprint_covers_what_determines_the_results(tmp_path):
    text = TINY.replace('"photos"\n', '"elsewhere"\n')
    base = read(tmp_path, TINY)
    assert len(base.fingerprint) == 16 and base.describe() == f"tiny 1 {base.fingerprint}"
    assert read(tmp_path, text).fingerprint == base.fingerprint, "paths are not part of it"
    assert read(tmp_path, TINY.replace("Two strat", "2 strat")).fingerprint == base.fingerprint
    for before, after in (
        ("version = 1", "version = 2"), ("seeds = 2", "seeds = 3"), ("budget = 4", "budget = 5"),
        ("epochs = 1", "epochs = 2"), ('"margin"\n', '"entropy"\n'), ('"random"\n\n', '""\n\n'),
    ):  # fmt: skip
        assert before in TINY
        assert read(tmp_path, TINY.replace(before, after)).fingerprint != base.fingerprint, after


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("seeds = 2", "seeds = 2 3", "Expected newline"),
        ("seeds = 2", "seeds = []", "'seeds' must be a number, or a list"),
        ("seeds = 2", "seeds = 2.0", "'seeds' in the file must be a number or a list"),
        ("seeds = 2", "seeds = true", "'seeds' in the file must be"),
        ("seeds = 2", "seeds = [-1]", "whole numbers from 0 on"),
        ("seeds = 2", "seeds = [99999999999]", "whole numbers from 0 on"),
        ("seeds = 2", "seeds = [1, 1]", "one or more different seeds"),
        ("version = 1\n", "", "'version' is missing"),
        ('name = "tiny"', "name = 5", "'name' in the file must be a text"),
        ('name = "tiny"', 'name = "a/b"', "becomes a file name"),
        ("reach", "raech", "no key 'raech' in the file; did you mean 'reach'"),
        ("reach = [50]", "reach = 50", "'reach' in the file must be a list"),
        ("reach = [50]", "reach = [nan]", "accuracies between 0 and 100"),
        ("reach = [50]", "baseline = 'randum'", "no method 'randum'; did you mean 'random'"),
        ("reach = [50]", "strategies = 'randon'", "no strategy 'randon'; did you mean 'random'"),
        ("reach = [50]", "learners = []", "'learners' is empty"),
        ("reach = [50]", "threads = 0", "threads must be from 1 to 256"),
        ("reach = [50]", "threads = 100000", "threads must be from 1 to 256"),
        ("reach = [50]", "published = 3", "'published' in the file must be a table"),
        ("[plan]", "[published.photo]\nrandom = 1\n[plan]", "no task 'photo' in .published"),
        ("[plan]", "[published.photos]\nbadge = 1\n[plan]", "no method 'badge' in .published"),
        ("cycles = 2", "cycels = 2", r"no key 'cycels' in \[plan\]; did you mean 'cycles'"),
        ("cycles = 2", "", r"\[plan\] needs 'cycles'"),
        ("cycles = 2", "cycles = 0", "at least 1"),
        ("cycles = 2", "cycles = '2'", r"'cycles' in \[plan\] must be a whole number"),
        ("cycles = 2", "cycles = 2\nsubset = -3", "at least 1"),
        ("cycles = 2", "cycles = 2\npool = 0", "at least 1"),
        ("cycles = 2", "cycles = 2\nnoise = nan", "'noise' must be a finite number"),
        ("cycles = 2", "cycles = 2\nimbalance = [5]", "two numbers such as"),
        ("cycles = 2", "cycles = 2\nimbalance = ['a', 'b']", "whole numbers"),
        ('first = "random"', 'first = "centers"', "random or centres, not 'centers'"),
        ("[sets.photos]\n", '[sets."../photos"]\n', "the set '../photos' becomes a file name"),
        ("[sets.photos]\n", '[sets.".."]\n', "becomes a file name"),
        ("[sets.photos]\n", '[sets."/tmp/x"]\n', "becomes a file name"),
        ("[sets.photos]\n", "[sets.CON]\n", "becomes a file name"),
        ("[sets.photos]\n", "[sets.sets]\n", "becomes a file name"),
        ("[sets.photos]\n", f"[sets.{'x' * 300}]\n", "becomes a file name"),
        ("[sets.photos]\n", "[sets.Drawings]\n", "would be called 'drawings'"),
        ("[methods.margin]", "[methods.Random]", "would be called 'Random'"),
        ("[methods.margin]", '[methods."../m"]', "the method '../m' becomes a file name"),
        ('images = "photos"\n', "", "no set 'photos'"),
        ('images = "photos"\n', 'images = ""\n', "has an empty value"),
        ('images = "photos"\n', 'images = "~nobody-here/x"\n', "home"),
        ('images = "photos"\n', 'images = "photos"\nset = "digits"\n', "needs one of set, images"),
        ('images = "photos"\n', 'set = "digits"\n', "brings its own test images"),
        ('test = "held-out"\n\n[sets.d', 'truth = "no"\n\n[sets.d', "must be folders or csv"),
        ('strategy = "margin"', 'strategy = "margins"', "no strategy 'margins'; did you mean"),
        ('learner = "mobyv2al"', 'learner = "moby"', "no learner 'moby'; did you mean 'mobyv2al'"),
        ('encoder = "resnet-small"', 'encoder = "resnet-tiny"', "resnet-tiny"),
        ('encoder = "resnet-small"', "encoder = 1", "must be a text"),
        ("epochs = 1", "epohcs = 1", "epohcs"),
        ("epochs = 1", 'name = "a"', "texts and numbers that `labeller recipes` lists"),
        ("[plan]", "[axes]\ncycles = [2, 3]\n[plan]", r"no key 'cycles' in \[axes\]"),
        ("[plan]", "[axes]\nnoise = 0.1\n[plan]", r"'noise' in \[axes\] must be a list"),
        ("[plan]", "[axes]\nnoise = []\n[plan]", "needs different values for 'noise'"),
        ("[plan]", "[axes]\nnoise = [0.1, 0.1]\n[plan]", "needs different values for 'noise'"),
        ("[plan]", "[axes]\nnoise = ['a']\n[plan]", "'noise' in .axes. must be a number"),
    ],
)
def test_invalid_protocols_are_reported_in_one_line(tmp_path, before, after, message):
    assert before in TINY
    with pytest.raises(LabellerError, match=message) as caught:
        read(tmp_path, TINY.replace(before, after))
    assert "p.toml is not a valid protocol: " in str(caught.value) and "\n" not in str(caught.value)


def test_a_missing_protocol_is_reported(tmp_path):
    found = paper("--protocol", tmp_path / "none.toml", "--output", tmp_path / "out")
    assert found.exit_code == 1 and "none.toml" in found.output and "Traceback" not in found.output


@pytest.fixture(scope="module")
def completed(tiny, tmp_path_factory):
    """Results of the protocol, run by one process."""
    output = tmp_path_factory.mktemp("ran") / "out"
    data = tiny / "sets"
    found = paper("--protocol", tiny / "tiny.toml", "--output", output, "--data", data)
    assert found.exit_code == 0, found.output
    return output


def test_every_result_contains_the_fingerprint_and_its_provenance(tiny, completed):
    describe = read_protocol(tiny / "tiny.toml").describe()
    files = sorted(completed.glob("*/*.seed-*.json"))
    assert len(files) == 8
    for file in files:
        (outcome,) = read_results([file]).values()
        assert outcome.protocol == describe
        assert outcome.of["threads"] == 1 and outcome.of["processor"]
    rows = json.loads((completed / "results.json").read_text())["rows"]
    assert len(rows) == 16 and {row["protocol"] for row in rows} == {describe}
    assert {row["task"] for row in rows} == {"photos", "drawings"}
    report = (completed / "report.md").read_text()
    assert describe in report and "## Ranks over 2 tasks" in report
    assert "photos: 6 labels at first, then 4 more each time; 2 cycles; seeds 0, 1" in report
    assert "may be decided differently" in report, "differences between processors are mentioned"


@pytest.mark.slow
def test_the_same_seeds_give_the_same_results_in_two_processes(tiny, completed, tmp_path):
    found = paper(
        "--protocol", tiny / "tiny.toml", "--output", tmp_path, "--data", tiny / "sets",
        "--jobs", 2,
    )  # fmt: skip
    assert found.exit_code == 0, found.output
    assert results(tmp_path) == results(completed)


@pytest.mark.slow
def test_a_killed_protocol_resumes_with_the_same_results(tiny, completed, tmp_path):
    command = [
        sys.executable, MAIN, "paper", "--protocol", tiny / "tiny.toml", "--output", tmp_path,
        "--data", tiny / "sets",
    ]  # fmt: skip
    process = subprocess.Popen(list(map(str, command)), stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob("photos/*.seed-*.json")) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert len(list(tmp_path.glob("*/*.seed-*.json"))) < 8, "killed before it finished"
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert results(tmp_path) == results(completed)


@pytest.mark.slow
def test_parts_of_several_machines_are_joined(tiny, completed, tmp_path):
    places = []
    for number in (1, 2):
        places.append(tmp_path / f"machine-{number}")
        found = paper(
            "--protocol", tiny / "tiny.toml", "--output", places[-1], "--data", tiny / "sets",
            "--part", f"{number}/2",
        )  # fmt: skip
        assert found.exit_code == 0, found.output
    assert len(results(places[0])) == len(results(places[1])) == 4
    joined = tmp_path / "joined"
    found = CliRunner().invoke(program, ["compare", *map(str, places), "--output", str(joined)])
    assert found.exit_code == 0, found.output
    assert results(joined) == results(completed)
    report = (joined / "report.md").read_text()
    assert "Joined from" in report and "4 of 4 simulations are done" in report
    again = CliRunner().invoke(program, ["compare", *map(str, places), "--output", str(joined)])
    assert again.exit_code == 1 and "is not empty" in again.output


def test_incompatible_results_are_not_joined(tiny, completed, tmp_path):
    def join(*places: Path) -> str:
        output = tmp_path / f"out-{len(list(tmp_path.iterdir()))}"
        found = CliRunner().invoke(program, ["compare", *map(str, places), "--output", str(output)])
        assert found.exit_code == 1, found.output
        return found.output

    other = tmp_path / "other"
    shutil.copytree(completed, other)
    copy = other / "protocol.toml"
    copy.write_text(copy.read_text().replace("version = 1", "version = 2"))
    assert "is the protocol tiny 2 " in join(completed, other)
    shutil.rmtree(other)
    shutil.copytree(completed, other)
    file = other / "photos" / "margin.seed-0.json"
    written = json.loads(file.read_text())
    file.write_text(json.dumps({**written, "of": {**written["of"], "labels": "0" * 16}}))
    assert "holds results of other labels" in join(completed, other)
    shutil.rmtree(other)
    other.mkdir()
    assert "has no results of a protocol" in join(completed, other)


def test_different_selections_of_one_simulation_are_reported(tiny, completed, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(completed, other)
    file = other / "photos" / "margin.seed-1.json"
    written = json.loads(file.read_text())
    written["runs"][0]["cycles"][1]["selected"].reverse()
    file.write_text(json.dumps(written))
    output = str(tmp_path / "joined")
    found = CliRunner().invoke(program, ["compare", str(completed), str(other), "--output", output])
    assert found.exit_code == 0
    assert "photos, margin, seed 1: " in found.output and "chose other images" in found.output
    assert results(tmp_path / "joined") == results(completed)


def test_parts_with_different_methods_are_checked_against_each_other(tiny, completed, tmp_path):
    """Folders without a common simulation can still be of different images."""
    places = [tmp_path / "one", tmp_path / "other"]
    for place, kept in zip(places, ("margin", "random"), strict=True):
        shutil.copytree(completed, place)
        for file in place.glob("*/*.seed-*.json"):
            written = json.loads(file.read_text())
            if not file.name.startswith(kept):
                file.unlink()
            elif kept == "random":
                of = {**written["of"], "held_out": "0" * 16}
                file.write_text(json.dumps({**written, "of": of}))
    output = str(tmp_path / "joined")
    found = CliRunner().invoke(program, ["compare", *map(str, places), "--output", output])
    assert found.exit_code == 1 and "results of other held-out images" in found.output


def test_unfinished_seeds_are_left_out_of_areas_and_ranks(tiny, completed, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(completed, other)
    file = other / "photos" / "margin.seed-0.json"
    written = json.loads(file.read_text())
    written["runs"][0]["cycles"].pop()
    file.write_text(json.dumps(written))
    comparison = comparison_of(read_protocol(other / "protocol.toml"), other)
    whole = comparison_of(read_protocol(completed / "protocol.toml"), completed)
    (kept,) = areas(finished(comparison.tasks["photos"])["margin"]).items()
    assert kept == (1, areas(whole.tasks["photos"]["margin"])[1])
    texts = "".join(each.text for each in sections(comparison, None))
    assert "Not finished, and left out: margin (1 of 2 seeds finished)" in texts


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"test_accuracy": 7.0}, "an accuracy is not between 0 and 1"),
        ({"selected": 5}, "'selected' is not a list"),
    ],
)
def test_damaged_results_are_refused(tiny, completed, tmp_path, change, message):
    output = tmp_path / "out"
    shutil.copytree(completed, output)
    file = output / "photos" / "margin.seed-0.json"
    written = json.loads(file.read_text())
    written["runs"][0]["cycles"][0] |= change
    file.write_text(json.dumps(written))
    found = paper("--protocol", tiny / "tiny.toml", "--output", output, "--data", tiny / "sets")
    assert found.exit_code == 1 and message in found.output


@pytest.mark.slow
def test_all_sets_are_checked_before_the_first_simulation(tiny, tmp_path):
    for before, after, message in (
        ('images = "drawings"', 'images = "nowhere"', "The set 'drawings': "),
        ("budget = 3", "budget = 300", "but the pool has only"),
        ('strategy = "margin"', 'strategy = "margin"\ndevice = "cuda"', "cuda"),
    ):
        assert before in TINY
        file = tiny / "late.toml"
        file.write_text(TINY.replace(before, after))
        output = tmp_path / f"out-{len(list(tmp_path.iterdir()))}"
        data = tmp_path / "data"
        found = paper("--protocol", file, "--output", output, "--data", data)
        assert found.exit_code == 1 and message in found.output, found.output
        assert not list(output.glob("*/*.json")) and not (output / "protocol.toml").exists()
        shutil.rmtree(data)
    found = paper("--protocol", tiny / "tiny.toml", "--output", tmp_path / "p", "--part", "3/2")
    assert "There are 2 parts; 3 is not one of them" in found.output
    assert not (tmp_path / "p").exists()


@pytest.mark.slow
def test_a_project_of_other_images_is_not_used_for_a_set(tiny, completed, tmp_path):
    file = tiny / "elsewhere.toml"
    file.write_text(TINY.replace('images = "photos"', 'images = "held-out"'))
    found = paper("--protocol", file, "--output", tmp_path / "o", "--data", tiny / "sets")
    assert found.exit_code == 1 and "The set 'photos': " in found.output
    assert f"was made of {tiny / 'photos'}" in found.output


@pytest.mark.slow
def test_only_results_tie_a_folder_to_a_protocol(tiny, completed, tmp_path):
    output = tmp_path / "out"
    output.mkdir()
    (output / "protocol.toml").write_text(TINY.replace("version = 1", "version = 9"))
    found = paper("--protocol", tiny / "tiny.toml", "--output", output, "--data", tiny / "sets")
    assert found.exit_code == 0, found.output
    (output / "protocol.toml").unlink()
    newer = tiny / "newer.toml"
    newer.write_text(TINY.replace("version = 1", "version = 7"))
    found = paper("--protocol", newer, "--output", output, "--data", tiny / "sets")
    assert found.exit_code == 1 and not (output / "protocol.toml").exists()
    found = paper("--protocol", tiny / "tiny.toml", "--output", output, "--data", tiny / "sets")
    assert found.exit_code == 0, "the matching protocol still resumes"


@pytest.mark.slow
def test_a_folder_with_the_name_of_a_set_does_not_replace_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fill(tmp_path / "digits", 4)
    text = 'name = "d"\nversion = 1\nseeds = 1\nstrategies = "random"\nlearners = "frozen"\n'
    (tmp_path / "d.toml").write_text(f"{text}[plan]\ncycles = 1\npool = 60\n[sets.digits]\n")
    found = paper("--protocol", tmp_path / "d.toml", "--output", tmp_path / "out")
    assert found.exit_code == 0, found.output
    (outcome,) = read_results(list((tmp_path / "out/digits").glob("*.json"))).values()
    assert outcome.plan["options"]["learner"] == "frozen"
    classes = outcome.runs[0].cycles[0].per_class
    assert list(classes) == [str(digit) for digit in range(10)]


def test_the_first_batch_is_random_for_all_methods_by_default(tmp_path):
    found = read(tmp_path, TINY.replace('first = "random"\n', ""))
    assert {plan.first for plan in found.tasks[0].plans.values()} == {"random"}


@pytest.mark.slow
def test_another_protocol_does_not_resume_these_results(tiny, completed, tmp_path):
    changed = tiny / "changed.toml"
    changed.write_text(TINY.replace("budget = 4", "budget = 5"))
    output = tmp_path / "out"
    shutil.copytree(completed, output)
    found = paper("--protocol", changed, "--output", output)
    assert found.exit_code == 1 and "is the protocol tiny 1 " in found.output
    (output / "protocol.toml").unlink()
    newer = tiny / "newest.toml"
    newer.write_text(TINY.replace("version = 1", "version = 8"))
    found = paper("--protocol", newer, "--output", output, "--data", tiny / "sets")
    assert found.exit_code == 1 and "holds results of the protocol tiny 1 " in found.output


@pytest.mark.slow
def test_another_number_of_threads_does_not_resume_these_results(tiny, completed, tmp_path):
    output = tmp_path / "out"
    shutil.copytree(completed, output)
    for file in output.glob("photos/*.seed-*.json"):
        written = json.loads(file.read_text())
        file.write_text(json.dumps({**written, "of": {**written["of"], "threads": 2}}))
    found = paper("--protocol", tiny / "tiny.toml", "--output", output, "--data", tiny / "sets")
    assert found.exit_code == 1 and "another number of threads" in found.output


@pytest.mark.slow
def test_results_with_the_same_plan_are_adopted_by_the_protocol(tiny, completed, tmp_path):
    output = tmp_path / "out"
    shutil.copytree(completed, output)
    file = output / "photos" / "margin.seed-0.json"
    written = json.loads(file.read_text())
    file.write_text(json.dumps({**written, "protocol": None}))
    before = file.stat().st_mtime_ns
    found = paper("--protocol", tiny / "tiny.toml", "--output", output, "--data", tiny / "sets")
    assert found.exit_code == 0, found.output
    assert json.loads(file.read_text()) == written and file.stat().st_mtime_ns != before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["somewhere", "table1", "--protocol", "p.toml"],
            "The protocol sets this; leave out PROJECT",
        ),
        (["--protocol", "p.toml", "--seeds", "3"], "leave out --seeds"),
        (["somewhere"], "Give PROJECT and TABLE, or --protocol"),
        (["somewhere", "table1", "--data", "d"], "Give PROJECT and TABLE, or --protocol"),
    ],
)
def test_a_protocol_excludes_project_and_table(tmp_path, arguments, message):
    found = paper(*arguments, "--output", tmp_path)
    assert found.exit_code == 2 and message in found.output


def test_files_and_folders_cannot_be_mixed_in_compare(completed, tmp_path):
    file = next(completed.glob("photos/*.json"))
    for arguments, message in (
        ([completed, file], "either files or folders"),
        ([completed, completed], "joined into --output"),
        ([file, "--output", tmp_path], "--output is for folders"),
    ):
        found = CliRunner().invoke(program, ["compare", *map(str, arguments)])
        assert found.exit_code == 2 and message in found.output


@pytest.mark.parametrize("file", sorted((MAIN.parent / "benchmarks/protocols").glob("*.toml")))
def test_the_projects_own_protocols_are_valid(file):
    found = read_protocol(file)
    assert found.tasks and found.title
    for task in found.tasks:
        assert found.baseline in task.plans
        for plan in task.plans.values():
            plan.check()


def test_the_documents_example_is_valid(tmp_path):
    text = (MAIN.parent / "docs/protocols.md").read_text()
    found = read(tmp_path, text.split("```toml\n")[1].split("```")[0])
    assert [task.name for task in found.tasks][:2] == ["demo, noise 0.0", "demo, noise 0.1"]
    assert set(found.published) <= {task.name for task in found.tasks}
    assert list(found.tasks[0].plans) == ["random", "margin", "small-network"]
    columns = set(COLUMNS) | {PER_CLASS}
    assert columns == {
        name for line in text.split("| column |")[1].split("\n\n")[0].splitlines()
        for name in re.findall(r"`([a-z_]+)`", line.split("|")[1]) if name in columns
    }  # fmt: skip
