"""What the window remembers between starts: theme, size, recent projects, what training costs."""

from pathlib import Path
from typing import cast

from PySide6.QtCore import QSettings

from labeller.core.locations import data_folder, user_name

RECENT_LIMIT = 10
LONGEST_TRAINING, LONGEST_KEY = 30 * 86400, 200


def settings() -> QSettings:
    return QSettings(str(data_folder() / "window.ini"), QSettings.Format.IniFormat)


def recent_projects() -> list[Path]:
    """Recently opened projects that still exist, newest first."""
    stored = settings().value("recent", [])
    paths = [stored] if isinstance(stored, str) else list(cast(list[str], stored) or [])
    return [Path(path) for path in paths if Path(path).is_dir()]


def remember_project(folder: Path) -> None:
    others = [path for path in recent_projects() if path != folder]
    kept = [str(path) for path in [folder, *others][:RECENT_LIMIT]]
    settings().setValue("recent", kept)


def annotator() -> str:
    """The person's name as given, or their user name."""
    return str(settings().value("annotator") or user_name())


def remember_annotator(name: str) -> None:
    settings().setValue("annotator", name)


def known_costs() -> dict[str, float]:
    """Seconds of trainings on this machine, by their keys (labeller/loop/costs.py)."""
    stored = settings().value("costs", {})
    return plausible(stored) if isinstance(stored, dict) else {}


def remember_costs(found: dict[str, float]) -> None:
    if costs := plausible(found):
        settings().setValue("costs", known_costs() | costs)


def plausible(costs: dict[str, float]) -> dict[str, float]:
    """Those that a training can have had: projects come from anywhere."""
    return {
        key: seconds
        for key, seconds in costs.items()
        if isinstance(seconds, float) and 0 < seconds < LONGEST_TRAINING and len(key) < LONGEST_KEY
    }
