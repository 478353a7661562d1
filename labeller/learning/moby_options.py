"""What can be set of MoBYv2's contrastive learning; without torch, so that `--help` is quick."""

from dataclasses import dataclass

from labeller.learning.settings import setting


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
