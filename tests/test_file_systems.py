"""Projects on network drives and in synchronised folders."""

from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from labeller.core.locations import is_shared
from labeller.project.project import Project


def disk(device: str, mountpoint: str, fstype: str, opts: str) -> SimpleNamespace:
    """A disk as psutil describes it."""
    return SimpleNamespace(device=device, mountpoint=mountpoint, fstype=fstype, opts=opts)


MOUNTS = [
    disk("/dev/sda1", "/", "ext4", "rw,relatime"),
    disk("//server/share", "/mnt/lab share", "cifs", "rw"),
    disk("server:/x", "/home/ann/far", "nfs4", "rw"),
    disk("/dev/sdb1", "/home/ann/far/near", "ext4", "rw"),
    disk("Z:", "/drive", "NTFS", "rw,remote"),
    disk("/dev/sdc1", "/twice", "ext4", "rw"),
    disk("server:/y", "/twice", "nfs", "rw"),
]


@pytest.fixture
def mounts(monkeypatch) -> None:
    monkeypatch.setattr(psutil, "disk_partitions", lambda all: MOUNTS)


@pytest.mark.parametrize(
    ("folder", "shared"),
    [
        ("/home/ann/labels", False),
        ("/mnt/lab share/labels", True),
        ("/home/ann/far/labels", True),
        ("/home/ann/far/near/labels", False),
        ("/drive/labels", True),
        ("/twice/labels", True),
        ("/home/ann/Dropbox/labels", True),
        ("/home/ann/OneDrive/a/labels", True),
    ],
)
def test_shared_folders_are_recognised(mounts, folder, shared):
    assert is_shared(Path(folder)) == shared


def test_folders_count_as_local_when_the_mounts_are_unknown(monkeypatch):
    def fails(all: bool) -> list:
        raise OSError("no mounts")

    for found in (fails, lambda all: []):
        monkeypatch.setattr(psutil, "disk_partitions", found)
        assert not is_shared(Path("/home/ann"))


def test_projects_in_shared_folders_use_a_rollback_journal(project, monkeypatch):
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
