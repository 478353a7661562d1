"""Settings of training: the meaning and allowed values of each, and those of each self-supervised
method. Without torch, so that `--help` is quick.

The defaults are those of each method's paper, scaled down where the paper used images of 224 pixels
and batches of 4,096.
"""

from dataclasses import dataclass, field, fields
from typing import Any

from labeller.core.errors import LabellerError, Word


def setting(
    default: Any,
    meaning: str,
    *,
    choices: tuple[str, ...] = (),
    above: float | None = None,
    least: float | None = None,
    most: float | None = None,
) -> Any:
    """A field of a frozen dataclass of settings.

    Args:
        meaning: a sentence for `--help`.
        choices: the words allowed; the first one is the paper's.
        above, least, most: bounds of a number; None for no bound.
    """
    bounds = {"choices": choices, "above": above, "least": least, "most": most}
    return field(default=default, metadata={"help": meaning, **bounds})


def check_settings(values: Any) -> None:
    """Check every field that was made by `setting`.

    Raises:
        LabellerError: a value is not allowed.
    """
    for each in fields(values):
        if each.metadata:
            _check(
                each.name.replace("_", " ").capitalize(), getattr(values, each.name), each.metadata
            )


def _check(name: str, value: Any, bounds: Any) -> None:
    if bounds["choices"] and value not in bounds["choices"]:
        raise LabellerError(
            "{name} must be one of {known}, not '{value}'.",
            name=Word(name),
            known=", ".join(bounds["choices"]),
            value=value,
        )
    if value is None:
        return
    above, least, most = bounds["above"], bounds["least"], bounds["most"]
    if above is not None and not value > above:
        raise LabellerError("{name} must be larger than {above:g}.", name=Word(name), above=above)
    if least is not None and most is not None and not least <= value <= most:
        raise LabellerError(
            "{name} must lie between {least:g} and {most:g}.",
            name=Word(name),
            least=least,
            most=most,
        )
    if least is not None and not value >= least:
        raise LabellerError("{name} must be at least {least:g}.", name=Word(name), least=least)


VIEWS = ("strong", "weak-strong", "weak")
FOLLOWS = "Initial momentum of the key branch's moving average; it rises to 1 as a cosine."


@dataclass(frozen=True)
class MoBYOptions:
    """The paper's values (section 4). A field added later must default to the previous
    behaviour."""

    queue_size: int = setting(4096, "Keys in each queue (m).", above=0)
    temperature: float = setting(
        0.2, "Temperature of the contrastive loss (τ in equation 1).", above=0
    )
    key_momentum: float = setting(0.99, FOLLOWS, least=0, most=1)
    views: str = setting(
        "weak-strong",
        "'strong' augments both views strongly, as MoBY does; 'weak' neither.",
        choices=("weak-strong", "strong", "weak"),
    )
    heads: str = setting(
        "single",
        "'single' layers with batch norm and ReLU, or MoBY's two layers.",
        choices=("single", "moby"),
    )
    queue_start: str = setting(
        "random",
        "What the queues hold at first: 'random' vectors, or 'keys' of random images, which unlike "
        "those have no negative values.",
        choices=("random", "keys"),
    )
    projector: bool = setting(True, "Whether there is a projector.")
    predictor: bool = setting(True, "Whether there is a predictor.")


@dataclass(frozen=True)
class PlainMoBYOptions(MoBYOptions):
    """MoBY: two-layer heads, both views strong."""

    views: str = setting("strong", "As of MoBYv2.", choices=VIEWS)
    heads: str = setting("moby", "As of MoBYv2.", choices=("moby", "single"))


def _dim(default: int) -> Any:
    return setting(default, "Length of the vectors that are compared.", above=0)


def _hidden(default: int) -> Any:
    return setting(default, "Width of the hidden layers of projector and predictor.", above=0)


def _momentum(default: float) -> Any:
    return setting(default, FOLLOWS, least=0, most=1)


def _temperature(default: float) -> Any:
    return setting(default, "Temperature of the contrastive loss (τ).", above=0)


@dataclass(frozen=True)
class PairOptions:
    """Options of every method that compares two views; with SimSiam's sizes."""

    views: str = setting(
        "strong",
        "'strong' augments both views strongly, as MoBY does; 'weak' neither.",
        choices=VIEWS,
    )
    hidden: int = _hidden(1024)
    dim: int = _dim(1024)


@dataclass(frozen=True)
class SimSiamOptions(PairOptions):
    """No negatives and no moving average: nothing else to set."""


@dataclass(frozen=True)
class MoCoOptions(PairOptions):
    queue_size: int = setting(4096, "Keys in the queue.", above=0)
    temperature: float = _temperature(0.2)
    key_momentum: float = _momentum(0.99)
    hidden: int = _hidden(2048)
    dim: int = _dim(128)


@dataclass(frozen=True)
class BYOLOptions(PairOptions):
    key_momentum: float = _momentum(0.996)
    dim: int = _dim(256)


@dataclass(frozen=True)
class SimCLROptions(PairOptions):
    temperature: float = _temperature(0.5)
    dim: int = _dim(128)


@dataclass(frozen=True)
class DINOOptions(PairOptions):
    key_momentum: float = _momentum(0.996)
    student_temperature: float = setting(0.1, "Temperature of the student.", above=0)
    teacher_temperature: float = setting(0.04, "Temperature of the teacher: sharpening.", above=0)
    centre_momentum: float = setting(
        0.9, "Momentum of the centre, a moving average of the teacher's scores.", least=0, most=1
    )
