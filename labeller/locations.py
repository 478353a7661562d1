"""Where the program keeps what belongs to the user rather than to one project."""

import os
from pathlib import Path

import platformdirs


def data_folder() -> Path:
    """The user's data folder of this program; `LABELLER_DATA` names another one."""
    override = os.environ.get("LABELLER_DATA")
    return Path(override) if override else Path(platformdirs.user_data_dir("labeller", False))


def log_folder() -> Path:
    """Where the logs lie; with `LABELLER_DATA` in its folder `logs`."""
    override = os.environ.get("LABELLER_DATA")
    return (
        Path(override) / "logs" if override else Path(platformdirs.user_log_dir("labeller", False))
    )


def demo_folder() -> Path:
    """Where the demo project lies; its images are beside it in `demo-images`."""
    return data_folder() / "demo"
