"""Training MoBYv2AL: joint classification and contrastive learning (section 3 of the paper).

Labelled and unlabelled batches alternate. A labelled batch is trained on both losses, equation
(4); an unlabelled one on the contrastive loss alone. After every batch the key branch follows and
the queues take its keys.
"""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor

from labeller.errors import LabellerError
from labeller.learning.augment import strong_view, weak_view
from labeller.learning.batches import Pool, endless, normalised
from labeller.learning.device import autocast
from labeller.learning.inference import evaluate
from labeller.learning.losses import contrastive_loss
from labeller.learning.recipe import Recipe
from labeller.learning.schedules import key_momentum, learning_rate
from labeller.progress import EpochMetrics, Progress, Report, ShouldStop
from models.encoders import build_encoder
from models.mobyv2 import MoBYv2

MONITORED_IMAGES = 512
"""So many held-out images, drawn once, show the accuracy after each epoch."""


@dataclass(frozen=True)
class TrainingSet:
    """Rows of the pool, all long tensors.

    Attributes:
        labelled, labels: the labelled images and their classes, from 0.
        unlabelled: images that unlabelled batches may be drawn from.
        test, test_labels: held-out images; may be empty.
        classes: how many there are.
    """

    labelled: Tensor
    labels: Tensor
    unlabelled: Tensor
    test: Tensor
    test_labels: Tensor
    classes: int


@dataclass(frozen=True)
class Trained:
    """The network after training; `stopped` says that the user ended it early."""

    network: MoBYv2
    stopped: bool


@dataclass
class _Sums:
    """Sums over an epoch, kept on the device so that no step waits for it."""

    classification: Tensor
    contrastive: Tensor
    right: Tensor


def build_network(encoder: str, side: int, classes: int, recipe: Recipe) -> MoBYv2:
    """A new network; the same for the same state of torch's random numbers."""
    return MoBYv2(build_encoder(encoder, side), classes, recipe.queue_size)


def train(
    pool: Pool,
    data: TrainingSet,
    encoder: str,
    recipe: Recipe,
    seed: int,
    report: Report,
    should_stop: ShouldStop,
) -> Trained:
    """Train a new network on `data`; the same seed on the same device gives the same weights.

    `report` hears of every step and, with its metrics, of every epoch. `should_stop` is asked
    before every step; the network is then returned as it is.

    Raises:
        LabellerError: the loss is no longer finite.
    """
    training = _Training(pool, data, encoder, recipe, seed)
    started = time.perf_counter()
    for epoch in range(recipe.epochs):
        epoch_started = time.perf_counter()
        training.begin_epoch(epoch)
        for step in range(training.steps):
            if should_stop():
                return Trained(training.network, stopped=True)
            training.step()
            done, total = epoch * training.steps + step + 1, recipe.epochs * training.steps
            left = (time.perf_counter() - started) / done * (total - done)
            report(Progress("Training", done, total, left))
        metrics = training.metrics(epoch, time.perf_counter() - epoch_started)
        if not math.isfinite(metrics.classification_loss + metrics.contrastive_loss):
            raise LabellerError("Training diverged: the loss is not finite. Lower --learning-rate.")
        report(Progress("Training", done, total, left, metrics))
    return Trained(training.network, stopped=False)


class _Training:
    """The state of one run: network, optimiser, random numbers and the epoch's sums."""

    def __init__(
        self, pool: Pool, data: TrainingSet, encoder: str, recipe: Recipe, seed: int
    ) -> None:
        device = pool.device
        self.pool, self.recipe = pool, recipe
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            network = build_network(encoder, pool.side, data.classes, recipe)
        self.network = network.to(device).to(memory_format=torch.channels_last).train()
        self.rng = torch.Generator(device).manual_seed(seed)
        parameters = [p for p in self.network.parameters() if p.requires_grad]
        self.optimiser = torch.optim.SGD(
            parameters,
            lr=recipe.learning_rate,
            momentum=recipe.momentum,
            weight_decay=recipe.weight_decay,
        )
        self.classes_by_row = torch.zeros(
            int(data.labelled.max()) + 1, dtype=torch.long, device=device
        )
        self.classes_by_row[data.labelled.to(device)] = data.labels.to(device)
        self.steps = recipe.steps(len(data.labelled), len(data.unlabelled))
        self.labelled = endless(data.labelled.to(device), recipe.batch_size, self.rng)
        self.unlabelled = self._unlabelled_batches(data)
        self.monitored = self._monitored(data, seed)
        self.step_number = 0

    def begin_epoch(self, epoch: int) -> None:
        zero = torch.zeros((), device=self.pool.device)
        self.sums = _Sums(zero.clone(), zero.clone(), zero.clone())
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate(self.recipe, epoch)

    def step(self) -> None:
        """One labelled batch and, where there are unlabelled images, one unlabelled batch."""
        rows = next(self.labelled)
        self._update(rows, self.classes_by_row[rows])
        if self.unlabelled is not None:
            self._update(next(self.unlabelled), None)
        self.step_number += 1

    def _update(self, rows: Tensor, labels: Tensor | None) -> None:
        recipe, network = self.recipe, self.network
        images = self.pool.images(rows)
        # Query and key views are drawn independently (section 3).
        weak_q, strong_q, weak_k, strong_k = (
            normalised(view(images, self.rng))
            for view in (weak_view, strong_view, weak_view, strong_view)
        )
        with autocast(self.pool.device, recipe.mixed_precision):
            queries = network.queries(weak_q, strong_q)
            k_weak, k_strong = network.keys(weak_k, strong_k)
        contrastive = contrastive_loss(
            queries.weak,
            queries.strong,
            k_weak,
            k_strong,
            network.weak_queue.keys,
            network.strong_queue.keys,
            recipe.temperature,
        ).mean()
        loss = contrastive
        if labels is not None:
            classification = F.cross_entropy(queries.scores, labels)
            loss = classification + recipe.contrastive_weight * contrastive  # equation (4)
            self.sums.classification += classification.detach()
            self.sums.contrastive += contrastive.detach()
            self.sums.right += (queries.scores.argmax(dim=1) == labels).float().mean()
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        total = self.recipe.epochs * self.steps
        network.update_keys(key_momentum(recipe.key_momentum, self.step_number, total))
        network.enqueue(k_weak, k_strong)

    def metrics(self, epoch: int, seconds: float) -> EpochMetrics:
        """The means over the epoch's labelled batches, and the accuracy on monitored images."""
        metrics = EpochMetrics(
            epoch + 1,
            float(self.sums.classification) / self.steps,
            float(self.sums.contrastive) / self.steps,
            float(self.sums.right) / self.steps,
            None,
            self.optimiser.param_groups[0]["lr"],
            seconds,
        )
        if self.monitored is None:
            return metrics
        rows, labels = self.monitored
        return replace(
            metrics, test_accuracy=evaluate(self.network, self.pool, rows, labels).overall
        )

    def _unlabelled_batches(self, data: TrainingSet) -> Iterator[Tensor] | None:
        rows = data.unlabelled.to(self.pool.device)
        if self.recipe.unlabelled == "matched":
            order = torch.randperm(len(rows), generator=self.rng, device=self.rng.device)
            rows = rows[order[: len(data.labelled)]]
        return endless(rows, self.recipe.batch_size, self.rng) if len(rows) else None

    def _monitored(self, data: TrainingSet, seed: int) -> tuple[Tensor, Tensor] | None:
        """Held-out images to look at after each epoch, drawn apart from the training's numbers."""
        if not len(data.test):
            return None
        order = torch.randperm(len(data.test), generator=torch.Generator().manual_seed(seed))
        chosen = order[:MONITORED_IMAGES]
        return data.test[chosen], data.test_labels[chosen]
