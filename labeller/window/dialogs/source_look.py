"""A first look at a possible source of images: how many, which classes, and a sample."""

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QObject, QTimer, Signal

from labeller.core.errors import LabellerError
from labeller.core.files import LARGEST_BYTES, read_regular
from labeller.pool.archives import DAMAGED, opened, read_entry
from labeller.pool.decode import UnreadableImage, decode
from labeller.pool.sources import (
    FoundImage,
    Listing,
    label_by_folder,
    list_images,
    take_splits_apart,
)
from labeller.window.kit.language import remark_in_words, spoken
from labeller.window.kit.worker import Lookup

WAIT_MS = 300
TRIED = 5
"""Images that are tried until one can be read."""
OFTEN_PAGED = (".tif", ".tiff", ".gif")


@dataclass(frozen=True)
class Look:
    """What was found at a place.

    Attributes:
        location: as it was typed.
        count: images of the pool; 0 where there are none, and then `problem` says why.
        classes: images by folder or by the column "label", the most frequent first.
        sample: one of them, RGB; None where none can be read.
        held_out: images of a test or validation split, which are not among `count`.
        encoding: in which names of an archive were read, where that is a guess.
        paged: whether some files seem to have several pages or frames.
        notes: what was guessed or passed over, a sentence each.
    """

    location: str
    count: int = 0
    classes: tuple[tuple[str, int], ...] = ()
    sample: Image.Image | None = None
    problem: str = ""
    held_out: int = 0
    encoding: str | None = None
    paged: bool = False
    notes: tuple[str, ...] = ()


def look(location: str, encoding: str | None = None) -> Look:
    """Look at a folder, a .zip or a .csv file; nothing is unpacked. `encoding` is that of names in
    an archive, if somebody chose it."""
    path = Path(location).expanduser()
    try:
        found = list_images(path, zip_encoding=encoding)
        splits = take_splits_apart(found)
    except (LabellerError, OSError) as error:
        return Look(location, problem=spoken(error))
    listing = splits.pool
    held_out = sum(len(one.images) for one in (splits.test, splits.validation) if one)
    if path.suffix.lower() not in (".csv", ".tsv"):
        listing = label_by_folder(listing)
    counts = Counter(image.label for image in listing.images if image.label is not None)
    return Look(
        location, len(listing.images), tuple(counts.most_common()), _sample(listing),
        held_out=held_out, encoding=found.guessed_encoding, paged=_paged(listing),
        notes=tuple(remark_in_words(note) for note in listing.notes),
    )  # fmt: skip


def _paged(listing: Listing) -> bool:
    """Whether any of the first files has several pages."""
    kinds = (i for i in listing.images if i.path.lower().endswith(OFTEN_PAGED))
    for image in islice(kinds, TRIED):
        try:
            if decode(_read(listing, image), at_least=1).pages > 1:
                return True
        except (UnreadableImage, LabellerError, OSError, KeyError, *DAMAGED):
            continue
    return False


def _sample(listing: Listing) -> Image.Image | None:
    """Take a sample from the middle, so that it is not always of the first class."""
    middle = len(listing.images) // 2
    for image in listing.images[middle : middle + TRIED]:
        try:
            return decode(_read(listing, image), at_least=256).picture
        except (UnreadableImage, LabellerError, OSError, KeyError, *DAMAGED):
            continue
    return None


def _read(listing: Listing, image: FoundImage) -> bytes:
    if listing.archive is None:
        return read_regular(listing.root / image.path)
    inside = (listing.root / image.path).relative_to(listing.archive).as_posix()
    with opened(listing.archive) as archive:
        return read_entry(archive, (listing.names or {}).get(inside, inside), LARGEST_BYTES)


class SourceLook(QObject):
    """Looks in a thread, a moment after the place has changed, at one place at a time.

    Signal: found(Look): of the last requested place.
    """

    found = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._wanted = ("", "")
        self._looking = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self._start)
        self._lookup = Lookup()
        self._lookup.told.connect(self._tell)

    def ask(self, location: str, encoding: str = "") -> None:
        self._wanted = (location, encoding)
        self._timer.start()

    def close(self) -> None:
        """Request no more. A running look is not waited for, not even at exit."""
        self._wanted = ("", "")
        self._timer.stop()

    def _start(self) -> None:
        if self._wanted[0] and not self._looking:
            self._looking = True
            asked = location, encoding = self._wanted
            self._lookup.start(lambda: (asked, look(location, encoding or None)))

    def _tell(self, answer: tuple[tuple[str, str], Look]) -> None:
        self._looking = False
        asked, result = answer
        if asked == self._wanted:
            self.found.emit(result)
        else:
            self._start()  # another place has been typed since
