"""Settings kept between starts: theme, size, recent projects, costs of training."""

from pathlib import Path
from typing import cast

from PySide6.QtCore import QSettings

from labeller.core.locations import data_folder, user_name
from labeller.loop.round_settings import plausible

RECENT_LIMIT = 10


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
    """Seconds of trainings on this machine, by their keys (labeller/loop/round_settings.py)."""
    stored = settings().value("costs", {})
    return plausible(stored) if isinstance(stored, dict) else {}


def remember_costs(found: dict[str, float]) -> None:
    """Store costs, replacing older ones; nothing is written if they are already stored."""
    known = known_costs()
    if (costs := known | found) != known:
        settings().setValue("costs", costs)
