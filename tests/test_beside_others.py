"""The wheel works when installed beside a user's own packages `models` and `resources`, and does
not overwrite them."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "labeller", "models", "resources")
THEIRS = "WHOSE = 'theirs'\n\n\ndef frozen_encoder(name):\n    raise SystemExit('not ours')\n"
ON_BOTH = """
import os, models, resources
assert models.WHOSE == resources.WHOSE == "theirs"
import labeller
from labeller.window.kit.language import tr
with labeller.open("p", writing=True) as project:
    print(labeller.__file__, project.train(device="cpu")["labelled"])
assert models.WHOSE == "theirs" and models.__file__.startswith(os.environ["PYTHONPATH"])
"""


def run(*command: object, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=cwd, capture_output=True, text=True, timeout=300, env={**os.environ, **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built from a copy because a build leaves files in its source folder."""
    copy = tmp_path_factory.mktemp("source")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
            shutil.copytree(ROOT / name, copy / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, copy / name)
    run("-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir",
        copy / "made", copy, cwd=copy)  # fmt: skip
    (made,) = (copy / "made").glob("*.whl")
    return made


@pytest.mark.slow
def test_the_wheel_contains_exactly_the_packages_of_the_program(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {
        "labeller", "labeller_models", "labeller_resources",
    }  # fmt: skip
    for folder in ("labeller", "models/labeller_models"):
        for file in (ROOT / folder).rglob("*.py"):
            assert file.relative_to(ROOT).as_posix().removeprefix("models/") in names
    for name in ("icons/labeller.svg", "translations/de.qm", "labeller.desktop"):
        assert f"labeller_resources/{name}" in names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


@pytest.mark.slow
def test_training_works_beside_packages_named_models_and_resources(wheel, tmp_path, images):
    site = tmp_path / "site"
    run("-m", "pip", "install", "--quiet", "--no-deps", "--target", site, wheel, cwd=tmp_path)
    for name in ("models", "resources"):
        assert not (site / name).exists()
        (site / name).mkdir()
        (site / name / "__init__.py").write_text(THEIRS)
    at = {"PYTHONPATH": str(site)}
    made = run(
        "-m", "labeller", "create", "p", "--images", images, "--labels", "folders",
        "--resolution", 16, cwd=tmp_path, **at,
    )  # fmt: skip
    assert "36" in made
    where, learnt = run(
        "-c", f"import sys\nsys.path[0] = {str(site)!r}{ON_BOTH}", cwd=tmp_path, **at
    ).split()
    assert Path(where).is_relative_to(site) and learnt == "36"
    assert '"labelled": 36' in run("-m", "labeller", "status", "p", "--json", cwd=tmp_path, **at)
