"""Optional packages are loaded only on use, and a missing one is reported in one line."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from labeller.cli.main import program
from labeller.core.errors import EXTRAS, LabellerError, require_extra
from labeller.experiments.figures import write_figure
from labeller.loop import rounds
from labeller.project.exporting import export

ROOT = Path(__file__).parents[1]
ALL_STARTED = """
import sys
sys.modules["pandas"] = None  # sqlite-utils would load it, and with it pyarrow
from labeller.cli.main import program
commands = [program.get_command(None, name) for name in program.list_commands(None)]
from PySide6.QtWidgets import QApplication
from labeller.window.shell.main_window import MainWindow
application = QApplication([])
window = MainWindow()
window.show()
application.processEvents()
print(len(commands), *(name for name in sys.argv[1:] if name in sys.modules))
window.close()
"""


def test_extras_match_pyproject():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for package, extra in EXTRAS.items():
        (line,) = settings["optional-dependencies"][extra]
        assert re.match(r"[\w-]+", line).group().removesuffix("-skinny") == package
        assert not any(each.startswith(package) for each in settings["dependencies"])


def test_the_window_and_the_commands_start_without_extras(tmp_path):
    others = ("distributed", "ray", "torch", "torchvision", "timm", "scipy", "onnxruntime")
    done = subprocess.run(
        [sys.executable, "-c", ALL_STARTED, *EXTRAS, *others],
        capture_output=True, text=True, timeout=120, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(len(program.list_commands(None)))]


@pytest.fixture
def no_extras(monkeypatch):
    """Hide all optional packages."""
    for package in EXTRAS:
        monkeypatch.setitem(sys.modules, package, None)


@pytest.mark.parametrize("package", EXTRAS)
def test_a_missing_package_is_reported_with_its_extra(package, no_extras):
    with pytest.raises(LabellerError) as raised:
        require_extra(package)
    assert str(raised.value) == (
        f"This needs the package {package}, which is missing. "
        f"Install 'labeller[{EXTRAS[package]}]'."
    )


def test_a_missing_extra_is_reported_before_any_work(project, tmp_path, no_extras, monkeypatch):
    rounds.label_by_oracle(project, rounds.begin(project))
    with pytest.raises(LabellerError, match=r"labeller\[parquet\]"):
        export(project, "parquet", tmp_path / "labels.parquet")
    with pytest.raises(LabellerError, match=r"labeller\[figures\]"):
        write_figure({}, tmp_path / "figure.png")
    project.close()
    (tmp_path / "labels.parquet").write_bytes(b"PAR1")
    monkeypatch.setattr("labeller.experiments.simulation.simulate", lambda *_: 1 / 0)
    monkeypatch.setattr("labeller.experiments.bench.run_cells", lambda *_: 1 / 0)
    plan = ("--initial", "6", "--budget", "3", "--cycles", "1")
    for words in (
        ("import-labels", project.folder, tmp_path / "labels.parquet"),
        ("simulate", project.folder, *plan, "--figure", tmp_path / "f.png"),
        ("compare-methods", project.folder, *plan, "--strategies", "random", "--output",
         tmp_path / "out"),
    ):  # fmt: skip
        failed = CliRunner().invoke(program, [str(word) for word in words])
        assert failed.exit_code == 1 and "which is missing. Install 'labeller[" in failed.output
        assert len(failed.output.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists() and not (tmp_path / "f.png").exists()
