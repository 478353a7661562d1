"""A queue of keys from earlier batches, as negatives for contrastive learning.

He et al., "Momentum Contrast for Unsupervised Visual Representation Learning", CVPR 2020, §3.2.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class KeyQueue(nn.Module):
    """The last `size` keys, first in first out; random directions until it has been filled.

    Attributes:
        keys: float32 [size, dim], rows of length one.
        position: long scalar, the row that the next key replaces.
    """

    keys: Tensor
    position: Tensor

    def __init__(self, dim: int, size: int) -> None:
        super().__init__()
        self.register_buffer("keys", F.normalize(torch.randn(size, dim), dim=1))
        self.register_buffer("position", torch.zeros((), dtype=torch.long))

    @torch.no_grad()
    def push(self, keys: Tensor) -> None:
        """Replace the oldest keys with `keys` [B, dim]; of more than fit, the last remain."""
        size = self.keys.shape[0]
        keys = keys[-size:].to(self.keys.dtype)
        rows = (self.position + torch.arange(len(keys), device=keys.device)) % size
        self.keys.index_copy_(0, rows, keys)
        self.position.copy_((self.position + len(keys)) % size)
