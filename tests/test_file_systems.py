"""Projects on network drives and in synchronised folders."""

from pathlib import Path

import pytest

from labeller.core import locations
from labeller.core.locations import is_shared
from labeller.project.project import Project

MOUNTS = """\
21 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
30 21 0:45 / /mnt/lab\\040share rw - cifs //server/share rw
31 21 0:46 / /home/ann/far rw - nfs4 server:/x rw
32 31 0:47 / /home/ann/far/near rw - ext4 /dev/sdb1 rw
damaged line
"""


@pytest.fixture
def mounts(tmp_path, monkeypatch) -> None:
    file = tmp_path / "mountinfo"
    file.write_text(MOUNTS)
    monkeypatch.setattr(locations, "MOUNTS", file)


@pytest.mark.parametrize(
    ("folder", "shared"),
    [
        ("/home/ann/labels", False),
        ("/mnt/lab share/labels", True),
        ("/home/ann/far/labels", True),
        ("/home/ann/far/near/labels", False),
        ("/home/ann/Dropbox/labels", True),
        ("/home/ann/OneDrive/a/labels", True),
    ],
)
def test_where_a_folder_lies(mounts, folder, shared):
    assert is_shared(Path(folder)) == shared


def test_where_nothing_is_known_a_folder_is_ones_own(tmp_path, monkeypatch):
    monkeypatch.setattr(locations, "MOUNTS", tmp_path / "none")
    assert not is_shared(Path("/home/ann"))


def test_a_project_there_has_a_rollback_journal_and_works(project, monkeypatch):
    folder = project.folder
    assert project._db.journal_mode == "wal"
    project.close()
    monkeypatch.setattr("labeller.store.database.is_shared", lambda folder: True)
    with Project(folder) as first, Project(folder, lock=False) as second:
        assert first._db.journal_mode == second._db.journal_mode == "delete"
        first.labels.assign({1: 1}, "anna")
        second.labels.assign({2: 1}, "anna")
        assert first.labels.counts() == second.labels.counts() == (2, 0)
        assert not (folder / "project.sqlite-wal").exists()
        assert first.labels.log_problems() == []
    monkeypatch.setattr("labeller.store.database.is_shared", lambda folder: False)
    with Project(folder) as back:
        assert back._db.journal_mode == "wal" and back.labels.counts() == (2, 0)
