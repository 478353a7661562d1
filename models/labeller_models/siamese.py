"""Parts of self-supervised methods that compare views: an encoder branch, optionally a second one
that follows it by moving average, and a queue of keys."""

import copy
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from labeller_models.encoder import Encoder, Network


@torch.no_grad()
def follow(following: Sequence[Tensor], followed: Sequence[Tensor], momentum: float) -> None:
    """following ← momentum · following + (1 − momentum) · followed, for every parameter."""
    torch._foreach_lerp_(list(following), list(followed), 1 - momentum)


def freeze(*modules: nn.Module) -> list[nn.Parameter]:
    """Stop gradients to modules; returns their parameters."""
    parameters = [each for module in modules for each in module.parameters()]
    for each in parameters:
        each.requires_grad_(False)
    return parameters


class KeyQueue(nn.Module):
    """The last `size` keys, first in, first out (He et al., "Momentum Contrast for Unsupervised
    Visual Representation Learning", CVPR 2020, §3.2); random unit vectors until it is full.

    Attributes:
        keys: float32 [size, dim], rows of length one.
        position: the row that the next key replaces, long scalar.
    """

    keys: Tensor
    position: Tensor

    def __init__(self, dim: int, size: int) -> None:
        super().__init__()
        self.register_buffer("keys", F.normalize(torch.randn(size, dim), dim=1))
        self.register_buffer("position", torch.zeros((), dtype=torch.long))

    @torch.no_grad()
    def push(self, keys: Tensor) -> None:
        """Replace the oldest keys with `keys` [B, dim]; if they do not all fit, the last ones are
        kept."""
        size = self.keys.shape[0]
        keys = keys[-size:].to(self.keys.dtype)
        rows = (self.position + torch.arange(len(keys), device=keys.device)) % size
        self.keys.index_copy_(0, rows, keys)
        self.position.copy_((self.position + len(keys)) % size)


class Siamese(Network):
    """An encoder with the task head, a projector and perhaps a predictor.

    Args:
        encoder: features [N, feature_dim].
        classes: number of classes of the task head.
        projector: features → vectors [N, dim].
        predictor: vectors → vectors; None compares the projector's.
        follows: whether there is a second branch of encoder and projector, without gradients, that
            follows this one; it starts as a copy of it.

    In training, batch norm normalises all views of a branch together.
    """

    def __init__(
        self,
        encoder: Encoder,
        classes: int,
        projector: nn.Module,
        predictor: nn.Module | None = None,
        follows: bool = False,
    ) -> None:
        super().__init__(encoder, classes)
        self.projector = projector
        self.predictor = nn.Identity() if predictor is None else predictor
        self.key_encoder = copy.deepcopy(encoder) if follows else None
        self.key_projector = copy.deepcopy(projector) if follows else None
        if follows:
            freeze(*self._key_parts())

    def project(self, views: Sequence[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """The features of the first view, [B, feature_dim], and the projector's vectors of each
        view."""
        features = self.encoder(torch.cat(list(views)))
        vectors = self.projector(features).float().chunk(len(views))
        return features[: len(views[0])], list(vectors)

    @torch.no_grad()
    def project_following(self, views: Sequence[Tensor]) -> list[Tensor]:
        """The vectors [B, dim] of each view, computed by the following branch."""
        encoder, projector = self._key_parts()
        return list(projector(encoder(torch.cat(list(views)))).float().chunk(len(views)))

    def follow(self, momentum: float) -> None:
        """Let the following branch take a step towards this one."""
        followed = [*self.encoder.parameters(), *self.projector.parameters()]
        following = [each for part in self._key_parts() for each in part.parameters()]
        follow(following, followed, momentum)

    def _key_parts(self) -> tuple[nn.Module, nn.Module]:
        assert self.key_encoder is not None and self.key_projector is not None
        return self.key_encoder, self.key_projector


def mlp(
    dim_in: int, hidden: int, dim_out: int, layers: int = 2, last_norm: bool = False
) -> nn.Module:
    """Linear layers with batch norm and ReLU between them.

    Args:
        layers: number of layers, at least 2.
        last_norm: whether batch norm, without a learnt shift or scale, follows the last one.
    """
    parts: list[nn.Module] = []
    for dim in [dim_in, *[hidden] * (layers - 2)]:
        parts += [nn.Linear(dim, hidden, bias=False), nn.BatchNorm1d(hidden), nn.ReLU()]
    parts.append(nn.Linear(hidden, dim_out, bias=not last_norm))
    if last_norm:
        parts.append(nn.BatchNorm1d(dim_out, affine=False))
    return nn.Sequential(*parts)
