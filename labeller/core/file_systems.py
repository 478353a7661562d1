"""Where a folder lies: on a disk of this computer, or on one that others write to as well."""

import tempfile
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
NETWORK = frozenset({
    "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "9p", "ncpfs", "glusterfs",
    "ceph", "lustre", "beegfs", "davfs", "virtiofs", "vboxsf", "fuse.sshfs", "fuse.rclone",
    "fuse.davfs2", "fuse.gvfsd-fuse", "fuse.google-drive-ocamlfuse", "fuse.onedriver",
})  # fmt: skip
"""File systems whose files other computers may change, and that share no memory with them."""
SYNCHRONISED = frozenset({
    "dropbox", "onedrive", "google drive", "googledrive", "nextcloud", "owncloud", "icloud drive",
    "com~apple~clouddocs", "syncthing", "seafile", "pclouddrive",
})  # fmt: skip
"""Folders that a program copies elsewhere, in small letters."""


def is_shared(folder: Path) -> bool:
    """Whether a folder lies on a network drive, or in a folder that is synchronised; False where
    that cannot be found out."""
    folder = folder.resolve()
    names = {part.casefold() for part in folder.parts}
    return bool(names & SYNCHRONISED) or _kind(folder) in NETWORK


def tells_letters_apart(folder: Path) -> bool:
    """Whether `a` and `A` are two files in a folder; those of Windows and macOS mostly are one."""
    with tempfile.NamedTemporaryFile(prefix=".letters-", suffix=".tmp", dir=folder) as probe:
        return not (folder / Path(probe.name).name.swapcase()).exists()


def _kind(folder: Path) -> str:
    """The type of the file system that a folder is on, as Linux names it; else ""."""
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
