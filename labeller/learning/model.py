"""Trained models, as selection, suggestions and the map use them, whichever learner made them; and
batched inference of a network on the pool."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

import torch
from labeller_models.encoder import CIFAR10, STATISTICS, Encoder, Network
from labeller_models.registry import mark
from torch import Tensor, nn
from torch.nn.functional import linear

from labeller.core.errors import LabellerError
from labeller.core.intervals import Accuracy
from labeller.core.run import Progress, Run
from labeller.learning.augment import weak_view
from labeller.learning.batches import PoolImages
from labeller.learning.device import autocast
from labeller.learning.judging import measured
from labeller.selection.uncertainty import feature_dropout

BATCH_SIZE = 256


def extract_features(network: Network, pool: PoolImages, rows: Tensor, run: Run = Run()) -> Tensor:
    """f_q(x) of images without augmentation: float32 [len(rows), feature_dim], on the CPU.

    Raises:
        Cancelled: `run.should_stop` said so.
    """

    def features(images: Tensor) -> Tensor:
        with autocast(pool.device, True):
            return network.encoder(network.encoder.statistics.normalised(images))

    return in_batches(network, mark("Reading features"), features, pool, rows, run)


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

    scores = in_batches(network, mark("Evaluating"), classify, pool, rows, run)
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
            run.check(stage)
            images = pool.images(rows[start : start + BATCH_SIZE])
            parts.append(function(images).float().cpu())
            run.report(Progress(stage, min(start + BATCH_SIZE, len(rows)), len(rows)))
    finally:
        network.train(was_training)
    return torch.cat(parts)


BLOCK = 1 << 16
"""Images whose features are held at once when only their probabilities are needed."""
WEAK = 0.2
"""Share of the features that a weak view drops."""


class TrainedModel(ABC):
    """A model with the pool on its device; it reads each image once.

    Attributes:
        pool: the images by row.
        stopped: whether training was stopped early.
        class_ids: the project's class ids, in the order of the scores.
        oof_probabilities: out-of-fold class probabilities of the labelled images, float32 [N,
            classes]; None without cross-validation, or after loading.
        builds_on: fingerprint of the frozen encoder's weights; "" without one.
        is_network, has_dropout: as `strategies.Model`.
    """

    is_network = has_dropout = False
    class_ids: tuple[int, ...] = ()
    oof_probabilities: Tensor | None = None
    builds_on: str = ""

    def __init__(self, pool: PoolImages, stopped: bool = False) -> None:
        self.pool, self.stopped = pool, stopped
        self._places: dict[int, int] = {}  # of each row in `_read`
        self._read: Tensor | None = None

    def features(self, rows: Tensor, run: Run) -> Tensor:
        """Features of images by row (long [N]): float32 [N, d], on the CPU.

        Raises:
            Cancelled: `run.should_stop` said so.
        """
        wanted = rows.tolist()
        missing = list(dict.fromkeys(row for row in wanted if row not in self._places))
        if missing:
            new = self.read(torch.tensor(missing), run)
            before = 0 if self._read is None else len(self._read)
            self._read = new if self._read is None else torch.cat([self._read, new])
            self._places |= {row: before + at for at, row in enumerate(missing)}
        if self._read is None:
            return torch.zeros(0, 0)
        return self._read[torch.tensor([self._places[row] for row in wanted], dtype=torch.long)]

    def known_rows(self) -> Tensor:
        """Rows whose features have been read, long."""
        return torch.tensor(list(self._places), dtype=torch.long)

    def probabilities(self, rows: Tensor, run: Run) -> Tensor:
        """Class probabilities: float32 [N, classes], on the CPU."""
        parts = [self.scores(self.features(part, run)).softmax(dim=1) for part in rows.split(BLOCK)]
        return torch.cat(parts)

    def views(self, rows: Tensor, count: int, run: Run) -> Tensor:
        """Class probabilities under `count` random views of each image: float32 [count, N,
        classes], on the CPU. A view drops random features, unless the model sees images."""
        features = self.features(rows, run)
        rng = torch.Generator().manual_seed(run.seed)
        seen = (self.scores(feature_dropout(features, WEAK, rng)) for _ in range(count))
        return torch.stack([each.softmax(dim=1) for each in seen])

    def dropped(self, rows: Tensor, count: int, run: Run) -> Tensor:
        """As `strategies.Model.dropped`."""
        raise NotImplementedError

    def depths(self, rows: Tensor, run: Run) -> list[Tensor]:
        """As `strategies.Model.depths`."""
        raise NotImplementedError

    def images(self, rows: Tensor) -> Tensor:
        """Images between 0 and 1: float32 [N, 3, S, S], on the model's device."""
        return self.pool.images(rows)

    def accuracy(self, rows: Tensor, labels: Tensor, run: Run) -> Accuracy:
        """The accuracy on images with known labels: rows and labels (from 0) long [N]."""
        return measured(self.probabilities(rows, run), labels)

    def companion(self, name: str) -> nn.Module:
        """A companion that was trained along.

        Raises:
            LabellerError: there is none of this name.
        """
        found = self.companions().get(name)
        if found is None:
            raise LabellerError(
                "The newest model was trained without '{name}', which this strategy "
                "needs. Train again with the strategy, then select.",
                name=name,
            )
        return found

    def companions(self) -> Mapping[str, nn.Module]:
        """All companions by name."""
        return {}

    @abstractmethod
    def read(self, rows: Tensor, run: Run) -> Tensor:
        """Features of images, computed now: float32 [N, d], on the CPU."""

    @abstractmethod
    def scores(self, features: Tensor) -> Tensor:
        """Class scores (logits) of features: float32 [N, classes], on the CPU."""

    @abstractmethod
    def state(self) -> dict[str, Tensor]:
        """Everything needed to rebuild the model: tensors by name."""

    def exported(self) -> dict[str, Tensor]:
        """The part that predicts, for other programs: tensors by name."""
        return self.state()

    @property
    def statistics(self) -> str:
        """Name of the statistics that normalise images (models/labeller_models/encoder.py)."""
        return CIFAR10.name

    def normalise_by(self, statistics: str) -> None:
        """Use other statistics, by name."""
        assert statistics == self.statistics


class NetworkModel(TrainedModel):
    """A network with an encoder and a head on it."""

    is_network = True

    def __init__(self, network: Network, pool: PoolImages, stopped: bool = False) -> None:
        super().__init__(pool, stopped)
        self.network = network
        self.has_dropout = network.dropout is not None

    def read(self, rows: Tensor, run: Run) -> Tensor:
        return extract_features(self.network, self.pool, rows, run)

    @torch.inference_mode()
    def scores(self, features: Tensor) -> Tensor:
        head = self.network.head  # stays on its device; its weights are copied to the features'
        return linear(features, head.weight.cpu(), head.bias.cpu())

    def views(self, rows: Tensor, count: int, run: Run) -> Tensor:
        """Weak views of the images (labeller/learning/augment.py)."""
        rng = torch.Generator(self.pool.device).manual_seed(run.seed)

        def probabilities(images: Tensor) -> Tensor:
            seen = [
                self.network.classify(self.network.encoder.statistics.normalised(view))
                for view in (weak_view(images, rng) for _ in range(count))
            ]
            return torch.stack(seen, dim=1).float().softmax(dim=2)

        of_views = in_batches(
            self.network, mark("Comparing views"), probabilities, self.pool, rows, run
        )
        return of_views.transpose(0, 1)

    def dropped(self, rows: Tensor, count: int, run: Run) -> Tensor:
        network, cuda = self.network, self.pool.device.type == "cuda"

        def probabilities(images: Tensor) -> Tensor:
            seen = network.encoder.statistics.normalised(images)
            with autocast(images.device, True):
                passes = [network.classify(seen).float().softmax(dim=1) for _ in range(count)]
            return torch.stack(passes, dim=1)

        assert network.dropout is not None
        with torch.random.fork_rng([self.pool.device] if cuda else []), network.dropout.active():
            torch.manual_seed(run.seed)
            found = in_batches(
                network, mark("Predicting with dropout"), probabilities, self.pool, rows, run
            )
        return found.transpose(0, 1)

    def depths(self, rows: Tensor, run: Run) -> list[Tensor]:
        network, depths = self.network, self.network.depths
        assert depths is not None

        def stages(images: Tensor) -> Tensor:
            with autocast(images.device, True):
                features = network.encoder(network.encoder.statistics.normalised(images))
            return torch.cat(depths.of(features), dim=1)

        found = in_batches(network, mark("Reading features"), stages, self.pool, rows, run)
        return list(found.split(depths.dims, dim=1))

    def accuracy(self, rows: Tensor, labels: Tensor, run: Run) -> Accuracy:
        return evaluate(self.network, self.pool, rows, labels, run)

    def companions(self) -> Mapping[str, nn.Module]:
        return dict(self.network.companions.items())

    def state(self) -> dict[str, Tensor]:
        return self.network.state_dict()

    def exported(self) -> dict[str, Tensor]:
        """The query encoder and the task head."""
        parts = ("encoder.", "head.")
        return {name: each for name, each in self.state().items() if name.startswith(parts)}

    @property
    def statistics(self) -> str:
        return self.network.encoder.statistics.name

    def normalise_by(self, statistics: str) -> None:
        for module in self.network.modules():
            if isinstance(module, Encoder):
                module.statistics = STATISTICS[statistics]
