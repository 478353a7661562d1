"""`report`: an archive for a bug report with versions, logs and the schema of a project, but never
its images, labels, file names or class names."""

import json
import os
import platform
import zipfile
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

from labeller import __version__
from labeller.core.errors import LabellerError
from labeller.core.files import replacing, require_output
from labeller.core.locations import log_folder
from labeller.project.project import Project


def write_report(output: Path, project: Project | None = None, replace: bool = False) -> None:
    """Write a zip archive; replace an existing file only with `replace`.

    Raises:
        LabellerError: `output` exists or cannot be written.
    """
    require_output(output, replace)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with replacing(output) as temporary, zipfile.ZipFile(temporary, "w") as archive:
            archive.writestr("versions.json", json.dumps(versions(), indent=1))
            for log in sorted(log_folder().glob("*.log*")):
                archive.write(log, f"logs/{log.name}", zipfile.ZIP_DEFLATED)
            if project is not None:
                archive.writestr("schema.sql", project.schema())
                archive.writestr("counts.json", json.dumps(project.table_sizes(), indent=1))
    except OSError as error:
        raise LabellerError(
            "{output} cannot be written ({reason}).", output=output, reason=error.strerror
        ) from error


def versions() -> dict[str, str]:
    """Versions of what runs here."""
    found = {
        "labeller": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": str(os.cpu_count()),
    }
    try:
        wanted = [Requirement(line) for line in requires("labeller") or []]
    except PackageNotFoundError:  # run from its folder, not installed
        wanted = []
    for requirement in wanted:
        try:
            found[requirement.name] = version(requirement.name)
        except PackageNotFoundError:
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                found[requirement.name] = "missing"
    return found
