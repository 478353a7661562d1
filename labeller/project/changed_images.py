"""Images whose files have changed since the import: their labels belong to other pixels.

Such a file is not computed from, shown or copied. A person decides: the image is accepted as it is
now and its label asked for again, or it is left out.
"""

import hashlib
from collections.abc import Iterable, Sequence

from labeller.core.errors import Cancelled, Word
from labeller.core.files import open_regular, read_bytes
from labeller.core.progress import Progress
from labeller.core.run import Run
from labeller.pool.unchanged import CHANGED
from labeller.project.project import Project
from labeller.store.images import StoredImage

ACCEPT, LEAVE_OUT = "accept", "leave-out"
STAGE = "Checking images"


def find_changed(project: Project, run: Run = Run()) -> list[StoredImage]:
    """The readable images of a project whose files have changed; missing files are not
    among them.

    Raises:
        Cancelled: `run.should_stop` said so.
    """
    counts, found = project.images.counts(), []
    total = counts["ready"] + counts["test"]
    for done, (image, size) in enumerate(project.images.each_file(), start=1):
        if is_as_imported(image, size) is False:
            found.append(image)
        if done % 256 == 0 or done == total:
            run.report(Progress(STAGE, done, total))
        if run.should_stop():
            raise Cancelled("{stage} was stopped.", stage=Word(STAGE))
    return found


def is_as_imported(image: StoredImage, size: int) -> bool | None:
    """Whether an image's file still has the `size` imported bytes; None if it cannot be read."""
    try:
        with open_regular(image.file) as file:
            data = read_bytes(file, size + 1)
    except OSError:
        return None
    return hashlib.sha256(data).hexdigest() == image.sha256


def leave_out(project: Project, images: Iterable[StoredImage]) -> None:
    """Leave images out of the pool and exports until their files are restored. Their labels stay in
    the log."""
    with project.transaction():
        project.images.set_aside([image.id for image in images], CHANGED)
        project.images.mark_duplicates()


def accept(project: Project, images: Sequence[StoredImage]) -> None:
    """Accept images as they are now, as if just imported: labels, suggestions and model labels are
    removed. They are read when the import is finished.

    What is known by their names, such as hidden labels, stays.
    """
    ids = [image.id for image in images]
    shown = {i: c for c, examples in project.classes.examples().items() for i in examples}
    with project.transaction():
        project.labels.withdraw(ids)
        if examples := {i: shown[i] for i in ids if i in shown}:
            project.classes.change_examples(examples, add=False)
        project.suggestions.forget(ids)
        project.prior_predictions.forget(ids)
        project.images.read_as_new(ids)
        project.settings.set("complete", False)
