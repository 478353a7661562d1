"""The commands as a user types them, in real processes where it matters and otherwise with click's
runner."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from labeller.cli.main import program
from labeller.cli.recipe_options import options_from, settable, training_options
from labeller.experiments.paper import EXPERIMENTS, NAMES, TABLES, paper_table
from labeller.experiments.plan import Imbalance
from labeller.learning.recipe import RECIPES
from labeller.project.project import DATABASE

MAIN = Path(__file__).parents[2] / "main.py"
FAST = ("--epochs", "1", "--batch-size", "8", "--device", "cpu")


def call(*arguments: object) -> Result:
    return CliRunner().invoke(program, [str(a) for a in arguments])


def start(*arguments: object, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(MAIN), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )


@pytest.fixture
def folder(project) -> Path:
    project.close()
    return project.folder


def test_main_workflow_on_the_command_line(tmp_path, images, test_images):
    folder = tmp_path / "p"
    made = call(
        "create", folder, "--images", images, "--truth", "folders",
        "--test", test_images, "--resolution", "16", "--batch-size", "9",
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    first = call("select", folder, "--count", 9)
    assert first.exit_code == 0 and len(first.stdout.split()) == 9
    assert "Reading features" in first.stderr
    rows = [f"{path},{Path(path).parent.name}" for path in first.stdout.split()]
    table = tmp_path / "in.csv"
    table.write_text("\n".join(["path,label", *rows]))
    assert call("import-labels", folder, table).stdout == "9 labels imported\n"
    trained = call("train", folder, *FAST)
    assert trained.exit_code == 0 and "test accuracy" in trained.stdout
    second = call("select", folder, "--count", 5, "--json")
    assert len(json.loads(second.stdout)["selected"]) == 5
    exported = call("export", folder, "--format", "csv", "--output", tmp_path / "out.csv")
    assert exported.exit_code == 0 and "9 labels written" in exported.stdout
    assert (
        call("export", folder, "--format", "imagefolder", "--output", tmp_path / "f").exit_code == 0
    )
    status = json.loads(call("status", folder, "--json").stdout)
    assert list(status) == [
        "images", "classes", "labelled", "skipped", "unreadable", "duplicates", "rounds",
        "test_accuracy", "by_model", "estimate", "hardly_help",
    ]  # fmt: skip
    assert (status["images"], status["labelled"], status["rounds"]) == (36, 9, 2)
    assert 0 <= status["test_accuracy"] <= 1
    assert call("check", folder).stdout == "No problems found.\n"


@pytest.mark.slow
def test_a_simulation_writes_its_results(folder, tmp_path):
    results = tmp_path / "r.json"
    done = call(
        "simulate", folder, "--initial", 6, "--budget", 4, "--cycles", 2,
        "--seed", 1, 2, "--results", results, *FAST,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    runs = json.loads(results.read_text())["runs"]
    assert [run["seed"] for run in runs] == [1, 2]
    assert [c["labelled"] for c in runs[0]["cycles"]] == [6, 10]
    assert runs[0]["strategy"] == "coreset" and runs[0]["recipe"] == "quick"
    assert "labelled" in done.stdout and "±" in done.stdout
    assert json.loads(call("status", folder, "--json").stdout)["labelled"] == 0


@pytest.mark.slow
def test_results_are_written_as_table_and_figure_and_compared(folder, tmp_path):
    plan = ("--initial", 6, "--budget", 4, "--cycles", 2, *FAST)
    for name, own in (("ours", ()), ("chance", ("--strategy", "random"))):
        done = call(
            "simulate", folder, *plan, *own, "--results", tmp_path / f"{name}.json",
            "--table", tmp_path / f"{name}.csv", "--figure", tmp_path / f"{name}.png",
        )  # fmt: skip
        assert done.exit_code == 0, done.output
        assert len((tmp_path / f"{name}.csv").read_text().splitlines()) == 3
        assert (tmp_path / f"{name}.png").stat().st_size > 5000
    compared = call(
        "compare", tmp_path / "ours.json", tmp_path / "chance.json",
        "--table", tmp_path / "all.csv", "--figure", tmp_path / "all.svg",
    )  # fmt: skip
    assert compared.exit_code == 0, compared.output
    assert "ours" in compared.stdout and "chance" in compared.stdout
    assert len((tmp_path / "all.csv").read_text().splitlines()) == 5
    assert not list(tmp_path.glob("*.unfinished"))


@pytest.mark.slow
def test_a_killed_simulation_resumes(folder, tmp_path):
    results = tmp_path / "r.json"
    command = ("simulate", folder, "--initial", 6, "--budget", 4, "--cycles", 3, *FAST,
               "--results", results)  # fmt: skip
    process = start(*command)
    while not results.exists():
        assert process.poll() is None
        time.sleep(0.02)
    process.kill()
    process.communicate()
    assert len(json.loads(results.read_text())["runs"][0]["cycles"]) < 3
    done = call(*command)
    assert done.exit_code == 0, done.output
    (run,) = json.loads(results.read_text())["runs"]
    whole = json.loads(call(*command[:-2], "--json").stdout)["runs"][0]
    for cycle in (*run["cycles"], *whole["cycles"]):
        for name in ("seconds", "selection_seconds", "selection_bytes"):
            del cycle[name]
    assert run == whole


def test_a_simulation_without_held_out_images_says_so_first(folder, tmp_path, images):
    unmeasured = tmp_path / "unmeasured"
    made = call("create", unmeasured, "--images", images, "--truth", "folders")
    assert made.exit_code == 0, made.output
    for project, said in ((unmeasured, True), (folder, False)):
        numbers = ("--initial", 6, "--budget", 4, "--cycles", 1)
        done = call("simulate", project, *numbers, "--learner", "frozen", "--strategy", "random")
        assert done.exit_code == 0, done.output
        begins = "note: without held-out images no accuracy is measured"
        assert done.stderr.startswith(begins) == said


@pytest.mark.slow
def test_a_protocol_supplies_omitted_options(folder, tmp_path):
    done = call(
        "simulate", folder, "--protocol", "table3-stages", "--initial", 6, "--budget", 4,
        "--encoder", "resnet-small", *FAST, "--json",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    outcome = json.loads(done.stdout)
    assert [c["labelled"] for c in outcome["runs"][0]["cycles"]] == [6, 10, 14]
    recipe = outcome["plan"]["options"]["recipe"]
    assert (recipe["name"], recipe["objective"], recipe["epochs"]) == ("paper", "multi-stage", 1)
    large = call("simulate", folder, "--protocol", "table2", *FAST)
    assert (
        large.exit_code == 1 and "would label 3000 images, but the pool has only 36" in large.stderr
    )


def test_every_recipe_value_can_be_set_and_is_stored(folder):
    assert call("select", folder, "--count", 9).exit_code == 0
    from labeller.loop.rounds import label_by_oracle
    from labeller.project.creation import open_complete

    with open_complete(folder) as project:
        label_by_oracle(project, project.rounds.newest())
    given = {
        "epochs": 1, "steps_per_epoch": 2, "pool_share": 0.5, "batch_size": 8,
        "learning_rate": 0.05, "schedule": "step", "milestones": [0.25, 0.5], "momentum": 0.8,
        "weight_decay": 0.001, "contrastive_weight": 0.7, "objective": "joint",
        "unlabelled": "random", "pretrained": False, "self_supervised": "mobyv2",
        "mixed_precision": False, "consistency_weight": 9.0, "dropout": 0.1,
    }  # fmt: skip
    of_method = {
        "queue_size": 40, "temperature": 0.3, "key_momentum": 0.9, "views": "strong",
        "heads": "moby", "projector": False, "predictor": False, "queue_start": "keys",
    }  # fmt: skip
    options = []
    for name, value in (given | of_method).items():
        flag = name.replace("_", "-")
        if isinstance(value, bool):
            options.append(f"--{'' if value else 'no-'}{flag}")
        else:
            shown = ",".join(map(str, value)) if isinstance(value, list) else str(value)
            options += [f"--{flag}", shown]
    done = call("train", folder, *options, "--device", "cpu", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["recipe"] == {"name": "quick", **given, "options": of_method}


@pytest.mark.parametrize("seeds", [["--seed", "3", "4"], ["--seed", "3", "--seed", "4"]])
def test_several_seeds_can_be_given(seeds):
    from labeller.cli.experiment_commands import simulate_command

    arguments = ["p", "--initial", "1", "--budget", "1", "--cycles", "1", *seeds]
    context = simulate_command.make_context("simulate", arguments)
    assert context.params["seeds"] == (3, 4) and context.params["project"] == Path("p")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["status", "{tmp}/none"], "does not exist"),
        (["status", "{tmp}"], "not a Labeller project"),
        (["create", "{tmp}/q", "--images", "{tmp}/none"], "does not exist"),
        (["create", "{tmp}/q", "--images", "{tmp}/empty"], "no images"),
        (["create", "{tmp}/q", "--images", "{images}", "--classes", "one"], "at least two classes"),
        (["train", "{project}"], "no labels yet"),
        (["import-labels", "{project}", "{tmp}/unknown.csv"], "unknown class 'purple'"),
        (["export", "{project}", "--format", "csv", "--output", "{tmp}/o.csv"], "no labels yet"),
        (["simulate", "{project}", "--initial", "99", "--budget=1", "--cycles=1"], "pool has"),
        (
            ["simulate", "{project}", "--initial", "9", "--budget", "1", "--cycles", "1",
             "--results", "{tmp}/no/where.json"],
            "folder for",
        ),
        (
            ["simulate", "{project}", "--initial=9", "--budget=1", "--cycles=1",
             "--figure", "{tmp}/f.doc"],
            "must be a .png",
        ),
        (["compare", "{tmp}/unknown.csv"], "does not hold results"),
        (["train", "{project}", "--temperature", "0"], "Temperature must be larger than 0"),
        (["train", "{newer}"], "newer version"),
    ],
)  # fmt: skip
def test_invalid_input_prints_one_line_and_exits_with_1(
    folder, tmp_path, images, arguments, message
):
    (tmp_path / "empty").mkdir()
    (tmp_path / "unknown.csv").write_text("path,label\nred/00.png,purple\n")
    (tmp_path / "newer").mkdir()
    with sqlite3.connect(tmp_path / "newer" / DATABASE) as raw:
        raw.execute("PRAGMA user_version = 999")
    places = {"tmp": tmp_path, "images": images, "project": folder, "newer": tmp_path / "newer"}
    failed = call(*[argument.format(**places) for argument in arguments])
    assert failed.exit_code == 1
    assert failed.stdout == ""
    (line,) = failed.stderr.strip().splitlines()
    assert line.startswith("labeller: ") and message in line
    assert not (tmp_path / "q").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-command"],
        ["create", "somewhere"],
        ["select", "somewhere", "--count", "0"],
        ["select", "somewhere", "--count", "1", "--strategy", "best"],
        ["train", "somewhere", "--encoder", "best"],
        ["train", "somewhere", "--device", "abacus"],
        ["train", "somewhere", "--milestones", "0.5;0.6"],
        ["train", "somewhere", "--views", "blurred"],
        ["simulate", "somewhere", "--initial", "5"],
        ["simulate", "somewhere", "--protocol", "mnist"],
        ["compare"],
        ["export", "somewhere", "--format", "stone", "--output", "x"],
    ],
)
def test_wrong_usage_exits_with_2(arguments):
    failed = call(*arguments)
    assert failed.exit_code == 2 and "Usage:" in failed.stderr


@pytest.mark.slow
def test_debug_shows_the_traceback_before_and_after_the_command(tmp_path):
    for arguments in (["--debug", "status", tmp_path], ["status", tmp_path, "--debug"]):
        process = start(*arguments)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 1 and "Traceback" in errors
    process = start("status", tmp_path)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1 and "Traceback" not in errors


def test_a_project_in_use_is_refused(folder):
    from labeller.project.project import Project

    with Project(folder):
        failed = call("train", folder)
        assert failed.exit_code == 1 and "open in another Labeller" in failed.stderr
        assert call("status", folder).exit_code == 0


@pytest.mark.skipif(sys.platform != "linux", reason="display names are those of Linux")
@pytest.mark.parametrize("display", [{}, {"DISPLAY": ":987"}])
def test_a_missing_display_is_reported(folder, display):
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {k: v for k, v in os.environ.items() if k not in hidden} | display
    done = subprocess.run(
        [sys.executable, str(MAIN), "open", str(folder)],
        capture_output=True, text=True, env=environment, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("labeller: ") and "--help" in line


@pytest.mark.slow
def test_ctrl_c_stops_training_cleanly(folder):
    assert call("select", folder, "--count", 9).exit_code == 0
    from labeller.loop.rounds import label_by_oracle
    from labeller.project.creation import open_complete

    with open_complete(folder) as project:
        label_by_oracle(project, project.rounds.newest())
    process = start("train", folder, "--epochs", "5000", "--batch-size", "8", "--device", "cpu")
    assert process.stderr is not None
    while "epoch 1," not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0 and out.startswith("stopped after")
    assert errors.partition("Stopping ...")[2].count("epoch ") <= 1, "it stopped at its next step"
    assert call("select", folder, "--count", 3).exit_code == 0


def test_the_demo_is_created_once(own_data_folder, monkeypatch):
    from labeller.pool import demo

    monkeypatch.setattr(demo, "POOL_IMAGES", 40)
    monkeypatch.setattr(demo, "TEST_IMAGES", 10)
    first = call("demo", "--no-window")
    assert first.exit_code == 0, first.output
    folder = Path(first.stdout.strip())
    status = json.loads(call("status", folder, "--json").stdout)
    assert (status["images"], status["classes"]) == (40, 10)
    stamp = (folder / "cache" / "tensors.npy").stat().st_mtime_ns
    assert call("demo", "--no-window").stdout == first.stdout
    assert (folder / "cache" / "tensors.npy").stat().st_mtime_ns == stamp


def test_the_version_is_printed():
    assert call("--version").stdout.startswith("labeller, version ")


def test_the_help_describes_every_command():
    done = call("--help")
    assert done.exit_code == 0, done.output
    listed = dict(
        re.findall(r"^  ([a-z-]+)  +(\S.*)$", done.stdout.partition("Commands:")[2], re.M)
    )
    assert sorted(listed) == program.list_commands(None) and len(listed) >= 20


@pytest.mark.parametrize("name", program.list_commands(None))
def test_every_command_and_option_is_described(name):
    done = call(name, "--help")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(f"Usage: program {name} [OPTIONS]") and done.stderr == ""
    command = program.get_command(None, name)
    assert command.help and command.help.split()[0] in done.stdout
    for option in command.params:
        if isinstance(option, click.Option) and not option.hidden:
            assert option.help, f"{option.opts} is not explained"
            assert option.opts[0] in done.stdout


def test_closed_standard_streams_are_not_reused_for_files(tmp_path):
    program = (
        "import sys; from labeller.cli.main import _require_streams; _require_streams()\n"
        f"numbers = [open({str(tmp_path / 'x')!r}, 'w').fileno() for _ in range(3)]\n"
        "print('lost', file=sys.stderr); sys.exit(min(numbers) < 3)"
    )
    command = ["sh", "-c", f'"{sys.executable}" -c "$0" <&- >&- 2>&-', program]
    assert subprocess.run(command, cwd=MAIN.parent).returncode == 0


def test_only_the_command_line_names_options_in_errors(folder, tmp_path):
    """Messages shown in the window mention no command-line options."""
    root = Path(__file__).parents[2] / "labeller"
    flags = re.compile(r"(?<![\w`-])--[a-z][a-z-]+")
    named = [
        f"{file.name}: {line.strip()}"
        for file in sorted(root.rglob("*.py"))
        if not file.is_relative_to(root / "cli")
        for line in file.read_text().splitlines()
        if re.search(r"^\s*(raise |f?\"|return f?\"|yield f?\")", line)
        and flags.search(re.sub(r"`[^`]*`?", "", line))
    ]
    allowed = ("queue.py", "round_settings.py", "histories.py", "database.py", "recovery.py")
    assert [line for line in named if not line.startswith(allowed)] == []
    bare = call(
        "create", tmp_path / "other", "--images", folder.parent / "images", "--classes", "a"
    )
    assert bare.exit_code == 1 and "make classes while you label. (--classes)" in bare.output
    wild = call("train", folder, "--learning-rate", "1e30", "--device", "cpu", "--epochs", "1")
    assert wild.exit_code == 1


def test_set_works_like_the_old_options():
    @click.command()
    @training_options
    def probe(**values):
        click.echo(json.dumps(options_from(values).recipe.as_dict()))

    new = ["--set", "epochs=7", "--set", "milestones=0.2,0.4", "--set", "predictor=no"]
    old = ["--epochs", "7", "--milestones", "0.2,0.4", "--no-predictor"]
    found, before = (CliRunner().invoke(probe, arguments) for arguments in (new, old))
    assert found.exit_code == 0 and found.output == before.output
    assert json.loads(found.output)["epochs"] == 7
    for wrong in ("epochs", "nonsense=1", "epochs=0", "views=blurred"):
        assert CliRunner().invoke(probe, ["--set", wrong]).exit_code == 2, wrong


def test_recipes_lists_every_settable_value():
    listed = call("recipes").output
    assert all(f" {name}  " in listed for name in [*settable(), *RECIPES])


def test_a_paper_experiment_has_a_single_plan():
    table = paper_table("imbalanced")
    assert list(table.plans) == ["MoBYv2AL"] and table.data == "CIFAR-10"
    assert table.plans["MoBYv2AL"].imbalance == Imbalance(5, 500, every=2)
    assert {*TABLES, *EXPERIMENTS} == set(NAMES)


def test_the_package_can_be_run_as_a_module():
    done = subprocess.run(
        [sys.executable, "-m", "labeller", "--version"],
        cwd=MAIN.parent, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0 and done.stdout.startswith("labeller, version ")


def test_a_project_can_be_created_without_classes(images, tmp_path):
    place = str(tmp_path / "p")
    made = CliRunner().invoke(program, ["create", place, "--images", str(images / "red")])
    assert made.exit_code == 0 and "classes  none yet" in made.output
    trained = CliRunner().invoke(program, ["train", place])
    assert trained.exit_code == 1 and "at least two classes" in trained.output
