"""Projects of earlier versions, opened read-only."""

import csv
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

import labeller
from labeller.cli.main import program
from labeller.project import project as module
from labeller.project.project import DATABASE, Project, hold
from labeller.store.schema import MIGRATIONS

SAMPLES = sorted((Path(__file__).parents[1] / "samples").glob("schema-*.sqlite"))
NEWEST = len(MIGRATIONS._migrations)


@pytest.fixture(params=SAMPLES, ids=lambda path: path.stem)
def old_project(request, tmp_path) -> Path:
    folder = tmp_path / "old"
    folder.mkdir()
    shutil.copy(request.param, folder / DATABASE)
    return folder


def schema_version(folder: Path) -> int:
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def read_labels(folder: Path, tmp_path: Path) -> list[str]:
    """Labels according to the Python API; `status` and `export` must succeed and agree."""
    run = CliRunner().invoke
    status = run(program, ["status", str(folder), "--json"])
    assert status.exit_code == 0, status.output
    table = tmp_path / f"{schema_version(folder)}.csv"
    table.unlink(missing_ok=True)
    with labeller.open(folder) as project:
        labels = project.labels()
    written = run(
        program, ["export", str(folder), "--format", "csv", "--people-only", "--output", str(table)]
    )
    if labels:
        assert written.exit_code == 0, written.output
        with table.open(newline="") as file:
            assert len(list(csv.DictReader(file))) == len(labels)
    return [f"{row['path']}: {row['label']}" for row in labels]


def test_readers_migrate_writable_projects(old_project, tmp_path):
    with Project(old_project, read_only=True) as project:
        before = project.labels.counts()
    assert schema_version(old_project) == NEWEST
    assert read_labels(old_project, tmp_path) is not None
    with Project(old_project) as project:
        assert project.labels.counts() == before


def test_readers_of_write_protected_projects_use_a_migrated_copy(
    old_project, tmp_path, monkeypatch
):
    monkeypatch.setattr(module.os, "access", lambda path, mode, **_: mode != os.W_OK)
    was, data = schema_version(old_project), (old_project / DATABASE).read_bytes()
    said = read_labels(old_project, tmp_path)
    assert schema_version(old_project) == was and (old_project / DATABASE).read_bytes() == data, (
        "nothing was written"
    )
    monkeypatch.undo()
    assert read_labels(old_project, tmp_path) == said


def test_readers_do_not_migrate_a_project_in_use(old_project):
    lock = hold(old_project)
    try:
        was = schema_version(old_project)
        with Project(old_project, read_only=True) as project:
            assert project.images.counts() and schema_version(old_project) == was
    finally:
        lock.release()
