"""What can be set of self-supervised methods beside MoBYv2; without torch, so that `--help` is
quick. The defaults are those of each method's paper, scaled down where they were meant for images
of 224 pixels and batches of 4,096."""

from dataclasses import dataclass

from labeller.learning.moby_options import MoBYOptions
from labeller.learning.settings import setting

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
