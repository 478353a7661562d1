"""Remarks of an import on the files it has read."""

import time
from pathlib import Path

from labeller.core.remarks import Remark
from labeller.pool.decode import DEPTHS
from labeller.project.project import Project

STILL_WRITTEN = 60.0
"""Seconds: a file written this recently may be incomplete."""


def keep_remarks(project: Project) -> None:
    """Record what was unusual about the files."""
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
                "Images with more than 8 bits: {count}. Their grey values are shown from {low:g} "
                "(black) to {high:g} (white).",
                count=sum(map(len, by_bits.values())),
                low=grey[0],
                high=grey[1],
            ).stored()
        )
    else:
        remarks += [
            Remark(
                "Greyscale images that use {bits} of 16 bits: {count}. They are shown in "
                "that range, which is a guess.",
                count=len(ids),
                bits=bits,
            ).stored()
            for bits, ids in sorted(by_bits.items())
            if bits < DEPTHS[-1]
        ]
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
    """Whether it may still be being written."""
    try:
        return abs(time.time() - file.stat().st_mtime) < STILL_WRITTEN
    except OSError:
        return False
