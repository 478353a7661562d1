"""Folders that belong to the user rather than to one project, and whether a folder is on a local
disk or one that other computers write to."""

import getpass
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import platformdirs

from labeller.core.errors import LabellerError


def data_folder() -> Path:
    """The program's data folder of the user; `LABELLER_DATA` overrides it.

    Raises:
        LabellerError: the user has no home.
    """
    override = os.environ.get("LABELLER_DATA")
    return Path(override) if override else _own(platformdirs.user_data_dir)


def log_folder() -> Path:
    """The folder of the logs; with `LABELLER_DATA`, its folder `logs`.

    Raises:
        LabellerError: the user has no home.
    """
    override = os.environ.get("LABELLER_DATA")
    return Path(override) / "logs" if override else _own(platformdirs.user_log_dir)


def demo_folder() -> Path:
    """The folder of the demo project; its images are beside it in `demo-images`."""
    return data_folder() / "demo"


def user_name() -> str:
    """The user's name in the system, or "somebody"."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "somebody"


def _own(ask: Callable[..., str]) -> Path:
    """A folder of the user. Raises LabellerError if the system knows none."""
    try:
        folder = ask("labeller", False)
    except RuntimeError:
        folder = "~"
    if folder.startswith("~"):  # without a home it would become a folder of that name
        raise LabellerError(
            "This user has no home folder. Set HOME, or LABELLER_DATA to a folder for settings."
        )
    return Path(folder)


MOUNTS = Path("/proc/self/mountinfo")
NETWORK = frozenset({
    "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "9p", "ncpfs", "glusterfs",
    "ceph", "lustre", "beegfs", "davfs", "virtiofs", "vboxsf", "fuse.sshfs", "fuse.rclone",
    "fuse.davfs2", "fuse.gvfsd-fuse", "fuse.google-drive-ocamlfuse", "fuse.onedriver",
})  # fmt: skip
"""File systems that other computers may write to without shared memory."""
SYNCHRONISED = frozenset({
    "dropbox", "onedrive", "google drive", "googledrive", "nextcloud", "owncloud", "icloud drive",
    "com~apple~clouddocs", "syncthing", "seafile", "pclouddrive",
})  # fmt: skip
"""Folders that a sync client copies elsewhere, in lower case."""


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
    """The file system type of a folder on Linux; otherwise ""."""
    try:
        lines = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    best, kind = -1, ""
    for line in lines:  # proc(5): the mount point is the fifth field, the type follows " - "
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) < 5 or not after:
            continue
        point = Path(fields[4].replace("\\040", " "))
        if (point == folder or point in folder.parents) and len(point.parts) > best:
            best, kind = len(point.parts), after.split()[0]
    return kind
