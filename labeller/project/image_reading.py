"""Reads a project's images: once when it is created, and again when the settings or the files
change, or when more of them can be read; with remarks on anything unusual."""

import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from labeller_models.registry import mark

from labeller.core.errors import Cancelled, LabellerError, Remark
from labeller.core.files import open_regular, read_bytes
from labeller.core.run import Progress, Run
from labeller.pool.cache import CHANGED
from labeller.pool.channels import may_be_tiff
from labeller.pool.decode import DEPTHS, Reading, needs_true_colour
from labeller.pool.ingest import Task, Verified, ingest
from labeller.project.project import Project
from labeller.store.images import StoredImage

IMAGES_PER_TRANSACTION = 256
PASSED_OVER = "profiles_passed_over"
"""The setting that counts images whose colour profiles could not be used."""


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
        with project.transaction():
            gone += project.images.record(chunk, wait=not skip_missing)
            if profile_ignored := sum(each.profile_ignored for each in chunk):
                before = project.settings.whole_number(PASSED_OVER, 0, 0)
                project.settings.set(PASSED_OVER, before + profile_ignored)
    if gone:
        raise MissingImages(
            "{gone} of {count} images are no longer where they were (for example in {parent}). "
            "Bring them back and try again, or leave them out.",
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
        The number of images to be read.
    """
    changed = []
    if reading.grey != project.reading.grey:
        deep = project.images.get(project.images.perhaps_deep().tolist())
        changed = [image.id for image in deep if image.file.is_file()]
    true_colour = reading.true_colour and not project.reading.true_colour
    if true_colour:
        each_file = (image for image, _ in project.images.each_file())
        changed += [image.id for image in each_file if needs_true_colour(image.file)]
    if reading.channels != project.reading.channels:
        each_file = (image for image, _ in project.images.each_file())
        changed += [image.id for image in each_file if may_be_tiff(image.file)]
        changed = list(dict.fromkeys(changed))
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
        if true_colour:
            project.settings.set(PASSED_OVER, 0)
        _forget_pictures(project, changed)
        project.images.read_again([*changed, *missed])
        if changed or missed:
            project.settings.set("complete", False)
    return len(changed) + len(missed)


def agree_on_bits(project: Project) -> bool:
    """If greyscale images use different numbers of bits from 10 to 16, like a detector's bright and
    dark pictures, show all in the widest range and reread the others. Returns whether any have to
    be reread.

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


STILL_WRITTEN = 60.0
"""Seconds: a file written this recently may be incomplete."""


def keep_remarks(project: Project) -> None:
    """Record remarks on anything unusual about the files."""
    remarks = [note.stored() for note in project.import_notes]
    if copies := project.images.counts()["duplicates"]:
        remarks.append(
            Remark(
                "Exact copies of other images: {count}. They are not offered for "
                "labelling, and a label applies only to its own image.",
                count=copies,
            ).stored()
        )
    paged, left_out = project.images.paged()
    if paged:
        remarks.append(
            Remark(
                "Files with several pages or frames: {paged}. The first of each was taken, "
                "{left_out} more were left out.",
                paged=paged,
                left_out=left_out,
            ).stored()
        )
    by_bits = project.images.by_bits()
    if (grey := project.reading.grey) is not None and by_bits:
        remarks.append(
            Remark(
                "Images with more than 8 bits: {count}. Their values are shown from {low:g} "
                "(black) to {high:g} (white).",
                count=sum(map(len, by_bits.values())),
                low=grey[0],
                high=grey[1],
            ).stored()
        )
    else:
        remarks += [
            Remark(
                "Images that use {bits} of 16 bits: {count}. They are shown in that range, which "
                "is a guess.",
                count=len(ids),
                bits=bits,
            ).stored()
            for bits, ids in sorted(by_bits.items())
            if bits < DEPTHS[-1]
        ]
    if profile_ignored := project.settings.whole_number(PASSED_OVER, 0, 0):
        remarks.append(
            Remark(
                "Colour profiles that cannot be used: {count}. These images are shown without "
                "them.",
                count=profile_ignored,
            ).stored()
        )
    if late := sum(_is_new(file) for _, file in project.images.unreadable_files()):
        remarks.append(
            Remark(
                "Unreadable files written less than a minute ago: {count}. Once they are "
                "complete, let the program read them again.",
                count=late,
            ).stored()
        )
    project.settings.set("import_notes", remarks)


def _is_new(file: Path) -> bool:
    """Whether somebody may still be writing the file."""
    try:
        return abs(time.time() - file.stat().st_mtime) < STILL_WRITTEN
    except OSError:
        return False


ACCEPT, LEAVE_OUT = "accept", "leave-out"
STAGE = mark("Checking images")


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
        run.check(STAGE)
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

    Whatever follows from their names, such as hidden labels, stays.
    """
    ids = [image.id for image in images]
    with project.transaction():
        project.labels.withdraw(ids)
        for wrong in (False, True):
            for class_id, shown in project.classes.examples(wrong).items():
                if gone := dict.fromkeys(set(ids).intersection(shown), class_id):
                    project.classes.change_examples(gone, add=False)
        project.suggestions.forget(ids)
        project.prior_predictions.forget(ids)
        project.images.read_as_new(ids)
        project.settings.set("complete", False)
