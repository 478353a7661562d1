"""The network of MoBYv2AL (Caramalau et al., BMVC 2022, section 3 and figure 1).

    images ─ encoder f_q ─ projector f'_q ─ predictor g_q ─→ queries q, q'
                  └─────── task head g ────────────────────→ class scores (weak view only)
    images ─ encoder f_k ─ projector f'_k ─────────────────→ keys k, k'      (no gradient)

The key branch follows the query branch as an exponential moving average.
"""

import copy
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from labeller_models.encoder import Encoder, Network
from labeller_models.siamese import KeyQueue, follow, freeze

SINGLE_DIM = 128
MOBY_DIM, MOBY_HIDDEN_DIM = 256, 4096
KINDS = ("single", "moby")


@dataclass(frozen=True)
class Heads:
    """Which heads to build.

    Attributes:
        kind: `single` is the paper's single layer with batch norm and ReLU (section 3), `moby`
            the two layers of MoBY (Xie et al., "Self-Supervised Learning with Swin Transformers",
            2021).
        projector, predictor: False omits one (Table 2 of the paper).
    """

    kind: str = "single"
    projector: bool = True
    predictor: bool = True


@dataclass(frozen=True)
class BuiltHeads:
    """The built heads, and the length `dim` of the vectors that the loss compares."""

    projector: nn.Module
    predictor: nn.Module
    dim: int


def build_heads(feature_dim: int, heads: Heads) -> BuiltHeads:
    """New heads for features [B, feature_dim]; an omitted one is the identity.

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


@dataclass(frozen=True)
class Queries:
    """Outputs of the query branch for a batch.

    Attributes:
        scores: class scores of the weak views, [B, classes].
        features: f_q of the weak views, [B, feature_dim].
        weak: q of equation (2), [B, dim], rows of length one.
        strong: q' of equation (2), of the same shape.
    """

    scores: Tensor
    features: Tensor
    weak: Tensor
    strong: Tensor


class MoBYv2(Network):
    """Query branch, key branch, two queues of keys and the task head.

    Args:
        encoder: f_q; f_k starts as its copy.
        classes: number of classes of the task head.
        queue_size: m, the keys that each queue holds.
        heads: the projector and predictor.

    Batch norm: in training, both branches normalise by the batch, with the weak and strong views of
    a batch together, so that each branch makes one pass. Only parameters follow by moving average:
    each branch collects running statistics of its own activations, which suit its own weights, and
    uses them in evaluation mode.
    """

    def __init__(
        self, encoder: Encoder, classes: int, queue_size: int, heads: Heads | None = None
    ) -> None:
        nn.Module.__init__(self)  # weights are drawn in the same order as in earlier versions
        built = build_heads(encoder.feature_dim, heads or Heads())
        self.encoder = encoder
        self.projector = built.projector
        self.predictor = built.predictor
        self.head = nn.Linear(encoder.feature_dim, classes)
        self.companions = nn.ModuleDict()  # modules that a strategy wants trained along
        self.key_encoder = copy.deepcopy(encoder)
        self.key_projector = copy.deepcopy(self.projector)
        self.weak_queue = KeyQueue(built.dim, queue_size)
        self.strong_queue = KeyQueue(built.dim, queue_size)
        freeze(self.key_encoder, self.key_projector)

    def queries(self, weak: Tensor, strong: Tensor) -> Queries:
        """Equation (2), and the task head on the weak views. Images: [B, 3, S, S] each."""
        features = self.encoder(torch.cat([weak, strong]))
        vectors = F.normalize(self.predictor(self.projector(features)).float(), dim=1)
        q_weak, q_strong = vectors.chunk(2)
        seen = features[: len(weak)]
        return Queries(self.head(seen).float(), seen, q_weak, q_strong)

    @torch.no_grad()
    def keys(self, weak: Tensor, strong: Tensor) -> tuple[Tensor, Tensor]:
        """Equation (3): k and k', [B, dim], rows of length one."""
        vectors = self.key_projector(self.key_encoder(torch.cat([weak, strong])))
        k_weak, k_strong = F.normalize(vectors.float(), dim=1).chunk(2)
        return k_weak, k_strong

    def update_keys(self, momentum: float) -> None:
        """key ← momentum · key + (1 − momentum) · query, for every parameter."""
        follow(self._key_parameters(), self._followed_parameters(), momentum)

    @torch.no_grad()
    def enqueue(self, weak_keys: Tensor, strong_keys: Tensor) -> None:
        """Push a batch's keys k and k' to their queues."""
        self.weak_queue.push(weak_keys)
        self.strong_queue.push(strong_keys)

    def _key_parameters(self) -> list[Tensor]:
        return [*self.key_encoder.parameters(), *self.key_projector.parameters()]

    def _followed_parameters(self) -> list[Tensor]:
        return [*self.encoder.parameters(), *self.projector.parameters()]
