"""Training MoBYv2AL: joint classification and contrastive learning (section 3 of the paper).

Labelled and unlabelled batches alternate. A labelled batch is trained on both losses, equation
(4); an unlabelled one on the contrastive loss alone. After every batch the key branch follows and
the queues take its keys. The other objectives (Table 3) are stages of the same steps.

A step of ResNet-18, batch 128, 32 × 32 pixels takes about 2.6 s on two CPU cores with AVX2, one of
`resnet-small` 0.12 s: `python -m benchmarks.training_step`.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from labeller_models.encoder import Depths, Dropout, Network
from labeller_models.encoders import PretrainedWeightsError, build_encoder
from labeller_models.registry import mark
from torch import Tensor

from labeller.core.errors import LabellerError, made
from labeller.core.run import EpochMetrics, Progress, Run
from labeller.learning.augment import Views, draw_views, weak_view
from labeller.learning.batches import PoolImages
from labeller.learning.distributed import ALONE, Team
from labeller.learning.model import evaluate
from labeller.learning.objective import VIEWS as MIXED_VIEWS
from labeller.learning.objective import Objective, Unlabelled
from labeller.learning.recipe import STAGES, Recipe, Stage, learning_rate
from labeller.learning.self_supervised import SELF_SUPERVISED, FillsQueues, SelfSupervised
from labeller.selection.strategies import Companion
from labeller.selection.training import endless

MONITORED_IMAGES = 512
"""Held-out images, drawn once, on which the accuracy after each epoch is measured."""


@dataclass(frozen=True)
class TrainingSet:
    """Rows of the pool, all long tensors.

    Attributes:
        labelled, labels: the labelled images and their classes, from 0.
        unlabelled: images that unlabelled batches are drawn from, already chosen if the recipe
            wants those of the lowest loss (labeller/learning/mobyv2al.py).
        test, test_labels: held-out images; may be empty.
        classes: number of classes.
        class_ids: their ids in the project, in order; () outside of one.
    """

    labelled: Tensor
    labels: Tensor
    unlabelled: Tensor
    test: Tensor
    test_labels: Tensor
    classes: int
    class_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Trained:
    """The network after training, and whether training was stopped early."""

    network: Network
    stopped: bool


@dataclass
class _Sums:
    """Sums over an epoch, kept on the device so that no step synchronises with it."""

    classification: Tensor
    contrastive: Tensor
    right: Tensor


def build_network(
    encoder: str, side: int, classes: int, recipe: Recipe, companions: Sequence[Companion] = ()
) -> SelfSupervised:
    """A new network with its self-supervised method and companions, drawn from torch's global
    random state.

    Raises:
        LabellerError: the images are too small for the encoder, or its pretrained weights could
            not be loaded.
    """
    try:
        built = build_encoder(encoder, side, recipe.pretrained)
    except PretrainedWeightsError as error:
        raise LabellerError(
            "{error}. Train without pretrained weights.",
            settings=["no_pretrained"],
            error=str(error)[0].upper() + str(error)[1:],
        ) from error
    except ValueError as error:
        raise LabellerError("The encoder {error}. Choose another one.", error=error) from error
    method: SelfSupervised = made(SELF_SUPERVISED, recipe.self_supervised, built, classes, recipe)
    network = method.network  # its first branch; copies of it were made before
    if any(each.of_depths for each in companions):
        network.depths = Depths(network.encoder, side)
    for each in companions:  # last, so that the rest is drawn as without them
        dims = network.depths.dims if each.of_depths and network.depths else built.feature_dim
        network.companions[each.name] = each.build(dims)
    if recipe.dropout:
        network.dropout = Dropout(network, recipe.dropout)
    return method


def train(
    pool: PoolImages,
    data: TrainingSet,
    encoder: str,
    recipe: Recipe,
    run: Run,
    team: Team = ALONE,
    companions: Sequence[Companion] = (),
) -> Trained:
    """Train a new network on `data`; the same seed on the same device gives the same weights.

    `run.report` is called for every step and, with metrics, for every epoch. `run.should_stop` is
    asked before every step and ends training early. A `team` shares every batch; all its processes
    return the same weights, and the leader decides on stopping and evaluates.

    Raises:
        LabellerError: the loss is no longer finite.
    """
    training = _Training(pool, data, encoder, recipe, run.seed, team, companions)
    started = time.perf_counter()
    epochs = [(stage, epoch) for stage in training.stages for epoch in range(recipe.epochs)]
    with torch.backends.cudnn.flags(enabled=True, benchmark=False, deterministic=True):
        for number, (stage, epoch) in enumerate(epochs):
            epoch_started = time.perf_counter()
            training.begin_epoch(stage, epoch)
            for step in range(training.steps):
                if team.agree(run.should_stop()):
                    return Trained(training.network, stopped=True)
                training.step()
                done, total = number * training.steps + step + 1, len(epochs) * training.steps
                left = (time.perf_counter() - started) / done * (total - done)
                run.report(Progress("Training", done, total, left))
            metrics = training.metrics(number, time.perf_counter() - epoch_started)
            if not all(math.isfinite(loss) for loss in metrics.losses.values()):
                raise LabellerError(
                    "Training diverged: the loss is not finite. Lower the learning rate.",
                    settings=["learning_rate"],
                )
            run.report(Progress("Training", done, total, left, metrics))
    return Trained(training.network, stopped=False)


class _Training:
    """The state of one run: network, optimiser, random numbers and the epoch's sums."""

    def __init__(
        self,
        pool: PoolImages,
        data: TrainingSet,
        encoder: str,
        recipe: Recipe,
        seed: int,
        team: Team = ALONE,
        companions: Sequence[Companion] = (),
    ) -> None:
        device = pool.device
        self.pool, self.recipe, self.team = pool, recipe, team
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.method = build_network(encoder, pool.side, data.classes, recipe, companions)
        self.network = self.method.network.to(device).to(memory_format=torch.channels_last).train()
        team.synchronised(self.network, device)
        self.objective = team.averaging(Objective(self.method, recipe))
        self.rng = torch.Generator(device).manual_seed(seed)  # the same batches in every process
        self.view_rng = self.rng
        if team.size > 1:  # but different views in each
            self.view_rng = torch.Generator(device).manual_seed(seed + 1 + team.rank)
        self.classes_by_row = torch.zeros(
            int(data.labelled.max()) + 1, dtype=torch.long, device=device
        )
        self.classes_by_row[data.labelled.to(device)] = data.labels.to(device)
        self.stages = STAGES[recipe.objective]
        unlabelled = self._unlabelled(data)
        self.steps = recipe.steps(len(data.labelled), len(unlabelled))
        self.labelled = endless(data.labelled.to(device), recipe.batch_size, self.rng)
        self.unlabelled = endless(unlabelled, recipe.batch_size, self.rng)
        self.has_unlabelled = len(unlabelled) > 0
        self.monitored = self._monitored(data, seed) if team.leads else None
        self.contrastive_steps, self.mixed_steps = 0, 0
        self.mixing = np.random.default_rng([seed, team.rank])
        if self.stages[0].contrasts and isinstance(self.method, FillsQueues):
            self._fill(self.method)

    def begin_epoch(self, stage: Stage, epoch: int) -> None:
        """Reset the sums and set the learning rate; each stage starts with a new optimiser."""
        zero = torch.zeros((), device=self.pool.device)
        self.sums = _Sums(zero.clone(), zero.clone(), zero.clone())
        self.stage = stage
        if epoch == 0:
            self.optimiser = torch.optim.SGD(
                [p for p in self.network.parameters() if p.requires_grad],
                lr=self.recipe.learning_rate,
                momentum=self.recipe.momentum,
                weight_decay=self.recipe.weight_decay,
                fused=True,  # every part must learn from its first step on, as all stages do
            )
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate(self.recipe, epoch)

    def _fill(self, method: FillsQueues) -> None:
        """Fill a method's queues with keys of random images."""
        left, rows = method.first_keys, self.unlabelled if self.has_unlabelled else self.labelled
        while left > 0:
            batch = self.team.share(next(rows))
            statistics = self.network.encoder.statistics
            views = draw_views(
                self.pool.images(batch), self.method.views, self.view_rng, statistics
            )
            method.fill(views, self.team.gather)
            left -= self.recipe.batch_size

    def step(self) -> None:
        """One labelled batch and, if the stage contrasts, one unlabelled batch."""
        rows = self.team.share(next(self.labelled))
        classes = self.classes_by_row[rows] if self.stage.classifies else None
        if not self.stage.contrasts:
            mixes = self.stage.mixes and self.has_unlabelled
            self._descend(self._weak(rows), None, classes, self._others() if mixes else None)
            return
        self._contrast(rows, classes)
        if self.has_unlabelled:
            self._contrast(self.team.share(next(self.unlabelled)), None)
        self.contrastive_steps += 1

    def _contrast(self, rows: Tensor, labels: Tensor | None) -> None:
        """A batch on the self-supervised loss or, with labels, on equation (4)."""
        images, statistics = self.pool.images(rows), self.network.encoder.statistics
        views = draw_views(images, self.method.views, self.view_rng, statistics)
        self._descend(None, views, labels)
        steps = self.recipe.epochs * self.steps
        self.method.after_step(self.contrastive_steps, steps, self.team.gather)

    def _others(self) -> Unlabelled:
        """The next unlabelled batch for MixMatch; its weight grows with each step."""
        rows = self.team.share(next(self.unlabelled))
        self.mixed_steps += 1
        progress = self.mixed_steps / (self.recipe.epochs * self.steps)
        views = [self._weak(rows) for _ in range(MIXED_VIEWS)]
        return Unlabelled(views, self.recipe.consistency_weight * progress, self.mixing)

    def _weak(self, rows: Tensor) -> Tensor:
        """Normalised weak views of images."""
        weak = weak_view(self.pool.images(rows), self.view_rng)
        return self.network.encoder.statistics.normalised(weak)

    def _descend(
        self,
        images: Tensor | None,
        views: Views | None,
        labels: Tensor | None,
        others: Unlabelled | None = None,
    ) -> None:
        losses = self.objective(images, views, labels, others)
        if losses.classification is not None:
            self.sums.classification += losses.classification
            self.sums.right += losses.right
        counts = labels is not None or not self.stage.classifies
        if losses.self_supervised is not None and counts:
            self.sums.contrastive += losses.self_supervised
        self.optimiser.zero_grad(set_to_none=True)
        losses.total.backward()
        self.optimiser.step()

    def metrics(self, number: int, seconds: float) -> EpochMetrics:
        """Means over the epoch, for equation (4) over labelled batches, and the monitored
        accuracy."""
        stage = self.stage
        classification, contrastive, right = (
            float(self.team.mean(total))
            for total in (self.sums.classification, self.sums.contrastive, self.sums.right)
        )
        batches = self.steps
        contrastive_batches = batches
        if not stage.classifies and self.has_unlabelled:
            contrastive_batches = 2 * batches
        losses = {}
        if stage.classifies:
            losses[mark("classification")] = classification / batches
        if stage.mixes:
            losses[mark("consistency")] = contrastive / batches
        if stage.contrasts:
            losses[self.method.name] = contrastive / contrastive_batches
        metrics = EpochMetrics(
            number + 1,
            losses,
            right / batches if stage.classifies else None,
            None,
            self.optimiser.param_groups[0]["lr"],
            seconds,
        )
        if self.monitored is None or not stage.classifies:
            return metrics
        rows, labels = self.monitored
        return replace(
            metrics, test_accuracy=evaluate(self.network, self.pool, rows, labels).accuracy
        )

    def _unlabelled(self, data: TrainingSet) -> Tensor:
        """The unlabelled rows that this run learns from."""
        rows = data.unlabelled.to(self.pool.device)
        if self.recipe.objective == "supervised":
            return rows[:0]
        if self.recipe.unlabelled == "all":
            return rows
        order = torch.randperm(len(rows), generator=self.rng, device=self.rng.device)
        return rows[order[: len(data.labelled)]]

    def _monitored(self, data: TrainingSet, seed: int) -> tuple[Tensor, Tensor] | None:
        """Held-out images to measure after each epoch, drawn independently of the training."""
        if not len(data.test):
            return None
        order = torch.randperm(len(data.test), generator=torch.Generator().manual_seed(seed))
        chosen = order[:MONITORED_IMAGES]
        return data.test[chosen], data.test_labels[chosen]
