"""Results of simulations over their seeds: files, means and tables."""

import base64
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import StatisticsError, mean, stdev
from typing import Any

import numpy as np

from labeller.core.errors import LabellerError, quoted
from labeller.core.files import read_text, write_text

LARGEST_RESULTS = 1 << 30
_TOO_MUCH = (OverflowError, RecursionError, StatisticsError)


@dataclass(frozen=True)
class CycleResult:
    """A training and the selection before it.

    Attributes:
        labelled: number of labelled images.
        selected: their paths, in order of labelling.
        test_accuracy, per_class: between 0 and 1; None without held-out images.
        seconds: of training, evaluation and selection.
        selection_seconds, selection_bytes: of choosing the batch; the bytes are its peak memory on
            top of what was in use. None if not measured.
        pool_per_class: accuracy of each class over all of the pool; None if not asked for.
        right: whether the model was right about each held-out image, in the order of their ids,
            as `packed` writes it; None if not measured.
    """

    labelled: int
    selected: list[str]
    test_accuracy: float | None
    per_class: dict[str, float] | None
    seconds: float
    selection_seconds: float | None = None
    selection_bytes: int | None = None
    pool_per_class: dict[str, float] | None = None
    right: str | None = None

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "CycleResult":
        """Raises KeyError if a value is missing; values of later versions are ignored."""
        selected, per_class = values.get("selected", []), values.get("per_class")
        numbers = {key: values[key] for key in ("labelled", "test_accuracy", "seconds")}
        later = ("selection_seconds", "selection_bytes", "pool_per_class", "right")
        found: dict[str, Any] = {key: values.get(key) for key in later}
        return cls(**numbers, selected=selected, per_class=per_class, **found)


def packed(right: Sequence[bool]) -> str:
    """The number of values, and one bit for each in base64: "372:p9v...="."""
    bits = base64.b64encode(np.packbits(np.array(right, dtype=bool)).tobytes()).decode()
    return f"{len(right)}:{bits}"


def unpacked(text: str) -> np.ndarray:
    """The values that `packed` wrote: bool [N].

    Raises:
        ValueError: it did not write this.
    """
    count, _, written = text.partition(":")
    bits = np.unpackbits(np.frombuffer(base64.b64decode(written), dtype=np.uint8))
    if not 0 <= int(count) <= len(bits):
        raise ValueError(f"{len(bits)} values instead of {count}")
    return bits[: int(count)].astype(bool)


@dataclass(frozen=True)
class SeedResult:
    """The cycles of one seed."""

    seed: int
    strategy: str
    encoder: str
    recipe: str
    cycles: list[CycleResult]

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "SeedResult":
        """As `CycleResult.from_dict`."""
        cycles = [CycleResult.from_dict(each) for each in values["cycles"]]
        words = {name: values[name] for name in ("seed", "strategy", "encoder", "recipe")}
        return cls(**words, cycles=cycles)


@dataclass(frozen=True)
class Outcome:
    """Results of a simulation: a run for each seed, the `plan` as JSON, and what they are `of`
    (`labeller.experiments.origin.Origin`); None in results of earlier versions. `protocol` is what
    `Protocol.describe` says, of results of a protocol file."""

    runs: list[SeedResult]
    plan: Mapping[str, Any] | None = None
    of: Mapping[str, Any] | None = None
    protocol: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """What `read_results` reads from JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Outcome":
        """As `CycleResult.from_dict`."""
        runs, of = [SeedResult.from_dict(each) for each in values["runs"]], values.get("of")
        if of is not None and not isinstance(of, Mapping):
            raise TypeError("what the results are of is an object")
        protocol = values.get("protocol")
        if not isinstance(protocol, str | None):
            raise TypeError("a protocol is a text")
        return cls(runs, values.get("plan"), of, protocol)


@dataclass(frozen=True)
class Point:
    """A cycle over all seeds: `labelled` images, mean and standard deviation of the accuracy
    (sample deviation, 0 for one seed; both None without held-out images), mean seconds."""

    labelled: int
    mean: float | None
    deviation: float | None
    seconds: float


def points(outcome: Outcome) -> list[Point]:
    """The cycles that all runs have finished."""
    found = []
    for cycles in zip(*(run.cycles for run in outcome.runs), strict=False):
        accuracies = [c.test_accuracy for c in cycles if c.test_accuracy is not None]
        found.append(
            Point(
                round(mean(c.labelled for c in cycles)),
                mean(accuracies) if accuracies else None,
                (stdev(accuracies) if len(accuracies) > 1 else 0.0) if accuracies else None,
                mean(c.seconds for c in cycles),
            )
        )
    return found


def per_class(outcome: Outcome) -> dict[str, tuple[float, float]]:
    """Mean and standard deviation of each class's accuracy after the last cycle."""
    last = [run.cycles[-1].per_class or {} for run in outcome.runs if run.cycles]
    names = dict.fromkeys(name for classes in last for name in classes)
    found = {}
    for name in names:
        shares = [classes[name] for classes in last if name in classes]
        found[name] = (mean(shares), stdev(shares) if len(shares) > 1 else 0.0)
    return found


def as_text(outcomes: Mapping[str, Outcome]) -> str:
    """A table for a terminal, a line for each method and cycle."""
    width = max((len(name) for name in outcomes), default=0)
    lines = [f"{'':{width}}  labelled  test accuracy     seconds"]
    for name, outcome in outcomes.items():
        for point in points(outcome):
            shown = "not measured"
            if point.mean is not None and point.deviation is not None:
                shown = f"{point.mean:6.2%} ± {100 * point.deviation:.2f}"
            lines.append(f"{name:{width}}  {point.labelled:8}  {shown:<15} {point.seconds:9.1f}")
    return "\n".join(lines)


def write_results(outcome: Outcome, file: Path) -> None:
    """Write what `read_results` reads, in one step."""
    write_text(file, json.dumps(outcome.as_dict(), indent=1) + "\n")


def unfinished(file: Path) -> Path:
    """The folder beside a file of results from which an interrupted simulation resumes."""
    return file.with_name(f"{file.name}.unfinished")


def read_results(files: Sequence[Path]) -> dict[str, Outcome]:
    """Results of `simulate` by the name of their file.

    Raises:
        LabellerError: one cannot be read or holds no results, or two have one name.
    """
    outcomes: dict[str, Outcome] = {}
    for file in files:
        try:
            outcome = Outcome.from_dict(json.loads(read_text(file, LARGEST_RESULTS)))
            complete = outcome.runs and all(run.cycles for run in outcome.runs)
            if complete:
                _require_sound(outcome)
        except (ValueError, KeyError, TypeError, AttributeError, *_TOO_MUCH) as error:
            raise LabellerError(
                "{file} does not hold results of `simulate` ({kind}: {error}).",
                file=file,
                kind=type(error).__name__,
                error=quoted(str(error)),
            ) from error
        if not complete:
            raise LabellerError("{file} holds no finished cycle yet.", file=file)
        if file.stem in outcomes:
            raise LabellerError("Two files are called {stem}; rename one of them.", stem=file.stem)
        outcomes[file.stem] = outcome
    return outcomes


def require_same_images(outcomes: Mapping[str, Outcome]) -> None:
    """Raises LabellerError if some are known to be of other images or labels than the first."""
    known = [(name, outcome.of) for name, outcome in outcomes.items() if outcome.of is not None]
    for name, of in known[1:]:
        first, other = known[0]
        if any(of.get(part) != other.get(part) for part in ("images", "labels", "held_out")):
            raise LabellerError(
                "{name} and {first} are results of different images or labels.",
                name=name,
                first=first,
            )


def _require_sound(outcome: Outcome) -> None:
    """Raise one of several errors if figures and tables could not be made from it."""
    for point in points(outcome):
        numbers = (point.labelled, point.mean, point.deviation, point.seconds)
        if not all(number is None or math.isfinite(number) for number in numbers):
            raise ValueError("a number is not finite")
    for cycle in (cycle for run in outcome.runs for cycle in run.cycles if cycle.right):
        unpacked(str(cycle.right))
    for name, shares in per_class(outcome).items():
        if type(name) is not str or not all(map(math.isfinite, shares)):
            raise ValueError("a class has no accuracy")
    for cycle in (cycle for run in outcome.runs for cycle in run.cycles):
        later = [cycle.selection_seconds, cycle.selection_bytes]
        later += (cycle.pool_per_class or {}).values()
        if not all(number is None or math.isfinite(number) for number in later):
            raise ValueError("a number is not finite")
    for run in outcome.runs:
        if type(run.seed) is not int:
            raise TypeError("a seed is not a whole number")
        for key in ("strategy", "encoder", "recipe"):
            if type(getattr(run, key)) is not str:
                raise TypeError(f"'{key}' is not a text")
        for cycle in run.cycles:
            if not 0 <= (cycle.test_accuracy or 0.0) <= 1:
                raise ValueError("an accuracy is not between 0 and 1")
            if type(cycle.selected) is not list:
                raise TypeError("'selected' is not a list")
