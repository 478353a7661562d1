"""`check`: whether everything a project relies on is intact; and `report`: an archive for bug
reports with versions, logs and a project's schema, but never its images, labels, file names or
class names."""

import hashlib
import json
import os
import platform
import zipfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import numpy as np
from packaging.requirements import Requirement
from PIL import features

from labeller import __version__
from labeller.core.errors import LabellerError, UnusableHere
from labeller.core.files import new_output, open_regular, read_bytes
from labeller.core.locations import log_folder
from labeller.core.run import Progress, Run
from labeller.pool.decode import THUMBNAIL_SIDE, UnreadableImage, decode, square
from labeller.project.project import Project
from labeller.store.images import StoredImage


def check(project: Project, run: Run = Run()) -> list[str]:
    """All problems as sentences; empty if all is well.

    Checks the database's integrity and references, the log of labels and its journal, every image
    file (by its hash), the cache against the images, the thumbnails and the checkpoints.
    """
    problems = [f"The database: {problem}." for problem in project.integrity_problems()]
    problems += [f"The log of labels: {problem}." for problem in project.labels.log_problems()]
    problems += [f"The journal: {problem}." for problem in project.reconciliation.problems()]
    problems += _image_problems(project, run)
    if (problem := tensor_problem(project, run)) is not None:
        problems.append(problem)
    for path in damaged_thumbnails(project):
        problems.append(f"The thumbnail {path.name} is damaged. `check --repair` removes it.")
    for trained in project.runs.all():
        if trained.checkpoint and (problem := checkpoint_problem(project, trained.checkpoint)):
            problems.append(problem)
    return problems


def tensor_problem(project: Project, run: Run = Run()) -> str | None:
    """What is wrong with the cache of training images: for unchanged images the pixels are
    compared; for the others, checksums."""
    try:
        tensors = project.tensors()
    except LabellerError as error:
        return str(error)
    for image, data in _each(project, "Checking the cache", run):
        (shown,), (whole,) = tensors.read(np.array([image.id - 1]))
        if not isinstance(data, bytes) or _digest(data) != image.sha256:
            if not whole:
                return (
                    f"The image cache does not match {image.path}. `check --repair` rebuilds it "
                    "once that file is as it was imported."
                )
            continue
        if whole:
            side = tensors.shape[1]
            try:
                decoded = decode(data, max(THUMBNAIL_SIDE, side), project.reading)
            except UnreadableImage:  # another version could decode it
                continue
            whole = np.array_equal(shown, square(decoded.picture, side))
        if not whole:
            return f"The image cache does not match {image.path}. `check --repair` rebuilds it."
    return None


def damaged_thumbnails(project: Project) -> list[Path]:
    """Thumbnails that cannot be decoded."""
    found = []
    for path in sorted(p for p in project.thumbnails.folder.rglob("*.jpg") if not p.is_dir()):
        try:
            if project.thumbnails.path(path.stem) != path:
                raise UnreadableImage("it is in the wrong place")
            project.thumbnails.kept(path.stem)
        except UnreadableImage:
            found.append(path)
    return found


def checkpoint_problem(project: Project, checkpoint: str) -> str | None:
    """Why the weights of a run cannot be used."""
    try:
        return damage_of_checkpoint(project, checkpoint)
    except UnusableHere as error:
        return str(error)


def damage_of_checkpoint(project: Project, checkpoint: str) -> str | None:
    """What is wrong with the weights of a run.

    Raises:
        UnusableHere: they may be intact, but were written by a later version or fitted to the
            features of other weights.
    """
    file = project.stored_checkpoint(checkpoint)
    if file is None:
        return f"The checkpoint {checkpoint} is gone."
    from labeller.learning.checkpoint import load_model  # torch is loaded only here

    try:
        load_model(file)
    except UnusableHere:
        raise
    except LabellerError as error:
        return str(error)
    return None


def _image_problems(project: Project, run: Run) -> Iterator[str]:
    for image, data in _each(project, "Checking images", run):
        if isinstance(data, FileNotFoundError):
            yield f"{image.file} is gone."
        elif isinstance(data, OSError):
            yield f"{image.file} cannot be read: {data.strerror}."
        elif _digest(data) != image.sha256:
            yield (
                f"{image.file} was changed after the import. `read-again --changed accept` accepts "
                "it and asks for its label again; `--changed leave-out` leaves it out."
            )


def _each(project: Project, stage: str, run: Run) -> Iterator[tuple[StoredImage, bytes | OSError]]:
    """Every image with the bytes of its file, or why it cannot be read. A file whose size has
    changed is not read whole."""
    counts = project.images.counts()
    total = counts["ready"] + counts["test"]
    for done, (image, size) in enumerate(project.images.each_file(), start=1):
        data: bytes | OSError
        try:
            with open_regular(image.file) as file:
                data = read_bytes(file, size + 1)
        except OSError as error:
            data = error
        yield image, data
        if done % 256 == 0 or done == total:
            run.report(Progress(stage, done, total))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def write_report(output: Path, project: Project | None = None, replace: bool = False) -> None:
    """Write a zip archive; replace an existing file only with `replace`.

    Raises:
        LabellerError: `output` exists or cannot be written.
    """
    with new_output(output, replace) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        archive.writestr("versions.json", json.dumps(versions(), indent=1))
        for log in sorted(log_folder().glob("*.log*")):
            archive.write(log, f"logs/{log.name}", zipfile.ZIP_DEFLATED)
        if project is not None:
            archive.writestr("schema.sql", project.schema())
            archive.writestr("counts.json", json.dumps(project.table_sizes(), indent=1))


def versions() -> dict[str, str]:
    """The versions of everything that runs here."""
    found = {
        "labeller": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": str(os.cpu_count()),
        "libjpeg-turbo": features.version_feature("libjpeg_turbo") or "missing: JPEGs are slow",
    }
    try:
        wanted = [Requirement(line) for line in requires("labeller") or []]
    except PackageNotFoundError:  # run from its source folder, not installed
        wanted = []
    for requirement in wanted:
        try:
            found[requirement.name] = version(requirement.name)
        except PackageNotFoundError:
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                found[requirement.name] = "missing"
    return found
