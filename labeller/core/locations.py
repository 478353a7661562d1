"""Where the program keeps what belongs to the user rather than to one project."""

import getpass
import os
from collections.abc import Callable
from pathlib import Path

import platformdirs

from labeller.core.errors import LabellerError


def data_folder() -> Path:
    """The user's data folder of this program; `LABELLER_DATA` names another one.

    Raises:
        LabellerError: the user has no home.
    """
    override = os.environ.get("LABELLER_DATA")
    return Path(override) if override else _own(platformdirs.user_data_dir)


def log_folder() -> Path:
    """Where the logs lie; with `LABELLER_DATA` in its folder `logs`.

    Raises:
        LabellerError: the user has no home.
    """
    override = os.environ.get("LABELLER_DATA")
    return Path(override) / "logs" if override else _own(platformdirs.user_log_dir)


def demo_folder() -> Path:
    """Where the demo project lies; its images are beside it in `demo-images`."""
    return data_folder() / "demo"


def user_name() -> str:
    """The name that the system knows the user by; "somebody" where it knows none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "somebody"


def _own(ask: Callable[..., str]) -> Path:
    """A folder of the user's. Raises LabellerError where the system knows none."""
    try:
        folder = ask("labeller", False)
    except RuntimeError:
        folder = "~"
    if folder.startswith("~"):  # without a home it would become a folder of that name
        raise LabellerError(
            "This user has no home folder. Set HOME, or LABELLER_DATA to a folder for settings."
        )
    return Path(folder)
