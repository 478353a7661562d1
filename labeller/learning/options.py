"""Values that a person may set: what each means, what it may be, and those of each self-supervised
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
        choices: the words that it may be; the first one is the paper's.
        above, least, most: bounds of a number; None where it has none.
    """
    bounds = {"choices": choices, "above": above, "least": least, "most": most}
    return field(default=default, metadata={"help": meaning, **bounds})


def check_settings(values: Any) -> None:
    """See that every field that was made by `setting` has a value that it may have.

    Raises:
        LabellerError: one has not.
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


@dataclass(frozen=True)
class MoBYOptions:
    """The defaults are the paper's (section 4); one that is added later must mean what was done
    before."""

    queue_size: int = setting(4096, "Keys in each queue (m).", above=0)
    temperature: float = setting(
        0.2, "Temperature of the contrastive loss (τ in equation 1).", above=0
    )
    key_momentum: float = setting(
        0.99,
        "Initial momentum of the key branch's moving average; it rises to 1 as a cosine.",
        least=0,
        most=1,
    )
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
    projector: bool = setting(True, "Whether there is a projector.")
    predictor: bool = setting(True, "Whether there is a predictor.")


KINDS = ("strong", "weak-strong", "weak")


def _views() -> str:
    views: str = setting(
        "strong",
        "'strong' augments both views strongly, as MoBY does; 'weak' neither.",
        choices=KINDS,
    )
    return views


def _dim(default: int) -> int:
    dim: int = setting(default, "Length of the vectors that are compared.", above=0)
    return dim


def _hidden(default: int) -> int:
    hidden: int = setting(
        default, "Width of the hidden layers of projector and predictor.", above=0
    )
    return hidden


def _momentum(default: float) -> float:
    momentum: float = setting(
        default,
        "Initial momentum of the key branch's moving average; it rises to 1 as a cosine.",
        least=0,
        most=1,
    )
    return momentum


def _temperature(default: float) -> float:
    temperature: float = setting(default, "Temperature of the contrastive loss (τ).", above=0)
    return temperature


@dataclass(frozen=True)
class PlainMoBYOptions(MoBYOptions):
    """MoBY: two-layer heads, both views strong."""

    views: str = setting("strong", "As of MoBYv2.", choices=KINDS)
    heads: str = setting("moby", "As of MoBYv2.", choices=("moby", "single"))


@dataclass(frozen=True)
class MoCoOptions:
    queue_size: int = setting(4096, "Keys in the queue.", above=0)
    temperature: float = _temperature(0.2)
    key_momentum: float = _momentum(0.99)
    views: str = _views()
    hidden: int = _hidden(2048)
    dim: int = _dim(128)


@dataclass(frozen=True)
class BYOLOptions:
    key_momentum: float = _momentum(0.996)
    views: str = _views()
    hidden: int = _hidden(1024)
    dim: int = _dim(256)


@dataclass(frozen=True)
class SimSiamOptions:
    views: str = _views()
    hidden: int = _hidden(1024)
    dim: int = _dim(1024)


@dataclass(frozen=True)
class SimCLROptions:
    temperature: float = _temperature(0.5)
    views: str = _views()
    hidden: int = _hidden(1024)
    dim: int = _dim(128)


@dataclass(frozen=True)
class DINOOptions:
    key_momentum: float = _momentum(0.996)
    views: str = _views()
    hidden: int = _hidden(1024)
    dim: int = _dim(1024)
    student_temperature: float = setting(0.1, "Temperature of the student.", above=0)
    teacher_temperature: float = setting(0.04, "Temperature of the teacher: sharpening.", above=0)
    centre_momentum: float = setting(
        0.9, "Momentum of the centre, a moving average of the teacher's scores.", least=0, most=1
    )
