"""The pretrained encoders on offer: the cost of each on this computer, and its download."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from labeller_models.frozen import SUGGESTED, EncoderUnavailable, Facts, frozen_encoder
from labeller_models.hub import download as download_weights
from labeller_models.hub import facts_of, untrained
from labeller_models.registry import mark

from labeller.core.chosen_encoders import choose
from labeller.core.errors import UnusableHere
from labeller.core.run import Progress, Run
from labeller.learning.device import choose_device, runtime
from labeller.learning.frozen_features import chosen_side, mean_features, views
from labeller.pool.cache import ImageFiles

DOWNLOADING, MEASURING = mark("Downloading"), mark("Measuring encoders")
MEASURED = 10
"""Images that the speed is measured on."""


@dataclass(frozen=True)
class Offer:
    """An encoder on offer; `name` as in `Method.encoder`."""

    name: str
    explained: str
    facts: Facts


def offers() -> list[Offer]:
    """Encoders that the installed timm knows, the bundled one first."""
    found = ((name, text, facts_of(name)) for name, text in SUGGESTED.items())
    return [Offer(name, text, facts) for name, text, facts in found if facts is not None]


def download(name: str, run: Run) -> None:
    """Download an encoder's weights, which a person has asked for.

    Raises:
        UnusableHere: there is no network, within five seconds, or the download failed.
        Cancelled: `run.should_stop` said so; what was fetched is kept.
    """

    def report(done: int, total: int) -> None:
        run.check(DOWNLOADING)
        run.report(Progress(DOWNLOADING, done >> 10, max(total, done) >> 10))

    try:
        download_weights(name, report)
    except EncoderUnavailable as error:
        raise UnusableHere(
            "The encoder '{name}' could not be downloaded: {error}. One whose weights you have as "
            "a file can be loaded from it.",
            name=name,
            error=error,
        ) from error
    choose(name)


def require_usable(name: str) -> None:
    """Load an encoder once, which a person has chosen. Raises UnusableHere if that fails."""
    try:
        frozen_encoder(name)
    except EncoderUnavailable as error:
        raise UnusableHere("The encoder cannot be used: {error}.", error=error) from error
    choose(name)


def speeds(files: ImageFiles, names: list[str], run: Run) -> Iterator[tuple[str, float]]:
    """Images of a pool that each encoder reads per second on this computer, once it has started.

    Raises:
        Cancelled: `run.should_stop` said so.
    """
    rows = list(files.by_row)[:MEASURED]
    longest = files.by_row.longest
    device = choose_device("auto")
    for place, name in enumerate(names):
        run.report(Progress(MEASURING, place, len(names)))
        run.check(MEASURING)
        encoder = untrained(name)
        side = chosen_side(encoder, longest)
        compute = runtime(encoder, side, device)
        mean_features(compute, [views(files.decode(rows[0], side).picture, side)])
        began = time.perf_counter()
        mean_features(compute, [views(files.decode(row, side).picture, side) for row in rows])
        yield name, len(rows) / (time.perf_counter() - began)
    run.report(Progress(MEASURING, len(names), len(names)))
