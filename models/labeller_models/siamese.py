"""Networks for self-supervised learning from two views of an image.

view ─ encoder ─ projector ─ (predictor) ─→ what is compared
view ─ encoder ─ projector ───────────────→ with this: by the same weights, or by a branch that
                                            follows them as a moving average
"""

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from labeller_models.encoder import Encoder
from labeller_models.momentum import follow, freeze
from labeller_models.network import Network


class Siamese(Network):
    """An encoder with the task head, a projector and perhaps a predictor.

    Args:
        encoder: features [N, feature_dim].
        classes: of the task head.
        projector: features → vectors [N, dim].
        predictor: vectors → vectors; None compares the projector's.
        follows: whether there is a second branch of encoder and projector, without gradients, that
            follows this one; it starts as its copy.

    While training, batch norm normalises all views of a branch together.
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
        """Features of the first view [B, feature_dim], and the projector's vectors of each."""
        features = self.encoder(torch.cat(list(views)))
        vectors = self.projector(features).float().chunk(len(views))
        return features[: len(views[0])], list(vectors)

    @torch.no_grad()
    def project_following(self, views: Sequence[Tensor]) -> list[Tensor]:
        """The vectors [B, dim] of each view under the branch that follows."""
        encoder, projector = self._key_parts()
        return list(projector(encoder(torch.cat(list(views)))).float().chunk(len(views)))

    def follow(self, momentum: float) -> None:
        """Move the following branch on."""
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
        layers: how many, 2 or more.
        last_norm: whether batch norm, without a learnt shift or scale, follows the last one.
    """
    parts: list[nn.Module] = []
    for dim in [dim_in, *[hidden] * (layers - 2)]:
        parts += [nn.Linear(dim, hidden, bias=False), nn.BatchNorm1d(hidden), nn.ReLU()]
    parts.append(nn.Linear(hidden, dim_out, bias=not last_norm))
    if last_norm:
        parts.append(nn.BatchNorm1d(dim_out, affine=False))
    return nn.Sequential(*parts)
