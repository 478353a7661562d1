"""What a trained network says of images: features for selection, accuracy on held-out ones."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from labeller_models.network import Network
from torch import Tensor

from labeller.core.errors import Cancelled, Word
from labeller.core.progress import Progress
from labeller.core.run import Run
from labeller.learning.batches import PoolImages
from labeller.learning.device import autocast

BATCH_SIZE = 256


@dataclass(frozen=True)
class Accuracy:
    """Shares of right answers between 0 and 1; `per_class` is None for classes without images."""

    overall: float
    per_class: list[float | None]


def extract_features(
    network: Network,
    pool: PoolImages,
    rows: Tensor,
    run: Run = Run(),
) -> Tensor:
    """f_q(x) of images as they are: float32 [len(rows), feature_dim], on the CPU.

    Raises:
        Cancelled: `run.should_stop` said so.
    """

    def features(images: Tensor) -> Tensor:
        with autocast(pool.device, True):
            return network.encoder(network.encoder.statistics.normalised(images))

    return in_batches(network, "Reading features", features, pool, rows, run)


def evaluate(
    network: Network,
    pool: PoolImages,
    rows: Tensor,
    labels: Tensor,
    run: Run = Run(),
) -> Accuracy:
    """Accuracy on images with known labels: both long, [N], labels from 0.

    Raises:
        Cancelled: `run.should_stop` said so.
    """

    def classify(images: Tensor) -> Tensor:
        with autocast(pool.device, True):
            return network.classify(network.encoder.statistics.normalised(images))

    scores = in_batches(network, "Evaluating", classify, pool, rows, run)
    return accuracy_of_scores(scores, labels)


def accuracy_of_scores(scores: Tensor, labels: Tensor) -> Accuracy:
    """The accuracy of class scores or probabilities [N, classes], for labels long [N]."""
    right = (scores.argmax(dim=1) == labels).double()
    per_class = [
        float(right[labels == index].mean()) if bool((labels == index).any()) else None
        for index in range(scores.shape[1])
    ]
    return Accuracy(float(right.mean()), per_class)


@torch.inference_mode()
def in_batches(
    network: Network,
    stage: str,
    function: Callable[[Tensor], Tensor],
    pool: PoolImages,
    rows: Tensor,
    run: Run,
) -> Tensor:
    """What `function` makes of images between 0 and 1, batch by batch, in evaluation mode.

    Returns float32 [len(rows), ...] on the CPU; `rows` must not be empty.

    Raises:
        Cancelled: `run.should_stop` said so.
    """
    was_training = network.training
    network.eval()
    parts = []
    try:
        for start in range(0, len(rows), BATCH_SIZE):
            if run.should_stop():
                raise Cancelled("{stage} was stopped.", stage=Word(stage))
            images = pool.images(rows[start : start + BATCH_SIZE])
            parts.append(function(images).float().cpu())
            run.report(Progress(stage, min(start + BATCH_SIZE, len(rows)), len(rows)))
    finally:
        network.train(was_training)
    return torch.cat(parts)
