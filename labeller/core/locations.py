"""Folders that belong to the user rather than to one project, and whether a folder is on a local
disk or one that other computers write to."""

import getpass
import os
import tempfile
from pathlib import Path
from typing import Literal

from labeller.core.errors import LabellerError


def data_folder() -> Path:
    """The user's data folder for the program; `LABELLER_DATA` overrides it.

    Raises:
        LabellerError: the user has no home.
    """
    override = os.environ.get("LABELLER_DATA")
    return Path(override) if override else _own("user_data_dir")


def log_folder() -> Path:
    """The folder for logs; if `LABELLER_DATA` is set, its subfolder `logs`.

    Raises:
        LabellerError: the user has no home.
    """
    override = os.environ.get("LABELLER_DATA")
    return Path(override) / "logs" if override else _own("user_log_dir")


def demo_folder() -> Path:
    """The folder of the demo project; its images are in `demo-images` beside it."""
    return data_folder() / "demo"


def user_name() -> str:
    """The user's name in the system, or "somebody"."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "somebody"


def _own(kind: Literal["user_data_dir", "user_log_dir"]) -> Path:
    """A folder of the user. Raises LabellerError if the system knows none."""
    import platformdirs  # late: learning also runs where only torch is installed

    try:
        folder: str = getattr(platformdirs, kind)("labeller", False)
    except RuntimeError:
        folder = "~"
    if folder.startswith("~"):  # no home: it would become a folder called "~"
        raise LabellerError(
            "This user has no home folder. Set HOME, or LABELLER_DATA to a folder for settings."
        )
    return Path(folder)


REMOTE = "remote"
NETWORK = frozenset({
    REMOTE, "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "9p", "ncpfs",
    "glusterfs", "ceph", "lustre", "beegfs", "davfs", "virtiofs", "vboxsf", "fuse.sshfs",
    "fuse.rclone", "fuse.davfs2", "fuse.gvfsd-fuse", "fuse.google-drive-ocamlfuse",
    "fuse.onedriver",
})  # fmt: skip
"""File systems that other computers may write to, without sharing memory."""
SYNCHRONISED = frozenset({
    "dropbox", "onedrive", "google drive", "googledrive", "nextcloud", "owncloud", "icloud drive",
    "com~apple~clouddocs", "syncthing", "seafile", "pclouddrive",
})  # fmt: skip
"""Names of folders that sync clients copy elsewhere, in lower case."""


def is_shared(folder: Path) -> bool:
    """Whether a folder is on a network drive or in a synchronised folder; False if unknown."""
    folder = folder.resolve()
    names = {part.casefold() for part in folder.parts}
    return bool(names & SYNCHRONISED) or _kind(folder) in NETWORK


def tells_letters_apart(folder: Path) -> bool:
    """Whether a folder is case-sensitive; on Windows and macOS most are not."""
    with tempfile.NamedTemporaryFile(prefix=".letters-", suffix=".tmp", dir=folder) as probe:
        return not (folder / Path(probe.name).name.swapcase()).exists()


def _kind(folder: Path) -> str:
    """The file system type of a folder; "" if unknown, `REMOTE` for Windows' network drives."""
    import psutil

    try:
        mounted = psutil.disk_partitions(all=True)
    except (OSError, psutil.Error):
        return ""
    above = [each for each in mounted if folder.is_relative_to(each.mountpoint)]
    if not above:
        return ""
    nearest = max(reversed(above), key=lambda each: len(Path(each.mountpoint).parts))
    return REMOTE if REMOTE in nearest.opts.split(",") else str(nearest.fstype)
