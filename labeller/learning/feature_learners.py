"""Learners on a pretrained encoder's features, and what they have in common: read each image once,
centre the features, cross-validate, calibrate, train, and fit the modules that strategies want
trained along.

The simplest one, a linear probe, is useful after fifty labels. On 3,068 photos of clothing it
reaches 74.1 % with 100 random labels and 80.1 % with 200, on two CPU cores in a second a round once
the images have been read (`python -m benchmarks.frozen`, docs/results.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from labeller.core.run import Progress, Run
from labeller.learning.batches import PoolImages
from labeller.learning.frozen_features import FrozenFeatures
from labeller.learning.logistic import Head, fit_head, oof_scores, temperature_for
from labeller.learning.model import TrainedModel
from labeller.learning.recipe import Recipe
from labeller.learning.trainer import TrainingSet
from labeller.selection.strategies import Companion, companion_named
from labeller.selection.training import batches, descend, seeded, steps

PREFIX = "companions."
"""Prefix of their weights' names in a checkpoint."""
STEPS, BATCH, RATE, DECAY = 300, 64, 1e-3, 5e-4


def fit_companions(
    wanted: Sequence[Companion], features: Tensor, scores: Tensor, labels: Tensor, run: Run
) -> nn.ModuleDict:
    """Train modules on features that do not change.

    Args:
        features: of the labelled images, float32 [N, d].
        scores: out-of-fold class scores, float32 [N, classes], since a head has next to no loss on
            images that it was fitted to.
        labels: from 0, long [N].

    Raises:
        Cancelled: `run.should_stop` said so.
    """
    modules = nn.ModuleDict()
    if not wanted:
        return modules
    losses = F.cross_entropy(scores, labels, reduction="none")
    with seeded(run.seed) as rng:
        for each in wanted:
            modules[each.name] = each.build(features.shape[1])
        optimiser = torch.optim.Adam(modules.parameters(), RATE, weight_decay=DECAY)
        drawn = batches(len(features), BATCH, rng)
        for _ in steps(run, "Training", STEPS):
            rows = next(drawn)
            of_each = [
                module.loss(features[rows], losses[rows])  # type: ignore[operator]
                for module in modules.values()
            ]
            descend(optimiser, torch.stack(of_each).sum())
    return modules.eval()


def companions_in(state: dict[str, Tensor]) -> list[Companion]:
    """The companions whose weights a checkpoint holds, if a strategy still knows them."""
    names = {key.split(".")[1] for key in state if key.startswith(PREFIX)}
    return [each for name in sorted(names) if (each := companion_named(name))]


def load_companions(state: dict[str, Tensor], dim: int) -> nn.ModuleDict:
    """The modules of a checkpoint, for features [N, dim]."""
    modules = nn.ModuleDict({each.name: each.build(dim) for each in companions_in(state)})
    own = {name: state[f"{PREFIX}{name}"] for name in modules.state_dict()}
    modules.load_state_dict(own)
    return modules.eval()


def companion_state(modules: nn.ModuleDict) -> dict[str, Tensor]:
    """The companions' weights under the names that checkpoints use."""
    return {f"{PREFIX}{name}": tensor for name, tensor in modules.state_dict().items()}


CENTRED_ON = 50_000
"""The mean feature is taken over at most this many images."""


class LinearProbe:
    """Fits logistic regression (labeller/learning/logistic.py) to features.

    Attributes:
        reads_on: whether it first reads all images, those without labels too.
    """

    wants_previous = False
    reads_on = True

    def __init__(self, encoder: str, recipe: Recipe) -> None:
        self._encoder = encoder

    def fit(
        self,
        data: TrainingSet,
        pool: PoolImages,
        run: Run,
        companions: Sequence[Companion] = (),
        previous: TrainedModel | None = None,
    ) -> "FeatureModel":
        """As `Learner.fit`."""
        return self.fit_to(self.features_of(pool), data, run, companions)

    def features_of(self, pool: PoolImages) -> FrozenFeatures:
        """The features of a pool that it fits to."""
        return FrozenFeatures(self._encoder, pool)

    def fit_to(
        self,
        features: FrozenFeatures,
        data: TrainingSet,
        run: Run,
        companions: Sequence[Companion] = (),
    ) -> "FeatureModel":
        """As `fit`, on these features of the pool."""
        others = data.unlabelled
        if not self.reads_on:
            others = others[features.store.known(others)]
        rows = torch.cat([data.labelled, others])
        features.read(rows, run)
        centre = mean_of(features, rows, run)
        labelled = prepared(features.raw(data.labelled, run), centre)
        scores = oof_scores(labelled, data.labels, data.classes, run.seed, run=run)
        temperature = temperature_for(scores, data.labels)
        head = fit_head(labelled, data.labels, data.classes, run=run)
        run.report(Progress("Training", 1, 1))
        along = fit_companions(companions, labelled, scores, data.labels, run)
        model = FeatureModel(features, centre, head, temperature, along)
        model.oof_probabilities = (scores / temperature).softmax(dim=1)
        return model

    def load(self, state: dict[str, Tensor], pool: PoolImages, classes: int) -> "FeatureModel":
        """As `Learner.load`. Earlier versions could also put a small network on the features."""
        centre, temperature = state["centre"], float(state["temperature"])
        dim = centre.numel()
        former = any(name.startswith(FORMER_PREFIX) for name in state)
        prefix = FORMER_PREFIX if former else ""
        empty = Head(torch.zeros(dim, classes), torch.zeros(classes))
        classifier = _former_adapter(dim, classes) if former else empty
        classifier.load_state_dict({n: state[prefix + n] for n in classifier.state_dict()})
        along = load_companions(state, dim)
        features = FrozenFeatures(self._encoder, pool)
        return FeatureModel(features, centre, classifier.eval(), temperature, along, prefix)


FORMER_PREFIX = "network."
"""Prefix of an adapter's weights in a checkpoint."""
FORMER_WIDTH = 384


class _FormerAdapter(nn.Module):
    """Features [N, dim] of length one → [N, FORMER_WIDTH], as earlier versions trained it."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self._scale = dim**0.5
        self.layers = nn.Sequential(
            nn.Linear(dim, FORMER_WIDTH), nn.BatchNorm1d(FORMER_WIDTH), nn.ReLU()
        )

    def forward(self, features: Tensor) -> Tensor:
        adapted: Tensor = self.layers(features * self._scale)
        return adapted


def _former_adapter(dim: int, classes: int) -> nn.Module:
    """The classifier of the learners `adapter` and `mixmatch`, for its weights in a checkpoint."""
    return nn.Sequential(_FormerAdapter(dim), nn.Linear(FORMER_WIDTH, classes))


@dataclass(frozen=True)
class Compared:
    """The accuracy on unlabelled images that a fine-tuned model and a linear head expect."""

    fine_tuned: float
    linear: float


class FeatureModel(TrainedModel):
    """A classifier on the features of a frozen encoder, centred on the pool and of length one.

    Its features are the encoder's, in which distances are known to choose well.

    Attributes:
        compared: what its training found, where it could have been one of two kinds.
    """

    def __init__(
        self,
        features: FrozenFeatures,
        centre: Tensor,
        classifier: nn.Module,
        temperature: float = 1.0,
        along: nn.ModuleDict | None = None,
        prefix: str = "",
    ) -> None:
        super().__init__(features.pool)
        self.frozen, self.centre = features, centre
        self.classifier, self.temperature, self._prefix = classifier, temperature, prefix
        self.builds_on = features.encoder.fingerprint
        self.compared: Compared | None = None
        self.along = nn.ModuleDict() if along is None else along

    def features(self, rows: Tensor, run: Run) -> Tensor:
        return prepared(self.frozen.raw(rows, run), self.centre)

    def known_rows(self) -> Tensor:
        return self.frozen.store.all_known()

    def read(self, rows: Tensor, run: Run) -> Tensor:
        return self.features(rows, run)

    def scores(self, features: Tensor) -> Tensor:
        return scores_of(self.classifier, features) / self.temperature

    def companions(self) -> Mapping[str, nn.Module]:
        return dict(self.along.items())

    def state(self) -> dict[str, Tensor]:
        own = self.classifier.state_dict().items()
        weights = {f"{self._prefix}{name}": weight for name, weight in own}
        return companion_state(self.along) | weights | {
            "centre": self.centre, "temperature": torch.tensor(self.temperature),
        }  # fmt: skip


@torch.no_grad()
def scores_of(classifier: nn.Module, features: Tensor) -> Tensor:
    """Class scores of prepared features [N, d]: float32 [N, classes]."""
    return torch.cat([classifier(part) for part in features.split(1 << 16)])


def centred_features(features: FrozenFeatures, rows: Tensor, run: Run) -> Tensor:
    """Prepared features of rows before anything is labelled, centred on these: float32 [N, d].

    Raises:
        Cancelled: `run.should_stop` said so.
    """
    return prepared(features.raw(rows, run), mean_of(features, rows, run))


def mean_of(features: FrozenFeatures, rows: Tensor, run: Run, most: int = CENTRED_ON) -> Tensor:
    """The mean feature of the first `most` rows, float32 [d]; of features that have parts, [parts,
    d / parts]."""
    total = torch.zeros(features.encoder.dim, dtype=torch.double)
    chosen = rows[:most]
    for part in chosen.split(4096):
        total += features.raw(part, run).sum(dim=0, dtype=torch.double)
    mean = (total / max(1, len(chosen))).float()
    return mean if features.parts == 1 else mean.view(features.parts, -1)


def prepared(raw: Tensor, centre: Tensor) -> Tensor:
    """Features less their mean, scaled to length one: float32 [N, d]. All parts, as `mean_of` has
    them, get the same length."""
    centred = F.normalize(raw.view(-1, *centre.shape) - centre, dim=-1).flatten(1)
    return centred if centre.dim() == 1 else centred / len(centre) ** 0.5
