"""Projectors and predictors: the small networks between the encoder and the contrastive loss."""

from dataclasses import dataclass

from torch import nn

SINGLE_DIM = 128
MOBY_DIM, MOBY_HIDDEN_DIM = 256, 4096
KINDS = ("single", "moby")


@dataclass(frozen=True)
class Heads:
    """Which heads there are.

    Attributes:
        kind: `single` is the paper's single layer with batch norm and ReLU (section 3), `moby`
            the two layers of MoBY (Xie et al., "Self-Supervised Learning with Swin Transformers",
            2021).
        projector, predictor: False leaves one out (Table 2 of the paper).
    """

    kind: str = "single"
    projector: bool = True
    predictor: bool = True


@dataclass(frozen=True)
class BuiltHeads:
    """`dim` is the length of the vectors that the loss compares."""

    projector: nn.Module
    predictor: nn.Module
    dim: int


def build_heads(feature_dim: int, heads: Heads) -> BuiltHeads:
    """New heads for features [B, feature_dim]; one that is left out passes its input on.

    Raises:
        ValueError: there is no such kind.
    """
    if heads.kind not in KINDS:
        raise ValueError(f"there are no heads '{heads.kind}', only {', '.join(KINDS)}")
    layer, dim = (_single, SINGLE_DIM) if heads.kind == "single" else (_moby, MOBY_DIM)
    if not heads.projector:
        dim = feature_dim
    return BuiltHeads(
        layer(feature_dim, dim) if heads.projector else nn.Identity(),
        layer(dim, dim) if heads.predictor else nn.Identity(),
        dim,
    )


def _single(dim_in: int, dim_out: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(dim_in, dim_out, bias=False), nn.BatchNorm1d(dim_out), nn.ReLU())


def _moby(dim_in: int, dim_out: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(dim_in, MOBY_HIDDEN_DIM),
        nn.BatchNorm1d(MOBY_HIDDEN_DIM),
        nn.ReLU(),
        nn.Linear(MOBY_HIDDEN_DIM, dim_out),
    )
