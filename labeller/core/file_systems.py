"""Whether a folder is on a local disk or one that other computers write to."""

import tempfile
from pathlib import Path

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
