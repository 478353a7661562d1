"""Guarantees of docs/reliability.md that can be tested deterministically."""

import ast
import json
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from labeller.care import recovery
from labeller.care.checking import check, write_report
from labeller.core import log
from labeller.core.errors import LabellerError
from labeller.exchange.formats import FORMATS
from labeller.loop import rounds
from labeller.loop.model_files import export_model
from labeller.pool.sources import list_images, unpack
from labeller.project.exporting import export
from labeller.project.importing import import_labels
from labeller.project.project import DATABASE, Project
from labeller.store import backups
from tests.conftest import draw
from tests.reliability.outcome import label_some, state

ROOT = Path(__file__).parents[2]
SAMPLES = sorted((ROOT / "tests" / "samples").glob("schema-*.sqlite"))
NEWEST = max(SAMPLES, key=lambda sample: int(sample.stem.partition("-")[2]))
SOURCES = [p for room in ("labeller", "models", "resources") for p in (ROOT / room).rglob("*.py")]


# -- backups and restore


def test_backups_are_made_once_a_day_and_old_ones_removed(project, monkeypatch):
    from labeller.project.creation import back_up_daily

    made = [b for b in backups.backups(project.folder) if b.reason == "daily"]
    assert len(made) == 1, "the import was backed up"
    back_up_daily(project)
    assert len(backups.backups(project.folder)) == 1
    monkeypatch.setattr("labeller.project.creation.backed_up_today", lambda folder: False)
    for _ in range(9):
        back_up_daily(project)
    kept = backups.backups(project.folder)
    assert len(kept) == 7 and made[0] not in kept
    assert not list(project.folder.rglob("*.tmp"))


def test_a_damaged_database_does_not_displace_good_backups(project):
    folder, good = project.folder, backups.backups(project.folder)
    project._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    root = project._db.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = 'image_by_sha256'"
    ).fetchone()[0]
    project.close()
    with (folder / DATABASE).open("r+b") as file:
        file.seek(4096 * (root - 1))
        file.write(b"\xff" * 100)
    with Project(folder) as damaged:
        for _ in range(10):
            with pytest.raises((LabellerError, sqlite3.DatabaseError), match=r"damaged|malformed"):
                damaged.back_up("daily")
    assert backups.backups(folder) == good


def test_an_exact_restore_can_be_reverted_by_another_restore(project):
    folder, first = project.folder, backups.backups(project.folder)[0]
    project.close()
    expected = label_some(folder)
    result = recovery.restore(folder, first.name, exactly=True)
    before = next(b for b in backups.backups(folder) if b.reason == "before-restore")
    assert "0 actions" in result and before.name in result
    with Project(folder) as back:
        assert state(back) == {}
        back.labels.assign({30: 2}, "bert")  # diverges from the journal
    recovery.restore(folder, before.name)
    with Project(folder) as back:
        assert state(back) == expected and check(back) == []
    with pytest.raises(LabellerError, match="has no backup"):
        recovery.restore(folder, "../../etc/passwd")


@pytest.mark.parametrize("cut", [1, 20, 90])
def test_a_truncated_journal_is_repaired_when_the_project_opens(project, cut):
    folder, backup = project.folder, backups.backups(project.folder)[0]
    project.labels.assign({1: 1}, "anna")
    project.labels.assign({2: 2}, "anna")
    project.close()
    journal = folder / "labels.jsonl"
    journal.write_bytes(journal.read_bytes()[:-cut])
    with Project(folder) as again:
        again.labels.assign({3: 3}, "anna")
        expected = state(again)
    (folder / DATABASE).write_bytes(b"noise" * 1000)
    assert "and 3 actions since then" in recovery.restore(folder, backup.name)
    with Project(folder) as restored:
        assert state(restored) == expected == {1: 1, 2: 2, 3: 3}


def test_a_missing_database_points_to_the_backups(project):
    folder = project.folder
    project.close()
    (folder / DATABASE).unlink()
    with pytest.raises(LabellerError, match="`restore` recovers a backup"):
        Project(folder)


# -- versions


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda p: p.stem)
def test_every_released_schema_is_migrated_without_loss(sample, tmp_path):
    shutil.copy(sample, tmp_path / DATABASE)
    with Project(tmp_path) as project:
        assert project.integrity_problems() == project.labels.log_problems() == []
        assert state(project) == {10: 2, 16: 1}  # as written
        assert project.labels.can_redo is False and project.labels.can_undo
        assert project.labels.undo("anna") == [13]
        assert project.runs.all()[0].state == "finished" and project.rounds.count() == 1
    kept = backups.backups(tmp_path)
    if sample == NEWEST:
        assert not kept, "no migration, no backup"
        return
    (backup,) = kept
    assert backup.reason == "before-migration"
    again = tmp_path / "again"
    again.mkdir()
    shutil.copy(backup.path, again / DATABASE)
    with Project(again) as project:
        assert state(project) == {10: 2, 16: 1}


def test_a_newer_project_is_refused_and_left_unchanged(project):
    project._db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
                        "VALUES ('labeller', 'm999_from_the_future', '2030')")  # fmt: skip
    project.close()
    content = (project.folder / DATABASE).read_bytes()
    for options in ({}, {"read_only": True}):
        with pytest.raises(LabellerError, match="newer version"):
            Project(project.folder, **options)
    assert (project.folder / DATABASE).read_bytes() == content


# -- the log


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE label_event SET class_id = 3 WHERE id = 2",
        "UPDATE action SET annotator = 'somebody' WHERE id = 3",
        "UPDATE action SET at = '1999' WHERE id = 1",
        "DELETE FROM label_event WHERE id = 4",
        "UPDATE label_event SET replaces = NULL WHERE image_id = 1",
        "UPDATE action SET target_id = 1 WHERE kind = 'undo'",
    ],
)
def test_check_detects_every_change_of_the_log(project, change):
    for class_id in (1, 2, 3):
        project.labels.assign({1: class_id, 2: class_id}, "anna")
    project.labels.undo("anna")
    assert check(project) == []
    for trigger in project._db.triggers:
        project._db.execute(f"DROP TRIGGER {trigger.name}")
    project._db.execute("PRAGMA foreign_keys = OFF")
    project._db.execute(change)
    problems = project.labels.log_problems()
    assert any("not protected" in problem for problem in problems)
    assert len(problems) >= 2, "the change itself is reported too"


# -- exports and imports


def test_no_cell_of_a_table_is_a_formula(make, tmp_path):
    names = ["=1+1", "@cmd", "plain"]
    pictures = tmp_path / "odd"
    for number, name in enumerate(names):
        (pictures / name).mkdir(parents=True)
        draw("red", number).save(pictures / name / "-1.png")
    project = make(pictures, labels="folders")
    export(project, "csv", tmp_path / "safe.csv")
    export(project, "csv-raw", tmp_path / "raw.csv")
    safe, raw = ((tmp_path / f).read_text() for f in ("safe.csv", "raw.csv"))
    assert "'=1+1" in safe and "'@cmd" in safe and "'" not in raw and "=1+1" in raw
    expected = state(project)
    project.labels.clear(list(expected), "anna")
    for table in ("safe.csv", "raw.csv"):
        done = import_labels(project, tmp_path / table, "anna")
        assert done.count + done.unchanged == 3
        assert state(project) == expected


def test_exports_overwrite_nothing(project, tmp_path):
    project.labels.assign({1: 1}, "anna")
    target = tmp_path / "there"
    target.mkdir()
    (target / "precious").write_text("x")
    for name in FORMATS:
        with pytest.raises(LabellerError, match="already exists"):
            export(project, name, target)
    with pytest.raises(LabellerError, match="already exists"):
        export_model(project, "model", target)
    assert [p.name for p in target.iterdir()] == ["precious"]


def test_an_archive_that_would_fill_the_disk_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            with archive.open(f"{number}.png", "w", force_zip64=True) as entry:
                for _ in range(100):
                    entry.write(bytes(1 << 20))
    with pytest.raises(LabellerError, match="made to fill the disk"):
        unpack(list_images(tmp_path / "bomb.zip"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


# -- safe by default


def test_no_code_is_loaded_from_files_and_sql_takes_parameters():
    forbidden = {"eval", "exec", "compile", "__import__"}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", None)
                assert name not in forbidden, f"{path}:{node.lineno}"
                called = ast.unparse(node.func)
                assert "allow_pickle=True" not in ast.unparse(node)
                assert called != "torch.load" or "weights_only=True" in ast.unparse(node)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                names = {alias.name for alias in node.names} | {getattr(node, "module", None)}
                if path.name == "arrays.py":  # CIFAR's files are pickles; they are only written
                    assert (
                        "pickle.load" not in path.read_text() and "pickle.dump" in path.read_text()
                    )
                    names -= {"pickle"}
                if path.name in (
                    "cell_runs.py",
                    "clusters.py",
                    "ingest.py",
                ):  # only for our own processes
                    found = re.findall(r"joblib\.(\w+)|from joblib import (\w+)", path.read_text())
                    used = {name for each in found for name in each if name}
                    allowed = {"Parallel", "delayed", "parallel_config", "externals"}
                    assert used <= allowed, path
                    names -= {"joblib", *allowed}
                assert not names & {"pickle", "shelve", "marshal", "dill", "joblib"}, path


NO_NETWORK = """
import sys
def hook(event, arguments):
    if event.startswith("socket.") and event not in ("socket.__new__", "socket.gethostname"):
        raise SystemExit(f"network: {event} {arguments}")
sys.addaudithook(hook)
from labeller.cli import main
sys.argv = ["labeller", *sys.argv[1:]]
main()
"""


@pytest.mark.slow
def test_no_command_opens_a_port_or_calls_the_network(images, tmp_path):
    def call(*arguments: object) -> None:
        done = subprocess.run(
            [sys.executable, "-c", NO_NETWORK, *map(str, arguments)],
            capture_output=True, text=True, timeout=120, cwd=ROOT,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    project = tmp_path / "p"
    fast = ("--epochs", 1, "--batch-size", 8, "--device", "cpu")
    call("create", project, "--images", images, "--truth", "folders", "--resolution", 16)
    call("simulate", project, "--initial", 6, "--budget", 3, "--cycles", 1, *fast)
    call("check", project)
    call("report", tmp_path / "r.zip", "--project", project)


@pytest.mark.slow
def test_the_window_uses_no_network(project):
    folder = project.folder
    project.close()
    program = NO_NETWORK.replace("main()", "").replace("from labeller.cli import main", "") + (
        "from PySide6.QtCore import QTimer\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from pathlib import Path\n"
        "from labeller.window.shell.application import run\n"
        "QTimer.singleShot(0, lambda: None)\n"
        "import labeller.window.shell.application as application\n"
        "usual = application._let_signals_through\n"
        "def let(app, window):\n"
        "    usual(app, window)\n"
        "    QTimer.singleShot(1500, window.close)\n"
        "application._let_signals_through = let\n"
        f"sys.exit(run(Path({str(folder)!r})))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_files_respect_the_umask(make, images, tmp_path, mask):
    from tests.loop.test_rounds import FAST

    before = os.umask(mask)
    try:
        project = make(images, truth="folders")
        rounds.label_by_oracle(project, rounds.begin(project))
        rounds.train_round(project, FAST)
        for name in FORMATS:
            export(project, name, tmp_path / f"out-{name}")
        for name in ("model", "onnx"):
            export_model(project, name, tmp_path / f"out-{name}")
        made = [project.folder, *project.folder.rglob("*")]
        made += [p for out in tmp_path.glob("out-*") for p in (out, *out.rglob("*"))]
        assert len(made) > 30
        for path in made:
            mode = stat.S_IMODE(path.stat().st_mode)
            assert not mode & mask, f"{path}: {mode:o}"
            assert path.is_dir() or not mode & 0o111, f"{path} can be executed"
            whole = path.parent.name in ("checkpoints", "backups") or path.suffix == ".safetensors"
            assert not whole or mode == 0o666 & ~mask, f"{path}: {mode:o}"
    finally:
        os.umask(before)


# -- logs and reports


def test_a_report_contains_versions_logs_and_a_schema_but_no_labels(
    project, tmp_path, own_data_folder
):
    project.labels.assign({1: 1, 2: 2}, "anna-the-annotator")
    subprocess.run(
        [sys.executable, "main.py", "status", str(project.folder / "none")], cwd=ROOT, check=False,
        env={**os.environ, "LABELLER_DATA": str(own_data_folder)},
    )  # fmt: skip
    write_report(tmp_path / "r.zip", project)
    with zipfile.ZipFile(tmp_path / "r.zip") as archive:
        result = {name: archive.read(name).decode() for name in archive.namelist()}
    assert {"versions.json", "schema.sql", "counts.json", f"logs/{log.LOG}"} <= set(result)
    versions = json.loads(result["versions.json"])
    assert {"labeller", "python", "torch", "PySide6-Essentials"} <= set(versions)
    assert json.loads(result["counts.json"])["label_event"] == 2
    everything = "".join(result.values())
    for secret in ("anna-the-annotator", "red/", "00.png", "green"):
        assert secret not in everything
    with pytest.raises(LabellerError, match="already exists"):
        write_report(tmp_path / "r.zip")


CRASH = """
import ctypes, logging, sys, threading
from labeller.core import log
log.start()
log.catch_all(lambda error: print("caught:", error))
failing = threading.Thread(target=lambda: 1 / 0)
failing.start()
logging.getLogger("labeller").warning("w" * 100_000)
for _ in range(60):
    logging.getLogger("labeller").warning("w" * 100_000)
failing.join()
sys.stdout.flush()
ctypes.string_at(0)
"""


def test_thread_errors_and_crashes_are_logged_with_bounded_size(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", CRASH], capture_output=True, text=True, cwd=ROOT,
        env={**os.environ, "LABELLER_DATA": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode < 0 and "caught: division by zero" in done.stdout
    logs = tmp_path / "logs"
    assert "Segmentation fault" in (logs / log.CRASHES).read_text()
    rotated = list(logs.glob(f"{log.LOG}*"))
    assert len(rotated) == log.KEPT + 1
    assert all(p.stat().st_size <= log.BYTES for p in rotated)
