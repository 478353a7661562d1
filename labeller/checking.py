"""`check`: is everything that a project relies on still as it was?"""

import hashlib

from labeller.errors import LabellerError
from labeller.progress import Progress, Report, ignore
from labeller.project import Project


def check(project: Project, report: Report = ignore) -> list[str]:
    """What is wrong, a sentence each; an empty list where all is well.

    Looks at the database's integrity and references, the cache, every image file (by its hash),
    and the checkpoints.
    """
    problems = [f"The database: {problem}." for problem in project.integrity_problems()]
    try:
        project.tensors()
    except LabellerError as error:
        problems.append(str(error))
    total = project.images.counts()
    everything = total["ready"] + total["test"]
    for done, (image, size) in enumerate(project.images.each_file(), start=1):
        try:
            data = image.file.read_bytes()
        except FileNotFoundError:
            problems.append(f"{image.file} is gone.")
        except OSError as error:
            problems.append(f"{image.file} cannot be read: {error.strerror}.")
        else:
            if len(data) != size or hashlib.sha256(data).hexdigest() != image.sha256:
                problems.append(f"{image.file} was changed after the import.")
        if done % 256 == 0 or done == everything:
            report(Progress("Checking images", done, everything))
    for run in project.runs.all():
        if run.checkpoint and not (project.folder / run.checkpoint).is_file():
            problems.append(f"The checkpoint {run.checkpoint} is gone.")
    return problems
