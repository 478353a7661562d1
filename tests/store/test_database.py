import sqlite3
from contextlib import closing

import pytest

from labeller.core.errors import LabellerError
from labeller.project.project import DATABASE
from labeller.store.database import connect, writing
from labeller.store.schema import MIGRATIONS, migrate


@pytest.fixture
def path(tmp_path):
    return tmp_path / DATABASE


def test_commits_are_durable(path):
    db = connect(path)
    assert db.journal_mode == "wal"
    assert db.execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL
    assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("INSERT INTO truth VALUES (1, 1)")


def test_a_failed_transaction_leaves_nothing(path):
    db = connect(path)
    before = db["setting"].count
    with pytest.raises(ZeroDivisionError), writing(db):
        db.execute("INSERT INTO setting VALUES ('a', '1')")
        with writing(db):
            db.execute("INSERT INTO setting VALUES ('b', '2')")
        raise ZeroDivisionError
    assert db["setting"].count == before
    with writing(db):
        db.execute("INSERT INTO setting VALUES ('c', '3')")
    assert connect(path)["setting"].count == before + 1


def test_opening_again_changes_nothing(path):
    connect(path).close()
    before = path.read_bytes()
    connect(path).close()
    assert path.read_bytes() == before


def test_a_newer_database_is_refused_and_left_unchanged(path):
    connect(path).close()
    with sqlite3.connect(path) as raw:
        raw.execute(f"PRAGMA user_version = {len(MIGRATIONS._migrations) + 1}")
    before = path.read_bytes()
    with pytest.raises(LabellerError, match="newer version of Labeller"):
        connect(path)
    assert path.read_bytes() == before


def test_an_unknown_migration_means_a_newer_version(path):
    db = connect(path)
    db["_sqlite_migrations"].insert(
        {"migration_set": "labeller", "name": "m999_future", "applied_at": "2099"}
    )
    db.close()
    with pytest.raises(LabellerError, match="newer version"):
        connect(path)


def test_other_files_are_refused(path):
    path.write_bytes(b"not a database at all, but long enough to be looked at" * 100)
    with pytest.raises(LabellerError, match="damaged or not a Labeller project"):
        connect(path)
    path.unlink()
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE something (x)")
    with pytest.raises(LabellerError, match="not a Labeller project"):
        connect(path)


def test_a_locked_database_is_reported(path, monkeypatch):
    import labeller.store.database as database

    monkeypatch.setattr(database, "BUSY_TIMEOUT_SECONDS", 0.1)
    connect(path).close()
    holder = sqlite3.connect(path)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(LabellerError, match="locked by another program"):
        connect(path)
    holder.close()


def test_migrations_apply_in_order_and_once(path):
    db = connect(path)
    applied = [m.name for m in MIGRATIONS.applied(db)]
    assert applied == [m.name for m in MIGRATIONS._migrations]
    migrate(db)
    assert [m.name for m in MIGRATIONS.applied(db)] == applied


def test_each_new_database_has_its_own_identity(tmp_path):
    def identity(name: str) -> str:
        with closing(connect(tmp_path / name)) as db:
            (found,) = db.execute("SELECT value FROM setting WHERE key = 'identity'").fetchone()
            assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            return found

    assert len({identity("a.sqlite"), identity("b.sqlite"), identity("c.sqlite")}) == 3


def test_a_partly_created_database_is_completed(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE _sqlite_migrations (id INTEGER PRIMARY KEY, "
                           "migration_set TEXT, name TEXT, applied_at TEXT)")  # fmt: skip
    assert connect(path)["image"].count == 0
