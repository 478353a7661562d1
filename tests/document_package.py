"""Install the example package of a document exactly as printed."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def install(document: Path, folder: Path, files: list[str]) -> Path:
    """Write the document's files to a folder, install them as a package, and return the
    installation folder."""
    blocks = re.findall(r"`([\w.]+)`:\n\n```\w+\n(.*?)```", document.read_text(), flags=re.S)
    assert [name for name, _ in blocks] == files
    for name, text in blocks:
        (folder / name).write_text(text)
    target = folder / "installed"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation",
         "--disable-pip-version-check", "--target", str(target), str(folder)],
        check=True,
    )  # fmt: skip
    return target


def labeller(installed: Path, *arguments: object) -> subprocess.CompletedProcess:
    """Run the program with the installed package on its path."""
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *map(str, arguments)], text=True,
        capture_output=True, env={**os.environ, "PYTHONPATH": str(installed)},
    )  # fmt: skip
