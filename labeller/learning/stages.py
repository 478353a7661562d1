"""The stages of each objective: what their epochs train on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """Epochs that train on the labels, on the contrastive loss, on both at once, or on mixtures of
    labelled and unlabelled images."""

    classifies: bool
    contrasts: bool
    mixes: bool = False


STAGES = {
    "joint": (Stage(True, True),),
    "multi-stage": (Stage(False, True), Stage(True, False)),  # Table 3, left
    "supervised": (Stage(True, False),),
    "mixmatch": (Stage(True, False, mixes=True),),  # Table 1, CSAL
}
