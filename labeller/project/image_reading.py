"""Reads a project's images: once when it is created, and again when the settings change or more of
them can be read."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from labeller.core.errors import Cancelled, LabellerError
from labeller.core.progress import Progress
from labeller.core.run import Run
from labeller.pool.decode import DEPTHS, Reading
from labeller.pool.ingest import Task, Verified, ingest
from labeller.project.changed_images import is_as_imported
from labeller.project.project import Project

IMAGES_PER_TRANSACTION = 256


class MissingImages(LabellerError):
    """Files have disappeared since the import began; it can be resumed when they are back."""


def read_pending(project: Project, run: Run, skip_missing: bool) -> None:
    """Read the images that have not been read yet.

    Args:
        skip_missing: leave out images whose files are gone, instead of waiting for them.

    Raises:
        MissingImages: some are gone; all others have been read.
        Cancelled: `run.should_stop` said so.
    """
    tasks = [Task(i, i - 1, file, known) for i, file, known in project.images.pending()]
    found, gone = _read(project, tasks, run), 0
    while chunk := list(islice(found, IMAGES_PER_TRANSACTION)):
        gone += project.images.record(chunk, wait=not skip_missing)
    if gone:
        raise MissingImages(
            "{gone} of {count} images are no longer where they were ({parent}, for "
            "one). Bring them back and try again, or leave them out.",
            settings=["skip_missing"],
            gone=gone,
            count=project.images.count(),
            parent=tasks[-1].path.parent,
        )


def ask_to_read_again(project: Project, reading: Reading) -> int:
    """Record images to be reread: those affected by changed settings, those that could not be read,
    and those left out whose files are restored. The import is unfinished until they have been read
    (`creation.resume`).

    Labels, batches and models stay. Images with missing files are left as they are.

    Returns:
        How many are to be read.
    """
    changed = []
    if reading.grey != project.reading.grey:
        deep = project.images.get(project.images.perhaps_deep().tolist())
        changed = [image.id for image in deep if image.file.is_file()]
    missed = [image_id for image_id, file in project.images.unreadable_files() if file.is_file()]
    aside = project.images.each_set_aside()
    forgotten = set(project.images.forgotten())
    missed += [
        image.id
        for image, size in aside
        if image.id not in forgotten and is_as_imported(image, size)
    ]
    with project.transaction():
        project.set_reading(reading)
        _forget_pictures(project, changed)
        project.images.read_again([*changed, *missed])
        if changed or missed:
            project.settings.set("complete", False)
    return len(changed) + len(missed)


def agree_on_bits(project: Project) -> bool:
    """If greyscale images use different numbers of bits from 10 to 16, like bright and dark
    pictures of a detector, show all in the widest range and reread the others. Returns whether any
    have to be reread.

    A common range would be wrong for floats, so nothing changes if there are any.
    """
    by_bits = project.images.by_bits()
    known = sorted(by_bits)
    if project.reading.grey is not None or len(known) < 2 or not set(known) <= set(DEPTHS[1:]):
        return False
    with project.transaction():
        reading = replace(project.reading, grey=(0.0, float((1 << known[-1]) - 1)))
        project.set_reading(reading)
        again = [image_id for bits in known[:-1] for image_id in by_bits[bits]]
        _forget_pictures(project, again)
        project.images.read_again(again)
    return True


def _forget_pictures(project: Project, image_ids: Iterable[int]) -> None:
    """Delete thumbnails of images that will be reread."""
    for image in project.images.get(list(image_ids)):
        if image.sha256:
            project.thumbnails.path(image.sha256).unlink(missing_ok=True)


def rebuild_cache(project: Project, run: Run = Run()) -> None:
    """Rebuild the tensor cache from the images; labels are not touched. Valid rows of missing or
    changed images are kept."""
    try:
        project.tensor_cache.open()
    except (OSError, ValueError):
        project.tensor_cache.path.unlink(missing_ok=True)
    images = [Task(i.id, i.id - 1, i.file, i.sha256) for i, _ in project.images.each_file()]
    for _ in _read(project, images, run):
        pass


def _read(project: Project, tasks: list[Task], run: Run) -> Iterator[Verified]:
    tensors = project.tensor_cache.create(project.images.count(), project.resolution)
    found = ingest(tasks, tensors, project.thumbnails)
    try:
        for done, verified in enumerate(found, start=1):
            yield verified
            if done % 64 == 0 or done == len(tasks):
                run.report(Progress("Reading images", done, len(tasks)))
            if run.should_stop():
                raise Cancelled("The import was cancelled; the same command resumes it.")
    finally:
        found.close()  # type: ignore[attr-defined]
        tensors.flush()
