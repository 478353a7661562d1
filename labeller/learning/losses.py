"""The contrastive loss of MoBYv2AL (Caramalau et al., BMVC 2022, equation 1)."""

import torch
import torch.nn.functional as F
from labeller_models.mobyv2 import MoBYv2, Queries
from torch import Tensor


def network_loss(
    network: MoBYv2, queries: Queries, keys: tuple[Tensor, Tensor], temperature: float
) -> Tensor:
    """Equation (1) for each image of a batch, [B], against the network's queues as they are."""
    return contrastive_loss(
        queries.weak,
        queries.strong,
        *keys,
        network.weak_queue.keys,
        network.strong_queue.keys,
        temperature,
    )


def contrastive_loss(
    q_weak: Tensor,
    q_strong: Tensor,
    k_weak: Tensor,
    k_strong: Tensor,
    weak_queue: Tensor,
    strong_queue: Tensor,
    temperature: float,
) -> Tensor:
    """Equation (1) for each image of a batch; its mean is the batch's loss.

    q is compared with the key k' of the strong view, q' with the key k of the weak one. The
    sum runs over the positive and all the keys in the queue.

    Args:
        q_weak, q_strong, k_weak, k_strong: [B, dim], rows of length one.
        weak_queue, strong_queue: keys of earlier batches, [m, dim], rows of length one.
        temperature: τ.

    Returns:
        [B], float32.
    """
    return info_nce(q_weak, k_strong, strong_queue, temperature) + info_nce(
        q_strong, k_weak, weak_queue, temperature
    )


def info_nce(queries: Tensor, keys: Tensor, negatives: Tensor, temperature: float) -> Tensor:
    """−log of the softmax share of each query's own key among it and the negatives, [B] (van den
    Oord et al., 2018; He et al., CVPR 2020, equation 1).

    Args:
        queries, keys: [B, dim], rows of length one.
        negatives: [m, dim], likewise.
    """
    positive = (queries * keys).sum(dim=1, keepdim=True)
    similarities = torch.cat([positive, queries @ negatives.T], dim=1) / temperature
    target = torch.zeros(len(queries), dtype=torch.long, device=queries.device)
    return F.cross_entropy(similarities, target, reduction="none")
