"""MoBYv2AL where the encoder is frozen: f_q is the encoder with a small adapter that is trained.

The adapter learns by equation (4) of the paper, from labelled and unlabelled images together:
cross-entropy of the labels and the contrastive loss of equation (1), with its queues and its moving
average. To that comes FreeMatch's consistency (Wang et al., ICLR 2023) with distribution alignment:
what the model is sure enough of under a weak view, it has to say under a strong one. A view of an
image is its features with some of them left out, few for a weak and many for a strong one, so that
each image is read only once.

Compared with logistic regression it gains where images are unlike those that the encoder knows
(CIFAR-10, 250 labels at random: 69 against 66 %), and nothing on photos of clothing from 100 labels
on (`python -m benchmarks.unlabelled`, docs/results.md).
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from labeller_models.encoder import Encoder
from labeller_models.mobyv2 import MoBYv2
from torch import Tensor, nn

from labeller.core.errors import Cancelled, Word
from labeller.core.progress import Progress
from labeller.core.run import Run
from labeller.learning.batches import PoolImages, endless
from labeller.learning.companions import companion_state, fit_companions, load_companions
from labeller.learning.frozen_features import FrozenFeatures
from labeller.learning.linear_probe import LinearProbeModel, mean_of, prepared
from labeller.learning.logistic import Head, cross_validated, temperature_for
from labeller.learning.losses import network_loss
from labeller.learning.model import WEAK, TrainedModel
from labeller.learning.recipe import Recipe
from labeller.learning.schedules import key_momentum
from labeller.learning.trainer import TrainingSet
from labeller.selection.dropped import feature_dropout
from labeller.selection.strategies import Companion

WIDTH = 384
"""Features of the adapter."""
STEPS, SHORT = 300, 40
"""Of a training, and of one that only calibrates."""
BATCH, RATIO = 64, 2
"""Labelled images a step, and so many times as many unlabelled ones."""
STRONG = 0.7
"""So many features are left out of a strong view."""
RATE, DECAY = 0.03, 5e-4
QUEUE, TEMPERATURE, CONTRASTIVE, MOMENTUM = 1024, 0.2, 0.5, 0.99
FAIR, WARM = 0.5, 50
"""Weight of the demand that all classes are answered, without which few labels may end in a single
answer; steps until consistency counts in full."""
MOST = 50_000
"""Unlabelled images that are learnt from, drawn at random from more."""


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


class Adapter:
    """Learns an adapter and a linear head on the features of a frozen encoder."""

    wants_previous = False

    def __init__(self, encoder: str, recipe: Recipe) -> None:
        self._encoder = encoder

    def train(
        self,
        labelled: Tensor,
        labels: Tensor,
        unlabelled: Tensor,
        classes: int,
        run: Run,
        steps: int,
    ) -> nn.Module:
        """Train an adapter with its head.

        Args:
            labelled, unlabelled: features of length one, float32 [N, d] and [M, d].
            labels: from 0, long [N].

        Raises:
            Cancelled: `run.should_stop` said so.
        """
        return train_adapter(labelled, labels, unlabelled, classes, run, steps)

    def fit(
        self,
        data: TrainingSet,
        pool: PoolImages,
        run: Run,
        companions: Sequence[Companion] = (),
        previous: TrainedModel | None = None,
    ) -> "AdapterModel":
        features = FrozenFeatures(self._encoder, pool)
        rng = torch.Generator().manual_seed(run.seed)
        others = data.unlabelled[torch.randperm(len(data.unlabelled), generator=rng)[:MOST]]
        rows = torch.cat([data.labelled, others])
        features.read(rows, run)
        centre = mean_of(features, rows, run)
        seen = prepared(features.raw(data.labelled, run), centre)
        unlabelled = prepared(features.raw(others, run), centre)

        def scores_without(kept: Tensor, out: Tensor) -> Tensor:
            short = self.train(seen[kept], data.labels[kept], unlabelled, data.classes, run, SHORT)
            return scores_of(short, seen[out])

        oof_scores = cross_validated(scores_without, data.labels, data.classes, run.seed)
        temperature = temperature_for(oof_scores, data.labels)
        network = self.train(seen, data.labels, unlabelled, data.classes, run, STEPS)
        along = fit_companions(companions, seen, oof_scores, data.labels, run.seed)
        model = AdapterModel(features, centre, network, temperature, along)
        model.oof_probabilities = (oof_scores / temperature).softmax(dim=1)
        return model

    def load(self, state: dict[str, Tensor], pool: PoolImages, classes: int) -> "AdapterModel":
        centre, temperature = state["centre"], float(state["temperature"])
        network = nn.Sequential(AdapterEncoder(len(centre)), nn.Linear(WIDTH, classes)).eval()
        own = {name: state[f"network.{name}"] for name in network.state_dict()}
        network.load_state_dict(own)
        along = load_companions(state, len(centre))
        return AdapterModel(
            FrozenFeatures(self._encoder, pool), centre, network, temperature, along
        )


class AdapterModel(LinearProbeModel):
    """Its features are those of the encoder, in which distances are known to choose well; the
    adapter is a part of how they are scored."""

    def __init__(
        self,
        features: FrozenFeatures,
        centre: Tensor,
        network: nn.Module,
        temperature: float,
        along: nn.ModuleDict | None = None,
    ) -> None:
        head = Head(torch.zeros(0), torch.zeros(0), temperature)
        super().__init__(features, centre, head, along)
        self.adapter = network

    def scores(self, features: Tensor) -> Tensor:
        return scores_of(self.adapter, features) / self.head.temperature

    def state(self) -> dict[str, Tensor]:
        parts = {f"network.{name}": part for name, part in self.adapter.state_dict().items()}
        return companion_state(self.along) | parts | {
            "centre": self.centre, "temperature": torch.tensor(self.head.temperature),
        }  # fmt: skip


@torch.no_grad()
def scores_of(network: nn.Module, features: Tensor) -> Tensor:
    """Class scores of features [N, d] of length one: float32 [N, classes]."""
    return torch.cat([network(part) for part in features.split(1 << 14)])


def train_adapter(
    labelled: Tensor, labels: Tensor, unlabelled: Tensor, classes: int, run: Run, steps: int
) -> nn.Module:
    """As `Adapter.train`."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(run.seed)
        network = MoBYv2(AdapterEncoder(labelled.shape[1]), classes, QUEUE).train()
    rng = torch.Generator().manual_seed(run.seed)
    learnt = [p for p in network.parameters() if p.requires_grad]
    optimiser = torch.optim.SGD(learnt, RATE, 0.9, weight_decay=DECAY, nesterov=True)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    known = endless(torch.arange(len(labelled)), min(BATCH, len(labelled)), rng)
    count = min(BATCH * RATIO, len(unlabelled))
    unknown = endless(torch.arange(len(unlabelled)), count, rng)
    consistency = Consistency(classes)
    for step in range(steps):
        if run.should_stop():
            raise Cancelled("{stage} was stopped.", stage=Word("Training"))
        rows = next(known)
        seen = (
            labelled[rows] if not count else torch.cat([labelled[rows], unlabelled[next(unknown)]])
        )
        weak, strong = feature_dropout(seen, WEAK, rng), feature_dropout(seen, STRONG, rng)
        keys = network.keys(weak, strong)
        said = network.queries(weak, strong)
        loss = F.cross_entropy(said.scores[: len(rows)], labels[rows])
        loss = loss + CONTRASTIVE * network_loss(network, said, keys, TEMPERATURE).mean()
        if count:
            answers = network.head(network.encoder(strong[len(rows) :]))
            loss = loss + consistency.loss(said.scores[len(rows) :].detach(), answers)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        network.update_keys(key_momentum(MOMENTUM, step, steps))
        network.enqueue(*keys)
        run.report(Progress("Training", step + 1, steps))
    return nn.Sequential(network.encoder, network.head).eval()


class Consistency:
    """FreeMatch's self-adaptive thresholds (equations 5 to 8) with distribution alignment, and the
    entropy of the mean answer in the place of its fairness (equation 11)."""

    def __init__(self, classes: int) -> None:
        self._steps = 0
        self._overall = torch.tensor(1 / classes)
        self._each = torch.full((classes,), 1 / classes)

    def loss(self, weak: Tensor, strong: Tensor) -> Tensor:
        """Of scores [N, classes] under a strong view, given those under a weak one."""
        probabilities = weak.softmax(dim=1)
        self._overall = self._overall.lerp(probabilities.max(dim=1).values.mean(), 0.01)
        self._each = self._each.lerp(probabilities.mean(dim=0), 0.01)
        aligned = probabilities / self._each
        sure, guess = (aligned / aligned.sum(dim=1, keepdim=True)).max(dim=1)
        kept = sure >= self._overall * (self._each / self._each.max())[guess]
        self._steps += 1
        consistent = (F.cross_entropy(strong, guess, reduction="none") * kept).mean()
        mean = strong.softmax(dim=1).mean(dim=0)
        unfair = (mean * mean.clamp(min=1e-9).log()).sum()
        return min(1.0, self._steps / WARM) * consistent + FAIR * unfair
