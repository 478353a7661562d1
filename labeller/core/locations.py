"""Folders for what belongs to the user rather than to one project."""

import getpass
import os
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
