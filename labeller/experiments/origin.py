"""The origin of results: the images, labels and weights that they were measured with. Results of
the same origin are resumed and joined; those of another are refused by name."""

import functools
import hashlib
import platform
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from labeller import __version__
from labeller.core.errors import LabellerError, Word
from labeller.learning.learners import trains_network
from labeller.loop.method import Method
from labeller.project.project import Project

SAME = {
    "images": Word("other images"), "labels": Word("other labels"),
    "held_out": Word("other held-out images"), "weights": Word("other weights of the encoder"),
    "threads": Word("another number of threads"),
}  # fmt: skip
"""What has to be the same, and how a difference is described."""


@dataclass(frozen=True)
class Origin:
    """The origin of a simulation's results.

    Attributes:
        images, labels, held_out: SHA-256 of the pool's images, of their hidden labels, and of the
            held-out images with theirs.
        weights: fingerprint of the pretrained encoder; "" for one that is trained from scratch.
        threads: of torch: with another number sums are rounded differently, and ties of a selection
            decided differently.
        device, processor, version: where, and by which Labeller, they were computed.
    """

    images: str
    labels: str
    held_out: str
    weights: str
    threads: int
    device: str
    processor: str
    version: str

    def as_dict(self) -> dict[str, Any]:
        """A JSON-compatible dictionary, as results store it."""
        return asdict(self)

    def require_same(self, other: Mapping[str, Any], where: Path) -> None:
        """Raises LabellerError, with what differs, if these results do not belong with others.

        Args:
            other: `as_dict` of the others.
            where: the file or folder that holds them.
        """
        for name, what in SAME.items():
            if getattr(self, name) != other.get(name):
                raise foreign(where, what)


def foreign(where: Path, what: Word) -> LabellerError:
    """The error for results that do not belong with others."""
    return LabellerError(
        "{where} holds results of {what}. Choose another place for these.", where=where, what=what
    )


def origin_of(project: Project, method: Method) -> Origin:
    """The origin of results of this method on this project.

    Raises:
        LabellerError: the encoder cannot be loaded, or there is no such device.
    """
    import torch

    from labeller.learning.device import choose_device
    from labeller.learning.frozen_features import chosen_encoder

    weights = "" if trains_network(method.encoder) else chosen_encoder(method.encoder).fingerprint
    contents = project.images.contents()
    pool = [image_id for ids in project.images.by_sha256().values() for image_id in ids]
    names = {each.id: each.name for each in project.classes.all(archived=True)}
    truth = project.oracle.reveal(pool)
    test, labels = (part.tolist() for part in project.oracle.test_set())
    return Origin(
        images=_digest(contents[image_id] for image_id in pool),
        labels=_digest(f"{contents[i]} {names.get(truth.get(i, 0), '')}" for i in pool),
        held_out=_digest(
            f"{contents[i]} {names[label]}" for i, label in zip(test, labels, strict=True)
        ),
        weights=weights,
        threads=torch.get_num_threads(),
        device=str(choose_device(method.device)),
        processor=processor(),
        version=__version__,
    )


@functools.cache
def processor() -> str:
    """The name of this machine's processor."""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def _digest(lines: Iterable[str]) -> str:
    """A digest that does not depend on the order of the lines: 16 hexadecimal digits."""
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16]
