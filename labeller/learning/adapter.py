"""Small trained adapters between a frozen encoder and the head, which learn from unlabelled images
too: by MoBYv2AL, or by MixMatch.

A view of an image is its features with random ones dropped, few for a weak view and many for a
strong one, so that each image is read only once. Compared with a linear probe this gains where
images are unlike those that the encoder knows (CIFAR-10, 250 random labels: 69 against 66 %), and
nothing on photos of clothing from 100 labels on (`python -m benchmarks.unlabelled`,
docs/results.md).
"""

import numpy as np
import torch
import torch.nn.functional as F
from labeller_models.encoder import Encoder
from labeller_models.mobyv2 import MoBYv2
from torch import Tensor, nn

from labeller.core.run import Run
from labeller.learning.feature_learners import Examples, FeatureLearner
from labeller.learning.mobyv2al import network_loss
from labeller.learning.model import WEAK
from labeller.learning.objective import VIEWS, mixmatch_losses
from labeller.learning.recipe import key_momentum
from labeller.selection.training import batches, descend, endless, seeded, steps
from labeller.selection.uncertainty import feature_dropout

WIDTH = 384
"""Features of the adapter."""
STEPS, SHORT = 300, 40
"""Of a full training, and of one that only serves to calibrate."""
BATCH, RATIO = 64, 2
"""Labelled images a step, and unlabelled ones for each of them."""
STRONG = 0.7
"""Share of the features that a strong view drops."""
RATE, DECAY = 0.03, 5e-4
QUEUE, TEMPERATURE, CONTRASTIVE, MOMENTUM = 1024, 0.2, 0.5, 0.99
FAIR, WARM = 0.5, 50
"""Weight of the demand that all classes are predicted, without which few labels may end in a single
class; steps until consistency counts in full."""
MOST = 50_000
"""Unlabelled images to learn from; of a larger pool, a random sample."""
CONSISTENCY = 75.0
"""λ_U of MixMatch's equation (5), reached by a ramp over the whole training (section 5.1)."""


class AdapterEncoder(Encoder):
    """Features [N, dim] of length one → [N, WIDTH]."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.feature_dim = WIDTH
        self._scale = dim**0.5  # so that inputs have about unit variance
        self.layers = nn.Sequential(nn.Linear(dim, WIDTH), nn.BatchNorm1d(WIDTH), nn.ReLU())

    def forward(self, features: Tensor) -> Tensor:
        adapted: Tensor = self.layers(features * self._scale)
        return adapted


class Adapter(FeatureLearner):
    """MoBYv2AL with a frozen encoder: f_q is the encoder followed by the adapter.

    It minimises equation (4) of the paper on labelled and unlabelled images: cross-entropy and the
    contrastive loss of equation (1), with its queues and moving average. In addition FreeMatch's
    consistency (Wang et al., ICLR 2023) with distribution alignment: what the model is sure enough
    of under a weak view, it must predict under a strong one.
    """

    uses_unlabelled = True
    prefix = "network."

    def new(self, dim: int, classes: int) -> nn.Module:
        return nn.Sequential(AdapterEncoder(dim), nn.Linear(WIDTH, classes))

    def drawn(self, unlabelled: Tensor, seed: int) -> Tensor:
        rng = torch.Generator().manual_seed(seed)
        return unlabelled[torch.randperm(len(unlabelled), generator=rng)[:MOST]]

    def train(self, examples: Examples, run: Run, short: bool = False) -> nn.Module:
        return train_adapter(examples, run, SHORT if short else STEPS)


class MixMatchAdapter(Adapter):
    """Like `Adapter`, but trained on mixtures of labelled and unlabelled images' features
    (labeller/learning/objective.py)."""

    def train(self, examples: Examples, run: Run, short: bool = False) -> nn.Module:
        return train_mixmatch(examples, run, SHORT if short else STEPS)


def train_adapter(examples: Examples, run: Run, count: int) -> nn.Module:
    """Train an adapter with its head for `count` steps; raises Cancelled."""
    labelled, unlabelled = examples.labelled, examples.unlabelled
    with seeded(run.seed) as rng:
        network = MoBYv2(AdapterEncoder(labelled.shape[1]), examples.classes, QUEUE).train()
        optimiser, schedule = _descent(network, count)
        known = batches(len(labelled), BATCH, rng)
        unknown = batches(len(unlabelled), BATCH * RATIO, rng)
        consistency = Consistency(examples.classes)
        for step in steps(run, "Training", count):
            rows = next(known)
            seen = labelled[rows]
            if len(unlabelled):
                seen = torch.cat([seen, unlabelled[next(unknown)]])
            weak, strong = feature_dropout(seen, WEAK, rng), feature_dropout(seen, STRONG, rng)
            keys = network.keys(weak, strong)
            said = network.queries(weak, strong)
            loss = F.cross_entropy(said.scores[: len(rows)], examples.labels[rows])
            loss = loss + CONTRASTIVE * network_loss(network, said, keys, TEMPERATURE).mean()
            if len(unlabelled):
                answers = network.head(network.encoder(strong[len(rows) :]))
                loss = loss + consistency.loss(said.scores[len(rows) :].detach(), answers)
            descend(optimiser, loss)
            schedule.step()
            network.update_keys(key_momentum(MOMENTUM, step, count))
            network.enqueue(*keys)
    return nn.Sequential(network.encoder, network.head).eval()


def train_mixmatch(examples: Examples, run: Run, count: int) -> nn.Module:
    """Train an adapter with its head by MixMatch for `count` steps; raises Cancelled."""
    labelled, unlabelled = examples.labelled, examples.unlabelled
    with seeded(run.seed) as rng:
        encoder = AdapterEncoder(labelled.shape[1])
        network = nn.Sequential(encoder, nn.Linear(WIDTH, examples.classes)).train()
        optimiser, schedule = _descent(network, count)
        mixing = np.random.default_rng(run.seed)
        # Few labelled images are repeated within a batch, in new views.
        known = endless(torch.arange(len(labelled)), BATCH, rng)
        unknown = batches(len(unlabelled), BATCH, rng)
        for step in steps(run, "Training", count):
            rows = next(known)
            others = unlabelled[next(unknown)] if len(unlabelled) else unlabelled
            views = [feature_dropout(others, WEAK, rng) for _ in range(VIEWS)]
            seen = feature_dropout(labelled[rows], WEAK, rng)
            losses = mixmatch_losses(
                network, seen, examples.labels[rows], views, examples.classes, mixing
            )
            ramp = CONSISTENCY * (step + 1) / count
            descend(optimiser, losses.labelled + ramp * losses.unlabelled)
            schedule.step()
    return network.eval()


def _descent(
    network: nn.Module, count: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    """SGD with Nesterov momentum whose rate fades as a cosine over `count` steps."""
    learnt = [each for each in network.parameters() if each.requires_grad]
    optimiser = torch.optim.SGD(learnt, RATE, 0.9, weight_decay=DECAY, nesterov=True)
    return optimiser, torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, count)


class Consistency:
    """FreeMatch's self-adaptive thresholds (equations 5 to 8) with distribution alignment, and the
    entropy of the mean prediction in place of its fairness term (equation 11).

    Args:
        warm: steps until it counts in full.
        begins: whether the first batch says how sure the model is, because it has already learnt.
    """

    def __init__(self, classes: int, warm: int = WARM, begins: bool = False) -> None:
        self._steps, self._warm, self._begins = 0, warm, begins
        self._overall = torch.tensor(1 / classes)
        self._each = torch.full((classes,), 1 / classes)

    def loss(self, weak: Tensor, strong: Tensor) -> Tensor:
        """The loss, a scalar, of scores [N, classes] under strong views, given those under weak
        ones."""
        probabilities = weak.softmax(dim=1)
        first = self._begins and not self._steps
        sureness = probabilities.max(dim=1).values.mean()
        self._overall = self._overall.lerp(sureness, 1.0 if first else 0.01)
        self._each = self._each.lerp(probabilities.mean(dim=0), 0.5 if first else 0.01)
        aligned = probabilities / self._each
        sure, guess = (aligned / aligned.sum(dim=1, keepdim=True)).max(dim=1)
        kept = sure >= self._overall * (self._each / self._each.max())[guess]
        self._steps += 1
        consistent = (F.cross_entropy(strong, guess, reduction="none") * kept).mean()
        mean = strong.softmax(dim=1).mean(dim=0)
        unfair = (mean * mean.clamp(min=1e-9).log()).sum()
        return min(1.0, self._steps / self._warm) * consistent + FAIR * unfair
