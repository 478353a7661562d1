"""Features and accuracy of a trained network, batch by batch."""

from collections.abc import Callable

import torch
from labeller_models.encoder import Network
from torch import Tensor

from labeller.core.errors import Cancelled, Word
from labeller.core.intervals import Accuracy
from labeller.core.progress import Progress
from labeller.core.run import Run
from labeller.learning.batches import PoolImages
from labeller.learning.device import autocast
from labeller.learning.judging import measured

BATCH_SIZE = 256


def extract_features(network: Network, pool: PoolImages, rows: Tensor, run: Run = Run()) -> Tensor:
    """f_q(x) of images without augmentation: float32 [len(rows), feature_dim], on the CPU.

    Raises:
        Cancelled: `run.should_stop` said so.
    """

    def features(images: Tensor) -> Tensor:
        with autocast(pool.device, True):
            return network.encoder(network.encoder.statistics.normalised(images))

    return in_batches(network, "Reading features", features, pool, rows, run)


def evaluate(
    network: Network, pool: PoolImages, rows: Tensor, labels: Tensor, run: Run = Run()
) -> Accuracy:
    """The accuracy on images with known labels.

    Args:
        rows, labels: long [N] both, labels from 0; N at least 1.

    Raises:
        Cancelled: `run.should_stop` said so.
    """

    def classify(images: Tensor) -> Tensor:
        with autocast(pool.device, True):
            return network.classify(network.encoder.statistics.normalised(images))

    scores = in_batches(network, "Evaluating", classify, pool, rows, run)
    return measured(scores, labels)


@torch.inference_mode()
def in_batches(
    network: Network,
    stage: str,
    function: Callable[[Tensor], Tensor],
    pool: PoolImages,
    rows: Tensor,
    run: Run,
) -> Tensor:
    """Apply a function to images between 0 and 1, batch by batch, with the network in evaluation
    mode.

    Args:
        stage: what progress is reported as.
        function: images float32 [B, 3, S, S] → [B, ...].
        rows: long [N], N at least 1.

    Returns:
        float32 [N, ...], on the CPU.

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
